//! What a lead takes and refuses, through the public interface.

use justclick::{Client, ErrorKind, Lead};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn query(lead: &Lead) -> Result<String, justclick::Error> {
    let request = Client::new("username", "secret")?.sign_lead(lead)?;
    let (query, _hash) = request.body().rsplit_once("&hash=").unwrap_or_default();
    Ok(query.to_owned())
}

fn valid() -> Result<Lead, justclick::Error> {
    let mut lead = Lead::new();
    lead.group("super")?.email("a@b.ru")?;
    Ok(lead)
}

/// The message of a refusal, which must be of this kind.
fn refused<T>(result: Result<T, justclick::Error>, kind: ErrorKind) -> String {
    match result {
        Ok(_) => panic!("this must be refused"),
        Err(error) => {
            assert_eq!(error.kind(), kind, "{error}");
            error.message().to_owned()
        }
    }
}

#[test]
fn setting_twice_replaces_and_unset_leaves_out_and_empty_stays() -> Outcome {
    let mut lead = valid()?;
    lead.name("first")?
        .name("second")?
        .city("")?
        .phone("1")?
        .unset("lead_phone")?;
    assert_eq!(
        query(&lead)?,
        "rid%5B0%5D=super&lead_name=second&lead_email=a%40b.ru&lead_city="
    );
    Ok(())
}

#[test]
fn groups_are_numbered_without_gaps_whatever_their_order() -> Outcome {
    let mut lead = Lead::new();
    lead.set("rid[2]", "c")?
        .set("rid[0]", "a")?
        .set("rid[1]", "b")?
        .email("a@b.ru")?;
    lead.unset("rid[1]")?;
    assert_eq!(
        query(&lead)?,
        "rid%5B0%5D=a&rid%5B1%5D=c&lead_email=a%40b.ru"
    );
    Ok(())
}

#[test]
#[cfg_attr(miri, ignore = "takes Miri too long")]
fn nine_hundred_groups_pass_and_one_more_is_refused() -> Outcome {
    let mut lead = Lead::new();
    lead.email("a@b.ru")?;
    for index in 0..900 {
        lead.add_group(format!("group{index}"))?;
    }
    assert!(query(&lead)?.contains("rid%5B899%5D=group899&"));
    let message = refused(
        lead.add_group("another").map(drop),
        ErrorKind::InvalidArgument,
    );
    assert!(message.contains("at most 900"), "{message}");
    Ok(())
}

#[test]
fn extras_of_one_array_stand_together_and_those_of_utm_beside_utm() -> Outcome {
    let mut lead = valid()?;
    lead.ad("mark")?;
    for name in ["x[a][1]", "y", "x[b]", "x[a][2]", "utm[own]"] {
        lead.set_extra(name, "1")?;
    }
    assert_eq!(
        query(&lead)?,
        "rid%5B0%5D=super&lead_email=a%40b.ru&utm%5Bown%5D=1&ad=mark\
         &x%5Ba%5D%5B1%5D=1&x%5Ba%5D%5B2%5D=1&x%5Bb%5D=1&y=1"
    );
    Ok(())
}

#[test]
fn names_that_php_would_change_are_refused() -> Outcome {
    let mut lead = valid()?;
    lead.set_extra("x[a]", "1")?;
    let before = query(&lead)?;
    let deep = format!("a{}", "[b]".repeat(65));
    for name in [
        "",
        "hash",
        "hash[a]",
        "rid",
        "rid[0]",
        "rid[]",
        "lead_email",
        "tag[x]",
        "utm",
        "utm[utm_term]",
        "utm[utm_term][x]",
        "a[__Host-x]",
        "a[b][__Secure-]",
        "__Secure-a[__Host-x]",
        "a.b",
        "a b",
        " a",
        "a[]",
        "a[b",
        "a[b]c",
        "[x]",
        "a]b",
        "a[b[c]]",
        "a[ b]",
        "a\0b",
        "x",
        "x[a][b]",
        "a\n",
        &deep,
    ] {
        refused(
            lead.set_extra(name, "1").map(drop),
            ErrorKind::InvalidArgument,
        );
    }
    lead.set_extra("__Host-a[__Host-x]", "1")?
        .unset_extra("__Host-a[__Host-x]")?;
    refused(
        lead.set_extra(b"\xff", "1").map(drop),
        ErrorKind::InvalidArgument,
    );
    assert_eq!(query(&lead)?, before);
    Ok(())
}

#[test]
fn an_unknown_name_is_told_with_the_nearest_known_one() -> Outcome {
    let mut lead = valid()?;
    for (name, nearest) in [
        ("lead_emial", "\"lead_email\"?"),
        ("utm[utm_sourse]", "\"utm[utm_source]\"?"),
    ] {
        let message = refused(lead.set(name, "1").map(drop), ErrorKind::UnknownName);
        assert!(message.contains(nearest), "{message}");
    }
    let message = refused(
        lead.set("quite another", "1").map(drop),
        ErrorKind::UnknownName,
    );
    assert!(!message.contains("did you mean"), "{message}");
    refused(lead.set("rid[01]", "g").map(drop), ErrorKind::UnknownName);
    Ok(())
}

#[test]
fn a_value_where_an_array_belongs_is_told_as_that_and_the_other_way_round() -> Outcome {
    let mut lead = valid()?;
    for (name, rule) in [
        ("rid", "rid: it takes a list of groups"),
        ("utm", "utm: it takes a value for each of its names"),
        ("lead_name[0]", "lead_name: it takes one value, not a list"),
        (
            "utm[utm_term][a][b]",
            "utm[utm_term]: it takes one value, not a list",
        ),
    ] {
        let message = refused(lead.set(name, "1").map(drop), ErrorKind::UnknownName);
        assert!(message.starts_with(rule), "{message}");
    }
    // Empty arrays.
    let whole = query(&lead)?;
    lead.unset("rid[]")?.unset("utm[]")?;
    assert_eq!(query(&lead)?, whole);
    for name in ["lead_name[]", "tag[]", "nosuch[]", "[]", "ut[]"] {
        refused(lead.unset(name).map(drop), ErrorKind::UnknownName);
    }
    refused(lead.set("rid[]", "g").map(drop), ErrorKind::UnknownName);
    Ok(())
}

#[test]
fn a_name_in_a_message_leaves_room_for_the_rule() -> Outcome {
    // C's messages end at 511 bytes, and each of these characters takes ten when it is shown.
    let unprintable = "\u{10ffff}".repeat(62);
    let mut lead = valid()?;
    lead.set_extra(format!("a[{unprintable}x]"), "1")?;
    let failures = [
        refused(
            Client::new(&unprintable, "secret").map(drop),
            ErrorKind::InvalidArgument,
        ),
        refused(
            lead.set_extra(format!("a[{unprintable}x][y]"), "1")
                .map(drop),
            ErrorKind::InvalidArgument,
        ),
        refused(
            lead.set_extra(format!(".{unprintable}"), "1").map(drop),
            ErrorKind::InvalidArgument,
        ),
    ];
    for message in failures {
        assert!(message.len() < 512, "{} {message}", message.len());
    }
    let digits = format!("rid[{}]", "9".repeat(30));
    let message = refused(lead.set(&digits, "g").map(drop), ErrorKind::InvalidArgument);
    assert!(message.starts_with(&digits), "{message}");
    Ok(())
}

#[test]
fn bad_values_are_refused_by_field_and_offset() -> Outcome {
    let mut lead = valid()?;
    let message = refused(lead.name("ab\0c").map(drop), ErrorKind::InvalidArgument);
    assert!(message.contains("lead_name: byte 2 is a NUL"), "{message}");
    let message = refused(lead.city(b"abc\xff").map(drop), ErrorKind::InvalidArgument);
    assert!(
        message.contains("lead_city: byte 3 is not valid UTF-8"),
        "{message}"
    );
    refused(
        lead.tag("x".repeat(1 << 20)).map(drop),
        ErrorKind::InvalidArgument,
    );
    refused(lead.add_group(" ").map(drop), ErrorKind::InvalidArgument);
    refused(
        lead.set("activation", "yes").map(drop),
        ErrorKind::InvalidArgument,
    );
    assert_eq!(query(&lead)?, query(&valid()?)?);
    Ok(())
}

#[test]
fn addresses_are_trimmed_and_checked_and_never_repeated() -> Outcome {
    let mut lead = valid()?;
    lead.email("  a@b.ru\n")?;
    assert_eq!(query(&lead)?, "rid%5B0%5D=super&lead_email=a%40b.ru");
    for email in [
        "",
        " ",
        "somebody",
        "@b.ru",
        "somebody@",
        "some@body@b.ru",
        "some body@b.ru",
        "some\u{7}body@b.ru",
    ] {
        let message = refused(lead.email(email).map(drop), ErrorKind::InvalidArgument);
        assert!(!message.contains("body"), "{message}");
    }
    Ok(())
}

#[test]
fn what_cannot_be_seen_is_cut_off_around_an_address_and_refused_in_it() -> Outcome {
    for invisible in [
        '\u{feff}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{202a}', '\u{202c}',
        '\u{2060}', '\u{ad}', '\u{180e}',
    ] {
        let mut lead = valid()?;
        lead.email(format!("{invisible} a@b.ru\u{feff}\r\n{invisible}"))?;
        assert_eq!(query(&lead)?, "rid%5B0%5D=super&lead_email=a%40b.ru");
        let within = format!("{invisible}some{invisible}body@b.ru");
        let message = refused(lead.email(within).map(drop), ErrorKind::InvalidArgument);
        let expected = format!(
            "lead_email: there is an invisible character (U+{:04X}) at byte 4",
            u32::from(invisible)
        );
        assert!(message.starts_with(&expected), "{message}");
        assert!(!message.contains("body"), "{message}");
        let nothing = lead.email(invisible.to_string()).map(drop);
        assert!(refused(nothing, ErrorKind::InvalidArgument).contains("empty"));
    }
    Ok(())
}

#[test]
fn flags_are_sent_as_digits() -> Outcome {
    for (given, sent) in [
        ("1", "1"),
        ("true", "1"),
        ("True", "1"),
        ("0", "0"),
        ("False", "0"),
        ("", ""),
    ] {
        let mut lead = valid()?;
        lead.set("activation", given)?;
        assert!(query(&lead)?.ends_with(&format!("&activation={sent}")));
    }
    Ok(())
}

#[test]
fn a_lead_that_is_not_whole_is_refused_before_sending() -> Outcome {
    let mut lead = Lead::new();
    lead.email("a@b.ru")?;
    assert!(refused(query(&lead), ErrorKind::InvalidArgument).contains("group"));
    let mut lead = Lead::new();
    lead.group("super")?;
    assert!(refused(query(&lead), ErrorKind::InvalidArgument).contains("lead_email"));
    let mut lead = valid()?;
    lead.utm_medium("affiliate")?;
    assert!(refused(query(&lead), ErrorKind::InvalidArgument).contains("utm[utm_source]"));
    lead.utm_source("partner")?;
    query(&lead)?;
    Ok(())
}

#[test]
fn usernames_must_be_labels_of_a_host_s_name() {
    for username in [
        "", "-a", "a-", "a.b", "a/", "a@b", "a:b@c", "..", "Name", "имя", "a\r\nb", "a b",
    ] {
        refused(
            Client::new(username, "secret").map(drop),
            ErrorKind::InvalidArgument,
        );
    }
    refused(
        Client::new("a".repeat(64), "secret").map(drop),
        ErrorKind::InvalidArgument,
    );
    refused(
        Client::new("username", "  ").map(drop),
        ErrorKind::InvalidArgument,
    );
}

#[test]
fn blanks_around_username_and_secret_are_cut_off() -> Outcome {
    let lead = valid()?;
    let plain = Client::new("username", "secret")?.sign_lead(&lead)?;
    let pasted = Client::new(" username\n", "\tsecret ")?.sign_lead(&lead)?;
    assert_eq!((plain.url(), plain.body()), (pasted.url(), pasted.body()));
    assert_eq!(
        plain.url(),
        "https://username.justclick.ru/api/AddLeadToGroup"
    );
    Ok(())
}

#[test]
fn debug_prints_hold_neither_secret_nor_personal_data() -> Outcome {
    let mut lead = valid()?;
    lead.name("Somebody")?.set_extra("own", "private")?;
    let mut client = Client::new("username", "s3cr3t")?;
    client.set("proxy", "http://login:passw0rd@proxy.example:8080")?;
    let printed = format!("{client:?} {lead:?} {:?}", client.sign_lead(&lead)?);
    for private in [
        "s3cr3t", "passw0rd", "Somebody", "private", "a@b.ru", "a%40b",
    ] {
        assert!(!printed.contains(private), "{printed}");
    }
    Ok(())
}
