//! Shows that nothing is lost in writing, and that the schema agrees.

use proptest::prelude::*;

use super::super::testing::{NOW, UNSIGNED, any_entity, full, signing_key};
use super::super::{Entity, Reading, Trust, read};
use super::write;
use crate::dsig::{SignatureAlg, VerifyingKey};

mod xsd;

fn written(entity: &Entity) -> Vec<u8> {
    write(entity, &signing_key(), SignatureAlg::RsaSha256).unwrap()
}

#[test]
fn what_is_written_is_read_and_its_signature_holds() {
    let entity = full();
    let keys = [VerifyingKey::from_certificate(signing_key().certificate()).unwrap()];
    let signed = Reading { trust: Trust::Signed(&keys), now: NOW, loopback_http: false };
    assert_eq!(read(&written(&entity), &signed).unwrap(), entity);
}

#[test]
fn the_same_content_gives_the_same_bytes_and_another_gives_another_id() {
    let (first, again) = (written(&full()), written(&full()));
    assert_eq!(first, again);
    let other = written(&Entity { cache_duration: None, ..full() });
    let id = |xml: &[u8]| {
        let text = std::str::from_utf8(xml).unwrap();
        text.split(" ID=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    assert_ne!(id(&first), id(&other));
}

#[test]
fn half_an_organization_is_left_out() {
    let mut entity = full();
    entity.organization.as_mut().unwrap().urls = super::Texts::default();
    let read = read(&written(&entity), &UNSIGNED).unwrap();
    assert_eq!(read, Entity { organization: None, ..entity });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn nothing_is_lost_between_writing_and_reading(entity in any_entity()) {
        prop_assert_eq!(read(&written(&entity), &UNSIGNED).unwrap(), entity);
    }
}
