//! SAM: what a response says. The attacker signs, so that each would have to be refused for that
//! alone; a node that looked at the key too late would take some of them.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use idp_domain::Lifetime;
use idp_saml::binding::{Kind, redirect};

use super::{Entry, answer};
use crate::attack::{
    browser::Sent,
    error::ForgeError,
    forge::{
        Draft, EVIL, Forger, VICTIM, attribute, authn_statement, name_id, random, status, words,
    },
    stage::Door,
};

#[rustfmt::skip]
pub(super) static ENTRIES: &[Entry] = &[
    answer("SAM-02", "no conditions", |f| bent(f, |draft| draft.conditions = 0)),
    answer("SAM-02", "conditions for nobody in particular", |f| bent(f, |draft| draft.audience = None)),
    answer("SAM-02", "conditions twice", |f| bent(f, |draft| draft.conditions = 2)),
    answer("SAM-02", "conditions for somebody else", |f| bent(f, |draft| draft.audience = Some(format!("{EVIL}/sp")))),
    answer("SAM-04", "sent to another address", |f| bent(f, |draft| draft.destination = Some(format!("{EVIL}/acs")))),
    answer("SAM-04", "sent to nowhere", |f| bent(f, |draft| draft.destination = None)),
    answer("SAM-04", "made for another address", |f| bent(f, |draft| draft.recipient = format!("{EVIL}/acs"))),
    answer("SAM-05", "a confirmation of ten minutes ago", |f| bent(f, |draft| {
        draft.confirmed_until = draft.issued.minus(Lifetime::minutes(10));
        draft.holds.1 = draft.issued + Lifetime::hours(8);
    })),
    answer("SAM-06", "conditions that ended an hour ago", |f| bent(f, |draft| {
        draft.holds = (draft.issued.minus(Lifetime::hours(2)), draft.issued.minus(Lifetime::hours(1)));
    })),
    answer("SAM-07", "conditions that begin in an hour", |f| bent(f, |draft| {
        draft.holds = (draft.issued + Lifetime::hours(1), draft.issued + Lifetime::hours(2));
    })),
    answer("SAM-07", "issued in an hour", |f| bent(f, |draft| draft.issued = draft.issued + Lifetime::hours(1))),
    answer("SAM-12", "an answer to nothing, and to no login", |f| {
        let unasked = unasked(f)?;
        Ok(Sent::Form { to: f.place(Door::Acs)?.to_owned(), fields: vec![response(&unasked)] })
    }),
    answer("SAM-12", "an answer to nothing, in a login", |f| f.answer(unasked(f)?)),
    answer("SAM-12", "an answer to a login that nobody knows", |f| {
        let state = format!("{}.{}", URL_SAFE_NO_PAD.encode(random::<32>()?), URL_SAFE_NO_PAD.encode(random::<16>()?));
        let fields = vec![response(&f.response()?), ("RelayState", state)];
        Ok(Sent::Form { to: f.place(Door::Acs)?.to_owned(), fields })
    }),
    answer("SAM-13", "what it answers stands outside of what is signed", |f| {
        let mut draft = f.draft(VICTIM)?;
        draft.confirmed_for = None;
        f.answer(draft.half_signed()?)
    }),
    answer("SAM-13", "an answer to another request", |f| bent(f, |draft| {
        draft.in_response_to = Some("_another".to_owned());
        draft.confirmed_for = Some("_another".to_owned());
    })),
    answer("SAM-15", "an answer of another agency", |f| bent(f, |draft| draft.issuer = format!("{EVIL}/idp"))),
    answer("SAM-18", "a relay state that is an address", |f| relayed(f, EVIL)),
    answer("SAM-18", "a relay state that is half an address", |f| relayed(f, "//evil.attack-test.invalid")),
    answer("SAM-18", "a relay state that is a script", |f| relayed(f, "javascript:alert('attack-test')")),
    answer("SAM-18", "a relay state that is a header", |f| relayed(f, "x\r\nLocation: https://evil.attack-test.invalid")),
    answer("SAM-21", "a no with an assertion in it", |f| bent(f, |draft| {
        draft.status = vec![status(&["Responder", "AuthnFailed"])];
    })),
    answer("SAM-21", "no status", |f| bent(f, |draft| draft.status.clear())),
    answer("SAM-21", "two states", |f| bent(f, |draft| {
        draft.status = vec![status(&["Success"]), status(&["Responder"])];
    })),
    answer("SAM-22", "two mail addresses", |f| bent(f, |draft| {
        draft.attributes.push(attribute(words::MAIL, &["admin@attack-test.invalid"]));
    })),
    answer("SAM-22", "two names", |f| bent(f, |draft| draft.names.push(name_id("admin")))),
    answer("SAM-24", "no authentication", |f| bent(f, |draft| draft.authn.clear())),
    answer("SAM-24", "two authentications", |f| bent(f, |draft| draft.authn.extend(draft.authn.clone()))),
    answer("SAM-24", "a session that has ended", |f| {
        let mut draft = f.draft(VICTIM)?;
        let end = draft.issued.minus(Lifetime::hours(1));
        draft.authn = vec![authn_statement(draft.issued, Some(end))?];
        f.answer(draft.signed()?)
    }),
    answer("SAM-29", "a name that was made for another service", |f| bent(f, |draft| {
        draft.names = vec![name_id(VICTIM).attr("SPNameQualifier", format!("{EVIL}/sp"))];
    })),
    answer("SAM-29", "a name that was made by another agency", |f| bent(f, |draft| {
        draft.names = vec![name_id(VICTIM).attr("NameQualifier", format!("{EVIL}/idp"))];
    })),
    answer("SAM-30", "an empty name", |f| bent(f, |draft| draft.names = vec![name_id("")])),
    answer("SAM-30", "a name of blanks", |f| bent(f, |draft| draft.names = vec![name_id("   ")])),
    answer("SAM-30", "a name of 10,240 letters", |f| bent(f, |draft| draft.names = vec![name_id(&"x".repeat(10_240))])),
    answer("SAM-32", "a response of version 2.1", |f| bent(f, |draft| draft.version = "2.1")),
    answer("SAM-32", "an assertion of version 1.1", |f| bent(f, |draft| draft.assertion_version = "1.1")),
    answer("SAM-32", "a LogoutResponse", |f| as_another(f, "LogoutResponse")),
    answer("SAM-32", "an AuthnRequest", |f| as_another(f, "AuthnRequest")),
    answer("SAM-32", "an ArtifactResponse", |f| as_another(f, "ArtifactResponse")),
    answer("SAM-32", "a response of SAML 1.1", |f| {
        f.answer("<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:1.0:protocol\"/>")
    }),
    answer("SAM-32", "metadata", |f| {
        let entity = f.agency();
        f.answer(format!("<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{entity}\"/>"))
    }),
    answer("SAM-33", "a response by address", |f| {
        let (to, xml) = (f.place(Door::Acs)?, f.response()?);
        let state = f.live.relay_state.as_deref();
        Ok(Sent::Query(redirect::write_unsigned(to, Kind::Response, xml.as_bytes(), state)))
    }),
    answer("SAM-33", "a response twice in one form", |f| {
        let field = response(&f.response()?);
        f.answer_as([field.clone(), field])
    }),
    answer("SAM-33", "an artifact beside the response", |f| {
        f.answer_as([response(&f.response()?), ("SAMLart", "AAQAAAAA".to_owned())])
    }),
];

/// Signed by the attacker after it was bent.
fn bent(f: &Forger<'_>, bend: impl FnOnce(&mut Draft<'_, '_>)) -> Result<Sent, ForgeError> {
    let mut draft = f.draft(VICTIM)?;
    bend(&mut draft);
    f.answer(draft.signed()?)
}

/// A response that answers nothing.
fn unasked(f: &Forger<'_>) -> Result<String, ForgeError> {
    let mut draft = f.draft(VICTIM)?;
    draft.in_response_to = None;
    draft.confirmed_for = None;
    draft.signed()
}

fn response(xml: &str) -> (&'static str, String) {
    (Kind::Response.parameter(), STANDARD.encode(xml))
}

fn relayed(f: &Forger<'_>, state: &str) -> Result<Sent, ForgeError> {
    let fields = vec![response(&f.response()?), ("RelayState", state.to_owned())];
    Ok(Sent::Form { to: f.place(Door::Acs)?.to_owned(), fields })
}

/// The same under another name.
fn as_another(f: &Forger<'_>, local: &str) -> Result<Sent, ForgeError> {
    f.answer(f.response()?.replace("samlp:Response", &format!("samlp:{local}")))
}
