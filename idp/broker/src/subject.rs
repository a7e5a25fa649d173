//! Subjects: the names of an account towards relying parties, computed and never stored.

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::{
    AccountId, RelyingParty, RelyingPartyId, SessionId, Subject, subject::SubjectKind,
};

/// Names for one session towards one relying party: nobody can compare them with another's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassingNames {
    /// The person, for as long as the session lasts.
    pub person: String,
    /// The session.
    pub session: String,
}

/// Computes subjects. The key is the broker's own and never changes: with it every relying party
/// would lose everybody.
#[derive(Debug)]
pub struct SubjectKey(hmac::Key);

impl SubjectKey {
    /// A key of 32 random bytes.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// The name of `account` towards `relying_party` (OpenID Connect Core §8.1).
    #[must_use]
    pub fn subject(&self, relying_party: &RelyingParty, account: &AccountId) -> Subject {
        let (kind, sector) = match relying_party.subject {
            SubjectKind::Pairwise => ("pairwise", relying_party.sector.as_str()),
            SubjectKind::Public => ("public", ""),
        };
        Subject::new(self.name([kind, sector, account.as_str()]))
    }

    /// The names that last as long as `session`, towards `relying_party` alone.
    #[must_use]
    pub fn passing(&self, relying_party: &RelyingPartyId, session: &SessionId) -> PassingNames {
        let name = |kind| self.name([kind, relying_party.as_str(), session.as_str()]);
        PassingNames { person: name("passing person"), session: name("passing session") }
    }

    fn name(&self, parts: [&str; 3]) -> String {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            // Lengths keep parts apart that would read the same when joined.
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part.as_bytes());
        }
        URL_SAFE_NO_PAD.encode(context.sign())
    }
}

#[cfg(test)]
mod tests {
    use idp_domain::{
        Localized, RelyingParty,
        relying_party::{Consent, OpenTo, Protocol},
        subject::SubjectKind,
    };

    use super::SubjectKey;

    fn party(id: &str, sector: &str, subject: SubjectKind) -> RelyingParty {
        RelyingParty {
            id: id.parse().unwrap(),
            agency: "una".parse().unwrap(),
            names: Localized::default(),
            home: None,
            initiate: None,
            protocol: Protocol::Oidc,
            open_to: OpenTo::All,
            floor: None,
            sessions: idp_domain::session::Narrower::default(),
            releasable: [].into(),
            subject,
            sector: sector.into(),
            consent: Consent::Agreed,
            verified: false,
            enabled: true,
        }
    }

    fn subject(party: &RelyingParty, account: &str) -> String {
        let key = SubjectKey::new(&[7; 32]);
        key.subject(party, &account.parse().unwrap()).as_str().to_owned()
    }

    #[test]
    fn parties_of_one_sector_share_a_name_and_others_cannot_compare() {
        let a = party("a", "una.example", SubjectKind::Pairwise);
        let b = party("b", "una.example", SubjectKind::Pairwise);
        let c = party("c", "unb.example", SubjectKind::Pairwise);
        assert_eq!(subject(&a, "alice"), subject(&b, "alice"));
        assert_ne!(subject(&a, "alice"), subject(&c, "alice"));
        assert_ne!(subject(&a, "alice"), subject(&a, "bob"));
    }

    #[test]
    fn the_names_of_a_session_are_of_one_party_and_one_session() {
        let key = SubjectKey::new(&[7; 32]);
        let of = |party: &str, session: &str| {
            key.passing(&party.parse().unwrap(), &session.parse().unwrap())
        };
        assert_eq!(of("a", "s"), of("a", "s"));
        assert_ne!(of("a", "s"), of("b", "s"));
        assert_ne!(of("a", "s"), of("a", "t"));
        assert_ne!(of("a", "s").person, of("a", "s").session);
    }

    #[test]
    fn a_public_name_is_the_same_everywhere_and_not_the_accounts_own() {
        let a = party("a", "una.example", SubjectKind::Public);
        let c = party("c", "unb.example", SubjectKind::Public);
        assert_eq!(subject(&a, "alice"), subject(&c, "alice"));
        assert_ne!(subject(&a, "alice"), "alice");
        let pairwise = party("p", "", SubjectKind::Pairwise);
        assert_ne!(subject(&a, "alice"), subject(&pairwise, "alice"));
    }
}
