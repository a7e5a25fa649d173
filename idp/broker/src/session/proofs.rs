//! What was proven by a factor that has been removed since, and proves nothing any more.

use idp_domain::{
    AccountId, FactorKind, FactorProof, Fault, Session, Transaction, source::SourceKind,
};
use idp_store::revocations::{RevokedKind, proofs_of};

use crate::Broker;

impl Broker {
    /// Whether the factors of all of `proofs` are still there, which were given in a login.
    pub(crate) fn all_stand(
        &self,
        transaction: &Transaction,
        proofs: &[FactorProof],
    ) -> Result<bool, Fault> {
        let Some(person) = &transaction.person else { return Ok(true) };
        for proof in proofs {
            if !self.stands(person, proof)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Drops what was proven in a session by factors that are gone. `false`: it rested on them
    /// alone.
    pub(super) fn take_back(&self, session: &mut Session) -> Result<bool, Fault> {
        let mut stand = Vec::with_capacity(session.proofs.len());
        let mut passkey_gone = false;
        for proof in session.proofs.drain(..) {
            if self.stands(&session.account, &proof)? {
                stand.push(proof);
            } else {
                passkey_gone |= proof.factor == FactorKind::Passkey;
            }
        }
        session.proofs = stand;
        let has_passkey = session.proofs.iter().any(|proof| proof.factor == FactorKind::Passkey);
        Ok(!passkey_gone || has_passkey || !self.is_by_passkey(session))
    }

    fn stands(&self, account: &AccountId, proof: &FactorProof) -> Result<bool, Fault> {
        let taken = |named: &str| {
            self.revoked_at(RevokedKind::Proof, &proofs_of(account, proof.factor, named))
        };
        // A passkey and a device have names, and never come back.
        if !proof.credential.is_empty() && taken(&proof.credential)?.is_some() {
            return Ok(false);
        }
        // Another app may have taken the place of the one before.
        Ok(taken("")?.is_none_or(|at| proof.at > at))
    }

    /// Whether a passkey alone let the person in: a source of ours has no other way without a
    /// method of its own.
    fn is_by_passkey(&self, session: &Session) -> bool {
        let catalog = self.catalog();
        session.latest().is_some_and(|event| {
            let source = catalog.source(&event.identity.source);
            event.amr.is_empty() && source.is_some_and(|one| one.source.kind == SourceKind::Local)
        })
    }
}
