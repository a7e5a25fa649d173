//! What a source of ours knows of a person, as an event: after a password, or for whoever proved by
//! a passkey to be that person.

use idp_domain::{
    Acr, Amr, Assurance, AuthenticationEvent, Identity, Timestamp, assurance::PASSWORD,
    refusal::Fault,
};
use idp_store::credentials::LocalAccount;

use super::LocalConnector;

impl LocalConnector {
    /// That the person of `account` typed the password.
    pub(super) fn by_password(
        &self,
        account: LocalAccount,
        now: Timestamp,
    ) -> Result<AuthenticationEvent, Fault> {
        let acr: Acr =
            PASSWORD.parse().map_err(|error| Fault::new("naming a password's context", error))?;
        let amr = Amr::new("pwd").into_iter().collect();
        Ok(AuthenticationEvent { acr: Some(acr), amr, ..self.event(account, now) })
    }

    /// That the person of `account` is there. How that was proven, somebody else says: by itself it
    /// is worth one factor.
    pub(super) fn event(&self, account: LocalAccount, now: Timestamp) -> AuthenticationEvent {
        AuthenticationEvent {
            identity: Identity {
                source: self.source.clone(),
                issuer: self.issuer.clone(),
                subject: account.subject,
                attributes: account.attributes,
            },
            agency: self.agency.clone(),
            authenticated_at: Some(now),
            received_at: now,
            acr: None,
            amr: Vec::new(),
            assurance: Assurance::Aal1,
            phishing_resistant: false,
            credited_by: None,
            credited_until: None,
            source_session: None,
            source_name: None,
            valid_until: None,
        }
    }
}
