//! The one place where a local password is tried: counted first, then compared, the same for all.
//!
//! Every path that checks a local password comes through here, so that all share one count. Whether
//! an account exists shows neither in the answer nor in the work that is done for it.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use idp_domain::identity::SourceSubject;
use idp_domain::refusal::Fault;
use idp_domain::{AuditEvent, Lifetime, SourceId, Timestamp, audit::AuditKind};
use idp_factors::password::{HashError, Hasher, Password, PasswordHash, Verdict};
use idp_store::credentials::{LocalAccount, LocalAccounts, Rehash};
use idp_store::journal::{Act, Journal, Outcome, Unit};
use idp_store::throttle::{Allowance, Counted, Limit, Reservation, Throttle};

use idp_factors::username::Username;

/// What is counted, under one name on every path.
const WHAT: &str = "password";

/// How many tries are allowed. Tries that succeed are counted too, but where it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GateLimits {
    /// From one address, for whatever names.
    pub address: Allowance,
    /// From the network around an address, for whatever names.
    pub network: Allowance,
    /// From the network around an address, for names of one agency's source.
    pub agency: Allowance,
    /// For one name from one address; forgotten when it succeeds.
    pub name_from_address: Allowance,
    /// For one name from anywhere; forgotten when it succeeds.
    pub name: Allowance,
    /// For one source, of tries that were wrong, from anywhere: what is more is not refused, but
    /// reported.
    pub alarm: Allowance,
}

impl GateLimits {
    /// Before waits begin, `name` guesses at a name from one address and ten times as many from
    /// anywhere; in a quarter of an hour, `address` tries from one address, and for the networks
    /// around it so many times as many as they have offices.
    #[must_use]
    pub fn of(name: u32, address: u32) -> Self {
        let requests = |limit| Allowance::requests(limit, Duration::from_mins(15));
        let guesses = |limit| Allowance::guesses(limit, Duration::from_mins(1));
        Self {
            address: requests(address),
            network: requests(address.saturating_mul(15)),
            agency: requests(address.saturating_mul(6)),
            name_from_address: guesses(name),
            name: guesses(name.saturating_mul(10)),
            alarm: requests(address.saturating_mul(5)),
        }
    }
}

impl Default for GateLimits {
    /// Ten guesses at a name from one address and a hundred from anywhere (NIST SP 800-63B-4
    /// section 3.2.2) before waits begin; a hundred tries in a quarter of an hour from one address,
    /// which a whole office may share.
    fn default() -> Self {
        Self::of(10, 100)
    }
}

/// One try.
#[derive(Debug)]
pub struct Try<'a> {
    /// The source whose accounts are meant.
    pub source: &'a SourceId,
    /// What was typed as a name.
    pub username: &'a str,
    /// What was typed as a password.
    pub password: Password,
    /// Where the browser is.
    pub address: IpAddr,
    /// The time.
    pub now: Timestamp,
}

/// What became of a try.
#[derive(Debug)]
pub enum Attempt {
    /// It is this account's password.
    Proven(Box<LocalAccount>),
    /// It is the password of an account that may not sign in.
    Disabled,
    /// It is not, or there is no such account.
    Wrong,
    /// It was not looked at: too many came before it.
    Throttled {
        /// When to try again.
        retry_after: Lifetime,
    },
    /// It was not looked at: more is being asked of us than we can do now.
    Busy {
        /// When to try again.
        retry_after: Lifetime,
    },
}

/// Tries passwords. One a node, shared by all local sources and all paths.
pub struct Gate {
    accounts: LocalAccounts,
    journal: Journal,
    throttle: Arc<Throttle>,
    hasher: Hasher,
    limits: GateLimits,
}

impl Gate {
    /// A gate before the passwords in the store.
    #[must_use]
    pub fn new(
        accounts: LocalAccounts,
        journal: Journal,
        throttle: Arc<Throttle>,
        hasher: Hasher,
        limits: GateLimits,
    ) -> Self {
        Self { accounts, journal, throttle, hasher, limits }
    }

    /// Tries a password: reserves first, so that of many at once no more are compared than the
    /// limits allow, and then does the same work whether or not there is such an account.
    pub async fn attempt(&self, tried: Try<'_>) -> Result<Attempt, Fault> {
        let names = Username::parse(tried.username).ok().map(|name| Names::of(&tried, name));
        if let Reservation::Refused { retry_after } = self.reserve(&tried, names.as_ref()).await {
            return Ok(Attempt::Throttled { retry_after: whole_seconds(retry_after) });
        }
        let account = match &names {
            Some(names) => self
                .accounts
                .find(tried.source, names.username.as_str())
                .await
                .map_err(|error| Fault::new("finding a local account", error))?,
            // A text that is no name is the name of nobody.
            None => None,
        };
        let verdict = match account.as_ref().and_then(stored_hash) {
            Some(hash) => self.hasher.verify(tried.password, hash).await,
            None => self.hasher.verify_absent(tried.password).await.map(|()| Verdict::Mismatch),
        };
        match (verdict, account, names) {
            (Ok(Verdict::Match { .. }), Some(account), _) if account.disabled => {
                Ok(Attempt::Disabled)
            }
            (Ok(Verdict::Match { renewed }), Some(account), Some(names)) => {
                self.forgive(&names).await;
                if let Some(renewed) = renewed {
                    self.renew(&account, &renewed, tried.now).await;
                }
                Ok(Attempt::Proven(Box::new(account)))
            }
            (Ok(_), ..) => {
                self.watch(tried.source, tried.address, tried.now).await?;
                Ok(Attempt::Wrong)
            }
            (Err(HashError::Busy { retry_after }), ..) => {
                Ok(Attempt::Busy { retry_after: whole_seconds(retry_after) })
            }
            (Err(error), ..) => Err(Fault::new("comparing a password", error)),
        }
    }

    /// The account that `source` has under its lasting name for a person who needs no password.
    pub(super) async fn known(
        &self,
        source: &SourceId,
        subject: &SourceSubject,
    ) -> Result<Option<LocalAccount>, Fault> {
        let found = self.accounts.of_subject(source, subject).await;
        found.map_err(|error| Fault::new("finding a local account", error))
    }

    /// Reports a source at which far more passwords are wrong than people mistype: whoever tries
    /// stolen ones stays below all limits by name and by address. Once in a quarter of an hour.
    async fn watch(&self, source: &SourceId, address: IpAddr, now: Timestamp) -> Result<(), Fault> {
        let whose = Counted::Name(source.as_str());
        let wrong = Limit { what: "password.wrong", whose, allowance: self.limits.alarm };
        if self.throttle.reserve(wrong).await.is_allowed() {
            return Ok(());
        }
        let once = Allowance::requests(1, Duration::from_mins(15));
        let report = Limit { what: "password.report", whose, allowance: once };
        if !self.throttle.reserve(report).await.is_allowed() {
            return Ok(());
        }
        let event = AuditEvent {
            source: Some(source.clone()),
            address: Some(address),
            alert: true,
            ..AuditEvent::new(AuditKind::AuthnFailed, now).because_of("password_spray")
        };
        let unit = Unit::record(vec![event]);
        let recorded = self.journal.commit(unit).await;
        recorded.map(drop).map_err(|error| Fault::new("reporting wrong passwords", error))
    }

    /// Counts the try. Addresses come first: who is refused by address uses up nobody's guesses.
    /// The name from this address comes before the name from anywhere, so that whoever guesses
    /// from one place keeps its owner out of nowhere else.
    async fn reserve(&self, tried: &Try<'_>, names: Option<&Names>) -> Reservation {
        let limit = |whose, allowance| Limit { what: WHAT, whose, allowance };
        let of_agency = format!("{}\0network\0{}", tried.source, network(tried.address));
        let mut limits = vec![
            limit(Counted::Address(tried.address), self.limits.address),
            limit(Counted::Name(&of_agency), self.limits.agency),
            limit(Counted::Network(tried.address), self.limits.network),
        ];
        if let Some(names) = names {
            limits.push(limit(Counted::Name(&names.here), self.limits.name_from_address));
            limits.push(limit(Counted::Name(&names.anywhere), self.limits.name));
        }
        self.throttle.reserve_all(&limits).await
    }

    /// Forgets the guesses at this name, and nothing that was counted by address alone.
    async fn forgive(&self, names: &Names) {
        for name in [&names.here, &names.anywhere] {
            if let Err(error) = self.throttle.forgive(WHAT, Counted::Name(name)).await {
                // The person is in; the count fades by itself.
                tracing::warn!(error = &error as &dyn std::error::Error, "guesses not forgiven");
            }
        }
    }

    /// Stores the hash of today's cost; if that fails the old one serves until the next time.
    async fn renew(&self, account: &LocalAccount, renewed: &PasswordHash, now: Timestamp) {
        let rehash = Rehash {
            source: account.source.clone(),
            username: account.username.clone(),
            version: account.version,
            password_hash: renewed.to_phc(),
            now,
        };
        match self.journal.commit(Unit::new(Act::Rehash(rehash), Vec::new())).await {
            Ok(Outcome::Done) => {}
            // Somebody has just set another password, which is not to be overwritten.
            Ok(_) => tracing::info!(source.id = %account.source, "password hash not renewed"),
            Err(error) => tracing::warn!(
                source.id = %account.source,
                error = &error as &dyn std::error::Error,
                "password hash not renewed"
            ),
        }
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// A name, and what its guesses are counted under.
struct Names {
    username: Username,
    here: String,
    anywhere: String,
}

impl Names {
    fn of(tried: &Try<'_>, username: Username) -> Self {
        // Neither part can hold a NUL, so no two names share a count.
        let anywhere = format!("{}\0{}", tried.source, username.as_str());
        let here = format!("{anywhere}\0{}", subscriber(tried.address));
        Self { username, here, anywhere }
    }
}

/// The address of whoever pays for the line: an IPv6 subscriber has a /64.
fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// The network around an address: the /48 of IPv6, the /24 of IPv4.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => Ipv4Addr::from_bits(v4.to_bits() & !0xff).into(),
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 80)).into(),
    }
}

/// The account's hash; `None` if it has none that can be compared with.
fn stored_hash(account: &LocalAccount) -> Option<PasswordHash> {
    let text = account.password_hash.as_deref()?;
    PasswordHash::parse(text)
        .inspect_err(|error| {
            // Answered like a wrong password, so the operator must hear of it here.
            tracing::error!(
                source.id = %account.source,
                error = error as &dyn std::error::Error,
                "a local account's stored hash cannot be used"
            );
        })
        .ok()
}

fn whole_seconds(wait: Duration) -> Lifetime {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    Lifetime::seconds(u32::try_from(seconds).unwrap_or(u32::MAX).max(1))
}
