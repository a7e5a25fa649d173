//! `idp conformance`: a registered peer by the clauses of a profile.

use std::{
    io::{self, BufWriter, ErrorKind, IsTerminal, Write},
    path::Path,
};

use clap::{Args as Arguments, ValueEnum};
use idp_domain::{RelyingPartyId, SourceId};
use idp_saml::conformance::{Finding, PROFILE, Report, Verdict, Whose};
use serde_json::{Value, json};

use super::{Ending, one_line, settings};
use crate::{
    clock,
    federation::conformance::{Court, Judged, Unjudged},
    node::Memory,
};

/// By what, and whom.
#[derive(Arguments)]
pub(super) struct Args {
    /// The profile
    #[arg(value_enum)]
    profile: Profile,
    /// The relying party of kind saml
    #[arg(long, value_name = "ID", conflicts_with = "source", required_unless_present = "source")]
    relying_party: Option<RelyingPartyId>,
    /// The source of kind saml
    #[arg(long, value_name = "ID")]
    source: Option<SourceId>,
    /// For scripts
    #[arg(long)]
    json: bool,
}

/// A profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Profile {
    /// SAML V2.0 Deployment Profile for Federation Interoperability 2.0
    #[value(name = "saml2int")]
    SamlInteroperability,
}

impl From<Unjudged> for Ending {
    fn from(error: Unjudged) -> Self {
        let text = one_line(&error);
        match error {
            Unjudged::Unknown(_) | Unjudged::Unfit { .. } => Self::No(Some(text)),
            Unjudged::Nobody(_)
            | Unjudged::OtherDialect(_)
            | Unjudged::Entry(_)
            | Unjudged::Store(_) => Self::Wrong(text),
        }
    }
}

/// Judges, and tells what was found; ends with a no where something is not held.
pub(super) async fn run(path: &Path, args: &Args) -> Result<(), Ending> {
    let Profile::SamlInteroperability = args.profile;
    let settings = settings(path)?;
    let now = clock::now();
    let store = Memory::unchecked(&settings, now)?.store;
    let checked = store.db.check_version().await;
    checked.map_err(|error| Ending::Wrong(one_line(&error)))?;
    let court = Court::open(&store, settings.loopback_peers, now).await.map_err(Unjudged::from)?;
    let (entry, judged) = match (&args.relying_party, &args.source) {
        (Some(id), _) => (format!("relying_parties/{id}"), court.relying_party(id).await),
        (None, Some(id)) => (format!("sources/{id}"), court.source(id).await),
        (None, None) => return Err(Ending::Wrong("name a relying party or a source".to_owned())),
    };
    store.close().await;
    let judged = judged?;
    show(&entry, &judged, args.json)
        .map_err(|error| Ending::No(Some(format!("standard output: {error}"))))?;
    if judged.report.count(Verdict::NotHeld) > 0 { Err(Ending::No(None)) } else { Ok(()) }
}

fn show(entry: &str, judged: &Judged, as_json: bool) -> io::Result<()> {
    let stdout = io::stdout().lock();
    let colored = stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let mut out = BufWriter::new(stdout);
    let written = if as_json {
        writeln!(out, "{}", machine(entry, judged))
    } else {
        people(&mut out, entry, judged, colored)
    };
    // Whoever reads may have enough before we are done.
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

fn machine(entry: &str, Judged { entity_id, report }: &Judged) -> Value {
    let clause = |finding: &Finding| {
        let mut line = json!(finding);
        if let (Some(clause), Some(line)) = (finding.text(), line.as_object_mut()) {
            line.insert("level".to_owned(), json!(clause.level));
            line.insert("says".to_owned(), json!(clause.says));
        }
        line
    };
    json!({
        "profile": PROFILE,
        "entry": entry,
        "entity_id": entity_id,
        "clauses": report.clauses.iter().map(clause).collect::<Vec<_>>(),
        "beyond": report.beyond.iter().map(clause).collect::<Vec<_>>(),
        "held": report.count(Verdict::Held),
        "not_held": report.count(Verdict::NotHeld),
        "cannot_tell": report.count(Verdict::CannotTell),
    })
}

fn people(
    out: &mut impl Write,
    entry: &str,
    Judged { entity_id, report }: &Judged,
    colored: bool,
) -> io::Result<()> {
    writeln!(out, "{PROFILE}: {entry}, {entity_id}")?;
    let of = |whose| report.clauses.iter().filter(move |finding| finding.whose == whose);
    for (title, findings) in [
        ("What it keeps", of(Whose::Peer).collect::<Vec<_>>()),
        ("What is kept towards it", of(Whose::Ours).collect()),
        ("Beyond the profile", report.beyond.iter().collect()),
    ] {
        writeln!(out, "\n{title}\n")?;
        for finding in findings {
            line(out, finding, colored)?;
        }
    }
    writeln!(out, "\n{}", totals(report))
}

/// Two lines: which clause and how it stands, then what was found and what to do.
fn line(out: &mut impl Write, finding: &Finding, colored: bool) -> io::Result<()> {
    let Finding { clause, verdict, found, advice, .. } = finding;
    let color = match verdict {
        Verdict::Held => "32",
        Verdict::NotHeld => "31",
        Verdict::CannotTell => "33",
    };
    let word = format!("{:<11}", verdict.as_str());
    let word = if colored { format!("\u{1b}[{color}m{word}\u{1b}[0m") } else { word };
    let (clause, says) = match finding.text() {
        Some(full) => (*clause, full.says.as_str()),
        None => ("", *clause),
    };
    writeln!(out, "{clause:<9}  {word}  {says}")?;
    let advice = advice.as_deref().map_or_else(String::new, |advice| format!(". {advice}"));
    writeln!(out, "{:24}{found}{advice}", "")
}

fn totals(report: &Report) -> String {
    let [held, not_held, cannot_tell] =
        [Verdict::Held, Verdict::NotHeld, Verdict::CannotTell].map(|verdict| report.count(verdict));
    format!("{held} held, {not_held} not held, {cannot_tell} cannot be told")
}

#[cfg(test)]
mod tests;
