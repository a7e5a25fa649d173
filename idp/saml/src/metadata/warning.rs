//! What was passed over in metadata that is otherwise good: real metadata is sloppy, and one odd
//! logo must not cost an agency its login.

use std::fmt;

/// Something that was left out, and where it stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Warning {
    /// The element that it concerns.
    pub element: &'static str,
    /// What is wrong with it.
    pub flaw: Flaw,
}

/// Why something was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flaw {
    /// An address with `http` where only `https` is used.
    PlainHttp,
    /// An address that is none, or with user information or a fragment.
    BadUrl,
    /// A scope that is a regular expression: whose scopes it means cannot be told.
    RegexpScope,
    /// A scope that is not a domain.
    BadScope,
    /// A certificate that is not base64 of DER.
    BadCertificate,
    /// A key that is only named, or given bare: without a certificate it is not used.
    NoCertificate,
    /// A text that is empty, too long or not in a language.
    BadText,
    /// A picture of a kind or size that is not shown.
    BadLogo,
    /// A number that is none.
    BadNumber,
    /// Two of what there may be one of: the first is used.
    Repeated,
    /// Not as the schema has it.
    Schema,
}

impl Flaw {
    /// The stable name.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::PlainHttp => "plain_http",
            Self::BadUrl => "bad_url",
            Self::RegexpScope => "regexp_scope",
            Self::BadScope => "bad_scope",
            Self::BadCertificate => "bad_certificate",
            Self::NoCertificate => "no_certificate",
            Self::BadText => "bad_text",
            Self::BadLogo => "bad_logo",
            Self::BadNumber => "bad_number",
            Self::Repeated => "repeated",
            Self::Schema => "schema",
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.element, self.flaw.slug())
    }
}
