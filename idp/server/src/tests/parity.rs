//! The API is described as it is: every route, and no other.

use std::collections::BTreeSet;

use http::header;

use super::{House, schema::DESCRIPTION};

#[test]
fn the_description_has_every_route_and_no_other() {
    let rows = include_str!("../../../web/src/app.rs").lines().map(str::trim);
    let rows = rows.filter_map(|line| line.strip_prefix(".route(\"/api/v1/"));
    let mut routes = BTreeSet::new();
    for row in rows.filter(|row| !row.starts_with('{')) {
        let (path, handlers) = row.split_once('"').unwrap();
        for method in ["get", "post"] {
            if handlers.contains(&format!("{method}(")) {
                routes.insert(format!("{method} /api/v1/{path}"));
            }
        }
    }
    let paths = DESCRIPTION["paths"].as_object().unwrap();
    let described = paths.iter().flat_map(|(path, operations)| {
        operations.as_object().unwrap().keys().map(move |method| format!("{method} {path}"))
    });
    assert_eq!(routes, described.collect());
    assert!(routes.len() > 10, "{routes:?}");
}

#[tokio::test]
async fn the_description_is_there_for_everybody() {
    let house = House::open().await;
    let answer = house.get("", "/api/openapi.json").await;
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json");
    assert_eq!(answer.body, *DESCRIPTION);
}
