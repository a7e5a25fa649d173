//! Colours of a theme, and whether what is written in them can be read (WCAG 2.2 §1.4.3, §1.4.11).

use std::fmt;

use serde::Deserialize;
use toml::Spanned;

/// An opaque colour, written `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Colour([u8; 3]);

impl Colour {
    /// The contrast between two colours, from 1 to 21 (WCAG 2.2, "contrast ratio").
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The relative luminance, from 0 to 1 (WCAG 2.2).
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        });
        0.0722_f64.mul_add(blue, 0.2126_f64.mul_add(red, 0.7152 * green))
    }
}

impl TryFrom<String> for Colour {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let digits = text.strip_prefix('#').filter(|digits| {
            digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let [_, red, green, blue] = number
            .ok_or_else(|| format!("`{text}` is not a colour such as #0b5a8a"))?
            .to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// The colours of one scheme, by what they are for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Palette {
    ground: Spanned<Colour>,
    surface: Spanned<Colour>,
    ink: Spanned<Colour>,
    muted: Spanned<Colour>,
    line: Spanned<Colour>,
    edge: Spanned<Colour>,
    accent: Spanned<Colour>,
    accent_strong: Spanned<Colour>,
    accent_soft: Spanned<Colour>,
    on_accent: Spanned<Colour>,
    danger: Spanned<Colour>,
    danger_soft: Spanned<Colour>,
    caution: Spanned<Colour>,
    caution_soft: Spanned<Colour>,
    good: Spanned<Colour>,
    good_soft: Spanned<Colour>,
}

/// A pair of colours that does not stand out enough from each other.
#[derive(Clone, Debug)]
pub(super) struct Faint {
    /// Where the colour in front stands in the file.
    pub(super) at: usize,
    /// What is wrong with it.
    pub(super) problem: String,
}

impl Palette {
    /// The colour behind everything.
    #[must_use]
    pub fn ground(&self) -> Colour {
        *self.ground.as_ref()
    }

    /// The colours by the names of their CSS custom properties.
    fn named(&self) -> [(&'static str, &Spanned<Colour>); 16] {
        [
            ("ground", &self.ground),
            ("surface", &self.surface),
            ("ink", &self.ink),
            ("muted", &self.muted),
            ("line", &self.line),
            ("edge", &self.edge),
            ("accent", &self.accent),
            ("accent-strong", &self.accent_strong),
            ("accent-soft", &self.accent_soft),
            ("on-accent", &self.on_accent),
            ("danger", &self.danger),
            ("danger-soft", &self.danger_soft),
            ("caution", &self.caution),
            ("caution-soft", &self.caution_soft),
            ("good", &self.good),
            ("good-soft", &self.good_soft),
        ]
    }

    /// The palette as CSS custom properties.
    pub(super) fn css(&self) -> String {
        let mut css = String::new();
        for (name, colour) in self.named() {
            let value = colour.as_ref().to_string();
            css.extend(["--", name, ":", &value, ";"]);
        }
        css
    }

    /// Every pair that WCAG AA asks more contrast of: 4.5 for text, 3 for what marks a control.
    pub(super) fn faint(&self) -> Vec<Faint> {
        let pairs = [
            (&self.ink, &[&self.ground, &self.surface, &self.accent_soft][..], 4.5),
            (&self.muted, &[&self.ground, &self.surface, &self.accent_soft], 4.5),
            (&self.accent, &[&self.ground, &self.surface, &self.accent_soft], 4.5),
            (&self.accent_strong, &[&self.ground, &self.surface, &self.accent_soft], 4.5),
            (&self.on_accent, &[&self.accent, &self.accent_strong], 4.5),
            (&self.danger, &[&self.surface, &self.danger_soft], 4.5),
            (&self.caution, &[&self.surface, &self.caution_soft], 4.5),
            (&self.good, &[&self.surface, &self.good_soft], 4.5),
            (&self.ink, &[&self.danger_soft, &self.caution_soft, &self.good_soft], 4.5),
            (&self.edge, &[&self.ground, &self.surface], 3.0),
        ];
        let mut faint = Vec::new();
        for (front, backs, least) in pairs {
            for back in backs {
                let ratio = front.as_ref().contrast(*back.as_ref());
                if ratio < least {
                    let (name, against) = (self.name_of(front), self.name_of(back));
                    let problem = format!(
                        "`{name}` on `{against}` has a contrast of {ratio:.2}, and people need {least}"
                    );
                    faint.push(Faint { at: front.span().start, problem });
                }
            }
        }
        faint
    }

    fn name_of(&self, colour: &Spanned<Colour>) -> &'static str {
        let is_it = |(_, other): &(&str, &Spanned<Colour>)| std::ptr::eq(*other, colour);
        self.named().into_iter().find(is_it).map_or("?", |(name, _)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::Colour;

    fn colour(text: &str) -> Colour {
        Colour::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn contrast_is_what_wcag_says() {
        let contrast = |a, b| (colour(a).contrast(colour(b)) * 100.0).round() / 100.0;
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
        assert!((contrast("#777777", "#ffffff") - 4.48).abs() < 1e-9);
        assert!((contrast("#ffffff", "#767676") - 4.54).abs() < 1e-9);
    }

    #[test]
    fn a_colour_is_six_digits_and_nothing_else() {
        assert_eq!(colour("#0B5a8a").to_string(), "#0b5a8a");
        for text in ["red", "#fff", "#0b5a8a;} body{", "url(x)", "#0b5a8g", "", "#+b5a8a"] {
            assert!(Colour::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
