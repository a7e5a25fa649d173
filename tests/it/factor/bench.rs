//! The scene under attack, for one test at a time, and what must come of an attack on a proof.

use std::collections::BTreeMap;

use idp_tests::harness::ceremony::Ceremony;
use idp_tests::harness::totp::App;
use idp_tests::peers::authenticator::SoftAuthenticator;
use serde_json::{Value, json};
use tokio::sync::{Mutex, OnceCell};

use super::login::Login;
use super::scene::Scene;
use crate::attacks::bench::{Bench, Mark, TrailRow, production};

/// The scene, and how to tell that an attack came to nothing.
pub(crate) struct FactorBench {
    pub(crate) scene: &'static Scene,
    pub(crate) bench: Bench,
}

/// Where ceremonies are marked that were taken: part of what an attempt burns.
const BURNED: [&str; 1] = ["used_once"];

/// Waits for this test's turn; none where a tool is missing.
pub(crate) async fn factor_bench() -> Option<FactorBench> {
    static SCENE: OnceCell<Option<Scene>> = OnceCell::const_new();
    static TURN: Mutex<()> = Mutex::const_new(());
    let turn = TURN.lock().await;
    let open = async || Scene::open(production("factors").await, |federation| federation).await;
    let scene = SCENE.get_or_init(open).await.as_ref()?;
    Some(FactorBench { scene, bench: Bench::of(&scene.house, turn) })
}

impl FactorBench {
    /// Somebody of `agency` sets up a passkey, honestly but for `change`.
    pub(crate) async fn enrols_passkey(
        &self,
        agency: &str,
        person: &str,
        change: Value,
    ) -> SoftAuthenticator {
        let about = json!({"be": change["be"] == true, "bs": change["bs"] == true});
        let device = self.scene.drawer.draw(about).await;
        let mut login = self.scene.login("rp-mfa", agency, person).await;
        login.passkey(device, change).await;
        login.keep_codes().await;
        login.tokens().await;
        device
    }

    /// The same with nothing out of the ordinary, at the agency that proves nothing.
    pub(crate) async fn has_passkey(&self, person: &str) -> SoftAuthenticator {
        self.enrols_passkey("plain", person, json!({})).await
    }

    /// Somebody there sets up an app, and gets recovery codes.
    pub(crate) async fn has_app(&self, person: &str) -> (App, Vec<String>) {
        let mut login = self.scene.login("rp-mfa", "plain", person).await;
        let app = login.new_app().await;
        let codes = login.keep_codes().await;
        login.tokens().await;
        (app, codes)
    }

    /// A login of theirs that waits for a proof.
    pub(crate) async fn asked(&self, person: &str) -> Login<'static> {
        let login = self.scene.login("rp-mfa", "plain", person).await;
        assert!(login.step().starts_with("prove"), "{}", login.page().describe());
        login
    }

    /// REJ-AUTHN: what `device` answers to the ceremony of the page, with `change`, is not taken.
    /// [`Self::came_to_nothing`] tells the rest, once for any number of these.
    pub(crate) async fn refuses(
        &self,
        login: &mut Login<'_>,
        device: SoftAuthenticator,
        change: Value,
        reasons: &[&str],
    ) -> TrailRow {
        let ceremony = login.ceremony().await;
        let answer = ceremony.answer(&self.scene.drawer, device, change).await;
        self.refuses_answer(login, &ceremony, &answer, reasons).await
    }

    /// The same for an answer from anywhere.
    pub(crate) async fn refuses_answer(
        &self,
        login: &mut Login<'_>,
        ceremony: &Ceremony,
        answer: &Value,
        reasons: &[&str],
    ) -> TrailRow {
        let (ends, before) = (self.trail_ends().await, login.step());
        let page = ceremony.finish(&mut login.visitor, answer).await;
        login.show(page);
        self.refused(login, &ends, &before, reasons).await
    }

    /// Where the trail ends.
    pub(crate) async fn trail_ends(&self) -> BTreeMap<String, u64> {
        self.scene.house.broker.database.trail_ends().await
    }

    /// The login shows again what it showed before, and one line in the trail says why.
    pub(crate) async fn refused(
        &self,
        login: &Login<'_>,
        ends: &BTreeMap<String, u64>,
        before: &str,
        reasons: &[&str],
    ) -> TrailRow {
        assert_eq!(login.step(), before, "{reasons:?}: {}", login.page().describe());
        let rows = self.bench.trail_after(ends).await;
        let kinds = ["factor.failed", "authenticator.clone_suspected"];
        let told: Vec<_> = rows.iter().filter(|row| kinds.contains(&row.kind.as_str())).collect();
        assert_eq!(told.len(), 1, "one line in the trail: {rows:#?}");
        let reason = told[0].reason.strip_prefix("factors.").unwrap_or(&told[0].reason);
        assert!(reasons.contains(&reason), "{reason} is not one of {reasons:?}");
        told[0].clone()
    }

    /// I0, and nobody is signed in.
    pub(crate) async fn came_to_nothing(&self, login: &Login<'_>, mark: &Mark) {
        self.bench.nothing_created_but(mark, &BURNED).await;
        self.bench.is_signed_out(&mut login.visitor.clone(), &login.party).await;
    }
}
