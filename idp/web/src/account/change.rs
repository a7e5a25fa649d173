//! Changes: asked for on a page, asked once more where they cannot be undone, and put off until
//! the person has proven who they are where the broker wants that.

use axum::{body::Bytes, extract::State, response::Response};
use idp_broker::{AccountView, Codes, Denied, EnrolProblem};
use idp_domain::Fault;

use super::{Place, codes, kept::Waiting, owner::Owner, security, shown, wish::Wish};
use crate::{
    App,
    answer::see_other,
    form::single,
    page::{
        DisplayName,
        context::{
            AccountPage,
            account::{Asked, Change, Done},
        },
    },
    problem::Trouble,
};

/// The field that tells one wish from the next.
const NONCE: &str = "nonce";

/// What became of a wish.
enum Outcome {
    Done(Done),
    Codes(Codes),
    Misnamed(String),
    First,
}

/// `POST /account/security`, `POST /account/sessions`: asks for a change.
pub(crate) async fn ask(State(app): State<App>, owner: Owner, body: Bytes) -> Response {
    let fields = match owner.fields(&app, &body).await {
        Ok(fields) => fields,
        Err(response) => return response,
    };
    if single(&fields, "change") == Some("kept") {
        // New codes were read; they are shown nowhere else.
        return see_other(Place::Security.path());
    }
    let Some(wish) = Wish::read(&fields) else {
        return app.rejected(Trouble::misshapen(), &owner.browser.visit).await;
    };
    if wish.is_asked_again() {
        later(&app, wish, &owner).await
    } else {
        now(&app, wish, &owner).await
    }
}

/// `GET /account/change`: what waits, with the question whether it is meant.
pub(crate) async fn show(State(app): State<App>, owner: Owner) -> Response {
    match question(&app, &owner).await {
        Ok(Ok(page)) => shown(&app, Ok(AccountPage::Change(page)), &owner, Place::Change),
        Ok(Err(place)) => see_other(place.path()),
        Err(fault) => app.faulted(&fault, &owner.browser.visit),
    }
}

/// `POST /account/change`: it is meant.
pub(crate) async fn confirm(State(app): State<App>, owner: Owner, body: Bytes) -> Response {
    let fields = match owner.fields(&app, &body).await {
        Ok(fields) => fields,
        Err(response) => return response,
    };
    let visit = &owner.browser.visit;
    match owner.desk().waiting().await {
        Ok(Some(Waiting { nonce, wish, .. })) if single(&fields, NONCE) == Some(&nonce) => {
            if let Err(fault) = owner.desk().clear().await {
                return app.faulted(&fault, visit);
            }
            now(&app, wish, &owner).await
        }
        // Something else was asked for in another window since, or it was done already.
        Ok(_) => see_other(Place::Change.path()),
        Err(fault) => app.faulted(&fault, visit),
    }
}

/// The page for what waits, or where to go if nothing does.
async fn question(app: &App, owner: &Owner) -> Result<Result<Change, Place>, Fault> {
    let desk = owner.desk();
    let Some(Waiting { nonce, wish, .. }) = desk.waiting().await? else {
        return Ok(Err(Place::Overview));
    };
    let view = app.broker.account_view(&owner.live, &owner.browser.visit).await?;
    let place = wish.place();
    if !is_there(&wish, &view) {
        desk.clear().await?;
        desk.done(Done::Gone).await?;
        return Ok(Err(place));
    }
    let form = owner.form(Place::Change.path()).with(NONCE, nonce);
    Ok(Ok(Change {
        asked: wish.asked(),
        name: name(&wish, &view),
        form: (view.may_change || !wish.is_of_factors()).then_some(form),
        again: Place::Change.again(),
        back: place.path().to_owned(),
    }))
}

/// Whether what a wish is about is there.
fn is_there(wish: &Wish, view: &AccountView) -> bool {
    match wish {
        Wish::RenamePasskey { credential, .. } | Wish::RemovePasskey { credential } => {
            view.passkeys.iter().any(|row| row.credential == *credential)
        }
        Wish::ForgetDevice { device } => view.devices.iter().any(|row| row.id == *device),
        Wish::RemoveApp => view.totp,
        Wish::MakeCodes | Wish::ForgetDevices | Wish::EndSession { .. } | Wish::EndSessions => true,
    }
}

/// What a wish is about, by name; of a new name, that.
fn name(wish: &Wish, view: &AccountView) -> Option<DisplayName> {
    let name = match wish {
        Wish::RenamePasskey { name, .. } => name,
        Wish::RemovePasskey { credential } => {
            &view.passkeys.iter().find(|row| row.credential == *credential)?.name
        }
        Wish::ForgetDevice { device } => {
            &view.devices.iter().find(|row| row.id == *device)?.browser
        }
        _ => return None,
    };
    Some(DisplayName::new(name, "?"))
}

/// Puts a wish off, and leads to the page where it waits.
async fn later(app: &App, wish: Wish, owner: &Owner) -> Response {
    match owner.desk().lay(wish).await {
        Ok(()) => see_other(Place::Change.path()),
        Err(fault) => app.faulted(&fault, &owner.browser.visit),
    }
}

/// Does what was asked for.
async fn now(app: &App, wish: Wish, owner: &Owner) -> Response {
    let visit = &owner.browser.visit;
    let place = wish.place();
    match carry_out(app, &wish, owner).await {
        Ok(Outcome::Done(done)) => match owner.desk().done(done).await {
            Ok(()) => see_other(place.path()),
            Err(fault) => app.faulted(&fault, visit),
        },
        Ok(Outcome::Codes(made)) => codes(app, &made, owner),
        Ok(Outcome::Misnamed(credential)) => security::misnamed(app, &credential, owner).await,
        Ok(Outcome::First) => later(app, wish, owner).await,
        Err(fault) => app.faulted(&fault, visit),
    }
}

async fn carry_out(app: &App, wish: &Wish, owner: &Owner) -> Result<Outcome, Fault> {
    let (broker, live, visit) = (&app.broker, &owner.live, &owner.browser.visit);
    let (made, done) = match wish {
        Wish::RenamePasskey { credential, name } => {
            (broker.rename_passkey(live, credential, name, visit).await?, Done::PasskeyRenamed)
        }
        Wish::RemovePasskey { credential } => {
            (broker.remove_passkey(live, credential, visit).await?, Done::PasskeyRemoved)
        }
        Wish::RemoveApp => (broker.remove_totp(live, visit).await?, Done::AppRemoved),
        Wish::MakeCodes => match broker.new_recovery_codes(live, visit).await? {
            Ok(made) => return Ok(Outcome::Codes(made)),
            Err(denied) => (Err(denied), Done::Gone),
        },
        Wish::ForgetDevice { device } => {
            (broker.forget_device(live, device, visit).await?, Done::DeviceForgotten)
        }
        Wish::ForgetDevices => {
            for row in broker.account_view(live, visit).await?.devices {
                // One that is gone meanwhile is what was wished for.
                let _ = broker.forget_device(live, &row.id, visit).await?;
            }
            (Ok(()), Done::DevicesForgotten)
        }
        Wish::EndSession { session } => {
            (broker.end_other_session(live, session, visit).await?, Done::SessionEnded)
        }
        Wish::EndSessions => {
            broker.end_all_other_sessions(live, visit).await?;
            (Ok(()), Done::SessionsEnded)
        }
    };
    Ok(match (made, wish) {
        (Ok(()), _) => Outcome::Done(done),
        (Err(Denied::StepUpNeeded), _) => Outcome::First,
        (Err(Denied::Problem(EnrolProblem::Name)), Wish::RenamePasskey { credential, .. }) => {
            Outcome::Misnamed(credential.clone())
        }
        (Err(Denied::Unknown | Denied::Problem(_)), _) => Outcome::Done(Done::Gone),
    })
}

/// The page for somebody who has to prove who they are before they come to `place`.
pub(super) fn first(app: &App, asked: Asked, place: Place, owner: &Owner) -> Response {
    let page = Change {
        asked,
        name: None,
        form: None,
        again: place.again(),
        back: Place::Security.path().to_owned(),
    };
    shown(app, Ok(AccountPage::Change(page)), owner, place)
}
