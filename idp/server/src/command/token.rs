//! `idp token`: tokens of the administration API.

use std::path::Path;

use clap::{Args as Arguments, Subcommand};
use idp_domain::{AgencyId, AuditEvent, Lifetime, Secret, Switched, audit::AuditKind};
use idp_factors::api_token::{self, ApiToken};
use idp_store::{
    api_tokens::{PutApiToken, RevokeApiToken, StoredApiToken},
    journal::{Act, Outcome, Unit},
};
use idp_web::api::role::Role;
use serde_json::{Value, json};

use super::{
    Ending,
    acting::{Acting, at, failed, parsed, wrong},
};

/// The longest life of a token, in days.
const MAX_DAYS: u32 = 366;
/// The longest name, in characters.
const MAX_NAME: usize = 64;

/// What to do with tokens.
#[derive(Subcommand)]
pub(super) enum TokenCommand {
    /// Make a token; it is shown once
    Create(CreateArgs),
    /// List the tokens
    List {
        /// For scripts
        #[arg(long)]
        json: bool,
    },
    /// Revoke a token
    Revoke {
        /// What it is called
        name: String,
        /// For scripts
        #[arg(long)]
        json: bool,
    },
}

/// Which token to make.
#[derive(Arguments)]
pub(super) struct CreateArgs {
    /// What the trail calls it: letters, digits, `-`, `_`, `.`
    #[arg(long)]
    name: String,
    /// What it may do: `federation_admin`, `help_desk` or `soc`
    #[arg(long)]
    role: String,
    /// The agency of a help desk
    #[arg(long)]
    agency: Option<String>,
    /// For how long: 1 to 366
    #[arg(long, default_value_t = 90)]
    days: u32,
    /// For scripts
    #[arg(long)]
    json: bool,
}

/// Does it.
pub(super) async fn run(path: &Path, command: &TokenCommand) -> Result<(), Ending> {
    let acting = Acting::open(path).await?;
    let done = match command {
        TokenCommand::Create(args) => create(&acting, args).await,
        TokenCommand::List { json } => list(&acting, *json).await,
        TokenCommand::Revoke { name, json } => revoke(&acting, name, *json).await,
    };
    acting.close().await;
    done
}

async fn create(acting: &Acting, args: &CreateArgs) -> Result<(), Ending> {
    let name = fit(&args.name)?;
    if !(1..=MAX_DAYS).contains(&args.days) {
        return Err(Ending::Wrong(format!("--days: 1 to {MAX_DAYS}")));
    }
    let agency: Option<AgencyId> =
        args.agency.as_deref().map(|id| parsed("--agency", id)).transpose()?;
    let role = Role::parse(&args.role, agency).map_err(|error| wrong("--role", &error))?;
    if let Some(agency) = role.agency() {
        let known = acting.store.switches.is_known(&Switched::Agency(agency.clone())).await;
        if !known.map_err(failed)? {
            return Err(Ending::No(Some(format!("there is no agency {agency}"))));
        }
    }
    let life = Lifetime::hours(args.days.saturating_mul(24));
    let wish = Wish { name, role: &role, by: &acting.by, life };
    let token = make(&acting.store, &wish, acting.now).await?;
    let ends = acting.now + life;
    if args.json {
        let told = json!({
            "name": name,
            "role": role.name(),
            "agency": role.agency().map(AgencyId::as_str),
            "expires_at": ends.seconds(),
            "token": token.expose(),
        });
        println!("{told}");
        return Ok(());
    }
    println!("{}", token.expose());
    println!(
        "{name} is a token of the role {} until {}; it is not shown again",
        role.name(),
        at(ends)
    );
    Ok(())
}

/// A token that is to be made.
pub(crate) struct Wish<'a> {
    /// What the trail calls it.
    pub(crate) name: &'a str,
    /// What it may do.
    pub(crate) role: &'a Role,
    /// Who makes it.
    pub(crate) by: &'a str,
    /// For how long.
    pub(crate) life: Lifetime,
}

/// Makes a token.
pub(crate) async fn make(
    store: &idp_store::Store,
    wish: &Wish<'_>,
    now: idp_domain::Timestamp,
) -> Result<Secret<String>, Ending> {
    let token = ApiToken::draw().map_err(|error| Ending::No(Some(error.to_string())))?;
    let hash = api_token::hash(token.shown());
    let hash = hash.ok_or_else(|| Ending::No(Some("a token was not made".to_owned())))?;
    let (name, role, agency) = (wish.name, wish.role, wish.role.agency().cloned());
    let event = AuditEvent::new(AuditKind::ApiTokenChanged, now)
        .because_of("created")
        .with("token", name)
        .with("role", role.name())
        .with("by", wish.by);
    let event = AuditEvent { agency: agency.clone(), ..event };
    let act = PutApiToken {
        hash,
        name: name.to_owned(),
        role: role.name().to_owned(),
        agency,
        created_by: wish.by.to_owned(),
        expires_at: now + wish.life,
        now,
    };
    match store.journal.commit(told(Act::PutApiToken(act), event)).await.map_err(failed)? {
        Outcome::Done => Ok(Secret::new(token.shown().to_owned())),
        _ => Err(Ending::No(Some(format!("there is a token {name} already")))),
    }
}

async fn revoke(acting: &Acting, name: &str, as_json: bool) -> Result<(), Ending> {
    let name = fit(name)?;
    let event = AuditEvent::new(AuditKind::ApiTokenChanged, acting.now);
    let event = acting.signed(event.because_of("revoked").with("token", name));
    let act = Act::RevokeApiToken(RevokeApiToken { name: name.to_owned(), now: acting.now });
    let changed = match acting.store.journal.commit(told(act, event)).await.map_err(failed)? {
        Outcome::Done => true,
        Outcome::Revoked => false,
        _ => return Err(Ending::No(Some(format!("there is no token {name}")))),
    };
    if as_json {
        println!("{}", json!({ "name": name, "changed": changed }));
    } else {
        println!("{name} counts no more");
    }
    Ok(())
}

async fn list(acting: &Acting, as_json: bool) -> Result<(), Ending> {
    let tokens = acting.store.api_tokens.list().await.map_err(failed)?;
    let live = |token: &StoredApiToken| token.is_live(acting.now);
    if as_json {
        let tokens: Vec<_> = tokens.iter().map(|one| machine(one, live(one))).collect();
        println!("{}", json!({ "tokens": tokens }));
        return Ok(());
    }
    for token in &tokens {
        let agency = token.agency.as_ref().map(|agency| format!(" of {agency}"));
        let used = token
            .used_at
            .map_or_else(|| "never used".to_owned(), |time| format!("last used {}", at(time)));
        let until = match token.revoked_at {
            Some(time) => format!("revoked {}", at(time)),
            None if live(token) => format!("until {}", at(token.expires_at)),
            None => format!("over since {}", at(token.expires_at)),
        };
        let (name, role) = (&token.name, &token.role);
        println!("{name}: {role}{}, {until}, {used}", agency.unwrap_or_default());
    }
    if tokens.is_empty() {
        println!("there are no tokens");
    }
    Ok(())
}

fn told(act: Act, event: AuditEvent) -> Unit {
    Unit::telling(act, move |outcome| match outcome {
        Outcome::Done => vec![event.clone()],
        _ => Vec::new(),
    })
}

fn machine(token: &StoredApiToken, live: bool) -> Value {
    json!({
        "name": token.name,
        "role": token.role,
        "agency": token.agency.as_ref().map(AgencyId::as_str),
        "created_by": token.created_by,
        "created_at": token.created_at.seconds(),
        "expires_at": token.expires_at.seconds(),
        "revoked_at": token.revoked_at.map(idp_domain::Timestamp::seconds),
        "used_at": token.used_at.map(idp_domain::Timestamp::seconds),
        "live": live,
    })
}

fn fit(name: &str) -> Result<&str, Ending> {
    let fits = |one: char| one.is_ascii_alphanumeric() || "-_.".contains(one);
    if name.is_empty() || name.len() > MAX_NAME || !name.chars().all(fits) {
        let text = format!("a name is 1 to {MAX_NAME} letters, digits, `-`, `_` and `.`");
        return Err(Ending::Wrong(text));
    }
    Ok(name)
}
