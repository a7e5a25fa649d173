//! The parameters of an authorization request, each by its name.

use crate::op::Params;

/// The parameters that are understood; all others are ignored.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the parameter of that name")]
pub struct AuthorizeParams<'p> {
    pub acr_values: Option<&'p str>,
    pub claims: Option<&'p str>,
    pub client_id: Option<&'p str>,
    pub code_challenge: Option<&'p str>,
    pub code_challenge_method: Option<&'p str>,
    pub domain_hint: Option<&'p str>,
    pub id_token_hint: Option<&'p str>,
    pub idp_hint: Option<&'p str>,
    pub kc_idp_hint: Option<&'p str>,
    pub login_hint: Option<&'p str>,
    pub max_age: Option<&'p str>,
    pub nonce: Option<&'p str>,
    pub prompt: Option<&'p str>,
    pub redirect_uri: Option<&'p str>,
    pub registration: Option<&'p str>,
    pub request: Option<&'p str>,
    pub request_uri: Option<&'p str>,
    /// The one parameter that may stand several times.
    pub resource: Vec<&'p str>,
    pub response_mode: Option<&'p str>,
    pub response_type: Option<&'p str>,
    pub scope: Option<&'p str>,
    pub state: Option<&'p str>,
    pub ui_locales: Option<&'p str>,
}

impl<'p> AuthorizeParams<'p> {
    /// Sorts `params` by name. Of one that stands twice the first is kept; the checks refuse it.
    //= rfc6749#3.1-2
    #[must_use]
    pub fn read(params: &'p Params<'_>) -> Self {
        let mut read = Self::default();
        for (name, value) in params.iter() {
            let slot = match name {
                "acr_values" => &mut read.acr_values,
                "claims" => &mut read.claims,
                "client_id" => &mut read.client_id,
                "code_challenge" => &mut read.code_challenge,
                "code_challenge_method" => &mut read.code_challenge_method,
                "domain_hint" => &mut read.domain_hint,
                "id_token_hint" => &mut read.id_token_hint,
                "idp_hint" => &mut read.idp_hint,
                "kc_idp_hint" => &mut read.kc_idp_hint,
                "login_hint" => &mut read.login_hint,
                "max_age" => &mut read.max_age,
                "nonce" => &mut read.nonce,
                "prompt" => &mut read.prompt,
                "redirect_uri" => &mut read.redirect_uri,
                "registration" => &mut read.registration,
                "request" => &mut read.request,
                "request_uri" => &mut read.request_uri,
                "resource" => {
                    read.resource.push(value);
                    continue;
                }
                "response_mode" => &mut read.response_mode,
                "response_type" => &mut read.response_type,
                "scope" => &mut read.scope,
                "state" => &mut read.state,
                "ui_locales" => &mut read.ui_locales,
                _ => continue,
            };
            slot.get_or_insert(value);
        }
        read
    }
}
