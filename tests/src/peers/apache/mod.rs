//! What agencies put before old applications: modules of a private Apache (Debian).

mod mellon;
mod openid;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::StatusCode;
use tempfile::TempDir;

use crate::harness::http::client;
use crate::harness::process::{Process, until};
use crate::harness::tools;

pub use mellon::{Mellon, Registered};

/// Where Debian keeps the modules.
const MODULES: &str = "/usr/lib/apache2/modules";

/// The running Apache.
#[derive(Debug)]
pub struct Apache {
    /// Its address, without a slash at the end.
    pub base: String,
    process: Process,
    folder: TempDir,
}

impl Apache {
    /// Where people end after sign-out.
    pub fn goodbye_at(port: u16) -> String {
        format!("http://127.0.0.1:{port}/bye.html")
    }

    /// The page that needs a sign-in.
    pub fn protected(&self) -> String {
        format!("{}/secure/index.shtml", self.base)
    }

    /// Starts it with these modules and what they are told.
    async fn launch(port: u16, folder: TempDir, modules: &[&str], told: &str) -> Option<Self> {
        let apache = tools::program("LP_APACHE", "apache2")?;
        let file = folder.path().join("httpd.conf");
        let config = configuration(folder.path(), port, modules, told);
        fs::write(&file, config).expect("httpd.conf");
        let process = Process::start(&format!("apache-{port}"), Path::new("setpriv"), |command| {
            // Root may not serve; and a later change of user would undo the death signal.
            if is_root() {
                command.args(["--reuid=www-data", "--regid=www-data", "--clear-groups"]);
            }
            command.args(["--pdeathsig=KILL", "--"]).arg(&apache).args(["-X", "-f"]).arg(&file);
        });
        let (http, goodbye) = (client(), Self::goodbye_at(port));
        until("Apache to listen", Duration::from_secs(20), async || {
            assert!(process.ended().is_none(), "Apache ended:\n{}", process.log());
            let answer = http.get(&goodbye).send().await.ok()?;
            (answer.status() == StatusCode::OK).then_some(())
        })
        .await;
        Some(Self { base: format!("http://127.0.0.1:{port}"), process, folder })
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        let errors = self.folder.path().join("run/error.log");
        self.process.log() + fs::read_to_string(errors).unwrap_or_default().as_str()
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// A folder with the pages; `page` is the protected one.
fn lay_out(page: &str) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let open = |path: PathBuf, mode| {
        fs::create_dir_all(&path).expect("a folder");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("its mode");
    };
    open(folder.path().to_path_buf(), 0o755);
    open(folder.path().join("pages/secure"), 0o755);
    open(folder.path().join("run"), 0o777);
    let pages = folder.path().join("pages");
    fs::write(pages.join("secure/index.shtml"), page).expect("a page");
    fs::write(pages.join("bye.html"), "<p id=bye>Signed out.</p>").expect("a page");
    folder
}

fn configuration(folder: &Path, port: u16, modules: &[&str], told: &str) -> String {
    let always = [
        "mpm_event",
        "authn_core",
        "authz_core",
        "authz_user",
        "dir",
        "env",
        "headers",
        "include",
        "mime",
        "setenvif",
        "socache_shmcb",
        "unixd",
    ];
    let load = always
        .iter()
        .chain(modules)
        .map(|name| (name, Path::new(MODULES).join(format!("mod_{name}.so"))))
        .filter(|(_, file)| file.exists())
        .map(|(name, file)| format!("LoadModule {name}_module {}", file.display()))
        .collect::<Vec<_>>()
        .join("\n");
    let folder = folder.display();
    format!(
        r"ServerRoot {folder}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {folder}/run/httpd.pid
ErrorLog {folder}/run/error.log
LogLevel warn
Mutex file:{folder}/run default
{load}
StartServers 1
ThreadsPerChild 8
MaxRequestWorkers 8
TypesConfig /etc/mime.types
DocumentRoot {folder}/pages
<Directory {folder}/pages>
  Require all granted
  Options +Includes
  AddType text/html .shtml
  AddOutputFilter INCLUDES .shtml
</Directory>
{told}
"
    )
}
