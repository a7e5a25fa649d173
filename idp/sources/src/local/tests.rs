//! Tests of the connector and of its gate, with a real database and a real shelf in memory.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use idp_domain::assurance::{Assurance, PASSWORD};
use idp_domain::{Amr, AttributeName, AttributeSet, Lang, Lifetime, Secret, Timestamp};
use idp_factors::password::{HashCost, Hasher, HasherSettings, PasswordHash, PasswordPolicy};
use idp_store::credentials::{LocalAccount, NewLocalAccount};
use idp_store::seal::Epoch;
use idp_store::store::Node;
use idp_store::throttle::Allowance;
use idp_store::{Act, Db, Outcome, Sealer, Shelf, Store, Throttle, Unit};

use super::*;

mod guesses;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const RIGHT: &str = "seven blue llamas waltz";
const HOME: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
const ELSEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 7));

/// Two nodes with one database and one shelf, and the account of eve.
struct Bench {
    store: Store,
    shelf: Arc<Shelf>,
    sealer: Arc<Sealer>,
    hasher: Hasher,
    limits: GateLimits,
}

fn cheap() -> HashCost {
    HashCost::new(64, 1, 1).unwrap()
}

fn hasher(cost: HashCost, max_wait: Duration) -> Hasher {
    Hasher::start(HasherSettings { cost, threads: 1, max_wait }).unwrap()
}

fn source() -> SourceId {
    "partners".parse().unwrap()
}

impl Bench {
    async fn new() -> Self {
        let db = Db::connect("sqlite::memory:").unwrap();
        db.migrate().await.unwrap();
        let node = Node { name: "test".to_owned(), token_lifetime: Lifetime::minutes(5), now: NOW };
        let bench = Self {
            store: Store::start(db, &node).unwrap(),
            shelf: Arc::new(Shelf::memory(100_000)),
            sealer: Arc::new(Sealer::new(&Secret::new([7; 32]), Epoch::default()).unwrap()),
            hasher: hasher(cheap(), Duration::from_mins(1)),
            limits: GateLimits::default(),
        };
        bench.put("eve", Some(RIGHT), false).await;
        bench
    }

    fn gate(&self) -> Gate {
        let throttle = Throttle::new(self.shelf.clone(), self.sealer.clone());
        Gate::new(
            self.store.local_accounts.clone(),
            self.store.journal.clone(),
            Arc::new(throttle),
            self.hasher.clone(),
            self.limits,
        )
    }

    fn connector(&self) -> LocalConnector {
        let issuer = "https://broker.example".to_owned();
        LocalConnector::new(
            source(),
            "partner-agency".parse().unwrap(),
            issuer,
            Arc::new(self.gate()),
        )
    }

    async fn put(&self, username: &str, password: Option<&str>, disabled: bool) {
        let mut hash = None;
        if let Some(password) = password {
            let typed = Password::typed(password.to_owned());
            let admitted = PasswordPolicy::default().admit(typed, &[]).unwrap();
            hash = Some(self.hasher.hash(admitted).await.unwrap().to_phc());
        }
        self.put_hash(username, hash, disabled).await;
    }

    async fn put_hash(&self, username: &str, password_hash: Option<String>, disabled: bool) {
        let mut attributes = AttributeSet::default();
        attributes
            .add(AttributeName::parse("mail").unwrap(), format!("{username}@partner.example"));
        let account = NewLocalAccount {
            source: source(),
            username: username.to_owned(),
            subject: SourceSubject::parse(&format!("subject-of-{username}")).unwrap(),
            password_hash,
            disabled,
            attributes,
            replaces: 0,
            now: NOW,
        };
        let unit = Unit::new(Act::PutLocalAccount(account), Vec::new());
        assert_eq!(self.store.journal.commit(unit).await.unwrap(), Outcome::Done);
    }

    async fn stored(&self, username: &str) -> LocalAccount {
        self.store.local_accounts.find(&source(), username).await.unwrap().unwrap()
    }
}

fn posted_form(fields: &[(&str, &str)], address: IpAddr) -> Inbound {
    Inbound {
        query: Vec::new(),
        form: fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        certificate: None,
        address,
        now: NOW,
    }
}

async fn answer(
    connector: &LocalConnector,
    username: &str,
    password: &str,
    address: IpAddr,
) -> Progress {
    let reply = posted_form(&[("username", username), ("password", password)], address);
    connector.resume(Kept::new(String::new()), reply).await.unwrap()
}

/// What the form says of the last attempt; nothing for any other answer.
fn problem(progress: &Progress) -> Option<FormProblem> {
    match progress {
        Progress::Again(Outbound::Form(Form::Password { problem, .. }), _) => *problem,
        _ => None,
    }
}

async fn attempt(gate: &Gate, username: &str, password: &str, address: IpAddr) -> Attempt {
    let source = source();
    let password = Password::typed(password.to_owned());
    gate.attempt(Try { source: &source, username, password, address, now: NOW }).await.unwrap()
}

fn ask() -> Ask {
    Ask {
        relying_party: "portal".parse().unwrap(),
        correlator: "c".to_owned(),
        force: false,
        passive: false,
        max_age: None,
        acr: Vec::new(),
        login_hint: None,
        lang: Lang::En,
        address: HOME,
        now: NOW,
    }
}

#[tokio::test]
async fn the_right_password_proves_the_account_and_what_the_source_says_of_it() {
    let bench = Bench::new().await;
    let Progress::Proven { event, .. } = answer(&bench.connector(), " Eve ", RIGHT, HOME).await
    else {
        panic!("the password is right");
    };
    assert_eq!(event.identity.source, source());
    assert_eq!(event.identity.issuer, "https://broker.example");
    assert_eq!(event.identity.subject.as_str(), "subject-of-eve");
    let mail = AttributeName::parse("mail").unwrap();
    assert_eq!(event.identity.attributes.single(&mail), Some("eve@partner.example"));
    assert_eq!(event.agency.as_str(), "partner-agency");
    assert_eq!((event.authenticated_at, event.received_at), (Some(NOW), NOW));
    assert_eq!(event.acr, Some(PASSWORD.parse().unwrap()));
    assert_eq!(event.amr, [Amr::new("pwd").unwrap()]);
    assert_eq!(event.assurance, Assurance::Aal1);
}

#[tokio::test]
async fn a_login_begins_with_an_empty_form_or_with_the_likely_name() {
    let connector = Bench::new().await.connector();
    for (hint, username) in [
        (None, ""),
        (Some(" Eve@Partner.Example "), "Eve@Partner.Example"),
        (Some("eve\0"), ""),
        (Some("   "), ""),
    ] {
        let ask = Ask { login_hint: hint.map(str::to_owned), ..ask() };
        let Begun::Go(outbound, _) = connector.begin(&ask).await.unwrap() else { panic!() };
        assert_eq!(outbound, form(None, username.to_owned()), "{hint:?}");
    }
}

#[tokio::test]
async fn whoever_may_be_asked_nothing_is_refused() {
    let ask = Ask { passive: true, ..ask() };
    let begun = Bench::new().await.connector().begin(&ask).await.unwrap();
    let Begun::Refused(refusal) = begun else { panic!("a person would be needed") };
    assert_eq!(refusal, Refusal::InteractionNeeded(Need::Login));
}

#[tokio::test]
async fn a_form_without_both_fields_once_is_asked_again_and_counts_for_nothing() {
    let mut bench = Bench::new().await;
    bench.limits.address = Allowance::requests(1, Duration::from_mins(1));
    let connector = bench.connector();
    for fields in [
        &[][..],
        &[("username", "eve")],
        &[("password", RIGHT)],
        &[("username", "eve"), ("password", RIGHT), ("password", RIGHT)],
        &[("username", "eve"), ("username", "mallory"), ("password", RIGHT)],
    ] {
        let reply = posted_form(fields, HOME);
        let progress = connector.resume(Kept::new(String::new()), reply).await.unwrap();
        let Progress::Again(outbound, _) = progress else { panic!("{fields:?}") };
        assert_eq!(outbound, form(None, String::new()), "{fields:?}");
    }
    assert!(matches!(answer(&connector, "eve", RIGHT, HOME).await, Progress::Proven { .. }));
}

#[tokio::test]
async fn pwd_08_every_wrong_attempt_gets_the_same_answer() {
    let bench = Bench::new().await;
    bench.put("unset", None, false).await;
    bench.put("off", Some(RIGHT), true).await;
    bench.put_hash("corrupt", Some("$2y$10$not-ours".to_owned()), false).await;
    let connector = bench.connector();
    let oversized = "x".repeat(1_025);
    let huge = "x".repeat(1_000_000);
    for (username, password) in [
        ("eve", "wrong"),
        ("eve", ""),
        ("eve", "seven blue llamas waltz "),
        ("eve", &oversized),
        ("eve", &huge),
        ("eve", "seven blue llamas waltz\0"),
        ("nobody", RIGHT),
        ("nobody", &oversized),
        ("unset", ""),
        ("off", "wrong"),
        ("corrupt", RIGHT),
    ] {
        let Progress::Again(outbound, kept) = answer(&connector, username, password, HOME).await
        else {
            panic!("{username}");
        };
        let expected = form(Some(FormProblem::WrongCredentials), username.to_owned());
        assert_eq!(outbound, expected, "{username}");
        assert_eq!(kept.as_str(), "");
    }
    for no_name in ["", "eve\0", &"x".repeat(2_000)] {
        let answer = answer(&connector, no_name, RIGHT, HOME).await;
        assert_eq!(problem(&answer), Some(FormProblem::WrongCredentials));
    }
}

#[tokio::test]
async fn pwd_09_every_attempt_needs_the_hasher_and_is_told_when_it_is_busy() {
    let mut bench = Bench::new().await;
    bench.put("unset", None, false).await;
    bench.put("off", Some(RIGHT), true).await;
    // No wait is short enough, so every job that reaches the hasher is shed.
    bench.hasher = hasher(cheap(), Duration::ZERO);
    let connector = bench.connector();
    let oversized = "x".repeat(1_025);
    for (username, password) in [
        ("eve", RIGHT),
        ("eve", "wrong"),
        ("eve", &oversized),
        ("nobody", RIGHT),
        ("unset", RIGHT),
        ("off", RIGHT),
        ("", RIGHT),
    ] {
        let Some(FormProblem::Busy { retry_after }) =
            problem(&answer(&connector, username, password, HOME).await)
        else {
            panic!("{username} was answered without the work of a hash");
        };
        assert!(retry_after >= Lifetime::seconds(1));
    }
}

#[tokio::test]
async fn a_disabled_account_is_named_so_only_to_who_knows_its_password() {
    let bench = Bench::new().await;
    bench.put("off", Some(RIGHT), true).await;
    let connector = bench.connector();
    let Progress::Refused(refusal) = answer(&connector, "off", RIGHT, HOME).await else { panic!() };
    assert_eq!(refusal, Refusal::AccountDisabled);
}

#[tokio::test]
async fn a_hash_of_another_cost_is_renewed_by_the_right_password_alone() {
    let mut bench = Bench::new().await;
    let dearer = HashCost::new(128, 1, 1).unwrap();
    bench.hasher = hasher(dearer, Duration::from_mins(1));
    let connector = bench.connector();
    let before = bench.stored("eve").await;
    answer(&connector, "eve", "wrong", HOME).await;
    assert!(bench.stored("eve").await == before);

    assert!(matches!(answer(&connector, "eve", RIGHT, HOME).await, Progress::Proven { .. }));
    let renewed = bench.stored("eve").await;
    let hash = PasswordHash::parse(renewed.password_hash.as_deref().unwrap()).unwrap();
    assert_eq!(hash.cost(), dearer);

    assert!(matches!(answer(&connector, "eve", RIGHT, HOME).await, Progress::Proven { .. }));
    assert!(bench.stored("eve").await == renewed, "there is nothing left to renew");
}

#[tokio::test]
async fn accounts_of_one_source_are_unknown_at_another() {
    let bench = Bench::new().await;
    let gate = bench.gate();
    let other = "others".parse().unwrap();
    let password = Password::typed(RIGHT.to_owned());
    let tried = Try { source: &other, username: "eve", password, address: HOME, now: NOW };
    assert!(matches!(gate.attempt(tried).await, Ok(Attempt::Wrong)));
}

#[tokio::test]
async fn a_database_that_is_away_is_our_fault_and_not_a_wrong_password() {
    let bench = Bench::new().await;
    let connector = bench.connector();
    bench.store.close().await;
    let reply = posted_form(&[("username", "eve"), ("password", RIGHT)], HOME);
    assert!(connector.resume(Kept::new(String::new()), reply).await.is_err());
}

#[tokio::test]
async fn whoever_needs_no_password_is_known_by_the_lasting_name_alone() {
    let bench = Bench::new().await;
    let connector = bench.connector();
    let eve = bench.stored("eve").await;
    let event = connector.recall(&eve.subject, NOW).await.unwrap().unwrap();
    assert_eq!(event.identity.subject, eve.subject);
    assert_eq!(event.identity.attributes, eve.attributes);
    assert_eq!((event.assurance, event.acr, event.amr), (Assurance::Aal1, None, Vec::new()));
    let nobody = SourceSubject::parse("nobody").unwrap();
    assert!(connector.recall(&nobody, NOW).await.unwrap().is_none());
}

#[tokio::test]
async fn wan_15_a_disabled_account_is_known_to_nobody() {
    let bench = Bench::new().await;
    bench.put("mallory", None, true).await;
    let mallory = bench.stored("mallory").await;
    assert!(bench.connector().recall(&mallory.subject, NOW).await.unwrap().is_none());
}
