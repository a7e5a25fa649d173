//! Makes and verifies password hashes, with the same work for whoever does not exist.

use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io, thread};

use argon2::password_hash::phc::{Output, Salt};
use subtle::ConstantTimeEq;
use thiserror::Error;

use super::cost::HashCost;
use super::hash::{NEW_OUTPUT, NEW_SALT, PasswordHash};
use super::pool::{Bench, Pool};
use super::quality::AdmittedPassword;
use super::typed::Password;

/// Hashes passwords on threads of its own. Cheap to clone; all clones share the threads.
#[derive(Clone)]
pub struct Hasher {
    pool: Arc<Pool>,
    cost: HashCost,
}

/// How a [`Hasher`] works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HasherSettings {
    /// The cost of new hashes.
    pub cost: HashCost,
    /// How many hashes may be computed at once: one thread each, at most one a core.
    pub threads: u32,
    /// How long a job may wait for a thread before its caller hears [`HashError::Busy`].
    pub max_wait: Duration,
}

impl Default for HasherSettings {
    /// OWASP's cost, two seconds, and all cores but one, so that other requests are still served.
    fn default() -> Self {
        let threads = cores().saturating_sub(1).max(1);
        Self { cost: HashCost::OWASP, threads, max_wait: Duration::from_secs(2) }
    }
}

/// What a comparison found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is the password.
    Match {
        /// A hash at today's cost, to be stored in place of the old one, if that had another cost.
        renewed: Option<PasswordHash>,
    },
    /// It is not, or it was too long to be looked at.
    Mismatch,
}

/// Why no hash was computed. None of them says anything about a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum HashError {
    /// More people sign in than this node can hash for; answer 503 with `Retry-After`.
    #[error("too many passwords wait to be hashed")]
    Busy {
        /// When to come back: whole seconds, at least one.
        retry_after: Duration,
    },
    /// The hashing threads have ended.
    #[error("password hashing has stopped")]
    Stopped,
    /// The password is too long to be hashed. Only for new passwords: a comparison just fails.
    #[error("the password is too long to be hashed")]
    Oversized,
    /// The random source or the salt failed.
    #[error("no salt could be made")]
    Salt,
    /// Argon2 itself failed.
    #[error("argon2 failed")]
    Argon2(argon2::Error),
}

impl Hasher {
    /// Starts the threads; their memory is taken when the first password comes.
    pub fn start(settings: HasherSettings) -> io::Result<Self> {
        let threads = settings.threads.clamp(1, cores());
        let pool = Pool::start(threads, settings.max_wait)?;
        Ok(Self { pool: Arc::new(pool), cost: settings.cost })
    }

    /// Hashes a new password.
    pub async fn hash(&self, password: AdmittedPassword) -> Result<PasswordHash, HashError> {
        let cost = self.cost;
        self.pool.run(move |bench| create(bench, cost, password.as_password())).await
    }

    /// Compares `password` with a stored hash.
    pub async fn verify(
        &self,
        password: Password,
        stored: PasswordHash,
    ) -> Result<Verdict, HashError> {
        let cost = self.cost;
        self.pool
            .run(move |bench| {
                if !matches(bench, &password, &stored)? {
                    return Ok(Verdict::Mismatch);
                }
                // Renewed here, where the password already is, rather than by a second wait.
                let renewed =
                    (stored.cost() != cost).then(|| create(bench, cost, &password)).transpose()?;
                Ok(Verdict::Match { renewed })
            })
            .await
    }

    /// Does the work of [`Self::verify`] for an account that does not exist, and finds nothing.
    ///
    /// It is the same code too: a second copy of it, laid out otherwise by the compiler, was slower
    /// by a sixtieth, which two thousand answers tell. It costs what a hash at today's cost costs.
    /// An account whose hash is still of another cost takes another time until its owner signs in
    /// next.
    pub async fn verify_absent(&self, password: Password) -> Result<(), HashError> {
        let verdict = self.verify(password, stand_in(self.cost)?).await;
        verdict.map(|_never_a_match| ())
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hasher").field("cost", &self.cost).finish_non_exhaustive()
    }
}

fn cores() -> u32 {
    thread::available_parallelism().map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(1))
}

/// Whether `password` is the one behind `stored`. An oversized one costs the same and never is.
fn matches(
    bench: &mut Bench,
    password: &Password,
    stored: &PasswordHash,
) -> Result<bool, HashError> {
    let text = password.text().unwrap_or_default();
    let mut buffer = [0; Output::MAX_LENGTH];
    let output = buffer.get_mut(..stored.output().len()).unwrap_or_default();
    bench.derive(stored.cost(), text.as_bytes(), stored.salt(), output)?;
    Ok(bool::from(output.ct_eq(stored.output())) & !password.is_oversized())
}

fn create(
    bench: &mut Bench,
    cost: HashCost,
    password: &Password,
) -> Result<PasswordHash, HashError> {
    let text = password.text().ok_or(HashError::Oversized)?;
    let mut salt = [0; NEW_SALT];
    aws_lc_rs::rand::fill(&mut salt).map_err(|_| HashError::Salt)?;
    let mut output = [0; NEW_OUTPUT];
    bench.derive(cost, text.as_bytes(), &salt, &mut output)?;
    assemble(cost, &salt, &output)
}

/// A hash that no password is known for, of the form that new ones have.
fn stand_in(cost: HashCost) -> Result<PasswordHash, HashError> {
    assemble(cost, &[0; NEW_SALT], &[0; NEW_OUTPUT])
}

fn assemble(cost: HashCost, salt: &[u8], output: &[u8]) -> Result<PasswordHash, HashError> {
    let salt = Salt::new(salt).map_err(|_| HashError::Salt)?;
    let output =
        Output::new(output).map_err(|_| HashError::Argon2(argon2::Error::OutputTooLong))?;
    Ok(PasswordHash::from_parts(cost, salt, output))
}

#[cfg(test)]
mod tests;
