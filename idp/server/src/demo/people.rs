//! Who takes part: the agencies, their people, and secrets that are drawn anew at each start.
//!
//! No secret of the demonstration is fixed, so none of them opens anything anywhere else.

use idp_domain::{Fault, Secret};

/// 256 words that are easy to read and to type.
const WORDS: &str = include_str!("words.txt");

/// An agency of the demonstration.
pub(crate) struct Agency {
    /// Its id.
    pub(crate) id: &'static str,
    /// Its names, by language.
    pub(crate) names: [(&'static str, &'static str); 6],
    /// What else people call it.
    pub(crate) aliases: &'static [&'static str],
    /// Its mail domain.
    pub(crate) domain: &'static str,
    /// Those of its people who have a password.
    people: &'static [Somebody],
}

/// Who somebody is.
struct Somebody {
    username: &'static str,
    given: &'static str,
    family: &'static str,
    /// What they are to their agency.
    affiliation: &'static str,
    language: &'static str,
    groups: &'static [&'static str],
}

/// The agency with a broker of its own, which the others reach over OpenID Connect.
pub(crate) const OCEANS: Agency = Agency {
    id: "iao",
    names: [
        ("ar", "الوكالة الدولية للمحيطات"),
        ("en", "International Agency for Oceans"),
        ("es", "Agencia Internacional de los Océanos"),
        ("fr", "Agence internationale des océans"),
        ("ru", "Международное агентство по океанам"),
        ("zh", "国际海洋署"),
    ],
    aliases: &["IAO", "AIO", "МАО"],
    domain: "iao.example",
    people: &[
        Somebody {
            username: "amina",
            given: "Amina",
            family: "Diallo",
            affiliation: "staff",
            language: "fr",
            groups: &["oceanography", "fleet"],
        },
        Somebody {
            username: "wei",
            given: "Wei",
            family: "Chen",
            affiliation: "staff",
            language: "zh",
            groups: &["finance"],
        },
        Somebody {
            username: "elena",
            given: "Elena",
            family: "Petrova",
            affiliation: "affiliate",
            language: "ru",
            groups: &[],
        },
    ],
};

/// The agency with a broker of its own, which the others reach over SAML.
pub(crate) const RELIEF: Agency = Agency {
    id: "wrp",
    names: [
        ("ar", "البرنامج العالمي للإغاثة"),
        ("en", "World Relief Programme"),
        ("es", "Programa Mundial de Socorro"),
        ("fr", "Programme mondial de secours"),
        ("ru", "Всемирная программа помощи"),
        ("zh", "世界救济计划署"),
    ],
    aliases: &["WRP", "PMS"],
    domain: "wrp.example",
    people: &[
        Somebody {
            username: "joseph",
            given: "Joseph",
            family: "Mwangi",
            affiliation: "staff",
            language: "en",
            groups: &["logistics"],
        },
        Somebody {
            username: "yusra",
            given: "Yusra",
            family: "Nasser",
            affiliation: "staff",
            language: "ar",
            groups: &["logistics", "medical"],
        },
    ],
};

/// The agency whose people have accounts at the broker itself.
pub(crate) const PARTNERS: Agency = Agency {
    id: "partners",
    names: [
        ("ar", "المنظمات الشريكة"),
        ("en", "Partner Organizations"),
        ("es", "Organizaciones asociadas"),
        ("fr", "Organisations partenaires"),
        ("ru", "Организации-партнёры"),
        ("zh", "合作伙伴组织"),
    ],
    aliases: &["PO", "ОП"],
    domain: "partners.example",
    people: &[
        Somebody {
            username: "omar@partners.example",
            given: "Omar",
            family: "Haddad",
            affiliation: "affiliate",
            language: "ar",
            groups: &[],
        },
        Somebody {
            username: "lucia@partners.example",
            given: "Lucía",
            family: "Fernández",
            affiliation: "affiliate",
            language: "es",
            groups: &[],
        },
    ],
};

/// Somebody with a password.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// The agency's name in English, as it stands on pages.
    pub(crate) agency: &'static str,
    /// What they type.
    pub(crate) username: &'static str,
    /// What they type after it.
    pub(crate) password: Secret<String>,
    /// Attributes, by canonical name.
    pub(crate) attributes: Vec<(&'static str, Vec<String>)>,
}

impl Agency {
    /// Its name in English.
    pub(crate) fn name(&self) -> &'static str {
        self.names.iter().find(|(lang, _)| *lang == "en").map_or(self.id, |(_, name)| name)
    }

    /// Its people, each with a new password.
    pub(crate) fn draw_people(&self) -> Result<Vec<Person>, Fault> {
        self.people.iter().map(|somebody| self.draw(somebody)).collect()
    }

    fn draw(&self, somebody: &Somebody) -> Result<Person, Fault> {
        let Somebody { username, given, family, affiliation, language, groups } = somebody;
        let local = username.split('@').next().unwrap_or(username);
        let scoped = |text: &str| format!("{text}@{}", self.domain);
        let mut attributes: Vec<_> = [
            ("displayName", format!("{given} {family}")),
            ("givenName", (*given).to_owned()),
            ("sn", (*family).to_owned()),
            ("mail", scoped(local)),
            ("subject-id", scoped(local)),
            ("preferredLanguage", (*language).to_owned()),
            ("eduPersonScopedAffiliation", scoped(affiliation)),
            ("schacHomeOrganization", self.domain.to_owned()),
        ]
        .into_iter()
        .map(|(name, value)| (name, vec![value]))
        .collect();
        if !groups.is_empty() {
            let groups = groups.iter().map(|group| (*group).to_owned()).collect();
            attributes.push(("isMemberOf", groups));
        }
        Ok(Person { agency: self.name(), username, password: draw_password()?, attributes })
    }
}

/// Three words: 24 random bits, which is plenty against guesses that are counted.
fn draw_password() -> Result<Secret<String>, Fault> {
    let random = idp_broker::random::<3>()?;
    let words = random.iter().filter_map(|byte| WORDS.lines().nth(usize::from(*byte)));
    Ok(Secret::new(words.collect::<Vec<_>>().join("-")))
}

/// 256 random bits in hexadecimal digits, which no shell and no form can misread.
pub(crate) fn draw_secret() -> Result<Secret<String>, Fault> {
    let random = idp_broker::random::<32>()?;
    let digits: Vec<_> = random.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Secret::new(digits.concat()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{OCEANS, PARTNERS, RELIEF, Secret, WORDS, draw_password};

    #[test]
    fn each_byte_means_a_word_of_its_own_that_can_be_told_from_others() {
        let words: BTreeSet<_> = WORDS.lines().collect();
        assert_eq!((WORDS.lines().count(), words.len()), (256, 256));
        let starts: BTreeSet<_> = words.iter().map(|word| &word[..4]).collect();
        assert_eq!(starts.len(), 256, "the first four letters tell it");
        let fits = |word: &str| (5..=7).contains(&word.len());
        let plain = |word: &str| word.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(words.iter().all(|word| fits(word) && plain(word)));
    }

    #[test]
    fn a_password_is_three_words_and_another_one_each_time() {
        let drawn: Vec<_> = (0..8).map(|_| draw_password().unwrap()).collect();
        assert!(drawn.iter().all(|password| password.expose().split('-').count() == 3));
        let different: BTreeSet<_> = drawn.iter().map(Secret::expose).collect();
        assert!(different.len() > 1);
    }

    #[test]
    fn everybody_is_somebody_of_their_own_agencys_domain() {
        for agency in [OCEANS, RELIEF, PARTNERS] {
            for person in agency.draw_people().unwrap() {
                let mail = person.attributes.iter().find(|(name, _)| *name == "mail").unwrap();
                assert!(mail.1[0].ends_with(&format!("@{}", agency.domain)));
            }
        }
    }
}
