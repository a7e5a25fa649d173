//! Three nodes of one broker: whatever counts once counts once, at the same time and through a
//! failover of Redis.

use std::time::{Duration, Instant};

use idp_tests::harness::database::Database;
use idp_tests::harness::page::Form;
use idp_tests::harness::redis::Redis;
use idp_tests::harness::run;
use idp_tests::harness::server::Plan;
use idp_tests::harness::totp::App;
use idp_tests::peers::authenticator::SoftAuthenticator;
use serde_json::json;

use super::login::Login;
use super::scene::Scene;

const NODES: usize = 3;
const TIMES: usize = 100;
/// How often something is shown while Redis fails over: more would be a guess too many, for what
/// could not be looked at counts as wrong.
const FEW: usize = 4;
/// How long it may stay open whether something has counted, once Redis is back.
const PATIENCE: Duration = Duration::from_secs(90);

/// Something that counts once, and the logins in which it is shown.
struct Contest<'a> {
    /// What the trail calls it when it has counted.
    kind: &'static str,
    person: String,
    step: &'static str,
    fields: Vec<(String, String)>,
    logins: Vec<Login<'a>>,
    anew: Anew,
}

/// What its owner shows when it has come to nothing.
enum Anew {
    /// The same.
    Same,
    /// The code of the next half minute.
    Code(App),
    /// The answer to another ceremony: whoever took one up and could not go on has used it up.
    Ceremony(SoftAuthenticator),
}

fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Four logins of somebody, which wait for a factor at as many browsers.
async fn four<'a>(scene: &'a Scene, agency: &str, person: &str) -> Vec<Login<'a>> {
    let mut logins = vec![];
    for _ in 0..4 {
        let login = scene.login("rp-mfa", agency, person).await;
        assert!(login.step().starts_with("prove"), "{}", login.page().describe());
        logins.push(login);
    }
    logins
}

/// A code of an app, a recovery code, an access pass, and a ceremony, each of another person.
async fn contests<'a>(scene: &'a Scene, round: &str) -> [Contest<'a>; 4] {
    let person = |what: &str| format!("{what}-{round}");
    let mut login = scene.login("rp-mfa", "plain", &person("ceremony")).await;
    let device = login.new_passkey().await;
    login.keep_codes().await;
    let mut login = scene.login("rp-mfa", "plain", &person("ceremony")).await;
    let ceremony = login.ceremony().await;
    let answer = ceremony.answer(&scene.drawer, device, json!({})).await.to_string();
    let ceremony = Contest {
        kind: "factor.proven",
        person: person("ceremony"),
        step: "/factor/passkey/finish",
        fields: fields(&[("ceremony", &ceremony.name), ("answer", &answer)]),
        logins: vec![login],
        anew: Anew::Ceremony(device),
    };
    let mut login = scene.login("rp-mfa", "plain", &person("recovery")).await;
    login.new_app().await;
    let codes = login.keep_codes().await;
    let recovery = Contest {
        kind: "factor.proven",
        person: person("recovery"),
        step: "/factor/code",
        fields: fields(&[("recovery", &codes[0])]),
        logins: four(scene, "plain", &person("recovery")).await,
        anew: Anew::Same,
    };
    let logins = four(scene, "desk", &person("pass")).await;
    let pass = scene.issues_pass("ann", "desk", &person("pass")).await;
    let pass = Contest {
        kind: "access_pass.used",
        person: person("pass"),
        step: "/factor/pass",
        fields: fields(&[("pass", pass["pass"].as_str().expect("a pass"))]),
        logins,
        anew: Anew::Same,
    };
    // Last, for it is good for half a minute.
    let mut login = scene.login("rp-mfa", "plain", &person("app")).await;
    let app = login.new_app().await;
    login.keep_codes().await;
    let code = Contest {
        kind: "factor.proven",
        person: person("app"),
        step: "/factor/code",
        fields: fields(&[("code", &app.next_code())]),
        logins: four(scene, "plain", &person("app")).await,
        anew: Anew::Code(app),
    };
    [code, recovery, pass, ceremony]
}

impl Contest<'_> {
    /// Shows it so many times at the same time, to one node after the other; how many got on to
    /// the relying party.
    async fn run(&self, scene: &Scene, times: usize) -> usize {
        let shown = (0..times).map(|time| {
            let login = &self.logins[time % self.logins.len()];
            let node = scene.house.broker.nodes[time % NODES].base();
            let to = login.address(self.step).replace(&scene.house.broker.base, &node);
            let (mut visitor, mut page) = (login.visitor.clone(), login.page().clone());
            page.url = to.parse().expect("an address");
            let form = Form {
                action: page.url.clone(),
                method: "POST".to_owned(),
                fields: self.fields.clone(),
                inputs: vec![],
                buttons: vec![],
            };
            tokio::spawn(async move { visitor.submit(&page, form).await.arrived() })
        });
        let mut arrived = 0;
        for one in shown.collect::<Vec<_>>() {
            arrived += usize::from(one.await.expect("an answer"));
        }
        arrived
    }

    /// Shows it once more and again, as its owner would, until it has counted; how many got on.
    async fn decide(&mut self, scene: &Scene) -> usize {
        let (began, mut arrived) = (Instant::now(), 0);
        while self.counted(scene).await == 0 {
            assert!(began.elapsed() < PATIENCE, "{} stays open", self.person);
            match &self.anew {
                Anew::Same => {}
                Anew::Code(app) => self.fields = fields(&[("code", &app.next_code())]),
                Anew::Ceremony(device) => {
                    let login = &mut self.logins[0];
                    let ceremony = login.ceremony().await;
                    let answer = ceremony.answer(&scene.drawer, *device, json!({})).await;
                    let answer = answer.to_string();
                    self.fields = fields(&[("ceremony", &ceremony.name), ("answer", &answer)]);
                }
            }
            arrived += self.run(scene, 1).await;
            // A guess that nobody could look at was one: the next may have to wait.
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        arrived
    }

    /// How often it has counted, by the trail.
    async fn counted(&self, scene: &Scene) -> usize {
        let account = scene.account(&self.person).await;
        let trail = scene.house.broker.database.trail().await;
        let of_it = trail.values().filter(|row| row["kind"] == self.kind);
        of_it.filter(|row| row["account"] == account).count()
    }
}

#[test]
fn mfa_05_what_counts_once_counts_once_on_three_nodes_and_through_a_failover() {
    run(async {
        let Some(database) = Database::postgres().await else { return };
        let Some(redis) = Redis::start_with_sentinel().await else { return };
        let plan = Plan::new("factors-cluster").on(database).with_redis(redis).nodes(NODES);
        let Some(scene) = Scene::open(plan, |federation| federation).await else { return };
        let before = contests(&scene, "before").await;
        for contest in &before {
            let arrived = contest.run(&scene, TIMES).await;
            assert_eq!(contest.counted(&scene).await, 1, "{}", contest.person);
            assert_eq!(arrived, usize::from(contest.step != "/factor/pass"), "{}", contest.person);
        }
        let mut through = contests(&scene, "through").await;
        let redis = scene.house.broker.redis.as_ref().expect("Redis");
        let [code, recovery, pass, ceremony] = &through;
        let ((), a, b, c, d) = tokio::join!(
            redis.fail_over(),
            code.run(&scene, FEW),
            recovery.run(&scene, FEW),
            pass.run(&scene, FEW),
            ceremony.run(&scene, FEW),
        );
        for node in &scene.house.broker.nodes {
            node.ready().await;
        }
        // It is over: whatever has not counted counts now, and once.
        for (contest, arrived) in through.iter_mut().zip([a, b, c, d]) {
            let arrived = arrived + contest.decide(&scene).await;
            assert!(arrived <= 1, "{}: {arrived}", contest.person);
        }
        // What has counted counts no more.
        for contest in before.iter().chain(&through) {
            assert_eq!(contest.run(&scene, NODES).await, 0, "{}", contest.person);
            assert_eq!(contest.counted(&scene).await, 1, "{}", contest.person);
        }
    });
}
