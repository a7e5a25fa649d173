//! Follows a step: the one place that turns what the broker says into what a browser sees.

use axum::response::Response;
use idp_broker::{DeviceChange, Next, SessionChange, Turn, Visit};
use idp_domain::{Outbound, Refusal, Transaction, relying_party::Protocol};
use tower_sessions::Session;

use super::local;
use crate::{
    App,
    answer::{add_cookie, see_other},
    cookies, oidc, own,
    page::{AgencyRow, FormPost, Onward, Page},
    problem::Trouble,
    saml,
    session_layer::bind,
    visit::Browser,
};

/// How the browser came to this step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Came {
    /// By a request of a relying party; the login is not kept yet.
    Fresh,
    /// By a link or redirect.
    ByLink,
    /// By a form of ours, whose answer must not lead away by a redirect: browsers hold such
    /// redirects against the page's `form-action`.
    ByForm,
}

impl App {
    /// Shows the next step to the browser.
    pub(crate) async fn follow(
        &self,
        mut turn: Turn,
        came: Came,
        browser: &Browser,
        cookie: &Session,
    ) -> Response {
        let visit = &browser.visit;
        let next = turn.next;
        let transaction = &mut turn.transaction;
        match next {
            Next::Choose
            | Next::Consent
            | Next::Go(..)
            | Next::Prove(_)
            | Next::Enrol(_)
            | Next::Codes(_)
            | Next::SignIn(..) => {
                if !turn.kept
                    && let Err(response) = self.keep(transaction, came, visit, cookie).await
                {
                    return response;
                }
                self.interact(transaction, next, came, browser)
            }
            Next::Issue(issuance, change, device) => {
                if came != Came::Fresh {
                    match self.broker.burn(&transaction.id).await {
                        Ok(true) => {}
                        Ok(false) => {
                            let refusal = Refusal::TransactionConsumed;
                            let trouble =
                                Trouble::refused(&refusal).of(transaction.relying_party());
                            return self.rejected(trouble, visit).await;
                        }
                        Err(fault) => return self.faulted(&fault, visit),
                    }
                }
                let source = issuance.source.clone();
                let answer = match issuance.ticket.protocol {
                    Protocol::Oidc => oidc::answer::issue(self, *issuance, visit).await,
                    Protocol::Saml => saml::answer::issue(self, *issuance, visit).await,
                    Protocol::Own => own::issue(&issuance),
                };
                let mut response = self.lead(answer, came, visit);
                // A browser that others use is told nothing that outlives its windows.
                let of_session = visit.session.as_ref().map(|live| &live.session);
                let shared = transaction.shared || of_session.is_some_and(|found| found.shared);
                if let SessionChange::Set(handle) = change {
                    let life = (!shared).then_some(self.session_life);
                    add_cookie(&mut response, cookies::set_session(&self.cookies, &handle, life));
                    let remembered = (!shared)
                        .then(|| cookies::remember(&self.cookies, &browser.jar, &source))
                        .flatten();
                    add_cookie(&mut response, remembered);
                }
                add_cookie(
                    &mut response,
                    match device {
                        DeviceChange::Set(handle, life) => {
                            cookies::set_device(&self.cookies, &handle, life)
                        }
                        DeviceChange::Clear => cookies::clear(&self.cookies.device),
                        DeviceChange::None => None,
                    },
                );
                response
            }
            Next::Refuse(refusal) => self.refuse(transaction, &refusal, came, visit, cookie).await,
        }
    }

    async fn keep(
        &self,
        transaction: &mut Transaction,
        came: Came,
        visit: &Visit,
        cookie: &Session,
    ) -> Result<(), Response> {
        let fault = |fault| self.faulted(&fault, visit);
        if came != Came::Fresh {
            return self.broker.keep_over(transaction).await.map_err(fault);
        }
        let random = idp_broker::random().map_err(fault)?;
        let bound = bind(cookie, &random, &transaction.id).await.map_err(fault)?;
        if let Some(dropped) = bound.dropped {
            self.broker.burn(&dropped).await.map_err(fault)?;
        }
        self.broker.keep(transaction, bound.binding).await.map_err(fault)
    }

    fn interact(
        &self,
        transaction: &Transaction,
        next: Next,
        came: Came,
        browser: &Browser,
    ) -> Response {
        let visit = &browser.visit;
        match next {
            Next::Go(source, Outbound::Redirect(url)) => {
                if came == Came::ByForm {
                    let agency = self.row_of(&source, visit.lang);
                    let onward = Onward { href: url.into(), agency };
                    return self.page(&Page::Onward(onward), visit, None);
                }
                see_other(url.as_str())
            }
            Next::Go(_, Outbound::Post { url, fields }) => {
                self.page(&Page::FormPost(FormPost { action: url, fields }), visit, None)
            }
            Next::Go(source, Outbound::Form(form)) if came == Came::ByForm => {
                local::form(self, transaction, &source, &form, browser)
            }
            Next::SignIn(source, problem) => {
                local::after_passkey(self, transaction, &source, problem, browser)
            }
            _ => see_other(&format!("/login/{}", transaction.id)),
        }
    }

    /// Sends the browser where an answer leads.
    pub(crate) fn lead(&self, answer: oidc::answer::Led, came: Came, visit: &Visit) -> Response {
        match answer {
            oidc::answer::Led::To(location) if came == Came::ByForm => {
                let onward = Onward { href: location, agency: None };
                self.page(&Page::Onward(onward), visit, None)
            }
            oidc::answer::Led::To(location) => see_other(&location),
            oidc::answer::Led::Post(form) => self.page(&Page::FormPost(form), visit, None),
            oidc::answer::Led::Nowhere(response) => *response,
        }
    }

    /// Says no: to the relying party where the no is its business, else on a page.
    async fn refuse(
        &self,
        transaction: &mut Transaction,
        refusal: &Refusal,
        came: Came,
        visit: &Visit,
        cookie: &Session,
    ) -> Response {
        let again = matches!(
            refusal,
            Refusal::SourceRefused { .. }
                | Refusal::SourceUnavailable { .. }
                | Refusal::Busy { .. }
                | Refusal::Throttled { .. }
        );
        let mut trouble = Trouble::refused(refusal).of(transaction.relying_party());
        if let Some(source) = &transaction.chosen {
            let catalog = self.broker.catalog();
            if let Some(registered) = catalog.source(source) {
                trouble = trouble.at(&registered.agency.id);
            }
        }
        if again {
            if came == Came::Fresh
                && let Err(response) = self.keep(transaction, came, visit, cookie).await
            {
                return response;
            }
            return self.problem(&trouble.choose_again(&transaction.id), visit);
        }
        // A login that another copy of this request took is that one's to end.
        if came != Came::Fresh
            && !matches!(refusal, Refusal::TransactionConsumed)
            && let Err(fault) = self.broker.burn(&transaction.id).await
        {
            return self.faulted(&fault, visit);
        }
        if tells_relying_party(refusal) {
            let answer = match transaction.request.ticket.protocol {
                Protocol::Oidc => oidc::answer::refuse(self, transaction, refusal, visit),
                Protocol::Saml => saml::answer::refuse(self, transaction, refusal, visit),
                Protocol::Own => own::refuse(self, transaction, refusal, visit),
            };
            return self.lead(answer, came, visit);
        }
        self.problem(&trouble, visit)
    }

    /// The row of a source's agency, for pages that name it.
    pub(crate) fn row_of(
        &self,
        source: &idp_domain::SourceId,
        lang: idp_domain::Lang,
    ) -> Option<AgencyRow> {
        let catalog = self.broker.catalog();
        let registered = catalog.source(source)?;
        let registry = self.registry.load();
        let entry = registry.directory.find(&registered.agency.id)?;
        Some(AgencyRow::new(entry, lang, String::new()))
    }
}

/// Whether the relying party is told of this no: it asked for what cannot be, or the person
/// declined. Everything else is between the person, the agency and us.
fn tells_relying_party(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::InteractionNeeded(_)
            | Refusal::AssuranceUnmet
            | Refusal::PersonDeclined
            | Refusal::WrongPerson
            | Refusal::NoSource
    )
}
