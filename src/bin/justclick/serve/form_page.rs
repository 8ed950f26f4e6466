//! The pages of a subscription form, for browsers with and without scripts.

use hyper::StatusCode;
use justclick::field::FIELDS;
use maud::{DOCTYPE, Markup, html};

use super::answer::{self, Answer};
use super::marks;
use super::payload::{form, value};
use super::settings::{InputSettings, PageSettings};

/// What a form was filled with, and what is wrong with it.
#[derive(Default)]
struct Filled {
    fields: Vec<(String, String)>,
    /// The name of the field that is wrong; empty where it is none of those that are shown.
    wrong: Option<String>,
}

/// The form, which takes the marks of its own address along.
pub fn empty(page: &PageSettings, query: &str) -> Answer {
    let marks = marks::found_in(query).into_iter();
    let filled = Filled {
        fields: (marks.map(|(name, value)| (name.to_owned(), value))).collect(),
        wrong: None,
    };
    shown(
        page,
        StatusCode::OK,
        &page.title,
        &filled_form(page, &filled),
    )
}

/// The form as it was sent, with a word beside the field that the rule is about.
pub fn wrong(page: &PageSettings, body: &[u8], why: &str) -> Answer {
    let is_named = |input: &&InputSettings| why.contains(&input.field);
    let wrong = page.inputs.iter().find(is_named);
    let filled = Filled {
        fields: form(body).unwrap_or_default(),
        wrong: Some(wrong.map_or_else(String::new, |input| input.field.clone())),
    };
    shown(
        page,
        StatusCode::UNPROCESSABLE_ENTITY,
        &page.title,
        &filled_form(page, &filled),
    )
}

pub fn done(page: &PageSettings, was_there: bool) -> Answer {
    if let Some(place) = &page.done {
        return answer::see_other(place);
    }
    let text = if was_there {
        &page.again_text
    } else {
        &page.done_text
    };
    let content = html! { p role="status" { (text) } };
    shown(page, StatusCode::OK, &page.done_title, &content)
}

pub fn later(page: &PageSettings) -> Answer {
    let content = html! { p role="alert" { (page.later_text) } };
    shown(page, StatusCode::SERVICE_UNAVAILABLE, &page.title, &content)
}

fn filled_form(page: &PageSettings, filled: &Filled) -> Markup {
    let is_shown = |name: &str| page.inputs.iter().any(|input| input.field == name);
    // Marks of the first address go along with the second try.
    let hidden = (FIELDS.iter())
        .map(|field| (field.name, value(&filled.fields, field.name)))
        .filter(|(name, value)| !is_shown(name) && !value.is_empty());
    html! {
        @if !page.text.is_empty() { p { (page.text) } }
        @if filled.wrong.as_deref() == Some("") { p .wrong role="alert" { (page.wrong) } }
        form method="post" {
            @for shown in &page.inputs { (input(page, shown, filled)) }
            @for (name, value) in hidden { input type="hidden" name=(name) value=(value); }
            p { button { (page.button) } }
        }
    }
}

fn input(page: &PageSettings, input: &InputSettings, filled: &Filled) -> Markup {
    let (kind, fills) = match input.field.as_str() {
        "lead_email" => ("email", "email"),
        "lead_phone" => ("tel", "tel"),
        "lead_name" => ("text", "name"),
        "lead_city" => ("text", "address-level2"),
        _ => ("text", "off"),
    };
    let is_wrong = filled.wrong.as_ref() == Some(&input.field);
    let note = format!("{}-wrong", input.field);
    html! {
        label for=(input.field) { (input.label) }
        input type=(kind) id=(input.field) name=(input.field) autocomplete=(fills)
            value=(value(&filled.fields, &input.field)) required[input.field == "lead_email"]
            autofocus[is_wrong]
            aria-invalid=[is_wrong.then_some("true")] aria-describedby=[is_wrong.then_some(&note)];
        @if is_wrong { p .wrong id=(note) role="alert" { (page.wrong) } }
    }
}

fn shown(page: &PageSettings, status: StatusCode, title: &str, content: &Markup) -> Answer {
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
            body { main { h1 { (title) } (content) } }
        }
    };
    answer::public_page(status, html.into_string())
}
