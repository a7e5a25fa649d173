//! The queries of the Redirect binding.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    idp_saml::fuzzing::redirect(bytes);
});
