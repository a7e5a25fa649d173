//! `idp init`: a commented `idp.toml` and a fresh master key.

use std::{
    fs::OpenOptions,
    io::Write,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use clap::Args as Arguments;
use idp_domain::Secret;

use super::Ending;

/// The configuration as it is written.
const SAMPLE: &str = include_str!("../../idp.sample.toml");

/// Where to write, and for whom.
#[derive(Arguments)]
pub(super) struct Args {
    /// The folder to write into.
    #[arg(long, default_value = ".")]
    directory: PathBuf,
    /// The public address of the broker.
    #[arg(long, default_value = "https://sso.example.org")]
    base_url: String,
}

/// Writes.
pub(super) fn run(args: &Args) -> Result<(), Ending> {
    let Args { directory, base_url } = args;
    if base_url.contains(['"', '\\', '\n']) || base_url.parse::<url::Url>().is_err() {
        return Err(Ending::Wrong(format!("--base-url: `{base_url}` is no address")));
    }
    std::fs::create_dir_all(directory).map_err(|error| failed(directory, &error))?;
    let config = directory.join("idp.toml");
    let key = directory.join("master.key");
    for path in [&config, &key] {
        if path.exists() {
            let text = format!("{} is there already; nothing was written", path.display());
            return Err(Ending::Wrong(text));
        }
    }
    let secret = idp_broker::random::<32>();
    let secret = secret.map_err(|_| Ending::No(Some("there are no random bytes".to_owned())))?;
    let secret = Secret::new(STANDARD.encode(secret));
    write(&key, secret.expose(), 0o600)?;
    write(&config, &SAMPLE.replace("https://sso.example.org", base_url), 0o644)?;
    println!("wrote {} and {}", config.display(), key.display());
    println!("keep {} safe and apart from the database: it opens what is sealed", key.display());
    println!("next: idp check --config {0} && idp serve --config {0}", config.display());
    Ok(())
}

fn write(path: &Path, text: &str, mode: u32) -> Result<(), Ending> {
    use std::os::unix::fs::OpenOptionsExt;
    let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    let written = file.and_then(|mut file| writeln!(file, "{}", text.trim_end()));
    written.map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> Ending {
    Ending::No(Some(format!("{}: {error}", path.display())))
}
