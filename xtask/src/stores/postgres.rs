//! A private PostgreSQL. It refuses to run as root, so for root it runs as another user.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::{Running, free_ports};
use crate::sh;

/// A PostgreSQL that runs, and the URL of its first database.
pub(crate) struct Postgres {
    pub(crate) url: String,
    #[expect(dead_code, reason = "held so that it ends when this does")]
    server: Running,
}

/// Starts a server for tests: nothing it holds is worth a wait for the disk.
pub(crate) fn start(folder: &Path) -> Result<Postgres> {
    start_with(folder, &["fsync=off", "synchronous_commit=off", "full_page_writes=off"])
}

/// Starts a server that waits for its disk, as one in production does.
pub(crate) fn start_durable(folder: &Path) -> Result<Postgres> {
    start_with(folder, &[])
}

fn start_with(folder: &Path, settings: &[&str]) -> Result<Postgres> {
    let [port] = free_ports()?;
    let cluster = Cluster::create(folder)?;
    let mut command = cluster.program("postgres");
    command.args(cluster.settings(port));
    for setting in settings {
        command.args(["-c", setting]);
    }
    let log = fs::File::create(folder.join("postgres.log"))?;
    command.stderr(log);
    let mut server = Running::start(&mut command)?;
    server.wait_until("postgres", || cluster.is_ready(port))?;
    Ok(Postgres { url: url(port), server })
}

pub(crate) fn url(port: u16) -> String {
    format!("postgres://postgres@127.0.0.1:{port}/postgres")
}

/// The folder that holds the servers' programs, the newest version first.
pub(crate) fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions
        .map(|version| version.path().join("bin"))
        .filter(|folder| folder.join("initdb").is_file())
        .collect();
    folders.sort_by_key(|folder| {
        let version = folder.parent().and_then(Path::file_name).and_then(|name| name.to_str());
        version.and_then(|version| version.parse::<u32>().ok())
    });
    folders.pop().or_else(|| sh::find("initdb")?.parent().map(Path::to_path_buf))
}

/// The files of one PostgreSQL, and who may run it.
pub(crate) struct Cluster {
    programs: PathBuf,
    data: PathBuf,
    user: Option<User>,
}

impl Cluster {
    /// Makes the files, for connections from this machine without a password.
    pub(crate) fn create(folder: &Path) -> Result<Self> {
        let cluster = Self::at(folder)?;
        fs::create_dir(&cluster.data)?;
        fs::set_permissions(&cluster.data, fs::Permissions::from_mode(0o700))?;
        if let Some(user) = &cluster.user {
            chown(&cluster.data, Some(user.id), Some(user.group))?;
        }
        let mut command = cluster.program("initdb");
        command.args(["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8"]);
        sh::read(command.args(["--locale=C", "--pgdata"]).arg(&cluster.data))?;
        Ok(cluster)
    }

    /// The files in `folder`, whether they are there yet or not.
    pub(crate) fn at(folder: &Path) -> Result<Self> {
        let programs = programs().context("PostgreSQL's programs are not installed")?;
        let user = if sh::is_root() { Some(unprivileged()?) } else { None };
        Ok(Self { programs, data: folder.join("postgres"), user })
    }

    /// One of PostgreSQL's programs, as the right user, tied to our life.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new("setpriv");
        self.become_user(&mut command);
        command.args(["--pdeathsig", "INT", "--"]).arg(self.programs.join(name));
        command.current_dir(&self.data);
        command
    }

    /// `pg_ctl`, which starts a server that outlives us.
    pub(crate) fn control(&self) -> Command {
        let mut command = Command::new("setpriv");
        self.become_user(&mut command);
        command.arg("--").arg(self.programs.join("pg_ctl")).arg("--pgdata").arg(&self.data);
        command.current_dir(&self.data);
        command
    }

    fn become_user(&self, command: &mut Command) {
        if let Some(User { id, group }) = &self.user {
            command.args([format!("--reuid={id}"), format!("--regid={group}")]);
            command.arg("--clear-groups");
        }
    }

    /// The settings that every server of ours has, as arguments of `postgres`.
    pub(crate) fn settings(&self, port: u16) -> Vec<String> {
        let data = self.data.display();
        let settings = [
            format!("port={port}"),
            "listen_addresses=127.0.0.1".to_owned(),
            format!("unix_socket_directories={data}"),
            "max_connections=300".to_owned(),
        ];
        let mut arguments = vec!["-D".to_owned(), data.to_string()];
        for setting in settings {
            arguments.extend(["-c".to_owned(), setting]);
        }
        arguments
    }

    fn is_ready(&self, port: u16) -> bool {
        let mut command = Command::new(self.programs.join("pg_isready"));
        sh::read(command.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()])).is_ok()
    }
}

struct User {
    id: u32,
    group: u32,
}

/// PostgreSQL's own user where its package made one, else nobody.
fn unprivileged() -> Result<User> {
    let list = sh::text(Path::new("/etc/passwd"))?;
    ["postgres", "nobody"]
        .iter()
        .find_map(|name| user(&list, name))
        .context("neither user postgres nor nobody exists, and PostgreSQL does not run as root")
}

fn user(list: &str, name: &str) -> Option<User> {
    let line = list.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    let id = fields.next()?.parse().ok()?;
    let group = fields.next()?.parse().ok()?;
    Some(User { id, group })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stores::Folder;

    #[test]
    fn a_private_server_answers() {
        if programs().is_none() {
            eprintln!("skipped: no PostgreSQL on this machine");
            return;
        }
        let folder = Folder::new("xtask").unwrap();
        let postgres = start(folder.path()).unwrap();
        let mut psql = Command::new("psql");
        let answer = sh::read(psql.args([&postgres.url, "-Atc", "select 1 + 1"])).unwrap();
        assert_eq!(answer, "2\n");
    }

    #[test]
    fn a_user_is_found_by_its_whole_name() {
        let list = "post:x:1:1::/:/bin/sh\npostgres:x:104:110::/:/bin/sh\n";
        let found = user(list, "postgres").map(|user| (user.id, user.group));
        assert_eq!(found, Some((104, 110)));
        assert!(user(list, "nobody").is_none());
    }
}
