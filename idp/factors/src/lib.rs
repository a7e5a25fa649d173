//! Proof of knowledge: passwords and client secrets, judged and compared.
//!
//! The only crate that compares secrets. It never logs, prints or keeps one, knows neither HTTP nor
//! SQL, and decides nothing beyond "this proof holds" and "it does not".
//!
//! | module | owns |
//! |---|---|
//! | [`password`] | what was typed, the stored hash and its cost, the hashing pool, quality |
//! | [`client_secret`] | random secrets of clients, kept as SHA-256 |

pub mod client_secret;
pub mod password;
