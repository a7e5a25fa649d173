//! The pages of second proofs and of self-service with a text from outside in every place that can
//! hold one.

use idp_domain::Timestamp;

use crate::page::{
    Form, FormTargets, Page,
    context::{
        AccountPage, DisplayName, Enrol, EnrolApp, EnrolPasskey, Factor, PasskeyForm, Person,
        RecoveryCodes, ReleaseKind,
        account::{
            AddApp, AddPasskey, AppRow, Asked, Change, CodesRow, DeviceRow, Disputed, Guard,
            IdentityRow, Overview, PasskeyRow, Picture, ReleaseRow, Releases, Security, SessionRow,
            Sessions, SignInRow, Unprinted, When,
        },
    },
};

/// A form for a passkey.
pub(super) fn passkey(text: &str) -> PasskeyForm {
    let owned = || text.to_owned();
    let form = Form::to("/x").with(text, text);
    PasskeyForm { form, start: owned(), rp: owned(), unknown: Some(owned()) }
}

/// Every page of second proofs, with `text` for what it echoes.
pub(super) fn of_proofs(text: &str) -> Vec<Page> {
    let name = || DisplayName::new(text, "fallback");
    let form = || Form::to("/x").with(text, text);
    let unprinted = || Unprinted(text.to_owned());
    let passkey = || passkey(text);
    vec![
        Page::Factor(Factor {
            asker: name(),
            passkey: Some(passkey()),
            code: Some(form()),
            recovery: Some(form()),
            pass: Some(form()),
            without: Some(form()),
            remember_days: Some(7),
            error: None,
            other_agency: "/y".to_owned(),
            targets: FormTargets::own(),
        }),
        Page::Enrol(Enrol::Passkey(EnrolPasskey {
            asker: Some(name()),
            passkey: passkey(),
            name: text.to_owned(),
            error: None,
            app: Some(form()),
            later: Some(form()),
            other_agency: "/y".to_owned(),
            targets: FormTargets::own(),
        })),
        Page::Enrol(Enrol::App(EnrolApp {
            form: form(),
            qr: Some(Picture { side: 29, path: unprinted() }),
            secret: unprinted(),
            uri: unprinted(),
            error: None,
            passkey: None,
            other_agency: "/y".to_owned(),
            targets: FormTargets::own(),
        })),
        Page::RecoveryCodes(RecoveryCodes {
            codes: vec![unprinted()],
            form: form(),
            targets: FormTargets::own(),
        }),
    ]
}

/// Every page of self-service that echoes something, with `text` for it.
#[expect(clippy::too_many_lines, reason = "a list, which is read as a whole")]
pub(super) fn of_accounts(text: &str) -> Vec<Page> {
    let name = || DisplayName::new(text, "fallback");
    let owned = || text.to_owned();
    let form = || Form::to("/x").with("token", text);
    let when = When::new(Timestamp::from_seconds(0), Timestamp::from_seconds(0));
    let session = |id: &str| SessionRow {
        id: id.to_owned(),
        browser: Some(name()),
        network: Some(name()),
        since: when.clone(),
        used: when.clone(),
        services: vec![name(), name()],
        shared: true,
    };
    let pages = [
        AccountPage::Overview(Overview {
            person: Person { name: owned(), agency: owned() },
            done: None,
            guard: Guard::Bare,
            advice: Vec::new(),
            passkeys: 0,
            app: false,
            codes: 0,
            sessions: 1,
            sessions_cut: None,
            services: 1,
            identities: vec![IdentityRow {
                agency: owned(),
                source: Some(name()),
                since: when.clone(),
                current: true,
            }],
            sign_out: form(),
        }),
        AccountPage::Security(Security {
            done: None,
            passkeys: vec![PasskeyRow {
                id: owned(),
                name: name(),
                model: Some(name()),
                added: when.clone(),
                used: None,
                bound: true,
                misnamed: true,
            }],
            app: AppRow { enrolled: true, allowed: true },
            codes: CodesRow { left: 1, allowed: true, makeable: true },
            devices: vec![DeviceRow {
                id: owned(),
                browser: name(),
                since: when.clone(),
                until: when.clone(),
                current: false,
            }],
            form: form(),
        }),
        AccountPage::AddPasskey(AddPasskey {
            passkey: PasskeyForm {
                form: form(),
                start: "/y".to_owned(),
                rp: owned(),
                unknown: Some(owned()),
            },
            name: owned(),
            problem: None,
            back: "/z".to_owned(),
        }),
        AccountPage::AddApp(AddApp {
            form: form(),
            qr: None,
            secret: Unprinted(owned()),
            uri: Unprinted("otpauth://totp/\"'><b>".to_owned()),
            replaces: false,
            error: None,
            back: "/z".to_owned(),
        }),
        AccountPage::Change(Change {
            asked: Asked::RemovePasskey,
            name: Some(name()),
            form: Some(form()),
            again: "/y".to_owned(),
            back: "/z".to_owned(),
        }),
        AccountPage::Change(Change {
            asked: Asked::RenamePasskey,
            name: Some(name()),
            form: None,
            again: "/y".to_owned(),
            back: "/z".to_owned(),
        }),
        AccountPage::Sessions(Sessions {
            done: None,
            here: session("s1"),
            others: vec![session(text)],
            live_cut: None,
            recent_cut: None,
            recent: vec![SignInRow {
                at: when.clone(),
                browser: Some(name()),
                network: Some(name()),
                agency: Some(owned()),
                open: true,
            }],
            form: form(),
        }),
        AccountPage::Releases(Releases {
            services: vec![ReleaseRow {
                service: name(),
                agency: Some(owned()),
                at: when,
                kinds: vec![ReleaseKind::Identifier],
                others: vec![name()],
            }],
            receipt: "/y".to_owned(),
            days: 30,
            cut: None,
        }),
        AccountPage::Disputed(Disputed { reset: true, reference: owned(), home: "/".to_owned() }),
    ];
    pages.map(Page::Account).into()
}
