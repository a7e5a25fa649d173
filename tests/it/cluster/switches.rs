//! The kill switch on the wire: thrown by the API of one node, it holds on the other within a
//! second, on every way in that there is.

use std::time::Duration;

use idp_tests::harness::ceremony::Ceremony;
use idp_tests::harness::database::Database;
use idp_tests::harness::http::{Visitor, client};
use idp_tests::harness::page::Page;
use idp_tests::harness::process::until;
use idp_tests::harness::redis::Redis;
use idp_tests::harness::rp::{Party, Tokens, now};
use idp_tests::harness::run;
use idp_tests::harness::server::Plan;
use idp_tests::peers::authenticator::SoftAuthenticator;
use idp_tests::peers::saml::forge::{Agency, Asked, AuthnRequest, confirmation};
use idp_tests::peers::saml::message::Message;
use idp_tests::peers::saml::xmlsec;
use serde_json::{Value, json};

use crate::attacks::lgo::bench::Ear;
use crate::factor::scene::{LOCALS, Scene, somebody};
use crate::house::{SECRET, hands_over, redirect_uri};

/// Where the switch is thrown, and where it is looked at.
const HERE: usize = 0;
const THERE: usize = 1;
/// How soon it holds everywhere.
const SOON: Duration = Duration::from_secs(1);
/// The relying party that is told of logouts.
const EAR: &str = "rp-heard";
/// The source, the agency, and a relying party by SAML, of somebody who comes by herself.
const UNASKED: &str = "agu";

/// What comes of a way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Works,
    Over,
}
use Fate::{Over, Works};

/// A way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// An authorization request in a browser that has a session.
    Session,
    /// The page for the password, and the password.
    Password,
    /// A passkey alone.
    Passkey,
    /// The pages of self-service in a browser that has a session.
    Account,
    /// A refresh token.
    Refresh,
    /// What an access token tells of the person.
    Userinfo,
    /// What the relying party is told of an access token.
    Introspection,
    /// A relying party in its own name.
    Credentials,
    /// A SAML request in a browser that has a session.
    Saml,
    /// What a SAML agency says without being asked.
    Unsolicited,
    /// Somebody of another agency at another relying party: whatever is switched off, they are not.
    Neighbour,
}

/// What comes of each way when this is switched off: a source, an agency, a relying party, an
/// account. Where a switch has nothing to do with a way, it goes on as before.
const TABLE: [(Way, [Fate; 4]); 11] = [
    //                   source, agency, relying party, account
    (Way::Session, [Over, Over, Over, Over]),
    (Way::Password, [Over, Over, Over, Over]),
    (Way::Passkey, [Over, Over, Over, Over]),
    // Our own pages are no relying party that is switched off.
    (Way::Account, [Over, Over, Works, Over]),
    (Way::Refresh, [Over, Over, Over, Over]),
    (Way::Userinfo, [Over, Over, Over, Over]),
    (Way::Introspection, [Over, Over, Over, Over]),
    // Nobody signs in there: it speaks for itself.
    (Way::Credentials, [Works, Works, Over, Works]),
    (Way::Saml, [Over, Over, Over, Over]),
    // Who comes by herself comes to the broker, and goes nowhere else.
    (Way::Unsolicited, [Over, Over, Works, Over]),
    (Way::Neighbour, [Works, Works, Works, Works]),
];

/// The federation, and who listens in it.
struct Stage {
    scene: Scene,
    ear: Ear,
    agency: Agency,
    /// A token of the administration API.
    token: String,
    key: SoftAuthenticator,
}

/// Somebody who is signed in, and all that was given out for it.
struct Life {
    visitor: Visitor,
    party: Party,
    tokens: Tokens,
}

async fn stage() -> Option<Stage> {
    if !xmlsec::available() {
        return None;
    }
    let (database, redis) = (Database::postgres().await?, Redis::start().await?);
    let plan = Plan::new("cluster-switches").on(database).with_redis(redis).nodes(2);
    let (ear, agency) = (Ear::default(), Agency::named(UNASKED)?);
    let at_ear = ear.listen(true).await;
    let metadata = agency.metadata();
    let scene = Scene::open(plan, |federation| {
        let more = json!({"connection": {"idp_initiated": true}});
        let heard = json!({"connection": {
            "backchannel_logout_uri": at_ear,
            "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
        }});
        federation
            .agency(UNASKED, "Agency agu", "agu.example", json!({}))
            .saml_source(UNASKED, UNASKED, &metadata, more)
            .party(EAR, SECRET, &redirect_uri(EAR), heard)
    })
    .await?;
    let create = ["token", "create", "--name", "soc", "--role", "soc", "--json"];
    let created: Value =
        serde_json::from_str(&scene.house.broker.idp(&create).await.ok().out).expect("a token");
    let token = created["token"].as_str().expect("a token").to_owned();
    let key = scene.drawer.draw(json!({})).await;
    let stage = Stage { scene, ear, agency, token, key };
    // Kim's passkey, and the account of whoever comes by herself.
    let mut visitor = somebody();
    let party = stage.scene.party("rp-mfa").await;
    let page = visitor.open(party.begin(&[("idp_hint", "people")]).url).await;
    let page = visitor.sign_in(&page, LOCALS[0].username, LOCALS[0].password).await;
    let page = visitor.choose(&page, "Passkey").await;
    let ceremony = Ceremony::begin(&mut visitor, &page).await;
    let answer = ceremony.answer(&stage.scene.drawer, stage.key, json!({})).await;
    ceremony.finish(&mut visitor, &answer).await;
    assert_eq!(stage.unsolicited().await, Works);
    Some(stage)
}

impl Stage {
    /// Signs kim in with a password, at the relying party that listens.
    async fn live(&self) -> Life {
        let mut visitor = somebody();
        let party = self.scene.party(EAR).await;
        let wanted = [("idp_hint", "people"), ("scope", "openid email offline_access")];
        let begun = party.begin(&wanted);
        let page = visitor.open(&begun.url).await;
        let page = visitor.sign_in(&page, LOCALS[0].username, LOCALS[0].password).await;
        let tokens = party.finish(&begun, &page).await;
        Life { visitor, party, tokens }
    }

    /// What comes of a way in, in this life.
    async fn fate(&self, way: Way, life: &mut Life) -> Fate {
        let works = match way {
            Way::Session => {
                let silent = life.party.begin(&[("prompt", "none")]);
                is_told(&life.visitor.open(&silent.url).await)
            }
            Way::Password => self.password(EAR, "people", 0).await,
            Way::Neighbour => {
                // By another source, and by what it gives them: a whole login.
                let login = self.scene.login("rp2", "plain", "neighbour").await;
                is_told(login.page())
            }
            Way::Passkey => self.passkey().await,
            Way::Account => {
                let account = format!("{}/account", self.scene.house.broker.base);
                let page = life.visitor.open(account).await;
                page.status == 200 && page.url.path() == "/account"
            }
            Way::Refresh => {
                let answer = life.party.refresh(life.tokens.refresh()).await;
                if answer.status == 200 {
                    life.tokens = life.party.read_tokens(answer, None).await;
                    return Works;
                }
                assert!(answer.status < 500, "{}", answer.body);
                false
            }
            Way::Userinfo => life.party.userinfo(life.tokens.access()).await.status == 200,
            Way::Introspection => {
                let answer = life.party.introspect(life.tokens.access()).await;
                assert!([200, 401].contains(&answer.status), "{}", answer.body);
                answer.json["active"] == true
            }
            Way::Credentials => {
                let answer = life.party.token(&[("grant_type", "client_credentials")]).await;
                assert!(answer.status < 500, "{}", answer.body);
                answer.status == 200
            }
            Way::Saml => self.saml(&mut life.visitor).await,
            Way::Unsolicited => return self.unsolicited().await,
        };
        if works { Works } else { Over }
    }

    async fn password(&self, party: &str, source: &str, person: usize) -> bool {
        let (mut visitor, party) = (somebody(), self.scene.party(party).await);
        let page = visitor.open(party.begin(&[("idp_hint", source)]).url).await;
        if page.arrived() || page.forms().iter().all(|form| form.value("password").is_none()) {
            return false;
        }
        let person = LOCALS[person];
        is_told(&visitor.sign_in(&page, person.username, person.password).await)
    }

    async fn passkey(&self) -> bool {
        let (mut visitor, party) = (somebody(), self.scene.party(EAR).await);
        let page = visitor.open(party.begin(&[("idp_hint", "people")]).url).await;
        if !page.body.contains("data-passkey") {
            return false;
        }
        let ceremony = Ceremony::begin(&mut visitor, &page).await;
        let answer = ceremony.answer(&self.scene.drawer, self.key, json!({})).await;
        is_told(&ceremony.finish(&mut visitor, &answer).await)
    }

    /// Whether a service provider is told who is there, without anybody being asked anything.
    async fn saml(&self, visitor: &mut Visitor) -> bool {
        let provider = &self.scene.providers["sp"];
        let sso = format!("{}/saml/sso", self.scene.house.broker.base);
        let request = AuthnRequest::honest(&provider.entity_id, &sso).with("IsPassive", "true");
        let mut page = visitor.open(request.query(None).at(&sso)).await;
        if let Some(form) = page.forms().into_iter().find(hands_over) {
            page = visitor.submit(&page, form.enter()).await;
        }
        page.arrived() && Message::of(&page).has("Assertion")
    }

    /// Whether the agency of SAML signs somebody in who was not asked for.
    async fn unsolicited(&self) -> Fate {
        let base = &self.scene.house.broker.base;
        let asked = Asked {
            id: String::new(),
            acs: format!("{base}/sources/{UNASKED}/acs"),
            audience: format!("{base}/saml/sp/metadata"),
            relay_state: None,
            message: Message { xml: String::new(), relay_state: None },
        };
        let mut response = self.agency.response(&asked, "alice");
        response.in_response_to = None;
        response.assertion.confirmations = confirmation(None, &asked.acs, 300);
        let form = Agency::form(&asked, response.signed(self.agency.keys));
        let mut visitor = somebody();
        let page = visitor.post(&asked.acs, &form).await;
        assert!(!page.arrived() && page.status != 500, "{}", page.describe());
        let party = self.scene.party("rp2").await;
        let silent = party.begin(&[("prompt", "none")]);
        if is_told(&visitor.open(&silent.url).await) { Works } else { Over }
    }

    /// Throws switches by the API of one node.
    async fn throw(&self, to: &str, kind: &str, ids: &[String]) {
        let node = self.scene.house.broker.nodes[HERE].base();
        for id in ids {
            let wish = json!({"kind": kind, "id": id, "reason": "INC-7"});
            let request = client().post(format!("{node}/api/v1/switches/{to}"));
            let answer = request.bearer_auth(&self.token).json(&wish).send().await.expect("node");
            assert_eq!(answer.status(), 200, "{kind} {id}");
            let told: Value = answer.json().await.expect("JSON");
            assert_eq!(told["changed"], true, "{kind} {id}: {told}");
        }
    }

    /// The lines of the trail about switches of this kind.
    async fn switched(&self, event: &str, kind: &str, id: &str) -> usize {
        let trail = self.scene.house.broker.database.trail().await;
        let told = |row: &&Value| {
            row["kind"] == event
                && row["reason"] == kind
                && row[kind] == id
                && row["alert"] == true
                && row["detail"]["why"] == "INC-7"
        };
        trail.values().filter(told).count()
    }
}

/// Whether a relying party was told who is there.
fn is_told(page: &Page) -> bool {
    assert!(page.arrived() || page.status != 500, "{}", page.describe());
    page.arrived() && page.answer("code").is_some()
}

#[test]
fn what_is_switched_off_at_one_node_is_off_at_the_other_on_every_way_in() {
    run(async {
        let Some(stage) = stage().await else { return };
        let kim = ["factors", "show", "--source", "people", "--username", "kim", "--json"];
        let kim = stage.scene.house.broker.idp(&kim).await.ok();
        let kim: Value = serde_json::from_str(&kim.out).expect("kim");
        let sql = "select account from links where source = 'agu'";
        let alice = stage.scene.house.broker.database.texts(sql).await;
        let alice = alice[0][0].as_deref().expect("an account");
        let texts = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let kim = kim["account"].as_str().expect("an account");
        let kinds = [
            ("source", texts(&["people", UNASKED])),
            ("agency", texts(&["own", UNASKED])),
            ("relying_party", texts(&[EAR, "sp"])),
            ("account", texts(&[kim, alice])),
        ];
        for (column, (kind, ids)) in kinds.iter().enumerate() {
            // Signed in at one node, and seen at the other.
            stage.scene.house.broker.lead_to(HERE);
            let mut life = stage.live().await;
            stage.scene.house.broker.lead_to(THERE);
            for (way, _) in TABLE {
                assert_eq!(stage.fate(way, &mut life).await, Works, "{way:?} before {kind}");
            }
            let heard = stage.ear.heard().len();
            stage.throw("off", kind, &ids[..]).await;
            let off = now();
            let access = life.tokens.access().to_owned();
            until(&format!("the {kind} to be off"), SOON, async || {
                (life.party.userinfo(&access).await.status == 401).then_some(())
            })
            .await;
            for (way, fates) in TABLE {
                let fate = stage.fate(way, &mut life).await;
                assert_eq!(fate, fates[column], "{way:?} without {kind} {ids:?}");
            }
            if *kind != "relying_party" {
                let posted = stage.ear.hears_more_than(heard).await;
                assert!(!posted.token().is_empty());
            }
            for id in ids {
                assert_eq!(stage.switched("switched.off", kind, id).await, 1, "{kind} {id}");
            }
            stage.throw("on", kind, ids).await;
            // What begins in the second of the switch is ended with what was there before.
            until("the second of the switch to be over", 2 * SOON, async || {
                (now() > off).then_some(())
            })
            .await;
            // New logins work, and what ended stays ended.
            for node in [HERE, THERE] {
                stage.scene.house.broker.lead_to(node);
                until(&format!("the {kind} to be back at {node}"), SOON, async || {
                    stage.password(EAR, "people", 0).await.then_some(())
                })
                .await;
            }
            for way in [Way::Refresh, Way::Userinfo, Way::Introspection] {
                assert_eq!(stage.fate(way, &mut life).await, Over, "{way:?} after {kind}");
            }
            let session = if *kind == "relying_party" { Works } else { Over };
            assert_eq!(stage.fate(Way::Session, &mut life).await, session, "after {kind}");
            for id in ids {
                assert_eq!(stage.switched("switched.on", kind, id).await, 1, "{kind} {id}");
            }
        }
    });
}
