//! What one Argon2id hash costs, in memory and passes, within bounds that no input can leave.

use thiserror::Error;

/// The most memory a hash may ask for, in KiB (256 MiB).
const MAX_MEMORY_KIB: u32 = 262_144;
/// The most passes.
const MAX_PASSES: u32 = 32;
/// The most lanes.
const MAX_LANES: u32 = 8;
/// The most memory times passes, in KiB: about a second of one core.
const MAX_WORK: u32 = 1_048_576;
/// The least memory that OWASP's equivalent settings name, in KiB.
const LEAST_MEMORY_KIB: u32 = 7_168;
/// The least memory times passes among OWASP's equivalent settings (m = 7,168 KiB, t = 5).
const LEAST_WORK: u32 = 35_840;

/// The cost of an Argon2id hash (RFC 9106 section 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashCost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// Why a cost was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CostError {
    /// Outside what this program will ever compute.
    #[error(
        "argon2id m={memory_kib},t={passes},p={lanes} is out of bounds: \
         m from 8 times p to 262144 KiB, t to 32, p to 8, m times t to 1048576"
    )]
    OutOfBounds {
        /// Memory in KiB.
        memory_kib: u32,
        /// Number of passes.
        passes: u32,
        /// Number of lanes.
        lanes: u32,
    },
    /// Too cheap for new hashes.
    #[error(
        "argon2id m={memory_kib},t={passes} is too weak for new passwords: \
         m needs at least 7168 KiB, and m times t at least 35840, for example m=19456,t=2,p=1"
    )]
    TooWeak {
        /// Memory in KiB.
        memory_kib: u32,
        /// Number of passes.
        passes: u32,
    },
}

impl HashCost {
    /// OWASP's first recommendation: 19 MiB, two passes, one lane.
    pub const OWASP: Self = Self { memory_kib: 19_456, passes: 2, lanes: 1 };

    /// A cost as a stored hash names it: anything that can be computed within the bounds.
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, CostError> {
        let sound = (1..=MAX_LANES).contains(&lanes)
            && (1..=MAX_PASSES).contains(&passes)
            && (8 * lanes..=MAX_MEMORY_KIB).contains(&memory_kib)
            && memory_kib * passes <= MAX_WORK;
        if sound {
            Ok(Self { memory_kib, passes, lanes })
        } else {
            Err(CostError::OutOfBounds { memory_kib, passes, lanes })
        }
    }

    /// A cost for new hashes, as an operator configures it: no weaker than OWASP's settings.
    pub fn configured(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, CostError> {
        let cost = Self::new(memory_kib, passes, lanes)?;
        if memory_kib < LEAST_MEMORY_KIB || memory_kib * passes < LEAST_WORK {
            return Err(CostError::TooWeak { memory_kib, passes });
        }
        Ok(cost)
    }

    /// Memory in KiB.
    pub fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// Number of passes over the memory.
    pub fn passes(self) -> u32 {
        self.passes
    }

    /// Number of lanes; they are computed one after the other.
    pub fn lanes(self) -> u32 {
        self.lanes
    }
}

impl Default for HashCost {
    fn default() -> Self {
        Self::OWASP
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_that_owasp_calls_equivalent_may_be_configured() {
        for (m, t) in [(47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5)] {
            assert!(HashCost::configured(m, t, 1).is_ok(), "m={m},t={t}");
        }
        assert_eq!(HashCost::configured(19_456, 2, 1), Ok(HashCost::OWASP));
    }

    #[test]
    fn a_cheaper_setting_may_stand_in_a_stored_hash_but_not_in_the_configuration() {
        for (m, t) in [(19_456, 1), (7_000, 6), (8, 1)] {
            assert!(HashCost::new(m, t, 1).is_ok());
            assert_eq!(
                HashCost::configured(m, t, 1),
                Err(CostError::TooWeak { memory_kib: m, passes: t })
            );
        }
    }

    #[test]
    fn a_cost_out_of_bounds_is_never_computed() {
        for (m, t, p) in [
            (7, 1, 1),
            (19_456, 0, 1),
            (19_456, 1, 0),
            (8, 1, 2),
            (262_145, 1, 1),
            (64, 33, 1),
            (262_144, 5, 1),
            (19_456, 1, 9),
            (u32::MAX, u32::MAX, u32::MAX),
        ] {
            assert!(HashCost::new(m, t, p).is_err(), "m={m},t={t},p={p}");
        }
    }
}
