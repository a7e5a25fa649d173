//! Who we are to authenticators, and what is known of their makers.

use std::{path::Path, sync::Arc};

use idp_domain::{Lifetime, Timestamp};
use idp_factors::webauthn::{
    Site, SiteSettings,
    mds::{FIDO_SIGNER, MAX_BLOB, Models, Publisher},
};
use url::{Host, Url};

use super::Check;
use crate::{
    clock,
    config::{ConfigError, Passkeys as Section},
};

/// The longest name that browsers are told, in characters.
const MAX_NAME: usize = 64;
/// How long before the next file is due an operator hears of it.
const AHEAD: Lifetime = Lifetime::hours(14 * 24);
/// Who we are where we have no name: browsers know passkeys of hosts with names alone, and nobody
/// is ever called so (RFC 6761 section 6.4).
const NOBODY: &str = "passkeys.invalid";

/// What passkeys rest on.
pub(crate) struct Passkeys {
    /// Our side of every ceremony.
    pub(crate) site: Site,
    /// The models of authenticators that are known.
    pub(crate) models: Arc<Models>,
    /// How many passkeys may be dead because they were made for another id.
    pub(crate) accepted_loss: u64,
    /// What an operator should know.
    pub(crate) warnings: Vec<String>,
}

impl Passkeys {
    /// Tells metrics when the next metadata file is due, so that somebody can be called in time.
    pub(crate) fn measure(&self) {
        let Some(next) = self.models.next_update() else { return };
        let seconds = u32::try_from(next.seconds()).unwrap_or_default();
        metrics::gauge!("idp_passkey_metadata_due_timestamp_seconds").set(f64::from(seconds));
    }
}

impl Check<'_> {
    /// What `section` says, for a broker that is called `product` and found at `base_url`.
    pub(super) fn passkeys(
        &self,
        section: Section,
        base_url: &Url,
        product: &str,
    ) -> Result<Passkeys, ConfigError> {
        let mut warnings = Vec::new();
        let name = section.name.unwrap_or_else(|| product.to_owned());
        if name.trim().is_empty() || name.chars().count() > MAX_NAME {
            let message = format!("name has 1 to {MAX_NAME} characters");
            return Err(self.no("passkeys", message));
        }
        let is_secure = base_url.scheme() == "https" || base_url.host_str() == Some("localhost");
        let (id, origin) = match base_url.host() {
            Some(Host::Domain(host)) if is_secure => {
                (section.id.unwrap_or_else(|| host.to_owned()), base_url.clone())
            }
            _ => {
                let text = "[passkeys] browsers use no passkeys at an address without name or TLS";
                warnings.push(text.to_owned());
                let origin = format!("https://{NOBODY}").parse();
                (NOBODY.to_owned(), origin.map_err(|error| self.no("passkeys", error))?)
            }
        };
        let related_origins = section.related_origins;
        let site = Site::new(SiteSettings { name, id, origin, related_origins });
        let models = match (&section.metadata, &section.metadata_root) {
            (None, None) => Models::default(),
            (Some(file), Some(root)) => {
                let signer = section.metadata_signer.as_deref().unwrap_or(FIDO_SIGNER);
                self.models(file, root, signer, &mut warnings)?
            }
            _ => {
                let message = "metadata and metadata_root go together: the file, and the \
                               certificate that its signature must lead to";
                return Err(self.no("passkeys", message));
            }
        };
        Ok(Passkeys {
            site: site.map_err(|error| self.no("passkeys", error))?,
            models: Arc::new(models),
            accepted_loss: 0,
            warnings,
        })
    }

    fn models(
        &self,
        file: &Path,
        root: &Path,
        signer: &str,
        warnings: &mut Vec<String>,
    ) -> Result<Models, ConfigError> {
        let now = clock::now();
        let blob = self.bytes("passkeys", file, MAX_BLOB)?;
        let root = self.bytes("passkeys", root, MAX_BLOB)?;
        let publisher = Publisher { root, signer: signer.to_owned() };
        let models = Models::read(&blob, &publisher, now)
            .map_err(|error| self.no("passkeys", format!("{}: {error}", file.display())))?;
        if models.unreadable() > 0 {
            let (file, count) = (file.display(), models.unreadable());
            warnings.push(format!("[passkeys] metadata {file}: {count} entries are not readable"));
        }
        warnings.extend(due(&models, now).map(|when| {
            let (file, number) = (file.display(), models.number());
            format!("[passkeys] metadata {file} (number {number}) {when}: fetch the next one")
        }));
        Ok(models)
    }
}

fn due(models: &Models, now: Timestamp) -> Option<String> {
    let next = models.next_update()?;
    if next <= now {
        return Some("is out of date".to_owned());
    }
    let days = next.since(now).as_seconds() / (24 * 3_600);
    (next <= now + AHEAD).then(|| format!("is out of date in {days} days"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use expect_test::{Expect, expect};

    use crate::{config, settings::Settings};

    fn check(base_url: &str, section: &str, expected: &Expect) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("key"), "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
            .unwrap();
        std::fs::write(folder.path().join("blob"), "a.b.c").unwrap();
        let path = folder.path().join("idp.toml");
        let text = format!(
            "[server]\nbase_url = \"{base_url}\"\n[keys]\nmaster = {{ file = \"key\" }}\n\
             [limits]\nloopback_peers = true\n[passkeys]\n{section}\n"
        );
        let file = config::parse(&text, &path, std::iter::empty()).unwrap();
        let said = match Settings::new(file, &path) {
            Ok(settings) => {
                let passkeys = settings.passkeys;
                let mut said = vec![passkeys.site.id().to_owned()];
                said.extend(passkeys.site.related_origins().map(|value| value.to_string()));
                said.extend(passkeys.warnings);
                said.join("\n")
            }
            Err(error) => error.to_string().replace(&format!("{}: ", path.display()), ""),
        };
        expected.assert_eq(&said.replace(&Path::new(folder.path()).display().to_string(), "."));
    }

    #[test]
    fn the_id_is_the_host_or_a_domain_above_it() {
        check("https://sso.example.org", "", &expect!["sso.example.org"]);
        check("http://localhost:8080", "", &expect!["localhost"]);
        check(
            "https://sso.example.org",
            "id = \"example.org\"\nrelated_origins = [\"https://sso.example.net\"]",
            &expect![[r#"
                example.org
                {"origins":["https://sso.example.org","https://sso.example.net"]}"#]],
        );
        check(
            "https://sso.example.org",
            "id = \"example.net\"",
            &expect![
                "[passkeys] the relying party id example.net is not the domain of https://sso.example.org/, nor one above it"
            ],
        );
        check(
            "https://192.0.2.1",
            "",
            &expect![[r"
                passkeys.invalid
                [passkeys] browsers use no passkeys at an address without name or TLS"]],
        );
    }

    #[test]
    fn a_metadata_file_needs_a_root_and_a_signature() {
        check(
            "https://sso.example.org",
            "metadata = \"blob\"",
            &expect![
                "[passkeys] metadata and metadata_root go together: the file, and the certificate that its signature must lead to"
            ],
        );
        check(
            "https://sso.example.org",
            "metadata = \"blob\"\nmetadata_root = \"blob\"",
            &expect!["[passkeys] blob: it is no signed token"],
        );
        check(
            "https://sso.example.org",
            "metadata = \"none\"\nmetadata_root = \"blob\"",
            &expect!["[passkeys] ./none: No such file or directory (os error 2)"],
        );
    }
}
