//! What the command line says.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

use crate::limits::Wanted;

/// What this process is to be.
pub(crate) enum Mode {
    /// The driver.
    Run(Options),
    /// The bare server that a node is compared with.
    Floor {
        /// Where it listens on loopback.
        port: u16,
    },
    /// One process that measures what the machine can do.
    Limits(Wanted),
}

/// How to measure, and what.
#[derive(Debug)]
pub(crate) struct Options {
    /// The program that is measured.
    pub(crate) idp: PathBuf,
    /// Where files may go; somebody else removes it.
    pub(crate) folder: PathBuf,
    /// A Redis that is empty.
    pub(crate) redis: String,
    /// A PostgreSQL that is empty and that waits for its disk.
    pub(crate) postgres: String,
    /// Whether the server has a processor of its own.
    pub(crate) pinned: bool,
    /// Virtual users at once.
    pub(crate) concurrency: Vec<usize>,
    /// How long each figure is measured.
    pub(crate) seconds: f64,
    /// Operations, engines, `saml` or `growth`; all when empty.
    pub(crate) only: Vec<String>,
    /// One JSON document instead of tables.
    pub(crate) json: bool,
}

impl Mode {
    /// Reads the words after the program's name.
    pub(crate) fn read(words: &[String]) -> Result<Self> {
        let mut words = words.iter().map(String::as_str);
        match words.next() {
            Some("run") => Ok(Self::Run(Options::read(words)?)),
            Some("floor") => {
                Ok(Self::Floor { port: words.next().context("floor needs a port")?.parse()? })
            }
            Some("limits") => {
                let mut word = || words.next().context("limits SECONDS FOLDER REDIS POSTGRES");
                let seconds = Duration::from_secs_f64(word()?.parse()?);
                let folder = word()?.into();
                let redis = word()?.to_owned();
                Ok(Self::Limits(Wanted { seconds, folder, redis, postgres: word()?.to_owned() }))
            }
            _ => bail!("start me by `cargo xtask bench`"),
        }
    }
}

impl Options {
    fn read<'a>(mut words: impl Iterator<Item = &'a str>) -> Result<Self> {
        let mut options = Self {
            idp: PathBuf::new(),
            folder: PathBuf::new(),
            redis: String::new(),
            postgres: String::new(),
            pinned: true,
            concurrency: vec![1, 16, 64],
            seconds: 5.0,
            only: Vec::new(),
            json: false,
        };
        while let Some(word) = words.next() {
            let mut value = || words.next().with_context(|| format!("{word} needs a value"));
            match word {
                "--idp" => options.idp = value()?.into(),
                "--folder" => options.folder = value()?.into(),
                "--redis" => value()?.clone_into(&mut options.redis),
                "--postgres" => value()?.clone_into(&mut options.postgres),
                "--unpinned" => options.pinned = false,
                "--json" => options.json = true,
                "--only" => options.only.extend(value()?.split(',').map(str::to_owned)),
                "--seconds" => options.seconds = value()?.parse().context("--seconds")?,
                "--concurrency" => {
                    let list = value()?.split(',').map(str::parse).collect::<Result<_, _>>();
                    options.concurrency = list.context("--concurrency 1,16,64")?;
                }
                "--quick" => {
                    options.seconds = 1.5;
                    options.concurrency = vec![16];
                }
                _ => bail!("{word} is no option of `cargo xtask bench`"),
            }
        }
        Ok(options)
    }

    /// Refuses what would take for ever.
    pub(crate) fn checked(self) -> Result<Self> {
        ensure!((0.2..=60.0).contains(&self.seconds), "--seconds is between 0.2 and 60");
        let fits = |users: &usize| (1..=512).contains(users);
        let all_fit = !self.concurrency.is_empty() && self.concurrency.iter().all(fits);
        ensure!(all_fit, "--concurrency is between 1 and 512");
        Ok(self)
    }

    /// How long each figure is measured.
    pub(crate) fn window(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }

    /// The most virtual users at once.
    pub(crate) fn crowd(&self) -> usize {
        self.concurrency.iter().copied().max().unwrap_or(1)
    }

    /// Whether something of one of these names is to be measured. A list that names nothing of a
    /// `group` leaves the whole group in. `saml` is whatever begins so.
    pub(crate) fn wants(&self, name: &str, group: &[&str]) -> bool {
        let named = self.only.iter().any(|only| group.contains(&only.as_str()));
        let all_of_saml = |only: &str| only == "saml" && name.starts_with("saml_");
        !named || self.only.iter().any(|only| only == name || all_of_saml(only))
    }
}
