//! The payload of a metadata file: the few members of it that anything here rests on.

use idp_domain::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::webauthn::credential::Aaguid;

/// Reports after which keys of a model are worth nothing (FIDO Metadata Service 3.0 section 3.1.4).
/// A later report of a mended version does not help: which version a key is in, nobody says.
const COMPROMISES: [&str; 5] = [
    "USER_VERIFICATION_BYPASS",
    "ATTESTATION_KEY_COMPROMISE",
    "USER_KEY_REMOTE_COMPROMISE",
    "USER_KEY_PHYSICAL_COMPROMISE",
    "REVOKED",
];
/// Where a key lies that software alone cannot read (FIDO Registry of Predefined Values 3.2).
const HARDWARE: [&str; 3] = ["hardware", "tee", "secure_element"];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Payload {
    pub(super) no: u64,
    pub(super) next_update: String,
    /// Each is read by itself: makers write them, and not all of them well.
    pub(super) entries: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    /// Absent of authenticators for other protocols.
    aaguid: Option<String>,
    pub(super) metadata_statement: Option<Statement>,
    status_reports: Vec<Report>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Statement {
    #[serde(default)]
    pub(super) description: String,
    #[serde(default)]
    pub(super) attestation_root_certificates: Vec<String>,
    #[serde(default)]
    key_protection: Vec<String>,
}

#[derive(Deserialize)]
struct Report {
    status: String,
}

impl Entry {
    pub(super) fn aaguid(&self) -> Option<Aaguid> {
        self.aaguid.clone()?.try_into().ok()
    }

    /// The first report that says that keys of the model are worth nothing.
    pub(super) fn compromise(&self) -> Option<&'static str> {
        let reported = |bad: &&str| self.status_reports.iter().any(|report| report.status == *bad);
        COMPROMISES.into_iter().find(reported)
    }
}

impl Statement {
    pub(super) fn keeps_keys_in_hardware(&self) -> bool {
        self.key_protection.iter().any(|place| HARDWARE.contains(&place.as_str()))
    }
}

/// The last instant of a day that is written `2026-08-31`.
pub(super) fn end_of_day(text: &str) -> Option<Timestamp> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let in_form = [year, month, day].map(str::len) == [4, 2, 2] && parts.next().is_none();
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !in_form || ![year, month, day].into_iter().all(digits) {
        return None;
    }
    let (year, month, day) =
        (year.parse::<i64>().ok()?, month.parse::<i64>().ok()?, day.parse::<i64>().ok()?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Days of the proleptic Gregorian calendar, counted in years that begin in March.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day;
    Some(Timestamp::from_seconds((days - 719_468) * 86_400 - 1))
}
