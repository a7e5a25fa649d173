//! The pages of a login. Handlers translate a request into a step and a step into a page; what
//! happens next, policy says.

pub(crate) mod callback;
pub(crate) mod ceremony;
pub(crate) mod choose;
pub(crate) mod consent;
pub(crate) mod enrol;
pub(crate) mod factor;
pub(crate) mod follow;
pub(crate) mod local;
pub(crate) mod shared;
pub(crate) mod show;
