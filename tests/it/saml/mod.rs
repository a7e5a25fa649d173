//! SAML in both directions, with peers that we did not write.

mod attack_test;
mod chromium;
mod habits;
mod logout;
mod metadata;
mod peers;
mod scene;
mod sign_on;
