//! The attacks of the catalogue on the single sign-on endpoint.

use idp_domain::Lifetime;

use crate::{
    binding::{Binding, Kind, post, redirect},
    dsig::{Place, SignatureAlg, sign},
    idp::{
        ServiceProvider, Ticket,
        testing::{
            ACS, NOW, OTHER_KEY, PROVIDER, SP_KEY, SP1, SP2, acs, ask, by_post, by_redirect,
            outcome, posted, redirected, registered, request, send, signing_key, sp1, sp1_role,
            sp2,
        },
    },
    metadata::Keys,
    schema::{self, Issuer},
    xml::Markup,
};

fn by_doors(known: &ServiceProvider, change: impl Fn(&mut schema::AuthnRequest)) -> [String; 2] {
    [Binding::Redirect, Binding::Post].map(|binding| {
        let mut request = request(&known.entity_id, binding);
        change(&mut request);
        let message = match binding {
            Binding::Redirect => by_redirect(&request, &SP_KEY),
            _ => by_post(&request, &SP_KEY),
        };
        outcome(&send(&message, &[known], NOW))
    })
}

//= saml-profiles#4.1.4.1-1 test
#[test]
fn idp_01_an_address_that_is_not_in_the_metadata_is_not_answered() {
    for url in [
        "https://evil.example/acs",
        "https://sp1.example.evil.tld/acs",
        "https://sp1.example/acs/",
        "HTTPS://SP1.example/acs",
        "https://SP1.example/acs",
        "https://sp1.example:443/acs",
        "https://sp1.example/acs?x=1",
        "https://sp1.example/acs#",
        "https://sp1.example/%61cs",
        "https://sp1.example/..;/acs",
        "https://sp1.example/x/../acs",
        "https://sp1.example@evil.example/acs",
        "https://sp1.example/acs ",
        " https://sp1.example/acs",
        "https://sp1.example/acs\u{0}",
        "https://sp1.example/ac",
        "javascript:alert(1)",
        "",
    ] {
        // A NUL cannot even be written: it arrives as another character.
        let ends = by_doors(&sp1(), |request| request.acs_url = Some(url.to_owned()));
        assert_eq!(ends, ["page acs_unknown", "page acs_unknown"], "{url}");
    }
    let ends = by_doors(&sp1(), |request| request.acs_url = Some(ACS.to_owned()));
    assert_eq!(ends, ["ok", "ok"]);
}

#[test]
fn idp_01_a_signature_does_not_make_an_address_known() {
    let mut request = request(SP1, Binding::Post);
    request.acs_url = Some("https://evil.example/acs".to_owned());
    assert_eq!(outcome(&send(&by_post(&request, &SP_KEY), &[&sp1()], NOW)), "page acs_unknown");
}

#[test]
fn idp_01_the_endpoint_of_another_is_unknown() {
    let (one, two) = (sp1(), sp2());
    let mut request = request(SP2, Binding::Post);
    request.acs_url = Some(ACS.to_owned());
    let message = posted(&request.write().to_canonical());
    assert_eq!(outcome(&send(&message, &[&one, &two], NOW)), "page acs_unknown");
}

//= saml-metadata#2.4.4-1 test
#[test]
fn idp_03_a_request_that_must_be_signed_is_signed_by_its_sender() {
    let sp = sp1();
    let ends = |message: &_| outcome(&send(message, &[&sp], NOW));
    let post = request(SP1, Binding::Post);
    let redirect = request(SP1, Binding::Redirect);
    assert_eq!(ends(&posted(&post.write().to_canonical())), "page unsigned");
    assert_eq!(ends(&by_post(&post, &OTHER_KEY)), "page signature_invalid");
    assert_eq!(ends(&by_redirect(&redirect, &OTHER_KEY)), "page signature_invalid");
    let mut unsigned = by_redirect(&redirect, &SP_KEY);
    unsigned.query_signature = None;
    assert_eq!(ends(&unsigned), "page unsigned");
    assert_eq!(ends(&by_post(&post, &SP_KEY)), "ok");
    assert_eq!(ends(&by_redirect(&redirect, &SP_KEY)), "ok");
}

#[test]
fn idp_03_a_signature_over_other_bytes_counts_for_nothing() {
    let sp = sp1();
    let mut genuine = by_redirect(&request(SP1, Binding::Redirect), &SP_KEY);
    let mut other = request(SP1, Binding::Redirect);
    other.force_authn = true;
    let other = by_redirect(&other, &OTHER_KEY);
    genuine.query_signature = other.query_signature;
    assert_eq!(outcome(&send(&genuine, &[&sp], NOW)), "page signature_invalid");

    let signed = by_post(&request(SP1, Binding::Post), &SP_KEY);
    let text = String::from_utf8(signed.xml).unwrap();
    let changed = text.replacen("Version=", "ForceAuthn=\"true\" Version=", 1);
    assert_ne!(changed, text);
    let ends = outcome(&send(&posted(changed.as_bytes()), &[&sp], NOW));
    assert_eq!(ends, "page signature_invalid");
}

#[test]
fn idp_03_a_signature_that_nobody_demands_must_hold_all_the_same() {
    let sp = sp2();
    let ends = |message: &_| outcome(&send(message, &[&sp], NOW));
    let post = request(SP2, Binding::Post);
    let redirect = request(SP2, Binding::Redirect);
    assert_eq!(ends(&posted(&post.write().to_canonical())), "ok");
    assert_eq!(ends(&by_post(&post, &SP_KEY)), "ok");
    assert_eq!(ends(&by_post(&post, &OTHER_KEY)), "page signature_invalid");
    assert_eq!(ends(&by_redirect(&redirect, &OTHER_KEY)), "page signature_invalid");
    let keyless = sp2_without_keys();
    let ends = |message: &_| outcome(&send(message, &[&keyless], NOW));
    assert_eq!(ends(&by_redirect(&redirect, &SP_KEY)), "page signature_invalid");
}

fn sp2_without_keys() -> ServiceProvider {
    let mut entity = sp1_role(|role| {
        role.authn_requests_signed = false;
        role.keys = Keys::default();
    });
    entity.entity_id = SP2.to_owned();
    registered(&entity)
}

#[test]
fn idp_04_whoever_is_not_known_is_told_the_same() {
    let sp = sp1();
    let mut pages = Vec::new();
    for issuer in [
        "https://unknown.example/saml",
        // What is switched off is not found, and neither is an identity provider.
        SP2,
        "https://idp.una.example",
        "https://SP1.example/saml",
        "https://sp1.example/saml/",
        &"x".repeat(10_000),
        "",
    ] {
        let mut request = request(SP1, Binding::Redirect);
        request.issuer = Some(Issuer(issuer.to_owned()));
        let answer = send(&by_redirect(&request, &SP_KEY), &[&sp], NOW);
        assert_eq!(outcome(&answer), "page unknown_sp", "{issuer}");
        pages.push(answer);
    }
    pages.dedup();
    assert_eq!(pages.len(), 1, "nothing tells one from the other");
    let mut nobody = request(SP1, Binding::Redirect);
    nobody.issuer = None;
    let ends = outcome(&send(&by_redirect(&nobody, &SP_KEY), &[&sp], NOW));
    assert_eq!(ends, "page unknown_sp");
}

#[test]
fn idp_12_a_request_grows_old_and_comes_from_no_future() {
    let sp = sp1();
    let message = by_redirect(&request(SP1, Binding::Redirect), &SP_KEY);
    let issued = NOW.minus(Lifetime::seconds(5));
    for (now, end) in [
        (issued + Lifetime::minutes(10), "ok"),
        (issued + Lifetime::seconds(601), "page expired"),
        (issued + Lifetime::hours(1), "page expired"),
        (issued.minus(Lifetime::minutes(3)), "ok"),
        (issued.minus(Lifetime::seconds(181)), "page not_yet_valid"),
    ] {
        assert_eq!(outcome(&send(&message, &[&sp], now)), end, "{now:?}");
    }
}

#[test]
fn idp_12_a_replayed_request_leads_to_its_own_endpoint_alone() {
    let sp = sp1();
    let message = by_redirect(&request(SP1, Binding::Redirect), &SP_KEY);
    for _ in 0..3 {
        let request = send(&message, &[&sp], NOW).unwrap();
        assert_eq!(Ticket::open(&request.ticket, &sp).unwrap().acs(), ACS);
    }
}

//= saml-bindings#3.4.5.2-1 test
//= saml-bindings#3.5.5.2-1 test
#[test]
fn sam_04_what_is_signed_is_addressed_to_us() {
    for destination in [
        "https://broker.example/saml/sso",
        "https://broker.example/saml/sso/redirect/",
        "https://BROKER.example/saml/sso/redirect",
        "https://evil.example/saml/sso/redirect",
        &PROVIDER.entity_id,
        "",
    ] {
        let ends = by_doors(&sp1(), |request| request.destination = Some(destination.to_owned()));
        assert_eq!(ends, ["page destination", "page destination"], "{destination}");
    }
    assert_eq!(by_doors(&sp1(), |request| request.destination = None), ["page destination"; 2]);
}

#[test]
fn sam_04_the_other_door_is_another_address() {
    let sp = sp1();
    let redirect = by_redirect(&request(SP1, Binding::Post), &SP_KEY);
    assert_eq!(outcome(&send(&redirect, &[&sp], NOW)), "page destination");
    let post = by_post(&request(SP1, Binding::Redirect), &SP_KEY);
    assert_eq!(outcome(&send(&post, &[&sp], NOW)), "page destination");
}

#[test]
fn sam_04_an_unsigned_request_may_be_addressed_to_nobody_but_not_to_others() {
    let sp = sp2();
    let ends = |destination: Option<&str>| {
        let mut request = request(SP2, Binding::Post);
        request.destination = destination.map(str::to_owned);
        outcome(&send(&posted(&request.write().to_canonical()), &[&sp], NOW))
    };
    assert_eq!(ends(None), "ok");
    assert_eq!(ends(Some("https://other.example/sso")), "page destination");
}

fn enveloped(request: &schema::AuthnRequest) -> Markup {
    let key = signing_key(&SP_KEY);
    sign(request.write(), &key, key.default_alg(), Place::AfterIssuer).unwrap()
}

#[test]
fn xsw_27_a_signature_inside_the_xml_counts_for_nothing_by_redirect() {
    let xml = enveloped(&request(SP1, Binding::Redirect)).to_canonical();
    // With a good signature over the query as well, and without.
    let mut message = redirected(&xml, &SP_KEY);
    for known in [sp1(), sp2()] {
        assert_eq!(outcome(&send(&message, &[&known, &sp1()], NOW)), "page unsigned");
    }
    message.query_signature = None;
    assert_eq!(outcome(&send(&message, &[&sp1()], NOW)), "page unsigned");
}

#[test]
fn xsw_27_an_empty_or_weak_signature_of_the_query_is_no_message() {
    let key = signing_key(&SP_KEY);
    let xml = request(SP1, Binding::Redirect).write().to_canonical();
    let url =
        redirect::write("https://x/", Kind::Request, &xml, None, &key, SignatureAlg::RsaSha256);
    let query = url.unwrap().split_once('?').unwrap().1.to_owned();
    let (head, _) = query.split_once("&Signature=").unwrap();
    let read = |query: &str| redirect::read(query).map(drop).map_err(|error| error.slug());
    assert_eq!(read(&query), Ok(()));
    assert_eq!(read(&format!("{head}&Signature=")), Err("unsigned"));
    assert_eq!(read(head), Err("unsigned"));
    let (message, _) = head.split_once("&SigAlg=").unwrap();
    let sha1 = "http%3A%2F%2Fwww.w3.org%2F2000%2F09%2Fxmldsig%23rsa-sha1";
    assert_eq!(read(&format!("{message}&SigAlg={sha1}&Signature=AAAA")), Err("algorithm"));
    assert_eq!(read(&format!("{message}&SigAlg=&Signature=AAAA")), Err("algorithm"));
}

#[test]
fn xsw_a_signed_request_inside_a_forged_one_lends_it_nothing() {
    let sp = sp1();
    let genuine =
        String::from_utf8(enveloped(&request(SP1, Binding::Post)).to_canonical()).unwrap();
    let mut forged = request(SP1, Binding::Post);
    forged.id = "_forged".to_owned();
    forged.acs_index = Some(0);
    let forged = String::from_utf8(forged.write().to_canonical()).unwrap();
    let signature = {
        let start = genuine.find("<ds:Signature ").unwrap();
        let end = genuine.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
        &genuine[start..end]
    };
    let unsigned = genuine.replace(signature, "");
    let after_issuer =
        |text: &str| forged.replacen("</saml:Issuer>", &format!("</saml:Issuer>{text}"), 1);
    let object = signature.replacen(
        "</ds:Signature>",
        &format!("<ds:Object>{unsigned}</ds:Object></ds:Signature>"),
        1,
    );
    for (document, slug) in [
        (after_issuer(signature), "reference_uri"),
        (
            after_issuer(&format!("<samlp:Extensions>{genuine}</samlp:Extensions>")),
            "signature_scope",
        ),
        (after_issuer(&object), "signature_scope"),
        (
            forged.replacen("</samlp:AuthnRequest>", &format!("{genuine}</samlp:AuthnRequest>"), 1),
            "signature_scope",
        ),
    ] {
        let ends = outcome(&send(&posted(document.as_bytes()), &[&sp], NOW));
        assert_eq!(ends, format!("page {slug}"));
    }
}

#[test]
fn hostile_xml_is_refused_by_name() {
    let sp = sp2();
    let ends = |xml: &str| outcome(&send(&posted(xml.as_bytes()), &[&sp], NOW));
    let sound = String::from_utf8(request(SP2, Binding::Post).write().to_canonical()).unwrap();
    assert_eq!(ends(&sound), "ok");
    assert_eq!(ends(&format!("<!DOCTYPE x>{sound}")), "page doctype_forbidden");
    assert_eq!(
        ends(&sound.replace("<saml:Issuer", "<!--x--><saml:Issuer")),
        "page mixed_content_in_value"
    );
    assert_eq!(ends("<x/>"), "page schema");
    assert_eq!(ends(&sound.replace("AuthnRequest", "LogoutRequest")), "page schema");
    assert_eq!(ends(&sound.replace("Version=\"2.0\"", "Version=\"2.1\"")), "page schema");
    let twice =
        sound.replacen("<saml:Issuer", "<samlp:Extensions></samlp:Extensions><saml:Issuer", 1);
    assert_eq!(ends(&twice), "page unknown_sp");
    let issuer = &sound[sound.find("<saml:Issuer").unwrap()..sound.find("</samlp:").unwrap()];
    let twice = sound.replacen(issuer, &[issuer, issuer].concat(), 1);
    assert_eq!(ends(&twice), "page schema");
}

#[test]
fn a_response_is_no_request() {
    let xml = request(SP2, Binding::Post).write().to_canonical();
    let form = post::write("https://x/", Kind::Response, &xml, None);
    let message = post::read(&form.fields).unwrap();
    assert_eq!(outcome(&send(&message, &[&sp2()], NOW)), "page binding");
    let mut soap = posted(&xml);
    soap.binding = Binding::Soap;
    assert_eq!(outcome(&send(&soap, &[&sp2()], NOW)), "page binding");
}

#[test]
fn what_was_sent_is_not_repeated() {
    let secret = "https://evil.example/secret";
    let declined = ask(|request| {
        request.acs_url = Some(secret.to_owned());
        request.destination = Some(PROVIDER.sso_redirect.clone());
    })
    .unwrap_err();
    assert!(!format!("{declined:?}").contains("evil"), "{declined:?}");
    assert_eq!(declined.slug(), "acs_unknown");
}

#[test]
fn an_index_of_an_endpoint_without_post_leads_nowhere() {
    let one = registered(&sp1_role(|role| {
        let mut by_redirect = acs(5, Some(true), "https://sp1.example/redirect");
        by_redirect.binding = Binding::Redirect;
        role.acs.push(by_redirect);
    }));
    let ends = by_doors(&one, |request| request.acs_index = Some(5));
    assert_eq!(ends, ["page acs_unknown", "page acs_unknown"]);
    let ends = by_doors(&one, |request| {
        request.acs_url = Some("https://sp1.example/redirect".to_owned());
    });
    assert_eq!(ends, ["page acs_unknown", "page acs_unknown"]);
}
