//! Letters about what happens to a person's factors: to the address that their source gave last.

use std::sync::Arc;

use idp_domain::{
    AccountId, AttributeName, AttributeSet, AuditEvent, Fault, Lang, Letter, LetterKind, Timestamp,
};
use idp_store::{Sealer, accounts::Accounts, letters::SealedLetter};

use crate::{Broker, visit::Visit};

/// The most addresses that one letter goes to.
const ADDRESSES: usize = 4;

/// Writes letters.
#[derive(Clone)]
pub(crate) struct Scribe {
    accounts: Accounts,
    sealer: Arc<Sealer>,
    /// Whether anybody sends what is written.
    sends: bool,
}

/// Letters to be written in the commit of what they tell.
#[derive(Debug)]
pub(crate) struct Letters {
    sealed: Vec<SealedLetter>,
    /// Why there is none, where there is none.
    none: &'static str,
    /// The reference number that they name; empty if there is none.
    reference: String,
}

/// About what a letter is written, beside its kind.
#[derive(Clone, Debug)]
pub(crate) struct About<'a> {
    pub(crate) account: &'a AccountId,
    /// The language, where the source does not know the person's.
    pub(crate) lang: Lang,
    pub(crate) at: Timestamp,
    /// Where the browser was; empty where none was involved.
    pub(crate) address: String,
    /// The reference number that the trail knows it by.
    pub(crate) reference: String,
}

impl<'a> About<'a> {
    /// What a browser does to `account`.
    pub(crate) fn of(account: &'a AccountId, visit: &Visit) -> Self {
        Self {
            account,
            lang: visit.lang,
            at: visit.now,
            address: visit.address.to_string(),
            reference: visit.reference.to_string(),
        }
    }
}

impl Letters {
    /// None, for this reason.
    pub(crate) fn none(because: &'static str) -> Self {
        Self { sealed: Vec::new(), none: because, reference: String::new() }
    }

    /// What goes into the act.
    pub(crate) fn into_sealed(self) -> Vec<SealedLetter> {
        self.sealed
    }

    /// Says in the trail when nobody is written to, and why; else by which number people will ask
    /// about it.
    pub(crate) fn noted(&self, event: AuditEvent) -> AuditEvent {
        if self.sealed.is_empty() {
            return event.with("letter", self.none);
        }
        let number = Some(self.reference.clone()).filter(|number| !number.is_empty());
        AuditEvent { reference: event.reference.clone().or(number), ..event }
    }
}

impl Scribe {
    /// One that knows the addresses in `accounts`.
    pub(crate) fn new(accounts: Accounts, sealer: Arc<Sealer>, sends: bool) -> Self {
        Self { accounts, sealer, sends }
    }

    /// A letter of `kind`, to each address that a source of the account has given last, and to the
    /// one in `besides`: who changes an address upstream does not silence what was known before.
    pub(crate) async fn write(
        &self,
        kind: LetterKind,
        about: &About<'_>,
        besides: Option<&AttributeSet>,
    ) -> Result<Letters, Fault> {
        if !self.sends {
            return Ok(Letters::none("off"));
        }
        let known = known(&self.accounts, about.account).await?;
        let mut addresses: Vec<(&str, Lang)> = Vec::new();
        for attributes in known.iter().chain(besides) {
            let Some(address) = mail(attributes) else { continue };
            let lang = preferred(attributes).unwrap_or(about.lang);
            if !addresses.iter().any(|(other, _)| other.eq_ignore_ascii_case(address)) {
                addresses.push((address, lang));
            }
        }
        let letters = addresses.into_iter().take(ADDRESSES).map(|(to, lang)| {
            let letter = Letter {
                account: about.account.clone(),
                to: to.to_owned(),
                lang,
                kind: kind.clone(),
                at: about.at,
                address: about.address.clone(),
                reference: about.reference.clone(),
            };
            SealedLetter::seal(&self.sealer, &letter)
        });
        let letters = letters.collect::<Result<_, _>>();
        let letters = letters.map_err(|error| Fault::new("sealing a letter", error))?;
        let reference = about.reference.clone();
        Ok(Letters { sealed: letters, none: "no address", reference })
    }
}

/// What the sources of an account said about the person at the last login.
async fn known(accounts: &Accounts, account: &AccountId) -> Result<Vec<AttributeSet>, Fault> {
    let failed = |error| Fault::new("reading what a source said", error);
    let mut known = Vec::new();
    for link in accounts.links(account).await.map_err(failed)? {
        let said = accounts.attributes(&link.source, &link.issuer, &link.subject).await;
        known.extend(said.map_err(failed)?);
    }
    Ok(known)
}

fn single<'a>(attributes: &'a AttributeSet, name: &str) -> Option<&'a str> {
    attributes.single(&AttributeName::parse(name)?)
}

/// The address of a person.
pub(crate) fn mail(attributes: &AttributeSet) -> Option<&str> {
    single(attributes, "mail")
}

/// What a person is called, for people.
pub(crate) fn display_name(attributes: &AttributeSet) -> Option<&str> {
    single(attributes, "displayName").filter(|name| !name.trim().is_empty())
}

/// By which name a person signs in, as far as a source tells.
pub(crate) fn account_name(attributes: &AttributeSet) -> Option<&str> {
    let names = ["eduPersonPrincipalName", "mail", "displayName"];
    names.into_iter().find_map(|name| single(attributes, name))
}

fn preferred(attributes: &AttributeSet) -> Option<Lang> {
    Lang::from_tag(single(attributes, "preferredLanguage")?)
}

impl Broker {
    /// [`Scribe::write`] about what a browser does to `account`.
    pub(crate) async fn letters(
        &self,
        kind: LetterKind,
        account: &AccountId,
        besides: Option<&AttributeSet>,
        visit: &Visit,
    ) -> Result<Letters, Fault> {
        let about = About::of(account, visit);
        self.scribe.write(kind, &about, besides).await
    }
}
