//! Policy: from what is demanded and what is proven to the next step, with reasons.
//!
//! Pure: the same facts give the same decision, so one found in the trail can be replayed.

mod choice;
mod decide;
mod explain;
mod facts;
mod release;

pub use choice::{Candidate, by_domain, candidates, hinted};
pub use decide::decide;
pub use explain::Reason;
pub use facts::{Basis, Decision, Facts, Step};
pub use release::release;
