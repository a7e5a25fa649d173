//! A whole federation, read entity by entity, where its file is named by `SAML_FEDERATION`.
//! Real metadata holds the names of people: it is never kept here.

#![expect(
    clippy::disallowed_methods,
    reason = "the federation is a file, and where it is stands in the environment"
)]

use std::collections::BTreeMap;

use idp_domain::Timestamp;

use super::super::super::{MetadataError, Reading};
use super::super::{Trust, read};

/// The documents of an aggregate, each with the declarations of the root.
fn documents(text: &str) -> impl Iterator<Item = String> {
    const START: &str = "<md:EntityDescriptor";
    const END: &str = "</md:EntityDescriptor>";
    let root = text.find("<md:EntitiesDescriptor").unwrap();
    let declarations = text[root..].split_inclusive('>').next().unwrap();
    text.split_inclusive(END).filter_map(move |piece| {
        let entity = &piece[piece.find(START)?..];
        Some(format!("{declarations}{entity}</md:EntitiesDescriptor>"))
    })
}

#[test]
fn a_whole_federation_is_read() {
    let Ok(path) = std::env::var("SAML_FEDERATION") else {
        println!("skipped: SAML_FEDERATION names no aggregate");
        return;
    };
    let text = std::fs::read_to_string(path).unwrap();
    // Long ago, so that what has ended since is read too.
    let now = Timestamp::from_seconds(1_000_000_000);
    let reading = Reading { trust: Trust::Unsigned, now, loopback_http: false };
    let (mut all, mut idps, mut sps, mut without_keys) = (0, 0, 0, 0);
    let mut warnings: BTreeMap<String, usize> = BTreeMap::new();
    let mut refused: Vec<(String, MetadataError)> = Vec::new();
    for document in documents(&text) {
        all += 1;
        let entity = match read(document.as_bytes(), &reading) {
            Ok(entity) => entity,
            Err(error) => {
                let name = document.split("entityID=\"").nth(1).unwrap_or_default();
                refused.push((name.split('"').next().unwrap_or_default().to_owned(), error));
                continue;
            }
        };
        for warning in &entity.warnings {
            *warnings.entry(warning.to_string()).or_default() += 1;
        }
        idps += usize::from(entity.idp.is_some());
        sps += usize::from(entity.sp.is_some());
        let idp = entity.idp.as_ref();
        without_keys += usize::from(idp.is_some_and(|role| role.keys.verifying().is_empty()));
    }
    println!(
        "{all} entities: {idps} identity providers ({without_keys} without a key), {sps} services"
    );
    println!("{warnings:#?}");
    assert_eq!(refused, []);
    assert!(all > 0, "the aggregate holds entities in the prefix md");
}
