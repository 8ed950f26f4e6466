//! The subscription form: its own page, and a form of the site's.

use super::bridge::{FORM, Site, TOKEN, route};
use super::http::form;

fn hook() -> String {
    format!("/hook/{TOKEN}")
}

#[test]
fn it_shows_itself_with_the_marks_of_its_address() {
    let site = Site::new(&route("form"));
    let bridge = site.start();
    let page = bridge.get(
        &format!("{}?utm_source=a%22b&utm_medium=cpc&x=y&aff=p", hook()),
        &[],
    );
    assert_eq!(page.status, 200);
    for part in [
        "<label for=\"lead_email\">E-mail</label>",
        "name=\"utm[utm_source]\" value=\"a&quot;b\"",
        "name=\"utm[utm_medium]\" value=\"cpc\"",
        "name=\"aff\" value=\"p\"",
    ] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    assert!(!page.body.contains("<script"), "{}", page.body);
    assert_eq!(bridge.get("/hook/style.css", &[]).status, 200);
    assert_eq!(bridge.get("/hook/tilda", &[]).status, 404);
}

#[test]
fn a_wrong_value_is_told_beside_its_field_and_nothing_is_lost() {
    let routes = format!(
        "{}[route.page]\nlang = \"ru\"\nwrong = \"Проверьте это поле.\"\n\
         inputs = [{{ field = \"lead_name\", label = \"Имя\" }}, {{ field = \"lead_email\", label = \"Почта\" }}]\n",
        route("form")
    );
    let site = Site::new(&routes);
    let bridge = site.start();
    let body = form(&[
        ("lead_name", "<b>Анна"),
        ("lead_email", "nowhere"),
        ("utm[utm_source]", "ads"),
    ]);
    let page = bridge.hook(FORM, &body);
    assert_eq!(page.status, 422);
    for part in [
        "<html lang=\"ru\">",
        "value=\"&lt;b&gt;Анна\"",
        "value=\"nowhere\" required autofocus aria-invalid=\"true\" aria-describedby=\"lead_email-wrong\"",
        "id=\"lead_email-wrong\" role=\"alert\">Проверьте это поле.",
        "name=\"utm[utm_source]\" value=\"ads\"",
    ] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    site.delivered(0);
    super::refusals::says_nothing(&site);
}

#[test]
fn what_is_kept_is_confirmed_and_a_second_time_told() {
    let site = Site::without_service(&route("form"));
    let bridge = site.start();
    let body = form(&[("email", "visitor@example.com"), ("name", "Anna")]);
    let first = bridge.hook(FORM, &body);
    assert_eq!(first.status, 200);
    assert!(first.body.contains("Thank you!"), "{}", first.body);
    let second = bridge.hook(FORM, &body);
    assert!(
        second.body.contains("We have your address already."),
        "{}",
        second.body
    );
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
