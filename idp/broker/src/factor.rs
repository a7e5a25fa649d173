//! Factors in a login and on a person's own page: what is asked, proven, enrolled and removed.
//!
//! Policy says what is wanted, the factors crate whether a proof holds, the journal whether it is
//! the first. This module brings them together, and counts every guess before it is looked at.

mod ceremony;
mod codes;
mod desk;
mod device;
mod enrol;
mod letters;
mod local;
mod own;
mod page;
mod pass;
mod passkey;
mod person;
mod register;
mod scene;
mod step;
#[cfg(test)]
mod tests;
mod throttle;
mod totp;
mod without;

pub use ceremony::{Ceremony, Started};
pub use desk::{DeskRefusal, HelpDesk, IssuePass, IssuedPass, PasskeyShown, ResetBy, ShownFactors};
pub use own::{AccountView, Added, Denied, DeviceRow, Disputed, LinkRow, PasskeyRow, TotpStarted};
pub use page::{Codes, EnrolPage, EnrolProblem, FactorPage, FactorProblem, TotpPage};

pub(crate) use device::{UsedDevice, change as device_change};
pub(crate) use letters::Scribe;
pub(crate) use person::{Device, Person};
pub(crate) use scene::{Scene, at_hand};
pub(crate) use step::Wanted;
