//! What agencies put before old applications: `mod_auth_openidc` in a private Apache (Debian).

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::StatusCode;
use tempfile::TempDir;

use crate::harness::http::client;
use crate::harness::process::{Process, until};
use crate::harness::tools;

/// Where Debian keeps the modules.
const MODULES: &str = "/usr/lib/apache2/modules";
/// The page that Apache protects: it prints what the module tells an application.
const PAGE: &str = "<!doctype html><html lang=en><title>Protected</title><h1>Protected</h1>\
    <pre id=me><!--#printenv --></pre>\
    <p><a id=sign-out href='redirect_uri?logout=BASE/bye.html'>Sign out</a></p>";

/// The running Apache.
#[derive(Debug)]
pub struct Apache {
    /// Its address, without a slash at the end.
    pub base: String,
    _process: Process,
    _folder: TempDir,
}

impl Apache {
    /// Where the module takes answers.
    pub fn redirect_uri_at(port: u16) -> String {
        format!("http://127.0.0.1:{port}/secure/redirect_uri")
    }

    /// Where people end after sign-out.
    pub fn goodbye_at(port: u16) -> String {
        format!("http://127.0.0.1:{port}/bye.html")
    }

    /// Starts it as a relying party of `issuer`.
    pub async fn start(port: u16, issuer: &str, id: &str, secret: &str) -> Option<Self> {
        let apache = tools::program("LP_APACHE", "apache2")?;
        let module = Path::new(MODULES).join("mod_auth_openidc.so");
        if !module.exists() {
            return tools::service("LP_APACHE_OPENIDC", "mod_auth_openidc").and(None);
        }
        let base = format!("http://127.0.0.1:{port}");
        let folder = lay_out(&base);
        let file = folder.path().join("httpd.conf");
        let config = configuration(folder.path(), port, issuer, id, secret);
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
        Some(Self { base, _process: process, _folder: folder })
    }

    /// The page that needs a sign-in.
    pub fn protected(&self) -> String {
        format!("{}/secure/index.shtml", self.base)
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn lay_out(base: &str) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let open = |path: PathBuf, mode| {
        fs::create_dir_all(&path).expect("a folder");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("its mode");
    };
    open(folder.path().to_path_buf(), 0o755);
    open(folder.path().join("pages/secure"), 0o755);
    open(folder.path().join("run"), 0o777);
    let pages = folder.path().join("pages");
    fs::write(pages.join("secure/index.shtml"), PAGE.replace("BASE", base)).expect("a page");
    fs::write(pages.join("bye.html"), "<p id=bye>Signed out.</p>").expect("a page");
    folder
}

fn configuration(folder: &Path, port: u16, issuer: &str, id: &str, secret: &str) -> String {
    let modules = [
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
        "auth_openidc",
    ];
    let load = modules
        .map(|name| (name, Path::new(MODULES).join(format!("mod_{name}.so"))))
        .into_iter()
        .filter(|(_, file)| file.exists())
        .map(|(name, file)| format!("LoadModule {name}_module {}", file.display()))
        .collect::<Vec<_>>()
        .join("\n");
    let folder = folder.display();
    let issuer = issuer.trim_end_matches('/');
    format!(
        r#"ServerRoot {folder}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {folder}/run/httpd.pid
ErrorLog {folder}/run/error.log
LogLevel warn
Mutex file:{folder}/run default
{load}
LogLevel auth_openidc:info
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
OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
OIDCClientID {id}
OIDCClientSecret {secret}
OIDCRedirectURI {redirect}
OIDCCryptoPassphrase a-passphrase-of-the-test-bed-0123456789
OIDCScope "openid profile email"
OIDCPKCEMethod S256
OIDCCookieSameSite On
OIDCRemoteUserClaim sub
OIDCProviderTokenEndpointAuth client_secret_basic
OIDCDefaultLoggedOutURL {goodbye}
OIDCPassClaimsAs environment
<Location /secure>
  AuthType openid-connect
  Require valid-user
</Location>
"#,
        redirect = Apache::redirect_uri_at(port),
        goodbye = Apache::goodbye_at(port),
    )
}
