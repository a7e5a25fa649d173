//! SAML values: what messages and assertions are made of.
