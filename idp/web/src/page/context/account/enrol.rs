//! The pages on which a factor is added: a passkey, an authenticator app.

use std::fmt;

use idp_factors::totp::QrDrawing;
use serde::Serialize;

use crate::page::context::{AppCodeError, Form, PasskeyError, PasskeyForm};

/// What the page shows on which a passkey is added. The form is sent by the script, with the
/// answer of the authenticator and the field `name`.
#[derive(Clone, Debug, Serialize)]
pub struct AddPasskey {
    /// The form.
    pub passkey: PasskeyForm,
    /// What the passkey is called unless the person calls it something else; may be empty.
    pub name: String,
    /// Why the last answer was not accepted.
    pub problem: Option<PasskeyError>,
    /// Where somebody goes who does not mean it.
    pub back: String,
}

/// What the page shows on which an authenticator app is added. The form is sent by POST with the
/// field `code`.
#[derive(Clone, Debug, Serialize)]
pub struct AddApp {
    /// Where the form is sent.
    pub form: Form,
    /// The secret as a picture for the app's camera.
    pub qr: Option<Picture>,
    /// The secret to be typed.
    pub secret: Unprinted,
    /// The secret as an address that an app on this device opens.
    pub uri: Unprinted,
    /// Whether there is an app already, which this one takes the place of.
    pub replaces: bool,
    /// Why the last code was not accepted.
    pub error: Option<AppCodeError>,
    /// Where somebody goes who does not mean it.
    pub back: String,
}

/// A text that pages show and nothing else does.
#[derive(Clone, Serialize)]
#[serde(transparent)]
pub struct Unprinted(pub String);

impl fmt::Debug for Unprinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unprinted(…)")
    }
}

/// A black-and-white picture: lines of one unit's width in a square.
#[derive(Clone, Debug, Serialize)]
pub struct Picture {
    /// The side of the square.
    pub side: usize,
    /// The lines, as the path of an SVG.
    pub path: Unprinted,
}

impl Picture {
    /// A QR code.
    #[must_use]
    pub fn of(drawing: &QrDrawing) -> Self {
        Self { side: drawing.side(), path: Unprinted(drawing.path().to_owned()) }
    }
}

impl AddPasskey {
    pub(super) fn samples() -> Vec<(&'static str, Self)> {
        let first = Self {
            passkey: PasskeyForm::sample("/account/security/passkey"),
            name: "Firefox · Linux".to_owned(),
            problem: None,
            back: "/account/security".to_owned(),
        };
        let after = |problem| Self { problem: Some(problem), ..first.clone() };
        vec![("account_passkey-refused", after(PasskeyError::Refused)), ("account_passkey", first)]
    }
}

impl AddApp {
    pub(super) fn samples() -> Vec<(&'static str, Self)> {
        let secret = idp_factors::totp::TotpSecret::from_bytes(b"12345678901234567890").ok();
        let drawing = secret.and_then(|secret| secret.qr("Laissez-Passer", "Amina Diallo"));
        let first = Self {
            form: Form::to("/account/security/app").with("token", "t").with("ceremony", "c"),
            qr: drawing.as_ref().map(Picture::of),
            secret: Unprinted("JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP".to_owned()),
            uri: Unprinted("otpauth://totp/x:y?secret=JBSWY3DPEHPK3PXP&issuer=x".to_owned()),
            replaces: false,
            error: None,
            back: "/account/security".to_owned(),
        };
        let after = |error| Self { error: Some(error), replaces: true, ..first.clone() };
        let no_picture = |error| Self { qr: None, ..after(error) };
        vec![
            ("account_app-wrong", after(AppCodeError::Wrong)),
            ("account_app-throttled", no_picture(AppCodeError::Throttled { seconds: 300 })),
            ("account_app", first),
        ]
    }
}
