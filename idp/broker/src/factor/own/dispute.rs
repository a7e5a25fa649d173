//! "This was not me": the person reports their own account.

use idp_domain::{AuditEvent, Fault, LetterKind, audit::AuditKind};
use idp_store::{
    devices::Which,
    factors::act::ResetFactors,
    journal::{Act, Outcome, Unit},
};

use crate::{
    Broker,
    factor::scene::Scene,
    visit::{LiveSession, Visit},
};

/// What a report did. Every session of the account has ended, this one too, and every device is
/// forgotten; whoever watches the trail is alerted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disputed {
    /// The factors are gone too: others have to be enrolled.
    Reset,
    /// The factors stay: the session had proven none lately, and whoever stole it must not be able
    /// to remove what keeps them out. The help desk can.
    Ended,
}

impl Broker {
    /// The person of a session says that somebody else was at their account.
    pub async fn dispute(&self, live: &LiveSession, visit: &Visit) -> Result<Disputed, Fault> {
        let (account, scene) = (&live.session.account, Scene::Page(live));
        let may_change = self.may_change(live, visit).await?;
        let attributes = scene.attributes(visit);
        let letters = self.letters(LetterKind::Disputed, account, attributes, visit).await?;
        let what = if may_change { "reset" } else { "ended" };
        let disputed = AuditEvent {
            alert: true,
            reference: Some(visit.reference.to_string()),
            ..scene.about(AuditKind::AccountDisputed, account, visit)
        };
        let disputed = letters.noted(disputed.because_of(what));
        let act = if may_change {
            Act::ResetFactors(ResetFactors {
                account: account.clone(),
                must_enrol: true,
                letters: letters.into_sealed(),
                now: visit.now,
            })
        } else {
            Act::QueueLetters(letters.into_sealed())
        };
        // The report stands in the trail whatever else becomes of it.
        let unit = Unit::new(act, vec![disputed]);
        let reset = self.commit("reporting an account", unit).await? == Outcome::Done && may_change;
        if !reset {
            self.drop_devices(account, Which::All, scene, visit).await?;
        }
        self.end_all(live, None, "disputed", true, visit).await?;
        self.forget(live).await;
        Ok(if reset { Disputed::Reset } else { Disputed::Ended })
    }
}
