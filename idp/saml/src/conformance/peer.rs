//! What both kinds of peers have to keep (SDP-G, SDP-MD, SDP-ALG), and what lies beyond it.

use idp_domain::{Lifetime, Timestamp};
use url::Url;

use super::finding::{Finding, Judged, Whose, broken, held, unseen};
use crate::{
    dsig::{Certificate, KeyError},
    metadata::{ContactKind, Entity, Flaw, KeyUse, Keys, Location, LogoSource, Ui},
    xml::write_instant,
};

/// The furthest end of metadata that still lets a key be withdrawn in time: 28 days.
const HORIZON: Lifetime = Lifetime::hours(28 * 24);
/// The longest name that the profile allows, in characters.
const MAX_NAME: usize = 256;

/// Where a peer's metadata comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Provenance<'a> {
    /// The address that it is fetched from, again and again; none if it stands in the federation
    /// file.
    pub address: Option<&'a str>,
    /// Whether it must bear a signature of a registered certificate.
    pub signed: bool,
}

/// A peer in one of its roles.
#[derive(Clone, Copy)]
pub(super) struct Peer<'a> {
    pub(super) entity: &'a Entity,
    pub(super) keys: &'a Keys,
    pub(super) ui: &'a Ui,
    pub(super) provenance: Provenance<'a>,
    pub(super) now: Timestamp,
}

/// A row: a clause, and what a peer is found to keep of it.
type Row = (&'static str, fn(&Peer<'_>) -> Judged);

/// What any peer has to keep, in whichever role, in the order of the profile.
const ROWS: [Row; 11] = [
    ("SDP-G01", |_| {
        let ask = "Ask its operator how far other clocks may be off: 3 to 5 minutes.";
        unseen("its clock is its own", ask)
    }),
    ("SDP-G02", |_| {
        let ask = "Ask its operator whether names and values are kept that short.";
        unseen("it shows only in messages", ask)
    }),
    ("SDP-G03", |_| held("a message with a document type is refused")),
    ("SDP-G04", name),
    ("SDP-MD01", automatic),
    ("SDP-MD02", vouched_for),
    ("SDP-MD03", validity),
    ("SDP-MD04", |_| {
        let ask = "Ask its operator whether all endpoints that are named are served.";
        unseen("what is served shows only when it is used", ask)
    }),
    ("SDP-MD05", certificates),
    ("SDP-MD06", rsa),
    ("SDP-MD07", curves),
];

/// Whether an address is plain http, as it may be on this machine.
pub(super) fn is_plain(location: &Location) -> bool {
    is_http(location.as_str())
}

fn is_http(address: &str) -> bool {
    address.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("http:"))
}

fn name(peer: &Peer<'_>) -> Judged {
    let name = &peer.entity.entity_id;
    let length = name.chars().count();
    if Url::parse(name).is_err() {
        broken("the entity id is no absolute URI", "It needs a new name: an https address.")
    } else if length > MAX_NAME {
        let found = format!("the entity id has {length} characters, more than {MAX_NAME}");
        broken(found, "It needs a shorter name.")
    } else {
        held(format!("the entity id is a URI of {length} characters"))
    }
}

fn automatic(peer: &Peer<'_>) -> Judged {
    match peer.provenance.address {
        Some(address) => held(format!("its metadata is fetched again and again from {address}")),
        None => broken(
            "its metadata stands in the federation file and changes with the file alone",
            "Register the address where it publishes it: `metadata: { url: … }`.",
        ),
    }
}

fn vouched_for(peer: &Peer<'_>) -> Judged {
    let Provenance { address, signed } = peer.provenance;
    match address {
        _ if signed => held("its metadata must be signed by a registered certificate"),
        Some(address) if is_http(address) => broken(
            "its metadata comes by plain http, unsigned",
            "Register an https address, or `metadata.signing_certificates`.",
        ),
        Some(_) => held("its metadata comes by TLS"),
        None => unseen(
            "its metadata stands in the federation file",
            "Whoever put it there vouches for it; `metadata.signing_certificates` would show it.",
        ),
    }
}

fn validity(peer: &Peer<'_>) -> Judged {
    const PUBLISH: &str = "Ask its operator to publish metadata with a `validUntil` of some days \
                           ahead, renewed in time.";
    match peer.entity.valid_until {
        None => {
            broken("its metadata has no `validUntil`: a key in it can never be withdrawn", PUBLISH)
        }
        Some(end) if end <= peer.now => {
            let found = format!("its metadata has ended at {}", write_instant(end));
            broken(found, "It is not used any more. Ask its operator for newer metadata.")
        }
        Some(end) if end > peer.now + HORIZON => {
            let found =
                format!("its metadata ends at {}, in more than 28 days", write_instant(end));
            broken(found, PUBLISH)
        }
        Some(end) => held(format!("its metadata ends at {}", write_instant(end))),
    }
}

fn certificates(peer: &Peer<'_>) -> Judged {
    const PUBLISH: &str = "Ask its operator to publish each key as an `X509Certificate`.";
    if peer.warned("KeyDescriptor", Flaw::NoCertificate) {
        broken("a key is only named, or stands there without a certificate", PUBLISH)
    } else if peer.warned("X509Certificate", Flaw::BadCertificate) {
        broken("a certificate cannot be read", PUBLISH)
    } else if peer.keys.0.is_empty() {
        broken("there is no key", PUBLISH)
    } else {
        held("each key has its certificate")
    }
}

fn rsa(peer: &Peer<'_>) -> Judged {
    let small = peer.unfit().find_map(|error| match error {
        KeyError::Size(bits) if bits < 2_048 => Some(bits),
        _ => None,
    });
    match small {
        Some(bits) => broken(
            format!("an RSA key has {bits} bits; it is never used"),
            "Ask its operator for a key of 3,072 bits.",
        ),
        None => held("no RSA key is smaller than 2,048 bits"),
    }
}

fn curves(peer: &Peer<'_>) -> Judged {
    if peer.unfit().any(|error| error == KeyError::Curve) {
        let ask = "Ask its operator for a key on P-256 or P-384, or an RSA key.";
        return unseen("a key is on a curve that is not used here", ask);
    }
    held("no key is on a curve of less than 256 bits")
}

impl Peer<'_> {
    /// What is found of all that any peer has to keep.
    pub(super) fn judged(&self) -> Vec<Finding> {
        ROWS.iter().map(|(clause, judge)| judge(self).about(clause, Whose::Peer)).collect()
    }

    /// Whether something of this kind was passed over in its metadata.
    pub(super) fn warned(&self, element: &str, flaw: Flaw) -> bool {
        self.entity.warnings.iter().any(|one| one.element == element && one.flaw == flaw)
    }

    /// What is wrong with certificates that cannot be used.
    fn unfit(&self) -> impl Iterator<Item = KeyError> {
        let all = self.keys.0.iter().flat_map(|key| &key.certificates);
        all.filter_map(|der| Certificate::from_der(der).err())
    }

    /// SDP-MD08: whether it has a key for `usage`.
    pub(super) fn has_key(
        &self,
        usage: KeyUse,
        found: &'static str,
        lacks: &'static str,
    ) -> Judged {
        if self.keys.certificates(usage).next().is_some() {
            return held(found);
        }
        broken(lacks, "Ask its operator to publish one.")
    }

    /// What of a display name, a logo and, `with_privacy`, a privacy statement is missing.
    pub(super) fn unshown(&self, with_privacy: bool) -> Vec<&'static str> {
        let ui = self.ui;
        let missing = [
            (ui.display_names.is_empty(), "a display name"),
            (ui.logos.is_empty(), "a logo"),
            (with_privacy && ui.privacy_statement_urls.is_empty(), "a privacy statement"),
        ];
        missing.into_iter().filter_map(|(is_missing, what)| is_missing.then_some(what)).collect()
    }

    /// SDP-MD09.
    pub(super) fn is_presented(&self, with_privacy: bool) -> Judged {
        let missing = self.unshown(with_privacy);
        if missing.is_empty() {
            return held("people are shown what it is");
        }
        let found = format!("its metadata lacks {}", missing.join(", "));
        broken(found, "Ask its operator to complete `mdui:UIInfo`.")
    }

    /// SDP-MD10.
    pub(super) fn logo(&self) -> Judged {
        let left_out = [Flaw::PlainHttp, Flaw::BadUrl, Flaw::BadLogo];
        let is_plain_http = |logo: &LogoSource| match logo {
            LogoSource::Location(location) => is_plain(location),
            LogoSource::Inline { .. } => false,
        };
        if left_out.into_iter().any(|flaw| self.warned("Logo", flaw))
            || self.ui.logos.iter().any(|logo| is_plain_http(&logo.source))
        {
            return broken(
                "a logo is neither at https nor a picture in the metadata that is shown here",
                "Ask its operator for a PNG, JPEG or WebP, at an https address or inline.",
            );
        }
        held(if self.ui.logos.is_empty() { "there is none" } else { "logos are as they must be" })
    }

    /// Whether it names a technical contact with an address.
    pub(super) fn has_technical_contact(&self) -> bool {
        self.has_contact(ContactKind::Technical)
    }

    fn has_contact(&self, kind: ContactKind) -> bool {
        self.entity.contacts.iter().any(|one| one.kind == kind && !one.emails.is_empty())
    }

    /// SDP-MD11.
    pub(super) fn technical_contact(&self) -> Judged {
        if self.has_technical_contact() {
            return held("a technical contact with a mail address is named");
        }
        let ask = "Ask its operator to name one (`ContactPerson contactType=\"technical\"`).";
        broken("no technical contact with a mail address is named", ask)
    }

    /// What the profile recommends of certificates, and what others demand of contacts.
    pub(super) fn beyond(&self) -> Vec<Finding> {
        let all = self.keys.0.iter().flat_map(|key| &key.certificates);
        let ended = all
            .filter_map(|der| Certificate::from_der(der).ok())
            .find(|certificate| certificate.not_after() < self.now);
        let ended = ended.map(|certificate| {
            let end = write_instant(certificate.not_after());
            broken(
                format!("the certificate of {:?} has ended at {end}", certificate.subject()),
                "Its key verifies all the same, but nothing is encrypted to it. Ask its operator \
                 for a long-lived one.",
            )
        });
        let contact = if self.has_contact(ContactKind::Security) {
            held("a security contact is named")
        } else {
            let ask = "Ask its operator to name one (REFEDS security contact, Sirtfi).";
            broken("no security contact is named", ask)
        };
        vec![
            ended
                .unwrap_or_else(|| held("no certificate has ended"))
                .about("current certificates", Whose::Peer),
            contact.about("security contact", Whose::Peer),
        ]
    }
}
