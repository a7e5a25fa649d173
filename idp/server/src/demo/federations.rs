//! The federations: what the broker of the demonstration knows, and what the agencies' own
//! brokers know. Written as federation files, and applied like anybody's.

use idp_domain::{Fault, Secret, assurance::REFEDS_MFA};
use serde_json::{Value, json};

use super::{
    people::{Agency, OCEANS, PARTNERS, Person, RELIEF, draw_secret},
    ports::{Ports, origin},
};

/// Who the broker is at the agency.
const BROKER_AT_AGENCY: &str = "laissez-passer";
/// The relying party for developers.
pub(crate) const DEVELOPER: &str = "developer";

/// A relying party with pages of its own.
pub(crate) struct PartyPlan {
    /// Its id.
    pub(crate) id: &'static str,
    /// Its names, by language.
    pub(crate) names: [(&'static str, &'static str); 6],
    /// The scopes that it asks for: they mean the attributes that it is told.
    pub(crate) scopes: &'static [&'static str],
}

/// The relying party that speaks SAML.
pub(crate) const SERVICE: PartyPlan = PartyPlan {
    id: "mission-readiness",
    names: [
        ("ar", "الجاهزية للبعثات"),
        ("en", "Mission Readiness"),
        ("es", "Preparación para misiones"),
        ("fr", "Préparation aux missions"),
        ("ru", "Готовность к миссиям"),
        ("zh", "任务准备"),
    ],
    scopes: &[],
};

/// The relying party that demands two factors.
pub(crate) const STRICT: PartyPlan = PartyPlan {
    id: "payroll",
    names: [
        ("ar", "كشوف المرتبات"),
        ("en", "Payroll"),
        ("es", "Nóminas"),
        ("fr", "Paie"),
        ("ru", "Расчёт зарплаты"),
        ("zh", "薪资"),
    ],
    scopes: &["profile", "email", "agency"],
};

/// The relying parties that speak OpenID Connect.
pub(crate) const PARTIES: [PartyPlan; 2] = [
    PartyPlan {
        id: "duty-travel",
        names: [
            ("ar", "السفر الرسمي"),
            ("en", "Duty Travel"),
            ("es", "Viajes oficiales"),
            ("fr", "Voyages de service"),
            ("ru", "Служебные поездки"),
            ("zh", "公务差旅"),
        ],
        scopes: &["profile", "email", "agency"],
    },
    PartyPlan {
        id: "document-library",
        names: [
            ("ar", "مكتبة الوثائق"),
            ("en", "Document Library"),
            ("es", "Biblioteca de documentos"),
            ("fr", "Bibliothèque de documents"),
            ("ru", "Библиотека документов"),
            ("zh", "文献资料库"),
        ],
        scopes: &["email", "federation", "groups", "agency"],
    },
];

/// The secrets that the participants share.
pub(crate) struct Secrets {
    /// Between the broker and the agency.
    pub(crate) agency: Secret<String>,
    /// Between each relying party and the broker, in the order of [`PARTIES`].
    pub(crate) parties: [Secret<String>; 2],
    /// Between the relying party that demands two factors and the broker.
    pub(crate) strict: Secret<String>,
    /// Between a developer and the broker.
    pub(crate) developer: Secret<String>,
}

impl Secrets {
    /// New ones.
    pub(crate) fn draw() -> Result<Self, Fault> {
        let parties = [draw_secret()?, draw_secret()?];
        let (agency, strict) = (draw_secret()?, draw_secret()?);
        Ok(Self { agency, parties, strict, developer: draw_secret()? })
    }
}

/// Where a developer's relying party may take answers.
pub(crate) fn developer_redirect_uris(ports: Ports) -> [String; 2] {
    let port = ports.developer();
    [format!("{}/callback", origin(port)), format!("http://127.0.0.1:{port}/callback")]
}

/// What SAML peers say of themselves.
pub(crate) struct Metadata {
    /// The agency, as identity provider.
    pub(crate) relief: String,
    /// The broker, as service provider towards that agency.
    pub(crate) broker: String,
    /// The relying party.
    pub(crate) service: String,
}

/// What the broker knows.
pub(crate) fn of_the_broker(
    ports: Ports,
    partners: &[Person],
    secrets: &Secrets,
    metadata: &Metadata,
) -> Value {
    let mut parties: Vec<_> = PARTIES
        .iter()
        .zip(ports.parties())
        .zip(&secrets.parties)
        .map(|((plan, port), secret)| party(plan, port, secret, None))
        .collect();
    parties.push(party(&STRICT, ports.strict(), &secrets.strict, Some(REFEDS_MFA)));
    parties.push(service(ports, metadata));
    parties.push(developer(ports, &secrets.developer));
    json!({
        "agencies": [agency(&OCEANS), agency(&RELIEF), agency(&PARTNERS)],
        "sources": [
            {
                "id": OCEANS.id, "agency": OCEANS.id, "kind": "oidc",
                // What it says of two factors is believed; what the others say is not.
                "trust": [{"context": REFEDS_MFA, "worth": "aal2", "max_age_minutes": 480}],
                "connection": {
                    "issuer": origin(ports.agency()),
                    "client_id": BROKER_AT_AGENCY,
                    "client_secret": secrets.agency.expose(),
                    "scopes": ["profile", "email", "federation", "groups", "agency"],
                    // Who signs out here can come back as somebody else: the agency asks again.
                    "prompt": "login",
                },
            },
            {
                "id": RELIEF.id, "agency": RELIEF.id, "kind": "saml",
                "connection": {
                    "metadata": { "xml": metadata.relief },
                    "require_encryption": true,
                },
            },
            local(&PARTNERS, partners),
        ],
        "relying_parties": parties,
    })
}

/// What the broker of the agency that speaks SAML knows: its people, and one relying party.
pub(crate) fn of_relief(ports: Ports, people: &[Person], metadata: &Metadata) -> Value {
    json!({
        "agencies": [agency(&RELIEF)],
        "sources": [local(&RELIEF, people)],
        "relying_parties": [{
            "id": BROKER_AT_AGENCY, "agency": RELIEF.id, "kind": "saml",
            "names": {"en": "Laissez-Passer"},
            "home": origin(ports.broker()),
            "verified": true,
            "attributes": [
                "subject-id", "displayName", "givenName", "sn", "mail", "preferredLanguage",
                "eduPersonScopedAffiliation", "isMemberOf", "schacHomeOrganization",
            ],
            "connection": {
                "metadata": { "xml": metadata.broker },
                "encrypt": "required",
                // Its own name for a person: the host's name is no scope that an agency could have.
                "subject_id": "subject-id",
            },
        }],
    })
}

/// What the agency's own broker knows: its people, and one relying party.
pub(crate) fn of_the_agency(ports: Ports, people: &[Person], secrets: &Secrets) -> Value {
    let broker = origin(ports.broker());
    json!({
        "agencies": [agency(&OCEANS)],
        "sources": [local(&OCEANS, people)],
        "relying_parties": [{
            "id": BROKER_AT_AGENCY, "agency": OCEANS.id, "kind": "oidc",
            "names": {"en": "Laissez-Passer"},
            "home": broker,
            "verified": true,
            "connection": {
                "client_secret": secrets.agency.expose(),
                "redirect_uris": [format!("{broker}/sources/{}/callback", OCEANS.id)],
                "backchannel_logout_uri":
                    format!("{broker}/sources/{}/backchannel_logout", OCEANS.id),
                "backchannel_logout_session_required": true,
                "scopes": ["openid", "profile", "email", "federation", "groups", "agency"],
            },
        }],
    })
}

fn agency(agency: &Agency) -> Value {
    json!({
        "id": agency.id, "names": names(&agency.names), "aliases": agency.aliases,
        "domains": [agency.domain], "scopes": [agency.domain],
    })
}

fn local(agency: &Agency, people: &[Person]) -> Value {
    let accounts: Vec<_> = people
        .iter()
        .map(|person| {
            let attributes = person.attributes.iter();
            let attributes = attributes.map(|(name, values)| ((*name).to_owned(), json!(values)));
            json!({
                "username": person.username,
                "password": person.password.expose(),
                "attributes": attributes.collect::<serde_json::Map<_, _>>(),
            })
        })
        .collect();
    let connection = json!({ "accounts": accounts });
    json!({"id": agency.id, "agency": agency.id, "kind": "local", "connection": connection})
}

fn party(plan: &PartyPlan, port: u16, secret: &Secret<String>, floor: Option<&str>) -> Value {
    let home = origin(port);
    let scopes: Vec<_> = std::iter::once("openid").chain(plan.scopes.iter().copied()).collect();
    json!({
        "id": plan.id, "agency": OCEANS.id, "kind": "oidc", "names": names(&plan.names),
        "home": home,
        "verified": true,
        "required_acr": floor,
        "connection": {
            "client_secret": secret.expose(),
            "redirect_uris": [format!("{home}/callback")],
            "post_logout_redirect_uris": [format!("{home}/signed-out")],
            "initiate_login_uri": format!("{home}/sign-in"),
            "backchannel_logout_uri": format!("{home}/back-channel-logout"),
            "backchannel_logout_session_required": true,
            "scopes": scopes,
        },
    })
}

fn service(ports: Ports, metadata: &Metadata) -> Value {
    let home = origin(ports.service());
    json!({
        "id": SERVICE.id, "agency": RELIEF.id, "kind": "saml", "names": names(&SERVICE.names),
        "home": home,
        "verified": true,
        "attributes": ["displayName", "mail", "eduPersonScopedAffiliation", "isMemberOf", "agency"],
        "connection": { "metadata": { "xml": metadata.service }, "encrypt": "required" },
    })
}

/// For software that a developer brings along: everything that can be asked for, and no PKCE
/// demanded, for not all software has it.
fn developer(ports: Ports, secret: &Secret<String>) -> Value {
    let redirect_uris = developer_redirect_uris(ports);
    let after_logout = redirect_uris.clone().map(|uri| uri.replace("/callback", "/"));
    json!({
        "id": DEVELOPER, "agency": OCEANS.id, "kind": "oidc",
        "names": {"en": "Developer's own application"},
        "connection": {
            "subject_type": "public",
            "client_secret": secret.expose(),
            "redirect_uris": redirect_uris,
            "post_logout_redirect_uris": after_logout,
            "profile": "baseline",
            "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
            "scopes": idp_oidc::scope::STANDARD,
            "offline_access": true,
        },
    })
}

fn names(names: &[(&str, &str)]) -> Value {
    names.iter().map(|(lang, name)| ((*lang).to_owned(), Value::from(*name))).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Metadata, Secrets, of_relief, of_the_agency, of_the_broker};
    use crate::{
        demo::{
            people::{OCEANS, PARTNERS, RELIEF},
            ports::Ports,
        },
        federation::read,
    };

    #[test]
    fn both_federations_are_files_that_anybody_could_apply() {
        let secrets = Secrets::draw().unwrap();
        let ports = Ports::unbound(8080);
        let staff = OCEANS.draw_people().unwrap();
        let partners = PARTNERS.draw_people().unwrap();
        let relief = RELIEF.draw_people().unwrap();
        let text = String::new;
        let metadata = Metadata { relief: text(), broker: text(), service: text() };
        for federation in [
            of_the_broker(ports, &partners, &secrets, &metadata),
            of_the_agency(ports, &staff, &secrets),
            of_relief(ports, &relief, &metadata),
        ] {
            let file = read::parse(&federation.to_string(), Path::new("demo.json")).unwrap();
            read::check(&file).unwrap();
        }
    }
}
