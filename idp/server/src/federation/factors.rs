//! What an agency may want of factors, and what it and a relying party may want of sessions: the
//! bounds within which that makes sense.

use idp_domain::{
    Acr, FactorRules,
    assurance::Worth,
    factor::{Attestation, EnrolWith, PasskeyRules},
    session::Narrower,
};
use idp_factors::webauthn::Aaguid;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{error::Problem, parts::unknown, plan::EntryKind};

/// The longest grace, in days: an account is not new for longer.
const MAX_GRACE: u32 = 180;
/// The longest time that a device stands for a factor, in days.
const MAX_REMEMBERED: u32 = 90;
/// The most models that an agency names.
const MAX_MODELS: usize = 1_000;

/// What is wrong with the `factors` of an agency.
pub(super) fn factors(rules: &FactorRules) -> Vec<Problem> {
    let mut problems: Vec<_> =
        rules.demand.iter().filter_map(|acr| unknown("demand", acr)).collect();
    let most = [
        ("grace_days", rules.grace_days, MAX_GRACE),
        ("remember_device_days", rules.remember_device_days, MAX_REMEMBERED),
    ];
    for (key, days, most) in most.into_iter().filter(|(_, days, most)| days > most) {
        problems.push(Problem::new(key, format!("{days} days are too many; {most} is the most")));
    }
    let idle = |acr: &Acr| acr.wants() == Some(Worth::ONE_FACTOR);
    if rules.grace_days > 0 && rules.demand.as_ref().is_none_or(idle) {
        let message = "there is nothing to wait for: `demand` names no second factor";
        problems.push(Problem::new("grace_days", message));
    }
    let passkeys = passkeys(&rules.passkeys).into_iter();
    problems.extend(passkeys.map(|problem| problem.within("passkeys")));
    problems.into_iter().map(|problem| problem.within("factors")).collect()
}

/// What people of an agency must prove whatever a relying party asks for.
pub(super) fn demand(rules: &FactorRules) -> Worth {
    rules.demand.as_ref().and_then(Acr::wants).unwrap_or(Worth::ONE_FACTOR)
}

fn passkeys(rules: &PasskeyRules) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut read = |key: &str, names: &[String]| -> Vec<Aaguid> {
        if names.len() > MAX_MODELS {
            problems.push(Problem::new(key, format!("more than {MAX_MODELS}")));
        }
        let mut models = Vec::new();
        for name in names.iter().take(MAX_MODELS) {
            match Aaguid::try_from(name.clone()) {
                Ok(model) if model.is_unknown() => problems.push(Problem::new(
                    key,
                    "an all-zero AAGUID is what authenticators say that name no model",
                )),
                Ok(model) => models.push(model),
                Err(error) => problems.push(Problem::new(key, error.to_string())),
            }
        }
        models
    };
    let only = read("only", &rules.only);
    let never = read("never", &rules.never);
    if let Some(both) = only.iter().find(|model| never.contains(model)) {
        problems.push(Problem::new("never", format!("{both} stands under `only`, too")));
    }
    problems
}

/// What is wrong with the `sessions` of an agency or a relying party.
pub(super) fn sessions(narrower: Narrower) -> Vec<Problem> {
    let keys = [
        ("idle_minutes", narrower.idle),
        ("absolute_minutes", narrower.absolute),
        ("factor_minutes", narrower.factor),
    ];
    let none = keys.into_iter().filter(|(_, minutes)| *minutes == Some(0));
    none.map(|(key, _)| Problem::new(key, "it must last for a while").within("sessions")).collect()
}

/// What a change of `factors` or `sessions` of an entry means for people who sign in, besides whom
/// is asked for what.
pub(super) fn changed(kind: EntryKind, old: &Value, new: &Value) -> Vec<String> {
    let mut means = Vec::new();
    if kind == EntryKind::Agency {
        means.extend(rules_changed(&table(old, "factors"), &table(new, "factors")));
    }
    means.extend(sessions_changed(kind, table(old, "sessions"), table(new, "sessions")));
    means.into_iter().collect()
}

/// What an operator should know of the `factors` of an agency, although they are in force.
pub(super) fn doubts(kind: EntryKind, value: &Value) -> Vec<String> {
    if kind != EntryKind::Agency {
        return Vec::new();
    }
    let rules: FactorRules = table(value, "factors");
    let mut doubts = Vec::new();
    let PasskeyRules { attestation, only, .. } = &rules.passkeys;
    if *attestation == Attestation::Trusted {
        doubts.push(
            "note: makers are those of the file that [passkeys] metadata names; without it nobody \
             can register a passkey",
        );
    }
    if *attestation == Attestation::None && !only.is_empty() {
        doubts.push(
            "note: without attestation a model is what the authenticator says of itself: write \
             `attestation: trusted` beside `only`",
        );
    }
    doubts.into_iter().map(str::to_owned).collect()
}

/// A table of an entry. What cannot be read is told elsewhere.
fn table<T: DeserializeOwned + Default>(entry: &Value, key: &str) -> T {
    entry.get(key).and_then(|value| T::deserialize(value).ok()).unwrap_or_default()
}

fn rules_changed(old: &FactorRules, new: &FactorRules) -> Vec<String> {
    let mut means = Vec::new();
    let mut say = |text: String| means.push(text);
    if old.grace_days != new.grace_days && new.demand.is_some() {
        match new.grace_days {
            0 => say("new accounts have no grace any more".to_owned()),
            days => say(format!("new accounts have {days} days until then")),
        }
    }
    match (old.nudge, new.nudge) {
        (false, true) => {
            say("who has no factor is asked to enrol one, and may say later".to_owned());
        }
        (true, false) => say("nobody is asked to enrol a factor without need".to_owned()),
        _ => {}
    }
    match (old.totp, new.totp) {
        (true, false) => say("codes of apps are not accepted any more: who has nothing else must \
             enrol a passkey"
            .to_owned()),
        (false, true) => say("codes of apps are accepted".to_owned()),
        _ => {}
    }
    match (old.recovery_codes, new.recovery_codes) {
        (true, false) => say("recovery codes are not accepted any more".to_owned()),
        (false, true) => say("recovery codes are given out and accepted".to_owned()),
        _ => {}
    }
    match (old.enrol_with, new.enrol_with) {
        (EnrolWith::SignIn, EnrolWith::AccessPass) => {
            say("who has no factor needs an access pass to enrol one".to_owned());
        }
        (EnrolWith::AccessPass, EnrolWith::SignIn) => {
            say("a fresh sign-in is enough to enrol a first factor".to_owned());
        }
        _ => {}
    }
    match (old.remember_device_days, new.remember_device_days) {
        (before, 0) if before > 0 => say("devices are not remembered any more".to_owned()),
        (before, days) if before != days => {
            say(format!("a device may stand for a second factor for {days} days"));
        }
        _ => {}
    }
    match (old.approve_access_passes, new.approve_access_passes) {
        (false, true) => say("each access pass waits for a second person".to_owned()),
        (true, false) => say("access passes count without a second person".to_owned()),
        _ => {}
    }
    if old.passkeys != new.passkeys {
        say("other passkeys can be registered than before; those that are stay".to_owned());
    }
    means
}

fn sessions_changed(kind: EntryKind, old: Narrower, new: Narrower) -> Vec<String> {
    let of = match kind {
        EntryKind::Agency => "for its people",
        EntryKind::RelyingParty => "towards it",
        EntryKind::Source => return Vec::new(),
    };
    let mut means = Vec::new();
    for (before, after, what) in [
        (old.idle, new.idle, "a session that was not used"),
        (old.absolute, new.absolute, "a session that began"),
        (old.factor, new.factor, "a factor that was proven"),
    ] {
        match after {
            _ if before == after => {}
            Some(minutes) => {
                means.push(format!("{what} {minutes} minutes ago counts no longer {of}"));
            }
            None => means.push(format!("{what} counts as long as the broker lets it, {of}")),
        }
    }
    means
}
