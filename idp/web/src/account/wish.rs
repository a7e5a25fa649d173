//! Wishes: what a person can ask for on a page of theirs, read from its form.

use idp_domain::{DeviceId, SessionId};
use serde::{Deserialize, Serialize};

use super::place::Place;
use crate::{form::single, page::context::account::Asked};

/// A change that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "change")]
pub(super) enum Wish {
    /// A passkey is called something else.
    RenamePasskey { credential: String, name: String },
    /// A passkey goes.
    RemovePasskey { credential: String },
    /// The authenticator app goes.
    RemoveApp,
    /// A new set of recovery codes is made.
    MakeCodes,
    /// A device is no longer remembered.
    ForgetDevice { device: DeviceId },
    /// No device is remembered any longer.
    ForgetDevices,
    /// A session of another browser ends.
    EndSession { session: SessionId },
    /// The sessions of all other browsers end.
    EndSessions,
}

impl Wish {
    /// Reads a form. None: no page of ours asks for that.
    pub(super) fn read(fields: &[(String, String)]) -> Option<Self> {
        let of = || single(fields, "of").filter(|of| of.len() <= LONGEST);
        Some(match single(fields, "change")? {
            "rename-passkey" => Self::RenamePasskey {
                credential: of()?.to_owned(),
                name: single(fields, "name")?.chars().take(LONGEST).collect(),
            },
            "remove-passkey" => Self::RemovePasskey { credential: of()?.to_owned() },
            "remove-app" => Self::RemoveApp,
            "make-codes" => Self::MakeCodes,
            "forget-device" => Self::ForgetDevice { device: of()?.parse().ok()? },
            "forget-devices" => Self::ForgetDevices,
            "end-session" => Self::EndSession { session: of()?.parse().ok()? },
            "end-sessions" => Self::EndSessions,
            _ => return None,
        })
    }

    /// Whether the person is asked once more before it is done, for it cannot be undone.
    pub(super) fn is_asked_again(&self) -> bool {
        matches!(
            self,
            Self::RemovePasskey { .. } | Self::RemoveApp | Self::MakeCodes | Self::EndSessions
        )
    }

    /// What the page calls it.
    pub(super) fn asked(&self) -> Asked {
        match self {
            Self::RenamePasskey { .. } => Asked::RenamePasskey,
            Self::RemovePasskey { .. } => Asked::RemovePasskey,
            Self::RemoveApp => Asked::RemoveApp,
            Self::MakeCodes => Asked::MakeCodes,
            Self::ForgetDevice { .. } => Asked::ForgetDevice,
            Self::ForgetDevices => Asked::ForgetDevices,
            Self::EndSession { .. } | Self::EndSessions => Asked::EndSessions,
        }
    }

    /// The page that it was asked for on.
    pub(super) fn place(&self) -> Place {
        match self {
            Self::EndSession { .. } | Self::EndSessions => Place::Sessions,
            _ => Place::Security,
        }
    }

    /// Whether it changes what the person can prove, and so is theirs alone who just proved it.
    pub(super) fn is_of_factors(&self) -> bool {
        matches!(
            self,
            Self::RenamePasskey { .. }
                | Self::RemovePasskey { .. }
                | Self::RemoveApp
                | Self::MakeCodes
        )
    }
}

/// The longest id or name that is read: a credential's id has 1,023 bytes at most (WebAuthn
/// Level 3 section 4), in base64url.
const LONGEST: usize = 1_364;

#[cfg(test)]
mod tests {
    use super::{LONGEST, Wish};

    fn read(fields: &[(&str, &str)]) -> Option<Wish> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Wish::read(&fields.iter().map(owned).collect::<Vec<_>>())
    }

    #[test]
    fn a_form_of_ours_is_read() {
        let rename = read(&[("of", "abc"), ("name", "Key ring"), ("change", "rename-passkey")]);
        let (credential, name) = ("abc".to_owned(), "Key ring".to_owned());
        assert_eq!(rename, Some(Wish::RenamePasskey { credential, name }));
        assert_eq!(read(&[("change", "end-sessions")]), Some(Wish::EndSessions));
    }

    #[test]
    fn a_form_of_nobody_is_not_read() {
        assert_eq!(read(&[("change", "make-codes"), ("change", "remove-app")]), None);
        assert_eq!(read(&[("change", "remove-passkey")]), None);
        assert_eq!(read(&[("change", "end-session"), ("of", "../x")]), None);
        assert_eq!(read(&[("change", "grant-everything")]), None);
        let long = "a".repeat(LONGEST + 1);
        assert_eq!(read(&[("change", "remove-passkey"), ("of", &long)]), None);
    }

    #[test]
    fn what_is_kept_reads_back() {
        let wish = Wish::RenamePasskey { credential: "abc".into(), name: "\u{202e}x".into() };
        let text = serde_json::to_string(&wish).unwrap();
        assert_eq!(serde_json::from_str::<Wish>(&text).unwrap(), wish);
    }
}
