//! Tests of factors: a real database and shelf in memory, several nodes over them, and an
//! authenticator in software.

mod app;
mod codes;
mod desk;
mod devices;
mod enrolment;
mod federation;
mod house;
mod local;
mod own;
mod passes;
mod passkeys;
mod races;
mod revoked;
mod sessions;
/// The authenticator of the factors crate's own tests, from its one source: a feature that exports
/// it would bring its means of lying into the product.
#[path = "../../../factors/src/webauthn/soft.rs"]
#[expect(dead_code, reason = "it can lie about more than is asked here")]
mod soft;
mod stale;
mod without;

// What the authenticator knows of the factors crate, as it stands there.
use idp_factors::webauthn::{
    PasskeyName, PasskeyRecord, Person, PresentedRegistration, RegistrationPolicy, Site,
    SiteSettings, UserHandle,
};
