//! A line to the mail server: opened, used for some letters one after the other, and closed.
//!
//! lettre speaks the protocol and TLS. Its pool is not used: it takes back a connection whose
//! command was given up, and has no time limit for an answer. Here whatever is late or out of step
//! ends the line.

use std::{fmt, net::IpAddr, time::Duration};

use idp_domain::Secret;
use lettre::{
    Message,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, Certificate, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::{ClientId, Extension, MailParameter},
        response::Response,
    },
};
use thiserror::Error;
use tokio::time::timeout;

/// How long a line may take to open, with TLS and the password.
const OPENING: Duration = Duration::from_secs(20);

/// How long the server may take to answer a command.
const ANSWER: Duration = Duration::from_secs(20);

/// How long the server may take to accept a letter that it has read. Longer, because a letter that
/// is accepted too late is sent twice (RFC 5321 section 4.5.3.2.6).
const ACCEPTANCE: Duration = Duration::from_mins(1);

/// The longest that one letter can take, with the line that it needs.
pub(crate) const LONGEST: Duration = Duration::from_secs(140);

/// How a line is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// It becomes TLS before anything is said; a server that cannot do that is told nothing.
    StartTls,
    /// It is TLS from the beginning.
    Tls,
    /// It is not, which only a server on this machine is allowed.
    Plain,
}

/// The mail server that letters are handed to.
#[derive(Clone)]
pub struct Server {
    host: String,
    port: u16,
    security: Security,
    tls: Option<TlsParameters>,
    login: Option<Credentials>,
    hello: ClientId,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("login", &self.login.is_some())
            .finish_non_exhaustive()
    }
}

/// Why a mail server cannot be used as it is set up.
#[derive(Debug, Error)]
pub enum ServerError {
    /// What we say would be readable on the way.
    #[error("without TLS the server must be on this machine: 127.0.0.1, ::1 or localhost")]
    Readable,
    /// TLS cannot be set up, most likely because of a certificate.
    #[error("ca: {0}")]
    Tls(#[from] Error),
}

/// What the server said to something that we wished, or what came instead of an answer.
#[derive(Debug, Error)]
pub(crate) enum Trouble {
    /// No line, or it broke, or it is not protected, or it was out of step.
    #[error("{0}")]
    Broken(Error),
    /// It said something, but not what belongs there.
    #[error("an answer out of step: {0}")]
    OutOfStep(String),
    /// It said nothing in time.
    #[error("no answer in time")]
    Late,
    /// It said no.
    #[error("it said {}", self.answer())]
    No {
        /// The answer's code: 4xx for now, 5xx for good.
        code: u16,
        /// Its enhanced status code (RFC 3463), if there was one. The words after it are nobody's
        /// but the reader's: they name the address.
        detail: Option<String>,
    },
    /// It cannot carry this address, though another server could.
    #[error("the server takes no addresses outside ASCII")]
    Unspeakable,
}

impl Trouble {
    /// Its stable name in the trail.
    pub(crate) fn slug(&self) -> &'static str {
        match self {
            Self::Broken(_) | Self::OutOfStep(_) => "smtp.broken",
            Self::Late => "smtp.late",
            Self::No { code: 500.., .. } => "smtp.refused",
            Self::No { .. } => "smtp.deferred",
            Self::Unspeakable => "smtp.utf8",
        }
    }

    /// What the server said, in numbers; empty if it said nothing.
    pub(crate) fn answer(&self) -> String {
        match self {
            Self::No { code, detail: Some(detail) } => format!("{code} {detail}"),
            Self::No { code, detail: None } => code.to_string(),
            _ => String::new(),
        }
    }
}

/// What became of a letter.
#[derive(Debug)]
pub(crate) enum Fate {
    /// The server has it.
    Sent,
    /// Not now.
    Later(Trouble),
    /// Not this letter, ever.
    Never(Trouble),
}

/// An open line.
pub(crate) struct Line(AsyncSmtpConnection);

impl Server {
    /// The server at `host` and `port`, which knows us by `login` (user and password).
    /// Certificates in `ca_pems` are trusted besides the system's; we greet as `hello`, our own
    /// host.
    pub fn new(
        host: &str,
        port: u16,
        security: Security,
        login: Option<(String, Secret<String>)>,
        ca_pems: &[String],
        hello: &str,
    ) -> Result<Self, ServerError> {
        let is_here = host == "localhost"
            || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        let tls = match security {
            Security::Plain if is_here => None,
            Security::Plain => return Err(ServerError::Readable),
            Security::StartTls | Security::Tls => {
                let mut tls = TlsParameters::builder(host.to_owned());
                for pem in ca_pems {
                    tls = tls.add_root_certificate(Certificate::from_pem(pem.as_bytes())?);
                }
                Some(tls.build_rustls()?)
            }
        };
        let login =
            login.map(|(user, password)| Credentials::new(user, password.expose().to_owned()));
        let hello = match hello.trim_matches(['[', ']']).parse() {
            Ok(IpAddr::V4(address)) => ClientId::Ipv4(address),
            Ok(IpAddr::V6(address)) => ClientId::Ipv6(address),
            Err(_) => ClientId::Domain(hello.to_owned()),
        };
        Ok(Self { host: host.to_owned(), port, security, tls, login, hello })
    }

    /// Opens a line. Whatever goes wrong here says nothing about any letter.
    pub(crate) async fn open(&self) -> Result<Line, Trouble> {
        match timeout(OPENING, self.connect()).await {
            Ok(opened) => Ok(Line(opened.map_err(Trouble::from)?)),
            Err(_) => Err(Trouble::Late),
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let at_once = self.tls.clone().filter(|_| self.security == Security::Tls);
        let mut line = AsyncSmtpConnection::connect_tokio1(
            (self.host.as_str(), self.port),
            Some(OPENING),
            &self.hello,
            at_once,
            None,
        )
        .await?;
        if let Some(tls) = self.tls.clone().filter(|_| self.security == Security::StartTls) {
            // Fails if the server does not offer it: nothing is ever said in the clear.
            line.starttls(tls, &self.hello).await?;
        }
        if let Some(login) = &self.login {
            line.auth(DEFAULT_MECHANISMS, login).await?;
        }
        Ok(line)
    }
}

impl Line {
    /// Hands a letter over. After anything but `Sent` the line is not used again.
    pub(crate) async fn send(&mut self, message: &Message) -> Fate {
        match self.converse(message).await {
            Ok(()) => Fate::Sent,
            // What the server says of ourselves says nothing about the letter.
            Err((Step::Letter, no @ (Trouble::No { code: 500.., .. } | Trouble::Unspeakable))) => {
                Fate::Never(no)
            }
            Err((_, trouble)) => Fate::Later(trouble),
        }
    }

    /// The dialogue, each answer judged by its very code: one that was slipped in before TLS
    /// began would put all that follow out of step, and is found out by that.
    async fn converse(&mut self, message: &Message) -> Result<(), (Step, Trouble)> {
        let envelope = message.envelope();
        let mut parameters = vec![];
        if !envelope.to().iter().all(|to| to.user().is_ascii() && to.domain().is_ascii()) {
            if !self.0.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err((Step::Letter, Trouble::Unspeakable));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        let mail = Mail::new(envelope.from().cloned(), parameters);
        expect(&[250], ANSWER, self.0.command(mail)).await.map_err(|no| (Step::Sender, no))?;
        for to in envelope.to() {
            let rcpt = Rcpt::new(to.clone(), vec![]);
            expect(&[250, 251], ANSWER, self.0.command(rcpt)).await.map_err(in_letter)?;
        }
        expect(&[354], ANSWER, self.0.command(Data)).await.map_err(in_letter)?;
        let text = message.formatted();
        expect(&[250], ACCEPTANCE, self.0.message(&text)).await.map_err(in_letter)
    }

    /// Says goodbye.
    pub(crate) async fn close(mut self) {
        // Whether it hears that makes no difference.
        let _ = timeout(ANSWER, self.0.quit()).await;
    }
}

/// What an answer is about.
#[derive(Clone, Copy)]
enum Step {
    Sender,
    Letter,
}

fn in_letter(trouble: Trouble) -> (Step, Trouble) {
    (Step::Letter, trouble)
}

async fn expect(
    codes: &[u16],
    limit: Duration,
    answer: impl Future<Output = Result<Response, Error>>,
) -> Result<(), Trouble> {
    let response = timeout(limit, answer).await.map_err(|_| Trouble::Late)??;
    let code = u16::from(response.code());
    if codes.contains(&code) { Ok(()) } else { Err(Trouble::OutOfStep(code.to_string())) }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        let Some(code) = error.status() else {
            // What cannot be read is not repeated either: it may name the address.
            let is_answer = error.is_response();
            return if is_answer { Self::OutOfStep("?".into()) } else { Self::Broken(error) };
        };
        let words = std::error::Error::source(&error).map(ToString::to_string);
        let detail = words.as_deref().and_then(enhanced).map(str::to_owned);
        Self::No { code: code.into(), detail }
    }
}

/// The enhanced status code at the beginning of the words of an answer.
fn enhanced(words: &str) -> Option<&str> {
    let first = words.split_whitespace().next()?;
    let mut numbers = first.split('.');
    let is_number = |part: Option<&str>| {
        part.is_some_and(|part| (1..=3).contains(&part.len()) && part.parse::<u16>().is_ok())
    };
    let is_one = is_number(numbers.next())
        && is_number(numbers.next())
        && is_number(numbers.next())
        && numbers.next().is_none();
    is_one.then_some(first)
}
