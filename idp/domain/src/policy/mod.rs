//! Policy: from what is demanded and what is proven to the next step, with reasons.
//!
//! Pure: the same facts give the same decision, so one found in the trail can be replayed.

mod choice;
mod decide;
mod demand;
mod enrol;
mod evidence;
mod explain;
mod facts;
mod limits;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod properties;
mod reached;
mod release;
mod step_up;
#[cfg(test)]
pub(crate) mod testing;
mod wish;

pub use choice::{Candidate, by_domain, candidates, hinted};
pub use decide::{decide, needs_factors};
pub use demand::{DemandedBy, contexts};
pub use evidence::Means;
pub use explain::{Closing, Opening, Reason};
pub use facts::{Basis, Decision, Facts, Step};
pub use limits::{CHANGE_WINDOW, may_change_factors, session_counts};
pub use reached::{Reached, reached};
pub use release::release;
