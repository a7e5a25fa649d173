//! Demands: what a login must prove, whoever wants it.
//!
//! A relying party's floor and an agency's rule are never lowered by what a request says or leaves
//! out; a request can only add to them.

use std::fmt;

use super::{Facts, evidence::Piece};
use crate::{Acr, Agency, RelyingParty, assurance::Worth, transaction};

/// Who wants something to be proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DemandedBy {
    /// The relying party, by its registration.
    Floor,
    /// The person's agency, by its rule.
    Agency,
    /// The relying party, by its request, and it takes no less.
    Request,
    /// The relying party, by its request, and it takes less.
    Wish,
}

impl fmt::Display for DemandedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Floor => "the relying party's floor",
            Self::Agency => "the agency's rule",
            Self::Request => "the demand",
            Self::Wish => "the wish",
        })
    }
}

/// Something that must be proven.
#[derive(Clone, Debug)]
pub(super) struct Binding<'a> {
    pub(super) by: DemandedBy,
    /// One of these is enough.
    pub(super) names: &'a [Acr],
}

impl<'a> Binding<'a> {
    /// The least that is enough; `None` when none of the names is known.
    pub(super) fn wanted(&self) -> Option<Worth> {
        // What names can want is a chain: of two, the greater meets the lesser.
        self.names.iter().filter_map(Acr::wants).min()
    }

    /// The first name that is met, and by what.
    pub(super) fn met_by<'p>(&self, pieces: &'p [Piece]) -> Option<(&'a Acr, &'p Piece)> {
        self.names.iter().find_map(|acr| {
            let wanted = acr.wants()?;
            pieces.iter().find(|piece| piece.worth.meets(wanted)).map(|piece| (acr, piece))
        })
    }
}

/// Everything that binds a login of a person of `agency`, grace not considered.
pub(super) fn binding<'a>(facts: &Facts<'a>, agency: &'a Agency) -> Vec<Binding<'a>> {
    let rule = agency.factors.demand.as_ref();
    let rule = rule.map(|acr| Binding { by: DemandedBy::Agency, names: std::slice::from_ref(acr) });
    of_relying_party(facts.relying_party, &facts.transaction.request.demand)
        .into_iter()
        .chain(rule)
        .collect()
}

/// What binds whoever signs in.
pub(super) fn of_relying_party<'a>(
    relying_party: &'a RelyingParty,
    demand: &'a transaction::Demand,
) -> Vec<Binding<'a>> {
    let floor = relying_party.floor.as_ref();
    let floor =
        floor.map(|acr| Binding { by: DemandedBy::Floor, names: std::slice::from_ref(acr) });
    let essential = demand.essential && !demand.acr.is_empty();
    let essential = essential.then(|| Binding { by: DemandedBy::Request, names: &demand.acr });
    floor.into_iter().chain(essential).collect()
}

/// What is wanted besides, and stops nobody.
pub(super) fn wish<'a>(facts: &Facts<'a>) -> Option<Binding<'a>> {
    let demand = &facts.transaction.request.demand;
    let wished = !demand.essential && !demand.acr.is_empty();
    wished.then(|| Binding { by: DemandedBy::Wish, names: &demand.acr })
}

/// The contexts to ask a source for that can prove `ceiling`, the most wanted first.
///
/// A known name that would not be enough is left out, and so is one beyond the source's ceiling: a
/// source that is asked for what it cannot prove says no, and what is missing is proven here.
/// `agency` is the source's.
#[must_use]
pub fn contexts(
    relying_party: &RelyingParty,
    agency: &Agency,
    demand: &transaction::Demand,
    ceiling: Worth,
) -> Vec<Acr> {
    let rule = agency.factors.demand.as_ref();
    let least = of_relying_party(relying_party, demand)
        .iter()
        .filter_map(Binding::wanted)
        .chain(rule.and_then(Acr::wants))
        .max()
        .filter(|least| ceiling.meets(*least));
    let fits = |acr: &&Acr| {
        acr.wants().is_none_or(|wanted| {
            ceiling.meets(wanted) && least.is_none_or(|least| wanted.meets(least))
        })
    };
    let mut names: Vec<Acr> = Vec::new();
    for acr in demand.acr.iter().chain(&relying_party.floor).chain(rule).filter(fits) {
        if !names.contains(acr) {
            names.push(acr.clone());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::contexts;
    use crate::{
        Assurance, Demand, FactorRules,
        assurance::{AAL1, PHR, REFEDS_MFA, Worth},
        policy::testing::{Case, acr, essential, proof},
    };

    fn check(floor: Option<&'static str>, rule: Option<&str>, wish: &[&str], expected: &Expect) {
        let rules = FactorRules { demand: rule.map(acr), ..FactorRules::default() };
        let event = Some(proof("una", None, Assurance::Aal1));
        let case = Case { event, floor, rules, ..Case::default() };
        let demand = Demand { acr: wish.iter().map(|name| acr(name)).collect(), ..essential(AAL1) };
        let demand = Demand { essential: false, ..demand };
        let (relying_party, agency) = (case.relying_party(), case.agency().unwrap());
        let asked = [Worth::ONE_FACTOR, Worth::TWO_FACTORS].map(|ceiling| {
            let names = contexts(&relying_party, &agency, &demand, ceiling);
            let names = names.iter().map(|acr| acr.as_str().rsplit([':', '/']).next().unwrap());
            names.collect::<Vec<_>>().join(" ")
        });
        expected.assert_eq(&asked.join(" | "));
    }

    #[test]
    fn a_source_is_asked_for_what_it_can_prove_and_no_less_than_is_needed() {
        check(None, None, &[], &expect![" | "]);
        check(None, None, &[REFEDS_MFA, AAL1], &expect!["aal1 | mfa aal1"]);
        check(Some(REFEDS_MFA), None, &[AAL1], &expect!["aal1 | mfa"]);
        check(Some(REFEDS_MFA), None, &[PHR], &expect![" | mfa"]);
        check(Some(PHR), None, &[AAL1], &expect!["aal1 | aal1"]);
        check(None, Some(REFEDS_MFA), &[AAL1, REFEDS_MFA], &expect!["aal1 | mfa"]);
    }

    #[test]
    fn a_name_that_we_do_not_know_is_passed_on() {
        check(Some(REFEDS_MFA), None, &["urn:example:loa9"], &expect!["loa9 | loa9 mfa"]);
    }
}
