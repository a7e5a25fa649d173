//! Sessions from outside: listed for their owners and for help desks, and ended by them.

use idp_domain::{AccountId, Fault, SessionId, Timestamp};
use idp_store::{
    journal::{By, Total},
    sessions::{EndSessions, Listed, Listing, Mark, Of},
};

use crate::{Broker, attend::EXACT};

impl Broker {
    /// A page of live sessions, the latest first.
    pub async fn live_sessions(
        &self,
        of: &Of,
        after: Option<&Mark>,
        most: u32,
        now: Timestamp,
    ) -> Result<Listing, Fault> {
        let used_since = now.minus(self.settings.idle).minus(EXACT);
        let listing = self.known.live(of, now, used_since, after, most).await;
        listing.map_err(|error| Fault::new("listing sessions", error))
    }

    /// A page of a person's sessions of the last thirty days, ended ones too, the latest first.
    pub async fn recent_sessions(
        &self,
        account: &AccountId,
        after: Option<&Mark>,
        most: u32,
    ) -> Result<Listing, Fault> {
        let listing = self.known.recent(account, after, most).await;
        listing.map_err(|error| Fault::new("listing sessions", error))
    }

    /// The session `id`, live or ended, as long as it is kept.
    pub async fn session_by_id(&self, id: &SessionId) -> Result<Option<Listed>, Fault> {
        let found = self.known.find(id).await;
        found.map_err(|error| Fault::new("finding a session", error))
    }

    /// Ends all sessions that `end` means. They count no more on this node when it returns, and on
    /// the others within a poll; whoever was told of them hears of it from whoever delivers notices
    /// next.
    pub async fn end_sessions(&self, end: EndSessions, by: &By) -> Result<Total, Fault> {
        let ended = self.journal.end_sessions(end, by).await;
        ended.map_err(|error| Fault::new("ending sessions", error))
    }
}
