//! The command line: what each command does, and what it says when it cannot.

mod conformance;
mod desk;
mod errors;
mod federation;
mod keys;
mod start;
