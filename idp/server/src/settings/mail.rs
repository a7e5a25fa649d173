//! Letters to people: who carries them, in whose name, and in which words.

use idp_domain::Lang;
use idp_mail::{Letterhead, Security, Sender, Server, Words};
use idp_web::page::{Theme, i18n};

use super::Check;
use crate::config::{ConfigError, Mail as Section, MailTls};

/// The port of a server that is spoken to as users are (RFC 6409), by STARTTLS.
const SUBMISSION: u16 = 587;
/// The same with TLS from the beginning (RFC 8314).
const SUBMISSIONS: u16 = 465;
/// The port of a server on this machine.
const SMTP: u16 = 25;

/// What letters rest on.
pub(crate) struct Mail {
    /// Who carries them.
    pub(crate) server: Server,
    /// In whose name.
    pub(crate) sender: Sender,
    /// How they are written.
    pub(crate) letterhead: Letterhead,
}

impl Check<'_> {
    /// What `section` says, for a broker at `base_url` that speaks in the words of `theme`.
    pub(super) fn mail(
        &self,
        section: Section,
        base_url: &url::Url,
        theme: &Theme,
    ) -> Result<Mail, ConfigError> {
        let host = base_url.host_str().unwrap_or_default();
        let (security, port) = match section.tls {
            MailTls::Starttls => (Security::StartTls, SUBMISSION),
            MailTls::Implicit => (Security::Tls, SUBMISSIONS),
            MailTls::None => (Security::Plain, SMTP),
        };
        let login = match (section.user, &section.password) {
            (None, None) => None,
            (Some(user), Some(password)) => Some((user, self.secret("mail", password)?)),
            _ => return Err(self.no("mail", "user and password go together")),
        };
        let cas: Result<Vec<_>, _> = section.ca.iter().map(|ca| self.file("mail", ca)).collect();
        let port = section.port.unwrap_or(port);
        let server = Server::new(&section.server, port, security, login, &cas?, host)
            .map_err(|error| self.no("mail", error))?;
        let sender = Sender::new(&section.from, section.reply_to.as_deref(), host)
            .map_err(|error| self.no("mail", format!("from or reply_to: {error}")))?;
        let manifest = theme.manifest();
        let support = manifest.support.as_ref().and_then(|support| support.email.as_deref());
        let base_url = base_url.as_str();
        let letterhead =
            Letterhead::new(&manifest.product, base_url, support, words(theme.clone()))
                .map_err(|error| self.no("theme", error))?;
        Ok(Mail { server, sender, letterhead })
    }
}

/// The words of letters, which stand beside those of pages.
fn words(theme: Theme) -> Words {
    Words::new(move |lang: Lang, key, insets| {
        let inset = |(name, inset): &(_, idp_mail::Inset)| match inset {
            idp_mail::Inset::Count(count) => (*name, i18n::Inset::Count(*count)),
            idp_mail::Inset::Text(text) => (*name, i18n::Inset::Text(text.clone())),
        };
        let insets: Vec<_> = insets.iter().map(inset).collect();
        theme.words(lang).plain(key, &insets)
    })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::{config, settings::Settings};

    fn settings(section: &str, theme: &str) -> Result<Settings, String> {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("key", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");
        write("password", "secret\n");
        write("no.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        std::fs::create_dir_all(folder.path().join("theme/words")).unwrap();
        write("theme/words/fr.ftl", theme);
        let text = format!(
            "[server]\nbase_url = \"https://sso.example.org\"\n[keys]\nmaster = {{ file = \"key\" }}\n\
             [theme]\ndirectory = \"theme\"\n{section}\n"
        );
        let path = folder.path().join("idp.toml");
        let file = config::parse(&text, &path, std::iter::empty());
        let settings = file.and_then(|file| Settings::new(file, &path));
        let folder = folder.path().display().to_string();
        settings.map_err(|error| error.to_string().replace(&folder, "…"))
    }

    fn check(section: &str, theme: &str, expected: &Expect) {
        let said = match settings(section, theme) {
            Ok(settings) => format!("{:?}", settings.mail.map(|mail| mail.server)),
            Err(error) => error,
        };
        expected.assert_eq(&said);
    }

    const FROM: &str = "[mail]\nfrom = \"no-reply@sso.example.org\"\n";

    fn with(more: &str) -> String {
        format!("{FROM}{more}")
    }

    #[test]
    fn a_server_and_a_sender_are_enough() {
        check("", "", &expect!["None"]);
        let said = expect![
            r#"Some(Server { host: "mail.example.org", port: 587, security: StartTls, login: false, .. })"#
        ];
        check(&with("server = \"mail.example.org\""), "", &said);
        let whole = "server = \"mail.example.org\"\ntls = \"implicit\"\nuser = \"broker\"\n\
                     password = { file = \"password\" }\nreply_to = \"help@example.org\"";
        let said = expect![
            r#"Some(Server { host: "mail.example.org", port: 465, security: Tls, login: true, .. })"#
        ];
        check(&with(whole), "", &said);
    }

    #[test]
    fn what_cannot_work_is_refused_with_its_reason() {
        let elsewhere = "server = \"mail.example.org\"\ntls = \"none\"";
        check(
            &with(elsewhere),
            "",
            &expect![
                "…/idp.toml: [mail] without TLS the server must be on this machine: 127.0.0.1, ::1 or localhost"
            ],
        );
        let half = "server = \"mail.example.org\"\nuser = \"broker\"";
        check(&with(half), "", &expect!["…/idp.toml: [mail] user and password go together"]);
        let ca = "server = \"mail.example.org\"\nca = \"no.pem\"";
        check(
            &with(ca),
            "",
            &expect!["…/idp.toml: [mail] ca: tls error: invalid peer certificate: BadEncoding"],
        );
        let name = "[mail]\nserver = \"mail.example.org\"\nfrom = \"Broker <a@example.org>\"";
        check(name, "", &expect!["…/idp.toml: [mail] from or reply_to: not a mail address"]);
        let port = "server = \"mail.example.org\"\nprot = 25";
        check(&with(port), "", &expect!["…/idp.toml:10: unknown key `prot`; did you mean `port`?"]);
    }

    #[test]
    fn a_theme_words_letters_and_broken_words_are_found_at_the_start() {
        let section = with("server = \"mail.example.org\"");
        check(
            &section,
            "letter-time = Le { $when }",
            &expect![
                "…/idp.toml: [theme] the words of letters lack `letter-time` in `fr`, or it uses an unknown variable"
            ],
        );
        assert!(settings(&section, "letter-time = Le").is_ok());
    }
}
