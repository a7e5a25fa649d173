//! The Redis arm: one command a verb over one shared connection, in bounded time. A verb that may
//! have been carried out is repeated only if that changes nothing.

use std::time::Duration;

use redis::{ErrorKind, RedisError, ServerErrorKind, Value};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::error::ShelfError;
use super::key::Instance;
use super::verbs::{Act, Answer, Name};

mod command;
mod connect;
mod link;
mod place;
mod sentinel;

use command::By;
use connect::{CONNECT, Connection, RESPONSE};
use link::{Link, State, Up};
pub use place::{PlaceError, RedisPlace};

/// How long a verb may take in all.
const WHOLE: Duration = Duration::from_millis(1900);

/// Values in Redis, shared by all nodes.
pub(super) struct Redis {
    link: Link,
    instance: Instance,
}

impl Redis {
    /// Returns at once; the connection is made in the background.
    pub(super) fn new(place: RedisPlace, instance: Instance) -> Self {
        Self { link: Link::start(place), instance }
    }

    /// Why Redis is away, if it is.
    pub(super) fn away(&self) -> Option<std::sync::Arc<str>> {
        match self.link.state() {
            State::Up(_) => None,
            State::Connecting => Some("connecting".into()),
            State::Away(why) => Some(why),
        }
    }

    #[cfg(test)]
    pub(super) fn instance(&self) -> &Instance {
        &self.instance
    }

    pub(super) async fn carry_out(&self, act: &Act) -> Result<Answer, ShelfError> {
        let started = Instant::now();
        let mut up = self.link.connection(started + CONNECT).await.map_err(away)?;
        let error = match self.attempt(&mut up.connection, act).await {
            Ok(value) => return read(act.name(), value),
            Err(error) => error,
        };
        let Some(mut newer) = self.another(&up, act, &error, started).await else {
            return Err(fault(&error));
        };
        match self.attempt(&mut newer.connection, act).await {
            Ok(value) => read(act.name(), value),
            Err(error) => Err(fault(&error)),
        }
    }

    /// Carries out several verbs in one round trip. Each is atomic, all together are not.
    pub(super) async fn carry_out_all(&self, acts: Vec<Act>) -> Result<Vec<Answer>, ShelfError> {
        let started = Instant::now();
        let up = self.link.connection(started + CONNECT).await.map_err(away)?;
        let names: Vec<Name> = acts.iter().map(Act::name).collect();
        let values = match up.connection.clone() {
            Connection::Single(mut connection) => {
                let mut pipeline = redis::Pipeline::with_capacity(acts.len());
                for act in &acts {
                    pipeline.add_command(command::command(&self.instance, act, By::Hash));
                }
                let sent = connection.send_packed_commands(&pipeline, 0, acts.len()).await;
                self.noted(&up, sent)?
            }
            // A cluster's pipeline reaches one node only; these go to each node at once.
            Connection::Cluster(_) => self.scatter(&up, &acts).await?,
        };
        let mut answers = Vec::with_capacity(acts.len());
        for ((value, name), act) in values.into_iter().zip(names).zip(acts) {
            match value.extract_error() {
                Ok(value) => answers.push(read(name, value)?),
                // Not carried out: one that did not know its script learns it now.
                Err(error) if unknown_script(&error) => answers.push(self.carry_out(&act).await?),
                Err(error) => {
                    self.noted::<()>(&up, Err(error))?;
                }
            }
        }
        Ok(answers)
    }

    async fn scatter(&self, up: &Up, acts: &[Act]) -> Result<Vec<Value>, ShelfError> {
        let mut sent = JoinSet::new();
        for (index, act) in acts.iter().enumerate() {
            let cmd = command::command(&self.instance, act, By::Hash);
            let mut connection = up.connection.clone();
            sent.spawn(async move { (index, connection.send(&cmd).await) });
        }
        let mut values = vec![Value::Nil; acts.len()];
        while let Some(joined) = sent.join_next().await {
            let (index, result) = joined.map_err(|error| ShelfError::away(error.to_string()))?;
            let value = match (result, acts.get(index)) {
                (Ok(value), _) => value,
                (Err(error), Some(act)) if unknown_script(&error) => {
                    let mut connection = up.connection.clone();
                    let again = command::command(&self.instance, act, By::Text);
                    connection.send(&again).await.map_err(|error| fault(&error))?
                }
                (Err(error), _) => return Err(fault(&error)),
            };
            if let Some(slot) = values.get_mut(index) {
                *slot = value;
            }
        }
        Ok(values)
    }

    async fn attempt(&self, connection: &mut Connection, act: &Act) -> Result<Value, RedisError> {
        let sent = connection.send(&command::command(&self.instance, act, By::Hash)).await;
        match sent {
            Err(error) if unknown_script(&error) => {
                connection.send(&command::command(&self.instance, act, By::Text)).await
            }
            sent => sent,
        }
    }

    /// Another connection to try `act` on, if it may be tried again and there is time.
    async fn another(
        &self,
        up: &Up,
        act: &Act,
        error: &RedisError,
        started: Instant,
    ) -> Option<Up> {
        if matches!(up.connection, Connection::Cluster(_)) {
            // The cluster's connection finds its nodes, and tries again, by itself.
            return None;
        }
        let again = not_carried_out(error) || (error.is_connection_dropped() && act.repeatable());
        if !again {
            if error.is_connection_dropped() {
                self.link.report_loss(up);
            }
            return None;
        }
        let deadline = started + WHOLE - RESPONSE;
        self.link.connection_after(up, deadline).await.ok()
    }

    /// Passes a result on, and lets the link know if it says that the connection is of no use.
    fn noted<T>(&self, up: &Up, result: Result<T, RedisError>) -> Result<T, ShelfError> {
        result.map_err(|error| {
            if not_carried_out(&error) || error.is_connection_dropped() {
                self.link.report_loss(up);
            }
            fault(&error)
        })
    }
}

/// This node cannot serve, and did nothing: a replica since a moment ago, or still loading.
fn not_carried_out(error: &RedisError) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Server(
            ServerErrorKind::ReadOnly | ServerErrorKind::MasterDown | ServerErrorKind::BusyLoading
        )
    )
}

fn unknown_script(error: &RedisError) -> bool {
    error.kind() == ErrorKind::Server(ServerErrorKind::NoScript)
}

fn read(name: Name, value: Value) -> Result<Answer, ShelfError> {
    command::answer(name, value).ok_or_else(|| ShelfError::Refused { code: "WRONGANSWER".into() })
}

fn away(why: std::sync::Arc<str>) -> ShelfError {
    ShelfError::Away { why }
}

/// Tells "no answer" from "an answer that says no". Texts of server errors may quote a command, so
/// only their code is kept.
fn fault(error: &RedisError) -> ShelfError {
    match (error.kind(), error.code()) {
        (
            ErrorKind::Server(
                ServerErrorKind::ReadOnly
                | ServerErrorKind::MasterDown
                | ServerErrorKind::BusyLoading
                | ServerErrorKind::ClusterDown
                | ServerErrorKind::TryAgain
                | ServerErrorKind::Moved
                | ServerErrorKind::Ask,
            ),
            Some(code),
        ) => ShelfError::away(code),
        (_, Some(code)) => ShelfError::Refused { code: code.into() },
        (_, None) => ShelfError::away(error.category()),
    }
}

#[cfg(test)]
pub(super) use command::{RESERVE as RESERVE_SCRIPT, key_name};
