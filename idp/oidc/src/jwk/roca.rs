//! The mark of RSA keys whose generator was broken (CVE-2017-15361, "ROCA").
//!
//! Such a modulus is a power of 65537 modulo every small prime; one of a sound generator is that
//! for all of them with a probability below one in a hundred million.

/// The primes that the published test looks at.
const PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/// Whether the big-endian `modulus` has the mark.
pub(super) fn has_the_mark(modulus: &[u8]) -> bool {
    PRIMES.iter().all(|&prime| {
        let rest = modulus.iter().fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % prime);
        is_power_of_65537(rest, prime)
    })
}

fn is_power_of_65537(rest: u32, prime: u32) -> bool {
    let generator = 65_537 % prime;
    let mut power = 1;
    loop {
        if power == rest {
            return true;
        }
        power = power * generator % prime;
        if power == 1 {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_modulus_of_powers_of_65537_has_the_mark_and_its_neighbours_have_not() {
        // 65537^20 is the power 20 modulo every prime.
        let mut modulus = vec![0; 41];
        modulus[40] = 1;
        for _ in 0..20 {
            let before = modulus.clone();
            // Times 65537 is the number added to itself two bytes to the left.
            let mut carry = 0;
            for i in (0..modulus.len()).rev() {
                let sum =
                    u32::from(before[i]) + before.get(i + 2).map_or(0, |b| u32::from(*b)) + carry;
                modulus[i] = u8::try_from(sum % 256).unwrap();
                carry = sum / 256;
            }
        }
        assert!(has_the_mark(&modulus));
        modulus[40] ^= 2;
        assert!(!has_the_mark(&modulus));
    }

    #[test]
    fn a_prime_that_divides_the_modulus_clears_it() {
        assert!(!is_power_of_65537(0, 11));
        assert!(is_power_of_65537(1, 11));
        // 65537 is 10 modulo 11, so its powers are 1 and 10.
        assert!(is_power_of_65537(10, 11));
        assert!(!is_power_of_65537(2, 11));
    }
}
