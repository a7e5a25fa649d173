//! The broker's own pages for people who are signed in, as a relying party of every federation.

use idp_domain::{IdError, Lang, Localized, RelyingParty};
use url::Url;

/// What people read where a service is named.
const NAMES: [(Lang, &str); 6] = [
    (Lang::Ar, "حسابك"),
    (Lang::En, "Your account"),
    (Lang::Es, "Su cuenta"),
    (Lang::Fr, "Votre compte"),
    (Lang::Ru, "Ваша учётная запись"),
    (Lang::Zh, "您的账户"),
];

/// The pages at `base_url`.
pub(crate) fn account(base_url: &Url) -> Result<RelyingParty, IdError> {
    let names = NAMES.map(|(lang, name)| (lang, name.to_owned()));
    RelyingParty::account(Localized::new(names), base_url.join("/account").ok())
}
