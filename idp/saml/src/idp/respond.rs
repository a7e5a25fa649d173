//! Answers: a Response with a signed assertion, or one that says no. By POST alone, and only to
//! where a [`Ticket`] leads.

use std::fmt;

use idp_domain::{Issuance, Lifetime, Timestamp};
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{
    Callings, Provider, ServiceProvider, Ticket, release,
    service_provider::{Unencryptable, canonical},
};
use crate::{
    binding::{
        Kind,
        post::{self, PostForm},
    },
    dsig::{self, ENCRYPTION_RANDOM, KeyError, Place, SigningKey},
    schema::{
        Assertion, AudienceRestriction, AuthnContext, AuthnStatement, Conditions,
        ConfirmationLimits, Issuer, NameId, Response, Status, Subject, SubjectConfirmation, method,
        new_id,
    },
    xml::{Markup, ns},
};

/// How long an assertion can be used.
const LIFETIME: Lifetime = Lifetime::minutes(5);
/// How far a service provider's clock may lag behind ours.
const LAG: Lifetime = Lifetime::minutes(1);

/// What an assertion is made of.
#[derive(Clone, Copy, Debug)]
pub struct Vouch<'a> {
    /// Our names.
    pub provider: &'a Provider,
    /// The key that signs.
    pub key: &'a SigningKey,
    /// What is vouched for.
    pub issuance: &'a Issuance,
    /// A name of the person that lasts as long as the session, of this service provider alone.
    pub passing_person: &'a str,
    /// A name of the session, of this service provider alone.
    pub passing_session: &'a str,
    /// Chance.
    pub random: &'a Chance,
}

/// The random bytes that an assertion takes.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Chance {
    /// For the ID of the response.
    pub response: [u8; 20],
    /// For the ID of the assertion.
    pub assertion: [u8; 20],
    /// For its encryption.
    pub encryption: [u8; ENCRYPTION_RANDOM],
}

impl fmt::Debug for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A key is made of it.
        f.write_str("Chance(…)")
    }
}

/// What an answer that says no is made of.
#[derive(Clone, Copy, Debug)]
pub struct Denial<'a> {
    /// Our names.
    pub provider: &'a Provider,
    /// The key that signs.
    pub key: &'a SigningKey,
    /// The no.
    pub status: &'a Status,
    /// The time.
    pub now: Timestamp,
    /// Chance, for the ID of the response.
    pub random: [u8; 20],
}

/// Why nothing can be vouched for towards a service provider: it is told that we failed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unissuable {
    /// It must be encrypted, and cannot be.
    #[error("nothing can be encrypted to the service provider")]
    Encryption(#[from] Unencryptable),
    /// The person is to be called by a mail address, and none is released.
    #[error("the person has no mail address that may be released")]
    NoMail,
    /// The metadata of the service provider has run out.
    #[error("the metadata of the service provider has expired")]
    MetadataExpired,
    /// Our own key failed, or its.
    #[error("a key failed")]
    Key(#[from] KeyError),
}

impl Unissuable {
    /// The stable name, the same in trail, log and metric.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::Encryption(_) => "encryption_impossible",
            Self::NoMail => "name_id_unavailable",
            Self::MetadataExpired => "metadata_expired",
            Self::Key(_) => "signing_failed",
        }
    }
}

/// Vouches for a person: the Response goes to where the ticket leads.
///
/// The assertion is written once, signed over those bytes, and then encrypted where the service
/// provider has a key. Nothing goes out in the clear that should have been encrypted.
//= saml-profiles#4.1.4.2-1
pub fn respond(
    ticket: &Ticket,
    service_provider: &ServiceProvider,
    vouch: &Vouch<'_>,
) -> Result<PostForm, Unissuable> {
    let now = vouch.issuance.at;
    if service_provider.is_expired(now) {
        return Err(Unissuable::MetadataExpired);
    }
    let recipient = service_provider.encryption.recipient(now)?;
    let name_id = name_id(ticket, service_provider, vouch).ok_or(Unissuable::NoMail)?;
    let assertion = assertion(ticket, service_provider, vouch, name_id).write();
    let assertion = if service_provider.sign_assertion {
        let alg = service_provider.signature_alg(vouch.key);
        dsig::sign(assertion, vouch.key, alg, Place::AfterIssuer)?
    } else {
        assertion
    };
    let assertion = match recipient {
        None => assertion,
        Some(to) => {
            let plaintext = Zeroizing::new(assertion.to_canonical());
            let random = vouch.random.encryption;
            let data = dsig::encrypt(&plaintext, &to.key, to.content, to.transport, now, random)?;
            Markup::new(ns::SAML, "EncryptedAssertion").child(data)
        }
    };
    let frame =
        frame(ticket, vouch.provider, new_id(vouch.random.response), now, Status::success());
    let response = frame.write(Some(assertion));
    let must_sign = service_provider.sign_response;
    send(ticket, service_provider, vouch.key, response, must_sign).map_err(Unissuable::Key)
}

/// Says no: a Response without an assertion, always signed.
pub fn refuse(
    ticket: &Ticket,
    service_provider: &ServiceProvider,
    denial: &Denial<'_>,
) -> Result<PostForm, KeyError> {
    let status = denial.status.clone();
    let frame = frame(ticket, denial.provider, new_id(denial.random), denial.now, status);
    send(ticket, service_provider, denial.key, frame.write(None), true)
}

//= saml-bindings#3.4.3-1
fn send(
    ticket: &Ticket,
    service_provider: &ServiceProvider,
    key: &SigningKey,
    response: Markup,
    must_sign: bool,
) -> Result<PostForm, KeyError> {
    let response = if must_sign {
        dsig::sign(response, key, service_provider.signature_alg(key), Place::AfterIssuer)?
    } else {
        response
    };
    let relay_state = ticket.relay_state.as_deref();
    Ok(post::write(&ticket.acs, Kind::Response, &response.to_canonical(), relay_state))
}

fn frame(
    ticket: &Ticket,
    provider: &Provider,
    id: String,
    now: Timestamp,
    status: Status,
) -> Response {
    Response {
        id,
        in_response_to: ticket.in_response_to.clone(),
        issue_instant: now,
        destination: Some(ticket.acs.clone()),
        issuer: Some(Issuer(provider.entity_id.clone())),
        status,
    }
}

fn name_id(
    ticket: &Ticket,
    service_provider: &ServiceProvider,
    vouch: &Vouch<'_>,
) -> Option<NameId> {
    let released = &vouch.issuance.released;
    let mail = canonical("mail").and_then(|name| released.single(name));
    let callings =
        Callings { subject: &vouch.issuance.subject, passing: vouch.passing_person, mail };
    service_provider.name_id(ticket.name_id, &callings, vouch.provider)
}

/// The assertion (SAML Profiles 4.1.4.2): about one person, for one service provider, as the
/// answer to one request, by whoever brings it within minutes.
fn assertion(
    ticket: &Ticket,
    service_provider: &ServiceProvider,
    vouch: &Vouch<'_>,
    name_id: NameId,
) -> Assertion {
    let issuance = vouch.issuance;
    let now = issuance.at;
    let confirmation = SubjectConfirmation {
        method: method::BEARER.to_owned(),
        name_id: None,
        data: Some(ConfirmationLimits {
            not_on_or_after: Some(now + LIFETIME),
            recipient: Some(ticket.acs.clone()),
            in_response_to: ticket.in_response_to.clone(),
            ..ConfirmationLimits::default()
        }),
    };
    Assertion {
        id: new_id(vouch.random.assertion),
        issue_instant: now,
        issuer: Issuer(vouch.provider.entity_id.clone()),
        subject: Some(Subject { name_id: Some(name_id), confirmations: vec![confirmation] }),
        conditions: Some(Conditions {
            not_before: Some(now.minus(LAG)),
            not_on_or_after: Some(now + LIFETIME),
            audience_restrictions: vec![AudienceRestriction {
                audiences: vec![service_provider.entity_id.clone()],
            }],
            ..Conditions::default()
        }),
        authn_statements: vec![statement(service_provider, vouch)],
        attributes: release::attributes(service_provider, ticket, issuance, vouch.provider),
    }
}

fn statement(service_provider: &ServiceProvider, vouch: &Vouch<'_>) -> AuthnStatement {
    let issuance = vouch.issuance;
    let now = issuance.at;
    let ends_at = service_provider.session_lifetime.map(|lifetime| now + lifetime);
    AuthnStatement {
        // A source's clock may be ahead of ours; nobody signed in after we said so.
        authn_instant: issuance.authenticated_at.unwrap_or(issuance.received_at).min(now),
        session_index: Some(vouch.passing_session.to_owned()),
        session_not_on_or_after: Some(
            ends_at.unwrap_or(issuance.session_ends_at).min(issuance.session_ends_at),
        ),
        locality: None,
        context: AuthnContext {
            class: Some(issuance.acr.as_str().to_owned()),
            decl_ref: None,
            authorities: vec![issuance.issuer.clone()],
        },
    }
}

#[cfg(test)]
mod injection;
#[cfg(test)]
mod names;
#[cfg(test)]
mod tests;
