//! The house whose relying parties hear of logouts: one that listens, one that never answers, and
//! one that wants to be shown in a frame.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Form;
use axum::http::HeaderMap;
use axum::routing::post;
use idp_tests::harness::http::Visitor;
use idp_tests::harness::page::{Form as PageForm, Page};
use idp_tests::harness::process::until;
use idp_tests::harness::rp::{Party, Tokens};
use idp_tests::harness::server::Plan;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::OnceCell;

use crate::attacks::bench::{Bench, Mark, production};
use crate::house::{House, SECRET, redirect_uri};

/// The relying party that listens.
pub(super) const EAR: &str = "rp-ear";
/// The relying party that takes what it is told and never answers.
pub(super) const MUTE: &str = "rp-mute";
/// The relying party that is told in a frame.
pub(super) const FRAMED: &str = "rp-framed";

/// What a relying party was posted.
#[derive(Clone, Debug)]
pub(crate) struct Posted {
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The form.
    pub(crate) form: Vec<(String, String)>,
}

/// The server of a relying party.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ear {
    heard: Arc<Mutex<Vec<Posted>>>,
}

/// The house, and who listens.
pub(super) struct LogoutBench {
    /// What is common to all attacks.
    pub(super) bench: Bench,
    /// Who listens.
    pub(super) ear: &'static Ear,
    /// Who never answers.
    pub(super) mute: &'static Ear,
}

struct Cast {
    house: House,
    ear: Ear,
    mute: Ear,
}

/// Waits for this test's turn.
pub(super) async fn logout_bench() -> LogoutBench {
    static CAST: OnceCell<Cast> = OnceCell::const_new();
    static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let turn = TURN.lock().await;
    let cast = CAST.get_or_init(open).await;
    LogoutBench { bench: Bench::of(&cast.house, turn), ear: &cast.ear, mute: &cast.mute }
}

async fn open() -> Cast {
    let (ear, mute) = (Ear::default(), Ear::default());
    let (at_ear, at_mute) = (ear.listen(true).await, mute.listen(false).await);
    let connections = BTreeMap::from([
        (
            EAR,
            json!({
                "backchannel_logout_uri": at_ear, "backchannel_logout_session_required": true,
                "subject_type": "pairwise",
                "post_logout_redirect_uris": ["https://rp-ear.example/bye"],
            }),
        ),
        (MUTE, json!({"backchannel_logout_uri": at_mute})),
        (
            FRAMED,
            json!({
                "frontchannel_logout_uri": "https://rp-framed.example/out?theme=1",
                "frontchannel_logout_session_required": true,
            }),
        ),
    ]);
    let plan: Plan = production("attacked-logouts").await;
    let issuers = ["bridges", "lgo03", "lgo03other"];
    let house = House::open_more(plan, &issuers, |mut federation| {
        for (id, connection) in connections {
            let more = json!({"connection": connection});
            federation = federation.party(id, SECRET, &redirect_uri(id), more);
        }
        federation
    })
    .await;
    Cast { house, ear, mute }
}

impl Ear {
    /// Starts to listen, and says where. One that does not answer holds every request.
    pub(crate) async fn listen(&self, answers: bool) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let heard = Arc::clone(&self.heard);
        let hear = async move |headers: HeaderMap, Form(form): Form<Vec<(String, String)>>| {
            let posted = Posted { headers, form };
            heard.lock().unwrap_or_else(PoisonError::into_inner).push(posted);
            if !answers {
                std::future::pending::<()>().await;
            }
        };
        let router = axum::Router::new().route("/out", post(hear));
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}/out")
    }

    /// What was posted so far.
    pub(crate) fn heard(&self) -> Vec<Posted> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What is posted once more than `before` messages came.
    pub(crate) async fn hears_more_than(&self, before: usize) -> Posted {
        until("the relying party to be told", Duration::from_secs(10), async || {
            self.heard().get(before).cloned()
        })
        .await
    }
}

impl Posted {
    /// Its one field.
    pub(crate) fn token(&self) -> &str {
        let [(name, token)] = self.form.as_slice() else { panic!("not one field: {self:?}") };
        assert_eq!(name, "logout_token");
        token
    }
}

impl LogoutBench {
    /// The broker's address.
    pub(super) fn base(&self) -> &str {
        &self.bench.house.broker.base
    }

    /// Signs eve in at a relying party in this browser.
    pub(super) async fn sign_in(&self, visitor: &mut Visitor, id: &str) -> (Party, Tokens) {
        let party = self.bench.house.party(id).await;
        let tokens = self.bench.house.sign_in(visitor, &party).await;
        (party, tokens)
    }

    /// Whether a browser is signed in.
    pub(super) async fn is_signed_in(&self, visitor: &Visitor) -> bool {
        let party = self.bench.house.party("rp2").await;
        let silent = party.begin(&[("prompt", "none")]);
        let page = visitor.clone().open(&silent.url).await;
        page.arrived() && page.answer("error").is_none()
    }

    /// Opens `/logout` and presses its button; what comes first.
    pub(super) async fn sign_out(&self, visitor: &mut Visitor) -> Page {
        let page = visitor.open(format!("{}/logout", self.base())).await;
        self.confirm(visitor, &page).await
    }

    /// Presses the button of the page that asks whether to sign out.
    pub(super) async fn confirm(&self, visitor: &mut Visitor, page: &Page) -> Page {
        let form = asks(page).unwrap_or_else(|| panic!("does not ask: {}", page.describe()));
        visitor.submit(page, form.enter()).await
    }

    /// Who was told of a logout since `mark`, as the trail has it.
    pub(super) async fn told(&self, mark: &Mark) -> Vec<String> {
        let rows = self.bench.trail(mark).await.into_iter();
        rows.filter(|row| row.kind == "logout.told")
            .map(|row| row.body["relying_party"].as_str().unwrap_or_default().to_owned())
            .collect()
    }
}

/// The form of a page that asks whether to sign out.
pub(super) fn asks(page: &Page) -> Option<PageForm> {
    page.forms().into_iter().find(|form| form.action.path().contains("logout"))
}
