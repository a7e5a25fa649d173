//! The receipt: what services were told about somebody, as a file of a form that stays.
//!
//! Its fields bear the names of those of a consent receipt (Kantara Consent Receipt 1.1, ISO/IEC
//! 29184); `docs/self-service.md` describes them. It holds names of attributes, and no values.

use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderValue, header};
use idp_broker::Catalog;
use idp_domain::{
    Lang, RelyingParty,
    relying_party::{ACCOUNT, Consent},
};
use idp_store::sessions::{Listed, Told};
use serde::Serialize;

use super::{
    lists,
    owner::{Owner, subject},
    releases::DAYS,
};
use crate::{App, page::context::account::When};

/// The form of the file; another form has another name.
const FORM: &str = "urn:laissez-passer:release-receipt:1";

/// The attribute that every service is told: a code that stands for the person.
const SUBJECT: &str = "sub";

/// The whole file.
#[derive(Serialize)]
struct Receipt {
    version: &'static str,
    #[serde(rename = "receiptTimestamp")]
    at: i64,
    language: &'static str,
    #[serde(rename = "piiPrincipalId")]
    principal: String,
    issuer: String,
    #[serde(rename = "keptDays")]
    days: u32,
    complete: bool,
    receipts: Vec<Release>,
}

/// What one service was told in one session.
#[derive(Serialize)]
struct Release {
    #[serde(rename = "consentReceiptID")]
    id: String,
    #[serde(rename = "consentTimestamp")]
    at: i64,
    #[serde(rename = "consentTime")]
    time: String,
    #[serde(rename = "collectionMethod")]
    method: &'static str,
    #[serde(rename = "piiControllers")]
    controllers: Vec<Controller>,
    services: [ServiceTold; 1],
}

/// Who answers for the attributes: the agency that they come from.
#[derive(Serialize)]
struct Controller {
    #[serde(rename = "piiController")]
    name: String,
    id: String,
}

#[derive(Serialize)]
struct ServiceTold {
    service: String,
    id: String,
    purposes: [Purpose; 1],
}

#[derive(Serialize)]
struct Purpose {
    #[serde(rename = "purpose")]
    what: &'static str,
    #[serde(rename = "consentType")]
    consent: &'static str,
    #[serde(rename = "piiCategory")]
    categories: Vec<String>,
    #[serde(rename = "primaryPurpose")]
    primary: bool,
    #[serde(rename = "thirdPartyDisclosure")]
    disclosed: bool,
    #[serde(rename = "thirdPartyName", skip_serializing_if = "Option::is_none")]
    third_party: Option<String>,
}

/// `GET /account/releases.json`
pub(crate) async fn download(State(app): State<App>, owner: Owner) -> Response {
    let visit = &owner.browser.visit;
    let newest = match lists::told(&app, &owner).await {
        Ok(newest) => newest,
        Err(fault) => return app.faulted(&fault, visit),
    };
    let receipt = Receipt {
        version: FORM,
        at: visit.now.seconds(),
        language: visit.lang.tag(),
        principal: subject(&app, &owner.live)
            .map_or_else(String::new, |subject| subject.as_str().to_owned()),
        issuer: app.issuer.as_str().to_owned(),
        days: DAYS,
        complete: newest.cut.is_none(),
        receipts: releases(&newest.items, &app.broker.catalog(), visit.lang),
    };
    let named = HeaderValue::from_static("attachment; filename=\"release-receipt.json\"");
    let no_store = HeaderValue::from_static("no-store");
    let headers = [(header::CONTENT_DISPOSITION, named), (header::CACHE_CONTROL, no_store)];
    (headers, axum::Json(receipt)).into_response()
}

fn releases(sessions: &[Listed], catalog: &Catalog, lang: Lang) -> Vec<Release> {
    let told = sessions.iter().flat_map(|session| {
        let services = session.services.iter();
        let others = services.filter(|service| service.relying_party.as_str() != ACCOUNT);
        others.map(move |service| (session, service))
    });
    told.map(|(session, service)| release(session, service, catalog, lang)).collect()
}

fn release(session: &Listed, service: &Told, catalog: &Catalog, lang: Lang) -> Release {
    let party = catalog.relying_party(&service.relying_party);
    let agency = |id| catalog.agency(id)?.names.text(lang).map(str::to_owned);
    let controller = session.agency.as_ref().map(|id| Controller {
        name: agency(id).unwrap_or_else(|| id.to_string()),
        id: id.to_string(),
    });
    let names = service.released.iter().map(|name| name.as_str().to_owned());
    let id = service.relying_party.as_str();
    Release {
        id: receipt_id(session, service),
        at: service.since.seconds(),
        time: When::new(service.since, service.since).iso,
        method: "sign-in",
        controllers: controller.into_iter().collect(),
        services: [ServiceTold {
            service: party.and_then(|party| party.names.text(lang)).unwrap_or(id).to_owned(),
            id: id.to_owned(),
            purposes: [Purpose {
                what: "sign-in",
                consent: party.map_or("unknown", |party| consent(party)),
                categories: std::iter::once(SUBJECT.to_owned()).chain(names).collect(),
                primary: true,
                disclosed: true,
                third_party: party.and_then(|party| agency(&party.agency)),
            }],
        }],
    }
}

/// Whether the person was asked, or the agencies agreed among themselves.
fn consent(party: &RelyingParty) -> &'static str {
    match party.consent {
        Consent::Ask => "explicit",
        Consent::Agreed => "agreement",
    }
}

/// The same for the same release each time that the file is made.
fn receipt_id(session: &Listed, service: &Told) -> String {
    let text = format!("release\0{}\0{}", session.id, service.relying_party);
    let hash = digest(&SHA256, text.as_bytes());
    URL_SAFE_NO_PAD.encode(hash.as_ref().get(..16).unwrap_or_default())
}
