//! What the userinfo endpoint adds to a verified ID token.

use serde_json::Value;

use super::error::{Document, PeerError};
use super::id_token::VerifiedIdToken;
use super::reply::Reply;

const DOCUMENT: Document = Document::Userinfo;

/// Adds the claims of a userinfo answer. What the ID token says was signed, and wins.
///
/// A signed or encrypted answer is not asked for, and so is not read.
//= oidc-core#5.3.2-2
pub fn add_userinfo(
    mut token: VerifiedIdToken,
    reply: &Reply<'_>,
) -> Result<VerifiedIdToken, PeerError> {
    if reply.status != 200 {
        return Err(PeerError::Status { document: DOCUMENT, status: reply.status });
    }
    let said = reply.members(DOCUMENT)?;
    match said.get("sub") {
        Some(Value::String(sub)) if sub == token.subject().as_str() => {}
        Some(Value::String(_)) => return Err(PeerError::OtherPerson),
        _ => return Err(PeerError::Member { document: DOCUMENT, member: "sub" }),
    }
    for (claim, value) in said {
        token.claims.entry(claim).or_insert(value);
    }
    Ok(token)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::rp::op;

    fn added(status: u16, body: &str) -> Result<VerifiedIdToken, PeerError> {
        let token = op::verify(&op::mint(&op::claims())).unwrap();
        add_userinfo(token, &op::reply(status, body))
    }

    #[test]
    fn what_the_id_token_says_wins() {
        let body = json!({"sub": "alice", "nonce": "x", "email": "a@una.example"});
        let token = added(200, &body.to_string()).unwrap();
        assert_eq!(token.claims()["email"], "a@una.example");
        assert_eq!(token.claims()["nonce"], op::NONCE);
    }

    //= oidc-core#5.3.2-2 test
    #[test]
    fn an_answer_about_somebody_else_is_refused() {
        for sub in ["bob", "Alice", "alice ", ""] {
            let error = added(200, &json!({ "sub": sub }).to_string()).unwrap_err();
            assert_eq!(error, PeerError::OtherPerson, "{sub}");
        }
    }

    #[test]
    fn an_answer_that_names_nobody_or_is_not_one_is_refused() {
        for (status, body) in [
            (200, "{}"),
            (200, r#"{"sub":1}"#),
            (200, r#"{"sub":"alice","sub":"alice"}"#),
            (200, "eyJhbGciOiJub25lIn0.e30."),
            (401, r#"{"sub":"alice"}"#),
        ] {
            assert_eq!(added(status, body).unwrap_err().slug(), "userinfo", "{body}");
        }
    }
}
