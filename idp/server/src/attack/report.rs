//! What became of the messages: a line each, for people and for scripts, and a sum.

use std::{fmt, time::Duration};

use idp_domain::SourceId;
use serde_json::{Value, json};
use url::Url;

use super::{Verdict, browser::Seen, catalogue::Entry, html};

/// What became of one message.
pub(crate) struct Line {
    id: &'static str,
    what: &'static str,
    fate: Fate,
}

enum Fate {
    /// It was not played, for this reason.
    Skipped(&'static str),
    /// It was played.
    Played {
        verdict: Verdict,
        /// The status of the last answer; none if there was no answer.
        status: Option<u16>,
        /// The word that the node's page says it with.
        code: Option<String>,
        /// The number by which the node's trail and log know it.
        reference: Option<String>,
        took: Duration,
    },
}

impl Line {
    pub(super) fn judged(entry: &Entry, verdict: Verdict, seen: &[Seen], took: Duration) -> Self {
        let last = seen.last();
        let fate = Fate::Played {
            verdict,
            status: last.map(|last| last.status),
            code: last.and_then(|last| html::code(&last.body)).map(str::to_owned),
            reference: last.and_then(|last| html::reference(&last.body)).map(str::to_owned),
            took,
        };
        Self { id: entry.id, what: entry.what, fate }
    }

    pub(super) fn unclear(entry: &Entry, why: String) -> Self {
        Self::judged(entry, Verdict::Unclear(why), &[], Duration::ZERO)
    }

    pub(super) fn skipped(entry: &Entry, why: &'static str) -> Self {
        Self { id: entry.id, what: entry.what, fate: Fate::Skipped(why) }
    }

    /// The verdict as one word, and why.
    fn verdict(&self) -> (&'static str, Option<&str>) {
        match &self.fate {
            Fate::Skipped(why) => ("not_played", Some(why)),
            Fate::Played { verdict: Verdict::Refused, .. } => ("refused", None),
            Fate::Played { verdict: Verdict::Accepted(how), .. } => ("accepted", Some(how)),
            Fate::Played { verdict: Verdict::Unclear(why), .. } => ("unclear", Some(why)),
        }
    }

    fn json(&self) -> Value {
        let Self { id, what, fate } = self;
        let (verdict, why) = self.verdict();
        match fate {
            Fate::Skipped(_) => json!({ "id": id, "what": what, "verdict": verdict, "why": why }),
            Fate::Played { status, code, reference, took, .. } => json!({
                "id": id,
                "what": what,
                "verdict": verdict,
                "why": why,
                "status": status,
                "code": code,
                "reference": reference,
                "milliseconds": took.as_millis(),
            }),
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (verdict, why) = self.verdict();
        let verdict = match verdict {
            "refused" => verdict.to_owned(),
            // What needs a look should catch the eye.
            other => other.replace('_', " ").to_uppercase(),
        };
        write!(f, "{:6} {verdict:10} {}", self.id, self.what)?;
        if let Some(why) = why {
            write!(f, ": {why}")?;
        }
        if let Fate::Played { status: Some(status), code, reference, took, .. } = &self.fate {
            write!(f, " ({status}")?;
            for word in [code, reference].into_iter().flatten() {
                write!(f, " {word}")?;
            }
            write!(f, ", {} ms)", took.as_millis())?;
        }
        Ok(())
    }
}

/// What became of all of them.
#[derive(Default)]
pub(crate) struct Report {
    lines: Vec<Line>,
}

impl Report {
    pub(super) fn add(&mut self, line: Line) {
        self.lines.push(line);
    }

    fn count(&self, of: impl Fn(&Fate) -> bool) -> usize {
        self.lines.iter().filter(|line| of(&line.fate)).count()
    }

    fn refused(&self) -> usize {
        self.count(|fate| matches!(fate, Fate::Played { verdict: Verdict::Refused, .. }))
    }

    fn accepted(&self) -> usize {
        self.count(|fate| matches!(fate, Fate::Played { verdict: Verdict::Accepted(_), .. }))
    }

    fn unclear(&self) -> usize {
        self.count(|fate| matches!(fate, Fate::Played { verdict: Verdict::Unclear(_), .. }))
    }

    fn skipped(&self) -> usize {
        self.count(|fate| matches!(fate, Fate::Skipped(_)))
    }

    /// Whether every message that was played was refused, and any was played.
    pub(crate) fn is_clean(&self) -> bool {
        self.refused() > 0 && self.accepted() + self.unclear() == 0
    }

    /// For scripts: what was attacked, whether answers came to logins, and all of this.
    pub(crate) fn json(&self, base: &Url, source: Option<&SourceId>, heard: bool) -> Value {
        json!({
            "base_url": base,
            "source": source,
            "logins_begun": heard,
            "refused": self.refused(),
            "accepted": self.accepted(),
            "unclear": self.unclear(),
            "not_played": self.skipped(),
            "messages": self.lines.iter().map(Line::json).collect::<Vec<_>>(),
        })
    }
}

impl fmt::Display for Report {
    /// The sum.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} forged messages refused, {} accepted", self.refused(), self.accepted())?;
        if self.unclear() > 0 {
            write!(f, ", {} without a clear answer", self.unclear())?;
        }
        if self.skipped() > 0 {
            write!(f, ", {} not played", self.skipped())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use expect_test::expect;

    use super::{Line, Report, Verdict};
    use crate::attack::{browser::Seen, catalogue};

    fn seen(status: u16, body: &str) -> Seen {
        Seen { status, location: None, cookies: vec![], body: body.to_owned() }
    }

    fn report(verdicts: Vec<(Verdict, Seen)>) -> Report {
        let mut report = Report::default();
        for (entry, (verdict, seen)) in catalogue::all().zip(verdicts) {
            report.add(Line::judged(entry, verdict, &[seen], Duration::from_millis(7)));
        }
        report
    }

    fn said(report: &Report) -> String {
        let lines: Vec<_> = report.lines.iter().map(|line| format!("{line}\n")).collect();
        format!("{}{report}\n", lines.concat())
    }

    #[test]
    fn one_line_a_message_and_a_sum() {
        let page = "<code>source_misbehaved</code><code>7Q2M-0ABC-ZZ99</code>";
        let mut report = report(vec![
            (Verdict::Refused, seen(403, page)),
            (Verdict::Accepted("sets the cookie x".to_owned()), seen(303, "")),
            (Verdict::Unclear("the node failed".to_owned()), seen(500, "")),
        ]);
        let entry = catalogue::all().next().unwrap();
        report.add(Line::skipped(entry, "the node has no such endpoint"));
        report.add(Line::unclear(entry, "\"sso.example\" did not answer".to_owned()));
        expect![[r#"
            XML-01 refused    a file as an external entity (403 source_misbehaved 7Q2M-0ABC-ZZ99, 7 ms)
            XML-01 ACCEPTED   the same in a request by form: sets the cookie x (303, 7 ms)
            XML-01 UNCLEAR    the same in a request by address: the node failed (500, 7 ms)
            XML-01 NOT PLAYED a file as an external entity: the node has no such endpoint
            XML-01 UNCLEAR    a file as an external entity: "sso.example" did not answer
            1 forged messages refused, 1 accepted, 2 without a clear answer, 1 not played
        "#]]
        .assert_eq(&said(&report));
        let json = report.json(&"https://sso.example".parse().unwrap(), None, false);
        assert_eq!(json["messages"][0]["reference"], "7Q2M-0ABC-ZZ99");
        assert_eq!(json["messages"][1]["verdict"], "accepted");
        assert_eq!(
            [&json["refused"], &json["accepted"], &json["unclear"], &json["not_played"]],
            [1, 1, 2, 1]
        );
    }

    #[test]
    fn only_refusals_are_clean_and_nothing_at_all_is_not() {
        let refused = || (Verdict::Refused, seen(403, ""));
        let how = || "how".to_owned();
        assert!(report(vec![refused(), refused()]).is_clean());
        assert!(!report(vec![]).is_clean());
        assert!(!report(vec![refused(), (Verdict::Accepted(how()), seen(200, ""))]).is_clean());
        assert!(!report(vec![refused(), (Verdict::Unclear(how()), seen(500, ""))]).is_clean());
    }
}
