//! The hashes of requests and answers, found anew.

use md5::{Digest, Md5};

use super::functions::{Answer, Function, Refusal, refusal};
use super::php_form::{self, Array, POST_VARIABLES, Value};
use super::{Account, json};

/// The parameters, if the hash is theirs.
pub fn authentic_form(
    account: &Account,
    function: &Function,
    body: &[u8],
) -> Result<Array, Refusal> {
    let mut form = php_form::parse(body, POST_VARIABLES);
    let sent = form.remove(b"hash");
    if function.needs_parameters && form.entries().is_empty() {
        return Err(refusal(2, "No transmitted data"));
    }
    let sent = sent.ok_or_else(|| refusal(1, "Not transferred hash"))?;
    let query = php_form::build_query(&form);
    let found = md5_hex(&[
        query.as_slice(),
        account.username.as_bytes(),
        account.secret.as_bytes(),
    ]);
    match sent {
        Value::Scalar(sent) if sent == found.as_bytes() => Ok(form),
        _ => Err(refusal(4, "Incorrect hash")),
    }
}

/// The body of an answer.
pub fn signed_json(judged: &Result<Answer, Refusal>, secret: &str) -> String {
    let (code, text, result) = match judged {
        Ok(answer) => (0, answer.text, answer.result.as_deref()),
        Err((code, text)) => (*code, text.as_str(), None),
    };
    let digits = code.to_string();
    let hash = md5_hex(&[digits.as_bytes(), text.as_bytes(), secret.as_bytes()]);
    let text = json::text(text);
    let result = result.map_or_else(String::new, |result| format!(r#""result":{result},"#));
    format!(r#"{{"error_code":{code},"error_text":"{text}",{result}"hash":"{hash}"}}"#)
}

fn md5_hex(parts: &[&[u8]]) -> String {
    let digest = Md5::digest(parts.join(b"::".as_slice()));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
