//! Asking sentinels who the master is. All are asked at once, and the answer of the latest
//! configuration epoch counts, so one that was cut off cannot lead us to an old master.

use std::collections::HashMap;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, ConnectionInfo, ErrorKind, RedisResult, ServerErrorKind, cmd};
use tokio::task::JoinSet;

use super::place::{RedisPlace, Sentinels, described};

/// How long one sentinel may take to answer.
const PATIENCE: Duration = Duration::from_millis(500);

/// The sentinels, with a connection kept to each that answered.
pub(super) struct Watch {
    sentinels: Sentinels,
    connections: Vec<Option<MultiplexedConnection>>,
    /// Where the master was when last asked.
    master: Option<(String, u16)>,
}

/// One sentinel's word.
struct Word {
    epoch: u64,
    master: (String, u16),
}

impl Watch {
    pub(super) fn new(sentinels: Sentinels) -> Self {
        let connections = sentinels.nodes.iter().map(|_| None).collect();
        Self { sentinels, connections, master: None }
    }

    /// Where the master is by the latest word.
    pub(super) async fn master(&mut self, place: &RedisPlace) -> Result<(String, u16), String> {
        let master = self.ask(place).await?;
        self.master = Some(master.clone());
        Ok(master)
    }

    /// Whether another master was elected since [`Watch::master`]. Sentinels that do not answer
    /// do not count: their absence is no reason to leave a master that works.
    pub(super) async fn moved(&mut self, place: &RedisPlace) -> bool {
        let word = self.ask(place).await;
        word.is_ok_and(|master| self.master.as_ref().is_some_and(|known| *known != master))
    }

    async fn ask(&mut self, place: &RedisPlace) -> Result<(String, u16), String> {
        let mut asked = JoinSet::new();
        for (index, node) in self.sentinels.nodes.iter().enumerate() {
            let kept = self.connections.get_mut(index).and_then(Option::take);
            let (place, sentinels, node) = (place.clone(), self.sentinels.clone(), node.clone());
            asked.spawn(async move {
                let word = tokio::time::timeout(PATIENCE, word(&place, &sentinels, node, kept));
                (index, word.await.unwrap_or_else(|_elapsed| Err("no answer in time".to_owned())))
            });
        }
        let mut latest: Option<Word> = None;
        let mut complaint = "no sentinel is named".to_owned();
        while let Some(joined) = asked.join_next().await {
            match joined {
                Ok((index, Ok((word, connection)))) => {
                    if let Some(slot) = self.connections.get_mut(index) {
                        *slot = Some(connection);
                    }
                    if latest.as_ref().is_none_or(|latest| latest.epoch < word.epoch) {
                        latest = Some(word);
                    }
                }
                Ok((index, Err(why))) => {
                    let address =
                        self.sentinels.nodes.get(index).map(|node| node.addr().to_string());
                    complaint = format!("sentinel {}: {why}", address.unwrap_or_default());
                }
                Err(error) => complaint = error.to_string(),
            }
        }
        latest.map(|word| word.master).ok_or(complaint)
    }
}

async fn word(
    place: &RedisPlace,
    sentinels: &Sentinels,
    node: ConnectionInfo,
    kept: Option<MultiplexedConnection>,
) -> Result<(Word, MultiplexedConnection), String> {
    let mut connection = match kept {
        Some(connection) => connection,
        None => open(place, node.clone()).await.map_err(|error| described(&error))?,
    };
    let mut answer = ask(&mut connection, &sentinels.master).await;
    if answer.as_ref().is_err_and(wants_credentials) {
        let node = sentinels.with_credentials(node);
        connection = open(place, node).await.map_err(|error| described(&error))?;
        answer = ask(&mut connection, &sentinels.master).await;
    }
    let answer = answer.map_err(|error| described(&error))?;
    let word = read(&answer).ok_or("it does not say where the master is")?;
    Ok((word, connection))
}

async fn open(place: &RedisPlace, node: ConnectionInfo) -> RedisResult<MultiplexedConnection> {
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(PATIENCE))
        .set_response_timeout(Some(PATIENCE));
    place.client(node)?.get_multiplexed_async_connection_with_config(&config).await
}

async fn ask(
    connection: &mut MultiplexedConnection,
    master: &str,
) -> RedisResult<HashMap<String, String>> {
    cmd("SENTINEL").arg("MASTER").arg(master).query_async(connection).await
}

fn read(answer: &HashMap<String, String>) -> Option<Word> {
    let host = answer.get("ip").filter(|host| !host.is_empty())?.clone();
    let port = answer.get("port")?.parse().ok()?;
    let epoch = answer.get("config-epoch").and_then(|epoch| epoch.parse().ok()).unwrap_or(0);
    Some(Word { epoch, master: (host, port) })
}

fn wants_credentials(error: &redis::RedisError) -> bool {
    error.code() == Some("NOAUTH") || error.kind() == ErrorKind::Server(ServerErrorKind::NoPerm)
}
