//! Sources whose metadata is published somewhere, and what it brings with time.

use idp_saml::metadata::{Reading, Trust, read};

use super::*;

fn entity(agency: &Agency) -> Arc<Entity> {
    let now = Timestamp::from_seconds(0);
    let reading = Reading { trust: Trust::Unsigned, now, loopback_http: false };
    Arc::new(read(agency.metadata().as_bytes(), &reading).unwrap())
}

fn following() -> SamlConnector {
    connector(json!({"metadata": {"url": "https://idp.una.example/metadata"}})).unwrap()
}

fn learn(connector: &SamlConnector, entity: Option<Arc<Entity>>) {
    connector.ours.book.turn([("sources/una".to_owned(), entity)]);
}

async fn begun(connector: &SamlConnector) -> Result<(), String> {
    match connector.begin(&ask()).await.unwrap() {
        Begun::Go(..) => Ok(()),
        Begun::Refused(refusal) => Err(format!("{}: {}", refusal.slug(), refusal.reason())),
    }
}

#[tokio::test]
async fn a_source_is_away_until_its_metadata_is_there() {
    let connector = following();
    assert_eq!(begun(&connector).await.unwrap_err(), "source_unavailable: metadata_missing");
    learn(&connector, Some(entity(&Agency::new(IDP))));
    assert_eq!(begun(&connector).await, Ok(()));
    learn(&connector, None);
    assert_eq!(begun(&connector).await.unwrap_err(), "source_unavailable: metadata_missing");
}

#[tokio::test]
async fn a_new_key_counts_as_soon_as_it_is_known_and_an_old_one_no_longer() {
    let scene = Scene { connector: following(), agency: Agency::new(IDP) };
    let next = Scene { connector: following(), agency: Agency::new(IDP) };
    learn(&scene.connector, Some(entity(&scene.agency)));
    scene.proven(|_| {}).await;
    learn(&scene.connector, Some(entity(&next.agency)));
    assert_eq!(scene.refused(|_| {}).await.reason(), "signature_invalid");
    let scene = Scene { agency: next.agency, ..scene };
    scene.proven(|_| {}).await;
}

#[tokio::test]
async fn metadata_that_has_ended_is_used_no_more() {
    let agency = Agency::new(IDP);
    let ends = |text: &str| {
        let xml = agency.metadata_with(&format!("validUntil=\"{text}\""), "");
        connector(json!({"metadata": {"xml": xml}})).unwrap()
    };
    // 2027-01-15T08:00:00Z is when all tests happen.
    assert_eq!(begun(&ends("2027-01-15T08:00:01Z")).await, Ok(()));
    let over = begun(&ends("2027-01-15T08:00:00Z")).await;
    assert_eq!(over.unwrap_err(), "source_unavailable: metadata_expired");
}

#[test]
fn metadata_that_is_of_no_use_is_judged_before_it_is_taken_over() {
    let connector = following();
    let good = entity(&Agency::new(IDP));
    assert_eq!(connector.judge(&good), Ok(()));
    let bare = Entity { idp: None, ..Entity::clone(&good) };
    assert_eq!(connector.judge(&bare), Err(PeerError::NoRole));
    let mut keyless = Entity::clone(&good);
    keyless.idp.as_mut().unwrap().keys.0.clear();
    assert_eq!(connector.judge(&keyless), Err(PeerError::NoKeys));
}
