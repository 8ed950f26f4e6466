//! The pages of a subscription form, for browsers with and without scripts.

use hyper::body::Incoming;
use hyper::{HeaderMap, Request, StatusCode};
use maud::{DOCTYPE, Markup, html};

use super::answer::{self, Answer};
use super::marks;
use super::payload::{Payload, value};
use super::route::Route;
use super::settings::{InputSettings, PageSettings};

/// A form with what is known of its visitor.
pub struct Form<'a> {
    route: &'a Route,
    page: &'a PageSettings,
    /// By the service's names.
    values: Vec<(&'a str, String)>,
}

/// What a visitor has to know before a second try.
enum Trouble<'a> {
    Field(&'a InputSettings),
    Notice(&'a str),
}

/// What became of a contact that is kept. Each has a page below the form's address.
#[derive(Clone, Copy)]
pub enum End {
    Done,
    /// It waits already, or the service had it before.
    Again,
}

impl End {
    fn below(self) -> &'static str {
        match self {
            End::Done => "/done",
            End::Again => "/again",
        }
    }

    /// A path, and the end that stands below it.
    pub fn split(path: &str) -> (&str, Option<End>) {
        let mut ends = [End::Done, End::Again].into_iter();
        let found = ends.find_map(|end| Some((path.strip_suffix(end.below())?, Some(end))));
        found.unwrap_or((path, None))
    }
}

/// Away from the form, so that a reload sends nothing twice. `name` is the last part of its address.
pub fn leads_on(page: &PageSettings, name: &str, end: End) -> Answer {
    match &page.done {
        Some(place) => answer::see_other(place),
        // Relative, since a proxy may have put it all below another address.
        None => answer::see_other(&format!("{name}{}", end.below())),
    }
}

pub fn ended(page: &PageSettings, end: End) -> Answer {
    let text = match end {
        End::Done => &page.done_text,
        End::Again => &page.again_text,
    };
    let content = html! {
        h1 { (page.done_title) }
        p role="status" { (text) }
    };
    document(page, StatusCode::OK, &page.done_title, &content)
}

impl<'a> Form<'a> {
    /// With what stands in its own address, and in that of the page which led here.
    pub fn of_address(
        route: &'a Route,
        page: &'a PageSettings,
        request: &Request<Incoming>,
    ) -> Form<'a> {
        let query = request.uri().query().unwrap_or_default();
        let payload = Payload::of_form(request.headers(), query.as_bytes());
        let mut values = payload.map_or_else(|_| Vec::new(), |payload| route.values(&payload));
        for (field, value) in marks::found_in(query) {
            if !values.iter().any(|(known, _)| *known == field) {
                values.push((field, value));
            }
        }
        Form {
            route,
            page,
            values,
        }
    }

    /// With what was sent.
    pub fn sent(
        route: &'a Route,
        page: &'a PageSettings,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Form<'a> {
        let payload = Payload::parse(headers, body);
        let values = payload.map_or_else(|_| Vec::new(), |payload| route.values(&payload));
        Form {
            route,
            page,
            values,
        }
    }

    pub fn shown(&self) -> Answer {
        self.answer(StatusCode::OK, None)
    }

    /// With a word beside the field that the library's message names.
    pub fn wrong(&self, why: &str) -> Answer {
        let is_named = |input: &&InputSettings| why.starts_with(&format!("{}:", input.field));
        let is_email =
            |input: &&InputSettings| input.field == "lead_email" && why.contains("set lead_email");
        let mut inputs = self.page.inputs.iter();
        let field = (inputs.clone().find(is_named)).or_else(|| inputs.find(is_email));
        let trouble = field.map_or(Trouble::Notice(&self.page.wrong), Trouble::Field);
        self.answer(StatusCode::UNPROCESSABLE_ENTITY, Some(&trouble))
    }

    pub fn later(&self) -> Answer {
        let trouble = Trouble::Notice(&self.page.later_text);
        self.answer(StatusCode::SERVICE_UNAVAILABLE, Some(&trouble))
    }

    fn answer(&self, status: StatusCode, trouble: Option<&Trouble>) -> Answer {
        let page = self.page;
        let title = match trouble {
            Some(Trouble::Field(_)) => format!("{} {}", page.wrong, page.title),
            _ => page.title.clone(),
        };
        let content = html! {
            h1 { (page.title) }
            @if let Some(trouble) = trouble { (self.summary(trouble)) }
            @if !page.text.is_empty() { p { (page.text) } }
            form method="post" {
                @for input in &page.inputs { (self.input(input, trouble)) }
                @for (field, value) in &self.values {
                    @if !self.is_shown(field) {
                        input type="hidden" name=(self.route.input_name(field)) value=(value);
                    }
                }
                p { button { (page.button) } }
            }
        };
        document(page, status, &title, &content)
    }

    /// Marks of the first address go along with a second try, without being shown.
    fn is_shown(&self, field: &str) -> bool {
        self.page.inputs.iter().any(|input| input.field == field)
    }

    fn summary(&self, trouble: &Trouble) -> Markup {
        html! {
            div .summary role="alert" {
                @match trouble {
                    Trouble::Field(input) => {
                        p { strong { (self.page.wrong) } }
                        p { a href=(format!("#{}", input.field)) {
                            (input.label) ": " (input.wrong_text(self.page)) } }
                    }
                    Trouble::Notice(text) => p { (text) },
                }
            }
        }
    }

    fn input(&self, input: &InputSettings, trouble: Option<&Trouble>) -> Markup {
        let (kind, fills) = match input.field.as_str() {
            "lead_email" => ("email", "email"),
            "lead_phone" => ("tel", "tel"),
            "lead_name" => ("text", "name"),
            "lead_city" => ("text", "address-level2"),
            _ => ("text", "off"),
        };
        let is_wrong = matches!(trouble, Some(Trouble::Field(wrong)) if wrong.field == input.field);
        let note = format!("{}-wrong", input.field);
        html! {
            label for=(input.field) { (input.label) }
            @if is_wrong { p .wrong id=(note) { (input.wrong_text(self.page)) } }
            input type=(kind) id=(input.field) name=(self.route.input_name(&input.field))
                autocomplete=(fills) value=(value(&self.values, &input.field))
                required[input.field == "lead_email"] autofocus[is_wrong]
                aria-invalid=[is_wrong.then_some("true")]
                aria-describedby=[is_wrong.then_some(&note)];
        }
    }
}

fn document(page: &PageSettings, status: StatusCode, title: &str, content: &Markup) -> Answer {
    let html = html! {
        (DOCTYPE)
        html lang=(page.lang) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="stylesheet" href="/hook/style.css";
            }
            body { main { (content) } }
        }
    };
    answer::public_page(status, html.into_string())
}
