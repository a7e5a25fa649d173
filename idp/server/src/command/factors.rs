//! `idp factors`: what somebody has enrolled, and the removal of it.

use std::{fmt::Write as _, path::Path};

use clap::{Args as Arguments, Subcommand};
use idp_broker::{DeskRefusal, PasskeyShown, ResetBy, ShownFactors};
use idp_domain::{AccountId, Lang, SourceId, Timestamp};
use idp_factors::webauthn::{Aaguid, mds::Models};
use serde_json::{Value, json};

use super::{
    Ending,
    acting::{Acting, Whom, at, faulted, reason},
};

/// What to do with somebody's factors.
#[derive(Subcommand)]
pub(super) enum FactorsCommand {
    /// Show what somebody has enrolled; no secret is shown
    Show {
        #[command(flatten)]
        whom: Whom,
        /// For scripts
        #[arg(long)]
        json: bool,
    },
    /// Remove everything that somebody has enrolled, and end their sessions
    Reset(ResetArgs),
}

/// What to remove.
#[derive(Arguments)]
pub(super) struct ResetArgs {
    #[command(flatten)]
    whom: Whom,
    /// Why, for the trail
    #[arg(long)]
    reason: String,
    /// The person need not enrol others at the next sign-in
    #[arg(long)]
    without_enrolment: bool,
    /// For scripts
    #[arg(long)]
    json: bool,
}

/// Does it.
pub(super) async fn run(path: &Path, command: &FactorsCommand) -> Result<(), Ending> {
    let acting = Acting::open(path).await?;
    let done = match command {
        FactorsCommand::Show { whom, json } => show(&acting, whom, *json).await,
        FactorsCommand::Reset(args) => reset(&acting, args).await,
    };
    acting.close().await;
    done
}

async fn show(acting: &Acting, whom: &Whom, as_json: bool) -> Result<(), Ending> {
    let account = acting.account(whom).await?;
    let shown = acting.desk.show_factors(&account, acting.now).await.map_err(faulted)?;
    let shown = shown.ok_or_else(|| unknown(&account))?;
    let models = &acting.settings.passkeys.models;
    if as_json {
        println!("{}", machine(&account, &shown, models));
    } else {
        print!("{}", people(&account, &shown, models));
    }
    Ok(())
}

async fn reset(acting: &Acting, args: &ResetArgs) -> Result<(), Ending> {
    let reason = reason(&args.reason)?;
    let account = acting.account(&args.whom).await?;
    let reset = ResetBy {
        account: account.clone(),
        by: acting.by.clone(),
        reason,
        must_enrol: !args.without_enrolment,
        lang: Lang::En,
        now: acting.now,
    };
    let done = acting.desk.reset_factors(&reset).await.map_err(faulted)?;
    done.map_err(|_: DeskRefusal| unknown(&account))?;
    if args.json {
        println!("{}", json!({ "account": account.as_str(), "must_enrol": reset.must_enrol }));
    } else {
        println!("the factors of {account} are removed, and its sessions are over");
    }
    Ok(())
}

fn unknown(account: &AccountId) -> Ending {
    Ending::No(Some(format!("there is no account {account} that may sign in")))
}

fn model<'a>(passkey: &PasskeyShown, models: &'a Models) -> (Option<&'a str>, Option<&'a str>) {
    let model = Aaguid::try_from(passkey.model.clone()).ok();
    let name = model.and_then(|model| models.name(model));
    (name, model.and_then(|model| models.compromise(model)))
}

fn machine(account: &AccountId, shown: &ShownFactors, models: &Models) -> Value {
    let passkeys = shown.passkeys.iter().map(|passkey| {
        let (name, compromise) = model(passkey, models);
        json!({
            "id": passkey.credential,
            "name": passkey.name,
            "model": passkey.model,
            "model_name": name,
            "compromise": compromise,
            "synced": passkey.synced,
            "hardware": passkey.hardware,
            "created_at": passkey.created_at.seconds(),
            "last_used_at": passkey.last_used_at.map(Timestamp::seconds),
        })
    });
    json!({
        "account": account.as_str(),
        "enabled": !shown.disabled,
        "created_at": shown.created_at.seconds(),
        "sources": shown.sources.iter().map(SourceId::as_str).collect::<Vec<_>>(),
        "passkeys": passkeys.collect::<Vec<_>>(),
        "totp_since": shown.totp_since.map(Timestamp::seconds),
        "recovery_codes": shown.recovery_codes,
        "devices": shown.devices,
        "must_enrol": shown.must_enrol,
    })
}

fn people(account: &AccountId, shown: &ShownFactors, models: &Models) -> String {
    let mut text = String::new();
    let mut line = |what: &str, value: &str| {
        // Writing to a text does not fail.
        let _ = writeln!(text, "{what:<15} {value}");
    };
    line("account", account.as_str());
    line("since", &at(shown.created_at));
    if shown.disabled {
        line("state", "switched off");
    }
    for source in &shown.sources {
        line("source", source.as_str());
    }
    for passkey in &shown.passkeys {
        let (name, compromise) = model(passkey, models);
        let mut about = vec![name.unwrap_or("model not known").to_owned()];
        about.extend(passkey.hardware.then(|| "attested hardware".to_owned()));
        about.extend(passkey.synced.then(|| "synchronised".to_owned()));
        about.extend(compromise.map(|status| format!("REPORTED: {status}")));
        about.push(format!("since {}", at(passkey.created_at)));
        let used = passkey.last_used_at.map(|time| format!("last used {}", at(time)));
        about.push(used.unwrap_or_else(|| "never used".to_owned()));
        line("passkey", &format!("{}: {}", passkey.name, about.join(", ")));
    }
    if let Some(since) = shown.totp_since {
        line("app", &format!("since {}", at(since)));
    }
    line("recovery codes", &format!("{} left", shown.recovery_codes));
    line("devices", &shown.devices.to_string());
    if shown.must_enrol {
        line("next sign-in", "has to enrol others");
    }
    text
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use idp_broker::{PasskeyShown, ShownFactors};
    use idp_domain::Timestamp;

    use super::{Models, machine, people};

    #[test]
    fn a_help_desk_sees_what_there_is_and_no_secret() {
        let time = Timestamp::from_seconds(1_790_000_000);
        let shown = ShownFactors {
            created_at: time,
            disabled: true,
            sources: vec!["una-guests".parse().unwrap()],
            passkeys: vec![PasskeyShown {
                credential: "abc".to_owned(),
                name: "key ring".to_owned(),
                model: "07070707-0707-0707-0707-070707070707".to_owned(),
                synced: true,
                hardware: false,
                created_at: time,
                last_used_at: None,
            }],
            totp_since: Some(time),
            recovery_codes: 8,
            devices: 1,
            must_enrol: true,
        };
        let account = "AAAAAAAAAAAAAAAAAAAAAA".parse().unwrap();
        expect![[r"
            account         AAAAAAAAAAAAAAAAAAAAAA
            since           2026-09-21T14:13:20Z
            state           switched off
            source          una-guests
            passkey         key ring: model not known, synchronised, since 2026-09-21T14:13:20Z, never used
            app             since 2026-09-21T14:13:20Z
            recovery codes  8 left
            devices         1
            next sign-in    has to enrol others
        "]].assert_eq(&people(&account, &shown, &Models::default()));
        expect![[r#"{"account":"AAAAAAAAAAAAAAAAAAAAAA","created_at":1790000000,"devices":1,"enabled":false,"must_enrol":true,"passkeys":[{"compromise":null,"created_at":1790000000,"hardware":false,"id":"abc","last_used_at":null,"model":"07070707-0707-0707-0707-070707070707","model_name":null,"name":"key ring","synced":true}],"recovery_codes":8,"sources":["una-guests"],"totp_since":1790000000}"#]].assert_eq(&machine(&account, &shown, &Models::default()).to_string());
    }
}
