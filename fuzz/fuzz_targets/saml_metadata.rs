//! The metadata of entities.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    idp_saml::fuzzing::metadata(bytes);
});
