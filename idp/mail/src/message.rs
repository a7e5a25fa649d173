//! A letter as a message: its headers and its two bodies, ready to be handed to a mail server.

use std::time::{Duration, SystemTime};

use idp_domain::{Timestamp, letter::Letter};
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{HeaderName, HeaderValue},
    },
};
use thiserror::Error;

use crate::{letterhead::Letterhead, render, words::MissingWords};

/// The longest address that mail can have (RFC 5321 section 4.5.3.1.3, without the brackets).
const LONGEST_ADDRESS: usize = 254;

/// In whose name letters are sent.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The address that letters come from.
    from: Address,
    /// Where answers go, if not there.
    reply_to: Option<Address>,
    /// The broker's own host, in the names of messages.
    host: String,
}

/// A text is not a mail address that letters are sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a mail address")]
pub struct NotAnAddress;

/// Why a letter cannot be made a message. No try will change that.
#[derive(Debug, Error)]
pub(crate) enum Unwritable {
    /// Its address is none.
    #[error(transparent)]
    Address(#[from] NotAnAddress),
    /// The theme lacks words, though it had them when the node started.
    #[error(transparent)]
    Words(#[from] MissingWords),
    /// The message could not be built.
    #[error("the message could not be built: {0}")]
    Message(#[from] lettre::error::Error),
}

impl Unwritable {
    /// Its stable name in the trail.
    pub(crate) fn slug(&self) -> &'static str {
        match self {
            Self::Address(_) => "letter.address",
            Self::Words(_) => "letter.words",
            Self::Message(_) => "letter.message",
        }
    }
}

impl Sender {
    /// Letters come from `from` and are answered to `reply_to`; `host` is the broker's own.
    pub fn new(from: &str, reply_to: Option<&str>, host: &str) -> Result<Self, NotAnAddress> {
        Ok(Self {
            from: address(from)?,
            reply_to: reply_to.map(address).transpose()?,
            host: host.to_owned(),
        })
    }

    /// Writes `letter` as a message that is called `id`, the same at every try, so that a mail
    /// program can tell when one arrives twice.
    pub(crate) fn message(
        &self,
        letterhead: &Letterhead,
        letter: &Letter,
        id: &str,
        now: Timestamp,
    ) -> Result<Message, Unwritable> {
        let to = address(&letter.to)?;
        let written = letterhead.write(letter)?;
        let from = Mailbox::new(Some(letterhead.product().to_owned()), self.from.clone());
        let seconds = u64::try_from(now.seconds()).unwrap_or_default();
        let mut message = Message::builder()
            .from(from)
            .to(Mailbox::new(None, to))
            .subject(&written.subject)
            .date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
            .message_id(Some(format!("<{id}@{}>", self.host)))
            .raw_header(header("Content-Language", written.lang.tag()))
            // RFC 3834 section 5: nobody's absence note answers it.
            .raw_header(header("Auto-Submitted", "auto-generated"));
        if let Some(reply_to) = &self.reply_to {
            message = message.reply_to(Mailbox::new(None, reply_to.clone()));
        }
        let parts = MultiPart::alternative()
            .boundary(format!("part-{id}"))
            .singlepart(SinglePart::plain(render::plain(&written)))
            .singlepart(SinglePart::html(render::html(&written)));
        Ok(message.multipart(parts)?)
    }
}

fn header(name: &'static str, value: &'static str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// A plain mail address: no name beside it, no quoted part, nothing that ends a line or a list.
fn address(text: &str) -> Result<Address, NotAnAddress> {
    let is_plain = |c: char| !c.is_control() && !c.is_whitespace() && !"\"\\<>(),;:".contains(c);
    if text.len() > LONGEST_ADDRESS || !text.chars().all(is_plain) {
        return Err(NotAnAddress);
    }
    text.parse().map_err(|_| NotAnAddress)
}
