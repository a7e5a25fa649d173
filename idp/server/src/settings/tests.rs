//! What is refused of a configuration before anything starts.

use super::Settings;
use crate::config;

/// Why a configuration with these `[sessions]` does not work; `None` when it does.
fn refused(sessions: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let key = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    std::fs::write(folder.path().join("key"), key).unwrap();
    let path = folder.path().join("idp.toml");
    let text = format!(
        "[server]\nbase_url = \"https://login.example/\"\n[keys]\nmaster = {{ file = \"key\" }}\n\
         [sessions]\n{sessions}\n"
    );
    let file = config::parse(&text, &path, std::iter::empty()).unwrap();
    Settings::new(file, &path).err().map(|error| error.to_string())
}

#[test]
fn sessions_last_for_a_while_and_no_longer_than_nist_allows() {
    for workable in ["", "idle_minutes = 60\nabsolute_hours = 24\nfactor_hours = 24"] {
        assert_eq!(refused(workable), None);
    }
    for [setting, why] in [
        ["idle_minutes = 0", "must last for a while"],
        ["absolute_hours = 0", "must last for a while"],
        ["factor_hours = 0", "must last for a while"],
        ["idle_minutes = 61", "are the most"],
        ["absolute_hours = 25", "are the most"],
        ["factor_hours = 25", "are the most"],
    ] {
        assert!(refused(setting).is_some_and(|said| said.contains(why)), "{setting}");
    }
}
