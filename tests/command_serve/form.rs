//! The subscription form: its own page, and a form of the site's.

use super::bridge::{Bridge, FORM, Site, TOKEN, route};
use super::http::form;

fn hook() -> String {
    format!("/hook/{TOKEN}")
}

/// Sends the form as a browser does, which goes to where the answer leads; the place and the page.
fn sent(bridge: &Bridge, body: &[u8]) -> (String, String) {
    let answer = bridge.hook(FORM, body);
    assert_eq!(answer.status, 303, "{}", answer.body);
    let place = answer.header("location").expect("a place").to_owned();
    let page = bridge.get(&format!("/hook/{place}"), &[]);
    assert_eq!(page.status, 200);
    (place, page.body)
}

#[test]
fn it_shows_itself_with_the_fields_and_marks_of_its_address() {
    let site = Site::new(&route("form"));
    let bridge = site.start();
    let address = format!(
        "{}?utm_source=a%22b&utm%5Butm_medium%5D=cpc&x=y&aff=p&tag=spring&name=Anna&doneurl2=evil&rid=news",
        hook()
    );
    let referer = (
        "Referer",
        "https://site.example/page?utm_term=led&aff=other",
    );
    let page = bridge.get(&address, &[referer]);
    assert_eq!(page.status, 200);
    for part in [
        "<label for=\"lead_email\">E-mail</label>",
        "name=\"lead_name\" autocomplete=\"name\" value=\"Anna\"",
        "type=\"hidden\" name=\"utm[utm_source]\" value=\"a&quot;b\"",
        "type=\"hidden\" name=\"utm[utm_medium]\" value=\"cpc\"",
        "type=\"hidden\" name=\"utm[utm_term]\" value=\"led\"",
        "type=\"hidden\" name=\"aff\" value=\"p\"",
        "type=\"hidden\" name=\"tag\" value=\"spring\"",
    ] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    for part in ["<script", "evil", "news\"", "aria-invalid"] {
        assert!(!page.body.contains(part), "{part}: {}", page.body);
    }
    assert_eq!(bridge.get("/hook/style.css", &[]).status, 200);
    assert_eq!(bridge.get("/hook/tilda", &[]).status, 404);
    assert_eq!(bridge.get(&format!("{}/other", hook()), &[]).status, 404);
    assert_eq!(bridge.get("/hook/tilda/done", &[]).status, 404);
}

#[test]
fn a_wrong_value_is_told_beside_its_field_and_nothing_is_lost() {
    let routes = format!(
        "{}[route.page]\nlang = \"ru\"\nwrong = \"Проверьте это поле.\"\ninputs = [\
         {{ field = \"ad\", label = \"Объявление\" }}, {{ field = \"lead_name\", label = \"Имя\" }},\
         {{ field = \"lead_email\", label = \"Почта\", wrong = \"Нужен адрес с @.\" }}]\n",
        route("form")
    );
    let site = Site::new(&routes);
    let bridge = site.start();
    // A form of the site's may use short names.
    for (name, email) in [("lead_name", "lead_email"), ("name", "email")] {
        let body = form(&[(name, "<b>Анна"), (email, "nowhere"), ("utm_source", "ads")]);
        let page = bridge.hook(FORM, &body);
        assert_eq!(page.status, 422);
        for part in [
            "<html lang=\"ru\">",
            "<title>Проверьте это поле. Our news by mail</title>",
            "<a href=\"#lead_email\">Почта: Нужен адрес с @.</a>",
            "value=\"&lt;b&gt;Анна\"",
            "<p class=\"wrong\" id=\"lead_email-wrong\">Нужен адрес с @.</p>",
            "value=\"nowhere\" required autofocus aria-invalid=\"true\" aria-describedby=\"lead_email-wrong\"",
            "name=\"utm[utm_source]\" value=\"ads\"",
        ] {
            assert!(page.body.contains(part), "{part}: {}", page.body);
        }
        assert_eq!(page.body.matches("aria-invalid").count(), 1);
    }
    let nul = form(&[("lead_name", "a\0b"), ("lead_email", "a@b.ru")]);
    let page = bridge.hook(FORM, &nul);
    let note = "id=\"lead_name-wrong\">Проверьте это поле.";
    assert!(page.body.contains(note), "{}", page.body);
    let nothing = bridge.hook(FORM, &form(&[("lead_name", "Anna")]));
    assert!(
        nothing.body.contains("id=\"lead_email-wrong\""),
        "{}",
        nothing.body
    );
    site.delivered(0);
    super::refusals::says_nothing(&site);
}

#[test]
fn what_is_kept_is_confirmed_on_a_page_of_its_own_and_a_second_time_told() {
    let site = Site::without_service(&route("form"));
    let bridge = site.start();
    let body = form(&[("email", "visitor@example.com"), ("name", "Anna")]);
    let (place, page) = sent(&bridge, &body);
    assert_eq!(place, format!("{TOKEN}/done"));
    assert!(page.contains("<h1>Thank you!</h1>"), "{page}");
    assert!(!page.contains("<form"), "{page}");
    let (place, page) = sent(&bridge, &body);
    assert_eq!(place, format!("{TOKEN}/again"));
    assert!(page.contains("We have your address already."), "{page}");
    let status = site.status();
    assert_eq!(status.waiting + status.leased, 1);
}

#[test]
fn whom_the_service_has_is_told_so() {
    let site = Site::new(&route("form"));
    let bridge = site.start();
    let body = form(&[("email", "visitor@example.com")]);
    assert_eq!(sent(&bridge, &body).0, format!("{TOKEN}/done"));
    site.delivered(1);
    // On a busy machine the service may take longer than a visitor waits.
    let mut accepted = 1;
    loop {
        let (place, _) = sent(&bridge, &body);
        accepted += 1;
        site.delivered(accepted);
        if place == format!("{TOKEN}/again") {
            break;
        }
        assert!(accepted < 20, "it is never told");
    }
}

#[test]
fn a_service_that_hangs_holds_nobody() {
    // It takes connections, and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", silent.local_addr().expect("an address"));
    let site = Site::new("");
    site.configure(&url, &route("form"));
    let path = site.path("bridge.toml");
    let text = std::fs::read_to_string(&path).expect("the configuration");
    let times = "timeout_ms = 120000\nattempt_timeout_ms = 120000\n";
    std::fs::write(&path, format!("{times}{text}")).expect("a file");
    let bridge = site.start();
    for number in 0..4 {
        let body = form(&[("email", &format!("{number}@example.com"))]);
        assert_eq!(sent(&bridge, &body).0, format!("{TOKEN}/done"));
    }
    let status = site.status();
    assert!(status.leased > 0, "{status:?}");
    assert_eq!(status.waiting + status.leased, 4, "{status:?}");
    // What is on its way is not waited for.
    assert_eq!(bridge.stop(), Some(0));
}

#[test]
fn marks_that_cannot_be_sent_keep_no_contact_away() {
    let site = Site::new(&route("form"));
    let bridge = site.start();
    // A partner's mark without the partner.
    let body = form(&[("email", "a@example.com"), ("utm[utm_medium]", "affiliate")]);
    sent(&bridge, &body);
    site.delivered(1);
    assert!(site.sandbox.contact("a@example.com").is_some());
}

#[test]
fn what_cannot_be_kept_is_said_and_stays_in_the_form() {
    let site = Site::without_service(&format!("{}[outbox]\nmax_leads = 1\n", route("form")));
    let bridge = site.start();
    sent(&bridge, &form(&[("email", "first@example.com")]));
    let refused = bridge.hook(
        FORM,
        &form(&[("email", "second@example.com"), ("aff", "p")]),
    );
    assert_eq!(
        (refused.status, refused.header("retry-after")),
        (503, Some("30"))
    );
    for part in [
        "role=\"alert\"><p>We cannot take subscriptions at the moment.",
        "value=\"second@example.com\"",
        "name=\"aff\" value=\"p\"",
    ] {
        assert!(refused.body.contains(part), "{part}: {}", refused.body);
    }
    let status = site.status();
    assert_eq!(status.waiting + status.leased, 1);
}

#[test]
fn the_site_s_own_form_goes_to_its_own_pages_with_all_fields() {
    let routes = format!(
        "{}[route.page]\ndone = \"https://site.example/thanks\"\n",
        route("form")
    );
    let site = Site::new(&routes);
    let bridge = site.start();
    let body = form(&[
        ("lead_email", "visitor@example.com"),
        ("lead_name", "Anna"),
        ("lead_phone", "+7"),
        ("lead_city", "Moscow"),
        ("tag", "spring"),
        ("utm[utm_term]", "own"),
        ("rid[0]", "news"),
        ("done", "https://evil.example"),
    ]);
    let referer = (
        "Referer",
        "https://site.example/page?utm_source=ads&utm_term=other&ad=5",
    );
    let answer = bridge.post(&hook(), &[FORM, referer], &body);
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, Some("https://site.example/thanks"))
    );
    site.delivered(1);
    let contact = site
        .sandbox
        .contact("visitor@example.com")
        .expect("the contact");
    // A visitor does not choose the groups.
    assert_eq!(contact.groups(), ["super"]);
    let mut fields = contact.fields.clone();
    fields.sort();
    let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let wanted = [
        ("ad", "5"),
        ("lead_city", "Moscow"),
        ("lead_name", "Anna"),
        ("lead_phone", "+7"),
        ("tag", "spring"),
        ("utm[utm_source]", "ads"),
        ("utm[utm_term]", "own"),
    ];
    assert_eq!(fields, wanted.map(pair));
}
