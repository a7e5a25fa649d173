//! ORP: attacks on our role towards the agencies' OpenID Providers.

mod orp_01_none;
mod orp_02_confusion;
mod orp_03_header_keys;
mod orp_04_issuer;
mod orp_05_audience;
mod orp_08_injection;
mod orp_10_errors;
mod orp_11_substitution;
mod orp_12_token_endpoint;
mod orp_14_assurance;
mod orp_15_restriction;
mod orp_17_upstream_tokens;
mod orp_18_encrypted;
