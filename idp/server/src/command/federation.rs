//! `idp plan`, `idp apply`, `idp export`: the federation as a file.

use std::{
    io::{self, BufWriter, ErrorKind, IsTerminal, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Args as Arguments;
use idp_factors::password::Hasher;
use idp_store::{Db, Store, StoreError, store::Node as StoreNode};
use serde_json::json;

use super::{Ending, one_line, settings};
use crate::{
    clock,
    federation::{
        ApplyError, Context, Plan,
        apply::prepare,
        export::{self, ExportError, Format},
        plan::Action,
        read,
    },
    node::{Memory, StartError},
    settings::Settings,
};

/// After how long a person is told that something is happening.
const SILENCE: Duration = Duration::from_secs(2);
/// The most errors that are shown at once.
const SHOWN: usize = 50;

/// What would change.
#[derive(Arguments)]
pub(super) struct PlanArgs {
    /// The federation file: .yaml, .json or .toml
    file: PathBuf,
    /// Remove what the file does not name
    #[arg(long)]
    prune: bool,
    /// For scripts
    #[arg(long)]
    json: bool,
    /// Exit with status 1 if anything would change
    #[arg(long)]
    exit_code: bool,
}

/// What shall change.
#[derive(Arguments)]
pub(super) struct ApplyArgs {
    /// The federation file: .yaml, .json or .toml
    file: PathBuf,
    /// Remove what the file does not name
    #[arg(long)]
    prune: bool,
    /// For scripts
    #[arg(long)]
    json: bool,
}

/// How to write what is.
#[derive(Arguments)]
pub(super) struct ExportArgs {
    /// The format; that of the output's name, else YAML
    #[arg(long)]
    format: Option<Format>,
    /// The file to write; standard output if absent
    #[arg(long, short)]
    output: Option<PathBuf>,
}

impl From<ApplyError> for Ending {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Refused(errors) => {
                let shown = errors.iter().take(SHOWN).map(ToString::to_string);
                let mut lines: Vec<_> = shown.collect();
                if errors.len() > 1 {
                    lines.push(format!("{} errors; nothing was changed", errors.len()));
                }
                Self::Wrong(lines.join("\n"))
            }
            error @ (ApplyError::Conflict | ApplyError::Accounts { .. }) => {
                Self::No(Some(error.to_string()))
            }
            error => Self::Wrong(one_line(&error)),
        }
    }
}

/// Shows what applying the file would change; writes nothing.
pub(super) async fn plan(config: &Path, args: &PlanArgs) -> Result<(), Ending> {
    let file = read::read(&args.file).map_err(wrong)?;
    let context = open(config, Unmade::Imagine).await?;
    let prepared = told(prepare(&context, file, args.prune)).await?;
    context.store.close().await;
    show(&prepared.plan, args.json, "to do").map_err(unwritten)?;
    if args.exit_code && !prepared.plan.is_empty() {
        return Err(Ending::No(None));
    }
    Ok(())
}

/// Applies the file.
pub(super) async fn apply(config: &Path, args: &ApplyArgs) -> Result<(), Ending> {
    let file = read::read(&args.file).map_err(wrong)?;
    let context = open(config, Unmade::Make).await?;
    let done = told(context.apply(file, args.prune)).await;
    context.store.close().await;
    show(&done?, args.json, "done").map_err(unwritten)
}

/// Writes the federation as a file.
pub(super) async fn export(config: &Path, args: &ExportArgs) -> Result<(), Ending> {
    let context = open(config, Unmade::Imagine).await?;
    let catalog = context.store.federation.load().await.map_err(wrong)?;
    context.store.close().await;
    let named = args.output.as_deref().and_then(Path::extension);
    let format = args.format.unwrap_or(match named.and_then(|name| name.to_str()) {
        Some("json") => Format::Json,
        Some("toml") => Format::Toml,
        _ => Format::Yaml,
    });
    let text = export::file(catalog).and_then(|file| export::write(&file, format));
    let text = text.map_err(|error: ExportError| wrong(error))?;
    match &args.output {
        None => piped(io::stdout().lock().write_all(text.as_bytes())).map_err(unwritten),
        Some(path) => std::fs::write(path, text)
            .map_err(|error| Ending::Wrong(format!("{}: {error}", path.display()))),
    }
}

/// What to do about a database without tables.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unmade {
    /// Make them.
    Make,
    /// Go by an empty one in memory, and write nothing.
    Imagine,
}

async fn open(config: &Path, unmade: Unmade) -> Result<Context, Ending> {
    let settings = settings(config)?;
    let Memory { mut store, sealer, .. } = Memory::unchecked(&settings, clock::now())?;
    match store.db.check_version().await {
        Err(StoreError::OlderDatabase { found: 0, .. }) if unmade == Unmade::Make => {
            store.db.migrate().await.map_err(wrong)?;
        }
        Err(StoreError::OlderDatabase { found: 0, .. }) => {
            store.close().await;
            store = imagined(&settings).await.map_err(wrong)?;
        }
        checked => checked.map_err(wrong)?,
    }
    let hasher = Hasher::start(settings.hashing).map_err(StartError::Hasher)?;
    let folder = config.parent().map(Path::to_owned).unwrap_or_default();
    Ok(Context {
        store,
        sealer,
        hasher,
        issuer: settings.issuer.as_str().to_owned(),
        loopback_peers: settings.loopback_peers,
        now: clock::now(),
        clock: clock::now,
        config_folder: folder,
    })
}

async fn imagined(settings: &Settings) -> Result<Store, StoreError> {
    let db = Db::connect("sqlite::memory:")?;
    db.migrate().await?;
    let node = StoreNode {
        name: settings.mark.clone(),
        token_lifetime: idp_domain::Lifetime::hours(1),
        now: clock::now(),
    };
    Store::start(db, &node)
}

/// Does `work`, and tells a person who waits for it that it goes on.
async fn told<T>(work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    tokio::select! {
        done = &mut work => return done,
        () = tokio::time::sleep(SILENCE) => {}
    }
    if io::stderr().is_terminal() {
        eprintln!("idp: still at work; new passwords take their time");
    }
    work.await
}

/// Shows the plan: one line a change, or one JSON object.
fn show(plan: &Plan, as_json: bool, state: &str) -> io::Result<()> {
    let stdout = io::stdout().lock();
    let colored = stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let mut out = BufWriter::new(stdout);
    let written =
        if as_json { machine(&mut out, plan) } else { people(&mut out, plan, colored, state) };
    piped(written.and_then(|()| out.flush()))
}

fn machine(out: &mut impl Write, plan: &Plan) -> io::Result<()> {
    let [created, updated, removed] = plan.counts();
    let line = json!({
        "changes": plan.changes,
        "accounts": plan.accounts,
        "created": created,
        "updated": updated,
        "removed": removed,
    });
    writeln!(out, "{line}")
}

fn people(out: &mut impl Write, plan: &Plan, colored: bool, state: &str) -> io::Result<()> {
    let mut line = |sign: char, what: &str, means: &str| {
        let color = match sign {
            '+' => "32",
            '-' => "31",
            _ => "33",
        };
        let between = if means.is_empty() { "" } else { ": " };
        if colored {
            writeln!(out, "\u{1b}[{color}m{sign} {what}\u{1b}[0m{between}{means}")
        } else {
            writeln!(out, "{sign} {what}{between}{means}")
        }
    };
    for change in &plan.changes {
        let entry = format!("{}/{}", change.kind.section(), change.id);
        let means = change.means.join("; ");
        match &change.action {
            Action::Create => line('+', &entry, &means)?,
            Action::Update(keys) => line('~', &format!("{entry} ({})", keys.join(", ")), &means)?,
            Action::Remove => line('-', &entry, &means)?,
        }
    }
    for count in &plan.accounts {
        let means = format!("{} new, {} changed", count.created, count.updated);
        line('~', &format!("sources/{} (accounts)", count.source), &means)?;
    }
    let [created, updated, removed] = plan.counts();
    if plan.is_empty() {
        return writeln!(out, "nothing to do: the federation is as the file says");
    }
    let accounts: usize = plan.accounts.iter().map(|count| count.created + count.updated).sum();
    write!(out, "{state}: {created} new, {updated} changed, {removed} removed")?;
    if accounts > 0 {
        let plural = if accounts == 1 { "" } else { "s" };
        write!(out, ", {accounts} local account{plural}")?;
    }
    writeln!(out)
}

/// Whoever reads may have enough before we are done.
fn piped(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` calls")]
fn unwritten(error: io::Error) -> Ending {
    Ending::No(Some(format!("standard output: {error}")))
}

fn wrong<E: std::error::Error + 'static>(error: E) -> Ending {
    Ending::Wrong(one_line(&error))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::{Ending, Plan, machine, people};
    use crate::federation::{
        ApplyError, FederationError,
        accounts::AccountCount,
        error::Problem,
        plan::{Action, Change, EntryKind},
    };

    fn plan() -> Plan {
        let change = |kind, id: &str, action, means: &[&str]| Change {
            kind,
            id: id.to_owned(),
            action,
            means: means.iter().map(|text| (*text).to_owned()).collect(),
        };
        let keys = vec!["domains".to_owned(), "scopes".to_owned()];
        Plan {
            changes: vec![
                change(EntryKind::Agency, "una", Action::Update(keys), &["one", "two"]),
                change(EntryKind::Source, "new", Action::Create, &[]),
                change(EntryKind::RelyingParty, "old", Action::Remove, &["gone"]),
            ],
            accounts: vec![AccountCount { source: "new".to_owned(), created: 1, updated: 0 }],
        }
    }

    fn said(plan: &Plan, colored: bool) -> String {
        let mut out = Vec::new();
        people(&mut out, plan, colored, "to do").unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_plan_is_one_line_a_change_and_a_sum() {
        expect![[r"
            ~ agencies/una (domains, scopes): one; two
            + sources/new
            - relying_parties/old: gone
            ~ sources/new (accounts): 1 new, 0 changed
            to do: 1 new, 1 changed, 1 removed, 1 local account
        "]]
        .assert_eq(&said(&plan(), false));
        expect![[r"
            nothing to do: the federation is as the file says
        "]]
        .assert_eq(&said(&Plan::default(), false));
        assert!(
            said(&plan(), true)
                .starts_with("\u{1b}[33m~ agencies/una (domains, scopes)\u{1b}[0m: ")
        );
    }

    #[test]
    fn a_plan_for_machines_is_one_line_of_json() {
        let mut out = Vec::new();
        machine(&mut out, &plan()).unwrap();
        let read: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert!(out.ends_with(b"}\n") && !out.trim_ascii_end().contains(&b'\n'));
        assert_eq!(
            read["changes"][0],
            serde_json::json!({
                "kind": "agency", "id": "una", "action": {"update": ["domains", "scopes"]},
                "means": ["one", "two"],
            })
        );
        assert_eq!(read["changes"][1]["action"], "create");
        assert_eq!(read["changes"][2]["action"], "remove");
        assert_eq!(read["accounts"][0]["source"], "new");
        assert_eq!([&read["created"], &read["updated"], &read["removed"]], [1, 1, 1]);
    }

    #[test]
    fn errors_are_a_line_each_and_counted_and_a_conflict_is_a_no() {
        let error = |id: &str| {
            FederationError::entry(EntryKind::Agency, id, Problem::new("names", "it is empty"))
        };
        let said = |errors| match Ending::from(ApplyError::Refused(errors)) {
            Ending::Wrong(text) => text,
            other @ Ending::No(_) => panic!("{other:?}"),
        };
        assert_eq!(said(vec![error("a")]), "agencies/a: names: it is empty");
        expect![[r"
            agencies/a: names: it is empty
            agencies/b: names: it is empty
            2 errors; nothing was changed"]]
        .assert_eq(&said(vec![error("a"), error("b")]));
        let many = said((0..500).map(|n| error(&n.to_string())).collect());
        assert!(many.lines().count() == 51 && many.ends_with("500 errors; nothing was changed"));
        assert!(matches!(Ending::from(ApplyError::Conflict), Ending::No(Some(_))));
    }
}
