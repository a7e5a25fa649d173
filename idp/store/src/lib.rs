//! The broker's memory: lasting records in a database, short-lived values on the shelf.
//! The only crate with SQL or Redis; it must never decide what a login may do.

pub mod accounts;
pub mod api_tokens;
pub mod audit;
pub mod credentials;
pub mod db;
pub mod devices;
pub mod error;
pub mod factors;
pub mod federation;
pub mod grants;
pub mod journal;
pub mod keys;
pub mod letters;
pub mod metadata;
mod once;
pub mod revocations;
pub mod seal;
pub mod sessions;
pub mod shelf;
pub mod store;
mod sweep;
pub mod switches;
pub mod throttle;

pub use db::Db;
pub use error::StoreError;
pub use journal::{Act, Journal, Outcome, Unit};
pub use seal::Sealer;
pub use shelf::Shelf;
pub use store::Store;
pub use throttle::Throttle;
