//! The one pipeline for answers, asked for or not, from whatever identity provider.
//!
//! Structure comes first, then signatures, then the frame, then the content; each table is read
//! from top to bottom. What is returned was read from the tree that was verified.

use super::{
    Accepted, ConsumeError, Expected, conditions, confirmation, cover,
    message::{self, Content, Message},
    name, statement,
};
use crate::{
    dsig::Verified,
    schema::{Assertion, Opener},
    xml::{Document, Element, Limits},
};

/// An assertion that is being judged, and the frame that it came in.
pub(super) struct Draft<'a> {
    pub(super) expected: &'a Expected<'a>,
    pub(super) message: &'a Message<'a>,
    pub(super) assertion: Verified<Assertion>,
}

type FrameRule = fn(&Message<'_>, &Expected<'_>) -> Result<(), ConsumeError>;
type Rule = fn(&Draft<'_>) -> Result<(), ConsumeError>;

/// What holds for every answer, even for one that says no.
#[rustfmt::skip]
const FRAME: [FrameRule; 5] = [
    message::issuer_was_asked,              // SAML Profiles 4.1.4.2
    message::destination_is_here,           // SAML Bindings 3.5.5.2
    message::request_is_ours,               // SAML Core 3.2.2
    message::issue_instant_has_come,        // SAML Core 3.2.2
    message::status_is_success,             // SAML Core 3.2.2.1
];

/// What holds for the assertion inside.
#[rustfmt::skip]
const CONTENT: [Rule; 13] = [
    message::assertion_is_encrypted,        // SAML Core 6.1
    message::assertion_issuer_was_asked,    // SAML Profiles 4.1.4.2
    message::assertion_is_recent,           // SAML Core 2.3.3
    conditions::hold_now,                   // SAML Core 2.5.1.2
    conditions::name_us,                    // SAML Core 2.5.1.4, Profiles 4.1.4.2
    conditions::let_a_broker_pass_it_on,    // SAML Core 2.5.1.6
    confirmation::bearer_is_confirmed,      // SAML Profiles 3.3, 4.1.4.2
    statement::stands_once,                 // SAML Profiles 4.1.4.2
    statement::instant_has_come,            // SAML Core 2.7.2
    statement::session_lasts,               // SAML Core 2.7.2
    name::identifies_somebody,              // SAML Core 8.3
    name::was_made_by_whom_we_asked,        // SAML Core 2.2.2, 8.3.7
    name::was_made_for_us,                  // SAML Core 2.2.2, 8.3.7
];

/// Judges what came to an assertion consumer service, and returns what can be believed.
///
/// Before it believes, the caller must mark the assertion as used, once for all nodes (SAML
/// Profiles 4.1.4.5).
pub fn consume(xml: &[u8], expected: &Expected<'_>) -> Result<Accepted, ConsumeError> {
    let document = Document::parse(xml, Limits::MESSAGE)?;
    let message = cover::examine(&document, expected)?;
    FRAME.iter().try_for_each(|rule| rule(&message, expected))?;
    match &message.content {
        Content::Nothing => Err(ConsumeError::AssertionCount { count: 0 }),
        Content::Plain(element) => judge(*element, &message, expected),
        Content::Encrypted(sealed) => {
            let opened = sealed.open(expected)?;
            let inner = Document::parse(&opened, Limits::MESSAGE)?;
            judge(sealed.examine(&inner, expected)?, &message, expected)
        }
    }
}

fn judge(
    element: Verified<Element<'_>>,
    message: &Message<'_>,
    expected: &Expected<'_>,
) -> Result<Accepted, ConsumeError> {
    let opener = Opener::new(expected.decryption, expected.policy);
    let assertion = element.try_map(|element| Assertion::read(element, &opener))?;
    let draft = Draft { expected, message, assertion };
    CONTENT.iter().try_for_each(|rule| rule(&draft))?;
    Accepted::of(draft)
}
