//! The addresses at which a client hears of logouts: server to server, or in a frame.

use url::Url;

use super::{
    ClientRegistration, RegistrationError, Surroundings,
    uri::{self, Purpose},
};

/// Where a client hears of logouts.
pub(super) struct Channels {
    pub(super) back: Option<Url>,
    pub(super) front: Option<Url>,
}

impl Channels {
    /// Checks the addresses of `form`, whose redirect URIs are `redirects`.
    pub(super) fn of(
        form: &ClientRegistration,
        redirects: &[Url],
        surroundings: Surroundings,
        errors: &mut Vec<RegistrationError>,
    ) -> Self {
        let mut read = |field, text: &Option<String>| {
            let text = text.as_deref()?;
            match uri::check(field, text, Purpose::Page, surroundings) {
                Ok(url) => Some(url),
                Err(error) => {
                    errors.push(error);
                    None
                }
            }
        };
        let back = read("backchannel_logout_uri", &form.backchannel_logout_uri);
        let front = read("frontchannel_logout_uri", &form.frontchannel_logout_uri);
        //= oidc-frontchannel#2-1
        let elsewhere = front
            .as_ref()
            .filter(|front| !redirects.iter().any(|redirect| redirect.origin() == front.origin()));
        if let Some(front) = elsewhere {
            errors.push(RegistrationError {
                slug: "client.frontchannel_origin",
                field: "frontchannel_logout_uri",
                problem: format!("no redirect URI has the origin of {front}"),
                hint: "Register an address with the scheme, host and port of a redirect URI.",
            });
        }
        Self { back, front }
    }
}
