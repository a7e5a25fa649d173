//! The fuzz targets without a fuzzer: the seeds, and mutations of them that are always the same.

#![expect(clippy::disallowed_methods, reason = "the seeds are files")]

use std::path::Path;

use super::{metadata, redirect, response, xml};

/// How many mutations each target gets.
const MUTATIONS: usize = 2_500;

/// What has meaning to one of the readers.
const WORDS: [&str; 32] = [
    "<",
    ">",
    "/>",
    "\"",
    "'",
    "&",
    "=",
    ":",
    "\0",
    "%",
    "+",
    "%00",
    "<!--x-->",
    "<?x?>",
    "<![CDATA[x]]>",
    "<!DOCTYPE a>",
    "&amp;",
    "&#0;",
    "&#x10FFFF;",
    "&lt;",
    " xmlns=\"\"",
    " xmlns:saml=\"urn:x\"",
    " ID=\"_assertion\"",
    "<a>",
    "</a>",
    "\u{feff}",
    "\u{202e}",
    "&SigAlg=",
    "&Signature=",
    "&SAMLRequest=",
    "&RelayState=x",
    "javascript:",
];

struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        // SplitMix64: the same numbers for the same seed, everywhere.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % bound.max(1) as u64).unwrap()
    }

    /// A piece of `bytes`, of a few bytes or of many.
    fn range(&mut self, bytes: &[u8]) -> std::ops::Range<usize> {
        let start = self.below(bytes.len());
        let reach = [8, 64, 1_024][self.below(3)];
        start..bytes.len().min(start + self.below(reach))
    }

    fn mutate(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(4) {
            let range = self.range(&bytes);
            let place = self.below(bytes.len());
            match self.below(7) {
                0 => bytes.iter_mut().skip(place).take(1).for_each(|byte| *byte ^= 1),
                1 => bytes.iter_mut().skip(place).take(1).for_each(|byte| *byte = b'A'),
                2 => drop(bytes.drain(range)),
                3 => {
                    let piece = bytes[range].to_vec();
                    bytes.splice(place..place, piece);
                }
                4 => {
                    let other = &seeds[self.below(seeds.len())];
                    let piece = other[self.range(other)].to_vec();
                    bytes.splice(place..place, piece);
                }
                5 => bytes.truncate(place),
                _ => {
                    let word = WORDS[self.below(WORDS.len())];
                    bytes.splice(place..place, word.bytes());
                }
            }
        }
        bytes
    }
}

fn seeds(folder: &str) -> Vec<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(folder);
    let mut files: Vec<_> =
        std::fs::read_dir(path).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// Runs a target, and gives how many seeds and how many mutations it let through.
fn run(folder: &str, target: fn(&[u8]) -> bool) -> (usize, usize) {
    let seeds = seeds(folder);
    let let_through = seeds.iter().filter(|seed| target(seed)).count();
    let mut chance = Chance(1);
    let mutated = (0..MUTATIONS).filter(|_| target(&chance.mutate(&seeds))).count();
    (let_through, mutated)
}

#[test]
fn no_document_breaks_the_reader() {
    let (seeds, mutated) = run("xml", xml);
    assert!(seeds >= 3, "{seeds} seeds are documents");
    assert!((1..MUTATIONS).contains(&mutated), "{mutated} mutations are documents");
}

#[test]
fn no_query_breaks_the_redirect_binding() {
    let (seeds, mutated) = run("redirect", redirect);
    assert!(seeds >= 2, "{seeds} seeds are messages");
    assert!((1..MUTATIONS).contains(&mutated), "{mutated} mutations are messages");
}

#[test]
fn no_metadata_breaks_its_reader() {
    let (seeds, mutated) = run("metadata", metadata);
    assert!(seeds >= 2, "{seeds} seeds are entities");
    assert!((1..MUTATIONS).contains(&mutated), "{mutated} mutations are entities");
}

#[test]
fn no_answer_breaks_the_judgement() {
    let (seeds, mutated) = run("response", response);
    assert!(seeds >= 3, "{seeds} seeds are accepted");
    // A few change nothing that is signed or read.
    assert!(mutated < MUTATIONS / 10, "{mutated} mutations are accepted");
}
