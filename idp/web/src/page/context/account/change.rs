//! Changes: what a person asks for, whether they mean it, and that it was done.

use serde::Serialize;

use crate::page::context::{DisplayName, Form};

/// What the page shows before something is changed: what was asked for, and either the question
/// whether it is meant, or the way to prove first who is asking.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// What was asked for.
    pub asked: Asked,
    /// What it concerns, by the name that its owner gave it.
    pub name: Option<DisplayName>,
    /// Says yes; sent by POST. Without it the person has to prove who they are.
    pub form: Option<Form>,
    /// Where that is done; it leads back here.
    pub again: String,
    /// Where somebody goes who does not mean it.
    pub back: String,
}

/// What a person can ask for that is not done at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// A passkey is added.
    AddPasskey,
    /// A passkey is called something else.
    RenamePasskey,
    /// A passkey goes.
    RemovePasskey,
    /// An authenticator app is added, or takes the place of the one that is there.
    AddApp,
    /// The authenticator app goes.
    RemoveApp,
    /// A new set of recovery codes takes the place of the old one.
    MakeCodes,
    /// A device is no longer remembered.
    ForgetDevice,
    /// No device is remembered any longer.
    ForgetDevices,
    /// The sessions of all other browsers end.
    EndSessions,
    /// The account is reported.
    Dispute,
}

impl Asked {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::AddPasskey,
        Self::RenamePasskey,
        Self::RemovePasskey,
        Self::AddApp,
        Self::RemoveApp,
        Self::MakeCodes,
        Self::ForgetDevice,
        Self::ForgetDevices,
        Self::EndSessions,
        Self::Dispute,
    ];

    /// Whether it has a page of its own that says what follows, and so only ever stands here to
    /// be proven for.
    fn has_own_page(self) -> bool {
        matches!(self, Self::AddPasskey | Self::AddApp | Self::Dispute)
    }
}

/// What was just done, said once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Done {
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey is called something else.
    PasskeyRenamed,
    /// A passkey is gone.
    PasskeyRemoved,
    /// An authenticator app was added.
    AppAdded,
    /// The authenticator app is gone.
    AppRemoved,
    /// A device is no longer remembered.
    DeviceForgotten,
    /// No device is remembered any longer.
    DevicesForgotten,
    /// A session of another browser has ended.
    SessionEnded,
    /// The sessions of all other browsers have ended.
    SessionsEnded,
    /// Nothing was changed: what was asked for is no longer there.
    Gone,
}

impl Done {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::PasskeyAdded,
        Self::PasskeyRenamed,
        Self::PasskeyRemoved,
        Self::AppAdded,
        Self::AppRemoved,
        Self::DeviceForgotten,
        Self::DevicesForgotten,
        Self::SessionEnded,
        Self::SessionsEnded,
        Self::Gone,
    ];
}

impl Change {
    /// The page as it may look: each question, and each wish that has to wait for a proof.
    pub(super) fn samples() -> Vec<(String, Self)> {
        let mut all = Vec::new();
        for asked in Asked::ALL {
            let named =
                matches!(asked, Asked::RenamePasskey | Asked::RemovePasskey | Asked::ForgetDevice);
            let first = Self {
                asked,
                name: named.then(|| DisplayName::new("Amina’s phone", "")),
                form: None,
                again: "/account/again/change".to_owned(),
                back: "/account/security".to_owned(),
            };
            let word = serde_json::to_value(asked).unwrap_or_default();
            let word = word.as_str().unwrap_or_default().to_owned();
            if !asked.has_own_page() {
                let form = Form::to("/account/change").with("token", "t").with("nonce", "n");
                let ask = Self { form: Some(form), ..first.clone() };
                all.push((format!("account_change-{word}"), ask));
            }
            all.push((format!("account_change-{word}-first"), first));
        }
        all
    }
}
