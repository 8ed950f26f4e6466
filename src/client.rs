//! The client: an account's credentials and settings, and the call that adds a lead.

mod settings;

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind};
use crate::lead::Lead;
use crate::response::{self, Receipt};
use crate::retry::{self, Attempt, Timing};
use crate::signature::Credentials;
use crate::text;
use crate::transport::{Failure, FailureKind, Reply, Transport};
use settings::Settings;

const FUNCTION: &str = "AddLeadToGroup";
const SECRET_LIMIT: usize = 1024;
/// The least wait after an answer that asks for patience (429, 503).
const PATIENCE: Duration = Duration::from_secs(1);

/// An account's client. Any number of threads may share it, and it keeps its connections.
///
/// A client made before `fork()` works in the child, which neither uses nor closes the parent's
/// connections. Nothing is opened, read or started before the first lead is sent.
///
/// ```no_run
/// # fn main() -> Result<(), justclick::Error> {
/// let client = justclick::Client::new("username", "secret")?;
/// let mut lead = justclick::Lead::new();
/// lead.group("super")?.email("lead@email.com")?;
/// let receipt = client.add_lead(&lead)?;
/// println!("{}", receipt.message());
/// # Ok(())
/// # }
/// ```
pub struct Client {
    credentials: Credentials,
    settings: Settings,
    transport: Transport,
    /// Where leads go, or why they cannot; made anew with each setting and not with each lead.
    url: Result<Arc<str>, Error>,
}

/// A signed request, for a program that sends it by an HTTP stack of its own.
#[derive(Clone)]
pub struct Request {
    url: Arc<str>,
    body: String,
}

impl Request {
    /// The address to POST to.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The body, of the type `application/x-www-form-urlencoded`, to be sent byte for byte.
    pub fn body(&self) -> &str {
        &self.body
    }
}

/// Shows where the request goes, not the personal data in it.
impl std::fmt::Debug for Request {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Request")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A client of the account with this login and secret; blanks around both are cut off.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for a username that is no DNS label and an empty secret.
    pub fn new(username: impl AsRef<[u8]>, secret: impl AsRef<[u8]>) -> Result<Client, Error> {
        let username = checked_username(username.as_ref())?;
        let secret = text::checked("secret", secret.as_ref(), SECRET_LIMIT)?.trim();
        if secret.is_empty() {
            return Err(Error::invalid_argument(
                "secret: it is empty; it stands in the account's API settings",
            ));
        }
        let settings = Settings::default();
        let credentials = Credentials::new(username, secret);
        Ok(Client {
            transport: Transport::new(settings.transport()),
            url: url(&settings, &credentials),
            credentials,
            settings,
        })
    }

    /// Sets one of [`SETTINGS`](crate::setting::SETTINGS) by its name.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownName`] for a name that is not there, [`ErrorKind::InvalidArgument`] for
    /// a value that cannot be. The client is as it was.
    pub fn set(&mut self, setting: &str, value: impl AsRef<[u8]>) -> Result<&mut Client, Error> {
        self.settings.set(setting, value.as_ref())?;
        self.take_settings();
        Ok(self)
    }

    /// Puts one of the settings back to its default.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownName`] for a name that is not there.
    pub fn unset(&mut self, setting: &str) -> Result<&mut Client, Error> {
        self.settings.unset(setting)?;
        self.take_settings();
        Ok(self)
    }

    /// Sends the lead, and says what became of it; blocks until then, at most for `timeout_ms`.
    ///
    /// # Errors
    /// Each [`ErrorKind`] can come; [`Error::may_have_arrived`] says whether the service may have
    /// the lead all the same.
    pub fn add_lead(&self, lead: &Lead) -> Result<Receipt, Error> {
        let request = self.sign_lead(lead)?;
        let (result, course) = retry::run(self.settings.policy(), &RealTime::start(), |limit| {
            self.attempt(&request, limit)
        });
        Ok(result?.after(course.attempts, course.unanswered))
    }

    /// The signed request, without sending it.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for a lead that breaks a rule of the service.
    pub fn sign_lead(&self, lead: &Lead) -> Result<Request, Error> {
        lead.check()?;
        let url = self.url.clone()?;
        let form = lead.query();
        let hash = self.credentials.request_hash(form.query());
        Ok(Request {
            url,
            body: form.into_body(&hash),
        })
    }

    /// Reads an answer to a request of this client, and believes it only if its hash is right.
    ///
    /// # Errors
    /// [`ErrorKind::Rejected`], [`ErrorKind::NotAccepted`], [`ErrorKind::BadResponse`],
    /// [`ErrorKind::BadSignature`].
    pub fn verify_answer(&self, body: &[u8]) -> Result<Receipt, Error> {
        response::verify(body, &self.credentials)
    }

    fn take_settings(&mut self) {
        self.transport = Transport::new(self.settings.transport());
        self.url = url(&self.settings, &self.credentials);
    }

    fn attempt(&self, request: &Request, limit: Duration) -> Attempt<Receipt> {
        match self.transport.post(&request.url, &request.body, limit) {
            Ok(reply) => self.judge(&reply),
            Err(failure) => failed(failure),
        }
    }

    fn judge(&self, reply: &Reply) -> Attempt<Receipt> {
        let is_success = (200..300).contains(&reply.status);
        let answered = |result| Attempt {
            result,
            again: false,
            wait: Duration::ZERO,
            unanswered: reply.resent,
        };
        match response::verify(&reply.body, &self.credentials) {
            Ok(receipt) => answered(Ok(receipt)),
            Err(error) if is_success => {
                // An answer that cannot be believed says nothing of the lead's fate.
                let unknown = matches!(
                    error.kind(),
                    ErrorKind::BadResponse | ErrorKind::BadSignature
                );
                answered(Err(error.with_arrival(unknown)))
            }
            Err(error) if error.kind() == ErrorKind::Rejected => answered(Err(error)),
            Err(_) => http_failure(reply),
        }
    }
}

fn url(settings: &Settings, credentials: &Credentials) -> Result<Arc<str>, Error> {
    let base = settings.base_url(credentials.username())?;
    Ok(format!("{base}/api/{FUNCTION}").into())
}

/// A status that is not the API's own. It answers errors of its own with 200.
fn http_failure(reply: &Reply) -> Attempt<Receipt> {
    let Reply {
        status,
        retry_after,
        ..
    } = *reply;
    let message = match (status, &reply.location) {
        (300..400, Some(target)) => format!(
            "HTTP status {status}: a redirect to {}, which is not followed, since it would hand the lead to another address; check username, service and base_url",
            text::shown(target)
        ),
        (407, _) => "HTTP status 407: the proxy wants a login".to_owned(),
        (400..500, _) => format!(
            "HTTP status {status}: no answer of the API; check username, service and base_url"
        ),
        _ => format!("HTTP status {status}: the service is not able to answer now; try later"),
    };
    let message = match retry_after {
        Some(wait) => format!("{message} (it asks to wait for {} s)", wait.as_secs()),
        None => message,
    };
    let patience = if matches!(status, 429 | 503) {
        PATIENCE
    } else {
        Duration::ZERO
    };
    let may_have_arrived = reply.resent || status >= 500;
    Attempt {
        result: Err(Error::new(ErrorKind::Http, message)
            .with_retry_after(retry_after)
            .with_arrival(may_have_arrived)),
        again: status == 429 || status >= 500,
        wait: retry_after.unwrap_or_default().max(patience),
        unanswered: may_have_arrived,
    }
}

fn failed(failure: Failure) -> Attempt<Receipt> {
    let (kind, again) = match failure.kind {
        FailureKind::Unreachable => (ErrorKind::Unreachable, true),
        FailureKind::Lost => (ErrorKind::OutcomeUnknown, true),
        FailureKind::Tls => (ErrorKind::Tls, false),
        FailureKind::TooLarge | FailureKind::BadAnswer => (ErrorKind::BadResponse, false),
        FailureKind::Settings => (ErrorKind::InvalidArgument, false),
    };
    Attempt {
        result: Err(Error::new(kind, failure.detail).with_arrival(failure.may_have_arrived)),
        again,
        wait: Duration::ZERO,
        unanswered: failure.may_have_arrived,
    }
}

/// The login is the first label of the host that requests go to, so it must be one.
fn checked_username(username: &[u8]) -> Result<&str, Error> {
    let username = text::checked("username", username, SECRET_LIMIT)?.trim();
    let is_label = (1..=63).contains(&username.len())
        && (username.bytes()).all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        && !username.starts_with('-')
        && !username.ends_with('-');
    if is_label {
        return Ok(username);
    }
    Err(Error::invalid_argument(format!(
        "username: \"{}\" cannot be the first part of a host's name; it takes 1 to 63 of the characters a-z, 0-9 and -, none of the latter at its ends",
        text::shown(username)
    )))
}

/// Never shows the secret, nor a proxy's password.
impl std::fmt::Debug for Client {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Client")
            .field("credentials", &self.credentials)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

struct RealTime(Instant);

impl RealTime {
    fn start() -> RealTime {
        RealTime(Instant::now())
    }
}

impl Timing for RealTime {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) {
        std::thread::sleep(duration);
    }

    fn chance(&self) -> f64 {
        use std::hash::{BuildHasher, Hasher, RandomState};
        // A child made by fork() inherits the thread's keys, so its pid and the time go in.
        let mut hasher = RandomState::new().build_hasher();
        hasher.write_u32(std::process::id());
        hasher.write_u128(self.now().as_nanos());
        (hasher.finish() >> 11) as f64 / (1_u64 << 53) as f64
    }
}
