//! The page on which a person proves a factor: a passkey, a code, or an access pass.

use serde::Serialize;

use super::{DisplayName, Form, FormTargets, sample_service};

/// What the page for a factor shows. It offers what is enough and the person has, and nothing
/// else. Codes and passes are sent by POST with the fields `code`,
/// `recovery` or `pass`.
#[derive(Clone, Debug, Serialize)]
pub struct Factor {
    /// Who asks for the proof: the relying party, or the person's agency.
    pub asker: DisplayName,
    /// The passkeys of the person.
    pub passkey: Option<PasskeyForm>,
    /// The code of an authenticator app. A field `remember` says that this device may stand for
    /// it, if `remember_days` are given.
    pub code: Option<Form>,
    /// A recovery code.
    pub recovery: Option<Form>,
    /// An access pass.
    pub pass: Option<Form>,
    /// The way on without any, where the relying party would only like it.
    pub without: Option<Form>,
    /// For how many days this device can stand for the code.
    pub remember_days: Option<u32>,
    /// Why the last proof was not accepted.
    pub error: Option<FactorError>,
    /// The way to the choice of another agency.
    pub other_agency: String,
    /// What the forms may reach.
    #[serde(skip)]
    pub targets: FormTargets,
}

/// A form that `passkey.js` fills in and sends, with the fields `ceremony` and `answer`.
#[derive(Clone, Debug, Serialize)]
pub struct PasskeyForm {
    /// Where the answer of the authenticator is sent.
    pub form: Form,
    /// Where the ceremony begins.
    pub start: String,
    /// Our name towards authenticators.
    pub rp: String,
    /// A passkey that nobody has here, which the browser may forget; in base64url.
    pub unknown: Option<String>,
}

/// Why a proof was not accepted. Never says what else the account has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum FactorError {
    /// The code of the app is wrong, or was used.
    Code,
    /// The recovery code is wrong, or was used.
    Recovery,
    /// The access pass is wrong, used, too old or not approved.
    Pass,
    /// The passkey was not accepted.
    Passkey,
    /// Nobody has this passkey here.
    UnknownPasskey,
    /// The proof took too long.
    Late,
    /// No script ran that could have asked for a passkey.
    Script,
    /// There were too many attempts.
    Throttled {
        /// How long to wait.
        seconds: u32,
    },
}

impl FactorError {
    /// Each once.
    const ALL: [Self; 8] = [
        Self::Code,
        Self::Recovery,
        Self::Pass,
        Self::Passkey,
        Self::UnknownPasskey,
        Self::Late,
        Self::Script,
        Self::Throttled { seconds: 300 },
    ];

    /// Whether it is about a field.
    #[must_use]
    pub fn is_of_a_field(self) -> bool {
        matches!(self, Self::Code | Self::Recovery | Self::Pass)
    }

    /// The word for it in the names of samples.
    fn key(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Recovery => "recovery",
            Self::Pass => "pass",
            Self::Passkey => "passkey",
            Self::UnknownPasskey => "unknown",
            Self::Late => "late",
            Self::Script => "script",
            Self::Throttled { .. } => "throttled",
        }
    }
}

impl PasskeyForm {
    /// A form.
    pub(super) fn sample(under: &str) -> Self {
        Self {
            form: Form::to(format!("{under}/finish")),
            start: format!("{under}/start"),
            rp: "idp.example.org".to_owned(),
            unknown: None,
        }
    }
}

impl Factor {
    /// The page as it may look: with all ways, with one, with none but a pass, and after each
    /// kind of failure.
    pub(super) fn samples() -> Vec<(String, Self)> {
        let all = Self {
            asker: sample_service(),
            passkey: Some(PasskeyForm::sample("/login/t1/factor/passkey")),
            code: Some(Form::to("/login/t1/factor/code")),
            recovery: Some(Form::to("/login/t1/factor/code")),
            pass: Some(Form::to("/login/t1/factor/pass")),
            without: None,
            remember_days: Some(30),
            error: None,
            other_agency: "/login/t1/choose".to_owned(),
            targets: FormTargets::own(),
        };
        let without = Some(Form::to("/login/t1/factor/without"));
        let wish = Self { without, pass: None, ..all.clone() };
        let locked = Some(FactorError::Throttled { seconds: 300 });
        let only = Self { recovery: None, pass: None, remember_days: None, ..all.clone() };
        let passkey = Self { code: None, ..only.clone() };
        let code = Self { passkey: None, recovery: all.recovery.clone(), ..only.clone() };
        let recovery = Self { code: None, ..code.clone() };
        let pass = Self { passkey: None, code: None, pass: all.pass.clone(), ..only };
        let mut samples = vec![
            (
                "factor-wish-passkey".to_owned(),
                Self { without: wish.without.clone(), ..passkey.clone() },
            ),
            ("factor-wish-locked".to_owned(), Self { error: locked, ..wish.clone() }),
            ("factor-wish".to_owned(), wish),
            ("factor-only-passkey".to_owned(), passkey),
            ("factor-only-code".to_owned(), code),
            ("factor-only-recovery".to_owned(), recovery),
            ("factor-only-pass".to_owned(), pass.clone()),
            ("factor-only-pass-wrong".to_owned(), Self { error: Some(FactorError::Pass), ..pass }),
        ];
        for error in FactorError::ALL {
            let mut page = Self { error: Some(error), ..all.clone() };
            if error == FactorError::UnknownPasskey {
                page.passkey.iter_mut().for_each(|form| form.unknown = Some("AQIDBA".to_owned()));
            }
            samples.push((format!("factor-{}", error.key()), page));
        }
        samples.push(("factor".to_owned(), all));
        samples
    }
}
