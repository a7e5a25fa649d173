//! What keeps a node from starting.

use axum::body::Body;
use http::{Request, StatusCode, header};
use idp_store::{
    factors::act::PutPasskey,
    journal::{Act, Outcome},
};

use super::{House, commit, folder, know, person, settings};
use crate::{
    clock,
    node::{Memory, Node, StartError},
};

#[tokio::test]
async fn wan_16_a_node_does_not_start_where_passkeys_would_be_lost_unless_so_many_may_be() {
    let folder = folder("");
    let build = async |accepted: u64| {
        let mut settings = settings(&folder);
        settings.passkeys.accepted_loss = accepted;
        let memory = Memory::open(&settings, clock::now()).await.unwrap();
        let store = memory.store.clone();
        let built = Node::build(settings, memory).await.map(drop);
        store.close().await;
        built
    };
    let memory = Memory::open(&settings(&folder), clock::now()).await.unwrap();
    know(&memory, &settings(&folder)).await;
    let ana = person(&memory.store, "una").await;
    for (number, site) in ["sso.example", "old.example", "old.example"].into_iter().enumerate() {
        let act = PutPasskey {
            account: ana.clone(),
            handle: vec![7; 32],
            site: site.to_owned(),
            credential: vec![u8::try_from(number).unwrap(); 16],
            name: "key ring".to_owned(),
            body: "{}".to_owned(),
            counter: 0,
            epoch: i64::try_from(number).unwrap(),
            since: clock::now(),
            letters: Vec::new(),
            now: clock::now(),
        };
        assert_eq!(commit(&memory.store, Act::PutPasskey(act)).await, Outcome::Done);
    }
    memory.store.close().await;
    for accepted in [0, 1] {
        let error = build(accepted).await.unwrap_err();
        assert!(matches!(error, StartError::PasskeyLoss { count: 2, .. }), "{error}");
        let said = error.to_string();
        assert!(
            said.contains("`sso.example`") && said.ends_with("--accept-passkey-loss 2"),
            "{said}"
        );
    }
    build(2).await.unwrap();
}

#[tokio::test]
async fn pwd_12_a_first_start_knows_nobody_and_takes_no_credential() {
    let folder = folder("");
    let settings = settings(&folder);
    let memory = Memory::open(&settings, clock::now()).await.unwrap();
    let node = Node::build(settings, memory).await.unwrap();
    let routes = node.routes();
    let house = House { _folder: folder, node, routes };
    assert!(house.store().api_tokens.list().await.unwrap().is_empty());
    let catalog = house.node.catalog();
    assert_eq!((catalog.agencies().count(), catalog.sources().count()), (0, 0));
    let guesses = ["", "admin", "changeme", "laissez-passer", "idp", "root", "null", "undefined"];
    for token in guesses {
        for path in ["/api/v1/switches", "/api/v1/sessions?agency=una"] {
            let answer = house.get(token, path).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{token:?} {path}");
        }
    }
    for basic in ["YWRtaW46YWRtaW4=", "cm9vdDpyb290", "OmFkbWlu"] {
        let request = Request::get("/api/v1/switches");
        let request = request.header(header::AUTHORIZATION, format!("Basic {basic}"));
        let answer = house.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{basic}");
    }
    assert_eq!(house.trail("admin.denied").await.len(), 2 * guesses.len() + 3);
}
