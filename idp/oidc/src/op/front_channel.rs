//! Front-channel logout: an address of the client, loaded in a frame (OpenID Connect Front-Channel
//! Logout 1.0).

use idp_domain::SessionId;

use super::{Client, Issuer, id_token::sid, response_mode::append_query};

/// The address that a frame loads so that `client` hears that `session` is over; `None` if it has
/// no such address. It always says which session: a browser may keep the client's cookies out of a
/// frame.
//= oidc-frontchannel#3-1
#[must_use]
pub fn frame(client: &Client, issuer: &Issuer, session: &SessionId) -> Option<String> {
    let url = client.frontchannel_logout_uri.as_ref()?;
    let sid = sid(session, &client.id);
    Some(append_query(url.as_str(), [("iss", issuer.as_str()), ("sid", sid.as_str())].into_iter()))
}

#[cfg(test)]
mod tests {
    use super::frame;
    use crate::op::{
        ClientRegistration,
        id_token::sid,
        testing::{ISSUER, form, id, register},
    };

    //= oidc-frontchannel#3-1 test
    #[test]
    fn a_frame_says_who_speaks_and_which_session_is_over() {
        let session = "session-1".parse().unwrap();
        let client = |uri: Option<&str>| {
            let frontchannel_logout_uri = uri.map(str::to_owned);
            register("rp1", &ClientRegistration { frontchannel_logout_uri, ..form() })
        };
        let sid = sid(&session, &id("rp1"));
        assert_eq!(
            frame(&client(Some("https://rp1.example/bye?x=1")), &ISSUER, &session),
            Some(format!("https://rp1.example/bye?x=1&iss=https%3A%2F%2Fbroker.example&sid={sid}"))
        );
        assert_eq!(frame(&client(None), &ISSUER, &session), None);
    }
}
