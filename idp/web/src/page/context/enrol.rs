//! The pages on which a person who has no factor yet sets one up, in the middle of a login.

use idp_domain::Lang;
use serde::Serialize;

use super::{
    DisplayName, Form, FormTargets, PasskeyForm,
    account::{Picture, Unprinted},
    sample_service, samples,
};

/// A page on which a factor is set up.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Enrol {
    /// Which kind.
    Choice(EnrolChoice),
    /// A passkey.
    Passkey(EnrolPasskey),
    /// An authenticator app.
    App(EnrolApp),
}

/// What the page shows on which a person chooses what to set up.
#[derive(Clone, Debug, Serialize)]
pub struct EnrolChoice {
    /// Who asks for it: the relying party, or the person's agency.
    pub asker: DisplayName,
    /// The way to the page for a passkey, where one is enough.
    pub passkey: Option<String>,
    /// Begins with an authenticator app, where one is enough; sent by POST.
    pub app: Option<Form>,
    /// Goes on without, where that is allowed; sent by POST.
    pub later: Option<Form>,
    /// The way to the choice of another agency.
    pub other_agency: String,
    /// What the forms may reach.
    #[serde(skip)]
    pub targets: FormTargets,
}

/// What the page shows on which a passkey is set up.
#[derive(Clone, Debug, Serialize)]
pub struct EnrolPasskey {
    /// Who asks for it, where the person has not read that on the page before.
    pub asker: Option<DisplayName>,
    /// The form. It carries the field `name` too.
    pub passkey: PasskeyForm,
    /// What the passkey is called unless the person calls it something else; may be empty.
    pub name: String,
    /// Why the last one was not accepted.
    pub error: Option<PasskeyError>,
    /// Begins with an authenticator app instead; sent by POST.
    pub app: Option<Form>,
    /// Goes on without, where that is allowed; sent by POST.
    pub later: Option<Form>,
    /// The way to the choice of another agency.
    pub other_agency: String,
    /// What the forms may reach.
    #[serde(skip)]
    pub targets: FormTargets,
}

/// Why a new passkey was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum PasskeyError {
    /// It does not hold.
    Refused,
    /// The agency does not admit such an authenticator.
    NotAllowed,
    /// The authenticator has one already.
    Known,
    /// The name is too long, or more than a line.
    Name,
    /// It took too long.
    Late,
    /// No script ran that could have asked for one.
    Script,
    /// There were too many attempts.
    Throttled {
        /// How long to wait.
        seconds: u32,
    },
}

/// What the page shows on which an authenticator app is set up. The form is sent by POST with the
/// field `code`.
#[derive(Clone, Debug, Serialize)]
pub struct EnrolApp {
    /// Where the form is sent.
    pub form: Form,
    /// The secret as a picture for the app's camera; none where our names are too long for one.
    pub qr: Option<Picture>,
    /// The secret to be typed.
    pub secret: Unprinted,
    /// The secret as an address that an app on this device opens.
    pub uri: Unprinted,
    /// Why the last code was not accepted.
    pub error: Option<AppCodeError>,
    /// The way to the page for a passkey instead.
    pub passkey: Option<String>,
    /// The way to the choice of another agency.
    pub other_agency: String,
    /// What the form may reach.
    #[serde(skip)]
    pub targets: FormTargets,
}

/// Why the first code of an app was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum AppCodeError {
    /// It is not the one that the app shows now.
    Wrong,
    /// There were too many attempts.
    Throttled {
        /// How long to wait.
        seconds: u32,
    },
}

/// What the page shows after a first factor was set up: recovery codes, until the person says that
/// they are kept. The form is sent by POST.
#[derive(Clone, Debug, Serialize)]
pub struct RecoveryCodes {
    /// The codes.
    pub codes: Vec<Unprinted>,
    /// Where the person says so.
    pub form: Form,
    /// What the form may reach.
    #[serde(skip)]
    pub targets: FormTargets,
}

impl Enrol {
    /// What the forms may reach.
    pub(super) fn form_targets(&self) -> FormTargets {
        match self {
            Self::Choice(page) => page.targets.clone(),
            Self::Passkey(page) => page.targets.clone(),
            Self::App(page) => page.targets.clone(),
        }
    }

    /// Seconds to wait before another try.
    pub(super) fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Passkey(EnrolPasskey {
                error: Some(PasskeyError::Throttled { seconds }),
                ..
            })
            | Self::App(EnrolApp { error: Some(AppCodeError::Throttled { seconds }), .. }) => {
                Some(*seconds)
            }
            _ => None,
        }
    }

    pub(super) fn template(&self) -> &'static str {
        match self {
            Self::Choice(_) => "enrol_choice.html",
            Self::Passkey(_) => "enrol_passkey.html",
            Self::App(_) => "enrol_app.html",
        }
    }

    /// The pages as they may look.
    pub(super) fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let mut all = Vec::new();
        all.extend(EnrolChoice::samples(lang).map(|(name, page)| (name, Self::Choice(page))));
        all.extend(EnrolPasskey::samples().map(|(name, page)| (name, Self::Passkey(page))));
        all.extend(EnrolApp::samples().map(|(name, page)| (name, Self::App(page))));
        all
    }
}

/// The form that begins with an app, and the one that goes on without anything.
fn forms() -> (Form, Form) {
    (Form::to("/login/t1/enrol/app/start"), Form::to("/login/t1/enrol/later"))
}

impl EnrolChoice {
    fn samples(lang: Lang) -> [(&'static str, Self); 3] {
        let (app, later) = forms();
        let both = Self {
            asker: sample_service(),
            passkey: Some("/login/t1/enrol/passkey".to_owned()),
            app: Some(app),
            later: None,
            other_agency: "/login/t1/choose".to_owned(),
            targets: FormTargets::own(),
        };
        let agency = DisplayName::new(&samples::row(lang).name, "wfp");
        let optional = Self { asker: agency, later: Some(later), ..both.clone() };
        let app = Self { passkey: None, ..both.clone() };
        [("enrol", both), ("enrol-optional", optional), ("enrol-only-app", app)]
    }
}

impl EnrolPasskey {
    fn samples() -> [(&'static str, Self); 9] {
        let (app, later) = forms();
        let only = Self {
            asker: Some(sample_service()),
            passkey: PasskeyForm::sample("/login/t1/enrol/passkey"),
            name: String::new(),
            error: None,
            app: None,
            later: None,
            other_agency: "/login/t1/choose".to_owned(),
            targets: FormTargets::own(),
        };
        let chosen = Self {
            asker: None,
            name: "Android".to_owned(),
            app: Some(app),
            later: Some(later),
            ..only.clone()
        };
        let after = |error| Self { error: Some(error), ..chosen.clone() };
        [
            ("enrol_passkey", chosen.clone()),
            ("enrol_passkey-only", only),
            ("enrol_passkey-refused", after(PasskeyError::Refused)),
            ("enrol_passkey-not-allowed", after(PasskeyError::NotAllowed)),
            ("enrol_passkey-known", after(PasskeyError::Known)),
            ("enrol_passkey-name", after(PasskeyError::Name)),
            ("enrol_passkey-late", after(PasskeyError::Late)),
            ("enrol_passkey-script", after(PasskeyError::Script)),
            ("enrol_passkey-throttled", after(PasskeyError::Throttled { seconds: 40 })),
        ]
    }
}

impl EnrolApp {
    fn samples() -> [(&'static str, Self); 4] {
        let secret = idp_factors::totp::TotpSecret::from_bytes(b"12345678901234567890").ok();
        let account = "amina.diallo@wfp.example";
        let drawing = secret.and_then(|secret| secret.qr("Laissez-Passer", account));
        let path = |drawing: &idp_factors::totp::QrDrawing| Unprinted(drawing.path().to_owned());
        let first = Self {
            form: Form::to("/login/t1/enrol/app"),
            qr: drawing.map(|drawing| Picture { side: drawing.side(), path: path(&drawing) }),
            secret: Unprinted("GEZD-GNBV-GY3T-QOJQ-GEZD-GNBV-GY3T-QOJQ".to_owned()),
            uri: Unprinted("otpauth://totp/x:y?secret=GEZDGNBVGY3TQOJQ&issuer=x".to_owned()),
            error: None,
            passkey: Some("/login/t1/enrol/passkey".to_owned()),
            other_agency: "/login/t1/choose".to_owned(),
            targets: FormTargets::own(),
        };
        let bare = Self { qr: None, passkey: None, ..first.clone() };
        let after = |error| Self { error: Some(error), ..first.clone() };
        [
            ("enrol_app", first.clone()),
            ("enrol_app-bare", bare),
            ("enrol_app-wrong", after(AppCodeError::Wrong)),
            ("enrol_app-throttled", after(AppCodeError::Throttled { seconds: 300 })),
        ]
    }
}

impl RecoveryCodes {
    /// Ten codes.
    pub(super) fn sample() -> Self {
        let code = |n: usize| {
            let digits: Vec<char> = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars().collect();
            let drawn =
                (0..24).filter_map(|at| digits.get((at * at * 5 + n * 13 + at * (n + 3)) % 32));
            let drawn: Vec<char> = drawn.copied().collect();
            let groups = drawn.chunks(4).map(|group| group.iter().collect::<String>());
            Unprinted(groups.collect::<Vec<_>>().join("-"))
        };
        Self {
            codes: (0..10).map(code).collect(),
            form: Form::to("/login/t1/enrol/codes"),
            targets: FormTargets::own(),
        }
    }
}
