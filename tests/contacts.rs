//! The other contact functions, typed and by name, against the sandbox's books.

#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use std::time::Duration;

use justclick::{
    Client, Counted, Disposition, ErrorKind, Lead, LeadUpdate, Outcome, Query, Subscription, code,
};
use sandbox::{Behaviour, Options, Sandbox};

const SECRET: &str = "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";

fn sandbox() -> Sandbox {
    Sandbox::start(Options::demo()).expect("a sandbox")
}

fn client(sandbox: &Sandbox) -> Client {
    let mut client = Client::new("username", SECRET).expect("a client");
    client
        .set("base_url", sandbox.base_url())
        .expect("a base URL");
    client
}

fn with_a_contact(sandbox: &Sandbox) -> Client {
    let client = client(sandbox);
    for group in ["super", "confirm"] {
        let mut lead = Lead::new();
        (lead
            .group(group)
            .and_then(|lead| lead.email("a@b.ru")?.name("Old")))
        .expect("a lead");
        client.add_lead(&lead).expect("a receipt");
    }
    client
}

#[test]
fn all_groups_are_listed() {
    let sandbox = sandbox();
    let groups = client(&sandbox).groups().expect("groups");
    let names: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!(names, ["super", "news", "confirm", "auto"]);
    assert_eq!(groups[0].title, "The group super");
}

#[test]
fn a_contact_s_groups_and_statuses_are_told() {
    let sandbox = sandbox();
    let client = with_a_contact(&sandbox);
    let groups = client.lead_groups("a@b.ru").expect("groups");
    assert_eq!(groups.len(), 2);
    let statuses = client.lead_statuses("a@b.ru").expect("statuses");
    assert_eq!(statuses[0].group.name, "super");
    assert_eq!(statuses[0].status, Subscription::Subscribed);
    assert_eq!(statuses[1].status, Subscription::Waiting);
    assert!(statuses[0].subscribed_at.is_some());

    let error = client.lead_statuses("nobody@b.ru").expect_err("nobody");
    assert_eq!(error.kind(), ErrorKind::Rejected);
    let code = error.answer().map(|answer| answer.code());
    assert_eq!(code, Some(code::SUBSCRIBER_NOT_FOUND));
}

#[test]
fn a_contact_is_changed() {
    let sandbox = sandbox();
    let client = with_a_contact(&sandbox);
    let update = LeadUpdate {
        name: Some("Имя ~"),
        tags: Some("x"),
        ..LeadUpdate::default()
    };
    let receipt = client.update_lead("a@b.ru", &update).expect("a receipt");
    assert_eq!(receipt.outcome(), Outcome::Answered);
    let contact = sandbox.contact("a@b.ru").expect("the contact");
    assert!(format!("{contact:?}").contains("Имя ~"), "{contact:?}");
}

#[test]
fn a_contact_is_unsubscribed_once_and_stays_so() {
    let sandbox = sandbox();
    let client = with_a_contact(&sandbox);
    assert!(client.unsubscribe("a@b.ru", "super").expect("an answer"));
    let statuses = client.lead_statuses("a@b.ru").expect("statuses");
    assert_eq!(statuses[0].status, Subscription::Unsubscribed);
    assert!(
        !client
            .unsubscribe("nobody@b.ru", "super")
            .expect("an answer")
    );
}

#[test]
fn a_contact_that_is_not_there_leaves_nothing_to_do_but_where_it_was_to_be_changed() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    for (function, disposition) in [
        ("DeleteSubscribe", Disposition::Done),
        ("UpdateSubscriberData", Disposition::Refused),
    ] {
        let query = Query::from_json(r#"{"lead_email": "nobody@b.ru", "rass_name": "super"}"#);
        let error = (client.call(function, &query.expect("a query"))).expect_err(function);
        assert_eq!(error.kind(), ErrorKind::Rejected, "{function}");
        let code = error.answer().map(|answer| answer.code());
        assert_eq!(code, Some(code::ADDRESS_NOT_FOUND), "{function}");
        assert_eq!(error.disposition(), disposition, "{function}");
    }
}

#[test]
fn contacts_are_counted() {
    let sandbox = sandbox();
    let client = with_a_contact(&sandbox);
    assert_eq!(client.count(Counted::Unique).expect("a number"), 1);
    assert_eq!(client.count(Counted::All).expect("a number"), 2);
    assert_eq!(client.count(Counted::Group("super")).expect("a number"), 1);
}

#[test]
fn an_empty_group_or_address_is_refused_before_anything_is_sent() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let empty = Query::from_json(r#"{"lead_email": "a@b.ru", "rass_name": " "}"#).expect("a query");
    for (error, part) in [
        (client.unsubscribe("a@b.ru", "").map(drop), "rass_name"),
        (client.unsubscribe("  ", "super").map(drop), "lead_email"),
        (
            client.call("DeleteSubscribe", &empty).map(drop),
            "rass_name",
        ),
        (
            client.call("DeleteSubscribe", &Query::new()).map(drop),
            "lead_email",
        ),
        (client.lead_statuses("").map(drop), "email"),
        (client.count(Counted::Group("")).map(drop), "group_name"),
        (client.call("", &Query::new()).map(drop), "function"),
        (
            client.call("Get/../Groups", &Query::new()).map(drop),
            "function",
        ),
    ] {
        let error = error.expect_err(part);
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{error}");
        assert!(error.message().contains(part), "{error}");
    }
    assert_eq!(sandbox.requests(), 0);
}

#[test]
fn any_function_is_called_by_its_name() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let receipt = client
        .call("GetAllGroups", &Query::new())
        .expect("a receipt");
    assert_eq!(receipt.outcome(), Outcome::Answered);
    assert!(
        receipt
            .answer()
            .result()
            .is_some_and(|json| json.contains("rass_title"))
    );
    // Another case is another name, and the service redirects it.
    let error = client
        .call("getallgroups", &Query::new())
        .expect_err("a redirect");
    assert_eq!(
        (error.kind(), error.http_status()),
        (ErrorKind::Http, Some(307))
    );
    // A lead may be sent by its function's name as well, and is judged as one.
    let lead = Query::from_json(r#"{"rid": ["super"], "lead_email": "a@b.ru"}"#).expect("a query");
    for outcome in [Outcome::Added, Outcome::AlreadyRegistered] {
        let receipt = client.call("AddLeadToGroup", &lead).expect("a receipt");
        assert_eq!(receipt.outcome(), outcome);
    }
    let request = client
        .sign_call("GetAllGroups", &Query::new())
        .expect("a request");
    assert!(request.url().ends_with("/api/GetAllGroups"));
    assert!(request.body().starts_with("hash="));
}

#[test]
fn a_lost_answer_is_repeated_for_what_only_reads() {
    for (function, parameters, attempts) in [
        ("GetCountSubscribe", r#"{"group_name": "unique"}"#, 2),
        ("UpdateSubscriberData", r#"{"lead_email": "a@b.ru"}"#, 1),
    ] {
        let sandbox = sandbox();
        let client = with_a_contact(&sandbox);
        // A connection that no earlier call left behind, since the loss of a kept one is another.
        let mut fresh = client.clone();
        fresh.set("user_agent", "another").expect("another session");
        sandbox.next(Behaviour::ApplyThenClose);
        let query = Query::from_json(parameters).expect("a query");
        let made = match fresh.call(function, &query) {
            Ok(receipt) => receipt.attempts().len(),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
                assert_eq!(error.disposition(), Disposition::Later);
                error.attempts().len()
            }
        };
        assert_eq!(made, attempts, "{function}");
    }
}

#[test]
fn what_cannot_have_arrived_is_tried_again_whatever_it_does() {
    let sandbox = sandbox();
    let client = with_a_contact(&sandbox);
    sandbox.next(Behaviour::Answer {
        status: 429,
        headers: Vec::new(),
        body: Vec::new(),
        delay: Duration::ZERO,
    });
    let query = Query::from_json(r#"{"lead_email": "a@b.ru", "lead_city": "x"}"#).expect("a query");
    let receipt = client
        .call("UpdateSubscriberData", &query)
        .expect("a receipt");
    assert_eq!(receipt.attempts().len(), 2);
    assert!(
        receipt.attempts()[0]
            .error()
            .is_some_and(|error| error.contains("429"))
    );
    assert_eq!(receipt.attempts()[1].error(), None);
    assert!(receipt.attempts()[1].address().is_some());
}

#[test]
fn a_clone_with_another_setting_shares_the_connections() {
    let sandbox = sandbox();
    let client = with_a_contact(&sandbox);
    for milliseconds in [900, 800] {
        let mut hurried = client.clone();
        hurried
            .set_timeout(Duration::from_millis(milliseconds))
            .expect("a time-out");
        hurried.groups().expect("groups");
    }
    client.groups().expect("groups");
    assert_eq!(sandbox.connections(), 1);
}
