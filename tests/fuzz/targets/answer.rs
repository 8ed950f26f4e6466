//! Whatever a server answers: it is believed only where its hash is right.

use justclick::{Answer, Client, ErrorKind};

use super::hash;
use super::input::Input;

const SECRET: &str = "Ae7-hush";

pub fn run(data: &[u8]) {
    let mut input = Input(data);
    match input.below(3) {
        0 => check(input.rest()),
        1 => check_signed(&mut input),
        _ => check_changed(&mut input),
    }
}

/// What is believed was signed; returns it.
fn check(body: &[u8]) {
    let client = Client::new("username", SECRET).expect("a client");
    let result = client.verify_answer(body);
    let believed = match &result {
        Ok(receipt) => receipt.answer(),
        Err(error) if error.kind() == ErrorKind::Rejected => error.answer().expect("an answer"),
        Err(error) => {
            assert!(!error.message().is_empty() && !error.message().contains(SECRET));
            return;
        }
    };
    assert!(is_signed(believed, body), "{believed:?}");
}

/// The code 0 with another code's text is told as that code, so both may be what was signed.
fn is_signed(answer: &Answer, body: &[u8]) -> bool {
    [0, answer.code()].into_iter().any(|code| {
        let hash = signature(code, answer.text());
        body.windows(hash.len()).any(|part| part == hash.as_bytes())
    })
}

fn check_signed(input: &mut Input) {
    let body = signed(input);
    let client = Client::new("username", SECRET).expect("a client");
    match client.verify_answer(&body) {
        Ok(_) => {}
        Err(error) => assert!(
            matches!(error.kind(), ErrorKind::Rejected | ErrorKind::NotAccepted),
            "{error:?}"
        ),
    }
    check(&body);
}

fn check_changed(input: &mut Input) {
    let (place, change) = (usize::from(input.byte()), input.byte());
    let mut body = signed(input);
    let place = place % body.len();
    body[place] ^= change;
    check(&body);
}

fn signed(input: &mut Input) -> Vec<u8> {
    let code = i32::from(input.byte());
    let text = String::from_utf8_lossy(input.rest());
    let hash = signature(code, &text);
    let answer = serde_json::json!({"error_code": code, "error_text": text, "hash": hash});
    answer.to_string().into_bytes()
}

fn signature(code: i32, text: &str) -> String {
    let code = code.to_string();
    hash(&[code.as_bytes(), text.as_bytes(), SECRET.as_bytes()])
}
