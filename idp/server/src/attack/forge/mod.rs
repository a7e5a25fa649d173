//! Where forgeries are made: with a key of this run alone, by our own writer as far as that can
//! write them, and by cutting and pasting text beyond that.
//!
//! Knows what the node shows to everybody, and no key but its own.

mod draft;
mod genuine;
mod paste;
mod request;

use idp_domain::Timestamp;
use idp_saml::{
    binding::{Binding, Kind, post, redirect},
    dsig::{self, KeyKind, Place, SigningKey, self_signed},
    schema::new_id,
    xml::Markup,
};

pub(super) use draft::{Draft, attribute, authn_statement, name_id, status, words};
pub(super) use genuine::Genuine;
pub(super) use paste::{Lifted, cut, lift, paste, span, with_signature};
pub(super) use request::Requester;

use super::{
    browser::Sent,
    error::ForgeError,
    login::Live,
    stage::{Door, Stage, Target},
};

/// Stands in every name that is made up here, so that an echo of it is noticed.
pub(super) const MARK: &str = "attack-test";
/// Whom the forgeries claim to be.
pub(super) const VICTIM: &str = "victim-of-attack-test";
/// Who brings them.
pub(super) const MALLORY: &str = "mallory-of-attack-test";
/// A place that nobody may be led to.
pub(super) const EVIL: &str = "https://evil.attack-test.invalid";

/// Random bytes.
pub(super) fn random<const N: usize>() -> Result<[u8; N], ForgeError> {
    Ok(idp_broker::random()?)
}

/// A new ID for a message.
pub(super) fn id() -> Result<String, ForgeError> {
    Ok(new_id(random()?))
}

/// A key that nobody trusts, in a certificate of its own.
pub(super) fn throw_away_key(now: Timestamp) -> Result<SigningKey, ForgeError> {
    let pkcs8 = KeyKind::Rsa2048.generate()?;
    let name = "attack-test.invalid";
    let from = now.minus(idp_domain::Lifetime::hours(1));
    let certificate = self_signed(pkcs8.expose(), name, from, 1, random()?)?;
    Ok(SigningKey::new(pkcs8.expose(), &certificate)?)
}

/// What a forgery is made of.
pub(super) struct Forger<'a> {
    /// The node.
    pub(super) stage: &'a Stage,
    /// The login that is answered, or nothing of one.
    pub(super) live: &'a Live,
    /// The attacker's key.
    pub(super) key: &'a SigningKey,
    /// The agency's entity id, if it is known.
    pub(super) issuer: Option<&'a str>,
    /// What the agency has really said, if anything was brought.
    pub(super) genuine: Option<&'a Genuine>,
    /// A service provider of the node's, and whether it need not sign.
    pub(super) provider: Option<&'a (String, bool)>,
    /// An address that a node on this machine must not call.
    pub(super) canary: &'a str,
    /// The time.
    pub(super) now: Timestamp,
}

impl<'a> Forger<'a> {
    /// The source that is attacked.
    pub(super) fn target(&self) -> Result<&'a Target, ForgeError> {
        self.stage.target.as_ref().ok_or(ForgeError::NotHere("no source is named"))
    }

    /// The address of a door.
    pub(super) fn place(&self, door: Door) -> Result<&'a str, ForgeError> {
        self.stage.place(door).ok_or(ForgeError::NotHere("the node has no such endpoint"))
    }

    /// Who the agency is, as far as is known: else as its address lets guess.
    pub(super) fn agency(&self) -> String {
        if let Some(issuer) = self.issuer {
            return issuer.to_owned();
        }
        let asked_at = self.live.asked_at.as_ref();
        asked_at
            .map_or_else(|| format!("{EVIL}/idp"), |url| url.origin().ascii_serialization() + "/")
    }

    /// A service provider that exists.
    pub(super) fn provider(&self) -> Result<&'a str, ForgeError> {
        let none = ForgeError::NotHere("no service provider is named");
        self.provider.map(|(entity_id, _)| entity_id.as_str()).ok_or(none)
    }

    /// A service provider: one that exists if one is named.
    pub(super) fn any_provider(&self) -> String {
        self.provider.map_or_else(|| format!("{EVIL}/sp"), |(entity_id, _)| entity_id.clone())
    }

    /// Signs with the attacker's key.
    pub(super) fn sign(&self, markup: Markup) -> Result<Markup, ForgeError> {
        Ok(dsig::sign(markup, self.key, self.key.default_alg(), Place::AfterIssuer)?)
    }

    /// A message on its way to a door, as what it is.
    pub(super) fn bring(
        &self,
        door: Door,
        kind: Kind,
        xml: impl AsRef<[u8]>,
    ) -> Result<Sent, ForgeError> {
        let (to, xml) = (self.place(door)?, xml.as_ref());
        let relay_state = match door {
            Door::Acs => self.live.relay_state.as_deref(),
            _ => None,
        };
        Ok(match door.binding() {
            Binding::Post => {
                let form = post::write(to, kind, xml, relay_state);
                Sent::Form { to: form.action, fields: form.fields }
            }
            Binding::Redirect => Sent::Query(redirect::write_unsigned(to, kind, xml, relay_state)),
            Binding::Soap => Sent::Soap { to: to.to_owned(), body: enveloped(xml) },
        })
    }

    /// A response on its way to the source's address.
    pub(super) fn answer(&self, xml: impl AsRef<[u8]>) -> Result<Sent, ForgeError> {
        self.bring(Door::Acs, Kind::Response, xml)
    }

    /// The same message in the fields of a form, to be written otherwise.
    pub(super) fn answer_as(
        &self,
        fields: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Result<Sent, ForgeError> {
        let to = self.place(Door::Acs)?.to_owned();
        let relay_state = self.live.relay_state.clone().map(|text| ("RelayState", text));
        Ok(Sent::Form { to, fields: fields.into_iter().chain(relay_state).collect() })
    }

    /// What an honest agency would send about `who`, but for the key.
    pub(super) fn draft(&self, who: &str) -> Result<Draft<'_, 'a>, ForgeError> {
        Draft::about(self, who)
    }

    /// A response about the victim, response and assertion signed by the attacker.
    pub(super) fn response(&self) -> Result<String, ForgeError> {
        self.draft(VICTIM)?.signed()
    }

    /// What wrapping is made of: what was brought if its assertion is signed, else what the
    /// attacker signs: the declarations that it needs around it, and the assertion.
    pub(super) fn signed_assertion(&self) -> Result<(String, String), ForgeError> {
        let genuine = self
            .genuine
            .and_then(|genuine| Some((genuine.declared.clone(), genuine.assertion.clone()?)));
        match genuine {
            Some(both) => Ok(both),
            None => Ok((String::new(), self.draft(MALLORY)?.assertion_text(true)?)),
        }
    }

    /// The same for a response that is signed itself.
    pub(super) fn signed_response(&self) -> Result<(String, String), ForgeError> {
        let genuine = self.genuine.filter(|genuine| genuine.is_signed);
        match genuine {
            Some(genuine) => Ok((genuine.declared.clone(), genuine.response.clone())),
            None => Ok((String::new(), self.response_of_mallory()?)),
        }
    }

    fn response_of_mallory(&self) -> Result<String, ForgeError> {
        let draft = self.draft(MALLORY)?;
        let assertion = draft.assertion();
        text(&self.sign(draft.around(Some(assertion)))?)
    }

    /// An assertion about the victim that nobody has signed.
    pub(super) fn evil(&self) -> Result<String, ForgeError> {
        self.draft(VICTIM)?.assertion_text(false)
    }

    /// An unsigned response around any text, with declarations on its root.
    pub(super) fn frame(&self, declared: &str, inside: &str) -> Result<String, ForgeError> {
        let frame = text(&self.draft(VICTIM)?.around(None))?;
        let frame = frame.replacen("<samlp:Response", &format!("<samlp:Response{declared}"), 1);
        Ok(frame.replacen("</samlp:Response>", &format!("{inside}</samlp:Response>"), 1))
    }
}

/// The text of an element that our writer has made.
pub(super) fn text(markup: &Markup) -> Result<String, ForgeError> {
    String::from_utf8(markup.to_canonical()).map_err(|_| ForgeError::Missing("text"))
}

/// A message in an envelope. What is not written by us goes in as it is.
fn enveloped(xml: &[u8]) -> Vec<u8> {
    // A document type stands before the envelope, or nowhere.
    let doctype = xml
        .starts_with(b"<!DOCTYPE")
        .then(|| xml.windows(2).position(|two| two == b"]>").map_or(0, |end| end + 2));
    let (before, message) = xml.split_at(doctype.unwrap_or(0));
    let open =
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>";
    [before, open.as_bytes(), message, b"</soap:Body></soap:Envelope>"].concat()
}
