//! Cases of what may be told.

use expect_test::{Expect, expect};

use super::super::testing::{Case, NOW, acr, essential, factor, proof, trusted, with_totp};
use super::{Basis, reached};
use crate::{
    Amr, Assurance, AuthenticationEvent, Demand, FactorKind, FactorProof, FactorRules, Factors,
    assurance::{AAL1, AAL2, AAL3, PHR, REFEDS_MFA, REFEDS_SFA},
};

fn check(case: &Case, expected: &Expect) {
    let basis = if case.event.is_some() { Basis::Event } else { Basis::Session };
    let reached = case.with_facts(|facts| reached(facts, basis, NOW)).unwrap();
    let methods: Vec<_> = reached.amr.iter().map(Amr::as_str).collect();
    let by: Vec<_> = reached.by.iter().map(|by| format!("; {by}")).collect();
    let told =
        format!("{} by [{}], {}{}", reached.acr, methods.join(" "), reached.worth, by.concat());
    expected.assert_eq(&told);
}

fn methods(event: AuthenticationEvent, names: &[&str]) -> AuthenticationEvent {
    let amr = names.iter().filter_map(|name| Amr::new(name)).collect();
    AuthenticationEvent { amr, ..event }
}

fn password() -> AuthenticationEvent {
    proof("una", Some(20), Assurance::Aal1)
}

fn hardware() -> FactorProof {
    FactorProof { hardware: true, ..factor(FactorKind::Passkey, 7) }
}

#[test]
fn a_wish_is_told_by_its_name_only_when_it_is_met() {
    let demand =
        Demand { acr: vec![acr(PHR), acr(REFEDS_MFA), acr(REFEDS_SFA)], ..Demand::default() };
    let case = Case { demand, session: Some(password()), ..Case::default() };
    check(
        &case,
        &expect![
            "https://refeds.org/profile/sfa by [], AAL1; the wish https://refeds.org/profile/sfa is met by the source's word"
        ],
    );
    let with = |proof| Case { session_proofs: vec![proof], ..case.clone() };
    check(
        &with(factor(FactorKind::Totp, 7)),
        &expect![
            "https://refeds.org/profile/mfa by [otp mfa], AAL2; the wish https://refeds.org/profile/mfa is met by totp proven here 7 s ago"
        ],
    );
    check(
        &with(factor(FactorKind::Passkey, 7)),
        &expect![
            "phr by [pop user mfa], AAL2, phishing-resistant; the wish phr is met by passkey proven here 7 s ago"
        ],
    );
    check(
        &with(factor(FactorKind::Totp, 14_401)),
        &expect![
            "https://refeds.org/profile/sfa by [], AAL1; the wish https://refeds.org/profile/sfa is met by the source's word"
        ],
    );
}

#[test]
fn what_nobody_asked_for_is_told_by_our_own_names() {
    let case = Case { session: Some(password()), ..Case::default() };
    check(&case, &expect!["urn:laissez-passer:assurance:aal1 by [], AAL1"]);
    let with = |proof| Case { session_proofs: vec![proof], ..case.clone() };
    check(
        &with(factor(FactorKind::RecoveryCode, 7)),
        &expect!["urn:laissez-passer:assurance:aal2 by [mfa], AAL2"],
    );
    check(
        &with(factor(FactorKind::Passkey, 7)),
        &expect!["urn:laissez-passer:assurance:aal2 by [pop user mfa], AAL2, phishing-resistant"],
    );
    check(
        &with(hardware()),
        &expect!["urn:laissez-passer:assurance:aal3 by [hwk user mfa], AAL3, phishing-resistant"],
    );
    check(
        &Case { floor: Some(REFEDS_SFA), ..case },
        &expect![
            "https://refeds.org/profile/sfa by [], AAL1; the relying party's floor https://refeds.org/profile/sfa is met by the source's word"
        ],
    );
}

#[test]
fn strength_without_resistance_to_phishing_is_not_called_aal3() {
    let event = Some(proof("unb", Some(20), Assurance::Aal3));
    check(
        &Case { demand: essential(AAL3), event, ..Case::default() },
        &expect!["urn:laissez-passer:assurance:aal2 by [mfa], AAL3"],
    );
}

#[test]
fn no_context_is_put_together_from_two_pieces() {
    // AAL3 without resistance to phishing there, resistance to phishing without AAL3 here.
    let demand = Demand { acr: vec![acr(AAL3)], ..Demand::default() };
    let event = Some(proof("unb", Some(20), Assurance::Aal3));
    let proofs = vec![factor(FactorKind::Passkey, 7)];
    check(
        &Case { demand, event, proofs, ..Case::default() },
        &expect!["urn:laissez-passer:assurance:aal2 by [pop user mfa], AAL3"],
    );
}

#[test]
fn mfa_19_methods_that_are_not_believed_are_not_repeated() {
    let case = |event| Case { demand: essential(AAL1), event: Some(event), ..Case::default() };
    check(
        &case(methods(password(), &["pwd"])),
        &expect![
            "urn:laissez-passer:assurance:aal1 by [pwd], AAL1; the demand urn:laissez-passer:assurance:aal1 is met by the source's word"
        ],
    );
    check(
        &case(methods(password(), &["mfa"])),
        &expect![
            "urn:laissez-passer:assurance:aal1 by [], AAL1; the demand urn:laissez-passer:assurance:aal1 is met by the source's word"
        ],
    );
    check(
        &case(methods(password(), &["pwd", "otp", "mfa"])),
        &expect![
            "urn:laissez-passer:assurance:aal1 by [pwd], AAL1; the demand urn:laissez-passer:assurance:aal1 is met by the source's word"
        ],
    );
    check(
        &case(methods(password(), &["sms", "mca"])),
        &expect![
            "urn:laissez-passer:assurance:aal1 by [sms], AAL1; the demand urn:laissez-passer:assurance:aal1 is met by the source's word"
        ],
    );
    check(
        &case(methods(password(), &["hwk", "user"])),
        &expect![
            "urn:laissez-passer:assurance:aal1 by [], AAL1; the demand urn:laissez-passer:assurance:aal1 is met by the source's word"
        ],
    );
    check(
        &case(methods(trusted("unb", 20), &["pwd", "mfa", "otp"])),
        &expect![
            "urn:laissez-passer:assurance:aal1 by [pwd otp mfa], AAL2; the demand urn:laissez-passer:assurance:aal1 is met by the source's context https://refeds.org/profile/mfa"
        ],
    );
}

#[test]
fn methods_of_here_are_told_beside_those_of_the_source() {
    let event = Some(methods(password(), &["pwd"]));
    let case = |proof| Case { event: event.clone(), proofs: vec![proof], ..Case::default() };
    check(
        &case(factor(FactorKind::Totp, 7)),
        &expect!["urn:laissez-passer:assurance:aal2 by [pwd otp mfa], AAL2"],
    );
    check(
        &case(hardware()),
        &expect![
            "urn:laissez-passer:assurance:aal3 by [pwd hwk user mfa], AAL3, phishing-resistant"
        ],
    );
    check(
        &case(factor(FactorKind::RecoveryCode, 7)),
        &expect!["urn:laissez-passer:assurance:aal2 by [pwd mfa], AAL2"],
    );
}

#[test]
fn a_device_is_told_for_what_it_stands_for() {
    let rules = FactorRules { remember_device_days: 30, ..FactorRules::default() };
    let device = Some(factor(FactorKind::Device, 90_000));
    let factors = Some(Factors { device, ..with_totp() });
    let session = Some(methods(password(), &["pwd"]));
    let case = Case { demand: essential(REFEDS_MFA), session, rules, factors, ..Case::default() };
    check(
        &case,
        &expect![
            "https://refeds.org/profile/mfa by [pwd mfa], AAL2; the demand https://refeds.org/profile/mfa is met by device proven here 90000 s ago"
        ],
    );
    let demand = Demand { acr: vec![acr(PHR), acr(AAL2)], ..Demand::default() };
    check(
        &Case { demand, ..case },
        &expect![
            "urn:laissez-passer:assurance:aal2 by [pwd mfa], AAL2; the wish urn:laissez-passer:assurance:aal2 is met by device proven here 90000 s ago"
        ],
    );
}

#[test]
fn each_demand_is_told_with_what_met_it() {
    let rules = FactorRules { demand: Some(acr(AAL2)), ..FactorRules::default() };
    check(
        &Case {
            demand: essential(PHR),
            floor: Some(REFEDS_MFA),
            event: Some(trusted("unb", 20)),
            proofs: vec![FactorProof { credential: "k1".into(), ..factor(FactorKind::Passkey, 7) }],
            rules,
            ..Case::default()
        },
        &expect![
            "phr by [pop user mfa], AAL2, phishing-resistant; the demand phr is met by passkey k1 proven here 7 s ago; the relying party's floor https://refeds.org/profile/mfa is met by the source's context https://refeds.org/profile/mfa; the agency's rule urn:laissez-passer:assurance:aal2 is met by the source's context https://refeds.org/profile/mfa"
        ],
    );
}

#[test]
fn nobody_is_told_of_a_login_without_a_proof() {
    let told = Case::default().with_facts(|facts| reached(facts, Basis::Event, NOW));
    assert_eq!(told, None);
}
