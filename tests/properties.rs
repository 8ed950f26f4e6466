//! What holds for every lead and for every answer.

#[path = "../examples/sandbox/php_form.rs"]
#[allow(dead_code)]
mod php_form;

use justclick::field::FIELDS;
use justclick::{Client, ErrorKind, Lead};
use md5::{Digest, Md5};
use php_form::{Array, POST_VARIABLES, Value};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

const SECRET: &str = "s3cr3t";

/// Values of the fields by their place in the table.
type Fields = Vec<(usize, String)>;

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        ..ProptestConfig::with_cases(512)
    }
}

/// Any text that a field takes: all of Unicode but the NUL byte.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[^\0]{0,40}",
        "[ -~]{0,40}",
        "[&=+%;#\\[\\]~!'()*._ -]{0,20}",
    ]
}

/// Fields with a free text, each at most once.
fn fields() -> impl Strategy<Value = Fields> {
    let free: Vec<usize> = (0..FIELDS.len())
        .filter(|place| {
            !matches!(
                FIELDS[*place].name,
                "lead_email" | "activation" | "utm[utm_medium]"
            )
        })
        .collect();
    proptest::sample::subsequence(free.clone(), 0..=free.len()).prop_flat_map(|places| {
        let values = prop::collection::vec(text(), places.len());
        values.prop_map(move |values| places.iter().copied().zip(values).collect())
    })
}

fn lead(fields: &Fields, groups: &[String]) -> Lead {
    let mut lead = Lead::new();
    lead.email("lead@email.com").expect("an address");
    for group in groups {
        lead.group(group).expect("a group");
    }
    for (place, value) in fields {
        lead.set(FIELDS[*place].name, value).expect("a value");
    }
    lead
}

fn body(lead: &Lead) -> String {
    let client = Client::new("username", SECRET).expect("a client");
    client.sign_lead(lead).expect("a request").body().to_owned()
}

fn hash(parts: &[&[u8]]) -> String {
    let digest = Md5::digest(parts.join(b"::".as_slice()));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The value that PHP finds under a name such as `utm[utm_term]`.
fn found<'a>(form: &'a Array, name: &str) -> Option<&'a Value> {
    match name.strip_suffix(']').and_then(|name| name.split_once('[')) {
        None => form.get(name),
        Some((outer, inner)) => match form.get(outer) {
            Some(Value::Array(array)) => array.get(inner),
            _ => None,
        },
    }
}

fn signed(code: u16, text: &str) -> String {
    let code_digits = code.to_string();
    let hash = hash(&[code_digits.as_bytes(), text.as_bytes(), SECRET.as_bytes()]);
    serde_json::json!({"error_code": code, "error_text": text, "hash": hash}).to_string()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn php_reads_what_was_set(
        fields in fields(),
        groups in prop::collection::vec("[^\0\\s]{1,20}", 1..20),
    ) {
        let body = body(&lead(&fields, &groups));
        let form = php_form::parse(body.as_bytes(), POST_VARIABLES);
        for (place, value) in &fields {
            let name = FIELDS[*place].name;
            let wanted = Value::Scalar(value.clone().into_bytes());
            prop_assert_eq!(found(&form, name), Some(&wanted), "{}", name);
        }
        for (place, group) in groups.iter().enumerate() {
            let wanted = Value::Scalar(group.clone().into_bytes());
            prop_assert_eq!(found(&form, &format!("rid[{place}]")), Some(&wanted));
        }
    }

    #[test]
    fn the_hash_is_that_of_what_php_reads(fields in fields(), group in "[^\0\\s]{1,20}") {
        let body = body(&lead(&fields, &[group]));
        let mut form = php_form::parse(body.as_bytes(), POST_VARIABLES);
        let sent = form.remove(b"hash");
        let query = php_form::build_query(&form);
        let wanted = hash(&[&query, b"username", SECRET.as_bytes()]);
        prop_assert_eq!(sent, Some(Value::Scalar(wanted.into_bytes())));
    }

    #[test]
    fn a_body_is_of_the_characters_that_php_leaves(fields in fields()) {
        let body = body(&lead(&fields, &["super".to_owned()]));
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.&=%+".contains(&byte);
        prop_assert!(body.bytes().all(is_plain), "{}", body);
    }

    #[test]
    fn the_order_of_filling_does_not_count(
        (fields, shuffled) in fields().prop_flat_map(|fields| {
            (Just(fields.clone()), Just(fields).prop_shuffle())
        }),
    ) {
        let groups = ["super".to_owned()];
        prop_assert_eq!(body(&lead(&fields, &groups)), body(&lead(&shuffled, &groups)));
    }

    #[test]
    fn another_value_gives_another_hash(fields in fields(), name in text(), other in text()) {
        prop_assume!(name != other);
        let hash_with = |name: &str| {
            let mut lead = lead(&fields, &["super".to_owned()]);
            lead.name(name).expect("a name");
            body(&lead).rsplit_once("&hash=").map(|(_, hash)| hash.to_owned())
        };
        prop_assert_ne!(hash_with(&name), hash_with(&other));
    }

    #[test]
    fn a_signed_answer_is_believed_as_it_stands(code in 0_u16..2000, text in text()) {
        let client = Client::new("username", SECRET).expect("a client");
        let answer = match client.verify_answer(signed(code, &text).as_bytes()) {
            Ok(receipt) => receipt.answer().clone(),
            Err(error) => error.answer().expect("an answer").clone(),
        };
        prop_assert_eq!(answer.text(), text.as_str());
        prop_assert!(code == 0 || answer.code() == i32::from(code));
    }

    #[test]
    fn a_changed_answer_says_nothing_new(
        code in 0_u16..2000,
        text in text(),
        place in any::<prop::sample::Index>(),
        change in 1_u8..,
    ) {
        let client = Client::new("username", SECRET).expect("a client");
        let mut body = signed(code, &text).into_bytes();
        let place = place.index(body.len());
        body[place] ^= change;
        let answer = match client.verify_answer(&body) {
            Ok(receipt) => receipt.answer().clone(),
            Err(error) if error.kind() == ErrorKind::Rejected => error.answer().expect("one").clone(),
            Err(_) => return Ok(()),
        };
        // A change of nothing, such as the case of a \u escape.
        prop_assert_eq!(answer.text(), text.as_str());
        prop_assert!(code == 0 || answer.code() == i32::from(code));
    }

    #[test]
    fn no_bytes_are_a_success(body in prop::collection::vec(any::<u8>(), 0..300)) {
        let client = Client::new("username", SECRET).expect("a client");
        prop_assert!(client.verify_answer(&body).is_err());
    }

    #[test]
    fn a_message_holds_neither_the_secret_nor_the_lead(
        email in "[^\0]{12,60}",
        secret in "[A-Za-z0-9]{12,40}",
    ) {
        let client = Client::new("username", &secret).expect("a client");
        let mut lead = Lead::new();
        let refused = lead.group("super").and_then(|lead| lead.email(&email)).map(drop);
        let told = match refused.and_then(|()| client.sign_lead(&lead).map(|request| format!("{request:?}"))) {
            Ok(shown) => format!("{shown} {client:?} {lead:?}"),
            Err(error) => format!("{error} {error:?} {client:?} {lead:?}"),
        };
        prop_assert!(!told.contains(&secret), "{}", told);
        prop_assert!(!told.contains(email.trim()), "{}", told);
    }
}
