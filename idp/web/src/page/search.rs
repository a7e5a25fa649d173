//! The directory of agencies: found by acronym, by name in any of six languages, by mail domain;
//! listed in the order of the person's language. Pure; made anew when the agencies change.

mod fold;

use std::{borrow::Borrow, sync::Arc};

use idp_domain::{Agency, AgencyId, Lang, Localized, agency::Domain};

use super::i18n::PerLang;
pub use fold::fold;

/// The longest search that is read, in bytes.
const LONGEST_QUERY: usize = 200;

/// More words than this narrow nothing.
const MOST_WORDS: usize = 8;

/// An acronym is at most this long; longer aliases are names.
const LONGEST_ACRONYM: usize = 12;

/// An agency, prepared for being found and listed.
#[derive(Clone, Debug)]
pub struct Entry {
    agency: Agency,
    /// Acronyms and other names, folded.
    aliases: Vec<String>,
    /// The names, folded, each word with a space in front.
    names: PerLang<String>,
    /// All of it, folded, each word with a space in front.
    all: String,
    /// By what the agency is listed.
    sort_keys: PerLang<String>,
}

/// The agencies of the federation.
#[derive(Clone, Debug)]
pub struct Directory {
    in_order: PerLang<Vec<Arc<Entry>>>,
}

/// A part of the directory.
#[derive(Clone, Debug)]
pub struct Slice<'a> {
    /// What was searched for.
    pub query: String,
    /// The first letter that was asked for.
    pub letter: Option<String>,
    /// The agencies of this part.
    pub entries: Vec<&'a Entry>,
    /// How many came before it.
    pub from: usize,
    /// How many there are in all.
    pub total: usize,
    /// Where the next part begins.
    pub next: Option<usize>,
    /// The first letters of all agencies, where these do not fit into one part.
    pub letters: Vec<String>,
}

impl Directory {
    /// The directory of `agencies`, of which it leaves out those that are switched off.
    pub fn new<A: Borrow<Agency>>(agencies: impl IntoIterator<Item = A>) -> Self {
        let agencies = agencies.into_iter();
        let enabled = agencies.filter(|agency| agency.borrow().enabled);
        let entries: Vec<_> =
            enabled.map(|agency| Arc::new(Entry::new(agency.borrow().clone()))).collect();
        let Ok(in_order) = PerLang::try_new(|lang| {
            let mut entries = entries.clone();
            entries.sort_by(|a, b| {
                let keys = (a.sort_keys.of(lang), b.sort_keys.of(lang));
                keys.0.cmp(keys.1).then_with(|| a.id().cmp(b.id()))
            });
            Ok::<_, std::convert::Infallible>(entries)
        });
        Self { in_order }
    }

    /// The agency with this id.
    #[must_use]
    pub fn find(&self, id: &AgencyId) -> Option<&Entry> {
        self.in_order.of(Lang::En).iter().map(Arc::as_ref).find(|entry| entry.id() == id)
    }

    /// The agencies that `query` may mean and `admits` lets pass, the likeliest first.
    ///
    /// Acronyms go before names, names in the person's language before others, beginnings before
    /// middles. A mail address means the agency that claims its domain most specifically.
    pub fn search(
        &self,
        lang: Lang,
        query: &str,
        admits: impl Fn(&AgencyId) -> bool,
    ) -> Vec<&Entry> {
        let Some(query) = Query::parse(query) else { return Vec::new() };
        let entries = self.in_order.of(lang).iter().map(Arc::as_ref);
        let ranked = entries.filter_map(|entry| Some((query.rank(entry, lang)?, entry)));
        let mut hits: Vec<_> = ranked.filter(|(_, entry)| admits(entry.id())).collect();
        // The sort is stable: of equals, the order of the list holds.
        hits.sort_by_key(|(rank, _)| *rank);
        hits.into_iter().map(|(_, entry)| entry).collect()
    }

    /// At most `limit` agencies after the first `from`: of those that `query` finds, else of those
    /// under `letter`, else of all; and only of those that `admits` lets pass.
    pub fn slice(
        &self,
        lang: Lang,
        query: &str,
        letter: Option<&str>,
        from: usize,
        limit: usize,
        admits: impl Fn(&AgencyId) -> bool,
    ) -> Slice<'_> {
        let query = query.trim();
        let query = query.get(..LONGEST_QUERY).unwrap_or(query);
        let (found, letters, letter) = if query.is_empty() {
            let entries = self.in_order.of(lang).iter().map(Arc::as_ref);
            let all: Vec<_> = entries.filter(|entry| admits(entry.id())).collect();
            let mut letters: Vec<String> = Vec::new();
            for initial in all.iter().map(|entry| entry.initial(lang)) {
                if all.len() > limit && !letters.contains(&initial) {
                    letters.push(initial);
                }
            }
            let letter = letters.iter().find(|known| Some(known.as_str()) == letter).cloned();
            let under = |entry: &&Entry| {
                letter.as_ref().is_none_or(|letter| entry.initial(lang) == *letter)
            };
            (all.into_iter().filter(under).collect(), letters, letter)
        } else {
            (self.search(lang, query, admits), Vec::new(), None)
        };
        let total = found.len();
        let from = if from < total { from } else { 0 };
        let next = from.saturating_add(limit);
        Slice {
            query: query.to_owned(),
            letter,
            entries: found.into_iter().skip(from).take(limit).collect(),
            from,
            total,
            next: (next < total).then_some(next),
            letters,
        }
    }
}

impl Entry {
    fn new(agency: Agency) -> Self {
        let spaced = |text: &str| format!(" {}", fold(text));
        let exact = |lang: Lang| agency.names.iter().find(|(known, _)| *known == lang);
        let Ok(names) = PerLang::try_new(|lang| {
            let name = exact(lang).map(|(_, name)| spaced(name)).unwrap_or_default();
            Ok::<_, std::convert::Infallible>(name)
        });
        let mut aliases: Vec<String> = agency.aliases.iter().map(|alias| fold(alias)).collect();
        let joined: Vec<String> = aliases.iter().map(|alias| alias.replace(' ', "")).collect();
        aliases.extend(joined);
        aliases.dedup();
        let domains = agency.domains.iter().map(|pattern| spaced(pattern.domain().as_str()));
        let texts = Lang::ALL.into_iter().map(|lang| names.of(lang).clone());
        let others = aliases.iter().map(|alias| format!(" {alias}"));
        let all = texts.chain(others).chain(domains).chain([spaced(agency.id.as_str())]).collect();
        let Ok(sort_keys) = PerLang::try_new(|lang| {
            let name = agency.names.text(lang).unwrap_or(agency.id.as_str());
            // Chinese names have no alphabet to be listed by.
            let name = if lang == Lang::Zh { agency.names.text(Lang::En) } else { Some(name) };
            let key = acronym(&agency, lang).or(name).map(fold).unwrap_or_default();
            Ok::<_, std::convert::Infallible>(key)
        });
        Self { agency, aliases, names, all, sort_keys }
    }

    /// The agency's id.
    #[must_use]
    pub fn id(&self) -> &AgencyId {
        &self.agency.id
    }

    /// All its names.
    #[must_use]
    pub fn names(&self) -> &Localized {
        &self.agency.names
    }

    /// Its name in `lang`, else in another language, else its id.
    #[must_use]
    pub fn name(&self, lang: Lang) -> &str {
        self.agency.names.text(lang).unwrap_or(self.agency.id.as_str())
    }

    /// Its acronym for readers of `lang`.
    #[must_use]
    pub fn acronym(&self, lang: Lang) -> Option<&str> {
        acronym(&self.agency, lang)
    }

    /// Where its logo is.
    #[must_use]
    pub fn logo(&self) -> Option<&str> {
        self.agency.logo.as_deref()
    }

    /// The letter under which it is listed; `#` where that is none of an alphabet.
    fn initial(&self, lang: Lang) -> String {
        let first = self.sort_keys.of(lang).chars().next();
        let first = first.filter(|c| matches!(c, 'a'..='z' | 'а'..='я' | 'ء'..='ي'));
        first.map_or_else(|| "#".to_owned(), |c| c.to_uppercase().collect())
    }
}

/// The first alias that is short enough for an acronym: for Russian and Arabic the first in that
/// script, for all others, and where there is none, the first of any.
fn acronym(agency: &Agency, lang: Lang) -> Option<&str> {
    let is_short = |alias: &&str| {
        !alias.contains(char::is_whitespace) && alias.chars().count() <= LONGEST_ACRONYM
    };
    let in_script = |alias: &&str| {
        alias.chars().next().is_some_and(|first| match lang {
            Lang::Ru => ('\u{400}'..='\u{4ff}').contains(&first),
            Lang::Ar => ('\u{600}'..='\u{6ff}').contains(&first),
            Lang::En | Lang::Es | Lang::Fr | Lang::Zh => first.is_ascii_alphanumeric(),
        })
    };
    let mut short = agency.aliases.iter().map(String::as_str).filter(is_short);
    short.clone().find(in_script).or_else(|| short.next())
}

/// What a person typed, understood.
enum Query {
    Mail(Domain),
    Words {
        whole: String,
        /// Each with a space in front, as in what is searched.
        words: Vec<String>,
    },
}

impl Query {
    fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST_QUERY {
            return None;
        }
        if let Some(domain) = Domain::of_mail(text) {
            return Some(Self::Mail(domain));
        }
        let whole = fold(text);
        let words = whole.split(' ').take(MOST_WORDS);
        let words: Vec<_> = words.map(|word| format!(" {word}")).collect();
        (!whole.is_empty()).then_some(Self::Words { whole, words })
    }

    /// How likely the query means `entry`: 0 is likeliest.
    fn rank(&self, entry: &Entry, lang: Lang) -> Option<usize> {
        let (whole, words) = match self {
            Self::Words { whole, words } => (whole, words),
            Self::Mail(domain) => {
                return entry.agency.domain_match(domain).map(|length| usize::MAX - length);
            }
        };
        if !words.iter().all(|word| entry.all.contains(word.trim_start())) {
            return None;
        }
        let name = entry.names.of(lang);
        let begins = |text: &str| words.iter().all(|word| text.contains(word.as_str()));
        let tests: [&dyn Fn() -> bool; 5] = [
            &|| entry.aliases.contains(whole),
            &|| entry.aliases.iter().any(|alias| alias.starts_with(whole.as_str())),
            &|| name.trim_start().starts_with(whole.as_str()),
            &|| begins(name),
            &|| begins(&entry.all),
        ];
        Some(tests.iter().position(|test| test()).unwrap_or(tests.len()))
    }
}

#[cfg(test)]
mod tests;
