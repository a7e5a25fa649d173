//! Local accounts: partners without an identity provider, whose passwords the broker itself keeps.
//!
//! The connector only asks and answers; every password goes through the one [`Gate`].

mod gate;
mod known;

use std::sync::Arc;

use idp_domain::connector::{Begun, Form, FormProblem};
use idp_domain::identity::SourceSubject;
use idp_domain::refusal::{Fault, Need};
use idp_domain::{
    AgencyId, Ask, AuthenticationEvent, Connector, Inbound, Kept, Outbound, Pending, Progress,
    Refusal, SourceId, Timestamp,
};
use idp_factors::password::Password;

pub use gate::{Attempt, Gate, GateLimits, Try};
pub use idp_factors::username::{MAX_USERNAME_BYTES, Username, UsernameError};

/// Speaks to one source of local accounts.
#[derive(Debug)]
pub struct LocalConnector {
    source: SourceId,
    agency: AgencyId,
    issuer: String,
    gate: Arc<Gate>,
}

impl LocalConnector {
    /// A connector for `source` of `agency`. `issuer` is our own issuer identifier, under which
    /// the accounts are linked.
    #[must_use]
    pub fn new(source: SourceId, agency: AgencyId, issuer: String, gate: Arc<Gate>) -> Self {
        Self { source, agency, issuer, gate }
    }

    async fn judge(&self, kept: Kept, reply: Inbound) -> Result<Progress, Fault> {
        let (address, now) = (reply.address, reply.now);
        let Some((username, password)) = posted(reply) else {
            return Ok(Progress::Again(form(None, String::new()), kept));
        };
        let attempt = self
            .gate
            .attempt(Try {
                source: &self.source,
                username: &username,
                password: Password::typed(password),
                address,
                now,
            })
            .await?;
        let problem = match attempt {
            Attempt::Proven(account) => {
                return Ok(Progress::Proven {
                    event: Box::new(self.by_password(*account, now)?),
                    once: None,
                });
            }
            Attempt::Disabled => return Ok(Progress::Refused(Refusal::AccountDisabled)),
            Attempt::Wrong => FormProblem::WrongCredentials,
            Attempt::Throttled { retry_after } => FormProblem::Throttled { retry_after },
            Attempt::Busy { retry_after } => FormProblem::Busy { retry_after },
        };
        Ok(Progress::Again(form(Some(problem), shown(&username)), kept))
    }
}

impl Connector for LocalConnector {
    fn begin<'a>(&'a self, ask: &'a Ask) -> Pending<'a, Begun> {
        Box::pin(async move {
            if ask.passive {
                return Ok(Begun::Refused(Refusal::InteractionNeeded(Need::Login)));
            }
            let likely = ask.login_hint.as_deref().map(shown).unwrap_or_default();
            // There is nothing to remember between the form and its answer.
            Ok(Begun::Go(form(None, likely), Kept::new(String::new())))
        })
    }

    fn resume(&self, kept: Kept, reply: Inbound) -> Pending<'_, Progress> {
        Box::pin(self.judge(kept, reply))
    }

    fn recall<'a>(
        &'a self,
        subject: &'a SourceSubject,
        now: Timestamp,
    ) -> Pending<'a, Option<Box<AuthenticationEvent>>> {
        Box::pin(async move {
            let account = self.gate.known(&self.source, subject).await?;
            let account = account.filter(|account| !account.disabled);
            Ok(account.map(|account| Box::new(self.event(account, now))))
        })
    }
}

fn form(problem: Option<FormProblem>, username: String) -> Outbound {
    Outbound::Form(Form::Password { problem, username })
}

/// The two fields, if each was posted once.
fn posted(reply: Inbound) -> Option<(String, String)> {
    let (mut username, mut password) = (None, None);
    for (name, value) in reply.form {
        let slot = match name.as_str() {
            "username" => &mut username,
            "password" => &mut password,
            _ => continue,
        };
        if slot.replace(value).is_some() {
            return None;
        }
    }
    username.zip(password)
}

/// What the form shows again of what was typed: nothing that could not be a name.
fn shown(typed: &str) -> String {
    if Username::parse(typed).is_ok() { typed.trim().to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests;
