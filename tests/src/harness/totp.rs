//! An authenticator app: codes of RFC 6238 with SHA-1, six digits, thirty seconds.

use aws_lc_rs::hmac;

/// The app's side of one account.
#[derive(Debug, Clone)]
pub struct App {
    secret: Vec<u8>,
}

impl App {
    /// An app that was told `secret`: base32, blanks between its groups or not.
    pub fn told(secret: &str) -> Self {
        const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let (mut bits, mut held, mut bytes) = (0_u64, 0, vec![]);
        for letter in secret.chars().filter(char::is_ascii_alphanumeric) {
            let value = LETTERS.find(letter.to_ascii_uppercase()).expect("base32");
            bits = (bits << 5) | u64::try_from(value).expect("five bits");
            held += 5;
            if held >= 8 {
                held -= 8;
                bytes.push(u8::try_from((bits >> held) & 0xff).expect("eight bits"));
            }
        }
        Self { secret: bytes }
    }

    /// The code of the step that `seconds` since 1970 lie in.
    pub fn code_at(&self, seconds: u64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.secret);
        let tag = hmac::sign(&key, &(seconds / 30).to_be_bytes());
        let tag = tag.as_ref();
        let place = usize::from(tag[19] & 15);
        let four = [tag[place] & 0x7f, tag[place + 1], tag[place + 2], tag[place + 3]];
        format!("{:06}", u32::from_be_bytes(four) % 1_000_000)
    }

    /// The code that is due now.
    pub fn code(&self) -> String {
        self.code_at(now())
    }

    /// The code of the step before the present one, which is still good: so that another one can be
    /// used within the same half minute.
    pub fn last_code(&self) -> String {
        self.code_at(now() - 30)
    }

    /// Waits until there is time enough left in this half minute to type a few codes.
    pub async fn steady(&self) {
        let left = 30 - now() % 30;
        if left < 5 {
            tokio::time::sleep(std::time::Duration::from_secs(left)).await;
        }
    }

    /// The code of the step after the present one, which is good already: for a second sign-in
    /// within the same half minute.
    pub fn next_code(&self) -> String {
        self.code_at(now() + 30)
    }
}

fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.expect("a time after 1970").as_secs()
}

#[cfg(test)]
mod tests {
    use super::App;

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238 appendix B, the last six digits; the secret is "12345678901234567890".
        let app = App::told("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")]
        {
            assert_eq!(app.code_at(seconds), code);
        }
    }
}
