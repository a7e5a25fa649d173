//! Answers of an identity provider, through the whole judgement.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    idp_saml::fuzzing::response(bytes);
});
