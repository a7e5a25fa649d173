//! SAML keys on a real database: made once, changed by hand, opened by nobody else.

use idp_domain::{Lifetime, Secret, Timestamp};
use idp_oidc::keys::{KeyKind, KeyPolicy};
use idp_saml::dsig::Certificate;
use idp_store::{Db, Sealer, Store, keys::KeyState, seal::Epoch, store::Node};

use super::{KeyKeeper, KeysError, SAML, SamlKeys, SamlStep};

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const HOST: &str = "sso.example";

fn keeper_of(db: Db, master: u8) -> KeyKeeper {
    let node = Node { name: "test".to_owned(), token_lifetime: Lifetime::minutes(5), now: NOW };
    let sealer = Sealer::new(&Secret::new([master; 32]), Epoch::default()).unwrap();
    let policy = KeyPolicy {
        kinds: vec![KeyKind::Es256],
        rotate_every: Lifetime::hours(1),
        publish_lead: Lifetime::minutes(1),
        longest_token: Lifetime::minutes(1),
        skew: Lifetime::minutes(1),
    };
    KeyKeeper::new(Store::start(db, &node).unwrap(), sealer.into(), policy)
}

async fn keeper() -> KeyKeeper {
    let db = Db::connect("sqlite::memory:").unwrap();
    db.migrate().await.unwrap();
    keeper_of(db, 7)
}

async fn keys(keeper: &KeyKeeper) -> SamlKeys {
    keeper.saml(HOST, NOW).await.unwrap()
}

/// Which key signs, and what our metadata says.
fn view(keys: &SamlKeys) -> (Vec<u8>, [usize; 3]) {
    let counts = [
        keys.published_signing_certs.len(),
        keys.published_encryption_certs.len(),
        keys.decryption.len(),
    ];
    (keys.signing.certificate().to_vec(), counts)
}

#[tokio::test]
async fn keys_are_made_once_and_say_whose_they_are() {
    let keeper = keeper().await;
    let first = keys(&keeper).await;
    assert_eq!(view(&first).1, [1, 1, 1]);
    assert_ne!(first.published_signing_certs, first.published_encryption_certs, "one use each");
    for der in [&first.published_signing_certs[0], &first.published_encryption_certs[0]] {
        let certificate = Certificate::from_der(der).unwrap();
        assert_eq!(certificate.subject(), "CN=sso.example");
        assert!(certificate.not_before() < NOW);
        assert!(certificate.not_after() > NOW + Lifetime::hours(10 * 365 * 24));
    }
    assert_eq!(view(&keys(&keeper).await), view(&first), "the same ones the next time");
}

#[tokio::test]
async fn nodes_that_start_at_the_same_time_agree_on_one_pair_of_keys() {
    let one = keeper().await;
    let other = keeper_of(one.store.db.clone(), 7);
    let (first, second) = tokio::join!(keys(&one), keys(&other));
    assert_eq!(view(&first), view(&second));
    assert_eq!(one.stored(SAML).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_rotation_goes_step_by_step_and_every_key_is_published_before_it_signs() {
    let keeper = keeper().await;
    let (old, _) = view(&keys(&keeper).await);
    let step = async |step| keeper.step_saml(step, HOST, NOW).await.unwrap();
    step(SamlStep::Publish).await;
    let both = keys(&keeper).await;
    assert_eq!(view(&both), (old.clone(), [2, 2, 2]), "the old one still signs");
    assert_eq!(both.published_signing_certs[0], old);
    step(SamlStep::Activate).await;
    let next = keys(&keeper).await;
    assert_eq!(view(&next), (both.published_signing_certs[1].clone(), [2, 1, 2]));
    assert_eq!(next.published_signing_certs[1], old, "what it signed can still be verified");
    let opened: Vec<_> = next.decryption.iter().map(|key| key.certificate().to_vec()).collect();
    let mut published = both.published_encryption_certs.clone();
    published.reverse();
    assert_eq!(opened, published, "what is encrypted to the old one is still opened");
    step(SamlStep::Retire).await;
    assert_eq!(view(&keys(&keeper).await), (view(&next).0, [1, 1, 1]));
}

#[tokio::test]
async fn a_step_out_of_turn_is_refused_and_changes_nothing() {
    let keeper = keeper().await;
    let before = view(&keys(&keeper).await);
    for step in [SamlStep::Activate, SamlStep::Retire] {
        let error = keeper.step_saml(step, HOST, NOW).await.unwrap_err();
        assert!(matches!(error, KeysError::Step(_)), "{error}");
    }
    assert_eq!(view(&keys(&keeper).await), before);
    keeper.step_saml(SamlStep::Publish, HOST, NOW).await.unwrap();
    let error = keeper.step_saml(SamlStep::Publish, HOST, NOW).await.unwrap_err();
    assert!(error.to_string().contains("activate"), "{error}");
    assert_eq!(keeper.stored(SAML).await.unwrap().len(), 4);
}

#[tokio::test]
async fn keys_are_sealed_and_another_master_key_opens_none() {
    let keeper = keeper().await;
    keys(&keeper).await;
    for key in keeper.stored(SAML).await.unwrap() {
        assert_eq!(key.state, KeyState::Active);
        // The beginning of every RSA key in PKCS #8.
        let begins = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
        assert!(!key.sealed.windows(begins.len()).any(|bytes| bytes == begins));
    }
    let other = keeper_of(keeper.store.db.clone(), 8);
    let error = other.saml(HOST, NOW).await.unwrap_err();
    assert!(matches!(error, KeysError::Sealed { .. }), "{error}");
}
