//! The reader of XML, the gate in front of signatures, and SOAP envelopes.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    idp_saml::fuzzing::xml(bytes);
});
