//! What a browser says it is, in a few words that a person knows their own browsers by.
//!
//! Words of ours alone: what somebody else wrote into the header is shown nowhere. No versions:
//! browsers have stopped to tell the truth about them, and a person does not know them.

/// Words in the header, and the browser that is known by them; the first that is there counts,
/// for each names those below it as well.
const BROWSERS: [(&str, &str); 14] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("YaBrowser/", "Yandex Browser"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("Trident/", "Internet Explorer"),
];

/// The same for what it runs on.
const SYSTEMS: [(&str, &str); 8] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
    ("FreeBSD", "FreeBSD"),
];

/// The longest header that is looked at.
const LONGEST: usize = 512;

/// What the header `User-Agent` says in a few words, the same in every language; empty when it
/// says nothing that is known.
pub(crate) fn label(header: &str) -> String {
    let header = header.get(..LONGEST).unwrap_or(header);
    let known = |words: &[(&str, &'static str)]| {
        words.iter().find(|(word, _)| header.contains(word)).map(|(_, name)| *name)
    };
    let named: Vec<_> = [known(&BROWSERS), known(&SYSTEMS)].into_iter().flatten().collect();
    named.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn a_person_knows_their_browsers_by_their_labels() {
        for (header, expected) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
                "Firefox · Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/142.0.0.0 Safari/537.36",
                "Chrome · Windows",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                "Edge · Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, \
                 like Gecko) Version/26.0 Safari/605.1.15",
                "Safari · Mac",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 \
                 (KHTML, like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1",
                "Chrome · iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 15; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) \
                 SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
                "Samsung Internet · Android",
            ),
        ] {
            assert_eq!(label(header), expected, "{header}");
        }
    }

    #[test]
    fn ses_18_nothing_that_others_wrote_is_in_a_label() {
        assert_eq!(label("<script>alert(1)</script> Firefox/1\"><img>"), "Firefox");
        assert_eq!(label("curl/8.14.1"), "");
        assert_eq!(label(""), "");
        assert_eq!(label(&format!("{}Firefox/145.0", "x".repeat(512))), "");
        assert_eq!(label(&"ä".repeat(600)), "", "cut where no letter ends");
    }
}
