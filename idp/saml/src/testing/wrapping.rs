//! Signature wrapping, by chance: what is signed moved anywhere, what is forged put anywhere.

use std::collections::BTreeMap;

use super::tree::{Piece, Tree};
use crate::xml::{Document, Limits, ns};

/// A hostile document made of a genuinely signed message, and of copies of its elements in which
/// `from` reads `to`. The same seed makes the same document.
///
/// It is well-formed, and all prefixes that are used are declared, so that it is not refused for
/// a triviality. Now and then it still says only what was signed.
pub(crate) fn wrapped(genuine: &[u8], (from, to): (&str, &str), seed: u64) -> Vec<u8> {
    let document = Document::parse(genuine, Limits::MESSAGE).unwrap();
    let mut root = Tree::copy(document.root());
    let mut attack = Attack { genuine: root.clone(), from, to, chance: Chance(seed) };
    for _ in 0..=attack.chance.below(2) {
        attack.step(&mut root);
    }
    if attack.chance.below(4) > 0 {
        attack.settle(&mut root);
    }
    // Where elements were moved to, their prefixes may not be declared. Declaring them on the
    // root changes no exclusive canonical form.
    let prefixes = [("samlp", ns::SAMLP), ("saml", ns::SAML), ("ds", ns::DS), ("xenc", ns::XENC)];
    for (prefix, uri) in prefixes {
        root.set(&format!("xmlns:{prefix}"), Some(uri));
    }
    let mut out = String::new();
    root.write(&mut out);
    out.into_bytes()
}

/// Elements that have held something hidden before.
const HIDING_PLACES: [&str; 12] = [
    "samlp:Extensions",
    "samlp:StatusDetail",
    "samlp:Status",
    "samlp:Response",
    "saml:Assertion",
    "saml:Advice",
    "saml:AttributeValue",
    "saml:SubjectConfirmationData",
    "saml:EncryptedAssertion",
    "ds:Object",
    "ds:KeyInfo",
    "ds:Signature",
];

struct Attack<'a> {
    genuine: Tree,
    from: &'a str,
    to: &'a str,
    chance: Chance,
}

impl Attack<'_> {
    fn step(&mut self, root: &mut Tree) {
        match self.chance.below(12) {
            // Something forged, or a copy of something genuine, anywhere.
            0 => {
                let forged = self.forged();
                self.put(root, forged);
            }
            1 => {
                let genuine = self.piece();
                let hidden = self.hidden(genuine);
                self.put(root, hidden);
            }
            // What was signed moves anywhere, and something forged takes its place.
            2..=4 => {
                let forged = self.forged();
                let named = forged.name.clone();
                if let Some(place) = self.chance.of(&root.find(&named)) {
                    let genuine = root.swap(place, forged);
                    let hidden = self.hidden(genuine);
                    if self.chance.below(2) == 0 {
                        self.put(root, hidden);
                    } else if let Some(forged) = root.nth(place) {
                        self.put(forged, hidden);
                    }
                }
            }
            // A forged root around everything.
            5 | 6 => {
                let mut forged = self.genuine.clone();
                self.forge(&mut forged);
                let hidden = std::mem::replace(root, forged);
                let hidden = self.hidden(hidden);
                self.put(root, hidden);
            }
            // A signature moves, or is doubled.
            7 => {
                let signature = self.chance.of(&root.find("ds:Signature"));
                if let Some(mut signature) = signature.and_then(|index| root.nth(index).cloned()) {
                    if self.chance.below(2) == 0 {
                        signature.content.clear();
                    }
                    self.put(root, signature);
                }
            }
            8 => self.rename(root),
            9 => self.redirect(root),
            // A part of a signature is doubled, forged or not.
            10 => {
                let parts =
                    ["ds:SignedInfo", "ds:Reference", "ds:DigestValue", "ds:SignatureValue"];
                let part = self.chance.of(&parts).unwrap_or_default();
                if let Some(index) = self.chance.of(&root.find(part)) {
                    let copy = root.nth(index).unwrap().clone();
                    self.put(root, copy);
                }
            }
            // The values are changed where they stand.
            _ => {
                let named = self.chance.of(&["saml:Assertion", "saml:NameID", "saml:Attribute"]);
                let places = root.find(named.unwrap_or_default());
                if let Some(index) = self.chance.of(&places) {
                    root.nth(index).unwrap().replace(self.from, self.to);
                }
            }
        }
    }

    /// An assertion or the whole message, as it was.
    fn piece(&mut self) -> Tree {
        let mut genuine = self.genuine.clone();
        let assertions = ["saml:Assertion", "saml:EncryptedAssertion"];
        let assertion = assertions.iter().find_map(|name| genuine.take(name));
        match assertion {
            Some(assertion) if self.chance.below(4) > 0 => assertion,
            _ => self.genuine.clone(),
        }
    }

    /// The same, saying something else.
    fn forged(&mut self) -> Tree {
        let mut forged = self.piece();
        self.forge(&mut forged);
        forged
    }

    fn forge(&mut self, tree: &mut Tree) {
        tree.replace(self.from, self.to);
        match self.chance.below(6) {
            0 => {}
            1 => tree.set("ID", None),
            _ => tree.set("ID", Some("_forged")),
        }
        match self.chance.below(6) {
            0 => {}
            1 => {
                if let Some(signature) = tree.find("ds:Signature").first() {
                    tree.nth(*signature).unwrap().content.clear();
                }
            }
            _ => {
                tree.take("ds:Signature");
            }
        }
    }

    /// Wrapped in something that nobody looks into, or bare; with its own signature or without.
    fn hidden(&mut self, mut tree: Tree) -> Tree {
        if self.chance.below(4) == 0 {
            tree.take("ds:Signature");
        }
        match self.chance.below(3) {
            0 => tree,
            1 => Tree::new(self.chance.of(&HIDING_PLACES).unwrap_or_default(), vec![tree]),
            _ => {
                // In the signature that covers it.
                let own = tree.take("ds:Signature");
                let Some(mut signature) = own.or_else(|| self.genuine.clone().take("ds:Signature"))
                else {
                    return tree;
                };
                let holder = self.chance.of(&["ds:Object", "ds:KeyInfo"]).unwrap_or_default();
                signature.content.push(Piece::Tree(Tree::new(holder, vec![tree])));
                signature
            }
        }
    }

    /// Puts an element anywhere: before, between or after whatever stands there.
    fn put(&mut self, root: &mut Tree, tree: Tree) {
        let count = root.all().len();
        let index = self.chance.below(count);
        // Half of the time where elements stand that matter.
        let index = if self.chance.below(2) == 0 { index } else { 0 };
        let Some(place) = root.nth(index) else { return };
        let at = self.chance.below(place.content.len() + 1);
        place.content.insert(at, Piece::Tree(tree));
    }

    /// Gives an element another ID: one that is there, one that is not, or none.
    fn rename(&mut self, root: &mut Tree) {
        let all = root.all();
        let ids: Vec<String> =
            all.iter().filter_map(|tree| tree.get("ID")).map(str::to_owned).collect();
        let carriers: Vec<usize> =
            (0..all.len()).filter(|index| all[*index].get("ID").is_some()).collect();
        let Some(index) = self.chance.of(&carriers) else { return };
        let id = match self.chance.below(3) {
            0 => None,
            1 => Some("_other".to_owned()),
            _ => self.chance.of(&ids),
        };
        let name = self.chance.of(&["ID", "Id", "id", "xml:id"]).unwrap_or_default();
        root.nth(index).unwrap().set(name, id.as_deref());
    }

    /// Leaves every ID to one element only, whichever it is: documents in which an ID stands twice
    /// are refused by too many for that alone.
    fn settle(&mut self, root: &mut Tree) {
        let all = root.all();
        let mut owners: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, tree) in all.iter().enumerate() {
            if let Some(id) = tree.get("ID") {
                owners.entry(id.to_owned()).or_default().push(index);
            }
        }
        for (id, mut places) in owners {
            let kept = self.chance.below(places.len());
            places.remove(kept);
            for place in places {
                root.nth(place).unwrap().set("ID", Some(&format!("{id}{place}")));
            }
        }
    }

    /// Lets a reference point elsewhere.
    fn redirect(&mut self, root: &mut Tree) {
        let Some(index) = self.chance.of(&root.find("ds:Reference")) else { return };
        let targets = [
            "",
            "#_response",
            "#_assertion",
            "#_forged",
            "#xpointer(/)",
            "#xpointer(id('_forged'))",
        ];
        let target = self.chance.of(&targets);
        let target = if self.chance.below(7) == 0 { None } else { target };
        root.nth(index).unwrap().set("URI", target);
    }
}

/// Numbers by chance, the same for the same seed (`SplitMix64`).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(bound).unwrap()).unwrap()
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        if all.is_empty() {
            return None;
        }
        Some(all[self.below(all.len())].clone())
    }
}
