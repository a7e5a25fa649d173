//! XML in and out: guarded parsing, and writing that is canonical by construction.
//!
//! Owns the tree. Nothing here trusts a document: who said what is for `dsig` and its callers.

mod base64;
mod document;
mod element;
mod error;
mod guard;
mod instant;
mod markup;
pub mod ns;
mod plain;
mod sequence;

pub use base64::{read_base64, write_base64};
pub use document::{Document, Limits};
pub use element::Element;
pub use error::XmlError;
pub use instant::{read_duration, read_instant, write_instant};
pub use markup::{Markup, Prefixes};
pub use sequence::Sequence;
