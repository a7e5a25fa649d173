//! The parts of an entity: endpoints, keys, scopes, texts, pictures, contacts.

use idp_domain::Lang;

use super::super::super::testing::UNSIGNED;
use super::super::super::{ContactKind, Flaw, KeyUse, LogoSource, MetadataError, Reading, Texts};
use super::super::read;
use super::{POST, SAMLP, entity, idp, must, role, sp, warning};
use crate::binding::Binding;
use crate::dsig::testing::rsa;
use crate::xml::write_base64;

fn ui(inside: &str) -> String {
    idp(&format!("<md:Extensions><mdui:UIInfo>{inside}</mdui:UIInfo></md:Extensions>"))
}

fn acs(location: &str) -> String {
    let location = location.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    format!(r#"<md:AssertionConsumerService index="0" Binding="{POST}" Location="{location}"/>"#)
}

#[test]
fn idp_02_metadata_that_would_run_in_a_browser_is_refused_whole() {
    let good = acs("https://sp.example/acs");
    for text in ["javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "https://x\"><script>"]
    {
        let with = sp(&format!("{good}{}", acs(text)));
        let error = read(with.as_bytes(), &UNSIGNED).unwrap_err();
        assert_eq!(error, MetadataError::HostileEndpoint("AssertionConsumerService"), "{text}");
        for name in ["SingleSignOnService", "SingleLogoutService"] {
            let location = text.replace('"', "&quot;").replace('<', "&lt;");
            let endpoint = format!(r#"<md:{name} Binding="{POST}" Location="{location}"/>"#);
            let error = read(idp(&endpoint).as_bytes(), &UNSIGNED).unwrap_err();
            assert_eq!(error.slug(), "hostile_endpoint");
            let behind = format!(
                r#"<md:{name} Binding="{POST}" Location="https://x.example/" ResponseLocation="{location}"/>"#
            );
            let error = read(idp(&behind).as_bytes(), &UNSIGNED).unwrap_err();
            assert_eq!(error.slug(), "hostile_endpoint");
        }
    }
}

#[test]
fn an_endpoint_that_is_only_sloppy_is_passed_over() {
    let with = sp(&[
        acs("http://sp.example/acs"),
        acs("https://sp.example:99999/"),
        acs(" https://sp.example/acs\n"),
    ]
    .concat());
    let entity = must(&with);
    let role = entity.sp.unwrap();
    let kept: Vec<_> = role.acs.iter().map(|acs| acs.location.as_str()).collect();
    assert_eq!(kept, ["https://sp.example/acs"]);
    let name = "AssertionConsumerService";
    assert_eq!(entity.warnings, [warning(name, Flaw::PlainHttp), warning(name, Flaw::BadUrl)]);

    let local = sp(&acs("http://127.0.0.1:8080/acs"));
    assert!(must(&local).sp.unwrap().acs.is_empty());
    let here = Reading { loopback_http: true, ..UNSIGNED };
    assert_eq!(read(local.as_bytes(), &here).unwrap().sp.unwrap().acs.len(), 1);
}

#[test]
fn where_responses_cannot_go_requests_do_not_go_either() {
    let slo = |response: &str| {
        format!(
            r#"<md:SingleLogoutService Binding="{POST}" Location="https://x.example/" ResponseLocation="{response}"/>"#
        )
    };
    let entity = must(&idp(&(slo("http://x.example/") + &slo("https://x.example/done"))));
    let slo = entity.idp.unwrap().slo;
    assert_eq!(slo.len(), 1);
    assert_eq!(slo[0].for_responses().as_str(), "https://x.example/done");
}

#[test]
fn bindings_that_are_not_spoken_are_not_there() {
    let of = |binding: &str| {
        format!(
            r#"<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:{binding}" Location="https://x.example/{binding}"/>"#
        )
    };
    let all =
        ["HTTP-Redirect", "HTTP-POST", "HTTP-POST-SimpleSign", "HTTP-Artifact", "SOAP", "PAOS"];
    let entity = must(&idp(&all.map(of).concat()));
    let kept: Vec<_> = entity.idp.unwrap().sso.iter().map(|sso| sso.binding).collect();
    assert_eq!(kept, [Binding::Redirect, Binding::Post, Binding::Soap]);
    assert_eq!(entity.warnings, []);
}

#[test]
fn an_answer_never_goes_to_an_endpoint_that_is_not_of_the_post_binding() {
    let redirect = acs("https://sp.example/acs").replace("HTTP-POST", "HTTP-Redirect");
    assert!(must(&sp(&redirect)).sp.unwrap().acs.is_empty());
}

#[test]
fn an_endpoint_without_a_number_gets_the_next() {
    let bare = acs("https://sp.example/acs").replace("index=\"0\"", "");
    let entity = must(&sp(&[acs("https://sp.example/0"), bare.clone(), bare].concat()));
    let numbers: Vec<_> = entity.sp.unwrap().acs.iter().map(|acs| acs.index).collect();
    assert_eq!(numbers, [0, 1, 2]);
    assert_eq!(entity.warnings, [warning("AssertionConsumerService", Flaw::BadNumber)]);
}

fn key(attributes: &str, inside: &str) -> String {
    format!("<md:KeyDescriptor {attributes}><ds:KeyInfo>{inside}</ds:KeyInfo></md:KeyDescriptor>")
}

fn certificate() -> String {
    write_base64(&rsa().certificate)
}

fn x509(text: &str) -> String {
    format!("<ds:X509Data><ds:X509Certificate>{text}</ds:X509Certificate></ds:X509Data>")
}

#[test]
fn a_key_without_a_use_is_for_both() {
    let entity = must(&idp(&key("", &x509(&certificate()))));
    let keys = entity.idp.unwrap().keys;
    assert_eq!(keys.0[0].usage, KeyUse::Both);
    assert_eq!(keys.verifying().len(), 1);
    assert_eq!(keys.certificates(KeyUse::Encryption).count(), 1);
}

#[test]
fn a_key_for_encryption_verifies_nothing() {
    let all = [key("use='encryption'", &x509(&certificate())), key("use='signing'", &x509("MAA="))];
    let keys = must(&idp(&all.concat())).idp.unwrap().keys;
    assert_eq!(keys.0.len(), 2);
    assert!(keys.verifying().is_empty());
    assert_eq!(keys.certificates(KeyUse::Signing).count(), 1);
}

#[test]
fn several_keys_verify_side_by_side() {
    let one = key("use='signing'", &x509(&certificate()));
    let keys = must(&idp(&[one.clone(), one].concat())).idp.unwrap().keys;
    assert_eq!(keys.verifying().len(), 2);
}

#[test]
fn more_keys_than_anybody_needs_cost_the_whole_entity() {
    let many = |count: usize| {
        let one = key("use='signing'", &x509(&certificate()));
        let last = key("", &x509("MAA=").repeat(2));
        idp(&[one.repeat(count - 2), last].concat())
    };
    assert_eq!(must(&many(32)).idp.unwrap().keys.certificates(KeyUse::Signing).count(), 32);
    let error = read(many(33).as_bytes(), &UNSIGNED).unwrap_err();
    assert_eq!(error, MetadataError::TooManyKeys);
}

#[test]
fn a_certificate_is_read_as_people_paste_it() {
    let solid = certificate();
    let folded: Vec<&str> =
        solid.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let folded = folded.join("\r\n      ");
    let armoured = format!("\n-----BEGIN CERTIFICATE-----\n{folded}\n-----END CERTIFICATE-----\n");
    for text in [solid.clone(), format!("\n  {folded}\n"), armoured] {
        let entity = must(&idp(&key("", &x509(&text))));
        assert_eq!(entity.idp.unwrap().keys.0[0].certificates, [&*rsa().certificate]);
        assert_eq!(entity.warnings, []);
    }
}

#[test]
fn what_is_no_certificate_is_no_key() {
    let name = "<ds:KeyName>key</ds:KeyName>";
    let bare =
        "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AA==</ds:Modulus></ds:RSAKeyValue></ds:KeyValue>";
    for inside in
        [String::new(), name.to_owned(), bare.to_owned(), x509("!"), x509("AAAA"), x509("")]
    {
        let entity = must(&idp(&key("", &inside)));
        assert_eq!(entity.idp.unwrap().keys.0, [], "{inside}");
        assert!(entity.warnings.contains(&warning("KeyDescriptor", Flaw::NoCertificate)));
    }
    let odd = must(&idp(&key("use='both'", &x509(&certificate()))));
    assert_eq!(odd.idp.unwrap().keys.0, []);
    assert_eq!(odd.warnings, [warning("KeyDescriptor", Flaw::Schema)]);
}

#[test]
fn an_authority_above_a_certificate_is_no_key_of_the_entity() {
    let chain = format!(
        "<ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate><ds:X509Certificate>MAA=</ds:X509Certificate></ds:X509Data>",
        certificate()
    );
    let entity = must(&idp(&key("", &chain)));
    assert_eq!(entity.idp.unwrap().keys.0[0].certificates, [&*rsa().certificate]);
    assert_eq!(entity.warnings, [warning("X509Certificate", Flaw::Repeated)]);
}

#[test]
fn a_scope_is_a_domain_and_never_an_expression() {
    let scope =
        |attribute: &str, text: &str| format!("<shibmd:Scope {attribute}>{text}</shibmd:Scope>");
    let all = [
        scope("regexp='false'", " UNA.example\n"),
        scope("", "una.example"),
        scope("regexp='true'", ".*"),
        scope("regexp='1'", "^unb\\.example$"),
        scope("regexp='TRUE'", "unc.example"),
        scope("", "example"),
        scope("", "una.example."),
        scope("", "un\u{430}.example"),
        scope("", ""),
    ];
    let entity = must(&idp(&format!("<md:Extensions>{}</md:Extensions>", all.concat())));
    let scopes = entity.idp.unwrap().scopes;
    assert_eq!(
        scopes.iter().map(idp_domain::agency::Domain::as_str).collect::<Vec<_>>(),
        ["una.example"]
    );
    let flaws = [warning("Scope", Flaw::RegexpScope), warning("Scope", Flaw::BadScope)];
    assert_eq!(entity.warnings, flaws);
}

#[test]
fn a_text_of_another_is_one_line_without_tricks() {
    let long = "x".repeat(10_000);
    let entity = must(&ui(&format!(
        r#"<mdui:DisplayName xml:lang="en">
             Food &amp;	&lt;img onerror&gt; {rtl}Agency{pop}
           </mdui:DisplayName>
           <mdui:DisplayName xml:lang="fr">{long}</mdui:DisplayName>
           <mdui:DisplayName xml:lang="es">  </mdui:DisplayName>
           <mdui:DisplayName xml:lang="not a language">x</mdui:DisplayName>
           <mdui:DisplayName xml:lang="EN">Second</mdui:DisplayName>"#,
        rtl = '\u{202E}',
        pop = '\u{202C}',
    )));
    let names = entity.idp.unwrap().ui.display_names;
    assert_eq!(names.iter().collect::<Vec<_>>(), [("en", "Food & <img onerror> Agency")]);
    assert_eq!(entity.warnings, [warning("DisplayName", Flaw::BadText)]);
}

#[test]
fn a_text_without_a_language_is_taken_for_english() {
    let entity = must(&ui("<mdui:DisplayName>Agency</mdui:DisplayName>"));
    assert_eq!(entity.idp.unwrap().ui.display_names.text(Lang::Fr), Some("Agency"));
}

#[test]
fn a_picture_or_a_link_that_could_run_or_follow_people_is_left_out() {
    let logo = |text: &str| format!(r#"<mdui:Logo width="80" height="60">{text}</mdui:Logo>"#);
    let png = write_base64(b"\x89PNG\r\n\x1a\nxx");
    let vast = write_base64(&[b"\x89PNG\r\n\x1a\n".to_vec(), vec![0; 256 * 1024]].concat());
    let bad = [
        logo("javascript:alert(1)"),
        logo("http://tracker.example/1.png"),
        logo("data:image/svg+xml;base64,PHN2Zy8+"),
        logo("data:image/png,xx"),
        logo(&format!("data:text/html;base64,{png}")),
        logo(&format!("data:image/jpeg;base64,{png}")),
        logo("data:image/png;base64,PHN2Zy8+"),
        logo(&format!("data:image/png;base64,{vast}")),
        r#"<mdui:Logo width="80">https://idp.example/logo.png</mdui:Logo>"#.to_owned(),
        r#"<mdui:Logo width="80" height="-1">https://idp.example/logo.png</mdui:Logo>"#.to_owned(),
        r#"<mdui:InformationURL xml:lang="en">javascript:x</mdui:InformationURL>"#.to_owned(),
        r#"<mdui:PrivacyStatementURL xml:lang="en">http://x.example</mdui:PrivacyStatementURL>"#
            .to_owned(),
    ];
    let entity = must(&ui(&bad.concat()));
    assert!(entity.idp.unwrap().ui.is_empty());
    assert_eq!(entity.warnings.len(), 6, "{:?}", entity.warnings);

    let good =
        [logo("https://idp.example/logo.svg"), logo(&format!("data:image/png;base64,\n {png}"))];
    let logos = must(&ui(&good.concat())).idp.unwrap().ui.logos;
    assert!(matches!(&logos[1].source, LogoSource::Inline { media_type: "image/png", .. }));
    assert_eq!(logos.len(), 2);
}

#[test]
fn children_in_an_order_of_their_own_and_strangers_are_no_trouble() {
    let inside = format!(
        r#"<md:NameIDFormat>
             urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>
           {}<x:stranger><md:KeyDescriptor/></x:stranger>{}
           <md:Extensions><x:a/><alg:SigningMethod Algorithm="urn:a"/>text</md:Extensions>
           <md:Extensions><alg:DigestMethod Algorithm="urn:b"/></md:Extensions>"#,
        acs("https://sp.example/acs"),
        key("", &x509(&certificate())),
    );
    let entity = must(&sp(&inside));
    let role = entity.sp.unwrap();
    assert_eq!((role.acs.len(), role.keys.0.len()), (1, 1));
    assert_eq!(role.name_id_formats, ["urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"]);
    assert_eq!(
        (role.algorithms.signing, role.algorithms.digest),
        (vec!["urn:a".into()], vec!["urn:b".into()])
    );
    assert_eq!(entity.warnings, []);
}

#[test]
fn comments_and_a_declaration_are_no_trouble() {
    let xml = format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- an example only -->\n{}\n<!-- end -->\n",
        idp(&format!("<!-- keys -->{}", key("", &x509(&certificate()))))
    );
    let alone = xml.replace("\"UTF-8\"?>", "\"utf-8\" standalone=\"no\"?>");
    for xml in [xml, alone] {
        assert_eq!(must(&xml).idp.unwrap().keys.0.len(), 1, "{xml}");
    }
}

#[test]
fn a_role_that_does_not_speak_saml_2_is_none() {
    let old = role("IDPSSODescriptor", "").replace(SAMLP, "urn:oasis:names:tc:SAML:1.1:protocol");
    let new = role("IDPSSODescriptor", "<md:NameIDFormat>urn:x</md:NameIDFormat>");
    assert_eq!(must(&entity("", &old)).idp, None);
    assert_eq!(must(&entity("", &(old + &new))).idp.unwrap().name_id_formats, ["urn:x"]);
    let twice = must(&entity("", &(new.clone() + &new)));
    assert_eq!(twice.warnings, [warning("IDPSSODescriptor", Flaw::Repeated)]);
}

#[test]
fn the_security_contact_is_told_from_the_others() {
    let contact = |attributes: &str| {
        format!(
            r#"<md:ContactPerson xmlns:r="http://refeds.org/metadata" {attributes}><md:EmailAddress>MAILTO:a@una.example</md:EmailAddress></md:ContactPerson>"#
        )
    };
    let all = [
        contact(
            r#"contactType="other" r:contactType="http://refeds.org/metadata/contactType/security""#,
        ),
        contact(r#"contactType="other""#),
        contact(r#"contactType="technical""#),
        contact(""),
    ];
    let contacts = must(&entity("", &all.concat())).contacts;
    let kinds: Vec<_> = contacts.iter().map(|contact| contact.kind).collect();
    let (other, technical) = (ContactKind::Other, ContactKind::Technical);
    assert_eq!(kinds, [ContactKind::Security, other, technical, other]);
    assert_eq!(contacts[0].emails, ["a@una.example"]);
}

#[test]
fn texts_fall_back_to_english_and_then_to_any() {
    let texts = Texts::new(
        [("fr-CA", "Québec"), ("fr", "France"), ("de", "Deutsch"), ("en", "English")]
            .map(|(lang, text)| (lang.to_owned(), text.to_owned())),
    );
    assert_eq!(texts.text(Lang::Fr), Some("Québec"));
    assert_eq!(texts.text(Lang::Ar), Some("English"));
}
