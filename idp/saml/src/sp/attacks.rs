//! The attacks of the catalogue that are decided where an answer is judged, by their numbers.

mod encryption;
mod names;
mod semantics;
mod signatures;
mod times;
