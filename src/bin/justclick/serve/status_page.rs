//! The status page as HTML. Every value is escaped where it is written.

use std::time::Duration;

use justclick::Query;
use justclick::outbox::row::{Listed, Status};
use maud::{DOCTYPE, Markup, html};

use super::payload::value;

/// Dead leads on one page.
pub const PAGE: u32 = 50;

/// What the page is made of.
pub struct Found {
    pub status: Status,
    pub dead: Vec<Listed>,
    pub waiting: Vec<Listed>,
}

/// What somebody wants to see.
pub struct View {
    /// Goes along with each form.
    form: String,
    /// The lead whose data are shown.
    show: Option<i64>,
    /// Dead leads with larger numbers.
    pub after: i64,
    said: Option<String>,
}

impl View {
    pub fn of(query: &[(String, String)], form: String) -> View {
        let number = |name| value(query, name).parse::<i64>().ok();
        let retried = number("retried").map(|number| format!("Waiting again: {number}."));
        let dropped = number("dropped").map(|number| format!("Dropped: {number}."));
        View {
            form,
            show: number("show"),
            after: number("after").unwrap_or(0).max(0),
            said: retried.or(dropped),
        }
    }
}

pub fn login(wrong: &str) -> String {
    let content = html! {
        h1 { "Leads" }
        form method="post" action="/status" {
            label for="token" { "The status page's token" }
            input #token name="token" type="password" autocomplete="current-password" required
                aria-describedby="wrong" aria-invalid=(if wrong.is_empty() { "false" } else { "true" });
            p #wrong .wrong role="alert" { (wrong) }
            button { "Enter" }
        }
    };
    document(&content)
}

pub fn page(view: &View, found: &Found) -> String {
    let content = html! {
        header {
            h1 { "Leads" }
            (button(view, "/status/leave", None, "Leave", "plain"))
        }
        @if let Some(said) = &view.said { p .said role="status" { (said) } }
        (counts(found))
        @for account in &found.status.accounts {
            section .held {
                h2 { "Nothing is sent for " (account.account) }
                p { (account.reason) }
                p { "It is tried again in " (time(account.held_for)) "; correct credentials end that at once." }
            }
        }
        section {
            h2 { "Dead leads" }
            @if found.status.dead == 0 { p { "None. What cannot be delivered stands here with its reason." } }
            @else { (decide_all(view, found)) }
            @for row in &found.dead { (lead(view, row, true)) }
            (further(found))
        }
        section {
            h2 { "Waiting" }
            @if found.waiting.is_empty() { p { "None." } }
            @for row in &found.waiting { (lead(view, row, false)) }
        }
    };
    document(&content)
}

fn counts(found: &Found) -> Markup {
    let status = &found.status;
    let counts = [
        ("Waiting", status.waiting),
        ("On their way", status.leased),
        ("Dead", status.dead),
        ("Delivered", status.delivered),
        ("Dropped", status.dropped),
    ];
    html! {
        dl .counts {
            @for (name, number) in counts { div { dt { (name) } dd { (number) } } }
        }
        @if let Some(age) = status.oldest_waiting {
            p { "The oldest waits for " (time(age)) "."
                @if let Some(next) = status.next_due { " The next is due in " (time(next)) "." } }
        }
    }
}

fn decide_all(view: &View, found: &Found) -> Markup {
    html! {
        div .actions {
            (button(view, "/status/retry", None, "Try all again", ""))
            details {
                summary { "Drop all…" }
                p { "All " (found.status.dead) " go for good." }
                (button(view, "/status/drop", None, "Drop all for good", "danger"))
            }
        }
    }
}

fn lead(view: &View, row: &Listed, is_dead: bool) -> Markup {
    let is_shown = view.show == Some(row.id);
    html! {
        article id=(format!("lead-{}", row.id)) {
            h3 { "Lead " (row.id) }
            @if !row.reason.is_empty() { p .reason { (row.reason) } }
            p .about {
                "kept " (time(row.age)) " ago, " (row.attempts) " attempts"
                @if row.code >= 0 { ", code " (row.code) }
                @if !is_dead { ", due in " (time(row.due_in)) }
                ", " (row.account)
            }
            @if !row.text.is_empty() { p .about { "The service: “" (row.text) "”" } }
            @if is_shown { (data(&row.query)) }
            @else {
                p { a href=(format!("/status?show={}&after={}#lead-{}", row.id, view.after, row.id)) {
                    "Show the data of lead " (row.id) } }
            }
            @if is_dead {
                div .actions {
                    (button(view, "/status/retry", Some(row.id), "Try again", ""))
                    details {
                        summary { "Drop…" }
                        (button(view, "/status/drop", Some(row.id), "Drop for good", "danger"))
                    }
                }
            }
        }
    }
}

fn data(query: &str) -> Markup {
    let pairs = Query::parse(query).map(|query| query.pairs());
    html! {
        dl .data {
            @for (name, value) in pairs.unwrap_or_default() {
                div { dt { (name) } dd { (value) } }
            }
        }
    }
}

fn further(found: &Found) -> Markup {
    let is_full = u32::try_from(found.dead.len()).is_ok_and(|shown| shown == PAGE);
    html! {
        @if is_full && let Some(last) = found.dead.last() {
            p { a href=(format!("/status?after={}", last.id)) { "Further dead leads" } }
        }
    }
}

/// One lead, or all that are dead.
fn button(view: &View, action: &str, id: Option<i64>, text: &str, class: &str) -> Markup {
    html! {
        form method="post" action=(action) {
            input type="hidden" name="form" value=(view.form);
            @if let Some(id) = id { input type="hidden" name="id" value=(id); }
            @else { input type="hidden" name="all" value="1"; }
            button class=(class) aria-label=[id.map(|id| format!("{text}: lead {id}"))] { (text) }
        }
    }
}

fn document(content: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { "Leads" }
                link rel="stylesheet" href="/status/style.css";
            }
            body { main { (content) } }
        }
    };
    page.into_string()
}

/// As people say it: the two largest units.
fn time(time: Duration) -> String {
    let seconds = time.as_secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min"),
        (0, _, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}
