//! The pages of a login: typed contexts in, HTML and its headers out.
//!
//! Owns words, themes and rendering. Must not know requests, cookies or transactions, and decides
//! nothing: a handler fills a context, the page shows it.

pub mod context;
pub mod display_name;
pub mod i18n;
pub mod negotiate;
pub mod render;
pub mod search;
pub mod theme;

mod functions;

#[cfg(test)]
mod tests;

pub use context::{
    AgencyRow, AttemptError, Choose, Consent, DisplayName, Fate, Form, FormPost, FormTargets, Home,
    Onward, Page, Password, Problem, ProblemKind, Release, ServiceFate, SignOut, SignedOut,
    SigningOut, WayOn,
};
pub use negotiate::{Wishes, negotiate};
pub use render::{Frame, Nonce, Pages, Rendered};
pub use search::Directory;
pub use theme::{Asset, Theme, ThemeError, ThemeFiles};
