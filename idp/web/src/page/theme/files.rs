//! The files of a theme by their names: those in the program, and those of a directory.

use std::{borrow::Cow, collections::BTreeMap, fs, path::Path};

use include_dir::{Dir, include_dir};

use super::ThemeError;

/// The file that holds what a theme says of itself.
pub(super) const MANIFEST: &str = "theme.toml";

/// The largest file of a theme, in bytes. Pages are made for slow lines.
const LARGEST: usize = 256 * 1024;

static DEFAULT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../themes/default");

/// Files of a theme, each under a name such as `pages/choose.html`.
#[derive(Clone, Debug, Default)]
pub struct ThemeFiles(BTreeMap<String, Cow<'static, [u8]>>);

impl ThemeFiles {
    /// Reads the theme in `directory`: `theme.toml` and the folders `pages`, `static` and `words`,
    /// as far as they are there. Called once, at the start.
    pub fn in_directory(directory: &Path) -> Result<Self, ThemeError> {
        let mut files = Self::default();
        files.gather(directory, "")?;
        for folder in ["pages/", "static/", "words/"] {
            let path = directory.join(folder);
            if path.is_dir() {
                files.gather(&path, folder)?;
            }
        }
        Ok(files)
    }

    /// Adds a file.
    #[must_use]
    pub fn with(mut self, name: &str, content: impl Into<Vec<u8>>) -> Self {
        self.0.insert(name.to_owned(), Cow::Owned(content.into()));
        self
    }

    fn gather(&mut self, directory: &Path, folder: &str) -> Result<(), ThemeError> {
        let unreadable = |path: &Path, source| ThemeError::Unreadable {
            file: path.display().to_string(),
            source,
        };
        for entry in fs::read_dir(directory).map_err(|error| unreadable(directory, error))? {
            let path = entry.map_err(|error| unreadable(directory, error))?.path();
            let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
            if name.starts_with('.') || (folder.is_empty() && path.is_dir()) {
                continue;
            }
            let content = fs::read(&path).map_err(|error| unreadable(&path, error))?;
            self.0.insert(format!("{folder}{name}"), Cow::Owned(content));
        }
        Ok(())
    }

    /// Refuses files that `default` has no counterpart for, files that are too large, and scripts
    /// that are not the default theme's own, letter for letter.
    ///
    /// Other static files may be new: a logo has any name.
    pub(super) fn admit(&self, default: &Self) -> Result<(), ThemeError> {
        for (name, content) in &self.0 {
            let known = default.contains(name) || name.starts_with("static/");
            let ending = Path::new(name).extension();
            let is_script = ending.is_some_and(|ending| ending.eq_ignore_ascii_case("js"));
            let own = !is_script || default.0.get(name) == Some(content);
            if !known || !own {
                return Err(ThemeError::Unknown { file: name.clone() });
            }
            if content.len() > LARGEST {
                let (file, bytes) = (name.clone(), content.len());
                return Err(ThemeError::TooLarge { file, bytes, most: LARGEST });
            }
        }
        Ok(())
    }

    /// These files, and `overrides` in place of those of the same name.
    pub(super) fn overridden_by(&self, overrides: &Self) -> Self {
        let mut whole = self.clone();
        let others = overrides.0.iter().map(|(name, content)| (name.clone(), content.clone()));
        whole.0.extend(others);
        whole
    }

    /// Whether there is no file at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether there is a file of this name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The text of a file that must be there and be UTF-8.
    pub(super) fn text(&self, name: &str) -> Result<&str, ThemeError> {
        let missing = || ThemeError::Missing { file: name.to_owned() };
        let content = self.0.get(name).ok_or_else(missing)?;
        std::str::from_utf8(content).map_err(|error| {
            let valid = content.get(..error.valid_up_to()).unwrap_or_default();
            let valid = String::from_utf8_lossy(valid);
            ThemeError::broken_at(name, &valid, valid.len(), "not UTF-8")
        })
    }

    /// The names that begin with `folder`, in order.
    pub(super) fn names_under(&self, folder: &str) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str).filter(move |name| name.starts_with(folder))
    }

    /// The content of a file.
    pub(super) fn content(&self, name: &str) -> Option<Cow<'static, [u8]>> {
        self.0.get(name).cloned()
    }
}

/// The default theme's files.
pub(super) fn embedded() -> Result<ThemeFiles, ThemeError> {
    let mut files = ThemeFiles::default();
    let folders = DEFAULT.dirs().flat_map(Dir::files);
    for file in DEFAULT.files().chain(folders) {
        let name = file.path().to_str();
        let name =
            name.ok_or_else(|| ThemeError::Missing { file: "a name in UTF-8".to_owned() })?;
        files.0.insert(name.replace('\\', "/"), Cow::Borrowed(file.contents()));
    }
    Ok(files)
}
