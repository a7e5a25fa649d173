//! Passwords: what was typed, what is stored, who compares the two, and which ones may be chosen.

mod cost;
mod hash;
mod hasher;
mod pool;
mod quality;
mod typed;

pub use cost::{CostError, HashCost};
pub use hash::{PasswordHash, PhcError};
pub use hasher::{HashError, Hasher, HasherSettings, Verdict};
pub use quality::{AdmittedPassword, PasswordPolicy, Weakness};
pub use typed::{MAX_PASSWORD_BYTES, Password};
