//! Secrets of the federation file: read from where they stand, and brought into the form in which
//! they are kept: sealed where we have to show them, hashed where we only compare.

use std::path::Path;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::{Engine, engine::general_purpose::STANDARD};
use idp_domain::{Secret, SourceId};
use idp_factors::client_secret::ClientSecretHash;
use idp_store::{Sealer, seal::Purpose};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::error::Problem;
use crate::config::SecretRef;

/// The keys of a source's connection that are sealed.
pub(super) const SEALED: [&str; 2] = ["client_secret", "private_key"];
/// The key of a relying party's connection that is only hashed.
const HASHED: &str = "client_secret";
/// Where its hash goes.
const HASHES: &str = "client_secrets";
/// The shortest secret of a relying party: one of so many random bytes cannot be guessed.
const MIN_LENGTH: usize = 16;

/// Reads and keeps secrets.
pub(super) struct Vault<'a> {
    /// Seals them.
    pub(super) sealer: &'a Sealer,
    /// Where relative paths start.
    pub(super) folder: &'a Path,
}

impl Vault<'_> {
    /// Seals the secrets in the connection of source `id`. One that is the same as in `stored`
    /// keeps its seal, so that applying it again changes nothing.
    pub(super) fn seal(
        &self,
        id: &SourceId,
        connection: &mut Map<String, Value>,
        stored: Option<&Map<String, Value>>,
    ) -> Vec<Problem> {
        let mut problems = Vec::new();
        for name in SEALED {
            let Some(written) = connection.remove(name) else { continue };
            let before = stored.and_then(|stored| stored.get(name));
            match self.sealed(id, name, written, before) {
                Ok(sealed) => {
                    connection.insert(name.to_owned(), sealed);
                }
                Err(problem) => problems.push(problem.within("connection")),
            }
        }
        problems
    }

    fn sealed(
        &self,
        id: &SourceId,
        name: &'static str,
        written: Value,
        before: Option<&Value>,
    ) -> Result<Value, Problem> {
        if is_sealed(&written) {
            open(self.sealer, id, name, &written)?;
            return Ok(written);
        }
        let secret = self.read(name, written)?;
        if let Some(before) = before
            && let Ok(known) = open(self.sealer, id, name, before)
            && verify_slices_are_equal(known.expose().as_bytes(), secret.expose().as_bytes())
                .is_ok()
        {
            return Ok(before.clone());
        }
        let place = place(id, name);
        let sealed = self
            .sealer
            .seal(Purpose::SourceSecret, place.as_bytes(), secret.expose().as_bytes())
            .map_err(|error| Problem::new(name, error.to_string()))?;
        Ok(json!({ "sealed": STANDARD.encode(sealed) }))
    }

    /// Replaces the secret in the connection of a relying party by its hash.
    pub(super) fn hash(&self, connection: &mut Map<String, Value>) -> Vec<Problem> {
        let Some(written) = connection.remove(HASHED) else { return Vec::new() };
        let key = format!("connection.{HASHED}");
        if connection.contains_key(HASHES) {
            return vec![Problem::new(key, format!("it cannot stand beside `{HASHES}`"))];
        }
        let secret = match self.read(HASHED, written) {
            Ok(secret) => secret,
            Err(problem) => return vec![problem.within("connection")],
        };
        if secret.expose().len() < MIN_LENGTH {
            let message = format!(
                "it has fewer than {MIN_LENGTH} bytes; `openssl rand -hex 32` makes a random one"
            );
            return vec![Problem::new(key, message)];
        }
        let hash = ClientSecretHash::of(secret.expose());
        let digits: Vec<_> = hash.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        connection.insert(HASHES.to_owned(), json!([{ "sha256": digits.concat() }]));
        Vec::new()
    }

    /// The secret that is written as text, or as where to find it.
    pub(super) fn read(&self, key: &str, written: Value) -> Result<Secret<String>, Problem> {
        let secret = match written {
            Value::String(text) => Secret::new(text),
            Value::Number(_) => {
                return Err(Problem::new(key, "a secret is text: put it in quotes"));
            }
            written => {
                let place = SecretRef::deserialize(&written).map_err(|_| {
                    Problem::new(key, "write the secret, or { env: NAME }, or { file: PATH }")
                })?;
                let read = place.read(self.folder);
                read.map_err(|error| Problem::new(key, error.to_string()))?
            }
        };
        if secret.expose().trim().is_empty() {
            return Err(Problem::new(key, "it is empty"));
        }
        Ok(secret)
    }
}

/// Opens what lies sealed under `name` in the connection of source `id`.
pub(super) fn open(
    sealer: &Sealer,
    id: &SourceId,
    name: &'static str,
    kept: &Value,
) -> Result<Secret<String>, Problem> {
    let problem = |message: String| Problem::new(name, message);
    let text = kept.get("sealed").and_then(Value::as_str);
    let text = text.ok_or_else(|| problem("it is not sealed".to_owned()))?;
    let bytes = STANDARD.decode(text).map_err(|_| problem("`sealed` is not base64".to_owned()))?;
    let plain = sealer
        .open(Purpose::SourceSecret, place(id, name).as_bytes(), &bytes)
        .map_err(|error| problem(format!("{error}; else write the secret itself")))?;
    let text = String::from_utf8(plain).map_err(|_| problem("it is not text".to_owned()))?;
    Ok(Secret::new(text))
}

fn is_sealed(written: &Value) -> bool {
    written.as_object().is_some_and(|keys| keys.len() == 1 && keys.contains_key("sealed"))
}

/// A sealed value opens at this place alone.
fn place(id: &SourceId, name: &str) -> String {
    format!("federation/source/{id}/{name}")
}

#[cfg(test)]
mod tests {
    use idp_store::seal::Epoch;
    use serde_json::json;

    use super::*;

    const SECRET: &str = "a secret of the source";

    fn sealer(byte: u8) -> Sealer {
        Sealer::new(&Secret::new([byte; 32]), Epoch::default()).unwrap()
    }

    fn seal(
        sealer: &Sealer,
        id: &str,
        written: Value,
        stored: Option<&Value>,
    ) -> Result<Value, String> {
        let vault = Vault { sealer, folder: Path::new(".") };
        let mut connection = Map::from_iter([("client_secret".to_owned(), written)]);
        let stored =
            stored.map(|value| Map::from_iter([("client_secret".to_owned(), value.clone())]));
        let problems = vault.seal(&id.parse().unwrap(), &mut connection, stored.as_ref());
        match problems.first() {
            Some(problem) => Err(problem.to_string()),
            None => Ok(connection.remove("client_secret").unwrap()),
        }
    }

    #[test]
    fn a_secret_keeps_its_seal_until_it_is_another() {
        let sealer = sealer(1);
        let first = seal(&sealer, "una", json!(SECRET), None).unwrap();
        assert!(!first.to_string().contains(SECRET));
        assert_eq!(seal(&sealer, "una", json!(SECRET), Some(&first)).unwrap(), first);
        assert_eq!(seal(&sealer, "una", first.clone(), None).unwrap(), first, "as it was exported");
        let other = seal(&sealer, "una", json!("another secret"), Some(&first)).unwrap();
        assert_ne!(other, first);
        let opened = open(&sealer, &"una".parse().unwrap(), "client_secret", &other).unwrap();
        assert_eq!(opened.expose(), "another secret");
    }

    #[test]
    fn a_seal_of_another_place_or_master_key_is_refused() {
        let exported = seal(&sealer(1), "una", json!(SECRET), None).unwrap();
        let moved = seal(&sealer(1), "unb", exported.clone(), None).unwrap_err();
        assert!(moved.contains("connection.client_secret: a sealed value was"), "{moved}");
        let foreign = seal(&sealer(2), "una", exported, None).unwrap_err();
        assert!(foreign.contains("another master key"), "{foreign}");
        let broken = seal(&sealer(1), "una", json!({"sealed": "%"}), None).unwrap_err();
        assert_eq!(broken, "connection.client_secret: `sealed` is not base64");
    }

    #[test]
    fn a_secret_is_read_from_a_file_without_its_line_break() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("una"), format!("{SECRET}\n")).unwrap();
        let sealer = sealer(1);
        let vault = Vault { sealer: &sealer, folder: folder.path() };
        let read = |written| vault.read("client_secret", written);
        assert_eq!(read(json!({"file": "una"})).unwrap().expose(), SECRET);
        let missing = read(json!({"file": "unb"})).unwrap_err().to_string();
        assert!(missing.contains("unb"), "{missing}");
        let unset = read(json!({"env": "IDP_TEST_NO_SUCH_VARIABLE"})).unwrap_err().to_string();
        assert!(unset.contains("IDP_TEST_NO_SUCH_VARIABLE"), "{unset}");
    }

    #[test]
    fn what_is_no_secret_is_refused_without_being_quoted() {
        let sealer = sealer(1);
        let vault = Vault { sealer: &sealer, folder: Path::new(".") };
        for (written, words) in [
            (json!(12_345_678), "put it in quotes"),
            (json!(""), "it is empty"),
            (json!(["hunter2"]), "write the secret, or"),
            (json!({"text": "hunter2"}), "write the secret, or"),
            (json!({"file": "a", "env": "hunter2"}), "write the secret, or"),
        ] {
            let said = vault.read("client_secret", written).unwrap_err().to_string();
            assert!(said.contains(words) && !said.contains("hunter2"), "{said}");
        }
    }

    #[test]
    fn the_secret_of_a_relying_party_becomes_a_hash() {
        let sealer = sealer(1);
        let vault = Vault { sealer: &sealer, folder: Path::new(".") };
        let hashed = |connection: Value| {
            let Value::Object(mut keys) = connection else { panic!("an object") };
            let problems = vault.hash(&mut keys);
            problems.first().map_or_else(|| Value::from(keys).to_string(), ToString::to_string)
        };
        assert_eq!(
            hashed(json!({"client_secret": "abcdefghijklmnopqrstuvwxyz"})),
            "{\"client_secrets\":[{\"sha256\":\
             \"71c480df93d6ae2f1efad1447c66c9525e316218cf51fc8d9ed832f2daf18b73\"}]}"
        );
        assert!(hashed(json!({"client_secret": "short"})).contains("fewer than 16 bytes"));
        let both = hashed(json!({"client_secret": "abcdefghijklmnopqrst", "client_secrets": []}));
        assert!(both.contains("cannot stand beside"), "{both}");
    }
}
