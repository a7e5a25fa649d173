//! The page of factors: passkeys, the authenticator app, recovery codes, remembered devices.

use serde::Serialize;

use super::{Done, When, when::before};
use crate::page::context::{DisplayName, Form};

/// What the page of factors shows.
///
/// The form is sent by POST with the field `change`, and where it is about one of several, `of`;
/// a new name stands in `name`.
#[derive(Clone, Debug, Serialize)]
pub struct Security {
    /// What was just done.
    pub done: Option<Done>,
    /// The passkeys.
    pub passkeys: Vec<PasskeyRow>,
    /// The authenticator app, where there is one or may be.
    pub app: AppRow,
    /// The recovery codes.
    pub codes: CodesRow,
    /// The devices that stand for a factor.
    pub devices: Vec<DeviceRow>,
    /// Asks for a change.
    pub form: Form,
}

/// A passkey.
#[derive(Clone, Debug, Serialize)]
pub struct PasskeyRow {
    /// Its id.
    pub id: String,
    /// What its owner calls it.
    pub name: DisplayName,
    /// Its model, where that is known.
    pub model: Option<DisplayName>,
    /// When it was added.
    pub added: When,
    /// When it was last used.
    pub used: Option<When>,
    /// Whether it can never leave the thing that it was made in.
    pub bound: bool,
    /// Whether it was just given a name that is none.
    pub misnamed: bool,
}

/// The authenticator app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AppRow {
    /// Whether there is one.
    pub enrolled: bool,
    /// Whether there may be one.
    pub allowed: bool,
}

/// The recovery codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CodesRow {
    /// How many are left.
    pub left: u32,
    /// Whether there may be any.
    pub allowed: bool,
    /// Whether a set can be made: only for somebody who has something to lose.
    pub makeable: bool,
}

/// A device that stands for a factor.
#[derive(Clone, Debug, Serialize)]
pub struct DeviceRow {
    /// Its id.
    pub id: String,
    /// The browser, as far as it says.
    pub browser: DisplayName,
    /// Since when.
    pub since: When,
    /// Until when.
    pub until: When,
    /// Whether it is this one.
    pub current: bool,
}

impl Security {
    /// Whether there is anything to change by a form.
    pub(super) fn has_form(&self) -> bool {
        let app = self.app.enrolled || self.app.allowed;
        app || self.codes.makeable || !self.passkeys.is_empty() || !self.devices.is_empty()
    }

    /// The page as it may look: with something of everything, with nothing, after each change.
    pub(super) fn samples() -> Vec<(String, Self)> {
        let name = |text: &str| DisplayName::new(text, "");
        let form = Form::to("/account/security").with("token", "t");
        let full = Self {
            done: None,
            passkeys: vec![
                PasskeyRow {
                    id: "cGFzc2tleS0x".to_owned(),
                    name: name("Amina’s phone"),
                    model: Some(name("iCloud Keychain")),
                    added: before(86_400 * 200),
                    used: Some(before(7_300)),
                    bound: false,
                    misnamed: false,
                },
                PasskeyRow {
                    id: "cGFzc2tleS0y".to_owned(),
                    name: name("Key ring"),
                    model: Some(name("YubiKey 5 Series with NFC")),
                    added: before(86_400 * 9),
                    used: None,
                    bound: true,
                    misnamed: false,
                },
            ],
            app: AppRow { enrolled: true, allowed: true },
            codes: CodesRow { left: 8, allowed: true, makeable: true },
            devices: vec![
                DeviceRow {
                    id: "d1".to_owned(),
                    browser: name("Firefox · Windows"),
                    since: before(86_400 * 3),
                    until: before(-86_400 * 27),
                    current: true,
                },
                DeviceRow {
                    id: "d2".to_owned(),
                    browser: name("Safari · iPhone"),
                    since: before(86_400 * 20),
                    until: before(-86_400 * 10),
                    current: false,
                },
            ],
            form: form.clone(),
        };
        let empty = Self {
            passkeys: Vec::new(),
            app: AppRow { enrolled: false, allowed: true },
            codes: CodesRow { left: 0, allowed: true, makeable: false },
            devices: Vec::new(),
            ..full.clone()
        };
        let strict = Self {
            app: AppRow { enrolled: false, allowed: false },
            codes: CodesRow { left: 0, allowed: false, makeable: false },
            devices: Vec::new(),
            ..full.clone()
        };
        let bare = Self { passkeys: Vec::new(), ..strict.clone() };
        let no_codes = Self {
            codes: CodesRow { left: 0, allowed: true, makeable: true },
            devices: full.devices.iter().take(1).cloned().collect(),
            ..full.clone()
        };
        let misnamed =
            full.passkeys.iter().map(|row| PasskeyRow { misnamed: row.bound, ..row.clone() });
        let misnamed = Self { passkeys: misnamed.collect(), ..full.clone() };
        let mut all: Vec<_> = Done::ALL
            .into_iter()
            .map(|done| {
                let word = serde_json::to_value(done).unwrap_or_default();
                let name = format!("account_security-{}", word.as_str().unwrap_or_default());
                (name, Self { done: Some(done), ..full.clone() })
            })
            .collect();
        let mut add = |name: &str, page| all.push((name.to_owned(), page));
        add("account_security-empty", empty);
        add("account_security-strict", strict);
        add("account_security-bare", bare);
        add("account_security-no-codes", no_codes);
        add("account_security-misnamed", misnamed);
        add("account_security", full);
        all
    }
}
