//! The functions of the service: their names, and what each answers from an account's books.

mod add_lead;
mod count;
mod groups;
mod subscriber;

use super::Account;
use super::contacts::Contacts;
use super::php_form::{Array, Value};

/// A function by its name in the path.
pub struct Function {
    pub name: &'static str,
    /// Whether a request without parameters is refused with code 2.
    pub needs_parameters: bool,
    pub answer: fn(&Account, &mut Contacts, &Array) -> Result<Answer, Refusal>,
}

/// What a function says with code 0.
#[derive(Debug)]
pub struct Answer {
    pub text: &'static str,
    /// The member `result`, as JSON.
    pub result: Option<String>,
}

/// A code other than 0, with its text.
pub type Refusal = (u16, String);

const FUNCTIONS: [Function; 7] = [
    Function::new("AddLeadToGroup", add_lead::answer),
    Function {
        needs_parameters: false,
        ..Function::new("GetAllGroups", groups::of_account)
    },
    Function::new("GetLeadGroups", groups::of_contact),
    Function::new("GetLeadGroupStatuses", groups::statuses),
    Function::new("UpdateSubscriberData", subscriber::update),
    Function::new("DeleteSubscribe", subscriber::unsubscribe),
    Function::new("GetCountSubscribe", count::answer),
];

impl Function {
    const fn new(
        name: &'static str,
        answer: fn(&Account, &mut Contacts, &Array) -> Result<Answer, Refusal>,
    ) -> Function {
        Function {
            name,
            needs_parameters: true,
            answer,
        }
    }

    /// The function that a path names in some case.
    pub fn named(name: &str) -> Option<&'static Function> {
        let mut functions = FUNCTIONS.iter();
        functions.find(|function| function.name.eq_ignore_ascii_case(name))
    }
}

impl Answer {
    fn ok() -> Answer {
        Answer {
            text: "OK",
            result: None,
        }
    }

    fn with(result: String) -> Answer {
        Answer {
            result: Some(result),
            ..Answer::ok()
        }
    }
}

pub fn refusal(code: u16, text: &str) -> Refusal {
    (code, text.to_owned())
}

/// The text of a parameter; an array or an empty text counts as missing.
fn text(form: &Array, name: &str) -> Option<String> {
    match form.get(name) {
        Some(Value::Scalar(bytes)) if !bytes.is_empty() => Some(lossy(bytes)),
        _ => None,
    }
}

/// The address in this parameter.
fn email(form: &Array, name: &str) -> Result<String, Refusal> {
    text(form, name).ok_or_else(|| refusal(100, "Email is missing"))
}

/// A contact is text, while the hash is over raw bytes, UTF-8 or not.
fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
