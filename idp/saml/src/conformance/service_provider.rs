//! A registered service provider: what it keeps of the profile, and what we keep towards it.
//!
//! Length: one row a clause, and each row says what was found and what to do.

use idp_domain::Timestamp;

use super::{
    finding::{Judged, Report, Verdict, Whose, broken, either, held, unseen},
    peer::{Peer, Provenance, is_plain},
};
use crate::{
    binding::Binding,
    dsig::{DigestAlg, SignatureAlg},
    idp::{
        IdentifierNeed, NameIdKind, ServiceProvider, ServiceProviderRegistration,
        service_provider::SignatureName,
    },
    metadata::{Entity, Flaw, KeyUse, SpRole},
};

/// Judges the service provider that `entity` describes, as it is registered.
#[must_use]
pub fn judge_service_provider(
    entity: &Entity,
    provider: &ServiceProvider,
    form: &ServiceProviderRegistration,
    provenance: Provenance<'_>,
    now: Timestamp,
) -> Report {
    let Some(role) = &entity.sp else { return Report::default() };
    let peer = Peer { entity, keys: &role.keys, ui: &role.ui, provenance, now };
    let seen = Seen { peer, role, provider, form };
    let mut clauses = peer.judged();
    for (table, whose) in [(&THEIRS[..], Whose::Peer), (&OURS, Whose::Ours)] {
        clauses.extend(table.iter().map(|(clause, judge)| judge(&seen).about(clause, whose)));
    }
    let mut beyond = peer.beyond();
    beyond.push(seen.signs_requests().about("signed requests", Whose::Peer));
    Report { clauses, beyond }
}

/// What the rows look at.
struct Seen<'a> {
    peer: Peer<'a>,
    role: &'a SpRole,
    provider: &'a ServiceProvider,
    form: &'a ServiceProviderRegistration,
}

/// A row: a clause, and what is found of it.
type Row = (&'static str, fn(&Seen<'_>) -> Judged);

/// What the peer has to keep in its role.
const THEIRS: [Row; 44] = [
    ("SDP-MD08", |seen| {
        let (found, lacks) = ("it has a key to encrypt to", "it has no key to encrypt to");
        seen.peer.has_key(KeyUse::Encryption, found, lacks)
    }),
    ("SDP-MD09", |seen| seen.peer.is_presented(true)),
    ("SDP-MD10", |seen| seen.peer.logo()),
    ("SDP-MD11", |seen| seen.peer.technical_contact()),
    ("SDP-ALG01", algorithms),
    ("SDP-SP01", |_| held("it is registered as a service provider")),
    ("SDP-SP02", |_| {
        unseen("requests are taken by Redirect and POST", "Look at one of its requests.")
    }),
    ("SDP-SP03", |_| unseen("frames show only at its own pages", "Ask its operator.")),
    ("SDP-SP04", |_| unseen("it shows only in its requests", "Look at one of its requests.")),
    ("SDP-SP05", |_| {
        unseen("addresses are taken by URL and by index", "Look at one of its requests.")
    }),
    ("SDP-SP06", |_| held("a request that names another address is not answered")),
    ("SDP-SP07", |_| unseen("it shows only in its requests", "Look at one of its requests.")),
    ("SDP-SP08", |seen| match seen.provider.acs().default() {
        Some(acs) => held(format!("it takes answers by POST at {}", acs.location)),
        None => broken("it takes no answers by POST", "Ask its operator for such an endpoint."),
    }),
    ("SDP-SP09", tls),
    ("SDP-SP10", decrypts),
    ("SDP-SP11", |_| {
        unseen("it shows only in a login that fails", "Let one fail: refuse consent.")
    }),
    ("SDP-SP12", |_| {
        unseen("it shows only at its own pages", "Sign in as somebody without attributes.")
    }),
    ("SDP-SP13", |_| unseen("it is always told a name", "Ask its operator.")),
    ("SDP-SP14", identifies),
    ("SDP-SP15", |seen| match seen.signalled() {
        Some(need) => held(format!("its metadata says `{need}`")),
        None => broken(
            "its metadata does not say which identifier it needs",
            "Ask its operator for the entity attribute `subject-id:req`.",
        ),
    }),
    ("SDP-SP16", |_| unseen("how it keeps people apart is its own affair", "Ask its operator.")),
    ("SDP-SP17", |_| unseen("whose scopes it believes is its own affair", "Ask its operator.")),
    ("SDP-SP18", |_| unseen("it shows only at its own pages", "Ask its operator.")),
    ("SDP-SP19", |_| {
        unseen("it shows only when it is used", "Sign in as somebody with two affiliations.")
    }),
    ("SDP-SP20", |_| unseen("it shows only at its own pages", "Ask its operator.")),
    ("SDP-SP21", |_| unseen("it shows only when it is used", "Follow a deep link, signed out.")),
    ("SDP-SP22", |_| unseen("it shows only when it is used", "Ask its operator.")),
    ("SDP-SP23", |_| held("here people find their agency on a page of the broker")),
    ("SDP-SP24", |seen| seen.if_logout(|_| held("it takes part in single logout"))),
    ("SDP-SP25", |seen| {
        seen.if_logout(|_| unseen("requests are taken by every binding", "Sign out there."))
    }),
    ("SDP-SP26", |seen| seen.if_logout(Seen::hears_by_redirect)),
    ("SDP-SP27", |seen| {
        seen.if_logout(|_| unseen("frames show only at its own pages", "Sign out there."))
    }),
    ("SDP-SP28", |seen| seen.if_logout(Seen::signs_logouts)),
    ("SDP-SP29", |seen| {
        let found = "another name ends nothing, but one without its qualifiers is understood";
        seen.if_logout(|_| unseen(found, "Sign out there."))
    }),
    ("SDP-SP30", |seen| {
        seen.if_logout(|_| unseen("an encrypted name would be opened", "Sign out there."))
    }),
    ("SDP-SP31", |seen| {
        seen.if_logout(|_| unseen("answers are taken by Redirect and POST", "Sign out here."))
    }),
    ("SDP-SP32", |seen| seen.if_logout(Seen::hears_by_redirect)),
    ("SDP-SP33", |seen| seen.if_logout(Seen::signs_logouts)),
    ("SDP-SP34", |seen| {
        seen.if_logout(|_| unseen("its session is its own affair", "Ask its operator."))
    }),
    ("SDP-SP35", |seen| {
        seen.if_logout(|_| unseen("why it asks is its own affair", "Ask its operator."))
    }),
    ("SDP-SP36", |_| unseen("what it runs behind one name is not to be seen", "Ask its operator.")),
    ("SDP-SP37", |_| {
        unseen("it shows only when our key changes", "Ask its operator before you rotate keys.")
    }),
    ("SDP-SP38", |_| unseen("which keys it has is not to be seen", "Ask its operator.")),
    ("SDP-SP39", content),
];

/// What we have to keep towards it, as far as its registration and metadata decide.
const OURS: [Row; 9] = [
    ("SDP-IDP04", |seen| {
        match (seen.role.authn_requests_signed, seen.provider.require_signed_requests) {
            (true, _) => held("its metadata says that it signs; unsigned requests are refused"),
            (false, true) => held("it is registered to sign; unsigned requests are refused"),
            (false, false) => {
                held("its metadata does not say that it signs; unsigned requests are taken")
            }
        }
    }),
    ("SDP-IDP06", |seen| {
        let count = seen.provider.acs().iter().count();
        held(format!(
            "answers go to {count} registered address{}",
            if count == 1 { "" } else { "es" }
        ))
    }),
    ("SDP-IDP09", |seen| {
        let lacks = "responses are not signed, only assertions";
        let remove = "Remove `sign_response: false`.";
        either(seen.provider.sign_response, "responses are signed", lacks, remove)
    }),
    ("SDP-IDP11", encrypted),
    ("SDP-IDP12", |seen| match seen.provider.name_id {
        NameIdKind::Transient => held("people are called by a transient name"),
        kind => broken(
            format!("people are called by a name of the kind {}", kind.as_str()),
            "If it knows people by `subject-id` or `pairwise-id`, register `name_id: transient`.",
        ),
    }),
    ("SDP-IDP15", told),
    ("SDP-IDP24", |seen| seen.if_logout(told_by_redirect)),
    ("SDP-IDP28", |seen| seen.if_logout(Seen::hears_by_redirect)),
    ("SDP-IDP32", |seen| {
        let count = seen.provider.keys.len();
        held(format!("{count} of its signing keys can be used"))
    }),
];

/// Signatures and digests that the profile lists.
const SIGNATURES: [SignatureAlg; 2] = [SignatureAlg::RsaSha256, SignatureAlg::EcdsaSha256];
/// The OAEP that the profile lists.
const OAEP: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
/// The ciphers that the profile lists.
const CIPHERS: [&str; 2] =
    ["http://www.w3.org/2009/xmlenc11#aes128-gcm", "http://www.w3.org/2009/xmlenc11#aes256-gcm"];

fn algorithms(seen: &Seen<'_>) -> Judged {
    let chosen = seen.form.signature_alg;
    if let Some(name) = chosen
        && ![SignatureName::RsaSha256, SignatureName::EcdsaSha256].contains(&name)
    {
        return broken(
            format!("it is registered to be signed for with {}", SignatureAlg::from(name).uri()),
            "Remove `signature_alg`, or write `rsa-sha256`.",
        );
    }
    let lists = &seen.role.algorithms;
    let lacks = |said: &[String], wanted: &[&str]| {
        !said.is_empty() && !said.iter().any(|uri| wanted.contains(&uri.as_str()))
    };
    let methods = || {
        let keys = seen.role.keys.certificates(KeyUse::Encryption);
        keys.flat_map(|(key, _)| &key.encryption_methods).map(|method| method.algorithm.clone())
    };
    let is_cipher = |uri: &String| uri.contains("aes") || uri.contains("tripledes");
    let (ciphers, transports): (Vec<_>, Vec<_>) = methods().partition(is_cipher);
    let missing = [
        (lacks(&lists.digest, &[DigestAlg::Sha256.uri()]), "SHA-256"),
        (lacks(&lists.signing, &SIGNATURES.map(SignatureAlg::uri)), "RSA or ECDSA with SHA-256"),
        (lacks(&ciphers, &CIPHERS), "AES-GCM of 128 or 256 bits"),
        (lacks(&transports, &[OAEP]), "rsa-oaep-mgf1p"),
    ];
    let missing: Vec<_> =
        missing.into_iter().filter_map(|(is_missing, what)| is_missing.then_some(what)).collect();
    if !missing.is_empty() {
        let found =
            format!("of the algorithms in its metadata, there is no {}", missing.join(", no "));
        return broken(found, "Ask its operator to support it, and to say so.");
    }
    if lists.signing.is_empty() && methods().next().is_none() {
        let ask = "Nothing, if sign-in works: what we use then is what the profile lists.";
        return unseen("its metadata names no algorithms", ask);
    }
    held("the algorithms in its metadata are those of the profile, or more")
}

fn tls(seen: &Seen<'_>) -> Judged {
    let plain = seen.role.acs.iter().any(|acs| is_plain(&acs.location));
    if plain || seen.peer.warned("AssertionConsumerService", Flaw::PlainHttp) {
        return broken(
            "an address for answers is plain http",
            "Ask its operator for https alone; nothing is sent there but on loopback addresses.",
        );
    }
    held("all addresses for answers are https")
}

/// To whom assertions are encrypted now, or why to nobody.
fn encrypted(seen: &Seen<'_>) -> Judged {
    match seen.provider.encryption.recipient(seen.peer.now) {
        Ok(Some(to)) => held(format!("with {} and {}", to.content.uri(), to.transport.uri())),
        Ok(None) if seen.form.danger_plaintext_until.is_some_and(|end| seen.peer.now < end) => {
            broken(
                "an exception lets assertions go in plaintext",
                "Remove `danger_plaintext_until` as soon as it can decrypt.",
            )
        }
        Ok(None) => broken(
            "assertions go in plaintext: its metadata has no key to encrypt to",
            "Ask its operator to publish one. `encrypt: required` answers nothing until then.",
        ),
        Err(error) => broken(
            format!("{error}, so it is told nothing at all"),
            "Ask its operator for an RSA key with a current certificate, for AES-GCM and OAEP.",
        ),
    }
}

fn decrypts(seen: &Seen<'_>) -> Judged {
    let ours = encrypted(seen).about("", Whose::Ours);
    if ours.verdict == Verdict::Held {
        return held("it publishes a key, and assertions are encrypted to it");
    }
    broken(ours.found, ours.advice.unwrap_or_default())
}

fn identifies(seen: &Seen<'_>) -> Judged {
    if seen.provider.name_id == NameIdKind::Email {
        return broken(
            "it is registered to know people by their mail address",
            "Ask its operator to know people by `subject-id` or `pairwise-id`, and remove `name_id`.",
        );
    }
    match seen.signalled() {
        Some("none") => held("its metadata says that it needs no lasting identifier"),
        Some(_) => held("its metadata asks for an identifier of the profile"),
        None => unseen("its metadata does not say what it knows people by", "Ask its operator."),
    }
}

/// What it is told of the identifier that it asks for.
fn told(seen: &Seen<'_>) -> Judged {
    let told = match seen.provider.identifier {
        Some(IdentifierNeed::SubjectId) => "it is told `subject-id`",
        Some(IdentifierNeed::PairwiseId | IdentifierNeed::Any) => "it is told `pairwise-id`",
        Some(IdentifierNeed::None) => "it is told neither, as it says",
        None if seen.signalled() == Some("subject-id") => {
            return unseen(
                "it asks for `subject-id`, and is not entitled to it: it goes without (SDP-IDP16)",
                "Register `subject_id: subject-id` if it may have it.",
            );
        }
        None => "it asks for none",
    };
    held(told)
}

fn told_by_redirect(seen: &Seen<'_>) -> Judged {
    if seen.role.slo.iter().any(|endpoint| endpoint.binding == Binding::Soap) {
        return broken(
            "it is told of logouts by SOAP, because it offers that",
            "Nothing: this needs no browser. Without its SOAP endpoint it is told by Redirect.",
        );
    }
    seen.hears_by_redirect()
}

fn content(seen: &Seen<'_>) -> Judged {
    let keys = |usage| seen.role.keys.certificates(usage).next().is_some();
    let mut missing = Vec::new();
    for (is_missing, what) in [
        (seen.role.acs.is_empty(), "an endpoint for answers"),
        (!keys(KeyUse::Encryption), "a key to encrypt to"),
        (seen.signalled().is_none(), "`subject-id:req`"),
        (!seen.peer.has_technical_contact(), "a technical contact"),
        (seen.logs_out() && !keys(KeyUse::Signing), "a signing key"),
    ] {
        if is_missing {
            missing.push(what);
        }
    }
    missing.extend(seen.peer.unshown(true));
    if missing.is_empty() {
        return held("its metadata has all that it must have");
    }
    let found = format!("its metadata lacks {}", missing.join(", "));
    broken(found, "Ask its operator to complete it.")
}

impl Seen<'_> {
    fn signalled(&self) -> Option<&'static str> {
        let said = self.peer.entity.attribute(Entity::SUBJECT_ID_REQ);
        IdentifierNeed::from_values(said).map(|need| match need {
            IdentifierNeed::None => "none",
            IdentifierNeed::SubjectId => "subject-id",
            IdentifierNeed::PairwiseId => "pairwise-id",
            IdentifierNeed::Any => "any",
        })
    }

    fn logs_out(&self) -> bool {
        !self.role.slo.is_empty()
    }

    /// A clause about single logout binds only those who take part in it.
    fn if_logout(&self, judge: impl Fn(&Self) -> Judged) -> Judged {
        if self.logs_out() { judge(self) } else { held("it takes no part in single logout") }
    }

    fn hears_by_redirect(&self) -> Judged {
        if self.role.slo.iter().any(|endpoint| endpoint.binding == Binding::Redirect) {
            return held("its endpoint for logout takes HTTP-Redirect");
        }
        let ask = "Ask its operator for a `SingleLogoutService` with HTTP-Redirect.";
        broken("its endpoint for logout does not take HTTP-Redirect", ask)
    }

    fn signs_logouts(&self) -> Judged {
        if self.provider.keys.is_empty() {
            let ask = "Ask its operator to publish a signing key: nothing unsigned is believed.";
            return broken("no signing key of it can be used", ask);
        }
        held("what it does not sign is not believed")
    }

    fn signs_requests(&self) -> Judged {
        if self.provider.require_signed_requests {
            return held("its requests must be signed");
        }
        broken(
            "anybody can send a person to sign in there",
            "If it signs, register `require_signed_requests: true`.",
        )
    }
}
