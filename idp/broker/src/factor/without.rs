//! Going on without a factor that the relying party would only like. Of what is demanded nothing
//! can be left out: policy is asked again, and knows of one answer more.

use idp_domain::{Fault, transaction::Awaiting};

use super::step::consumed;
use crate::{
    Broker,
    visit::{Opened, Turn, Visit},
};

impl Broker {
    /// The person goes on without the factor that is asked for, where nothing demands it.
    pub async fn go_without(&self, mut opened: Opened, visit: &Visit) -> Result<Turn, Fault> {
        let account = match &opened.transaction.awaiting {
            Awaiting::Factor(asked) if asked.optional => asked.account.clone(),
            _ => return Ok(consumed(opened)),
        };
        opened.transaction.decline(&account);
        self.go_on_with(opened, visit).await
    }
}
