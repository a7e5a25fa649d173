//! An arm that works for a while and then is away, to see what its users do then.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::Health;
use super::error::ShelfError;
use super::memory::Memory;
use super::verbs::{Act, Answer};

pub(super) struct Failing {
    left: AtomicUsize,
    memory: Box<Memory>,
}

impl Failing {
    /// Carries out `verbs` of them, and no more.
    pub(super) fn after(verbs: usize) -> Self {
        Self { left: AtomicUsize::new(verbs), memory: Box::new(Memory::new(1_000)) }
    }

    pub(super) fn carry_out(&self, act: Act) -> Result<Answer, ShelfError> {
        let spend = |left: usize| left.checked_sub(1);
        match self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend) {
            Ok(_) => Ok(self.memory.carry_out(act)),
            Err(_) => Err(ShelfError::away("made to fail")),
        }
    }

    pub(super) fn carry_out_all(&self, acts: Vec<Act>) -> Result<Vec<Answer>, ShelfError> {
        acts.into_iter().map(|act| self.carry_out(act)).collect()
    }

    pub(super) fn health(&self) -> Health {
        match self.left.load(Ordering::Relaxed) {
            0 => Health::Away { why: "made to fail".into() },
            _ => Health::Up,
        }
    }
}
