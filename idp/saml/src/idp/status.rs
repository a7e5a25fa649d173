//! Refusals in the words of SAML Core 3.2.2.2: which status a service provider is told.

use idp_domain::{Refusal, refusal::Need};

use crate::schema::{
    Status,
    StatusCode::{self, Responder},
    second,
};

/// The status that says `refusal`.
///
/// The text says no more than the codes do: why a person was refused is theirs to know.
#[must_use]
pub fn status(refusal: &Refusal) -> Status {
    let (code, second, text) = wire(refusal);
    Status { code, second: second.map(str::to_owned), message: Some(text.to_owned()) }
}

/// The status that says that we failed.
#[must_use]
pub fn failed() -> Status {
    let text = "The broker failed. Try again later.".to_owned();
    Status { code: Responder, second: None, message: Some(text) }
}

fn wire(refusal: &Refusal) -> (StatusCode, Option<&'static str>, &'static str) {
    match refusal {
        Refusal::InteractionNeeded(Need::Login) => {
            (Responder, Some(second::NO_PASSIVE), "The person must sign in, and may not be asked.")
        }
        Refusal::InteractionNeeded(Need::Selection) => (
            Responder,
            Some(second::NO_PASSIVE),
            "The person must choose an agency, and may not be asked.",
        ),
        Refusal::InteractionNeeded(Need::Consent) => {
            (Responder, Some(second::NO_PASSIVE), "The person must consent, and may not be asked.")
        }
        Refusal::AssuranceUnmet | Refusal::EnrolmentNeedsHelp => (
            Responder,
            Some(second::NO_AUTHN_CONTEXT),
            "The authentication context that was demanded cannot be met.",
        ),
        Refusal::StaleAuthentication => {
            (Responder, Some(second::AUTHN_FAILED), "The person did not sign in anew.")
        }
        Refusal::WrongPerson => {
            (Responder, Some(second::AUTHN_FAILED), "Somebody else signed in than was expected.")
        }
        Refusal::SourceMisbehaved { .. } => (
            Responder,
            Some(second::AUTHN_FAILED),
            "The person's agency gave an answer that cannot be believed.",
        ),
        Refusal::NoSource | Refusal::SourceDisabled | Refusal::SourceUnavailable { .. } => (
            Responder,
            Some(second::NO_AVAILABLE_IDP),
            "No agency can sign the person in now. Try again later.",
        ),
        // No second code says *later*.
        Refusal::Busy { .. } | Refusal::Throttled { .. } => {
            (Responder, None, "The person cannot be signed in now. Try again later.")
        }
        Refusal::AccountDisabled
        | Refusal::AgencyNotAllowed { .. }
        | Refusal::PersonDeclined
        | Refusal::RelyingPartyDisabled => {
            (Responder, Some(second::REQUEST_DENIED), "The request was declined.")
        }
        Refusal::BindingMissing
        | Refusal::SourceRefused { .. }
        | Refusal::TransactionConsumed
        | Refusal::TransactionLost => {
            (Responder, Some(second::AUTHN_FAILED), "The person was not signed in.")
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use idp_domain::{Lifetime, Refusal, refusal::Need};

    use super::status;

    #[test]
    fn idp_09_every_refusal_has_its_status_and_none_says_why() {
        let reason = "signature_invalid";
        let detail = || "secret detail".to_owned();
        let retry_after = Lifetime::minutes(1);
        let lines: Vec<_> = [
            Refusal::AccountDisabled,
            Refusal::AgencyNotAllowed { agency: "una".parse().unwrap() },
            Refusal::AssuranceUnmet,
            Refusal::BindingMissing,
            Refusal::Busy { retry_after },
            Refusal::InteractionNeeded(Need::Login),
            Refusal::InteractionNeeded(Need::Selection),
            Refusal::InteractionNeeded(Need::Consent),
            Refusal::NoSource,
            Refusal::PersonDeclined,
            Refusal::RelyingPartyDisabled,
            Refusal::SourceDisabled,
            Refusal::SourceMisbehaved { reason, detail: detail() },
            Refusal::SourceRefused { code: "access_denied".to_owned(), detail: detail() },
            Refusal::SourceUnavailable { reason, detail: detail() },
            Refusal::StaleAuthentication,
            Refusal::Throttled { retry_after },
            Refusal::TransactionConsumed,
            Refusal::TransactionLost,
            Refusal::WrongPerson,
        ]
        .iter()
        .map(|refusal| {
            let status = status(refusal);
            let message = status.message.unwrap_or_default();
            assert!(!message.contains("secret") && !message.contains(reason), "{message}");
            let second = status.second.unwrap_or_default();
            let short = second.rsplit(':').next().unwrap_or_default();
            format!("{:20} {:?}/{short}", refusal.slug(), status.code).trim_end().to_owned()
        })
        .collect();
        expect![[r"
            account_disabled     Responder/RequestDenied
            agency_not_allowed   Responder/RequestDenied
            assurance_unmet      Responder/NoAuthnContext
            txn_binding          Responder/AuthnFailed
            busy                 Responder/
            login_needed         Responder/NoPassive
            selection_needed     Responder/NoPassive
            consent_needed       Responder/NoPassive
            no_source            Responder/NoAvailableIDP
            person_declined      Responder/RequestDenied
            relying_party_disabled Responder/RequestDenied
            upstream_disabled    Responder/NoAvailableIDP
            source_misbehaved    Responder/AuthnFailed
            source_refused       Responder/AuthnFailed
            source_unavailable   Responder/NoAvailableIDP
            stale_authn          Responder/AuthnFailed
            throttled            Responder/
            txn_consumed         Responder/AuthnFailed
            txn_lost             Responder/AuthnFailed
            wrong_person         Responder/AuthnFailed"]]
        .assert_eq(&lines.join("\n"));
    }
}
