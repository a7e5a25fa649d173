//! Drawers: what comes back, what counts as absent, and what the shelf never shows.

use expect_test::expect_file;
use idp_domain::Secret;

use super::*;
use crate::seal::Epoch;

const LONG: Duration = Duration::from_mins(1);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Thing {
    name: String,
    count: u32,
}

fn thing(count: u32) -> Thing {
    Thing { name: "thing".to_owned(), count }
}

fn sealer(epoch: u16) -> Arc<Sealer> {
    Arc::new(Sealer::new(&Secret::new([42; 32]), Epoch(epoch)).unwrap())
}

fn drawer<T>(shelf: &Arc<Shelf>, kind: Kind) -> Drawer<T> {
    Drawer::new(Arc::clone(shelf), sealer(7), kind)
}

fn shelf() -> Arc<Shelf> {
    Arc::new(Shelf::memory(1_000))
}

/// What lies under a handle, as it lies there.
async fn raw(shelf: &Shelf, drawer: &Drawer<Thing>, handle: &str) -> Vec<u8> {
    let Answer::Found(Some(bytes)) = shelf.send(drawer.finding(handle)).await.unwrap() else {
        panic!("nothing lies there");
    };
    bytes
}

/// Lays bytes under a handle as somebody would who has the shelf and no key.
async fn lay(shelf: &Shelf, drawer: &Drawer<Thing>, handle: &str, value: Vec<u8>) {
    let key = drawer.key(handle);
    let act = Act::Put { key, value, ttl: LONG, when: When::Always };
    shelf.send(Verb(act)).await.unwrap();
}

#[tokio::test]
async fn a_value_comes_back_as_it_was() {
    let shelf = shelf();
    let things = drawer(&shelf, Kind::Transaction);
    assert_eq!(things.find("h").await.unwrap(), None);
    things.put("h", &thing(1), LONG).await.unwrap();
    assert_eq!(things.find("h").await.unwrap().unwrap().value, thing(1));
    assert_eq!(things.find_and_touch("h", LONG).await.unwrap().unwrap().value, thing(1));
    assert_eq!(things.take("h").await.unwrap(), Some(thing(1)));
    assert_eq!(things.take("h").await.unwrap(), None);
}

#[tokio::test]
async fn what_was_removed_is_not_saved_again() {
    let shelf = shelf();
    let things = drawer(&shelf, Kind::BrowserBinding);
    assert!(!things.put_existing("h", &thing(1), LONG).await.unwrap());
    assert!(things.put_new("h", &thing(1), LONG).await.unwrap());
    assert!(!things.put_new("h", &thing(2), LONG).await.unwrap());
    assert!(things.put_existing("h", &thing(3), LONG).await.unwrap());
    assert!(things.remove("h").await.unwrap());
    assert!(!things.remove("h").await.unwrap());
    assert!(!things.put_existing("h", &thing(4), LONG).await.unwrap());
    assert_eq!(things.find("h").await.unwrap(), None);
}

#[tokio::test]
async fn a_swap_sees_even_an_equal_value_written_in_between() {
    let shelf = shelf();
    let things = drawer(&shelf, Kind::Session);
    things.put("h", &thing(1), LONG).await.unwrap();
    let seen = things.find("h").await.unwrap().unwrap();
    things.put("h", &thing(1), LONG).await.unwrap();
    let swap = things.swap("h", &seen.version, &thing(2), LONG).await.unwrap();
    assert_eq!(swap, Swap::Conflict);
    let seen = things.find("h").await.unwrap().unwrap();
    let swap = things.swap("h", &seen.version, &thing(2), LONG).await.unwrap();
    assert_eq!(swap, Swap::Done);
    let swap = things.swap("h", &seen.version, &thing(3), LONG).await.unwrap();
    assert_eq!(swap, Swap::Conflict);
    things.remove("h").await.unwrap();
    let swap = things.swap("h", &seen.version, &thing(3), LONG).await.unwrap();
    assert_eq!(swap, Swap::Absent);
}

#[tokio::test]
async fn a_claim_is_given_once() {
    let marks: Drawer<()> = drawer(&shelf(), Kind::ReplayMark);
    assert!(marks.claim("jti", LONG).await.unwrap());
    assert!(!marks.claim("jti", LONG).await.unwrap());
    assert!(marks.claim("other", LONG).await.unwrap());
}

#[tokio::test]
async fn several_drawers_share_a_round_trip() {
    let shelf = shelf();
    let (codes, sessions) = (drawer(&shelf, Kind::Code), drawer(&shelf, Kind::Session));
    sessions.put("s", &thing(1), LONG).await.unwrap();
    let seen = sessions.find("s").await.unwrap().unwrap();
    let answers = shelf
        .send_all(vec![
            codes.putting("c", &thing(9), LONG).unwrap(),
            sessions.swapping("s", &seen.version, &thing(2), LONG).unwrap(),
            codes.taking("nothing"),
        ])
        .await
        .unwrap();
    let [placed, swapped, taken] = &answers[..] else { panic!("{answers:?}") };
    assert_eq!((placed, swapped), (&Answer::Placed(true), &Answer::Swapped(Swap::Done)));
    assert_eq!(codes.read("nothing", taken.clone()), None::<Held<Thing>>);
    assert_eq!(sessions.find("s").await.unwrap().unwrap().value, thing(2));
    assert_eq!(codes.take("c").await.unwrap(), Some(thing(9)));
}

#[tokio::test]
async fn the_same_handle_in_two_drawers_is_two_things() {
    let shelf = shelf();
    let (codes, sessions) = (drawer(&shelf, Kind::Code), drawer(&shelf, Kind::Session));
    codes.put("h", &thing(1), LONG).await.unwrap();
    assert_eq!(sessions.find("h").await.unwrap(), None::<Held<Thing>>);
}

#[tokio::test]
async fn the_shelf_shows_neither_handle_nor_value() {
    let shelf = shelf();
    let things = drawer(&shelf, Kind::Session);
    things.put("thing", &thing(1), LONG).await.unwrap();
    let lies = String::from_utf8_lossy(&raw(&shelf, &things, "thing").await).into_owned();
    assert!(!lies.contains("thing"), "{lies}");
    assert!(!format!("{:?}", things.finding("thing")).contains("thing"));
}

#[tokio::test]
async fn a_moved_or_altered_value_counts_as_absent() {
    let shelf = shelf();
    let things = drawer(&shelf, Kind::Session);
    things.put("mallory", &thing(1), LONG).await.unwrap();
    let stolen = raw(&shelf, &things, "mallory").await;
    lay(&shelf, &things, "alice", stolen.clone()).await;
    assert_eq!(things.find("alice").await.unwrap(), None);
    for poison in [Vec::new(), b"x".to_vec(), vec![1; 100_000], stolen[..stolen.len() - 1].to_vec()]
    {
        lay(&shelf, &things, "mallory", poison).await;
        assert_eq!(things.find("mallory").await.unwrap(), None);
    }
}

#[tokio::test]
async fn an_envelope_of_a_newer_version_counts_as_absent_and_of_an_older_one_is_read() {
    let shelf = shelf();
    let things = drawer(&shelf, Kind::Session);
    let cases = [
        (r#"{"v":2,"d":{"name":"thing","count":1}}"#, None),
        (r#"{"v":2,"d":["another","shape"],"x":0}"#, None),
        (r#"{"v":1,"d":["another","shape"]}"#, None),
        (r#"{"d":{"name":"thing","count":1}}"#, None),
        ("", None),
        (r#"{"v":1,"d":{"name":"thing","count":1}}"#, Some(thing(1))),
        (r#"{"v":0,"d":{"name":"thing","count":1}}"#, Some(thing(1))),
    ];
    for (json, expected) in cases {
        let key = things.key("h");
        let sealed = sealer(7).seal_value(Kind::Session, key.digest(), json.as_bytes()).unwrap();
        lay(&shelf, &things, "h", sealed).await;
        let found = things.find("h").await.unwrap().map(|held| held.value);
        assert_eq!(found, expected, "{json}");
    }
}

#[tokio::test]
async fn two_advances_void_the_shelf() {
    let (shelf, sealer) = (shelf(), sealer(7));
    let things = Drawer::new(Arc::clone(&shelf), Arc::clone(&sealer), Kind::Session);
    things.put("h", &thing(1), LONG).await.unwrap();
    sealer.advance(Epoch(8)).unwrap();
    assert!(things.find("h").await.unwrap().is_some());
    sealer.advance(Epoch(9)).unwrap();
    assert_eq!(things.find("h").await.unwrap(), None);
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_it_is_sent() {
    let texts: Drawer<String> = drawer(&shelf(), Kind::Session);
    let error = texts.put("h", &"x".repeat(Kind::Session.largest()), LONG).await.unwrap_err();
    assert!(
        matches!(error, ShelfError::TooLarge { kind: Kind::Session, bytes } if bytes > Kind::Session.largest())
    );
}

#[tokio::test]
async fn a_shelf_that_is_away_is_no_absent_value() {
    let shelf = Arc::new(Shelf::failing_after(1));
    let things = drawer(&shelf, Kind::Session);
    things.put("h", &thing(1), LONG).await.unwrap();
    assert!(matches!(things.find("h").await, Err(ShelfError::Away { .. })));
    assert!(matches!(things.claim("h", LONG).await, Err(ShelfError::Away { .. })));
    let sent = shelf.send_all(vec![things.taking("h")]).await;
    assert!(matches!(sent, Err(ShelfError::Away { .. })));
}

#[test]
fn the_envelope_keeps_its_format() {
    let things = drawer::<Thing>(&shelf(), Kind::Session);
    let Verb(Act::Put { key, mut value, .. }) = things.putting("h", &thing(1), LONG).unwrap()
    else {
        panic!("not a put");
    };
    let opened = sealer(7).open_value(Kind::Session, key.digest(), &mut value).unwrap().to_vec();
    let format =
        format!("key    {:02x?}\nopened {}\n", key.digest(), String::from_utf8(opened).unwrap());
    expect_file!["golden/envelope.txt"].assert_eq(&format);
}
