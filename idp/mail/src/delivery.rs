//! Sends the letters that wait in the store. Every node does; whoever takes a letter has the turn.
//!
//! What becomes of a letter is written down before it is forgotten here, so a node that dies
//! between the two sends it twice rather than never, under one and the same name.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::Arc,
    time::Duration,
};

use idp_domain::{
    AuditEvent, Lifetime, Timestamp,
    audit::AuditKind,
    letter::{Letter, LetterKind},
};
use idp_store::{
    Sealer, StoreError, Throttle,
    journal::{Act, Journal, Outcome, Unit},
    letters::{DueLetter, Letters, SettleLetter, TakeLetters},
    throttle::{Allowance, Counted, Limit, Reservation},
};
use tokio::{task::JoinSet, time::Instant};

use crate::{
    letterhead::{Letterhead, about},
    line::{Fate, LONGEST, Line, Server, Trouble},
    message::Sender,
};

/// How often a node looks for letters.
const LOOK: Duration = Duration::from_secs(5);

/// How long the letters that a node has taken are its own.
const TURN: Lifetime = Lifetime::minutes(5);

/// How many letters are taken at once.
const MOST: u32 = 32;

/// How many lines to the server are used at once.
const LINES: u64 = 4;

/// The pause after a first failure. It doubles with the age of the letter…
const FIRST_PAUSE: u32 = 60;

/// …up to this.
const LONGEST_PAUSE: u32 = 30 * 60;

/// How much is allowed to one person: six at once and one each quarter of an hour, which is ten in
/// any hour.
const LIMIT: (u32, Duration) = (6, Duration::from_mins(90));

/// How much of that is for letters which are not urgent. The rest is kept free for those which
/// are, so that nobody can hold these up by causing others.
const LIMIT_NOT_URGENT: (u32, Duration) = (3, Duration::from_mins(45));

/// What a delivery works with.
#[derive(Clone, Debug)]
pub struct Parts {
    /// Where letters are taken and settled.
    pub journal: Journal,
    /// Where they wait.
    pub letters: Letters,
    /// Opens them.
    pub sealer: Arc<Sealer>,
    /// Counts how many one person gets.
    pub throttle: Arc<Throttle>,
    /// Who carries them.
    pub server: Server,
    /// In whose name.
    pub sender: Sender,
    /// How they are written.
    pub letterhead: Letterhead,
}

/// Sends what is due. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Delivery(Arc<Parts>);

/// How a letter that was taken ended.
enum End {
    /// The server has it.
    Sent,
    /// Its reader has had enough for so long.
    Held(Duration),
    /// Not now.
    Later(No),
    /// Not this letter, ever.
    Never(No),
}

/// Why not.
#[derive(Default)]
struct No {
    /// A stable slug.
    reason: &'static str,
    /// What the server said, in numbers.
    answer: String,
}

/// Where a letter stands after that.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Sent,
    Held,
    Waits,
    GivenUp,
}

impl No {
    fn of(reason: &'static str) -> Self {
        Self { reason, answer: String::new() }
    }
}

impl From<Trouble> for No {
    fn from(trouble: Trouble) -> Self {
        Self { reason: trouble.slug(), answer: trouble.answer() }
    }
}

impl Standing {
    /// Its stable name in the trail and in metrics.
    fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Held => "held",
            Self::Waits => "waits",
            Self::GivenUp => "given_up",
        }
    }
}

impl Delivery {
    /// A delivery with these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Sends what is due by this clock, for as long as the store takes anything.
    pub async fn run(self, clock: fn() -> Timestamp) {
        let mut interval = tokio::time::interval(LOOK);
        interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while self.0.journal.is_open() {
            interval.tick().await;
            loop {
                match self.send_due(clock()).await {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(error) => {
                        tracing::warn!(%error, "letters wait");
                        break;
                    }
                }
            }
        }
    }

    /// Sends letters that are due at `now`. Whether more may be waiting that could be sent at once.
    ///
    /// Errors are the store's; what it could not write is tried again when the turn is over.
    pub async fn send_due(&self, now: Timestamp) -> Result<bool, StoreError> {
        let parts = &self.0;
        if parts.letters.next_due().await?.is_none_or(|due| due > now) {
            return Ok(false);
        }
        let take = TakeLetters { now, until: now + TURN, most: MOST };
        let Outcome::Letters { letters: taken } =
            parts.journal.commit(Unit::new(Act::TakeLetters(take), vec![])).await?
        else {
            return Ok(false);
        };
        let is_full = taken.len() >= usize::try_from(MOST).unwrap_or(usize::MAX);
        let deadline = Instant::now() + TURN.as_duration().saturating_sub(LONGEST);
        let mut lines: JoinSet<bool> = JoinSet::new();
        for bag in self.sorted(taken, now).await {
            lines.spawn(self.clone().carry(bag, now, deadline));
        }
        let mut is_well = true;
        while let Some(carried) = lines.join_next().await {
            is_well &= carried.unwrap_or(false);
        }
        Ok(is_full && is_well)
    }

    /// Opens letters, and sorts them into bags: all to one person in the same, urgent ones first.
    async fn sorted(&self, taken: Vec<DueLetter>, now: Timestamp) -> Vec<Vec<(DueLetter, Letter)>> {
        let mut bags: Vec<Vec<_>> = Vec::new();
        bags.resize_with(usize::try_from(LINES).unwrap_or(1), Vec::new);
        for due in taken {
            match due.open(&self.0.sealer) {
                Ok(letter) => {
                    let mut hasher = DefaultHasher::new();
                    letter.account.hash(&mut hasher);
                    let place = usize::try_from(hasher.finish() % LINES).unwrap_or_default();
                    if let Some(bag) = bags.get_mut(place) {
                        bag.push((due, letter));
                    }
                }
                Err(error) => {
                    tracing::error!(letter.id = due.id, %error, "a letter cannot be opened");
                    let end = End::Later(No::of("letter.unreadable"));
                    self.settle(&due, None, end, now).await;
                }
            }
        }
        for bag in &mut bags {
            bag.sort_by_key(|(_, letter)| (!is_urgent(&letter.kind), letter.at));
        }
        bags.retain(|bag| !bag.is_empty());
        bags
    }

    /// Carries letters to the server one after the other. Whether the server could be spoken to.
    async fn carry(self, bag: Vec<(DueLetter, Letter)>, now: Timestamp, deadline: Instant) -> bool {
        let begun = Instant::now();
        let clock =
            || now + Lifetime::seconds(u32::try_from(begun.elapsed().as_secs()).unwrap_or(0));
        let mut line: Option<Line> = None;
        let mut away: Option<Trouble> = None;
        for (due, letter) in bag {
            // What is not begun in time is due again when the turn is over.
            if Instant::now() > deadline {
                break;
            }
            if line.is_none() && away.is_none() {
                match self.0.server.open().await {
                    Ok(opened) => line = Some(opened),
                    Err(trouble) => {
                        tracing::warn!(%trouble, "the mail server cannot be spoken to");
                        away = Some(trouble);
                    }
                }
            }
            let end = match (&away, &mut line) {
                (Some(trouble), _) => {
                    End::Later(No { reason: "smtp.unreachable", answer: trouble.answer() })
                }
                (None, Some(open)) => self.send(open, &due, &letter, clock()).await,
                (None, None) => break,
            };
            if matches!(end, End::Later(..) | End::Never(..)) {
                line = None;
            }
            self.settle(&due, Some(&letter), end, clock()).await;
        }
        if let Some(line) = line {
            line.close().await;
        }
        away.is_none()
    }

    /// Sends one letter, if its reader has not had too many.
    async fn send(&self, line: &mut Line, due: &DueLetter, letter: &Letter, now: Timestamp) -> End {
        let parts = &self.0;
        let message = match parts.sender.message(&parts.letterhead, letter, &due.id, now) {
            Ok(message) => message,
            Err(error) => return End::Never(No::of(error.slug())),
        };
        if let Reservation::Refused { retry_after } = self.reserve(letter).await {
            return End::Held(retry_after);
        }
        match line.send(&message).await {
            Fate::Sent => End::Sent,
            Fate::Later(trouble) => End::Later(trouble.into()),
            Fate::Never(trouble) => End::Never(trouble.into()),
        }
    }

    async fn reserve(&self, letter: &Letter) -> Reservation {
        let whose = Counted::Name(letter.account.as_str());
        let limit = |what, (most, window)| Limit {
            what,
            whose,
            allowance: Allowance::requests(most, window),
        };
        let all = limit("letter", LIMIT);
        if is_urgent(&letter.kind) {
            return self.0.throttle.reserve(all).await;
        }
        self.0.throttle.reserve_all(&[limit("letter-not-urgent", LIMIT_NOT_URGENT), all]).await
    }

    /// Writes down what became of a letter.
    async fn settle(&self, due: &DueLetter, letter: Option<&Letter>, end: End, now: Timestamp) {
        let pause = match &end {
            End::Sent | End::Never(_) => None,
            End::Held(wait) => {
                let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX);
                Some(Lifetime::seconds(seconds.saturating_add(1)))
            }
            End::Later(_) => Some(pause(letter.map_or(Lifetime::default(), |l| now.since(l.at)))),
        };
        let again_at = pause.map(|pause| now + pause).filter(|again| *again < due.until);
        let (standing, no) = match end {
            End::Sent => (Standing::Sent, No::default()),
            End::Held(_) if again_at.is_some() => (Standing::Held, No::default()),
            End::Held(_) => (Standing::GivenUp, No::of("letter.too_many")),
            End::Later(no) if again_at.is_some() => (Standing::Waits, no),
            End::Later(no) | End::Never(no) => (Standing::GivenUp, no),
        };
        metrics::counter!("idp_letters_total", "outcome" => standing.as_str()).increment(1);
        let act = Act::SettleLetter(SettleLetter { letter: due.id.clone(), again_at });
        let event = event(due, letter, standing, &no, now);
        let unit = Unit::new(act, event.into_iter().collect());
        if let Err(error) = self.0.journal.commit(unit).await {
            tracing::warn!(%error, letter.id = due.id, "what became of a letter is not written");
        }
    }
}

/// What the trail says of a letter. That one is tried again is told once, that it is held never.
fn event(
    due: &DueLetter,
    letter: Option<&Letter>,
    standing: Standing,
    no: &No,
    now: Timestamp,
) -> Option<AuditEvent> {
    let kind = match standing {
        Standing::Sent => AuditKind::LetterSent,
        Standing::GivenUp => AuditKind::LetterFailed,
        Standing::Waits if due.tries == 1 => AuditKind::LetterFailed,
        Standing::Waits | Standing::Held => return None,
    };
    let mut event = AuditEvent::new(kind, now)
        .because_of(no.reason)
        .with("outcome", standing.as_str())
        .with("tries", due.tries.to_string());
    event.alert = standing == Standing::GivenUp;
    if let Some(letter) = letter {
        event.account = Some(letter.account.clone());
        event.reference = Some(letter.reference.clone()).filter(|text| !text.is_empty());
        event = event.with("about", about(&letter.kind));
    }
    Some(if no.answer.is_empty() { event } else { event.with("answer", no.answer.as_str()) })
}

/// How long to wait after a failure, by how old the letter is.
fn pause(age: Lifetime) -> Lifetime {
    Lifetime::seconds(age.as_seconds().clamp(FIRST_PAUSE, LONGEST_PAUSE))
}

/// Whether a letter tells of something that lets other people in, or was done against them. The
/// others can be caused at will by somebody who has got no further than a password.
fn is_urgent(kind: &LetterKind) -> bool {
    match kind {
        LetterKind::FactorEnrolled { .. }
        | LetterKind::FactorRemoved { .. }
        | LetterKind::FactorsReset
        | LetterKind::RecoveryCodesMade
        | LetterKind::AccessPassIssued
        | LetterKind::AccessPassUsed
        | LetterKind::Disputed
        | LetterKind::SessionSuspicious => true,
        LetterKind::RecoveryCodeUsed { .. }
        | LetterKind::DeviceRemembered
        | LetterKind::FactorLocked { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use idp_domain::Lifetime;

    use super::pause;

    #[test]
    fn mfa_21_pauses_grow_and_letters_are_tried_all_day() {
        let (mut age, mut tries) = (Lifetime::seconds(3), 0);
        let mut pauses = vec![];
        while age < Lifetime::hours(24) {
            let pause = pause(age);
            pauses.push(pause.as_seconds());
            age = Lifetime::seconds(age.as_seconds() + pause.as_seconds());
            tries += 1;
        }
        assert!(pauses.is_sorted(), "{pauses:?}");
        assert_eq!(&pauses[..5], [60, 63, 126, 252, 504]);
        assert_eq!((tries, pauses.last()), (53, Some(&1_800)));
    }
}
