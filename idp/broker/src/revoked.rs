//! Logins in progress whose grounds are gone: the account was reported, reset or put out of use
//! since, or the source or agency was. Sessions are looked at elsewhere: a login has none yet, and
//! the one that it leads to would begin after all that.

use idp_domain::{AuditEvent, Fault, Timestamp, Transaction, audit::AuditKind};
use idp_store::revocations::RevokedKind;

use crate::{Broker, visit::Visit};

impl Broker {
    /// Why what a login rests on must no longer be believed, in a word for the trail.
    ///
    /// As with sessions, what came in the very second of a report is taken for what came after it:
    /// whoever signs in again at once gets in.
    pub(crate) async fn why_revoked(
        &self,
        transaction: &Transaction,
    ) -> Result<Option<&'static str>, Fault> {
        let ended = |kind, key: &str, since: Timestamp| {
            self.revoked_at(kind, key).map(|at| at.is_some_and(|at| since <= at))
        };
        if let Some(event) = &transaction.event {
            let since = event.received_at;
            if ended(RevokedKind::Source, event.identity.source.as_str(), since)? {
                return Ok(Some("source_revoked_meanwhile"));
            }
            if ended(RevokedKind::Agency, event.agency.as_str(), since)? {
                return Ok(Some("agency_revoked_meanwhile"));
            }
            // Whose it is has to be looked up, which is seldom worth it.
            for kind in OF_ACCOUNT {
                if self.revocations.any_since(kind, since)
                    && let Some(account) = self.account_at_hand(transaction, None).await?
                    && ended(kind, account.as_str(), since)?
                {
                    return Ok(Some("account_revoked_meanwhile"));
                }
            }
        }
        if let (Some(person), Some(footing)) = (&transaction.person, transaction.footing) {
            for kind in OF_ACCOUNT {
                if ended(kind, person.as_str(), footing.since)? {
                    return Ok(Some("account_revoked_meanwhile"));
                }
            }
        }
        Ok(None)
    }

    /// Forgets what a login rests on, so that the person is asked anew.
    pub(crate) async fn revoke_login(
        &self,
        transaction: &mut Transaction,
        why: &'static str,
        visit: &Visit,
    ) -> Result<(), Fault> {
        let event = refused(transaction, why, visit);
        transaction.revoke();
        self.record(vec![event]).await
    }

    /// Forgets what was proven here on factors that are others now.
    pub(crate) async fn outdate_factors(
        &self,
        transaction: &mut Transaction,
        visit: &Visit,
    ) -> Result<(), Fault> {
        let event = refused(transaction, "factors_changed_meanwhile", visit);
        transaction.forget_factors();
        self.record(vec![event]).await
    }
}

/// What ends a login with an account: whatever is the person's, or all that they have elsewhere.
const OF_ACCOUNT: [RevokedKind; 2] = [RevokedKind::Account, RevokedKind::Login];

fn refused(transaction: &Transaction, why: &str, visit: &Visit) -> AuditEvent {
    let event = Broker::about(AuditKind::LoginRefused, transaction, visit).because_of(why);
    AuditEvent { account: transaction.person.clone(), ..event }
}
