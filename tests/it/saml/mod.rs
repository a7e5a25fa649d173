//! SAML in both directions, with peers that we did not write.

mod peers;
