//! Letters as people get them, with the words of the default theme.

mod delivering;
mod letters;
mod peer;
mod sending;

use std::{collections::BTreeMap, fs, sync::LazyLock};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use idp_domain::Lang;

use crate::{Inset, Letterhead, Sender, Words};

/// The words of the default theme, read as the pages read them.
fn words() -> Words {
    let bundles: BTreeMap<_, _> = Lang::ALL.into_iter().map(|lang| (lang, bundle(lang))).collect();
    Words::new(move |lang, key, insets| {
        let bundle = &bundles[&lang];
        let pattern = bundle.get_message(key)?.value()?;
        let args: FluentArgs<'_> = insets
            .iter()
            .map(|(name, inset)| match inset {
                Inset::Count(count) => (*name, FluentValue::from(*count)),
                Inset::Text(text) => (*name, FluentValue::from(text.clone())),
            })
            .collect();
        let mut errors = vec![];
        let text = bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
        errors.is_empty().then_some(text)
    })
}

fn bundle(lang: Lang) -> FluentBundle<FluentResource> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../themes/default/words");
    let source = fs::read_to_string(format!("{root}/{}.ftl", lang.tag())).unwrap();
    let mut bundle = FluentBundle::new_concurrent(vec![lang.tag().parse().unwrap()]);
    bundle.set_use_isolating(false);
    bundle.add_resource(FluentResource::try_new(source).unwrap()).unwrap();
    bundle
}

/// The letters of a broker at `sso.example.org`.
fn letterhead() -> Letterhead {
    static LETTERHEAD: LazyLock<Letterhead> = LazyLock::new(|| {
        let support = Some("help@example.org");
        Letterhead::new("Laissez-Passer", "https://sso.example.org/", support, words()).unwrap()
    });
    LETTERHEAD.clone()
}

/// In whose name that broker writes.
fn sender() -> Sender {
    Sender::new("no-reply@sso.example.org", None, "sso.example.org").unwrap()
}
