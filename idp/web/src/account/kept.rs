//! What self-service keeps from one page to the next, on our side of the browser's binding: what
//! was asked for and has to wait, and what was just done. Nothing of it stands in an address.

use idp_domain::{AccountId, Fault, Lifetime, Timestamp};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tower_sessions::Session;

use super::wish::Wish;
use crate::{page::context::account::Done, session_layer::OutOfReach};

/// How long something that was asked for waits for its person.
const PATIENCE: Lifetime = Lifetime::minutes(30);

const WAITING: &str = "account.waiting";
const DONE: &str = "account.done";
const APP: &str = "account.app";

/// Something that was asked for, by whom and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Waiting {
    /// Whose account it changes.
    pub(super) account: AccountId,
    /// Tells it from what is asked for in another window.
    pub(super) nonce: String,
    /// What.
    pub(super) wish: Wish,
    /// Since when it waits.
    pub(super) since: Timestamp,
}

impl Waiting {
    /// Whether it waits for `account`, and not too long.
    fn is_for(&self, account: &AccountId, now: Timestamp) -> bool {
        self.account == *account && now.since(self.since) <= PATIENCE
    }
}

/// What is kept for one account in one browser.
pub(super) struct Desk<'a> {
    pub(super) cookie: &'a Session,
    pub(super) account: &'a AccountId,
    pub(super) now: Timestamp,
}

impl Desk<'_> {
    /// Lays down what was asked for, in the place of what waited before.
    pub(super) async fn lay(&self, wish: Wish) -> Result<(), Fault> {
        let nonce = idp_broker::Reference::draw()?.to_string();
        let waiting = Waiting { account: self.account.clone(), nonce, wish, since: self.now };
        self.put(WAITING, &waiting).await
    }

    /// What waits, if it is this account's and has not waited too long.
    pub(super) async fn waiting(&self) -> Result<Option<Waiting>, Fault> {
        let found = self.find::<Waiting>(WAITING).await?;
        Ok(found.filter(|waiting| waiting.is_for(self.account, self.now)))
    }

    /// Nothing waits any longer.
    pub(super) async fn clear(&self) -> Result<(), Fault> {
        self.take::<Waiting>(WAITING).await.map(drop)
    }

    /// Something was done, which the next page says.
    pub(super) async fn done(&self, done: Done) -> Result<(), Fault> {
        self.put(DONE, &(self.account, done)).await
    }

    /// What was done and not said yet.
    pub(super) async fn say(&self) -> Result<Option<Done>, Fault> {
        let found = self.take::<(AccountId, Done)>(DONE).await?;
        Ok(found.filter(|(account, _)| account == self.account).map(|(_, done)| done))
    }

    /// The ceremony of an authenticator app that is being added.
    pub(super) async fn app(&self) -> Result<Option<String>, Fault> {
        let found = self.find::<(AccountId, String)>(APP).await?;
        Ok(found.filter(|(account, _)| account == self.account).map(|(_, ceremony)| ceremony))
    }

    /// Begins or, without one, ends the ceremony of an authenticator app.
    pub(super) async fn keep_app(&self, ceremony: Option<&str>) -> Result<(), Fault> {
        match ceremony {
            Some(ceremony) => self.put(APP, &(self.account, ceremony)).await,
            None => self.take::<(AccountId, String)>(APP).await.map(drop),
        }
    }

    async fn put(&self, key: &str, value: &impl Serialize) -> Result<(), Fault> {
        self.cookie.insert(key, value).await.map_err(failed)
    }

    async fn find<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, Fault> {
        self.cookie.get(key).await.map_err(failed)
    }

    async fn take<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, Fault> {
        self.cookie.remove(key).await.map_err(failed)
    }
}

fn failed(error: tower_sessions::session::Error) -> Fault {
    Fault::new("keeping what self-service was asked for", OutOfReach(error))
}

#[cfg(test)]
mod tests {
    use idp_domain::{AccountId, Lifetime, Timestamp};

    use super::{PATIENCE, Waiting, Wish};

    #[test]
    fn a_wish_waits_half_an_hour_and_for_its_own_person_alone() {
        let id = |text: &str| text.parse::<AccountId>().unwrap();
        let since = Timestamp::from_seconds(1_000_000);
        let (nonce, wish) = ("n".to_owned(), Wish::RemoveApp);
        let waiting = Waiting { account: id("eve"), nonce, wish, since };
        assert!(waiting.is_for(&id("eve"), since + PATIENCE));
        assert!(!waiting.is_for(&id("eve"), since + PATIENCE + Lifetime::seconds(1)));
        assert!(!waiting.is_for(&id("leo"), since));
    }
}
