//! `idp attack-test`: forged messages against a running node, and how it takes them.

use std::{
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use clap::Args as Arguments;
use idp_domain::SourceId;
use idp_fetch::{Fetcher, Policy};
use url::Url;

use super::{Ending, one_line, settings};
use crate::{
    attack::{Attack, AttackError, Line, Wish},
    clock,
};

/// After how long a person is told that something is happening.
const SILENCE: Duration = Duration::from_secs(2);

/// What to attack, and what the attacker knows of it.
#[derive(Arguments)]
pub(super) struct Args {
    /// The source, of kind saml, whose answers are forged; without it only requests are
    #[arg(long, value_name = "ID")]
    source: Option<SourceId>,
    /// A relying party of OpenID Connect, for which logins are begun, so that messages are answers
    #[arg(long, value_name = "ID", requires = "redirect_uri")]
    relying_party: Option<String>,
    /// Where that relying party is answered, as it is registered
    #[arg(long, value_name = "URI", requires = "relying_party")]
    redirect_uri: Option<Url>,
    /// A service provider in whose name requests are forged; logins are begun for it if it need
    /// not sign and no relying party is named
    #[arg(long, value_name = "ENTITY_ID")]
    service_provider: Option<String>,
    /// The entity id of the source's agency, which forgeries name as their issuer; if absent, that
    /// of the response, else a guess
    #[arg(long, value_name = "ENTITY_ID", requires = "source")]
    issuer: Option<String>,
    /// A response that the source's agency has really sent, to be wrapped: XML or base64
    #[arg(long, value_name = "FILE", requires = "source")]
    response: Option<PathBuf>,
    /// For scripts
    #[arg(long)]
    json: bool,
}

impl From<AttackError> for Ending {
    fn from(error: AttackError) -> Self {
        Self::Wrong(one_line(&error))
    }
}

/// Attacks.
pub(super) async fn run(path: &Path, args: Args) -> Result<(), Ending> {
    let settings = settings(path)?;
    let base = settings.base_url.clone();
    let agent = concat!("laissez-passer-attack-test/", env!("CARGO_PKG_VERSION"));
    let policy = Policy { user_agent: agent.to_owned(), ..settings.outbound };
    let fetcher = Fetcher::towards_ourselves(policy, &base)
        .map_err(|error| Ending::Wrong(one_line(&error)))?;
    let wish = Wish {
        base: base.clone(),
        source: args.source.clone(),
        relying_party: args.relying_party.zip(args.redirect_uri),
        service_provider: args.service_provider,
        issuer: args.issuer,
        response: args.response,
    };
    let attack = Attack::prepare(wish, fetcher, clock::now).await?;
    let heard = attack.is_heard().await;
    if !args.json {
        say(&introduction(&base, args.source.as_ref(), heard.as_ref(), attack.knows_the_issuer()))?;
    }
    let mut progress = Progress::new(attack.count(), args.json);
    let mut failed = None;
    let tell = |line: &Line| {
        progress.step();
        if !args.json && failed.is_none() {
            failed = say(&line.to_string()).err();
        }
    };
    let is_heard = matches!(heard, Some(Ok(())));
    let report = attack.play(is_heard, tell).await?;
    progress.end();
    if let Some(error) = failed {
        return Err(error);
    }
    if args.json {
        say(&report.json(&base, args.source.as_ref(), is_heard).to_string())?;
    } else {
        say(&report.to_string())?;
    }
    if report.is_clean() { Ok(()) } else { Err(Ending::No(None)) }
}

fn introduction(
    base: &Url,
    source: Option<&SourceId>,
    heard: Option<&Result<(), String>>,
    knows_the_issuer: bool,
) -> String {
    let Some(source) = source else { return format!("{base}: requests and logouts") };
    match heard {
        Some(Err(why)) => format!(
            "{base}: source {source}; no login is begun ({why}), so that answers come unasked: \
             the node may refuse them before it reads them"
        ),
        _ if !knows_the_issuer => format!(
            "{base}: source {source}; each answer comes to a login of its own, but the agency's \
             entity id is guessed: without --issuer the node may refuse them for that alone"
        ),
        _ => format!("{base}: source {source}; each answer comes to a login of its own"),
    }
}

/// Whoever reads may have enough before all is said; that is no reason to stop in the middle.
fn say(text: &str) -> Result<(), Ending> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Ending::Wrong(format!("standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Tells a person at a terminal how far it has come, where the lines themselves do not.
struct Progress {
    count: usize,
    done: usize,
    since: Instant,
    is_wanted: bool,
    is_shown: bool,
}

impl Progress {
    fn new(count: usize, as_json: bool) -> Self {
        let lines_are_seen = !as_json && io::stdout().is_terminal();
        let is_wanted = io::stderr().is_terminal() && !lines_are_seen;
        Self { count, done: 0, since: Instant::now(), is_wanted, is_shown: false }
    }

    fn step(&mut self) {
        self.done += 1;
        if self.is_wanted && self.since.elapsed() > SILENCE {
            eprint!("\ridp: {} of {} messages", self.done, self.count);
            self.is_shown = true;
        }
    }

    fn end(&self) {
        if self.is_shown {
            eprintln!();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::introduction;

    #[test]
    fn whether_answers_are_heard_is_said_before_anything_is_sent() {
        let base = "https://sso.example/".parse().unwrap();
        let source = "una".parse().unwrap();
        let why = Err("no relying party is named".to_owned());
        assert_eq!(
            introduction(&base, Some(&source), Some(&Ok(())), true),
            "https://sso.example/: source una; each answer comes to a login of its own"
        );
        let unheard = introduction(&base, Some(&source), Some(&why), true);
        assert!(unheard.contains("no login is begun (no relying party is named)"), "{unheard}");
        let guessed = introduction(&base, Some(&source), Some(&Ok(())), false);
        assert!(guessed.contains("guessed: without --issuer"), "{guessed}");
        assert_eq!(
            introduction(&base, None, None, false),
            "https://sso.example/: requests and logouts"
        );
    }
}
