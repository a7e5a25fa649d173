//! The life of a login: begun, resumed, linked, issued, logged out, and all of it on the trail.
//!
//! Knows no protocol and no HTTP. Policy decides; this crate carries out.

mod advance;
mod attend;
mod broker;
mod catalog;
mod factor;
mod issue;
mod login;
mod logout;
mod random;
mod revoked;
mod session;
mod sessions_of;
mod subject;
#[cfg(test)]
mod testing;
mod unsolicited;
mod visit;

pub use broker::{Broker, Parts};
pub use catalog::{Catalog, Registered};
pub use factor::{
    AccountView, Added, Ceremony, Codes, Denied, DeskRefusal, DeviceRow, Disputed, EnrolPage,
    EnrolProblem, FactorPage, FactorProblem, HelpDesk, IssuePass, IssuedPass, LinkRow, PasskeyRow,
    PasskeyShown, ResetBy, ShownFactors, Started, TotpPage, TotpStarted,
};
pub use logout::{Confirm, Envoy, Letter, Remember, Reply, SigningOut, Tell, Telling, Underway};
pub use random::draw as random;
pub use subject::{PassingNames, SubjectKey};
pub use visit::{
    DeviceChange, Handle, LiveSession, Next, Opened, Reference, SessionChange, Stopped, Turn, Visit,
};
