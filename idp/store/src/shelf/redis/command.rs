//! Verbs as Redis commands, one each, and Redis's answers as ours.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use redis::{Cmd, Script, Value};

use crate::shelf::key::{Instance, Key};
use crate::shelf::tally::{LONGEST_PAUSE, Reservation};
use crate::shelf::verbs::{Act, Answer, Name, Swap, When, millis};

const SWAP: &str = include_str!("swap.lua");
pub(in crate::shelf) const RESERVE: &str = include_str!("reserve.lua");

static SWAP_SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::new(SWAP));
static RESERVE_SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::new(RESERVE));

/// How a script is named to Redis.
#[derive(Clone, Copy)]
pub(super) enum By {
    /// By its hash: short, and enough once Redis has seen the script.
    Hash,
    /// By its text, which also teaches it to Redis.
    Text,
}

/// The name of a key: `lp:{instance}:{kind}:{hash}`. No part of it is a hash tag, since no command
/// names two keys: a cluster spreads them evenly.
pub(in crate::shelf) fn key_name(instance: &Instance, key: &Key) -> Vec<u8> {
    let mut name = String::with_capacity(52 + instance.as_str().len());
    name.push_str("lp:");
    name.push_str(instance.as_str());
    name.push(':');
    name.push(key.kind().letter());
    name.push(':');
    URL_SAFE_NO_PAD.encode_string(key.digest(), &mut name);
    name.into_bytes()
}

/// The one command that carries out `act`.
pub(super) fn command(instance: &Instance, act: &Act, by: By) -> Cmd {
    match act {
        Act::Put { key, value, ttl, when } => {
            let mut cmd = named("SET", instance, key, value.len());
            cmd.arg(value.as_slice());
            expiry(&mut cmd, millis(*ttl));
            match when {
                When::Always => {}
                When::New => drop(cmd.arg("NX")),
                When::Existing => drop(cmd.arg("XX")),
            }
            cmd
        }
        Act::Get { key, touch: None } => named("GET", instance, key, 0),
        Act::Get { key, touch: Some(idle) } => {
            let mut cmd = named("GETEX", instance, key, 0);
            expiry(&mut cmd, millis(*idle));
            cmd
        }
        Act::Take { key } => named("GETDEL", instance, key, 0),
        Act::Swap { key, expected, value, ttl } => {
            let mut cmd = script(&SWAP_SCRIPT, SWAP, by, value.len());
            cmd.arg(key_name(instance, key)).arg(expected.0.as_slice()).arg(value.as_slice());
            expiry(&mut cmd, millis(*ttl));
            cmd
        }
        Act::Remove { key } => named("DEL", instance, key, 0),
        Act::Reserve { key, allowance } => {
            let mut cmd = script(&RESERVE_SCRIPT, RESERVE, by, 0);
            cmd.arg(key_name(instance, key))
                .arg(allowance.limit)
                .arg(allowance.leak)
                .arg(allowance.pause)
                .arg(millis(LONGEST_PAUSE));
            cmd
        }
    }
}

fn named(verb: &str, instance: &Instance, key: &Key, more: usize) -> Cmd {
    let mut cmd = Cmd::with_capacity(6, 96 + more);
    cmd.arg(verb).arg(key_name(instance, key));
    cmd
}

fn script(script: &Script, text: &str, by: By, more: usize) -> Cmd {
    let mut cmd = Cmd::with_capacity(8, 256 + more);
    match by {
        By::Hash => cmd.arg("EVALSHA").arg(script.get_hash()),
        By::Text => cmd.arg("EVAL").arg(text),
    };
    cmd.arg(1);
    cmd
}

/// Redis refuses to keep a value for no time at all; an instant in the past means the same.
fn expiry(cmd: &mut Cmd, ttl: u64) {
    match ttl {
        0 => cmd.arg("PXAT").arg(1),
        _ => cmd.arg("PX").arg(ttl),
    };
}

/// Reads Redis's answer to a verb. `None`: it answered something that it never should.
pub(super) fn answer(name: Name, value: Value) -> Option<Answer> {
    Some(match (name, value) {
        (Name::Put | Name::PutNew | Name::PutExisting, Value::Okay) => Answer::Placed(true),
        (Name::PutNew | Name::PutExisting, Value::Nil) => Answer::Placed(false),
        (Name::Get | Name::Touch | Name::Take, Value::BulkString(bytes)) => {
            Answer::Found(Some(bytes))
        }
        (Name::Get | Name::Touch | Name::Take, Value::Nil) => Answer::Found(None),
        (Name::Swap, Value::Int(1)) => Answer::Swapped(Swap::Done),
        (Name::Swap, Value::Int(0)) => Answer::Swapped(Swap::Conflict),
        (Name::Swap, Value::Int(-1)) => Answer::Swapped(Swap::Absent),
        (Name::Remove, Value::Int(count)) => Answer::Removed(count > 0),
        (Name::Reserve, Value::Array(pair)) => Answer::Reserved(reservation(&pair)?),
        _ => return None,
    })
}

fn reservation(pair: &[Value]) -> Option<Reservation> {
    match pair {
        [Value::Int(1), Value::Int(left)] => {
            Some(Reservation::Allowed { remaining: u32::try_from(*left).ok()? })
        }
        [Value::Int(0), Value::Int(wait)] => Some(Reservation::Refused {
            retry_after: std::time::Duration::from_millis(u64::try_from(*wait).ok()?),
        }),
        _ => None,
    }
}
