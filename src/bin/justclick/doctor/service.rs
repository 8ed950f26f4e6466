//! What the service says to a signed request that changes nothing.

use justclick::{Error, ErrorKind, code};

use super::finding::Finding;
use crate::failure::Code;

/// Judges the answer: how many groups there are, or why it does not tell.
pub fn judge(asked: Result<usize, &Error>) -> Finding {
    match asked {
        Ok(groups) => Finding::ok(
            "account",
            format!("the service accepts username and secret; the account has {groups} groups"),
        ),
        Err(error) => {
            let check = match error.kind() {
                ErrorKind::Http | ErrorKind::BadResponse => "service",
                _ => "account",
            };
            let code = match error.disposition().into() {
                // The request is the doctor's own, so nobody's lead is refused.
                Code::Refused => Code::Held,
                code => code,
            };
            Finding::wrong(check, code, error, advice(error))
        }
    }
}

fn advice(error: &Error) -> &'static str {
    const LOGIN: &str = "copy the secret anew from the account's API settings into JUSTCLICK_SECRET or the file that holds it; no blank or line end belongs to it";
    match error.answer().map(|answer| answer.code()) {
        Some(code::WRONG_HASH) => return LOGIN,
        Some(code::INVALID_USERNAME) => {
            return "the username is the account's login, the first part of its address: correct JUSTCLICK_USERNAME or the file that holds it";
        }
        Some(code::ADDRESS_DENIED) => {
            return "add this machine's address to those that the account's API settings allow";
        }
        Some(code::ACCOUNT_DISABLED) => {
            return "have the account enabled again by the service's support; leads wait meanwhile";
        }
        Some(code::LIMIT_REACHED) => {
            return "have the API enabled for the account, or wait until its limit counts anew";
        }
        _ => {}
    }
    match error.kind() {
        ErrorKind::BadSignature => LOGIN,
        ErrorKind::BadResponse => {
            "look at what answers there: base_url, or a proxy or a login page of the network in the way"
        }
        ErrorKind::Http => match error.http_status() {
            Some(429 | 500..) => "the service is not able to answer now: try again later",
            _ => "correct the username, service or base_url, since no API is there",
        },
        _ => "ask the service's support what the code means",
    }
}
