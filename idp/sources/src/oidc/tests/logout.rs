//! What a provider says about logout.

use idp_domain::connector::{Heard, Message, Over, Said};
use idp_oidc::jwt::{TokenType, mint};
use idp_oidc::op::logout_token::EVENT;
use serde_json::{Value, json};

use super::super::provider::{CLIENT_ID, NOW, key};
use super::Scene;
use idp_domain::{Connector, Refusal};

impl Scene {
    fn logout_token(&self, changes: &Value) -> String {
        let mut claims = json!({
            "iss": self.op.base, "aud": CLIENT_ID, "iat": NOW.seconds(),
            "exp": NOW.seconds() + 120, "jti": "t1", "sub": "alice", "sid": "s1",
            "events": { EVENT: {} },
        });
        let changes = changes.as_object().unwrap().clone();
        claims.as_object_mut().unwrap().extend(changes);
        mint(&self.op.signing_key(), TokenType::LogoutToken, &claims).unwrap()
    }

    async fn hear(&self, form: &[(&str, String)]) -> Result<Over, Refusal> {
        let form = form.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        let said = Said { message: Message::Form(form.collect()), now: NOW };
        match self.connector.hear(said).await.unwrap() {
            Heard::Over(over) => Ok(*over),
            Heard::Refused(refusal) => Err(refusal),
            other @ Heard::Left { .. } => panic!("{other:?}"),
        }
    }
}

fn reason(heard: Result<Over, Refusal>) -> &'static str {
    heard.unwrap_err().reason()
}

#[tokio::test]
async fn a_logout_token_names_person_and_session_once() {
    let scene = Scene::new().await;
    let token = scene.logout_token(&json!({}));
    let over = scene.hear(&[("logout_token", token), ("other", "x".to_owned())]).await.unwrap();
    assert_eq!((over.names, over.marks), (vec!["alice".to_owned()], vec!["s1".to_owned()]));
    assert_eq!(over.issuer, scene.op.base);
    assert!(over.once.key.ends_with(" t1") && over.once.until > NOW);
    let token = scene.logout_token(&json!({ "sub": "alice", "sid": null }));
    assert_eq!(reason(scene.hear(&[("logout_token", token)]).await), "claim");
}

#[tokio::test]
async fn lgo_03_what_is_no_logout_token_of_this_provider_ends_nothing() {
    let scene = Scene::new().await;
    let honest = scene.logout_token(&json!({}));
    let twice = [("logout_token", honest.clone()), ("logout_token", honest.clone())];
    assert_eq!(reason(scene.hear(&twice).await), "malformed");
    assert_eq!(reason(scene.hear(&[("token", honest.clone())]).await), "malformed");
    let query = Said { message: Message::Query(format!("logout_token={honest}")), now: NOW };
    assert!(matches!(scene.connector.hear(query).await.unwrap(), Heard::Refused(_)));
    for (changes, expected) in [
        (json!({ "iss": "https://other.example" }), "claim"),
        (json!({ "aud": "another" }), "claim"),
        (json!({ "nonce": "n" }), "claim"),
        (json!({ "iat": NOW.seconds() - 3_600 }), "expired"),
    ] {
        let token = scene.logout_token(&changes);
        assert_eq!(reason(scene.hear(&[("logout_token", token)]).await), expected, "{changes}");
    }
    let claims = json!({ "iss": scene.op.base, "aud": CLIENT_ID, "sub": "alice" });
    let foreign = mint(&key(), TokenType::LogoutToken, &claims).unwrap();
    assert_eq!(reason(scene.hear(&[("logout_token", foreign)]).await), "signature_invalid");
}
