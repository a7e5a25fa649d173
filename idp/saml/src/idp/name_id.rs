//! Which name of a person a service provider is told (`NameID`), and how it is made.

use aws_lc_rs::digest::{Context, SHA256};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::{Subject, subject::SubjectKind};
use serde::{Deserialize, Serialize};

use super::{Provider, ServiceProvider};
use crate::schema::{NameId, format};

/// A kind of name that we give.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NameIdKind {
    /// Opaque, stays, and known to this service provider alone (SAML Core 8.3.7).
    #[default]
    Persistent,
    /// Opaque, and lasts as long as the session (SAML Core 8.3.8).
    Transient,
    /// The mail address (SAML Core 8.3.2), which everybody knows: by registration alone.
    Email,
}

impl NameIdKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Persistent, Self::Transient, Self::Email];

    /// Its format on the wire.
    #[must_use]
    pub const fn format(self) -> &'static str {
        match self {
            Self::Persistent => format::PERSISTENT,
            Self::Transient => format::TRANSIENT,
            Self::Email => format::EMAIL,
        }
    }

    /// The kind of that format.
    #[must_use]
    pub fn from_format(format: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.format() == format)
    }

    /// The word for it in registrations, and in what a session remembers of a service provider
    /// (`ReturnTicket::farewell`).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Persistent => "persistent",
            Self::Transient => "transient",
            Self::Email => "email",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What a person can be called towards one service provider.
#[derive(Clone, Copy)]
pub struct Callings<'a> {
    /// The name of the account, as the service provider is registered to be told it.
    pub subject: &'a Subject,
    /// A name that lasts as long as the session, of this service provider alone.
    pub passing: &'a str,
    /// The mail address, if it is released.
    pub mail: Option<&'a str>,
}

impl ServiceProvider {
    /// The name of `kind`: the same at sign-in and at sign-out. `None` without a mail address
    /// where that is the name.
    #[must_use]
    pub fn name_id(
        &self,
        kind: NameIdKind,
        callings: &Callings<'_>,
        provider: &Provider,
    ) -> Option<NameId> {
        let value = match kind {
            NameIdKind::Persistent => self.persistent(callings.subject),
            NameIdKind::Transient => callings.passing.to_owned(),
            NameIdKind::Email => {
                return Some(NameId::new(callings.mail?, format::EMAIL));
            }
        };
        Some(NameId {
            name_qualifier: Some(provider.entity_id.clone()),
            sp_name_qualifier: Some(self.entity_id.clone()),
            ..NameId::new(value, kind.format())
        })
    }

    /// A persistent name is never shared, so one that others know too is hashed with the name of
    /// the service provider.
    fn persistent(&self, subject: &Subject) -> String {
        match self.subject {
            SubjectKind::Pairwise => subject.as_str().to_owned(),
            SubjectKind::Public => {
                let mut context = Context::new(&SHA256);
                for part in [self.entity_id.as_str(), subject.as_str()] {
                    // Lengths keep parts apart that would read the same when joined.
                    context.update(&(part.len() as u64).to_be_bytes());
                    context.update(part.as_bytes());
                }
                URL_SAFE_NO_PAD.encode(context.finish())
            }
        }
    }

    /// The subject that a name in a request means, if the name is one that we made for this
    /// service provider and can be looked up.
    pub(super) fn subject_of(&self, name: &NameId, provider: &Provider) -> Option<Subject> {
        let ours = |qualifier: &Option<String>, entity_id: &str| {
            qualifier.as_deref().is_none_or(|qualifier| qualifier == entity_id)
        };
        let readable = self.subject == SubjectKind::Pairwise
            && matches!(name.format(), format::PERSISTENT | format::UNSPECIFIED)
            && ours(&name.name_qualifier, &provider.entity_id)
            && ours(&name.sp_name_qualifier, &self.entity_id)
            && name.sp_provided_id.is_none()
            && (1..=255).contains(&name.value.len())
            && name.value.bytes().all(|byte| byte.is_ascii_graphic());
        readable.then(|| Subject::new(name.value.clone()))
    }
}
