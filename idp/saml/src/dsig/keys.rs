//! Keys of both sides, parsed once.

use thiserror::Error;

/// Why a key is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum KeyError {}

/// A key that signs.
#[derive(Debug)]
pub struct SigningKey;

/// A key that verifies.
#[derive(Clone, Debug)]
pub struct VerifyingKey;
