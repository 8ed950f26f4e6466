//! Who may see the status page: whoever has its token gets a cookie for some hours. Nothing is kept of
//! it: cookies and the forms' tokens are signed with a key that ends with the process.

use std::time::{SystemTime, UNIX_EPOCH};

use hyper::HeaderMap;
use hyper::header::COOKIE;
use ring::hmac::{self, HMAC_SHA256};
use ring::rand::{SecureRandom, SystemRandom};

use super::secret_token::SecretToken;

pub const COOKIE_NAME: &str = "justclick-status";
pub const SECONDS: u64 = 12 * 60 * 60;

/// The door of the status page.
pub struct Door {
    token: SecretToken,
    key: hmac::Key,
}

/// A cookie that was found good.
#[derive(Clone)]
pub struct Session(String);

impl Door {
    pub fn new(token: &str) -> Result<Door, String> {
        let no_chance = |_| "the system has no random numbers".to_owned();
        Ok(Door {
            token: SecretToken::new(token)?,
            key: hmac::Key::generate(HMAC_SHA256, &SystemRandom::new()).map_err(no_chance)?,
        })
    }

    /// The cookie's value for who has the token.
    pub fn open(&self, token: &str) -> Option<String> {
        let mut chance = [0; 16];
        if !self.token.is(token) || SystemRandom::new().fill(&mut chance).is_err() {
            return None;
        }
        let claim = format!("{}.{}", now() + SECONDS, hex(&chance));
        let seal = self.seal("session", &claim);
        Some(format!("{claim}.{seal}"))
    }

    pub fn session(&self, headers: &HeaderMap) -> Option<Session> {
        let cookies = (headers.get_all(COOKIE).iter()).filter_map(|value| value.to_str().ok());
        let pairs = cookies.flat_map(|cookies| cookies.split(';'));
        let mut named = pairs.filter_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            (name == COOKIE_NAME).then_some(value)
        });
        let value = named.find(|value| self.is_good(value))?;
        Some(Session(value.to_owned()))
    }

    fn is_good(&self, value: &str) -> bool {
        let Some((claim, seal)) = value.rsplit_once('.') else {
            return false;
        };
        let end = claim
            .split('.')
            .next()
            .and_then(|end| end.parse::<u64>().ok());
        self.is_sealed("session", claim, seal) && end.is_some_and(|end| now() < end)
    }

    /// What a form has to send along, which no other site knows.
    pub fn form_token(&self, session: &Session) -> String {
        self.seal("form", &session.0)
    }

    pub fn is_form_token(&self, session: &Session, given: &str) -> bool {
        self.is_sealed("form", &session.0, given)
    }

    fn seal(&self, purpose: &str, text: &str) -> String {
        hex(hmac::sign(&self.key, format!("{purpose}:{text}").as_bytes()).as_ref())
    }

    fn is_sealed(&self, purpose: &str, text: &str, seal: &str) -> bool {
        use subtle::ConstantTimeEq;
        (self.seal(purpose, text).as_bytes().ct_eq(seal.as_bytes())).into()
    }
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default().as_secs()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
