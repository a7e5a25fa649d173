//! A letter as plain text and as HTML. Both say the same, in the same order.
//!
//! The HTML has no picture, no style sheet, no address but the broker's own, and nothing that would
//! tell anybody that it was read. It names no colours, so that mail programs can choose them.

use crate::{
    letterhead::{Part, Written},
    words::{Sentence, escape},
};

/// The letter as plain text, a paragraph a line.
pub(crate) fn plain(letter: &Written) -> String {
    let lang = letter.lang;
    let mut out = format!("{}\n", letter.subject);
    for part in &letter.parts {
        let part = match part {
            Part::Paragraph(sentence) | Part::Heading(sentence) | Part::Small(sentence) => {
                sentence.plain(lang)
            }
            Part::Link(address) => address.clone(),
            Part::Facts(facts) => {
                let fact = |(label, value): &(Sentence, Sentence)| {
                    format!("{} {}", label.plain(lang), value.plain(lang))
                };
                facts.iter().map(fact).collect::<Vec<_>>().join("\n")
            }
        };
        out.push('\n');
        out.push_str(&part);
        out.push('\n');
    }
    out
}

/// The letter as an HTML document.
pub(crate) fn html(letter: &Written) -> String {
    let direction = if letter.lang.is_rtl() { "rtl" } else { "ltr" };
    let tag = letter.lang.tag();
    let mut title = String::new();
    escape(&letter.subject, &mut title);
    let mut product = String::new();
    escape(&letter.product, &mut product);
    // The inner `div` repeats language and direction: many mail programs show a letter inside a
    // page of their own and keep nothing of what is around the body.
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{tag}\" dir=\"{direction}\">\n<head>\n\
         <meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"format-detection\" content=\"telephone=no, date=no, address=no\">\n\
         <title>{title}</title>\n</head>\n<body>\n\
         <div lang=\"{tag}\" dir=\"{direction}\" style=\"{LETTER}\">\n\
         <p style=\"{SMALL}\"><bdi>{product}</bdi></p>\n<h1 style=\"{TITLE}\">{title}</h1>\n"
    );
    for part in &letter.parts {
        let part = match part {
            Part::Paragraph(sentence) => format!("<p>{}</p>\n", sentence.html()),
            Part::Heading(sentence) => {
                format!("<h2 style=\"{HEADING}\">{}</h2>\n", sentence.html())
            }
            Part::Small(sentence) => format!("<p style=\"{SMALL}\">{}</p>\n", sentence.html()),
            Part::Link(address) => {
                let mut escaped = String::new();
                escape(address, &mut escaped);
                format!("<p><a href=\"{escaped}\" dir=\"ltr\">{escaped}</a></p>\n")
            }
            Part::Facts(facts) => {
                let fact = |(label, value): &(Sentence, Sentence)| {
                    let (label, value) = (label.html(), value.html());
                    format!(
                        "<dt style=\"{LABEL}\">{label}</dt>\n<dd style=\"{VALUE}\">{value}</dd>\n"
                    )
                };
                let facts: String = facts.iter().map(fact).collect();
                format!("<dl>\n{facts}</dl>\n")
            }
        };
        out += &part;
    }
    out + "</div>\n</body>\n</html>\n"
}

const LETTER: &str = "max-width:36em;margin:0 auto;padding:1em;font-family:sans-serif;\
                      font-size:1em;line-height:1.5";
const TITLE: &str = "font-size:1.4em;line-height:1.3;margin:0.5em 0";
const HEADING: &str = "font-size:1.15em;line-height:1.3;margin:1.5em 0 0.5em";
const SMALL: &str = "font-size:0.875em";
const LABEL: &str = "font-weight:bold";
const VALUE: &str = "margin:0 0 0.5em";
