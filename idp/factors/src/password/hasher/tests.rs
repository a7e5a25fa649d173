//! Tests of making and comparing hashes, at a cost that keeps them fast.

use super::super::quality::PasswordPolicy;
use super::*;

fn cheap() -> HashCost {
    HashCost::new(64, 1, 1).unwrap()
}

fn hasher(cost: HashCost) -> Hasher {
    Hasher::start(HasherSettings { cost, threads: 1, max_wait: Duration::from_mins(1) }).unwrap()
}

fn typed(text: &str) -> Password {
    Password::typed(text.to_owned())
}

async fn stored(hasher: &Hasher, text: &str) -> PasswordHash {
    let admitted = PasswordPolicy::default().admit(typed(text), &[]).unwrap();
    hasher.hash(admitted).await.unwrap()
}

const GOOD: &str = "seven blue llamas waltz";

#[tokio::test]
async fn the_password_matches_and_another_does_not() {
    let hasher = hasher(cheap());
    let hash = stored(&hasher, GOOD).await;
    let same = hasher.verify(typed(GOOD), hash.clone()).await.unwrap();
    assert_eq!(same, Verdict::Match { renewed: None });
    let other = hasher.verify(typed("seven blue llamas walts"), hash).await.unwrap();
    assert_eq!(other, Verdict::Mismatch);
}

#[tokio::test]
async fn two_hashes_of_one_password_share_neither_salt_nor_output() {
    let hasher = hasher(cheap());
    let (one, other) = (stored(&hasher, GOOD).await, stored(&hasher, GOOD).await);
    assert_ne!(one.salt(), other.salt());
    assert_ne!(one.output(), other.output());
}

#[tokio::test]
async fn a_hash_from_elsewhere_with_another_output_length_matches_and_is_renewed() {
    // Made with the Python binding of the reference implementation: m=64, t=1, p=1, 16 bytes.
    let foreign = include_str!("foreign.phc").trim();
    let hasher = hasher(HashCost::new(128, 1, 1).unwrap());
    let hash = PasswordHash::parse(foreign).unwrap();
    let verdict = hasher.verify(typed("correct horse battery staple"), hash).await.unwrap();
    let Verdict::Match { renewed: Some(renewed) } = verdict else { panic!("{verdict:?}") };
    assert_eq!(renewed.cost(), HashCost::new(128, 1, 1).unwrap());
    let again = hasher.verify(typed("correct horse battery staple"), renewed).await.unwrap();
    assert_eq!(again, Verdict::Match { renewed: None });
}

#[tokio::test]
async fn a_wrong_password_never_renews_a_hash() {
    let hash = stored(&hasher(cheap()), GOOD).await;
    let dearer = hasher(HashCost::new(128, 1, 1).unwrap());
    assert_eq!(dearer.verify(typed("wrong"), hash).await, Ok(Verdict::Mismatch));
}

#[tokio::test]
async fn pwd_08_every_byte_counts_up_to_the_limit() {
    let hasher = hasher(cheap());
    let long = "llama ".repeat(10) + "1234";
    assert_eq!(long.len(), 64);
    for (password, near) in [
        (long.clone(), long.replace("1234", "1235")),
        (format!("{long}5"), long.clone()),
        ("x1y2z3w4 ".repeat(113) + "end", "x1y2z3w4 ".repeat(113) + "enD"),
        ("before the NUL\0after it".to_owned(), "before the NUL".to_owned()),
        ("before the NUL\0after it".to_owned(), "before the NUL\0After it".to_owned()),
        ("a llama \u{1f999} in a meadow".to_owned(), "a llama \u{1f998} in a meadow".to_owned()),
    ] {
        let hash = stored(&hasher, &password).await;
        let same = hasher.verify(typed(&password), hash.clone()).await.unwrap();
        assert_eq!(same, Verdict::Match { renewed: None }, "{password:?}");
        let other = hasher.verify(typed(&near), hash).await.unwrap();
        assert_eq!(other, Verdict::Mismatch, "{near:?}");
    }
}

#[tokio::test]
async fn pwd_08_an_oversized_password_fails_as_any_wrong_one_does() {
    let hasher = hasher(cheap());
    // Even against the hash of the empty text, which is what is hashed in its place.
    let hash = hasher
        .pool
        .run(|bench| create(bench, cheap(), &Password::typed(String::new())))
        .await
        .unwrap();
    assert!(matches!(
        hasher.verify(typed(""), hash.clone()).await,
        Ok(Verdict::Match { renewed: None })
    ));
    for length in [1_025, 100_000, 1_000_000] {
        let long = typed(&"x".repeat(length));
        assert_eq!(hasher.verify(long.clone(), hash.clone()).await, Ok(Verdict::Mismatch));
        assert_eq!(hasher.verify_absent(long).await, Ok(()));
    }
}

#[tokio::test]
async fn an_unknown_account_costs_a_hash_at_the_present_cost() {
    let stand_in = stand_in(HashCost::OWASP).unwrap();
    assert_eq!(stand_in.cost(), HashCost::OWASP);
    assert_eq!(stand_in.salt().len(), NEW_SALT);
    assert_eq!(stand_in.output().len(), NEW_OUTPUT);
    assert_eq!(hasher(cheap()).verify_absent(typed(GOOD)).await, Ok(()));
}

#[tokio::test]
async fn pwd_09_of_many_at_once_each_is_hashed_or_told_to_come_back() {
    let settings =
        HasherSettings { cost: cheap(), threads: 1, max_wait: Duration::from_micros(200) };
    let hasher = Hasher::start(settings).unwrap();
    let attempts: Vec<_> = (0..200)
        .map(|_| {
            let hasher = hasher.clone();
            tokio::spawn(async move { hasher.verify_absent(typed(GOOD)).await })
        })
        .collect();
    let (mut done, mut shed) = (0, 0);
    for attempt in attempts {
        match attempt.await.unwrap() {
            Ok(()) => done += 1,
            Err(HashError::Busy { retry_after }) => {
                assert!(retry_after >= Duration::from_secs(1));
                shed += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(done + shed, 200);
    assert!(shed > 0, "a queue of 200 cannot be worked off in 200 microseconds");
}

#[test]
fn pwd_09_there_are_never_more_threads_than_cores_nor_none() {
    let settings = HasherSettings::default();
    assert!(settings.threads >= 1);
    assert!(settings.threads <= cores());
    assert_eq!(settings.cost, HashCost::OWASP);
    assert_eq!(settings.max_wait, Duration::from_secs(2));
}
