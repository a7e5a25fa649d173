//! The lists of sessions that the pages rest on: how long they are, and whether there is more than
//! they hold.

use idp_domain::Fault;
use idp_store::sessions::{Listed, Of};

use super::owner::Owner;
use crate::App;

/// The most live sessions that are shown.
const LIVE: u32 = 50;

/// The most sign-ins that are shown.
const RECENT: u32 = 30;

/// The most sign-ins that are looked through for what services were told: more than somebody has
/// in the time that they are kept.
const TOLD: u32 = 500;

/// The newest of a list, the latest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Newest<T = Listed> {
    /// These.
    pub(super) items: Vec<T>,
    /// How many these are, where there are more.
    pub(super) cut: Option<u32>,
}

/// The live sessions of the person.
pub(super) async fn live(app: &App, owner: &Owner) -> Result<Newest, Fault> {
    let of = Of::Account(owner.live.session.account.clone());
    let now = owner.browser.visit.now;
    let listing = app.broker.live_sessions(&of, None, LIVE + 1, now).await?;
    Ok(Newest::of(listing.sessions, LIVE))
}

/// The latest sign-ins of the person, still live or not.
pub(super) async fn recent(app: &App, owner: &Owner) -> Result<Newest, Fault> {
    kept(app, owner, RECENT).await
}

/// The sign-ins by which services were told something.
pub(super) async fn told(app: &App, owner: &Owner) -> Result<Newest, Fault> {
    kept(app, owner, TOLD).await
}

async fn kept(app: &App, owner: &Owner, most: u32) -> Result<Newest, Fault> {
    let account = &owner.live.session.account;
    let listing = app.broker.recent_sessions(account, None, most + 1).await?;
    Ok(Newest::of(listing.sessions, most))
}

impl<T> Newest<T> {
    /// One more than `most` was asked for: if it came, there are more than are shown.
    fn of(mut items: Vec<T>, most: u32) -> Self {
        let places = usize::try_from(most).unwrap_or(usize::MAX);
        let cut = (items.len() > places).then_some(most);
        items.truncate(places);
        Self { items, cut }
    }
}

#[cfg(test)]
mod tests {
    use super::Newest;

    #[test]
    fn a_list_is_cut_where_there_is_more_and_says_so() {
        let list = |items: &[u8], cut| Newest { items: items.to_vec(), cut };
        assert_eq!(Newest::of(vec![3, 2, 1], 2), list(&[3, 2], Some(2)));
        assert_eq!(Newest::of(vec![2, 1], 2), list(&[2, 1], None));
        assert_eq!(Newest::of(Vec::new(), 2), list(&[], None));
    }
}
