//! A theme: colours, logo, page templates, words and static files, all of them data.
//!
//! The default theme is part of the program; a directory may override any of its files. A theme
//! is judged when it is read, so that a broken one stops the start and not a login.

mod assets;
mod colour;
mod error;
mod files;
mod manifest;

use std::{collections::BTreeMap, sync::Arc};

use idp_domain::Lang;
use serde::Serialize;

pub use assets::{Asset, STATIC_PATH};
pub use colour::Colour;
pub use error::ThemeError;
pub use files::ThemeFiles;
pub use manifest::{Link, Manifest, Support};

use super::i18n::{PerLang, Words};

/// A theme that was read and found whole.
#[derive(Clone, Debug)]
pub struct Theme {
    manifest: Manifest,
    templates: BTreeMap<String, String>,
    words: PerLang<Words>,
    assets: Arc<assets::Assets>,
    is_default: bool,
}

/// What a template sees of the theme.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Brand {
    product: String,
    logo: String,
    icon: String,
    stylesheet: String,
    more_styles: String,
    passkey_script: String,
    passkey_integrity: String,
    ground_light: String,
    ground_dark: String,
    support: Option<Support>,
    links: Vec<BrandLink>,
}

#[derive(Clone, Debug, Serialize)]
struct BrandLink {
    href: String,
    words: String,
}

impl Theme {
    /// The default theme.
    pub fn embedded() -> Result<Self, ThemeError> {
        Self::read(&ThemeFiles::default())
    }

    /// The default theme with `overrides` in place of the files of the same name.
    ///
    /// Words are overridden sentence by sentence, so a file of words may hold a few only.
    pub fn read(overrides: &ThemeFiles) -> Result<Self, ThemeError> {
        let default = files::embedded()?;
        overrides.admit(&default)?;
        let whole = default.overridden_by(overrides);
        let manifest = Manifest::read(files::MANIFEST, whole.text(files::MANIFEST)?)?;
        let words = PerLang::try_new(|lang| {
            let name = format!("words/{}.ftl", lang.tag());
            let mut texts = vec![(name.as_str(), default.text(&name)?)];
            if overrides.contains(&name) {
                texts.push((name.as_str(), overrides.text(&name)?));
            }
            Words::read(lang, texts)
        })?;
        let mut templates = BTreeMap::new();
        for name in whole.names_under("pages/") {
            let short = name.strip_prefix("pages/").unwrap_or(name).to_owned();
            templates.insert(short, whole.text(name)?.to_owned());
        }
        let assets = Arc::new(assets::Assets::read(&whole, &manifest)?);
        let is_default = overrides.is_empty();
        Ok(Self { manifest, templates, words, assets, is_default })
    }

    /// The static file served at `path` (which starts with [`STATIC_PATH`]), letter for letter.
    #[must_use]
    pub fn asset(&self, path: &str) -> Option<&Asset> {
        self.assets.find(path)
    }

    /// Whether nothing of the default theme is overridden.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.is_default
    }

    /// The words of `lang`.
    #[must_use]
    pub fn words(&self, lang: Lang) -> &Words {
        self.words.of(lang)
    }

    /// What the theme says of itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The templates by their file names.
    pub(super) fn templates(&self) -> impl Iterator<Item = (&str, &str)> {
        self.templates.iter().map(|(name, source)| (name.as_str(), source.as_str()))
    }

    /// Every static file by the path at which it is served.
    pub fn assets(&self) -> impl Iterator<Item = (&str, &Asset)> {
        self.assets.iter()
    }

    pub(super) fn brand(&self, lang: Lang) -> Brand {
        let manifest = &self.manifest;
        let path = |name: &str| self.assets.path_of(name).unwrap_or_default().to_owned();
        let word = |link: &Link| BrandLink {
            href: link.href.clone(),
            words: link.words.of(lang).to_owned(),
        };
        Brand {
            product: manifest.product.clone(),
            logo: path(&manifest.logo),
            icon: path(&manifest.icon),
            stylesheet: path(assets::STYLESHEET),
            more_styles: path(assets::MORE_STYLES),
            passkey_script: path(assets::PASSKEY_SCRIPT),
            passkey_integrity: self.assets.integrity_of(assets::PASSKEY_SCRIPT).unwrap_or_default(),
            ground_light: manifest.light.ground().to_string(),
            ground_dark: manifest.dark.ground().to_string(),
            support: manifest.support.clone(),
            links: manifest.links.iter().map(word).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
