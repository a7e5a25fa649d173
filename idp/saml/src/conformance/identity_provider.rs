//! A registered source that is an identity provider: what it keeps of the profile, and what we
//! keep towards it.
//!
//! Length: one row a clause, and each row says what was found and what to do.

use idp_domain::{Lifetime, Timestamp, agency::Domain};

use super::{
    finding::{Judged, Report, Whose, broken, either, held, unseen},
    peer::{Peer, Provenance, is_plain},
};
use crate::{
    binding::Binding,
    dsig::DecryptionPolicy,
    metadata::{Endpoint, Entity, Flaw, IdpRole, KeyUse},
};

/// A source, as it is registered and as its metadata describes it.
#[derive(Clone, Copy, Debug)]
pub struct Registered<'a> {
    /// What it says of itself.
    pub entity: &'a Entity,
    /// Where that comes from.
    pub provenance: Provenance<'a>,
    /// Whether it is registered to be asked by POST.
    pub by_post: bool,
    /// The format of `NameID` that it is registered to be asked for.
    pub name_format: Option<&'a str>,
    /// Whether people are looked for by `subject-id` or `pairwise-id`.
    pub by_subject_id: bool,
    /// Whether a plain assertion is refused.
    pub require_encryption: bool,
    /// What may have been used for encryption now, beyond what always may.
    pub policy: DecryptionPolicy,
    /// How far its clock may be off.
    pub skew: Lifetime,
    /// The scopes that its agency owns.
    pub scopes: &'a [Domain],
    /// The time.
    pub now: Timestamp,
}

/// Judges a source.
#[must_use]
pub fn judge_identity_provider(registered: &Registered<'_>) -> Report {
    let Registered { entity, provenance, now, .. } = *registered;
    let Some(role) = &entity.idp else { return Report::default() };
    let peer = Peer { entity, keys: &role.keys, ui: &role.ui, provenance, now };
    let seen = Seen { peer, role, registered };
    let mut clauses = peer.judged();
    for (table, whose) in [(&THEIRS[..], Whose::Peer), (&OURS, Whose::Ours)] {
        clauses.extend(table.iter().map(|(clause, judge)| judge(&seen).about(clause, whose)));
    }
    let mut beyond = peer.beyond();
    beyond.push(seen.scopes().about("scopes of the agency", Whose::Peer));
    Report { clauses, beyond }
}

/// What the rows look at.
struct Seen<'a> {
    peer: Peer<'a>,
    role: &'a IdpRole,
    registered: &'a Registered<'a>,
}

/// A row: a clause, and what is found of it.
type Row = (&'static str, fn(&Seen<'_>) -> Judged);

/// What the peer has to keep in its role.
const THEIRS: [Row; 38] = [
    ("SDP-MD08", |seen| {
        let (found, lacks) = ("it has a signing key", "it has no signing key");
        seen.peer.has_key(KeyUse::Signing, found, lacks)
    }),
    ("SDP-MD09", |seen| seen.peer.is_presented(false)),
    ("SDP-MD10", |seen| seen.peer.logo()),
    ("SDP-MD11", |seen| seen.peer.technical_contact()),
    ("SDP-MD12", error_url),
    ("SDP-IDP01", |_| held("it is registered as an identity provider")),
    ("SDP-IDP02", |seen| {
        let ask = "Ask its operator for a `SingleSignOnService` with HTTP-Redirect.";
        let (found, lacks) =
            ("it takes requests by Redirect", "it does not take requests by Redirect");
        either(by_redirect(&seen.role.sso), found, lacks, ask)
    }),
    ("SDP-IDP03", tls),
    ("SDP-IDP04", |_| {
        unseen("our requests are signed, and our metadata says so", "Ask its operator.")
    }),
    ("SDP-IDP05", |_| unseen("it shows only with a wrong signature", "Ask its operator.")),
    ("SDP-IDP06", |_| unseen("it shows only with a wrong address", "Ask its operator.")),
    ("SDP-IDP07", |_| held("where a new sign-in was demanded, an older one is refused")),
    ("SDP-IDP08", |_| held("an answer in another way than by POST is refused")),
    ("SDP-IDP09", |_| {
        let ask = "Look at one of its answers: response or assertion must be signed, best both.";
        unseen("a signed assertion in an unsigned response is taken too", ask)
    }),
    ("SDP-IDP10", |_| {
        let found = "another number of assertions or authentication statements is refused, but \
                     several attribute statements are read";
        unseen(found, "Look at one of its answers.")
    }),
    ("SDP-IDP11", |seen| {
        if seen.registered.require_encryption {
            return held("a plain assertion is refused");
        }
        let ask = "If its assertions are encrypted, register `require_encryption: true`.";
        unseen("plain assertions are taken too", ask)
    }),
    ("SDP-IDP12", |_| unseen("it shows only in its answers", "Look at one of its answers.")),
    ("SDP-IDP13", |_| unseen("it shows only in its answers", "Look at one of its answers.")),
    ("SDP-IDP14", scopes),
    ("SDP-IDP15", |_| unseen("our metadata says `any`", "Look at one of its answers.")),
    ("SDP-IDP16", |_| held("an answer without is refused where nothing else names the person")),
    ("SDP-IDP17", |_| held("our metadata says what we need")),
    ("SDP-IDP18", |_| unseen("it shows only in its answers", "Look at one of its answers.")),
    ("SDP-IDP19", |_| held("an attribute of ours with anything but text in it is refused")),
    ("SDP-IDP20", |_| unseen("it shows only in its answers", "Look at one of its answers.")),
    ("SDP-IDP21", |seen| {
        let (found, lacks) = ("it has an endpoint for logout", "it has no endpoint for logout");
        either(!seen.role.slo.is_empty(), found, lacks, LOGOUT)
    }),
    ("SDP-IDP22", |_| held("it is free to")),
    ("SDP-IDP23", |_| held("it is free to")),
    ("SDP-IDP24", |_| unseen("requests are taken by every binding", "Sign out there.")),
    ("SDP-IDP25", |seen| {
        let found = "its endpoint for logout takes HTTP-Redirect";
        let lacks = "it has no endpoint for logout by Redirect";
        either(by_redirect(&seen.role.slo), found, lacks, LOGOUT)
    }),
    ("SDP-IDP26", |_| held("what it does not sign is not believed")),
    ("SDP-IDP27", |_| unseen("an encrypted name would be opened", "Sign out there.")),
    ("SDP-IDP28", |_| unseen("answers are taken by Redirect and POST", "Sign out here.")),
    ("SDP-IDP29", |_| unseen("it shows only in a logout", "Sign out there.")),
    ("SDP-IDP30", |_| held("what it does not sign is not believed")),
    ("SDP-IDP31", |_| unseen("it shows only in a logout", "Sign out here.")),
    ("SDP-IDP32", |_| {
        unseen("it shows only when our key changes", "Ask its operator before you rotate keys.")
    }),
    ("SDP-IDP33", content),
];

/// What we have to keep towards it, as far as its registration and metadata decide.
const OURS: [Row; 8] = [
    ("SDP-G01", skew),
    ("SDP-ALG01", algorithms),
    ("SDP-SP02", |seen| {
        if seen.registered.by_post {
            return broken("it is registered to be asked by POST", "Remove `request_binding`.");
        }
        let lacks = "it is asked by POST, for it takes nothing else";
        either(by_redirect(&seen.role.sso), "it is asked by Redirect", lacks, "See SDP-IDP02.")
    }),
    ("SDP-SP04", |seen| match seen.registered.name_format {
        None => held("it is asked for no format of name"),
        Some(format) => broken(
            format!("it is asked for names of the format {format}"),
            "Remove `name_id_format`, if it sends `subject-id` or `pairwise-id`.",
        ),
    }),
    ("SDP-SP14", |seen| {
        let found = "people are known by `subject-id` or `pairwise-id` where it sends them";
        let lacks = "people are known by other names than those of the profile";
        let write = "Write `subject-id` and `pairwise-id` first in `subject_from`.";
        either(seen.registered.by_subject_id, found, lacks, write)
    }),
    ("SDP-SP17", |seen| {
        if seen.registered.scopes.is_empty() {
            let found = "its agency has no scopes: every scoped value is refused";
            return unseen(found, "Register the agency's `scopes`.");
        }
        held("values in other scopes than the agency's are refused")
    }),
    ("SDP-SP25", |seen| {
        if seen.role.slo.is_empty() {
            return held("it is not asked, for it has no endpoint");
        }
        let lacks = "it is asked by POST or not at all";
        either(by_redirect(&seen.role.slo), "it is asked by Redirect", lacks, "See SDP-IDP25.")
    }),
    ("SDP-SP37", |seen| {
        let count = seen.role.keys.verifying().len();
        held(format!("{count} of its signing keys can be used"))
    }),
];

const LOGOUT: &str = "Ask its operator for a `SingleLogoutService` with HTTP-Redirect: who signs \
                      out here is still signed in there.";

fn by_redirect(endpoints: &[Endpoint]) -> bool {
    endpoints.iter().any(|endpoint| endpoint.binding == Binding::Redirect)
}

fn error_url(seen: &Seen<'_>) -> Judged {
    match &seen.role.error_url {
        Some(url) => held(format!("it is {url}")),
        None => broken(
            "it names no https page for people whom it could not help",
            "Ask its operator for `errorURL`.",
        ),
    }
}

fn tls(seen: &Seen<'_>) -> Judged {
    let plain = seen.role.sso.iter().any(|endpoint| is_plain(&endpoint.location));
    if plain || seen.peer.warned("SingleSignOnService", Flaw::PlainHttp) {
        return broken(
            "an address for requests is plain http",
            "Ask its operator for https alone; nobody is sent there but on loopback addresses.",
        );
    }
    held("all addresses for requests are https")
}

fn scopes(seen: &Seen<'_>) -> Judged {
    const SAY: &str = "Ask its operator to list its scopes (`shibmd:Scope`) one by one.";
    if seen.peer.warned("Scope", Flaw::RegexpScope) {
        broken("a scope is a regular expression", SAY)
    } else if seen.role.scopes.is_empty() {
        broken("its metadata names no scope", SAY)
    } else {
        held(format!("its metadata names {}", listed(&seen.role.scopes)))
    }
}

fn listed(scopes: &[Domain]) -> String {
    let shown: Vec<_> = scopes.iter().take(3).map(ToString::to_string).collect();
    let more = if scopes.len() > shown.len() { " and more" } else { "" };
    format!("{}{more}", shown.join(", "))
}

fn skew(seen: &Seen<'_>) -> Judged {
    let skew = seen.registered.skew;
    if skew < Lifetime::minutes(3) {
        let found = format!("its clock may be off by {} seconds only", skew.as_seconds());
        return broken(found, "Remove `clock_skew_seconds`, or write 180 to 300.");
    }
    held(format!("its clock may be off by {} seconds", skew.as_seconds()))
}

fn algorithms(seen: &Seen<'_>) -> Judged {
    let DecryptionPolicy { oaep_sha1, cbc } = seen.registered.policy;
    if cbc {
        return broken(
            "an exception lets AES-CBC pass",
            "Remove `encryption.allow_cbc_until` as soon as it encrypts with AES-GCM.",
        );
    }
    if !oaep_sha1 {
        return broken(
            "OAEP with SHA-1, the one key transport of the profile, is not opened",
            "Nothing, if it encrypts with SHA-256 there, or not at all. Else register \
             `encryption: { allow_oaep_sha1: true }`.",
        );
    }
    held("what the profile lists is opened")
}

fn content(seen: &Seen<'_>) -> Judged {
    let mut missing = Vec::new();
    for (is_missing, what) in [
        (seen.role.sso.is_empty(), "an endpoint for requests"),
        (seen.role.slo.is_empty(), "an endpoint for logout"),
        (seen.role.keys.certificates(KeyUse::Signing).next().is_none(), "a signing key"),
        (seen.role.error_url.is_none(), "`errorURL`"),
        (seen.role.scopes.is_empty(), "a scope"),
        (!seen.peer.has_technical_contact(), "a technical contact"),
    ] {
        if is_missing {
            missing.push(what);
        }
    }
    missing.extend(seen.peer.unshown(false));
    if missing.is_empty() {
        return held("its metadata has all that it must have");
    }
    let found = format!("its metadata lacks {}", missing.join(", "));
    broken(found, "Ask its operator to complete it.")
}

impl Seen<'_> {
    /// Whether it claims scopes that its agency was not given.
    fn scopes(&self) -> Judged {
        let owned = self.registered.scopes;
        let others = self.role.scopes.iter().filter(|scope| !owned.contains(scope));
        let others: Vec<_> = others.cloned().collect();
        if others.is_empty() {
            return held("it claims no scope that its agency does not own here");
        }
        broken(
            format!("it claims {}, which its agency does not own here", listed(&others)),
            "Register them as `scopes` of the agency if they are its own; else nothing, for they \
             are refused.",
        )
    }
}
