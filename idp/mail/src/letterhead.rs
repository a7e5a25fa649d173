//! Writes a letter: what it says, part by part, not yet as plain text or HTML.
//!
//! The subject holds words of the theme alone, and no letter has a link but the two to the
//! account of its reader, whatever was done there and whatever it is called.

use idp_domain::{
    AccountId, Lang, Timestamp,
    factor::FactorKind,
    letter::{Letter, LetterKind},
};
use time::OffsetDateTime;

use crate::{
    foreign,
    words::{Inset, MissingWords, Sentence, Words},
};

/// What all letters have in common.
#[derive(Clone, Debug)]
pub struct Letterhead {
    product: String,
    base_url: String,
    support: Option<String>,
    words: Words,
}

/// A letter that is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// Its language.
    pub(crate) lang: Lang,
    /// The subject, which is also the heading.
    pub(crate) subject: String,
    /// Who writes.
    pub(crate) product: String,
    /// What it says, in order.
    pub(crate) parts: Vec<Part>,
}

/// A part of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A paragraph.
    Paragraph(Sentence),
    /// A heading inside the letter.
    Heading(Sentence),
    /// What happened, each fact with its label.
    Facts(Vec<(Sentence, Sentence)>),
    /// An address of the broker.
    Link(String),
    /// A paragraph of lesser weight.
    Small(Sentence),
}

impl Letterhead {
    /// Letters of `product`, whose address is `base_url` (without a path), and where `support` is
    /// the mail address for people who need help.
    ///
    /// Writes one letter of each kind in each language, so that words that do not work stop the
    /// start and not a letter.
    pub fn new(
        product: &str,
        base_url: &str,
        support: Option<&str>,
        words: Words,
    ) -> Result<Self, MissingWords> {
        let letterhead = Self {
            product: product.replace(char::is_control, " "),
            base_url: base_url.trim_end_matches('/').to_owned(),
            support: support.map(str::to_owned),
            words,
        };
        for lang in Lang::ALL {
            for kind in every_kind() {
                letterhead.write(&sample(lang, kind))?;
            }
        }
        Ok(letterhead)
    }

    /// Writes `letter`.
    pub(crate) fn write(&self, letter: &Letter) -> Result<Written, MissingWords> {
        let about = about(&letter.kind);
        let pen = Pen { words: &self.words, lang: letter.lang };
        let mut parts = vec![
            Part::Paragraph(pen.say(&format!("letter-{about}-lead"))?),
            Part::Facts(pen.facts(letter)?),
            Part::Paragraph(pen.say(&format!("letter-{about}-advice"))?),
            Part::Paragraph(pen.say("letter-account")?),
            Part::Link(format!("{}/account", self.base_url)),
            Part::Heading(pen.say("letter-not-you")?),
        ];
        if letter.kind == LetterKind::Disputed {
            parts.push(Part::Paragraph(pen.say("letter-not-you-reported")?));
        } else {
            parts.push(Part::Paragraph(pen.say("letter-not-you-report")?));
            parts.push(Part::Link(format!("{}/account/not-me", self.base_url)));
        }
        if let Some(support) = &self.support {
            let inset = [("support", Inset::Text(support.clone()))];
            parts.push(Part::Paragraph(pen.fill("letter-support", &inset)?));
        }
        let product = [("product", Inset::Text(self.product.clone()))];
        parts.push(Part::Small(pen.fill("letter-foot", &product)?));
        parts.push(Part::Small(pen.say("letter-doubt")?));
        let subject = pen.say(&format!("letter-{about}-subject"))?.plain(letter.lang);
        Ok(Written { lang: letter.lang, subject, product: self.product.clone(), parts })
    }

    /// The broker's name.
    pub(crate) fn product(&self) -> &str {
        &self.product
    }
}

/// Writes in one language.
struct Pen<'a> {
    words: &'a Words,
    lang: Lang,
}

impl Pen<'_> {
    fn say(&self, key: &str) -> Result<Sentence, MissingWords> {
        self.fill(key, &[])
    }

    fn fill(&self, key: &str, insets: &[(&str, Inset)]) -> Result<Sentence, MissingWords> {
        self.words.sentence(self.lang, key, insets)
    }

    fn facts(&self, letter: &Letter) -> Result<Vec<(Sentence, Sentence)>, MissingWords> {
        let mut facts = Vec::new();
        let (factor, name) = method(&letter.kind);
        if let Some(factor) = factor {
            let key = format!("letter-method-{}", factor.as_str().replace('_', "-"));
            facts.push((self.say("letter-method")?, self.say(&key)?));
        }
        if let Some(name) = name.and_then(foreign::name) {
            facts.push((self.say("letter-name")?, Sentence::foreign(name)));
        }
        if let LetterKind::RecoveryCodeUsed { left } = letter.kind {
            facts.push((self.say("letter-codes-left")?, Sentence::foreign(left.to_string())));
        }
        facts.push((self.say("letter-time")?, self.time(letter.at)?));
        if let Some(address) = foreign::address(&letter.address) {
            facts.push((self.say("letter-address")?, Sentence::foreign(address)));
        }
        if let Some(reference) = foreign::reference(&letter.reference) {
            facts.push((self.say("letter-reference")?, Sentence::foreign(reference)));
        }
        Ok(facts)
    }

    /// An instant in UTC, as it is written in the language.
    fn time(&self, at: Timestamp) -> Result<Sentence, MissingWords> {
        let at =
            OffsetDateTime::from_unix_timestamp(at.seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let clock = format!("{:02}:{:02}", at.hour(), at.minute());
        self.fill(
            "letter-when",
            &[
                ("day", Inset::Count(at.day().into())),
                ("month", Inset::Count(u8::from(at.month()).into())),
                ("year", Inset::Count(at.year().into())),
                ("clock", Inset::Text(clock)),
            ],
        )
    }
}

/// The factor that a letter is about, and what it is called.
fn method(kind: &LetterKind) -> (Option<FactorKind>, Option<&str>) {
    match kind {
        LetterKind::FactorEnrolled { factor, name }
        | LetterKind::FactorRemoved { factor, name } => (Some(*factor), Some(name)),
        LetterKind::FactorLocked { factor } => (Some(*factor), None),
        _ => (None, None),
    }
}

/// What a letter is about, as it stands in the keys of its words and in the trail.
pub(crate) fn about(kind: &LetterKind) -> &'static str {
    match kind {
        LetterKind::FactorEnrolled { .. } => "factor-enrolled",
        LetterKind::FactorRemoved { .. } => "factor-removed",
        LetterKind::FactorsReset => "factors-reset",
        LetterKind::RecoveryCodesMade => "recovery-codes-made",
        LetterKind::RecoveryCodeUsed { .. } => "recovery-code-used",
        LetterKind::AccessPassIssued => "access-pass-issued",
        LetterKind::AccessPassUsed => "access-pass-used",
        LetterKind::DeviceRemembered => "device-remembered",
        LetterKind::FactorLocked { .. } => "factor-locked",
        LetterKind::Disputed => "disputed",
        LetterKind::SessionSuspicious => "session-suspicious",
    }
}

/// A letter of `kind` with all that a letter can have.
pub(crate) fn sample(lang: Lang, kind: LetterKind) -> Letter {
    Letter {
        account: AccountId::from_random([0; 16]),
        to: "amina@agency.example".to_owned(),
        lang,
        kind,
        at: Timestamp::from_seconds(1_793_801_100),
        address: "192.0.2.7".to_owned(),
        reference: "7KQ2-M9XD-40RT".to_owned(),
    }
}

/// One of each kind, and of each kind of factor in it.
pub(crate) fn every_kind() -> impl Iterator<Item = LetterKind> {
    let factors =
        [FactorKind::Passkey, FactorKind::Totp, FactorKind::RecoveryCode, FactorKind::Device];
    let with_factor = factors.into_iter().flat_map(|factor| {
        let name = "YubiKey 5.7".to_owned();
        [
            LetterKind::FactorEnrolled { factor, name: name.clone() },
            LetterKind::FactorRemoved { factor, name },
            LetterKind::FactorLocked { factor },
        ]
    });
    with_factor.chain([
        LetterKind::FactorsReset,
        LetterKind::RecoveryCodesMade,
        LetterKind::RecoveryCodeUsed { left: 3 },
        LetterKind::AccessPassIssued,
        LetterKind::AccessPassUsed,
        LetterKind::DeviceRemembered,
        LetterKind::Disputed,
        LetterKind::SessionSuspicious,
    ])
}
