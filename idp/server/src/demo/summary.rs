//! What the demonstration tells when it is ready: a page for people, a line for scripts.

use std::fmt::{self, Write};

use idp_domain::{Secret, assurance::REFEDS_MFA};
use serde_json::{Value, json};

use super::{
    federations::{DEVELOPER, PARTIES, SERVICE, STRICT, developer_redirect_uris},
    people::{OCEANS, Person, RELIEF},
    ports::{Ports, origin},
};

/// What to open, who can sign in, and with what.
pub(crate) struct Summary {
    ports: Ports,
    people: Vec<Person>,
    developer: Secret<String>,
    admin: Secret<String>,
}

impl Summary {
    pub(super) fn new(
        ports: Ports,
        people: Vec<Person>,
        developer: Secret<String>,
        admin: Secret<String>,
    ) -> Self {
        Self { ports, people, developer, admin }
    }

    /// For scripts. It holds secrets: they are what the script needs.
    pub(crate) fn json(&self) -> Value {
        let people = self.people.iter().map(|person| {
            json!({
                "agency": person.agency,
                "username": person.username,
                "password": person.password.expose(),
            })
        });
        let parties = self.ports.parties();
        let parties = parties.map(|port| json!({"kind": "oidc", "url": home(port)}));
        let service = json!({"kind": "saml", "url": home(self.ports.service())});
        let parties: Vec<_> = parties.into_iter().chain([service]).collect();
        let broker = origin(self.ports.broker());
        json!({
            "issuer": origin(self.ports.broker()),
            "people": people.collect::<Vec<_>>(),
            "oidc_client": {
                "client_id": DEVELOPER,
                "client_secret": self.developer.expose(),
                "redirect_uris": developer_redirect_uris(self.ports),
            },
            "saml": {
                "idp_metadata_url": format!("{broker}/saml/metadata"),
                "sp_metadata_url": format!("{broker}/saml/sp/metadata"),
            },
            "relying_parties": parties,
            // Apart from the others: who signs in there has more to do.
            "demanding_parties": [{
                "kind": "oidc", "url": home(self.ports.strict()), "acr": REFEDS_MFA,
            }],
            // There is no console yet that could be opened.
            "admin": {
                "url": null,
                "api_url": format!("{broker}/api/v1"),
                "token": self.admin.expose(),
            },
        })
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a text does not fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> fmt::Result {
        let ports = self.ports;
        writeln!(text, "The demonstration is ready. It lives in this process and ends with it.\n")?;
        writeln!(text, "  Open in a browser")?;
        let name = |names: &[(&str, &'static str)]| {
            names.iter().find(|(lang, _)| *lang == "en").map_or("", |(_, name)| name)
        };
        for (plan, port) in PARTIES.iter().zip(ports.parties()) {
            writeln!(text, "    {}   {}, a service", home(port), name(&plan.names))?;
        }
        let service = home(ports.service());
        writeln!(text, "    {service}   {}, a service that speaks SAML", name(&SERVICE.names))?;
        let strict = home(ports.strict());
        writeln!(text, "    {strict}   {}, which demands two factors", name(&STRICT.names))?;
        let broker = home(ports.broker());
        writeln!(text, "    {broker}   the broker: your session, and the way to end it")?;
        for (port, speaks) in [(ports.agency(), "OpenID Connect"), (ports.relief(), "SAML")] {
            writeln!(
                text,
                "    {}   an agency's own sign-in, over {speaks}: another instance of the broker",
                home(port)
            )?;
        }
        writeln!(text)?;
        self.write_people(text)?;
        writeln!(text, "  Try")?;
        writeln!(text, "    Sign in to one service, choosing an agency; then open the other one.")?;
        writeln!(
            text,
            "    Sign out, and choose another agency. Switch your browser to Arabic.\n"
        )?;
        self.write_factors(text)?;
        writeln!(text, "  Bring your own OpenID Connect software")?;
        let [by_name, by_number] = developer_redirect_uris(ports);
        for (what, value) in [
            ("issuer", origin(ports.broker()).as_str()),
            ("client_id", DEVELOPER),
            ("client_secret", self.developer.expose()),
            ("redirect_uri", &by_name),
            ("         or", &by_number),
        ] {
            writeln!(text, "    {what:<13}   {value}")?;
        }
        writeln!(text, "\n  Bring your own SAML software: register it with --apply FILE")?;
        for (what, path) in
            [("as a service", "/saml/metadata"), ("as an agency", "/saml/sp/metadata")]
        {
            writeln!(text, "    {what:<13}   {}{path}", origin(ports.broker()))?;
        }
        writeln!(text, "\nCtrl-C ends it.")
    }

    fn write_factors(&self, text: &mut String) -> fmt::Result {
        let ports = self.ports;
        let [strict, agency, account] = [
            home(ports.strict()),
            format!("{}account/security", home(ports.agency())),
            format!("{}account", home(ports.broker())),
        ];
        writeln!(text, "  Try two factors")?;
        for line in [
            format!("Open {strict} as anybody: enrol a passkey or an app on the way."),
            format!("As one of {}: enrol a passkey at {agency}", OCEANS.name()),
            "and sign in there with it. The agency is trusted for that: nothing more is asked."
                .into(),
            format!("{} is not trusted for it, so the broker asks itself.", RELIEF.name()),
            format!("Your passkeys, sessions and devices: {account}"),
        ] {
            writeln!(text, "    {line}")?;
        }
        writeln!(text, "\n  Act as an administrator: passes, sessions, the kill switch")?;
        let broker = origin(ports.broker());
        for (what, value) in [
            ("description", format!("{broker}/api/openapi.json").as_str()),
            ("token", self.admin.expose()),
            ("for example", "curl -H \"Authorization: Bearer TOKEN\" \\"),
            ("", &format!("  {broker}/api/v1/sessions?agency={}", OCEANS.id)),
        ] {
            writeln!(text, "    {what:<13}   {value}")?;
        }
        writeln!(text)
    }

    fn write_people(&self, text: &mut String) -> fmt::Result {
        let width = |of: &dyn Fn(&Person) -> &str, title: &str| {
            let widths = self.people.iter().map(|person| of(person).chars().count());
            widths.max().unwrap_or_default().max(title.len())
        };
        let agency = width(&|person| person.agency, "Agency");
        let username = width(&|person| person.username, "User name");
        let row = |text: &mut String, [a, u, p]: [&str; 3]| {
            writeln!(text, "    {a:<agency$}   {u:<username$}   {p}")
        };
        writeln!(text, "  Sign in as one of these people; their passwords are new at each start")?;
        row(text, ["Agency", "User name", "Password"])?;
        for person in &self.people {
            row(text, [person.agency, person.username, person.password.expose()])?;
        }
        writeln!(text)
    }
}

fn home(port: u16) -> String {
    format!("{}/", origin(port))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use idp_domain::Secret;

    use super::Summary;
    use crate::demo::{people::Person, ports::Ports};

    fn summary() -> Summary {
        let secret = |text: &str| Secret::new(text.to_owned());
        let person = |agency, username| Person {
            agency,
            username,
            password: secret("one-two-three"),
            attributes: Vec::new(),
        };
        let people = vec![person("An Agency", "amina"), person("B", "omar@b.example")];
        Summary::new(Ports::unbound(8080), people, secret("s3cret"), secret("lpat_admin"))
    }

    #[test]
    fn a_script_reads_one_line() {
        expect![[r#"{"admin":{"api_url":"http://localhost:8080/api/v1","token":"lpat_admin","url":null},"demanding_parties":[{"acr":"https://refeds.org/profile/mfa","kind":"oidc","url":"http://localhost:8089/"}],"issuer":"http://localhost:8080","oidc_client":{"client_id":"developer","client_secret":"s3cret","redirect_uris":["http://localhost:8090/callback","http://127.0.0.1:8090/callback"]},"people":[{"agency":"An Agency","password":"one-two-three","username":"amina"},{"agency":"B","password":"one-two-three","username":"omar@b.example"}],"relying_parties":[{"kind":"oidc","url":"http://localhost:8082/"},{"kind":"oidc","url":"http://localhost:8083/"},{"kind":"saml","url":"http://localhost:8088/"}],"saml":{"idp_metadata_url":"http://localhost:8080/saml/metadata","sp_metadata_url":"http://localhost:8080/saml/sp/metadata"}}"#]]
        .assert_eq(&summary().json().to_string());
    }

    #[test]
    fn a_person_reads_what_to_open_and_whom_to_be() {
        expect![[r#"
            The demonstration is ready. It lives in this process and ends with it.

              Open in a browser
                http://localhost:8082/   Duty Travel, a service
                http://localhost:8083/   Document Library, a service
                http://localhost:8088/   Mission Readiness, a service that speaks SAML
                http://localhost:8089/   Payroll, which demands two factors
                http://localhost:8080/   the broker: your session, and the way to end it
                http://localhost:8081/   an agency's own sign-in, over OpenID Connect: another instance of the broker
                http://localhost:8086/   an agency's own sign-in, over SAML: another instance of the broker

              Sign in as one of these people; their passwords are new at each start
                Agency      User name        Password
                An Agency   amina            one-two-three
                B           omar@b.example   one-two-three

              Try
                Sign in to one service, choosing an agency; then open the other one.
                Sign out, and choose another agency. Switch your browser to Arabic.

              Try two factors
                Open http://localhost:8089/ as anybody: enrol a passkey or an app on the way.
                As one of International Agency for Oceans: enrol a passkey at http://localhost:8081/account/security
                and sign in there with it. The agency is trusted for that: nothing more is asked.
                World Relief Programme is not trusted for it, so the broker asks itself.
                Your passkeys, sessions and devices: http://localhost:8080/account

              Act as an administrator: passes, sessions, the kill switch
                description     http://localhost:8080/api/openapi.json
                token           lpat_admin
                for example     curl -H "Authorization: Bearer TOKEN" \
                                  http://localhost:8080/api/v1/sessions?agency=iao

              Bring your own OpenID Connect software
                issuer          http://localhost:8080
                client_id       developer
                client_secret   s3cret
                redirect_uri    http://localhost:8090/callback
                         or     http://127.0.0.1:8090/callback

              Bring your own SAML software: register it with --apply FILE
                as a service    http://localhost:8080/saml/metadata
                as an agency    http://localhost:8080/saml/sp/metadata

            Ctrl-C ends it.
        "#]]
        .assert_eq(&summary().text());
    }
}
