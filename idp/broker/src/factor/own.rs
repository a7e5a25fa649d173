//! The person's own page: what they have here, and changing it. Whoever adds, renames or removes a
//! factor has proven one in the last five minutes; what only takes rights away needs no proof.

mod change;
mod dispute;
mod view;

use idp_domain::{FactorRules, Fault, policy};
use idp_store::factors::AccountFactors;

use super::{
    EnrolProblem,
    page::{Codes, TotpPage},
    person::summary,
    scene::Scene,
};
use crate::{
    Broker,
    visit::{LiveSession, SessionChange, Visit},
};

pub use dispute::Disputed;
pub use view::{AccountView, DeviceRow, LinkRow, PasskeyRow};

/// Why a change was not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denied {
    /// A factor has to be proven first, or without any a sign-in: one of the last five minutes.
    StepUpNeeded,
    /// There is no such thing.
    Unknown,
    /// It was tried, and this was wrong.
    Problem(EnrolProblem),
}

/// A factor was added.
#[derive(Debug)]
pub struct Added {
    /// Recovery codes that came with the first one, to be shown once.
    pub codes: Option<Codes>,
    /// The session's new handle: more was proven in it.
    pub session: SessionChange,
}

/// An authenticator app that waits for its first code.
#[derive(Debug)]
pub struct TotpStarted {
    /// What the app is told.
    pub page: TotpPage,
    /// A secret: the name under which the code is given.
    pub ceremony: String,
}

impl Broker {
    /// Whether the person of a session may change factors now.
    pub(crate) async fn may_change(
        &self,
        live: &LiveSession,
        visit: &Visit,
    ) -> Result<bool, Fault> {
        self.changeable(live, visit).await.map(|stored| stored.is_some())
    }

    /// The factors that the person of a session may change now: as they stand here, and no others.
    pub(crate) async fn changeable(
        &self,
        live: &LiveSession,
        visit: &Visit,
    ) -> Result<Option<AccountFactors>, Fault> {
        let person = self.stored(&live.session.account).await?;
        let Some(stored) = person else { return Ok(None) };
        let agency = self.agency_in(Scene::Page(live), visit)?;
        let factors = summary(&stored);
        Ok(may_change(live, &factors, &agency.factors, visit).then_some(stored))
    }
}

fn may_change(
    live: &LiveSession,
    factors: &idp_domain::Factors,
    rules: &FactorRules,
    visit: &Visit,
) -> bool {
    policy::may_change_factors(&live.session, factors, rules, visit.now)
}
