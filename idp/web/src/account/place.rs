//! The places of self-service that a login can lead back to. No address in here says anything
//! about a person.

/// A page of self-service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The first page.
    Overview,
    /// The factors.
    Security,
    /// Where a passkey is added.
    Passkey,
    /// Where an authenticator app is added.
    App,
    /// Where a change that was asked for is confirmed.
    Change,
    /// The sessions.
    Sessions,
    /// What services were told.
    Releases,
    /// Where the account is reported.
    NotMe,
}

impl Place {
    /// All places.
    const ALL: [Self; 8] = [
        Self::Overview,
        Self::Security,
        Self::Passkey,
        Self::App,
        Self::Change,
        Self::Sessions,
        Self::Releases,
        Self::NotMe,
    ];

    /// Its address.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Overview => "/account",
            Self::Security => "/account/security",
            Self::Passkey => "/account/security/passkey",
            Self::App => "/account/security/app",
            Self::Change => "/account/change",
            Self::Sessions => "/account/sessions",
            Self::Releases => "/account/releases",
            Self::NotMe => "/account/not-me",
        }
    }

    /// The place at this address, of a file the page that offers it; the first page for whatever
    /// is none of ours.
    pub(crate) fn at(path: &str) -> Self {
        let path = path.strip_suffix(".json").unwrap_or(path);
        Self::ALL.into_iter().find(|place| place.path() == path).unwrap_or(Self::Overview)
    }

    /// Where somebody proves anew who they are, and comes back to this place.
    pub(super) fn again(self) -> String {
        format!("/account/again/{}", self.word())
    }

    /// The place that is called `word` in such an address.
    pub(super) fn called(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.word() == word)
    }

    fn word(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Security => "security",
            Self::Passkey => "passkey",
            Self::App => "app",
            Self::Change => "change",
            Self::Sessions => "sessions",
            Self::Releases => "releases",
            Self::NotMe => "not-me",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn each_place_has_an_address_and_a_word_of_its_own() {
        for place in Place::ALL {
            assert_eq!(Place::at(place.path()), place);
            let again = place.again();
            assert_eq!(Place::called(again.rsplit('/').next().unwrap()), Some(place));
        }
    }

    #[test]
    fn whatever_is_no_place_of_ours_is_the_first_page() {
        for path in ["", "/", "//evil.example", "/accounts", "/account/", "/account/../login", "x"]
        {
            assert_eq!(Place::at(path), Place::Overview, "{path}");
        }
        assert_eq!(Place::called("../login"), None);
        assert_eq!(Place::at("/account/releases.json"), Place::Releases);
    }
}
