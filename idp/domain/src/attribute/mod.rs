//! Attributes: canonical, source-neutral, many-valued facts about a person.

mod registry;
mod scope;
mod set;

pub use registry::{AttributeDef, REGISTRY, by_claim, by_name, by_uri};
pub use scope::admit;
pub use set::{AttributeName, AttributeSet};
