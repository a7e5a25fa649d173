//! WAN: attacks on passkeys, with authenticators in software that get wrong whatever is wanted.

mod wan_01_origin;
mod wan_04_challenge;
mod wan_05_owner;
mod wan_07_counters;
mod wan_10_registration;
mod wan_12_parser;
mod wan_14_ceremonies;
mod wan_16_deploy;
