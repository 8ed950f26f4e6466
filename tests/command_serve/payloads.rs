//! The payloads of the senders, as their documentation has them, and the leads that come of them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::json;

use super::bridge::{FORM, JSON, Site, route};
use super::http::form;
use super::sandbox::contacts::Contact;

/// Sends one payload on a preset's route, and returns the contact at the service.
fn arrived(preset: &str, kind: (&str, &str), body: &[u8], email: &str) -> Contact {
    let site = Site::new(&route(preset));
    let bridge = site.start();
    let answer = bridge.hook(kind, body);
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (200, "ok\n"),
        "{}",
        site.log()
    );
    site.delivered(1);
    assert_eq!(bridge.stop(), Some(0));
    site.sandbox.contact(email).expect("the contact")
}

fn check(contact: &Contact, fields: &[(&str, &str)]) {
    assert_eq!(contact.groups(), ["super"]);
    let mut found: Vec<(&str, &str)> = (contact.fields.iter())
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let mut wanted = fields.to_vec();
    found.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(found, wanted);
}

#[test]
fn tilda_sends_a_form_with_cookies() {
    let cookies = "tildauid=1700.5; tildasid=1701; TILDAUTM=utm_source%3Dyandex%7C%7C%7Cutm_medium%3Dcpc%7C%7C%7Cutm_campaign%3D%25D0%25BB%25D0%25B5%25D1%2582%25D0%25BE; previousUrl=site.ru%2F";
    let body = form(&[
        ("Name", "Анна Петрова"),
        ("Email", "anna@example.com"),
        ("Phone", "+7 (900) 000-00-00"),
        ("Checkbox", "yes"),
        ("COOKIES", cookies),
        ("tranid", "548152:2234155"),
        ("formid", "form123456789"),
    ]);
    check(
        &arrived("tilda", FORM, &body, "anna@example.com"),
        &[
            ("lead_name", "Анна Петрова"),
            ("lead_phone", "+7 (900) 000-00-00"),
            ("utm[utm_source]", "yandex"),
            ("utm[utm_medium]", "cpc"),
            ("utm[utm_campaign]", "лето"),
        ],
    );
}

#[test]
fn tilda_tries_the_address_with_test() {
    let site = Site::new(&route("tilda"));
    let bridge = site.start();
    let answer = bridge.hook(FORM, b"test=test");
    assert_eq!((answer.status, answer.body.as_str()), (200, "ok\n"));
    site.delivered(0);
}

#[test]
fn zapier_sends_what_its_user_names() {
    let body = json!({
        "email": "zap@example.com", "name": "Zoe", "phone": 79000000000_u64, "city": null,
        "tag": ["a", "b"], "utm": {"utm_source": "ads"},
        "url": "https://site.example/?utm_term=shoes+red&utm_source=other#top",
    });
    check(
        &arrived(
            "zapier",
            JSON,
            body.to_string().as_bytes(),
            "zap@example.com",
        ),
        &[
            ("lead_name", "Zoe"),
            ("lead_phone", "79000000000"),
            ("tag", "a, b"),
            ("utm[utm_source]", "ads"),
            ("utm[utm_term]", "shoes red"),
        ],
    );
}

#[test]
fn make_sends_a_form_as_well() {
    let body = form(&[
        ("email", "make@example.com"),
        ("full_name", "Max & Co"),
        ("utm_medium", "e=mail"),
    ]);
    check(
        &arrived("make", FORM, &body, "make@example.com"),
        &[("lead_name", "Max & Co"), ("utm[utm_medium]", "e=mail")],
    );
}

#[test]
fn elementor_sends_simple_and_advanced_forms() {
    let simple = form(&[
        ("Name", "Eli"),
        ("Email", "eli@example.com"),
        ("form_id", "1a2b3c"),
        ("Page URL", "https://site.example/shop/?utm_source=news"),
    ]);
    check(
        &arrived("elementor", FORM, &simple, "eli@example.com"),
        &[("lead_name", "Eli"), ("utm[utm_source]", "news")],
    );
    let advanced = form(&[
        ("form[id]", "1a2b3c"),
        ("form[name]", "New Form"),
        ("fields[name][id]", "name"),
        ("fields[name][type]", "text"),
        ("fields[name][value]", "Eli"),
        ("fields[email][id]", "email"),
        ("fields[email][title]", "Email"),
        ("fields[email][value]", "eli2@example.com"),
        ("fields[email][raw_value]", "eli2@example.com"),
        ("meta[page_url][title]", "Page URL"),
        (
            "meta[page_url][value]",
            "https://site.example/?aff=partner&utm_source=a&utm_source=b",
        ),
    ]);
    check(
        &arrived("elementor", FORM, &advanced, "eli2@example.com"),
        &[
            ("lead_name", "Eli"),
            ("aff", "partner"),
            ("utm[utm_source]", "a"),
        ],
    );
}

#[test]
fn contact_form_7_sends_its_fields_as_json() {
    let body = json!({
        "your-name": "Carl", "your-email": " carl@example.com ", "your-subject": "Hello",
        "your-message": "…", "_url": "https://site.example/contact/?utm_campaign=spring",
    });
    check(
        &arrived("cf7", JSON, body.to_string().as_bytes(), "carl@example.com"),
        &[("lead_name", "Carl"), ("utm[utm_campaign]", "spring")],
    );
}

#[test]
fn typeform_signs_its_answers() {
    let routes = "[[route]]\npreset = \"typeform\"\ngroups = [\"super\"]\nfixed = { tag = \"typeform\" }\nhmac = { secret = \"the secret of the webhook\" }\n";
    let site = Site::new(routes);
    let bridge = site.start();
    let body = json!({
        "event_id": "LtWXD3crgy", "event_type": "form_response",
        "form_response": {
            "form_id": "lT4Z3j", "token": "a3a12ec67a1365927098a606107fac15",
            "submitted_at": "2018-01-18T18:17:02Z",
            "hidden": {"utm_source": "newsletter"},
            "definition": {"id": "lT4Z3j", "fields": [{"id": "DlXFaesGBpoF", "ref": "name", "type": "short_text"}]},
            "answers": [
                {"type": "text", "text": "Laura", "field": {"id": "DlXFaesGBpoF", "type": "short_text", "ref": "name"}},
                {"type": "email", "email": "laura@example.com", "field": {"id": "SMEUb7VJz92Q", "type": "email", "ref": "mail"}},
                {"type": "phone_number", "phone_number": "+79000000000", "field": {"id": "x", "type": "phone_number", "ref": "p"}},
                {"type": "boolean", "boolean": true, "field": {"id": "y", "type": "legal", "ref": "l"}},
            ],
        },
    })
    .to_string();
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"the secret of the webhook");
    let signature = format!(
        "sha256={}",
        STANDARD.encode(hmac::sign(&key, body.as_bytes()))
    );
    let headers = [JSON, ("Typeform-Signature", signature.as_str())];
    for _ in 0..3 {
        let answer = bridge.post("/hook/typeform", &headers, body.as_bytes());
        assert_eq!(answer.status, 200, "{}", site.log());
    }
    let changed = body.replace("laura@", "other@");
    let refused = bridge.post("/hook/typeform", &headers, changed.as_bytes());
    assert_eq!(refused.status, 401);
    site.delivered(1);
    check(
        &site
            .sandbox
            .contact("laura@example.com")
            .expect("the contact"),
        &[
            ("lead_name", "Laura"),
            ("lead_phone", "+79000000000"),
            ("tag", "typeform"),
            ("utm[utm_source]", "newsletter"),
        ],
    );
    assert!(site.sandbox.contact("other@example.com").is_none());
}

#[test]
fn a_repeat_counts_once_also_after_its_lead_was_delivered() {
    let site = Site::new(&route("tilda"));
    let bridge = site.start();
    let body = form(&[("Email", "again@example.com"), ("tranid", "1:1")]);
    assert_eq!(bridge.hook(FORM, &body).status, 200);
    site.delivered(1);
    assert_eq!(bridge.hook(FORM, &body).status, 200);
    let other = form(&[("Email", "again@example.com"), ("tranid", "1:2")]);
    assert_eq!(bridge.hook(FORM, &other).status, 200);
    site.delivered(2);
    assert_eq!(site.sandbox.requests(), 2);
}

#[test]
fn marks_that_break_a_rule_keep_no_contact_away() {
    let body = form(&[
        ("Email", "mark@example.com"),
        ("page_url", "https://site.example/?utm_medium=affiliate"),
    ]);
    check(&arrived("tilda", FORM, &body, "mark@example.com"), &[]);
}

#[test]
fn a_route_of_one_s_own_says_where_everything_stands() {
    let routes = format!(
        "[[route]]\nname = \"shop\"\ntoken = \"{}\"\ngroups = [\"super\"]\nkey = \"/order/id\"\n\
         [route.fields]\nlead_email = \"/order/buyer/mail~1work\"\nlead_name = [\"/order/nobody\", \"/order/goods/sku=b-1/title\"]\n",
        super::bridge::TOKEN
    );
    let site = Site::new(&routes);
    let bridge = site.start();
    let body = json!({"order": {
        "id": 17, "buyer": {"mail/work": "shop@example.com"},
        "goods": [{"sku": "a-1", "title": "first"}, {"sku": "b-1", "title": "second"}],
    }});
    assert_eq!(bridge.hook(JSON, body.to_string().as_bytes()).status, 200);
    site.delivered(1);
    let contact = site
        .sandbox
        .contact("shop@example.com")
        .expect("the contact");
    check(&contact, &[("lead_name", "second")]);
}
