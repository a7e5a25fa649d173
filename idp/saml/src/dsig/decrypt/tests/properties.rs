//! Whatever arrives, decryption neither panics nor gives anything away.

use proptest::prelude::*;

use super::{ALL, DecryptError, PLAIN, open, sealed, usual, values};
use crate::dsig::testing::decryption;
use crate::dsig::{ContentAlg, KeyTransport, decrypt};
use crate::xml::{Document, Limits, Markup, ns, write_base64};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_ciphertext_makes_decryption_panic_or_succeed(
        wrapped in proptest::collection::vec(any::<u8>(), 1..600),
        content in proptest::collection::vec(any::<u8>(), 1..200),
        (alg, transport) in (0..3_usize, 0..4_usize),
    ) {
        let (alg, transport) = (ContentAlg::ALL[alg], KeyTransport::ALL[transport]);
        let xml = sealed(PLAIN, alg, transport).to_canonical();
        let text = String::from_utf8(xml).unwrap();
        let [key, body] = values(&text);
        let xml = text
            .replacen(key, &write_base64(&wrapped), 1)
            .replacen(body, &write_base64(&content), 1);
        let error = open(xml.as_bytes(), ALL).unwrap_err();
        prop_assert_eq!(error, DecryptError::Undecryptable);
    }

    #[test]
    fn no_touched_message_makes_decryption_panic(
        place in 0..4_000_usize,
        bytes in "[ -~]{0,12}",
        cut in 0..12_usize,
    ) {
        let mut text = usual();
        let place = place.min(text.len());
        let end = (place + cut).min(text.len());
        text.replace_range(place..end, &bytes);
        if let Ok(document) = Document::parse(text.as_bytes(), Limits::MESSAGE) {
            for element in document.elements() {
                let _ = decrypt(element, &[decryption()], &ALL);
            }
        }
    }

    #[test]
    fn no_document_at_all_makes_decryption_panic(
        names in proptest::collection::vec(0..12_usize, 0..30),
        text in "\\PC{0,20}",
    ) {
        const NAMES: [(&str, &str); 12] = [
            (ns::XENC, "EncryptedData"),
            (ns::XENC, "EncryptedKey"),
            (ns::XENC, "EncryptionMethod"),
            (ns::XENC, "CipherData"),
            (ns::XENC, "CipherValue"),
            (ns::XENC, "CipherReference"),
            (ns::XENC, "KeySize"),
            (ns::DS, "KeyInfo"),
            (ns::DS, "RetrievalMethod"),
            (ns::DS, "DigestMethod"),
            (ns::SAML, "EncryptedAssertion"),
            (ns::SAML, "Assertion"),
        ];
        let mut stack = vec![Markup::new(ns::SAML, "EncryptedAssertion")];
        for name in names {
            let (ns, local) = NAMES[name];
            let element = Markup::new(ns, local)
                .attr("Algorithm", "http://www.w3.org/2009/xmlenc11#aes128-gcm")
                .attr("URI", "#x")
                .attr("Id", "x")
                .text(text.clone());
            let parent = stack.pop().unwrap();
            if name % 3 == 0 {
                stack.push(parent.child(element));
            } else {
                stack.push(parent);
                stack.push(element);
            }
        }
        let markup = stack.into_iter().rev().reduce(|inner, outer| outer.child(inner)).unwrap();
        let xml = markup.to_canonical();
        if let Ok(document) = Document::parse(&xml, Limits::MESSAGE) {
            for element in document.elements() {
                prop_assert!(decrypt(element, &[decryption()], &ALL).is_err());
            }
        }
    }
}
