//! The endpoints of the OpenID Provider: bytes to the wire crate, its answers to the browser or
//! the relying party's back end. What is right, the wire crate says.

pub(crate) mod answer;
pub(crate) mod authorize;
pub(crate) mod back;
pub(crate) mod backchannel;
pub(crate) mod cors;
pub(crate) mod discovery;
pub(crate) mod introspect;
pub(crate) mod published;
pub(crate) mod revoke;
pub(crate) mod token;
pub(crate) mod userinfo;

pub(crate) use published::Published;
