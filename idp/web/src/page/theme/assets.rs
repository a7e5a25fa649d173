//! Static files, served from memory under names that change with their content.

use std::{borrow::Cow, collections::BTreeMap};

use aws_lc_rs::digest::{SHA256, SHA384, digest};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};

use super::{Manifest, ThemeError, ThemeFiles};

/// Where static files are served.
pub const STATIC_PATH: &str = "/static/";

/// The stylesheet: the one file that every page needs.
pub(super) const STYLESHEET: &str = "style.css";

/// What some pages need besides.
pub(super) const MORE_STYLES: &str = "more.css";

/// The script of pages that use passkeys. Themes bring no scripts.
pub(super) const PASSKEY_SCRIPT: &str = "passkey.js";

/// A static file as it is sent.
#[derive(Clone, Debug)]
pub struct Asset {
    content_type: &'static str,
    content: Cow<'static, [u8]>,
}

impl Asset {
    /// The bytes to send.
    #[must_use]
    pub fn content(&self) -> &Cow<'static, [u8]> {
        &self.content
    }

    /// The headers to send with them: the name changes with the content, so they keep for ever.
    ///
    /// An image that is opened by itself is sandboxed: SVG is a document too.
    #[must_use]
    pub fn headers(&self) -> [(&'static str, &'static str); 3] {
        [
            ("content-type", self.content_type),
            ("cache-control", "public, max-age=31536000, immutable"),
            ("content-security-policy", "default-src 'none'; sandbox; frame-ancestors 'none'"),
        ]
    }
}

/// All static files of a theme.
#[derive(Clone, Debug, Default)]
pub(super) struct Assets {
    by_path: BTreeMap<String, Asset>,
    paths: BTreeMap<String, String>,
}

impl Assets {
    /// Reads the files under `static/`, the stylesheets last, for they name the others.
    pub(super) fn read(files: &ThemeFiles, manifest: &Manifest) -> Result<Self, ThemeError> {
        let mut assets = Self::default();
        let (light, dark) = (manifest.light.css(), manifest.dark.css());
        let colours = format!(
            ":root{{color-scheme:light dark;{light}}}\
             @media(prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
        );
        let sheets = [(STYLESHEET, colours), (MORE_STYLES, String::new())];
        let sheets = sheets.map(|(name, first)| (format!("static/{name}"), name, first));
        let others = files.names_under("static/");
        for file in others.filter(|file| sheets.iter().all(|(sheet, ..)| sheet != file)) {
            let name = file.strip_prefix("static/").unwrap_or(file);
            assets.add(file, name, files.content(file).unwrap_or_default())?;
        }
        for (sheet, name, first) in sheets {
            let css = assets.stylesheet(&sheet, files.text(&sheet)?, first)?;
            assets.add(&sheet, name, Cow::Owned(css.into_bytes()))?;
        }
        for name in [&manifest.logo, &manifest.icon] {
            if assets.path_of(name).is_none() {
                return Err(ThemeError::Missing { file: format!("static/{name}") });
            }
        }
        Ok(assets)
    }

    /// The file served at `path`.
    pub(super) fn find(&self, path: &str) -> Option<&Asset> {
        self.by_path.get(path)
    }

    /// Where the file that the theme calls `name` is served.
    pub(super) fn path_of(&self, name: &str) -> Option<&str> {
        self.paths.get(name).map(String::as_str)
    }

    /// What a page says of the file that the theme calls `name`, so that browsers run no other
    /// (Subresource Integrity section 3.3).
    pub(super) fn integrity_of(&self, name: &str) -> Option<String> {
        let asset = self.find(self.path_of(name)?)?;
        Some(format!("sha384-{}", STANDARD.encode(digest(&SHA384, &asset.content))))
    }

    /// Every file by the path at which it is served.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Asset)> {
        self.by_path.iter().map(|(path, asset)| (path.as_str(), asset))
    }

    fn add(
        &mut self,
        file: &str,
        name: &str,
        content: Cow<'static, [u8]>,
    ) -> Result<(), ThemeError> {
        let kind = name.rsplit_once('.').and_then(|(stem, ending)| {
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            let content_type = match ending {
                "css" => "text/css; charset=utf-8",
                "js" => "text/javascript; charset=utf-8",
                "svg" => "image/svg+xml",
                "png" => "image/png",
                "webp" => "image/webp",
                "ico" => "image/x-icon",
                _ => return None,
            };
            stem.chars().all(plain).then_some((stem, ending, content_type))
        });
        let Some((stem, ending, content_type)) = kind else {
            return Err(ThemeError::Unknown { file: file.to_owned() });
        };
        let hash = digest(&SHA256, &content);
        let short = URL_SAFE_NO_PAD.encode(hash.as_ref().get(..6).unwrap_or_default());
        let path = format!("{STATIC_PATH}{stem}.{short}.{ending}");
        self.paths.insert(name.to_owned(), path.clone());
        self.by_path.insert(path, Asset { content_type, content });
        Ok(())
    }

    /// A stylesheet as it is sent: what stands in front of it, comments and spare spaces gone, each
    /// `url(name)` the path of a file of this theme. A stylesheet reaches nothing else.
    fn stylesheet(&self, file: &str, source: &str, mut css: String) -> Result<String, ThemeError> {
        let mut rest = source;
        let broken = |rest: &str, problem: &str| {
            ThemeError::broken_at(file, source, source.len() - rest.len(), problem)
        };
        let mut bare = String::with_capacity(source.len());
        while let Some(start) = rest.find("/*") {
            let (before, comment) = rest.split_at(start);
            bare.push_str(before);
            let end = comment.find("*/").ok_or_else(|| broken(comment, "comment without end"))?;
            // Lines are kept, so that a problem further down is named by its line.
            let (comment, after) = comment.split_at(end + 2);
            bare.extend(comment.chars().filter(|c| *c == '\n'));
            rest = after;
        }
        bare.push_str(rest);
        for (number, line) in bare.lines().enumerate() {
            self.style_line(line, &mut css).map_err(|problem| ThemeError::Broken {
                file: file.to_owned(),
                line: number + 1,
                problem,
            })?;
        }
        Ok(css)
    }

    fn style_line(&self, line: &str, css: &mut String) -> Result<(), String> {
        let mut rest = line.trim();
        let lower = rest.to_ascii_lowercase();
        if let Some(word) =
            ["@import", "image-set(", "expression("].iter().find(|w| lower.contains(**w))
        {
            return Err(format!("`{word}` is not for themes"));
        }
        if lower.matches("url(").count() != rest.matches("url(").count() || lower.contains('\\') {
            return Err("write `url(` in lower case, and no backslash".to_owned());
        }
        let mut bare = String::new();
        while let Some((before, after)) = rest.split_once("url(") {
            let (name, after) = after.split_once(')').ok_or("`url(` without end")?;
            let path = self.path_of(name).ok_or_else(|| format!("`{name}` is no static file"))?;
            bare.extend([before, "url(", path, ")"]);
            rest = after;
        }
        bare.push_str(rest);
        if !bare.is_empty() {
            css.push_str(&bare.replace(" { ", "{").replace(" }", "}").replace("; ", ";"));
            css.push('\n');
        }
        Ok(())
    }
}
