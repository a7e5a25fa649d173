//! The page of sessions: where somebody is signed in, and signed in lately.

use idp_domain::Lang;
use serde::Serialize;

use super::{Done, When, sample_service, samples, when::before};
use crate::page::context::{DisplayName, Form};

/// What the page of sessions shows. The form is sent by POST with the field `change`, and where it
/// is about one session, `of`.
#[derive(Clone, Debug, Serialize)]
pub struct Sessions {
    /// What was just done.
    pub done: Option<Done>,
    /// The session of this browser.
    pub here: SessionRow,
    /// Those of others, the latest first.
    pub others: Vec<SessionRow>,
    /// How many sessions are shown, where there are more.
    pub live_cut: Option<u32>,
    /// The latest sign-ins, the latest first.
    pub recent: Vec<SignInRow>,
    /// How many sign-ins are shown, where there are more.
    pub recent_cut: Option<u32>,
    /// Ends sessions.
    pub form: Form,
}

/// A session.
#[derive(Clone, Debug, Serialize)]
pub struct SessionRow {
    /// Its id.
    pub id: String,
    /// The browser, as far as it says; none: it does not.
    pub browser: Option<DisplayName>,
    /// The network that it came from.
    pub network: Option<DisplayName>,
    /// When it began.
    pub since: When,
    /// When it was last used.
    pub used: When,
    /// The services that were told of it.
    pub services: Vec<DisplayName>,
    /// Whether others use the browser.
    pub shared: bool,
}

/// A sign-in.
#[derive(Clone, Debug, Serialize)]
pub struct SignInRow {
    /// When.
    pub at: When,
    /// The browser, as far as it says.
    pub browser: Option<DisplayName>,
    /// The network that it came from.
    pub network: Option<DisplayName>,
    /// The agency that vouched.
    pub agency: Option<String>,
    /// Whether it is still signed in.
    pub open: bool,
}

impl Sessions {
    /// The page as it may look: one browser, and several.
    pub(super) fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let name = |text: &str| Some(DisplayName::new(text, ""));
        let agency = samples::row(lang).name;
        let here = SessionRow {
            id: "s1".to_owned(),
            browser: name("Firefox · Windows"),
            network: name("192.0.2.0/24"),
            since: before(3_700),
            used: before(10),
            services: vec![sample_service(), DisplayName::new("Supply Ledger", "")],
            shared: false,
        };
        let phone = SessionRow {
            id: "s2".to_owned(),
            browser: name("Safari · iPhone"),
            network: name("2001:db8:12::/48"),
            since: before(86_400 * 2),
            used: before(60 * 25),
            services: vec![sample_service()],
            shared: false,
        };
        let unknown = SessionRow {
            id: "s3".to_owned(),
            browser: None,
            network: None,
            since: before(86_400 * 20),
            used: before(86_400),
            services: Vec::new(),
            shared: true,
        };
        let sign_in = |row: &SessionRow, open| SignInRow {
            at: row.since.clone(),
            browser: row.browser.clone(),
            network: row.network.clone(),
            agency: Some(agency.clone()),
            open,
        };
        let mut recent = vec![sign_in(&here, true), sign_in(&phone, true), sign_in(&unknown, true)];
        // One in each month, so that every month's name is seen.
        for month in 1..=12 {
            recent.push(SignInRow { at: before(86_400 * 30 * month), ..sign_in(&here, false) });
        }
        let form = Form::to("/account/sessions").with("token", "t");
        let one = Self {
            done: None,
            here: here.clone(),
            others: Vec::new(),
            live_cut: None,
            recent_cut: None,
            recent: vec![sign_in(&here, true)],
            form,
        };
        let several = Self { others: vec![phone, unknown], recent, ..one.clone() };
        let cut = Self { live_cut: Some(50), recent_cut: Some(30), ..several.clone() };
        let ended = Self { done: Some(Done::SessionsEnded), ..one.clone() };
        vec![
            ("account_sessions-one", one),
            ("account_sessions-ended", ended),
            ("account_sessions-cut", cut),
            ("account_sessions", several),
        ]
    }
}
