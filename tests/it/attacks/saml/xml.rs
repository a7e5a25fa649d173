//! XML: what a parser could be made to do.
//!
//! Length: one attack after the other, each short, on one scene.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use idp_tests::harness::run;
use idp_tests::peers::canary::Canary;
use idp_tests::peers::saml::forge::{AuthnRequest, LogoutRequest, Response, name_id};
use idp_tests::peers::saml::message::{POST, REDIRECT, SOAP, base64, deflate};
use serde_json::json;

use super::bench::{Held, SamlBench, saml_bench};

/// Every door for XML: the answer to a login, and requests by each binding; all must refuse it for
/// one of these reasons. `spoil` changes a message that would be honest otherwise.
async fn every_door(bench: &SamlBench, reasons: &[&str], spoil: impl Fn(&str) -> String) {
    bench.refuses("aga", reasons, |honest, held| spoil(&honest.signed(held.agency.keys))).await;
    let party = bench.provider("sp1");
    let asked = |destination: &str| AuthnRequest::honest(&party.entity_id, destination);
    let at = bench.sso(POST).await;
    let form = |text: String| vec![("SAMLRequest".to_owned(), base64(text))];
    bench.refuses_request_form(&at, &form(spoil(&asked(&at).signed(party.keys))), reasons).await;
    let at = bench.sso(REDIRECT).await;
    let url = |xml: String| {
        let query = idp_tests::peers::saml::message::Query::of("SAMLRequest", &xml, None);
        query.signed(party.keys).at(&at)
    };
    bench.refuses_request(&url(spoil(&asked(&at).xml())), reasons).await;
    let slo = bench.endpoint("/saml/metadata", "SingleLogoutService", POST).await;
    let logout = |at: &str| {
        let name = name_id("somebody", &[]);
        LogoutRequest::honest(&party.entity_id, at, &name, &[]).signed(party.keys)
    };
    bench.refuses_request_form(&slo, &form(spoil(&logout(&slo))), reasons).await;
    let soap = bench.endpoint("/saml/metadata", "SingleLogoutService", SOAP).await;
    bench.refuses_soap(&soap, &spoil(&enveloped(&logout(&soap))), reasons).await;
}

fn enveloped(xml: &str) -> String {
    format!(
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>{xml}\
         </soap:Body></soap:Envelope>"
    )
}

#[test]
fn xml_01_an_entity_never_reads_a_file() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("secret");
        std::fs::write(&file, "the-secret-in-the-file").unwrap();
        let doctype = format!("<!DOCTYPE x [<!ENTITY e SYSTEM \"file://{}\">]>", file.display());
        every_door(&bench, &["doctype_forbidden"], |xml| {
            doctype.clone() + xml.replacen("</saml:Issuer>", "&e;</saml:Issuer>", 1).as_str()
        })
        .await;
        assert!(!bench.bench.house.broker.log().contains("the-secret-in-the-file"));
        // Nor in metadata that somebody registers.
        let mut file = bench.bench.house.file.clone();
        let sources = file["sources"].as_array_mut().unwrap();
        let source = sources.iter_mut().find(|source| source["id"] == "agm").unwrap();
        let metadata = doctype.clone() + bench.agency("agm").metadata().as_str();
        source["connection"]["metadata"]["xml"] = json!(metadata);
        let ended = bench.bench.house.broker.plan(&file).await;
        assert_ne!(ended.status, Some(0), "{ended:?}");
        assert!(!(ended.out + ended.err.as_str()).contains("the-secret-in-the-file"));
    });
}

#[test]
fn xml_02_an_entity_never_calls_out() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let canary = Canary::start().await;
        for doctype in [
            format!("<!DOCTYPE x [<!ENTITY % p SYSTEM \"{}/x.dtd\">%p;]>", canary.base),
            format!("<!DOCTYPE x SYSTEM \"{}/\">", canary.base),
        ] {
            every_door(&bench, &["doctype_forbidden"], |xml| doctype.clone() + xml).await;
        }
        assert_eq!(canary.calls(), 0);
    });
}

#[test]
fn xml_03_entities_that_grow_are_refused_at_their_declaration() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let mut laughs = "<!ENTITY a0 \"ha\">".to_owned();
        for level in 1..10 {
            let inside = format!("&a{};", level - 1).repeat(10);
            write!(laughs, "<!ENTITY a{level} \"{inside}\">").unwrap();
        }
        let long = format!("<!ENTITY a9 \"{}\">", "x".repeat(40_000));
        for (entities, uses) in [(laughs, 1), (long, 2_000)] {
            let before = bench.resident_kib();
            let start = Instant::now();
            bench
                .refuses("aga", &["doctype_forbidden"], |honest, held| {
                    let text = "&a9;".repeat(uses);
                    let xml = honest.signed(held.agency.keys);
                    format!("<!DOCTYPE x [{entities}]>{}", xml.replacen("mallory", &text, 1))
                })
                .await;
            assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
            bench.has_not_grown(before, 8);
        }
    });
}

#[test]
fn xml_04_a_type_that_only_adds_defaults_is_refused_before_the_signature() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        bench
            .refuses("aga", &["doctype_forbidden"], |honest, held| {
                let xml = honest.signed(held.agency.keys);
                format!("<!DOCTYPE r [<!ATTLIST Signature xmlns CDATA \"urn:x\">]>{xml}")
            })
            .await;
    });
}

#[test]
fn xml_05_deep_nesting_is_refused_and_harms_nobody() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        for (levels, reasons) in
            [(120, &["depth_limit"][..]), (6_000, &["depth_limit", "too_large"])]
        {
            let nested = "<a>".repeat(levels) + "</a>".repeat(levels).as_str();
            every_door(&bench, reasons, |xml| {
                let extensions = format!("<samlp:Extensions>{nested}</samlp:Extensions>");
                xml.replacen("</saml:Issuer>", &format!("</saml:Issuer>{extensions}"), 1)
            })
            .await;
        }
        bench
            .refuses("aga", &["depth_limit", "too_large"], |honest, held| {
                let nested = "<a>".repeat(18_000) + "</a>".repeat(18_000).as_str();
                honest.extensions = format!("<samlp:Extensions>{nested}</samlp:Extensions>");
                honest.around(&honest.assertion.signed(held.agency.keys))
            })
            .await;
        // A megabyte is not even read.
        let mut held = bench.hold("aga").await;
        let nested = "<a>".repeat(200_000);
        let page = held.deliver(nested).await;
        assert!((400..500).contains(&page.status), "{}", page.describe());
        bench.is_alive();
    });
}

#[test]
fn xml_08_a_request_that_inflates_without_end_is_cut_off() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let party = bench.provider("sp2");
        let at = bench.sso(REDIRECT).await;
        let spaces = " ".repeat(12 << 20);
        let request = AuthnRequest::honest(&party.entity_id, &at).asking(&spaces);
        let bomb = request.query(None).at(&at);
        assert!(bomb.len() < 24_000, "{}", bomb.len());
        bench.refuses_request(&bomb, &["inflate_limit"]).await;
        let before = bench.resident_kib();
        let http = idp_tests::harness::http::client();
        let all: Vec<_> = (0..60).map(|_| tokio::spawn(http.get(&bomb).send())).collect();
        for one in all {
            let status = one.await.unwrap().unwrap().status().as_u16();
            assert!((400..=503).contains(&status) && status != 500, "{status}");
        }
        bench.has_not_grown(before, 16);
        // The same through the door for forms, which does not inflate at all.
        let at = bench.sso(POST).await;
        let bomb = base64(deflate(request.xml().as_bytes()));
        let form = [("SAMLRequest".to_owned(), bomb)];
        bench
            .refuses_request_form(&at, &form, &["bad_encoding", "encoding", "not_well_formed"])
            .await;
    });
}

#[test]
fn xml_09_answers_and_logouts_that_inflate_without_end_are_refused() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let slo = bench.endpoint("/saml/metadata", "SingleLogoutService", REDIRECT).await;
        let party = bench.provider("sp1");
        let name = name_id(&" ".repeat(12 << 20), &[]);
        let request = LogoutRequest::honest(&party.entity_id, &slo, &name, &[]);
        let before = bench.resident_kib();
        bench.refuses_request(&request.query(None).at(&slo), &["inflate_limit"]).await;
        let honest = LogoutRequest::honest(&party.entity_id, &slo, &name_id("x", &[]), &[]).xml();
        let mut zlib = ZlibEncoder::new(vec![], Compression::best());
        zlib.write_all(honest.as_bytes()).unwrap();
        let mut gzip = GzEncoder::new(vec![], Compression::best());
        gzip.write_all(honest.as_bytes()).unwrap();
        for wrapped in [zlib.finish().unwrap(), gzip.finish().unwrap(), honest.into_bytes()] {
            let text: String =
                url::form_urlencoded::byte_serialize(base64(wrapped).as_bytes()).collect();
            let url = format!("{slo}?SAMLRequest={text}");
            bench.refuses_request(&url, &["bad_encoding", "inflate_limit"]).await;
        }
        // A Response does not come by this binding at all.
        let mut held = bench.hold("aga").await;
        let mark = bench.bench.mark().await;
        let query =
            idp_tests::peers::saml::message::Query::of("SAMLResponse", &request.xml(), None);
        let page = held.visitor.open(query.at(&held.asked.acs)).await;
        bench.refused(&mut held, &page, &mark, &["binding"]).await;
        bench.has_not_grown(before, 16);
    });
}

/// A signed answer with this text in place of its first one.
fn replaced(honest: &Response, held: &Held, from: &str, to: &str) -> String {
    let xml = honest.signed(held.agency.keys);
    assert!(xml.contains(from), "no {from} in {xml}");
    xml.replacen(from, to, 1)
}

const ENVELOPED: &str =
    "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>";

#[test]
fn xml_12_no_transform_computes_anything() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let transform = |algorithm: &str, inside: &str| {
            format!("<ds:Transform Algorithm=\"{algorithm}\">{inside}</ds:Transform>")
        };
        let heavy = "<ds:XPath>count(//*[count(//*[count(//*)])])</ds:XPath>";
        let others = [
            transform("http://www.w3.org/TR/1999/REC-xpath-19991116", heavy),
            transform(
                "http://www.w3.org/2002/06/xmldsig-filter2",
                "<XPath xmlns=\"http://www.w3.org/2002/06/xmldsig-filter2\" \
                 Filter=\"subtract\">//*</XPath>",
            ),
            transform(
                "http://www.w3.org/TR/1999/REC-xslt-19991116",
                "<xsl:stylesheet version=\"1.0\" \
                 xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\"/>",
            ),
            transform("http://www.w3.org/2001/10/xml-exc-c14n#WithComments", ""),
            transform("http://www.w3.org/2000/09/xmldsig#base64", ""),
        ];
        for other in others {
            let both = format!("{ENVELOPED}{other}");
            bench
                .refuses("aga", &["transform_not_allowed"], |honest, held| {
                    replaced(honest, held, ENVELOPED, &both)
                })
                .await;
            bench
                .refuses("aga", &["transform_not_allowed"], |honest, held| {
                    replaced(honest, held, ENVELOPED, &other)
                })
                .await;
        }
    });
}

#[test]
fn xml_13_a_signature_has_one_reference_and_a_message_two_signatures_at_most() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        for times in [2, 300] {
            bench
                .refuses("aga", &["reference_count", "too_large"], |honest, held| {
                    let xml = honest.signed(held.agency.keys);
                    let begin = xml.find("<ds:Reference").unwrap();
                    let end = xml.find("</ds:Reference>").unwrap() + "</ds:Reference>".len();
                    let reference = xml[begin..end].repeat(times);
                    format!("{}{reference}{}", &xml[..begin], &xml[end..])
                })
                .await;
            bench
                .refuses(
                    "aga",
                    &["reference_count", "signature_structure", "too_large"],
                    |honest, held| {
                        let xml = honest.signed(held.agency.keys);
                        let begin = xml.find("<ds:Signature ").unwrap();
                        let end = xml.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
                        let signature = xml[begin..end].repeat(times.min(100));
                        format!("{}{signature}{}", &xml[..begin], &xml[end..])
                    },
                )
                .await;
        }
    });
}

/// Makes of a message what is sent instead.
type Spoil<T> = dyn Fn(&str) -> T;

#[test]
fn xml_15_only_utf_8_is_read() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let prolog = |encoding: &str| format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>");
        let spoilt: Vec<(&str, Box<Spoil<Vec<u8>>>)> = vec![
            (
                "UTF-16",
                Box::new(|xml| {
                    let text = format!("\u{feff}<?xml version=\"1.0\" encoding=\"UTF-16\"?>{xml}");
                    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
                }),
            ),
            ("UTF-7", Box::new(move |xml| (prolog("UTF-7") + xml).into_bytes())),
            (
                "Latin 1",
                Box::new(move |xml| {
                    let text =
                        prolog("ISO-8859-1") + xml.replacen("mallory", "m\u{e9}", 1).as_str();
                    text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect()
                }),
            ),
            ("a lie", Box::new(move |xml| (prolog("UTF-16") + xml).into_bytes())),
            (
                "Latin 1 without a word",
                Box::new(|xml| {
                    let bytes = xml.replacen("mallory", "\u{1}\u{1}", 1).into_bytes();
                    bytes.into_iter().map(|byte| if byte == 1 { 0xe9 } else { byte }).collect()
                }),
            ),
            ("NUL", Box::new(|xml| xml.replacen("mallory", "m\0", 1).into_bytes())),
            ("overlong", Box::new(|xml| bytes_for_mallory(xml, b"\xc0\xaf"))),
            ("a surrogate", Box::new(|xml| bytes_for_mallory(xml, b"\xed\xa0\x80"))),
        ];
        for (what, spoil) in spoilt {
            let held = bench.hold("aga").await;
            let bytes = spoil(&held.honest("mallory"));
            println!("{what}");
            bench
                .refuses_form(held, &["encoding", "not_well_formed"], |held| {
                    held.fields(base64(&bytes))
                })
                .await;
        }
        // A mark of the byte order is no part of the text.
        let mut held = bench.hold("aga").await;
        let marked =
            format!("\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{}", held.honest("alice"));
        let page = held.deliver(marked).await;
        held.party.finish(&held.begun, &page).await;
    });
}

fn bytes_for_mallory(xml: &str, bytes: &[u8]) -> Vec<u8> {
    let (before, after) = xml.split_once("mallory").unwrap();
    [before.as_bytes(), bytes, after.as_bytes()].concat()
}

#[test]
fn xml_16_markup_inside_a_value_is_refused_although_it_is_signed() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let reasons = ["mixed_content_in_value", "schema", "attribute_value"];
        let names = [
            "alice@aga.example<?x?>.agm.example",
            "alice@aga.example<!-- -->.agm.example",
            "alice@aga.example<![CDATA[.agm.example]]>",
            "<x xmlns=\"urn:x\">alice@aga.example</x>.agm.example",
        ];
        for name in names {
            for place in ["NameID", "AttributeValue"] {
                bench
                    .refuses("aga", &reasons, |forged, held| {
                        let honest = match place {
                            "NameID" => &mut forged.assertion.name_id,
                            _ => &mut forged.assertion.attributes,
                        };
                        let before = honest.find("mallory").unwrap();
                        let end = before + honest[before..].find('<').unwrap();
                        honest.replace_range(before..end, name);
                        forged.signed(held.agency.keys)
                    })
                    .await;
            }
        }
    });
}

#[test]
fn xml_17_nothing_stands_behind_the_root() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let reasons = ["not_well_formed", "mixed_content_in_value", "encoding"];
        for after in ["<x/>", "text", "\0", "<?pi?>", "<!-- -->", "]]>", "&amp;"] {
            bench
                .refuses("aga", &reasons, |honest, held| honest.signed(held.agency.keys) + after)
                .await;
        }
        bench
            .refuses("aga", &["not_well_formed"], |honest, held| {
                let mut forged = held.agency.response(&held.asked, "alice");
                forged.signature = None;
                forged.assertion.signature = None;
                honest.signed(held.agency.keys) + forged.signed(held.agency.keys).as_str()
            })
            .await;
    });
}

#[test]
fn xml_19_base64_has_one_reading() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let spoilt: Vec<(&str, &Spoil<String>)> = vec![
            ("another alphabet", &|xml| {
                // `>` at the right place makes a plus or a slash somewhere.
                let text = base64(format!("{xml}   "));
                text.replace('+', "-").replace('/', "_") + "-_"
            }),
            ("no padding", &|xml| {
                let padded = format!("{xml}{}", " ".repeat(4 - xml.len() % 3));
                let text = base64(padded);
                assert!(text.ends_with('='), "no padding to leave out");
                text.trim_end_matches('=').to_owned()
            }),
            ("bits behind the end", &|xml| {
                let padded = format!("{xml}{}", " ".repeat((4 - xml.len() % 3) % 3));
                let text = base64(padded);
                let stem = text.strip_suffix("==").expect("one byte in the last group");
                let last = stem.chars().last().unwrap();
                format!("{}{}==", &stem[..stem.len() - 1], char::from(last as u8 + 1))
            }),
            ("twice", &|xml| base64(xml) + "=" + base64(xml).as_str()),
            ("XML as it is", &str::to_owned),
            ("percent signs", &|xml| base64(xml).replacen('A', "%41", 1)),
            ("a foreign letter", &|xml| base64(xml) + "*"),
        ];
        for (what, spoil) in spoilt {
            println!("{what}");
            let held = bench.hold("aga").await;
            let text = spoil(&held.honest("mallory"));
            bench.refuses_form(held, &["bad_encoding"], |held| held.fields(text)).await;
        }
    });
}
