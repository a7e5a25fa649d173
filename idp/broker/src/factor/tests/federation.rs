//! The agencies, sources and services of the scene.

use std::{collections::BTreeSet, sync::Arc};

use idp_domain::{
    Agency, Amr, Ask, Assurance, AttributeName, AttributeSet, AuthenticationEvent, Begun,
    Connector, FactorRules, Identity, Inbound, Kept, Lifetime, Localized, Outbound, Pending,
    Progress, Refusal, RelyingParty, Source, SourceId, Timestamp, Trust,
    assurance::{AAL3, PHR, REFEDS_MFA},
    connector::Form,
    identity::SourceSubject,
    relying_party::{Consent, OpenTo, Protocol},
    session::Narrower,
    source::SourceKind,
    subject::SubjectKind,
};
use idp_store::credentials::LocalAccounts;

use crate::Catalog;

/// What every source of the scene calls itself.
pub(super) const ISSUER: &str = "https://idp.example";

/// The federation, with these rules of every agency.
pub(super) fn of(rules: &FactorRules, locals: &LocalAccounts) -> Catalog {
    let mfa = Trust::in_contexts([REFEDS_MFA.parse().unwrap()]);
    let sources = [
        source("una", SourceKind::Oidc, Trust::default()),
        source("unb", SourceKind::Saml, mfa),
        source("partner", SourceKind::Local, Trust::default()),
    ];
    let doors = sources.map(|source| {
        let door = Door { source: source.id.clone(), locals: locals.clone() };
        (source, Arc::new(door) as Arc<dyn Connector>)
    });
    let agencies = ["una", "unb", "partner"].map(|id| agency(id, rules.clone()));
    let short = Narrower { idle: Some(5), absolute: Some(120), ..Narrower::default() };
    let parties = [
        party("portal", None),
        party("vault", Some(REFEDS_MFA)),
        party("safe", Some(PHR)),
        party("strongroom", Some(AAL3)),
        party("account", None),
        RelyingParty { sessions: short, ..party("counter", None) },
    ];
    Catalog::new(agencies, doors, parties)
}

/// Speaks for a source in a test: whoever comes back is who the reply says, or nobody.
struct Door {
    source: SourceId,
    locals: LocalAccounts,
}

impl Connector for Door {
    fn begin<'a>(&'a self, _ask: &'a Ask) -> Pending<'a, Begun> {
        let form = Form::Password { problem: None, username: String::new() };
        Box::pin(async { Ok(Begun::Go(Outbound::Form(form), Kept::new(String::new()))) })
    }

    fn resume(&self, _kept: Kept, reply: Inbound) -> Pending<'_, Progress> {
        let said = |name: &str| {
            reply.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
        };
        let Some(subject) = said("subject") else {
            let refusal =
                Refusal::SourceRefused { code: "access_denied".into(), detail: String::new() };
            return Box::pin(async { Ok(Progress::Refused(refusal)) });
        };
        let subject = SourceSubject::parse(&subject).unwrap();
        let mut event = self.event(subject, reply.now);
        if let Some(age) = said("age") {
            // Whatever is no number: it does not say.
            event.authenticated_at =
                age.parse().ok().map(|age| reply.now.minus(Lifetime::seconds(age)));
        }
        event.acr = said("acr").map(|acr| acr.parse().unwrap());
        event.amr = said("amr").iter().filter_map(|amr| Amr::new(amr)).collect();
        if let Some(mail) = said("mail") {
            event.identity.attributes.remove(&AttributeName::parse("mail").unwrap());
            event.identity.attributes.add(AttributeName::parse("mail").unwrap(), mail);
        }
        Box::pin(async { Ok(Progress::Proven { event: Box::new(event), once: None }) })
    }

    fn recall<'a>(
        &'a self,
        subject: &'a SourceSubject,
        now: Timestamp,
    ) -> Pending<'a, Option<Box<AuthenticationEvent>>> {
        Box::pin(async move {
            let known = self.locals.of_subject(&self.source, subject).await.unwrap();
            let known = known.filter(|known| !known.disabled);
            Ok(known.map(|known| Box::new(self.event(known.subject, now))))
        })
    }
}

impl Door {
    fn event(&self, subject: SourceSubject, now: Timestamp) -> AuthenticationEvent {
        let mut attributes = AttributeSet::default();
        let mail = format!("{}@{}.example", subject.as_str(), self.source);
        attributes.add(AttributeName::parse("mail").unwrap(), mail);
        AuthenticationEvent {
            identity: Identity {
                source: self.source.clone(),
                issuer: ISSUER.to_owned(),
                subject,
                attributes,
            },
            agency: self.source.as_str().parse().unwrap(),
            authenticated_at: Some(now),
            received_at: now,
            acr: None,
            amr: Vec::new(),
            assurance: Assurance::Aal1,
            phishing_resistant: false,
            credited_by: None,
            credited_until: None,
            source_session: None,
            source_name: None,
            valid_until: None,
        }
    }
}

fn agency(id: &str, factors: FactorRules) -> Agency {
    Agency {
        id: id.parse().unwrap(),
        names: Localized::default(),
        aliases: Vec::new(),
        domains: vec![format!("{id}.example").parse().unwrap(), "new.example".parse().unwrap()],
        scopes: Vec::new(),
        logo: None,
        contacts: Vec::new(),
        factors,
        sessions: Narrower::default(),
        enabled: true,
    }
}

fn party(id: &str, floor: Option<&str>) -> RelyingParty {
    RelyingParty {
        id: id.parse().unwrap(),
        agency: "una".parse().unwrap(),
        names: Localized::default(),
        home: None,
        initiate: None,
        protocol: if id == "account" { Protocol::Own } else { Protocol::Oidc },
        open_to: OpenTo::All,
        floor: floor.map(|acr| acr.parse().unwrap()),
        sessions: Narrower::default(),
        releasable: BTreeSet::from([AttributeName::parse("mail").unwrap()]),
        subject: SubjectKind::Pairwise,
        sector: "una.example".into(),
        consent: Consent::Agreed,
        verified: false,
        enabled: true,
    }
}

fn source(id: &str, kind: SourceKind, trust: Trust) -> Source {
    Source {
        id: id.parse().unwrap(),
        agency: id.parse().unwrap(),
        kind,
        names: Localized::default(),
        trust,
        enabled: true,
    }
}
