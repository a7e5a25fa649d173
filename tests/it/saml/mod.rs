//! SAML in both directions, with peers that we did not write.

mod peers;
mod scene;
mod sign_on;
