//! The token endpoint: codes, refresh tokens and a client's own credentials become tokens.

use axum::{body::Bytes, extract::State, response::Response};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::{
    AuditEvent, Fault, GrantId, Lifetime, RelyingPartyId, SourceId, Timestamp, audit::AuditKind,
};
use idp_oidc::{
    error::Rule,
    op::{
        self, Client, Grant, Handle, Params,
        client_credentials::InOwnName,
        code::{self, Redemption},
        opaque::OpaqueKind,
        refresh::{self, Refreshing},
        token::{Answered, Mint, TokenRequest},
    },
};
use idp_store::{
    grants::NewGrant,
    journal::{Act, Hash, NewRefreshToken, OpenGrant, Outcome, RevokeGrant, Rotate, Unit},
    revocations::RevokedKind,
};

use super::back::{Caller, No, form, json};
use crate::App;

/// How long a person's consent to offline access lasts at most, used or not.
const OFFLINE: Lifetime = Lifetime::hours(24 * 365);

/// `POST /oidc/token`
pub(crate) async fn token(State(app): State<App>, caller: Caller, body: Bytes) -> Response {
    let answer = exchange(&app, &caller, &body).await;
    app.answer(&caller, "token", answer).await
}

async fn exchange(app: &App, caller: &Caller, body: &Bytes) -> Result<Response, No> {
    let params = form(caller, body)?;
    let client = app.authenticate(caller, &params).await?;
    let broken = |rule| No::Broken(rule, Some(client.id.clone()));
    let exchange = Exchange { app, caller, client: &client };
    let answered = match TokenRequest::read(&params, &client).map_err(broken)? {
        TokenRequest::Code(redemption) => exchange.code(&redemption).await,
        TokenRequest::Refresh(refreshing) => exchange.refresh(&refreshing, &params).await,
        TokenRequest::ClientCredentials(own) => exchange.own(&own).await,
    };
    Ok(json(answered?.body))
}

/// One exchange by a client that has proven itself.
struct Exchange<'a> {
    app: &'a App,
    caller: &'a Caller,
    client: &'a Client,
}

impl Exchange<'_> {
    fn broken(&self, rule: &'static Rule) -> No {
        No::Broken(rule, Some(self.client.id.clone()))
    }

    fn about(&self, kind: AuditKind) -> AuditEvent {
        AuditEvent {
            relying_party: Some(self.client.id.clone()),
            address: Some(self.caller.address),
            ..AuditEvent::new(kind, self.caller.now)
        }
    }

    fn issued(&self, grant: &Grant, how: &'static str) -> AuditEvent {
        AuditEvent {
            account: Some(grant.account.clone()),
            session: Some(grant.session.clone()),
            grant: Some(grant.id.clone()),
            ..self.about(AuditKind::TokenIssued).because_of(how)
        }
    }

    /// Tokens for a code.
    async fn code(&self, redemption: &Redemption<'_>) -> Result<Answered, No> {
        let app = self.app;
        let unknown = || self.broken(code::unknown());
        let handle = Handle::of(OpaqueKind::Code, redemption.code).ok_or_else(unknown)?;
        let code_hash = hash(&handle)?;
        let taken = app.codes.take(handle.as_str()).await;
        let taken = taken.map_err(|error| Fault::new("taking a code", error))?;
        let Some(record) = taken else {
            self.revoke_reused(&code_hash).await?;
            return Err(unknown());
        };
        let redeemed = record.redeem(redemption, self.client, self.caller.now);
        let redeemed = redeemed.map_err(|rule| self.broken(rule))?;
        let grant = redeemed.grant;
        self.stands(&grant, code::unknown())?;
        let ended = app.broker.revoked_at(RevokedKind::Session, grant.session.as_str())?;
        if ended.is_some() {
            return Err(unknown());
        }
        let due = refresh::is_due(self.client, &grant.scopes);
        let refresh = due
            .then(|| {
                let bits = idp_broker::random()?;
                Ok::<_, Fault>(refresh::issue(self.client, bits, self.caller.now))
            })
            .transpose()?;
        let life = if due { OFFLINE } else { self.client.access_token_lifetime };
        let new = NewGrant {
            id: grant.id.clone(),
            relying_party: grant.client.clone(),
            account: grant.account.clone(),
            session: Some(grant.session.clone()),
            bound: !due,
            created_at: self.caller.now,
            expires_at: self.caller.now + life,
            body: serde_json::to_string(&grant)
                .map_err(|error| Fault::new("writing a grant", error))?,
        };
        let successor = refresh.as_ref().map(|(opaque, expires_at)| {
            hash(&opaque.handle).map(|hash| NewRefreshToken { hash, expires_at: *expires_at })
        });
        let open = OpenGrant { grant: new, code_hash, refresh: successor.transpose()? };
        let issued = self.issued(&grant, "code");
        let reused = self.about(AuditKind::GrantRevoked).because_of("code_reused");
        let unit = Unit::telling(Act::OpenGrant(open), move |outcome| match outcome {
            Outcome::Done => vec![issued.clone()],
            Outcome::CodeUsed { grant } => vec![alarmed(&reused, grant)],
            _ => Vec::new(),
        });
        if app.broker.commit("opening a grant", unit).await? != Outcome::Done {
            return Err(unknown());
        }
        let refresh = refresh.as_ref().map(|(opaque, _)| opaque);
        let nonce = redeemed.nonce.as_deref();
        self.mint(|mint, bits| {
            let (scopes, resources) = (&grant.scopes, &grant.resources);
            mint.about_person(self.client, &grant, scopes, resources, nonce, refresh, bits)
        })
    }

    /// A code that came before: whatever it opened is closed, for one of the two who had it is a
    /// thief (RFC 6749 §4.1.2).
    async fn revoke_reused(&self, code_hash: &Hash) -> Result<(), No> {
        let found = self.app.store.grants.find_by_code(code_hash).await;
        let found = found.map_err(|error| Fault::new("finding a used code", error))?;
        let Some(grant) = found else { return Ok(()) };
        let event = self.about(AuditKind::GrantRevoked).because_of("code_reused");
        let event = alarmed(&event, &grant.id);
        let act = Act::RevokeGrant(RevokeGrant { grant: grant.id, now: self.caller.now });
        self.app.broker.commit("revoking a grant", Unit::new(act, vec![event])).await?;
        Ok(())
    }

    /// Tokens for a refresh token, and its successor.
    async fn refresh(
        &self,
        refreshing: &Refreshing<'_>,
        params: &Params<'_>,
    ) -> Result<Answered, No> {
        let app = self.app;
        let unknown = || self.broken(refresh::unknown());
        let handle = Handle::of(OpaqueKind::RefreshToken, refreshing.token).ok_or_else(unknown)?;
        let old_hash = hash(&handle)?;
        if params.find("scope").is_some() || params.find("resource").is_some() {
            // A wish that cannot be granted must not cost the client its token.
            let found = app.store.grants.find_by_refresh_token(&old_hash).await;
            let found = found.map_err(|error| Fault::new("finding a refresh token", error))?;
            if let Some(found) = found {
                refreshing
                    .admit(&read(&found.grant.body)?, self.client)
                    .map_err(|rule| self.broken(rule))?;
            }
        }
        let bits = idp_broker::random()?;
        let (opaque, expires_at) = refresh::issue(self.client, bits, self.caller.now);
        let rotate = Rotate {
            old_hash,
            successor: NewRefreshToken { hash: hash(&opaque.handle)?, expires_at },
            relying_party: self.client.id.clone(),
            now: self.caller.now,
        };
        let issued = self.about(AuditKind::TokenIssued).because_of("refresh");
        let reused = self.about(AuditKind::GrantRevoked).because_of("refresh_reused");
        let judge = app.clone();
        let unit = Unit::telling(Act::Rotate(rotate), move |outcome| match outcome {
            // What does not stand any more is exchanged for nothing.
            Outcome::Rotated(row) if judge.row_stands(&row.body) => vec![AuditEvent {
                account: Some(row.account.clone()),
                session: row.session.clone(),
                grant: Some(row.id.clone()),
                ..issued.clone()
            }],
            Outcome::Reused { grant } => vec![alarmed(&reused, grant)],
            _ => Vec::new(),
        });
        let Outcome::Rotated(row) = app.broker.commit("rotating a refresh token", unit).await?
        else {
            return Err(unknown());
        };
        let grant = read(&row.body)?;
        self.stands(&grant, refresh::unknown())?;
        let admitted = refreshing.admit(&grant, self.client);
        let (scopes, resources) = admitted.map_err(|rule| self.broken(rule))?;
        self.mint(|mint, bits| {
            mint.about_person(self.client, &grant, &scopes, &resources, None, Some(&opaque), bits)
        })
    }

    /// A token for the client itself.
    async fn own(&self, own: &InOwnName<'_>) -> Result<Answered, No> {
        let admitted = own.admit(self.client, &self.app.issuer);
        let (scopes, resources) = admitted.map_err(|rule| self.broken(rule))?;
        let answered =
            self.mint(|mint, bits| mint.about_nobody(self.client, &scopes, &resources, bits))?;
        let event = self.about(AuditKind::TokenIssued).because_of("client_credentials");
        self.app.broker.record(vec![event.with("jti", answered.jti.as_str())]).await?;
        Ok(answered)
    }

    fn mint(
        &self,
        make: impl FnOnce(&Mint<'_>, [u8; 16]) -> Result<Answered, op::token::TokenFault>,
    ) -> Result<Answered, No> {
        let published = self.app.keys.load();
        let mint = Mint { issuer: &self.app.issuer, keys: &published.keys, now: self.caller.now };
        let bits = idp_broker::random()?;
        Ok(make(&mint, bits).map_err(|error| Fault::new("making tokens", error))?)
    }

    /// Whether what the grant rests on still stands.
    fn stands(&self, grant: &Grant, rule: &'static Rule) -> Result<(), No> {
        if self.app.grant_stands(grant)? { Ok(()) } else { Err(self.broken(rule)) }
    }
}

impl App {
    /// Whether the grant stands, and all that it rests on: the session that it was opened in, the
    /// person's account, agency and source, and the client. Nothing of it was revoked or is out of
    /// use.
    pub(super) fn grant_stands(&self, grant: &Grant) -> Result<bool, Fault> {
        let broker = &self.broker;
        // A grant that one node opened while another ended its session was not there to be
        // revoked with it.
        if !grant.scopes.has_offline_access()
            && broker.revoked_at(RevokedKind::Session, grant.session.as_str())?.is_some()
        {
            return Ok(false);
        }
        let source = grant.source.as_ref().map(SourceId::as_str).unwrap_or_default();
        for (kind, key) in [
            (RevokedKind::Account, grant.account.as_str()),
            (RevokedKind::Agency, grant.agency.as_str()),
            (RevokedKind::Source, source),
        ] {
            if broker.revoked_at(kind, key)?.is_some_and(|at| grant.created_at <= at) {
                return Ok(false);
            }
        }
        let catalog = broker.catalog();
        let open = |source| catalog.source(source).is_some_and(idp_broker::Registered::is_open);
        Ok(broker.revoked_at(RevokedKind::Grant, grant.id.as_str())?.is_none()
            && catalog.agency(&grant.agency).is_some_and(|agency| agency.enabled)
            && grant.source.as_ref().is_none_or(open)
            && self.client_stands(&grant.client, grant.created_at)?)
    }

    /// [`App::grant_stands`] of the grant in a row; not when that cannot be told.
    fn row_stands(&self, body: &str) -> bool {
        read(body).and_then(|grant| self.grant_stands(&grant)).unwrap_or(false)
    }

    /// Whether a client is in use, and what it got at `since` was not revoked with all it had.
    pub(super) fn client_stands(
        &self,
        client: &RelyingPartyId,
        since: Timestamp,
    ) -> Result<bool, Fault> {
        let revoked = self.broker.revoked_at(RevokedKind::RelyingParty, client.as_str())?;
        let catalog = self.broker.catalog();
        let enabled = catalog.relying_party(client).is_some_and(|party| party.enabled);
        Ok(enabled && revoked.is_none_or(|at| since > at))
    }

    /// The grant of that name, as long as it stands: from the shelf, else from the database.
    pub(super) async fn grant(&self, id: &GrantId, now: Timestamp) -> Result<Option<Grant>, Fault> {
        if self.broker.revoked_at(RevokedKind::Grant, id.as_str())?.is_some() {
            return Ok(None);
        }
        // The shelf is only a cache here: when it is away, the database answers.
        let cached = self.grants.find(id.as_str()).await.ok().flatten();
        let grant = if let Some(held) = cached {
            held.value
        } else {
            let found = self.store.grants.find(id).await;
            let found = found.map_err(|error| Fault::new("finding a grant", error))?;
            let Some(row) = found.filter(|row| row.is_live(now)) else { return Ok(None) };
            let grant = read(&row.body)?;
            let _ = self.grants.put(id.as_str(), &grant, self.grants.default_ttl()).await;
            grant
        };
        Ok(self.grant_stands(&grant)?.then_some(grant))
    }
}

/// The hash that the database knows of an opaque value.
pub(super) fn hash(handle: &Handle) -> Result<Hash, Fault> {
    let bytes = URL_SAFE_NO_PAD.decode(handle.as_str()).ok();
    let hash = bytes.and_then(|bytes| Hash::try_from(bytes).ok());
    hash.ok_or_else(|| Fault::broken("reading a handle of our own"))
}

/// The grant in a row's body.
pub(super) fn read(body: &str) -> Result<Grant, Fault> {
    serde_json::from_str(body).map_err(|error| Fault::new("reading a grant", error))
}

fn alarmed(event: &AuditEvent, grant: &GrantId) -> AuditEvent {
    AuditEvent { alert: true, grant: Some(grant.clone()), ..event.clone() }
}

/// Revokes a grant because its relying party asks for it.
pub(super) async fn give_back(
    app: &App,
    caller: &Caller,
    client: &RelyingPartyId,
    grant: GrantId,
) -> Result<(), Fault> {
    let event = AuditEvent {
        relying_party: Some(client.clone()),
        grant: Some(grant.clone()),
        address: Some(caller.address),
        ..AuditEvent::new(AuditKind::GrantRevoked, caller.now)
    };
    let act = Act::RevokeGrant(RevokeGrant { grant, now: caller.now });
    let unit = Unit::new(act, vec![event.because_of("revoked_by_client")]);
    app.broker.commit("revoking a grant", unit).await.map(drop)
}
