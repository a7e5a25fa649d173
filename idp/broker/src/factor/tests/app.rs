//! An authenticator app, which computes codes by itself (RFC 6238).

use aws_lc_rs::hmac;
use idp_domain::Timestamp;

use crate::factor::TotpPage;

/// An app that has been told a secret.
#[derive(Clone)]
pub(super) struct App(Vec<u8>);

impl App {
    /// Types the secret in.
    pub(super) fn of(page: &TotpPage) -> Self {
        let digits = page.secret.expose().bytes().filter(|byte| *byte != b'-');
        let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
        for digit in digits {
            let value = match digit {
                b'A'..=b'Z' => digit - b'A',
                _ => digit - b'2' + 26,
            };
            held = held << 5 | u32::from(value);
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                bytes.push(u8::try_from(held >> bits & 0xff).unwrap());
            }
        }
        Self(bytes)
    }

    /// The code that is due.
    pub(super) fn code(&self, now: Timestamp) -> String {
        let step = u64::try_from(now.seconds()).unwrap() / 30;
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let offset = usize::from(tag.as_ref()[19] & 0xf);
        let word: [u8; 4] = tag.as_ref()[offset..offset + 4].try_into().unwrap();
        format!("{:06}", (u32::from_be_bytes(word) & 0x7fff_ffff) % 1_000_000)
    }

    /// Codes that are not due.
    pub(super) fn wrong(&self, now: Timestamp) -> impl Iterator<Item = String> {
        let near: Vec<_> = (-2..=2).map(|steps| self.code(shifted(now, steps * 30))).collect();
        (0..1_000_000).map(|code| format!("{code:06}")).filter(move |code| !near.contains(code))
    }
}

fn shifted(now: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_seconds(now.seconds() + seconds)
}
