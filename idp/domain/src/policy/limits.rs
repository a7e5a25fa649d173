//! Limits: how long sessions and factors are believed.

use super::{Facts, Reason, demand, enrol};
use crate::{
    Agency, Assurance, FactorKind, FactorProof, FactorRules, Factors, Lifetime, Session, Timestamp,
    factor::EnrolWith,
    session::{Limits, Narrower},
};

/// How recent a proof must be for factors to be changed.
pub const CHANGE_WINDOW: Lifetime = Lifetime::minutes(5);

/// What holds besides where AAL3 is demanded, by whomever (NIST SP 800-63B-4 section 2.3.3).
const OF_AAL3: Narrower =
    Narrower { idle: Some(15), absolute: Some(12 * 60), factor: Some(12 * 60) };

/// The limits for people of `agency` towards the relying party.
pub(super) fn narrowed(facts: &Facts<'_>, agency: &Agency) -> Limits {
    let limits = facts.limits.within(agency.sessions).within(facts.relying_party.sessions);
    let demands = demand::binding(facts, agency);
    let mut wanted = demands.iter().filter_map(demand::Binding::wanted);
    let highest = wanted.any(|wanted| wanted.assurance == Assurance::Aal3);
    if highest { limits.within(OF_AAL3) } else { limits }
}

/// Whether `session` still speaks for its person. `limits` are the narrowed ones.
#[must_use]
pub fn session_counts(session: &Session, limits: Limits, now: Timestamp) -> bool {
    !session.is_over(now) && lapsed(session, limits, now).is_none()
}

/// Which limit `session` has passed.
pub(super) fn lapsed(session: &Session, limits: Limits, now: Timestamp) -> Option<Reason> {
    // Whoever has signed in again since has begun anew.
    let signed_in = session.latest().and_then(|event| event.authenticated_at);
    let age = now.since(signed_in.map_or(session.started_at, |at| at.max(session.started_at)));
    if age > limits.absolute {
        return Some(Reason::SessionOld { age, limit: limits.absolute });
    }
    // What an older node has kept does not say when it was used.
    let idle = now.since(session.used_at.max(session.started_at));
    (idle > limits.idle).then_some(Reason::SessionIdle { idle, limit: limits.idle })
}

/// Whether the person of `session` may change factors now: the best that they have was proven in
/// the last five minutes. Who has none must have signed in as lately, and `rules`, those of the
/// person's agency, must let a sign-in alone open enrolment.
#[must_use]
pub fn may_change_factors(
    session: &Session,
    factors: &Factors,
    rules: &FactorRules,
    now: Timestamp,
) -> bool {
    let recent = |at: Timestamp| now.since(at) <= CHANGE_WINDOW;
    let by_factor = session.proofs.iter().any(|proof| {
        rules.accepts(proof.factor) && recent(proof.at) && opens_change(factors, proof)
    });
    let sign_in = session.latest().filter(|event| event.authenticated_at.is_some_and(recent));
    let by_sign_in = sign_in.is_some_and(|event| {
        let alone = factors.start_anew() && rules.enrol_with == EnrolWith::SignIn;
        alone || event.worth(now).meets(enrol::best_of(factors))
    });
    !session.is_over(now) && (by_factor || by_sign_in)
}

/// Whether `proof` lets the person change what they have. A code that was talked out of somebody
/// must not replace their passkey; a recovery code may, because it is for whoever has lost the
/// rest. A device that is remembered proves that somebody has it, and no more.
pub(super) fn opens_change(factors: &Factors, proof: &FactorProof) -> bool {
    match proof.factor {
        FactorKind::Device => false,
        FactorKind::RecoveryCode => true,
        FactorKind::Passkey | FactorKind::Totp => proof.worth().meets(enrol::best_of(factors)),
    }
}

#[cfg(test)]
mod tests {
    use super::{may_change_factors, narrowed, session_counts};
    use crate::{
        Assurance, AuthenticationEvent, FactorKind, FactorProof, FactorRules, Factors, Lifetime,
        assurance::AAL3,
        factor::EnrolWith,
        policy::testing::{
            Case, NOW, acr, essential, factor, proof, trusted, with_nothing, with_passkey,
            with_totp,
        },
        session::Limits,
    };

    fn may(event: AuthenticationEvent, proofs: Vec<FactorProof>, factors: &Factors) -> bool {
        let session = Case { session: Some(event), session_proofs: proofs, ..Case::default() };
        let rules = FactorRules { remember_device_days: 30, ..FactorRules::default() };
        may_change_factors(&session.session().unwrap(), factors, &rules, NOW)
    }

    fn password(age: u32) -> AuthenticationEvent {
        proof("una", Some(age), Assurance::Aal1)
    }

    #[test]
    fn mfa_08_factors_are_changed_by_whoever_proved_one_lately() {
        let old = password(3_000);
        for kind in [FactorKind::Passkey, FactorKind::Totp, FactorKind::RecoveryCode] {
            assert!(may(old.clone(), vec![factor(kind, 300)], &with_totp()));
            assert!(!may(old.clone(), vec![factor(kind, 301)], &with_totp()));
        }
        assert!(!may(old, vec![factor(FactorKind::Device, 5)], &with_passkey()));
        assert!(may(trusted("unb", 300), vec![], &with_totp()), "the source proved it");
        assert!(!may(trusted("unb", 301), vec![], &with_totp()));
    }

    #[test]
    fn mfa_12_a_code_changes_nothing_for_whoever_has_a_passkey() {
        let may = |kind| may(password(3_000), vec![factor(kind, 5)], &with_passkey());
        assert!(may(FactorKind::Passkey));
        assert!(!may(FactorKind::Totp), "somebody may have been talked into telling it");
        assert!(may(FactorKind::RecoveryCode), "who has lost the passkey has nothing else");
        let by_source = |factors: &Factors| super::tests::may(trusted("unb", 5), vec![], factors);
        assert!(!by_source(&with_passkey()));
        assert!(by_source(&with_totp()));
    }

    #[test]
    fn mfa_08_a_sign_in_alone_changes_factors_only_where_there_are_none() {
        assert!(may(password(300), vec![], &with_nothing()));
        assert!(!may(password(301), vec![], &with_nothing()));
        assert!(!may(password(5), vec![], &with_totp()));
        assert!(!may(proof("una", None, Assurance::Aal1), vec![], &with_nothing()));
        assert!(may(password(5), vec![], &Factors { must_enrol: true, ..with_totp() }));
        let codes_left = Factors { recovery_codes: 1, ..with_nothing() };
        assert!(!may(password(5), vec![], &codes_left), "a code could be asked for");
    }

    #[test]
    fn mfa_08_an_agency_that_wants_a_pass_wants_it_for_the_first_factor_too() {
        let rules = FactorRules { enrol_with: EnrolWith::AccessPass, ..FactorRules::default() };
        let may = |event, proofs| {
            let case = Case { session: Some(event), session_proofs: proofs, ..Case::default() };
            may_change_factors(&case.session().unwrap(), &with_nothing(), &rules, NOW)
        };
        assert!(!may(password(5), vec![]));
        assert!(may(trusted("unb", 5), vec![]));
        assert!(may(password(5), vec![factor(FactorKind::Totp, 5)]), "it was enrolled just now");
    }

    #[test]
    fn a_factor_that_the_agency_accepts_no_longer_changes_nothing() {
        let session_proofs = vec![factor(FactorKind::Totp, 5)];
        let session = Some(password(5));
        let case = Case { session, session_proofs, ..Case::default() };
        let rules = FactorRules { totp: false, ..FactorRules::default() };
        assert!(!may_change_factors(&case.session().unwrap(), &with_totp(), &rules, NOW));
    }

    #[test]
    fn where_aal3_is_demanded_a_session_counts_as_long_as_nist_lets_it() {
        let wide = Case::default();
        let narrow = [
            Case { floor: Some(AAL3), ..Case::default() },
            Case { demand: essential(AAL3), ..Case::default() },
            Case {
                rules: FactorRules { demand: Some(acr(AAL3)), ..FactorRules::default() },
                ..Case::default()
            },
        ];
        let idle = |case: &Case| {
            let case = Case { session: Some(password(5)), ..case.clone() };
            case.with_facts(|facts| narrowed(facts, &case.agency().unwrap()).idle)
        };
        assert_eq!(idle(&wide), Lifetime::minutes(60));
        for case in narrow {
            assert_eq!(idle(&case), Lifetime::minutes(15));
        }
    }

    #[test]
    fn a_session_that_is_over_counts_for_nothing() {
        let case = Case { session: Some(password(5)), ..Case::default() };
        let mut session = case.session().unwrap();
        let hour = Lifetime::hours(1);
        let limits = Limits { idle: hour, absolute: hour, factor: hour };
        assert!(session_counts(&session, limits, NOW));
        session.ends_at = NOW;
        assert!(!session_counts(&session, limits, NOW));
        assert!(!may_change_factors(&session, &with_nothing(), &FactorRules::default(), NOW));
    }

    #[test]
    fn a_session_that_an_older_node_kept_counts_from_its_beginning() {
        let case = Case { session: Some(password(5)), ..Case::default() };
        let mut session = case.session().unwrap();
        session.used_at = crate::Timestamp::default();
        let hour = Lifetime::hours(1);
        assert!(session_counts(&session, Limits { idle: hour, absolute: hour, factor: hour }, NOW));
    }
}
