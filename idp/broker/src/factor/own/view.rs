//! What the person's own page shows.

use idp_domain::{AccountId, AgencyId, DeviceId, FactorRules, Fault, SourceId, Timestamp};
use idp_store::{devices::StoredDevice, factors::StoredPasskey, sessions::Listed};

use super::may_change;
use crate::{
    Broker,
    factor::{
        letters::{display_name, mail},
        person::{record, summary},
        scene::Scene,
    },
    visit::{LiveSession, Visit},
};

/// The most sessions that are shown: the latest.
const SESSIONS: u32 = 100;

/// A person's account, as they see it themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountView {
    /// The account.
    pub account: AccountId,
    /// The agency of the session.
    pub agency: AgencyId,
    /// What its source calls the person.
    pub name: Option<String>,
    /// Where letters go.
    pub mail: Option<String>,
    /// Whether factors may be changed now, without another proof.
    pub may_change: bool,
    /// Whether the factors were reported, and others have to be enrolled.
    pub must_enrol: bool,
    /// What the agency accepts.
    pub rules: FactorRules,
    /// The passkeys, oldest first.
    pub passkeys: Vec<PasskeyRow>,
    /// Whether there is an authenticator app.
    pub totp: bool,
    /// How many recovery codes are left.
    pub recovery_codes: u32,
    /// The remembered devices, the last used first.
    pub devices: Vec<DeviceRow>,
    /// The identities that sign in to the account.
    pub links: Vec<LinkRow>,
    /// The sessions, live and ended, the latest first; as far back as they are kept.
    pub sessions: Vec<Listed>,
}

/// A passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyRow {
    /// What its authenticator calls it, in base64url.
    pub credential: String,
    /// What its owner calls it.
    pub name: String,
    /// What its maker calls the model, where the metadata says.
    pub model: Option<String>,
    /// Whether it can be in several devices.
    pub synced: bool,
    /// Whether it is bound to hardware by the word of a maker that is trusted.
    pub hardware: bool,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// A remembered device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRow {
    /// Its id.
    pub id: DeviceId,
    /// What the browser said it was.
    pub browser: String,
    /// Whether it is this browser.
    pub this: bool,
    /// Since when.
    pub remembered_at: Timestamp,
    /// When it was last used.
    pub used_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
}

/// An identity that signs in to the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRow {
    /// The source.
    pub source: SourceId,
    /// Since when.
    pub since: Timestamp,
}

impl Broker {
    /// What the person of a session sees of their account.
    pub async fn account_view(
        &self,
        live: &LiveSession,
        visit: &Visit,
    ) -> Result<AccountView, Fault> {
        let account = &live.session.account;
        let scene = Scene::Page(live);
        let Some(stored) = self.stored(account).await? else {
            return Err(Fault::broken("finding the account of a session"));
        };
        let agency = self.agency_in(scene, visit)?;
        let factors = summary(&stored);
        let attributes = scene.attributes(visit);
        let failed = |doing| move |error| Fault::new(doing, error);
        let devices = self.devices.of(account, visit.now).await;
        let devices = devices.map_err(failed("listing devices"))?;
        let here = self.device_here(account, visit).await?;
        let links = self.accounts.links(account).await.map_err(failed("listing links"))?;
        let sessions = self.known.recent(account, None, SESSIONS).await;
        let sessions = sessions.map_err(failed("listing sessions"))?.sessions;
        Ok(AccountView {
            account: account.clone(),
            agency: agency.id.clone(),
            name: attributes.and_then(display_name).map(str::to_owned),
            mail: attributes.and_then(mail).map(str::to_owned),
            may_change: may_change(live, &factors, &agency.factors, visit),
            must_enrol: stored.must_enrol,
            rules: agency.factors.clone(),
            passkeys: stored
                .passkeys
                .iter()
                .filter_map(|stored| self.passkey_row(stored))
                .collect(),
            totp: stored.totp.is_some(),
            recovery_codes: factors.recovery_codes,
            devices: devices.into_iter().map(|device| row(device, here.as_ref())).collect(),
            links: links
                .into_iter()
                .map(|link| LinkRow { source: link.source, since: link.created_at })
                .collect(),
            sessions,
        })
    }

    fn passkey_row(&self, stored: &StoredPasskey) -> Option<PasskeyRow> {
        let record = record(stored)?;
        Some(PasskeyRow {
            credential: record.id().to_string(),
            name: stored.name.clone(),
            model: self.models.name(record.aaguid).map(str::to_owned),
            synced: record.backup_eligible(),
            hardware: record.is_hardware(),
            created_at: record.created_at,
            last_used_at: record.last_used_at,
        })
    }
}

fn row(device: StoredDevice, here: Option<&DeviceId>) -> DeviceRow {
    DeviceRow {
        this: here == Some(&device.id),
        id: device.id,
        browser: device.label,
        remembered_at: device.created_at,
        used_at: device.used_at,
        ends_at: device.expires_at,
    }
}
