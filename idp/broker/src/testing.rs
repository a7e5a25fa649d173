//! What tests share: a broker over a database in memory, and a browser in front of it.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use idp_domain::{Lang, Lifetime, Secret, Timestamp, session::Limits};
use idp_factors::webauthn::{Site, SiteSettings};
use idp_fetch::{Fetcher, Policy};
use idp_store::{
    Db, Sealer, Shelf, Store, Throttle,
    seal::Epoch,
    shelf::{Drawer, Kind},
    store::Node,
};

use crate::{Broker, Parts, Reference, SubjectKey, Visit};

pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
pub(crate) const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A store over a database in memory.
pub(crate) async fn store() -> Store {
    let db = Db::connect("sqlite::memory:").unwrap();
    db.migrate().await.unwrap();
    let node = Node { name: "n".into(), token_lifetime: Lifetime::minutes(5), now: NOW };
    Store::start(db, &node).unwrap()
}

pub(crate) fn sealer() -> Arc<Sealer> {
    Arc::new(Sealer::new(&Secret::new([7; 32]), Epoch::default()).unwrap())
}

pub(crate) fn site() -> Site {
    Site::new(SiteSettings {
        name: "Laissez-Passer".to_owned(),
        id: "broker.example".to_owned(),
        origin: "https://broker.example".parse().unwrap(),
        related_origins: Vec::new(),
    })
    .unwrap()
}

/// A node over `store` and `shelf`, which it may share with others.
pub(crate) fn broker(store: &Store, shelf: &Arc<Shelf>, sealer: &Arc<Sealer>) -> Broker {
    let policy = Policy { allow_loopback: true, ..Policy::default() };
    Broker::new(Parts {
        transactions: Drawer::new(shelf.clone(), sealer.clone(), Kind::Transaction),
        sessions: Drawer::new(shelf.clone(), sealer.clone(), Kind::Session),
        logouts: Drawer::new(shelf.clone(), sealer.clone(), Kind::Logout),
        known: store.sessions.clone(),
        fetcher: Fetcher::new(policy).unwrap(),
        journal: store.journal.clone(),
        accounts: store.accounts.clone(),
        revocations: store.revocations.clone(),
        subjects: SubjectKey::new(&[7; 32]),
        factors: store.factors.clone(),
        passes: store.access_passes.clone(),
        devices: store.devices.clone(),
        ceremonies: Drawer::new(shelf.clone(), sealer.clone(), Kind::Ceremony),
        sealer: sealer.clone(),
        letters: true,
        throttle: Arc::new(Throttle::new(shelf.clone(), sealer.clone())),
        site: site(),
        models: Arc::default(),
        settings: Limits {
            idle: Lifetime::hours(1),
            absolute: Lifetime::hours(12),
            factor: Lifetime::hours(12),
        },
        end_suspicious: false,
    })
}

/// A browser without any cookie.
pub(crate) fn visit(now: Timestamp) -> Visit {
    Visit {
        now,
        address: ADDRESS,
        browser: "Firefox".to_owned(),
        lang: Lang::En,
        session: None,
        device: None,
        reference: Reference::draw().unwrap(),
    }
}
