//! How the broker, which speaks no protocol, tells participants in theirs.

use std::sync::Weak;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_broker::{Envoy, Letter, Telling};
use idp_domain::{
    RelyingParty, Timestamp,
    logout::{Notice, Way},
    relying_party::Protocol,
};
use idp_oidc::op::logout_token::{self, Ended};

use crate::{App, app::Inner, saml};

/// An envoy that speaks for `app` while it lives.
pub(crate) fn envoy(app: Weak<Inner>) -> Envoy {
    let again = app.clone();
    Envoy {
        farewell: Box::new(move |issuance| match issuance.ticket.protocol {
            // Session and person have names that can be computed again.
            Protocol::Oidc | Protocol::Own => None,
            Protocol::Saml => saml::farewell::remember(&App::from(again.upgrade()?), issuance),
        }),
        tell: Box::new(move |notice, now| {
            app.upgrade().map_or(Telling::Mute, |inner| tell(&App::from(inner), notice, now))
        }),
    }
}

fn tell(app: &App, notice: &Notice, now: Timestamp) -> Telling {
    let catalog = app.broker.catalog();
    let Some(party) = catalog.relying_party(&notice.relying_party) else { return Telling::Mute };
    match party.protocol {
        Protocol::Oidc => by_openid(app, party, notice, now),
        Protocol::Saml => saml::farewell::tell(app, notice, now),
        Protocol::Own => Telling::Mute,
    }
}

fn by_openid(app: &App, party: &RelyingParty, notice: &Notice, now: Timestamp) -> Telling {
    let registry = app.registry.load();
    let Some(client) = registry.clients.get(&notice.relying_party) else { return Telling::Mute };
    if client.backchannel_logout_uri.is_none() {
        let has_frame = client.frontchannel_logout_uri.is_some();
        return if has_frame { Telling::Browser(Way::Frame) } else { Telling::Mute };
    }
    let published = app.keys.load();
    let (Ok(random), Some(key)) =
        (idp_broker::random::<16>(), published.keys.signer(client.id_token_alg))
    else {
        tracing::error!(client.id = %client.id, "no logout token can be made");
        return Telling::Mute;
    };
    let ended = Ended {
        session: &notice.session,
        subject: &app.broker.subject(party, &notice.account),
        jti: &URL_SAFE_NO_PAD.encode(random),
        now,
    };
    match logout_token::letter(client, &app.issuer, &ended, key) {
        Ok(Some(letter)) => Telling::Letter(Letter {
            url: letter.url,
            content_type: "application/x-www-form-urlencoded",
            header: None,
            body: letter.body.into_bytes(),
            confirm: Box::new(|reply| {
                if logout_token::is_confirmed(reply.status) { Ok(()) } else { Err("refused") }
            }),
            otherwise: client.frontchannel_logout_uri.is_some().then_some(Way::Frame),
        }),
        Ok(None) => Telling::Mute,
        Err(error) => {
            tracing::error!(client.id = %client.id, %error, "a logout token cannot be signed");
            Telling::Mute
        }
    }
}
