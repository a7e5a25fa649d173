//! The checks that make a service provider of its metadata and its registered form.

use std::{collections::BTreeSet, ops::RangeInclusive};

use idp_domain::{
    AttributeName, Lifetime, RelyingPartyId,
    attribute::{by_name, by_uri},
    subject::SubjectKind,
};
use url::Host;

use super::{
    AcsEndpoints, Encrypt, Encryption, RegistrationError, ServiceProvider,
    ServiceProviderRegistration, Surroundings,
};
use crate::{
    binding::Binding,
    dsig::{SignatureAlg, VerifyingKey},
    idp::{
        IdentifierNeed, NameIdKind,
        category::{category_attributes, promises_conduct},
    },
    metadata::{Entity, KeyUse, RequestedAttribute, SpRole},
};

/// The bounds of a session's life at a service provider: 5 minutes to a day.
const SESSION: RangeInclusive<u32> = 300..=86_400;

/// Makes a service provider, or says everything that is wrong with it.
pub(super) fn register(
    id: RelyingPartyId,
    entity: &Entity,
    form: &ServiceProviderRegistration,
    surroundings: Surroundings,
) -> Result<ServiceProvider, Vec<RegistrationError>> {
    let Some(role) = &entity.sp else {
        let problem = "the metadata describes no service provider".to_owned();
        let hint = "Register metadata with an SPSSODescriptor.";
        return Err(vec![error("sp.no_role", "metadata", problem, hint)]);
    };
    let mut checks =
        Checks { entity, role, form, surroundings, errors: Vec::new(), doubts: Vec::new() };
    let categories = checks.categories();
    let identifier = checks.identifier(&categories);
    let keys = checks.keys();
    checks.signed_requests(&keys);
    checks.signatures();
    let provider = ServiceProvider {
        entity_id: entity.entity_id.clone(),
        valid_until: entity.valid_until,
        acs: checks.acs(),
        slo: role.slo.clone(),
        keys,
        require_signed_requests: role.authn_requests_signed
            || form.require_signed_requests == Some(true),
        sign_assertion: form.sign_assertion,
        sign_response: form.sign_response,
        signature_algs: checks.signature_algs(),
        encryption: checks.encryption(),
        name_id: checks.name_id(),
        email_name: form.name_id == Some(NameIdKind::Email),
        identifier,
        subject: if identifier == Some(IdentifierNeed::SubjectId) {
            SubjectKind::Public
        } else {
            SubjectKind::Pairwise
        },
        sector: checks.sector(),
        unsolicited: form.unsolicited,
        session_lifetime: checks.session_lifetime(),
        attribute_services: role.attribute_services.clone(),
        releasable: checks.releasable(&categories),
        doubts: Vec::new(),
        id,
    };
    let Checks { errors, doubts, .. } = checks;
    if errors.is_empty() { Ok(ServiceProvider { doubts, ..provider }) } else { Err(errors) }
}

fn error(
    slug: &'static str,
    field: &'static str,
    problem: impl Into<String>,
    hint: &'static str,
) -> RegistrationError {
    RegistrationError { slug, field, problem: problem.into(), hint }
}

/// The checks, and what they found. Each returns something even where it complains, so that the
/// next can go on.
struct Checks<'a> {
    entity: &'a Entity,
    role: &'a SpRole,
    form: &'a ServiceProviderRegistration,
    surroundings: Surroundings,
    errors: Vec<RegistrationError>,
    doubts: Vec<RegistrationError>,
}

impl Checks<'_> {
    fn complain(
        &mut self,
        slug: &'static str,
        field: &'static str,
        problem: impl Into<String>,
        hint: &'static str,
    ) {
        self.errors.push(error(slug, field, problem, hint));
    }

    fn doubt(
        &mut self,
        slug: &'static str,
        field: &'static str,
        problem: impl Into<String>,
        hint: &'static str,
    ) {
        self.doubts.push(error(slug, field, problem, hint));
    }

    /// Answers travel by POST alone, and to an address that a browser cannot run.
    fn acs(&mut self) -> AcsEndpoints {
        let by_post = self.role.acs.iter().filter(|acs| acs.binding == Binding::Post);
        let endpoints: Vec<_> = by_post.cloned().collect();
        if endpoints.is_empty() {
            self.complain(
                "sp.no_acs",
                "metadata",
                "no AssertionConsumerService takes answers by HTTP-POST",
                "Register metadata with one at an https address.",
            );
        }
        let is_plain = |text: &str| text.get(..5).is_some_and(|s| s.eq_ignore_ascii_case("http:"));
        let plain = endpoints.iter().map(|acs| acs.location.as_str()).find(|text| is_plain(text));
        if let Some(text) = plain.filter(|_| !self.surroundings.loopback_peers) {
            let problem = format!("{} is not https", quoted(text));
            self.complain("sp.acs_plain", "metadata", problem, "Answer at https alone.");
        }
        AcsEndpoints(endpoints)
    }

    fn keys(&mut self) -> Vec<VerifyingKey> {
        let mut keys: Vec<VerifyingKey> = Vec::new();
        for (_, der) in self.role.keys.certificates(KeyUse::Signing) {
            match VerifyingKey::from_certificate(der) {
                Ok(key) if keys.contains(&key) => {}
                Ok(key) => keys.push(key),
                Err(problem) => {
                    let hint =
                        "Publish an RSA key of 2,048 bits or more, or one on P-256 or P-384.";
                    self.doubt("sp.signing_key", "metadata", problem.to_string(), hint);
                }
            }
        }
        keys
    }

    //= saml-metadata#2.4.4-1
    fn signed_requests(&mut self, keys: &[VerifyingKey]) {
        let says_signed = self.role.authn_requests_signed;
        match self.form.require_signed_requests {
            Some(false) if says_signed => self.complain(
                "sp.unsigned_requests",
                "require_signed_requests",
                "the metadata says that requests are signed",
                "Remove the key, or register metadata without AuthnRequestsSigned.",
            ),
            wanted if (says_signed || wanted == Some(true)) && keys.is_empty() => self.complain(
                "sp.no_keys",
                "metadata",
                "requests must be signed, and no key can verify them",
                "Register metadata with a signing key.",
            ),
            _ => {}
        }
    }

    fn signatures(&mut self) {
        if !self.form.sign_assertion && !self.form.sign_response {
            self.complain(
                "sp.unsigned",
                "sign_assertion",
                "neither assertions nor responses would be signed",
                "Sign at least one of them.",
            );
        } else if !self.form.sign_assertion && self.role.want_assertions_signed {
            self.complain(
                "sp.assertion_unsigned",
                "sign_assertion",
                "the metadata says that assertions must be signed",
                "Remove the key, or register metadata without WantAssertionsSigned.",
            );
        }
    }

    fn signature_algs(&self) -> Vec<SignatureAlg> {
        let registered = self.form.signature_alg.map(SignatureAlg::from);
        let understood = &self.role.algorithms.signing;
        let understood = understood.iter().filter_map(|uri| SignatureAlg::from_uri(uri));
        registered.into_iter().chain(understood).collect()
    }

    fn encryption(&mut self) -> Encryption {
        let (encryption, unfit) = Encryption::read(self.form, &self.role.keys);
        for problem in unfit {
            let hint = "Publish an RSA key of 2,048 bits or more for AES-GCM and RSA-OAEP.";
            self.doubt("sp.encryption_key", "metadata", problem, hint);
        }
        if self.form.encrypt == Encrypt::Required && self.form.danger_plaintext_until.is_some() {
            self.complain(
                "sp.plaintext",
                "danger_plaintext_until",
                "assertions must be encrypted, and may not be",
                "Remove the exception, or `encrypt: required`.",
            );
        }
        if encryption.is_keyless() {
            self.doubt(
                "sp.no_encryption_key",
                "encrypt",
                "assertions must be encrypted, and the metadata has no key for it",
                "Nobody can sign in there before the metadata has one.",
            );
        }
        encryption
    }

    fn name_id(&self) -> NameIdKind {
        let formats = self.role.name_id_formats.iter();
        let mut given = formats.filter_map(|format| NameIdKind::from_format(format));
        let first = given.find(|kind| *kind != NameIdKind::Email);
        self.form.name_id.or(first).unwrap_or_default()
    }

    fn categories(&self) -> Vec<String> {
        let said = || self.entity.attribute(Entity::CATEGORY).to_vec();
        self.form.entity_categories.clone().unwrap_or_else(said)
    }

    /// A name that others know too is given where the federation allows it, and not because a
    /// service provider says that it wants it.
    fn identifier(&mut self, categories: &[String]) -> Option<IdentifierNeed> {
        if self.form.subject_id.is_some() {
            return self.form.subject_id;
        }
        let said = IdentifierNeed::from_values(self.entity.attribute(Entity::SUBJECT_ID_REQ));
        let asks = |name: &str| {
            self.requested().filter_map(|one| canonical(&one.name)).any(|one| one.as_str() == name)
        };
        // Some metadata asks for it as for any other attribute.
        let by_name = || match (asks("pairwise-id"), asks("subject-id")) {
            (true, _) => Some(IdentifierNeed::PairwiseId),
            (false, true) => Some(IdentifierNeed::SubjectId),
            (false, false) => None,
        };
        let need = said.or_else(by_name)?;
        let entitled =
            category_attributes(categories).iter().any(|name| name.as_str() == "subject-id");
        if need == IdentifierNeed::SubjectId && !entitled {
            self.doubt(
                "sp.subject_id",
                "subject_id",
                "the metadata asks for subject-id, which other services know too",
                "Register `subject_id: subject-id` if it may have it; we make none for it until then.",
            );
            return None;
        }
        Some(need)
    }

    fn requested(&self) -> impl Iterator<Item = &RequestedAttribute> {
        self.role.attribute_services.iter().flat_map(|service| &service.requested)
    }

    fn releasable(&self, categories: &[String]) -> BTreeSet<AttributeName> {
        let mut names = category_attributes(categories);
        if promises_conduct(categories) {
            let required = self.requested().filter(|one| one.required);
            names.extend(required.filter_map(|one| canonical(&one.name)).cloned());
        }
        names
    }

    /// The sector: as registered, else its own name, which no host name is like.
    fn sector(&mut self) -> String {
        let Some(sector) = &self.form.sector else {
            return format!("entity:{}", self.entity.entity_id);
        };
        let is_host = sector.len() <= 253
            && Host::parse(sector).is_ok_and(|host| host.to_string() == *sector);
        if !is_host {
            let hint = "Write a host name in lower case, without scheme and port.";
            self.complain("sp.sector", "sector", "not a host name", hint);
        }
        sector.clone()
    }

    fn session_lifetime(&mut self) -> Option<Lifetime> {
        let seconds = self.form.session_lifetime?;
        if !SESSION.contains(&seconds) {
            let problem =
                format!("{seconds} is not within {} to {}", SESSION.start(), SESSION.end());
            let hint = "Choose a lifetime within the bounds.";
            self.complain("sp.session_lifetime", "session_lifetime", problem, hint);
        }
        Some(Lifetime::seconds(seconds))
    }
}

/// The canonical name of an attribute that a service provider names by its URI, or plainly.
pub(in crate::idp) fn canonical(name: &str) -> Option<&'static AttributeName> {
    by_uri(name).or_else(|| by_name(name)).map(|def| &def.name)
}

fn quoted(text: &str) -> String {
    format!("{:?}", text.chars().take(200).collect::<String>())
}
