//! Requests: those of our services, and the one that the node sends to our identity provider.

use anyhow::{Context as _, Result, ensure};
use url::Url;

use super::peers::{IDP, PERSISTENT, POST, Told};
use super::wire::{deflate, encoded, escaped, id, inflated, instant};

/// What services send along: as long as that of a widespread one.
const RELAY_STATE: &str = "ss:mem:5b2c7b1f0f6d4d0e9a3c8f1e2d7a6b5c4f3e2d1c0b9a8f7e6d5c4b3a2f1e0d9c";

/// The path at which `service` asks the node at `base`, by Redirect and unsigned; `hinted` names
/// our identity provider.
pub(crate) fn request(base: &str, service: Told, hinted: bool) -> Result<String> {
    let (id, instant, acs, issuer) = (id()?, instant(0)?, service.acs(), service.entity_id());
    let scoping = if hinted {
        format!(
            "<samlp:Scoping><samlp:IDPList><samlp:IDPEntry ProviderID=\"{IDP}\"/>\
             </samlp:IDPList></samlp:Scoping>"
        )
    } else {
        String::new()
    };
    let xml = format!(
        "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\" Version=\"2.0\" \
         IssueInstant=\"{instant}\" Destination=\"{base}/saml/sso\" \
         AssertionConsumerServiceURL=\"{acs}\" ProtocolBinding=\"{POST}\">\
         <saml:Issuer>{issuer}</saml:Issuer>\
         <samlp:NameIDPolicy Format=\"{PERSISTENT}\" AllowCreate=\"true\"/>{scoping}\
         </samlp:AuthnRequest>"
    );
    let message = encoded(&deflate(xml.as_bytes())?);
    Ok(format!("/saml/sso?SAMLRequest={message}&RelayState={}", escaped(RELAY_STATE)))
}

/// What the node asks our identity provider.
pub(crate) struct Question {
    /// The `ID` of the request.
    pub(super) id: String,
    /// Where the answer goes.
    pub(super) acs: String,
    /// Who asks.
    pub(super) audience: String,
    /// What comes back with the answer.
    pub(super) relay_state: String,
}

impl Question {
    /// Reads it from the address to which a browser is sent.
    pub(crate) fn read(location: &str) -> Result<Self> {
        let url = Url::parse(location)?;
        let value = |name: &str| {
            let mut pairs = url.query_pairs();
            pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
        };
        ensure!(value("Signature").is_some(), "the request is not signed: {location}");
        let xml = inflated(&value("SAMLRequest").context("no request")?)?;
        let between = |before: &str, after: char| -> Result<String> {
            let (_, rest) = xml.split_once(before).with_context(|| format!("no {before} {xml}"))?;
            Ok(rest.split(after).next().unwrap_or_default().to_owned())
        };
        let issuer = between(":Issuer", '<')?;
        let (_, audience) = issuer.split_once('>').context("nobody asks")?;
        Ok(Self {
            id: between(" ID=\"", '"')?,
            acs: between(" AssertionConsumerServiceURL=\"", '"')?,
            audience: audience.to_owned(),
            relay_state: value("RelayState").context("no relay state")?,
        })
    }

    /// The path of the place where the answer goes.
    pub(crate) fn path(&self) -> Result<String> {
        Ok(Url::parse(&self.acs)?.path().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{Question, Told, request};

    #[test]
    fn a_question_is_read_from_a_redirect() {
        let path = request("http://localhost:1", Told::Both, false).unwrap();
        let location = format!("https://idp.example{path}&Signature=x");
        let question = Question::read(&location).unwrap();
        assert!(question.id.starts_with('_') && question.relay_state.starts_with("ss:mem:"));
        assert_eq!(question.acs, "https://saml-both.example/acs");
        assert_eq!(question.audience, "https://saml-both.example/saml");
        assert_eq!(question.path().unwrap(), "/acs");
        assert!(Question::read(&format!("https://idp.example{path}")).is_err());
    }
}
