//! The accounts and their contacts: how a request is judged, and the signed answer.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};

use md5::{Digest, Md5};

use super::php_form::{self, Array, Key, POST_VARIABLES, Value};
use super::{Account, Contact, GroupKind};

/// Signs what the service says about a login it does not know: with a secret nobody has.
const FOREIGN_SECRET: &str = "the secret of nobody's account";

pub struct Service {
    accounts: Vec<Account>,
    contacts: Mutex<Contacts>,
}

#[derive(Default)]
struct Contacts {
    list: Vec<Contact>,
    /// Where the contact of an account and an address is in the list.
    places: HashMap<(usize, String), usize>,
}

/// What the service says to one request.
pub struct Verdict {
    /// The account's login, where there is such an account.
    pub username: Option<String>,
    pub code: u16,
    pub text: String,
    /// The answer's body; `None` for an account that never answers.
    pub json: Option<String>,
}

/// A code other than 0, with its text.
type Refusal = (u16, String);

fn refusal(code: u16, text: &str) -> Refusal {
    (code, text.to_owned())
}

impl Service {
    pub fn new(accounts: Vec<Account>) -> Service {
        Service {
            accounts,
            contacts: Mutex::default(),
        }
    }

    /// Judges a form for the account of this login, or for the first, and adds the contact.
    pub fn judge(&self, login: Option<&str>, body: &[u8]) -> Verdict {
        // A login that is a host's label arrives in any case.
        let number = match login {
            None => (!self.accounts.is_empty()).then_some(0),
            Some(login) => (self.accounts.iter())
                .position(|account| account.username.eq_ignore_ascii_case(login)),
        };
        let judged = match number {
            None => Err(refusal(5, "Invalid user name")),
            Some(number) => self.add_lead(number, body),
        };
        let account = number.map(|number| &self.accounts[number]);
        let is_silent = account.is_some_and(|account| account.silent);
        let secret = account.map_or(FOREIGN_SECRET, |account| &account.secret);
        let (code, text) = judged.map_or_else(|refusal| refusal, |text| (0, text.to_owned()));
        Verdict {
            username: account.map(|account| account.username.clone()),
            json: (!is_silent).then(|| signed_json(code, &text, secret)),
            code,
            text,
        }
    }

    pub fn contacts(&self) -> Vec<Contact> {
        self.locked_contacts().list.clone()
    }

    fn locked_contacts(&self) -> MutexGuard<'_, Contacts> {
        self.contacts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add_lead(&self, number: usize, body: &[u8]) -> Result<&'static str, Refusal> {
        let account = &self.accounts[number];
        if account.disabled {
            return Err(refusal(7, "Account disabled"));
        }
        let form = authentic_form(account, body)?;
        let email = match form.get("lead_email") {
            Some(Value::Scalar(email)) if !email.is_empty() => lossy(email),
            _ => return Err(refusal(100, "Email is missing")),
        };
        let (groups, confirmed_by_mail) = chosen_groups(account, &form)?;
        let mut contacts = self.locked_contacts();
        let contact = contacts.entry(number, email);
        if groups.iter().all(|group| contact.groups.contains(group)) {
            return Err(refusal(102, "The subscriber is already registered"));
        }
        for group in groups {
            if !contact.groups.contains(&group) {
                contact.groups.push(group);
            }
        }
        set_fields(contact, &form);
        if confirmed_by_mail || form.get("activation").is_some_and(is_truthy) {
            return Ok("Activation email sent to subscriber");
        }
        Ok("OK")
    }
}

impl Contacts {
    fn entry(&mut self, account: usize, email: String) -> &mut Contact {
        let key = (account, email.clone());
        let place = *self.places.entry(key).or_insert_with(|| {
            self.list.push(Contact {
                email,
                groups: Vec::new(),
                fields: Vec::new(),
            });
            self.list.len() - 1
        });
        &mut self.list[place]
    }
}

/// The parameters, if the hash is theirs.
fn authentic_form(account: &Account, body: &[u8]) -> Result<Array, Refusal> {
    let mut form = php_form::parse(body, POST_VARIABLES);
    let sent = form.remove(b"hash");
    if form.entries().is_empty() {
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

/// The names of the groups, and whether one of them has its contacts confirmed by mail.
fn chosen_groups(account: &Account, form: &Array) -> Result<(Vec<String>, bool), Refusal> {
    let members = match form.get("rid") {
        Some(Value::Array(array)) if !array.entries().is_empty() => array.entries(),
        _ => return Err(refusal(3, "Wrong posted data")),
    };
    let mut groups = Vec::new();
    for (_, member) in members {
        let group = (account.groups.iter())
            .find(|group| matches!(member, Value::Scalar(name) if group.name.as_bytes() == name));
        groups.push(group.ok_or_else(|| refusal(103, "Has an invalid subscriptions group"))?);
    }
    if let Some(group) = (groups.iter()).find(|group| group.kind == GroupKind::Automatic) {
        return Err((104, format!("Subscription forbidden for {}", group.name)));
    }
    let confirmed_by_mail = (groups.iter()).any(|group| group.kind == GroupKind::Activation);
    let names = groups.into_iter().map(|group| group.name.clone());
    Ok((names.collect(), confirmed_by_mail))
}

/// A value is true in PHP unless it is empty or a lone zero.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Scalar(bytes) => !bytes.is_empty() && bytes != b"0",
        Value::Array(array) => !array.entries().is_empty(),
    }
}

fn set_fields(contact: &mut Contact, form: &Array) {
    for (key, value) in form.entries() {
        let name = key_text(key);
        if name != "rid" && name != "lead_email" {
            set_field(contact, name, value);
        }
    }
}

fn set_field(contact: &mut Contact, name: String, value: &Value) {
    match value {
        Value::Array(array) => {
            for (key, inner) in array.entries() {
                set_field(contact, format!("{name}[{}]", key_text(key)), inner);
            }
        }
        Value::Scalar(bytes) => {
            let known = (contact.fields.iter_mut()).find(|(known, _)| *known == name);
            match known {
                Some((_, text)) => *text = lossy(bytes),
                None => contact.fields.push((name, lossy(bytes))),
            }
        }
    }
}

fn key_text(key: &Key) -> String {
    match key {
        Key::Number(number) => number.to_string(),
        Key::Text(bytes) => lossy(bytes),
    }
}

/// A contact is text, while the hash is over raw bytes, UTF-8 or not.
fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn md5_hex(parts: &[&[u8]]) -> String {
    let digest = Md5::digest(parts.join(b"::".as_slice()));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn signed_json(code: u16, text: &str, secret: &str) -> String {
    let digits = code.to_string();
    let hash = md5_hex(&[digits.as_bytes(), text.as_bytes(), secret.as_bytes()]);
    let text = json_text(text);
    format!(r#"{{"error_code":{code},"error_text":"{text}","hash":"{hash}"}}"#)
}

/// As PHP's `json_encode`: the slash escaped, and all that is not ASCII as UTF-16.
fn json_text(text: &str) -> String {
    let mut escaped = String::new();
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte @ (b'"' | b'\\' | b'/')) => escaped.extend(['\\', char::from(byte)]),
            Ok(byte @ 0x20..=0x7f) => escaped.push(char::from(byte)),
            // Writing to a string does not fail.
            _ => drop(write!(escaped, "\\u{unit:04x}")),
        }
    }
    escaped
}
