//! Making a connection that is fit for use: to a master, of a Redis that is new enough, with a
//! look at the settings that would lose what lies there.

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::cluster::ClusterClient;
use redis::cluster_async::ClusterConnection;
use redis::cluster_routing::{
    MultipleNodeRoutingInfo, ResponsePolicy, RoutingInfo, SingleNodeRoutingInfo,
};
use redis::io::tcp::TcpSettings;
use redis::{
    AsyncConnectionConfig, Cmd, ConnectionInfo, ProtocolVersion, PushInfo, PushKind, RedisResult,
    Value, cmd,
};

use super::place::{RedisPlace, Topology, described};
use super::sentinel::Watch;

/// How long a connection may take to stand.
pub(super) const CONNECT: Duration = Duration::from_secs(1);
/// How long one command may take.
pub(super) const RESPONSE: Duration = Duration::from_millis(800);
/// How long one command may take in a cluster, with all redirections.
const CLUSTER_RESPONSE: Duration = Duration::from_millis(1800);
/// Commands that may wait for the connection's task before senders wait too.
const PIPELINE: usize = 512;

/// A connection that many may use at once.
#[derive(Clone)]
pub(super) enum Connection {
    Single(MultiplexedConnection),
    Cluster(ClusterConnection),
}

impl Connection {
    /// Sends one command and returns the answer, errors of the server as errors.
    pub(super) async fn send(&mut self, cmd: &Cmd) -> RedisResult<Value> {
        match self {
            Self::Single(connection) => connection.send_packed_command(cmd).await,
            Self::Cluster(connection) => {
                redis::aio::ConnectionLike::req_packed_command(connection, cmd).await
            }
        }
        .and_then(Value::extract_error)
    }

    /// Whether it still answers: in a cluster, whether any master does.
    pub(super) async fn answers(&mut self) -> RedisResult<()> {
        let ping = cmd("PING");
        match self {
            Self::Single(connection) => connection.send_packed_command(&ping).await,
            Self::Cluster(connection) => {
                let anybody = RoutingInfo::MultiNode((
                    MultipleNodeRoutingInfo::AllMasters,
                    Some(ResponsePolicy::OneSucceeded),
                ));
                connection.route_command(ping, anybody).await
            }
        }
        .and_then(Value::extract_error)
        .map(drop)
    }
}

/// Connects to `place`. `lost` is called when a connection to a single node breaks.
pub(super) async fn connect(
    place: &RedisPlace,
    watch: Option<&mut Watch>,
    lost: impl Fn() + Send + Sync + 'static,
) -> Result<Connection, String> {
    match (&place.topology, watch) {
        (Topology::Cluster(nodes), _) => cluster(place, nodes.clone()).await,
        (Topology::Single(node), _) => single(place, node.clone(), lost).await,
        (Topology::Sentinels(sentinels), Some(watch)) => {
            let (host, port) = watch.master(place).await?;
            let node = sentinels.master_at(&host, port).map_err(|error| described(&error))?;
            single(place, node, lost).await
        }
        (Topology::Sentinels(_), None) => Err("no sentinel is known".to_owned()),
    }
}

async fn single(
    place: &RedisPlace,
    node: ConnectionInfo,
    lost: impl Fn() + Send + Sync + 'static,
) -> Result<Connection, String> {
    let address = node.addr().to_string();
    let said = |error: redis::RedisError| format!("{address}: {}", described(&error));
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(CONNECT))
        .set_response_timeout(Some(RESPONSE))
        .set_pipeline_buffer_size(PIPELINE)
        .set_push_sender(move |push: PushInfo| {
            if push.kind == PushKind::Disconnection {
                lost();
            }
            Ok::<(), ()>(())
        });
    let client = place.client(node).map_err(said)?;
    let connection =
        client.get_multiplexed_async_connection_with_config(&config).await.map_err(said)?;
    let mut connection = Connection::Single(connection);
    // A Redis that is loading its file answers this with an error, so we wait for it to be done.
    connection.answers().await.map_err(said)?;
    inspect(&mut connection, &address).await?;
    Ok(connection)
}

/// Refuses what cannot serve. A user whose rights do not reach to these commands is believed: the
/// verbs will tell.
async fn inspect(connection: &mut Connection, address: &str) -> Result<(), String> {
    if let Ok(Value::Array(role)) = connection.send(&cmd("ROLE")).await
        && let Some(Value::BulkString(role)) = role.first()
        && role != b"master"
    {
        return Err(format!("{address} is a replica: name the master, or sentinels"));
    }
    let Ok(info) = connection.send(&cmd("INFO")).await else { return Ok(()) };
    let info = redis::from_redis_value::<String>(info).unwrap_or_default();
    if field(&info, "redis_mode") == Some("cluster") {
        return Err(format!("{address} is a node of a cluster: name several of its nodes"));
    }
    judge(&info, address)
}

/// Refuses a Redis that is too old, warns of one that may lose what lies there.
fn judge(info: &str, address: &str) -> Result<(), String> {
    if let Some(version) = field(info, "redis_version").filter(|version| older_than_6_2(version)) {
        return Err(format!("{address} is Redis {version}: 6.2 or newer is needed"));
    }
    if let Some(policy) = field(info, "maxmemory_policy").filter(|policy| *policy != "noeviction") {
        tracing::warn!(
            redis.address = address,
            redis.maxmemory_policy = policy,
            "Redis may evict what people are using, such as their sessions: \
             set maxmemory-policy noeviction."
        );
    }
    Ok(())
}

fn field<'a>(info: &'a str, name: &str) -> Option<&'a str> {
    info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
}

fn older_than_6_2(version: &str) -> bool {
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().ok());
    matches!((numbers.next(), numbers.next()),
        (Some(Some(major)), Some(Some(minor))) if (major, minor) < (6, 2))
}

async fn cluster(place: &RedisPlace, nodes: Vec<ConnectionInfo>) -> Result<Connection, String> {
    let said = |error: redis::RedisError| format!("cluster: {}", described(&error));
    let mut builder = ClusterClient::builder(nodes)
        .use_protocol(ProtocolVersion::RESP3)
        .connection_timeout(CONNECT)
        .response_timeout(RESPONSE)
        .overall_response_timeout(Some(CLUSTER_RESPONSE))
        .retries(6)
        .min_retry_wait(20)
        .max_retry_wait(300)
        .tcp_settings(TcpSettings::default().set_nodelay(true));
    if let Some(ca) = &place.ca {
        builder = builder.certs(ca.clone());
    }
    let client = builder.build().map_err(said)?;
    let mut connection = tokio::time::timeout(CLUSTER_RESPONSE, client.get_async_connection())
        .await
        .map_err(|_elapsed| "cluster: no node answered in time".to_owned())?
        .map_err(said)?;
    // One node speaks for all: they are set up alike.
    let any = RoutingInfo::SingleNode(SingleNodeRoutingInfo::Random);
    if let Ok(info) = connection.route_command(cmd("INFO"), any).await {
        judge(&redis::from_redis_value::<String>(info).unwrap_or_default(), "cluster")?;
    }
    Ok(Connection::Cluster(connection))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redis_that_lacks_our_verbs_is_refused() {
        for (version, fits) in
            [("6.0.16", false), ("5.0", false), ("6.2.0", true), ("7.0.15", true)]
        {
            let info = format!("# Server\r\nredis_version:{version}\r\nredis_mode:standalone\r\n");
            assert_eq!(judge(&info, "here").is_ok(), fits, "{version}");
        }
        assert_eq!(judge("", "here"), Ok(()), "who may not look is believed");
        let refused = judge("redis_version:6.0.16\r\n", "here").unwrap_err();
        assert_eq!(refused, "here is Redis 6.0.16: 6.2 or newer is needed");
    }
}
