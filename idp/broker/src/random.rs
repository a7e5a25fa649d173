//! Chance, drawn from the operating system.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::Fault;

/// Random bytes.
pub fn draw<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Fault::broken("drawing random bytes"))?;
    Ok(bytes)
}

/// 256 random bits as text.
pub(crate) fn handle_text() -> Result<String, Fault> {
    Ok(URL_SAFE_NO_PAD.encode(draw::<32>()?))
}
