//! How many guesses are looked at: counted before, on all nodes and paths together, and answered
//! in the same words whether or not there is anything to guess.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    time::Duration,
};

use idp_domain::{AccountId, AgencyId, FactorKind, Fault, Lifetime, Timestamp};
use idp_store::{
    journal::{Act, Outcome, Unit, UseOnce},
    throttle::{Allowance, Counted, Limit, Reservation},
};
use metrics::counter;

use crate::Broker;

/// What is guessed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guessed {
    /// A code of an authenticator app.
    Totp,
    /// A recovery code.
    RecoveryCode,
    /// An access pass.
    AccessPass,
}

/// One guess.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guess<'a> {
    pub(crate) what: Guessed,
    pub(crate) account: &'a AccountId,
    pub(crate) agency: &'a AgencyId,
    pub(crate) address: IpAddr,
    pub(crate) now: Timestamp,
}

/// What became of a wish to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leave {
    /// The guess is counted and may be looked at.
    Granted {
        /// Whether the next one will have to wait if this one is wrong.
        last: bool,
    },
    /// It must not be looked at.
    Denied {
        /// When to come back.
        retry_after: Lifetime,
    },
}

const QUARTER: Duration = Duration::from_mins(15);

/// From one address, for whatever accounts: a whole office may share it.
const ADDRESS: u32 = 600;
/// From the network around an address, for the people of one agency.
const AGENCY: u32 = 1_200;
/// From the network around an address.
const NETWORK: u32 = 3_000;
/// Passkeys that are asked for or registered from one address.
const CEREMONIES: u32 = 1_200;

impl Guessed {
    /// The name of the count.
    const fn name(self) -> &'static str {
        match self {
            Self::Totp => "factor.totp",
            Self::RecoveryCode => "factor.recovery_code",
            Self::AccessPass => "factor.access_pass",
        }
    }

    /// A stable word for the trail and metrics.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
            Self::AccessPass => "access_pass",
        }
    }

    /// The kind of factor, if it is one.
    pub(crate) const fn kind(self) -> Option<FactorKind> {
        match self {
            Self::Totp => Some(FactorKind::Totp),
            Self::RecoveryCode => Some(FactorKind::RecoveryCode),
            Self::AccessPass => None,
        }
    }

    /// Five wrong ones in five minutes, then waits of up to a quarter of an hour.
    fn allowance() -> Allowance {
        Allowance::guesses(5, Duration::from_mins(5))
    }

    /// What a day allows besides. Three codes of six digits are right at a time: with 32 guesses a
    /// day somebody who knows the first factor finds one with a chance below one in ten thousand,
    /// which 96 waits of a quarter of an hour would not hold. The other kinds are too long to guess.
    fn allowance_of_a_day(self) -> Option<Allowance> {
        match self {
            Self::Totp => Some(Allowance::requests(16, Duration::from_hours(24))),
            Self::RecoveryCode | Self::AccessPass => None,
        }
    }
}

impl Broker {
    /// Counts a guess, before anything is compared. Addresses come first: who is denied by address
    /// uses up nobody's guesses.
    pub(crate) async fn may_guess(&self, guess: &Guess<'_>) -> Result<Leave, Fault> {
        let Guess { what, account, agency, address, now } = *guess;
        let of_agency = format!("{agency}\0{}", network(address));
        let requests = |whose, limit| Limit {
            what: "factor",
            whose,
            allowance: Allowance::requests(limit, QUARTER),
        };
        let whose = Counted::Name(account.as_str());
        let limits = [
            requests(Counted::Address(address), ADDRESS),
            requests(Counted::Name(&of_agency), AGENCY),
            requests(Counted::Network(address), NETWORK),
            Limit { what: what.name(), whose, allowance: Guessed::allowance() },
        ];
        let at_once = leave(self.throttle.reserve_all(&limits).await);
        let (Leave::Granted { last }, Some(allowance)) = (at_once, what.allowance_of_a_day())
        else {
            return Ok(at_once);
        };
        match self.throttle.reserve_together(Limit { what: DAY, whose, allowance }).await {
            Ok(of_day) => Ok(match leave(of_day) {
                Leave::Granted { last: of_day } => Leave::Granted { last: last || of_day },
                denied @ Leave::Denied { .. } => denied,
            }),
            Err(_away) => self.take_turn(account, now).await,
        }
    }

    /// Counts a guess of a day in the database, while the count of all nodes is away: one in each
    /// hour and a half, at whichever node. A node that counted alone would have to make people wait
    /// for longer, or would let them guess as often as there are nodes.
    async fn take_turn(&self, account: &AccountId, now: Timestamp) -> Result<Leave, Fault> {
        let turn = now.seconds().div_euclid(TURN);
        let ends = Timestamp::from_seconds(turn.saturating_add(1).saturating_mul(TURN));
        // A node whose clock is behind must not find it forgotten.
        let until = ends + Lifetime::hours(1);
        let act = UseOnce { kind: DAY, key: format!("{account} {turn}"), until };
        let unit = Unit::new(Act::UseOnce(act), Vec::new());
        Ok(match self.commit("counting a guess", unit).await? {
            Outcome::Done => Leave::Granted { last: true },
            _ => Leave::Denied { retry_after: ends.since(now) },
        })
    }

    /// Forgets the guesses at this factor of this account, after a right one, and no others.
    pub(crate) async fn forgive(&self, what: Guessed, account: &AccountId) {
        tell(what.word(), "proven");
        let day = what.allowance_of_a_day().map(|_| DAY);
        for name in [Some(what.name()), day].into_iter().flatten() {
            if let Err(error) = self.throttle.forgive(name, Counted::Name(account.as_str())).await {
                // The proof holds; the count fades by itself.
                tracing::warn!(error = &error as &dyn std::error::Error, "guesses not forgiven");
            }
        }
    }

    /// Counts a passkey that did not hold, for `account` on all nodes and paths together. Says
    /// whether there were too many.
    ///
    /// A code is guessed, and so nobody looks at the next one for a while. A signature is not: to
    /// refuse a right one would spare its owner nothing, and would let whoever knows their
    /// password, or the name of their credential, keep them out or drive them to a weaker factor.
    /// So the owner and the trail hear of it, and what is right is accepted at any time. It
    /// forgives nothing, either: who hears of failures must not miss them.
    pub(crate) async fn were_too_many(&self, account: &AccountId) -> bool {
        let limit = Limit {
            what: "factor.passkey",
            whose: Counted::Name(account.as_str()),
            allowance: Guessed::allowance(),
        };
        match self.throttle.reserve(limit).await {
            Reservation::Allowed { remaining } => remaining == 0,
            Reservation::Refused { .. } => true,
        }
    }

    /// Counts a ceremony that is begun: each lies on the shelf for minutes.
    pub(crate) async fn may_begin(&self, address: IpAddr) -> Leave {
        let allowance = Allowance::requests(CEREMONIES, QUARTER);
        let limit = Limit { what: "ceremony", whose: Counted::Address(address), allowance };
        leave(self.throttle.reserve(limit).await)
    }

    /// Whether the owner of a factor hears that somebody fails at it: once an hour, so that nobody
    /// can fill a mailbox.
    pub(crate) async fn may_write(&self, what: &str, account: &AccountId) -> bool {
        let name = format!("{what}\0{account}");
        let allowance = Allowance::requests(1, Duration::from_hours(1));
        let limit = Limit { what: "letter", whose: Counted::Name(&name), allowance };
        self.throttle.reserve(limit).await.is_allowed()
    }
}

/// Counts what became of a proof, for whoever watches the broker.
pub(crate) fn tell(factor: &'static str, outcome: &'static str) {
    counter!("idp_factors_total", "factor" => factor, "outcome" => outcome).increment(1);
}

/// The count of a day, beside [`Guessed::name`].
const DAY: &str = "factor.totp.day";
/// In how many seconds a day forgives one of its 16 guesses.
const TURN: i64 = 24 * 60 * 60 / 16;

fn leave(reservation: Reservation) -> Leave {
    match reservation {
        Reservation::Allowed { remaining } => Leave::Granted { last: remaining == 0 },
        Reservation::Refused { retry_after } => {
            let seconds = retry_after.as_secs() + u64::from(retry_after.subsec_nanos() > 0);
            let seconds = u32::try_from(seconds).unwrap_or(u32::MAX).max(1);
            Leave::Denied { retry_after: Lifetime::seconds(seconds) }
        }
    }
}

/// The network around an address: the /48 of IPv6, the /24 of IPv4.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => Ipv4Addr::from_bits(v4.to_bits() & !0xff).into(),
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 80)).into(),
    }
}

#[cfg(test)]
mod tests;
