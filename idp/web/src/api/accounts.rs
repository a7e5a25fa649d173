//! Accounts: found by what a source calls a person, and shown without any attribute.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use idp_domain::{Fault, SourceId, Timestamp, identity::SourceSubject, relying_party::OWN_AGENCY};
use idp_factors::username::Username;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    caller::{self, Caller, Person},
    problem::Problem,
    read::Query,
    role::Right,
};
use crate::App;

/// Whom to find.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sought {
    source: SourceId,
    subject: Option<String>,
    username: Option<String>,
}

/// A person, as far as administrators see them here.
#[derive(Serialize)]
struct Shown {
    account: String,
    agencies: Vec<String>,
    sources: Vec<Known>,
    created_at: i64,
    enabled: bool,
}

/// A source that knows the person.
#[derive(Serialize)]
struct Known {
    source: String,
    subject: String,
    since: i64,
}

impl From<Person> for Shown {
    fn from(person: Person) -> Self {
        let known = person.links.iter().map(|link| Known {
            source: link.source.to_string(),
            subject: link.subject.as_str().to_owned(),
            since: link.created_at.seconds(),
        });
        // A source that is gone has an agency that nobody knows.
        let agencies = person.agencies.iter().filter(|agency| agency.as_str() != OWN_AGENCY);
        Self {
            account: person.account.id.to_string(),
            agencies: agencies.map(ToString::to_string).collect(),
            sources: known.collect(),
            created_at: Timestamp::seconds(person.account.created_at),
            enabled: !person.account.disabled,
        }
    }
}

/// `GET /api/v1/accounts`
pub(crate) async fn find(
    State(app): State<App>,
    caller: Caller,
    Query(sought): Query<Sought>,
) -> Result<Response, Problem> {
    caller.demand(&app, Right::FindAccounts).await?;
    let source = sought.source;
    let nobody = || axum::Json(json!({ "accounts": [] })).into_response();
    let subject = match (sought.subject, sought.username) {
        (Some(subject), None) => SourceSubject::parse(&subject).ok(),
        (None, Some(username)) => subject_of(&app, &source, &username).await?,
        _ => return Err(Problem::Invalid("name either `subject` or `username`".to_owned())),
    };
    let Some(subject) = subject else { return Ok(nobody()) };
    let found = app.store.accounts.of_subject(&source, &subject).await;
    let found = found.map_err(|error| Fault::new("finding an account", error))?;
    let mut shown = Vec::new();
    for account in found {
        let Some(person) = caller::person(&app, &account).await? else { continue };
        if caller.reaches(&person.agencies) {
            shown.push(Shown::from(person));
        } else {
            caller.deny(&app, "agency", Some(&account)).await?;
        }
    }
    Ok(axum::Json(json!({ "accounts": shown })).into_response())
}

/// `GET /api/v1/accounts/{account}`
pub(crate) async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(account): Path<String>,
) -> Result<Response, Problem> {
    caller.demand(&app, Right::FindAccounts).await?;
    let person = caller.person(&app, &account).await?;
    Ok(axum::Json(Shown::from(person)).into_response())
}

/// What a source of local accounts calls whoever types `username`.
async fn subject_of(
    app: &App,
    source: &SourceId,
    username: &str,
) -> Result<Option<SourceSubject>, Fault> {
    let Ok(username) = Username::parse(username) else { return Ok(None) };
    let found = app.store.local_accounts.find(source, username.as_str()).await;
    let found = found.map_err(|error| Fault::new("finding a local account", error))?;
    Ok(found.map(|account| account.subject))
}
