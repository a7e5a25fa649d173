//! Several nodes on one database and one Redis, and what happens when some of that goes away.

mod endings;
mod failover;
mod nodes;
mod switches;

use idp_tests::harness::database::Database;
use idp_tests::harness::redis::Redis;
use idp_tests::harness::server::Plan;

use crate::house::House;

/// Two nodes on PostgreSQL and a Redis of their own; none where a tool is missing.
async fn two_nodes(name: &str, redis: Option<Redis>) -> Option<House> {
    let (redis, database) = (redis?, Database::postgres().await?);
    Some(House::open(Plan::new(name).on(database).with_redis(redis).nodes(2)).await)
}
