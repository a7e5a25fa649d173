//! A strict look at CBOR before a lenient reader sees it: every item of definite length, no key
//! twice, little depth, nothing left over (the CTAP2 canonical form, as far as it protects us).

/// How deep arrays and maps may lie in each other. Attestation statements need three.
const MAX_DEPTH: u8 = 8;

/// The bytes are not CBOR, or not strict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotStrict;

/// A key and its value, each still encoded.
pub(super) type Entry<'a> = (&'a [u8], &'a [u8]);

/// The entries of the map that `bytes` are.
pub(super) fn map(bytes: &[u8]) -> Result<Vec<Entry<'_>>, NotStrict> {
    let mut reader = Reader(bytes);
    let entries = reader.map(MAX_DEPTH)?;
    if reader.0.is_empty() { Ok(entries) } else { Err(NotStrict) }
}

/// What follows the one strict item at the start of `bytes`.
pub(super) fn after_one(bytes: &[u8]) -> Result<&[u8], NotStrict> {
    let mut reader = Reader(bytes);
    reader.item(MAX_DEPTH)?;
    Ok(reader.0)
}

/// The content of the byte string that `bytes` are.
pub(super) fn byte_string(bytes: &[u8]) -> Result<&[u8], NotStrict> {
    let mut reader = Reader(bytes);
    let head = reader.head()?;
    let content = reader.take(head.value)?;
    if head.major == Major::Bytes && reader.0.is_empty() { Ok(content) } else { Err(NotStrict) }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Major {
    Number,
    Bytes,
    Text,
    Array,
    Map,
    Simple,
}

struct Head {
    major: Major,
    value: u64,
    /// Whether the value stands in as few bytes as it needs.
    shortest: bool,
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: u64) -> Result<&'a [u8], NotStrict> {
        let count = usize::try_from(count).map_err(|_| NotStrict)?;
        let (taken, rest) = self.0.split_at_checked(count).ok_or(NotStrict)?;
        self.0 = rest;
        Ok(taken)
    }

    fn head(&mut self) -> Result<Head, NotStrict> {
        let (&initial, rest) = self.0.split_first().ok_or(NotStrict)?;
        self.0 = rest;
        let extra = match initial & 0x1f {
            0..=23 => 0,
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            // 28 to 30 mean nothing, 31 is an indefinite length.
            _ => return Err(NotStrict),
        };
        let value = match extra {
            0 => u64::from(initial & 0x1f),
            _ => self.take(extra)?.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)),
        };
        let least = match extra {
            0 => 0,
            1 => 24,
            2 => 1 << 8,
            4 => 1 << 16,
            _ => 1 << 32,
        };
        let major = match initial >> 5 {
            0 | 1 => Major::Number,
            2 => Major::Bytes,
            3 => Major::Text,
            4 => Major::Array,
            5 => Major::Map,
            // False, true and null; no other simple value, no float.
            7 if matches!(initial, 0xf4..=0xf6) => Major::Simple,
            // Tags too.
            _ => return Err(NotStrict),
        };
        Ok(Head { major, value, shortest: value >= least })
    }

    /// Reads one item, of at most `depth` levels.
    fn item(&mut self, depth: u8) -> Result<(), NotStrict> {
        let before = self.0;
        let head = self.head()?;
        match head.major {
            Major::Number | Major::Simple => {}
            Major::Bytes => {
                self.take(head.value)?;
            }
            Major::Text => {
                std::str::from_utf8(self.take(head.value)?).map_err(|_| NotStrict)?;
            }
            Major::Array => {
                let deeper = depth.checked_sub(1).ok_or(NotStrict)?;
                // Each turn takes a byte at least, so a huge count ends with the input.
                for _ in 0..head.value {
                    self.item(deeper)?;
                }
            }
            Major::Map => {
                self.0 = before;
                self.map(depth)?;
            }
        }
        Ok(())
    }

    fn map(&mut self, depth: u8) -> Result<Vec<Entry<'a>>, NotStrict> {
        let head = self.head()?;
        if head.major != Major::Map {
            return Err(NotStrict);
        }
        let deeper = depth.checked_sub(1).ok_or(NotStrict)?;
        let mut entries = Vec::new();
        for _ in 0..head.value {
            // A number or a text in its shortest form, so that equal keys are equal bytes.
            let shortest = Reader(self.0).head()?;
            if !shortest.shortest || !matches!(shortest.major, Major::Number | Major::Text) {
                return Err(NotStrict);
            }
            let key = self.encoded(deeper)?;
            let value = self.encoded(deeper)?;
            entries.push((key, value));
        }
        let mut keys: Vec<&[u8]> = entries.iter().map(|(key, _)| *key).collect();
        keys.sort_unstable();
        if keys.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(NotStrict);
        }
        Ok(entries)
    }

    /// Reads one item and gives its bytes.
    fn encoded(&mut self, depth: u8) -> Result<&'a [u8], NotStrict> {
        let before = self.0;
        self.item(depth)?;
        before.get(..before.len() - self.0.len()).ok_or(NotStrict)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn wan_12_what_is_not_strict_is_refused() {
        let nested = |depth: usize| [vec![0x81; depth], vec![0x00]].concat();
        let cases: &[(&str, Vec<u8>)] = &[
            ("nothing", vec![]),
            ("depth 10,000", nested(10_000)),
            ("an indefinite array", vec![0x9f, 0x00, 0xff]),
            ("an indefinite string", vec![0x5f, 0x41, 0x00, 0xff]),
            ("an indefinite map", vec![0xbf, 0xff]),
            ("a string beyond the end", vec![0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            ("an array beyond the end", vec![0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            ("a map beyond the end", vec![0xbb, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            ("a key twice", vec![0xa2, 0x01, 0x00, 0x01, 0x01]),
            ("a key twice, once longer", vec![0xa2, 0x01, 0x00, 0x18, 0x01, 0x01]),
            ("a key twice in a map within", vec![0x81, 0xa2, 0x01, 0x00, 0x01, 0x01]),
            ("a key that is a map", vec![0xa1, 0xa0, 0x00]),
            ("a float", vec![0xf9, 0x00, 0x00]),
            ("a tag", vec![0xc0, 0x00]),
            ("a reserved head", vec![0x1c]),
            ("text that is not UTF-8", vec![0x61, 0xff]),
        ];
        for (what, bytes) in cases {
            assert_eq!(after_one(bytes), Err(NotStrict), "{what}");
        }
        assert_eq!(map(&[0xa1, 0x01, 0x02, 0x00]), Err(NotStrict), "something left over");
        assert_eq!(map(&[0x81, 0x01]), Err(NotStrict), "an array for a map");
        assert_eq!(byte_string(&[0x61, 0x61]), Err(NotStrict), "text for bytes");
        assert!(after_one(&nested(8)).is_ok());
        assert!(after_one(&nested(9)).is_err());
    }

    #[test]
    fn a_strict_map_gives_its_entries() {
        let bytes = [0xa2, 0x61, b'a', 0x41, 0x07, 0x20, 0x82, 0xf5, 0xf6];
        let entries = map(&bytes).unwrap();
        let (text, number) = (&[0x61, b'a'][..], &[0x20][..]);
        assert_eq!(entries, [(text, &[0x41, 0x07][..]), (number, &[0x82, 0xf5, 0xf6][..])]);
        assert_eq!(byte_string(entries[0].1), Ok(&[0x07][..]));
        assert_eq!(after_one(&[0x01, 0x02]), Ok(&[0x02][..]));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = (map(&bytes), after_one(&bytes), byte_string(&bytes));
        }
    }
}
