//! MFA: attacks on second factors: getting past them, guessing them, using them twice, and setting
//! up one's own in somebody else's name.

mod mfa_01_skipping;
mod mfa_04_hints;
mod mfa_05_replay;
mod mfa_06_guessing;
mod mfa_08_enrolment;
mod mfa_12_downgrade;
mod mfa_17_races;
mod mfa_18_step_up;
mod mfa_20_letters;
