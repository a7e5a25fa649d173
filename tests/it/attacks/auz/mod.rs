//! AUZ: attacks on the authorization endpoint and redirect URIs.

mod auz_01_unregistered;
mod auz_04_registration;
mod auz_05_tricks;
mod auz_06_loopback;
mod auz_10_token_endpoint;
mod auz_12_response;
mod auz_13_script;
mod auz_15_relay;
mod auz_17_leaks;
mod auz_18_probing;
mod auz_19_freshness;
mod auz_21_assurance;
mod auz_23_methods;
mod auz_24_display;
