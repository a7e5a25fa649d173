//! LGO: attacks on logouts, and what may not be said by one.

pub(crate) mod bench;
mod lgo_01_forced;
mod lgo_02_tricks;
mod lgo_03_forged;
mod lgo_04_sent;
mod lgo_06_races;
