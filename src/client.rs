//! The client: an account's credentials and settings, and the calls made with them.

#[cfg(feature = "outbox")]
mod delivery;
mod route;
mod settings;
mod typed;

use std::sync::Arc;
use std::time::Instant;

use once_cell::race::OnceBox;

use crate::answer::Answer;
use crate::error::Error;
use crate::exchange::Exchange;
use crate::function;
use crate::lead::Lead;
use crate::outcome::{self, Receipt};
use crate::query::Query;
use crate::request::Request;
use crate::response;
use crate::retry::clock::RealTime;
use crate::retry::{self, Course, Policy};
use crate::signature::Credentials;
use crate::text;
use crate::transport::{Target, Transport};
pub use route::Route;
use settings::Settings;

const SECRET_LIMIT: usize = 1024;
/// The longest answer to a lead, in bytes; it says little more than yes or no.
const LEAD_ANSWER_LIMIT: usize = 64 * 1024;
/// The longest answer to another function, in bytes: all groups of an account, say.
const ANSWER_LIMIT: usize = 8 * 1024 * 1024;

/// An account's client. Any number of threads may share it, and it keeps its connections.
///
/// A clone costs little and shares the connections: one with another setting serves for a call that
/// needs it, such as another time-out.
///
/// A client made before `fork()` works in the child, which neither uses nor closes the parent's
/// connections. Nothing is opened, read or started before the first request is sent.
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
#[derive(Clone)]
pub struct Client {
    credentials: Arc<Credentials>,
    settings: Arc<Settings>,
    transport: Transport,
    /// Where leads go, or why they cannot; made with the first lead after a setting was changed.
    target: Arc<OnceBox<Result<Arc<Target>, Error>>>,
    interrupted: Option<fn() -> bool>,
}

impl Client {
    /// A client of the account with this login and secret; blanks around both are cut off.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for a username that is no DNS label and an empty secret.
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
            target: Arc::default(),
            credentials: Arc::new(credentials),
            settings: Arc::new(settings),
            interrupted: None,
        })
    }

    /// Sets one of [`SETTINGS`](crate::setting::SETTINGS) by its name.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownName`](crate::ErrorKind::UnknownName) for a name that is not there, [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for
    /// a value that cannot be. The client is as it was.
    pub fn set(&mut self, setting: &str, value: impl AsRef<[u8]>) -> Result<&mut Client, Error> {
        Arc::make_mut(&mut self.settings).set(setting, value.as_ref())?;
        self.take_settings();
        Ok(self)
    }

    /// Puts one of the settings back to its default.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownName`](crate::ErrorKind::UnknownName) for a name that is not there.
    pub fn unset(&mut self, setting: &str) -> Result<&mut Client, Error> {
        Arc::make_mut(&mut self.settings).unset(setting)?;
        self.take_settings();
        Ok(self)
    }

    /// Has `check` asked, on the thread of the call, when a signal ends a wait and every 50 ms; true ends the
    /// call, and its error tells whether the request may have arrived. It is for languages whose
    /// signal handlers run between two steps of a program, such as Python.
    pub fn set_interrupt(&mut self, check: Option<fn() -> bool>) -> &mut Client {
        self.interrupted = check;
        self
    }

    #[cfg(feature = "outbox")]
    pub(crate) fn interrupt(&self) -> Option<fn() -> bool> {
        self.interrupted
    }

    /// Sends the lead, and says what became of it; blocks until then, at most for `timeout_ms`.
    ///
    /// # Errors
    /// Each [`ErrorKind`](crate::ErrorKind) can come; [`Error::disposition`] says what to do with the lead, and
    /// [`Error::may_have_arrived`] whether the service may have it all the same.
    pub fn add_lead(&self, lead: &Lead) -> Result<Receipt, Error> {
        let request = self.sign_lead(lead)?;
        let mut course = Course::default();
        let policy = self.settings.policy(true);
        let answer = self.exchange(&request, policy, LEAD_ANSWER_LIMIT, &mut course);
        concluded(answer.and_then(outcome::of_lead), course)
    }

    /// The signed request, without sending it.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for a lead that breaks a rule of the service.
    pub fn sign_lead(&self, lead: &Lead) -> Result<Request, Error> {
        let query = lead.query()?;
        Ok(self.signed(self.lead_target()?, query))
    }

    /// Calls any function of the API by its name, and blocks at most for `timeout_ms`.
    ///
    /// Only a function named `Get…`, or `AddLeadToGroup`, is tried again after a lost answer; others
    /// where the request cannot have arrived. The answer's `result` is not covered by its hash.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), justclick::Error> {
    /// # let client = justclick::Client::new("username", "secret")?;
    /// let parameters = justclick::Query::from_json(r#"{"email": "lead@email.com"}"#)?;
    /// let receipt = client.call("GetLeadGroupStatuses", &parameters)?;
    /// println!("{}", receipt.answer().result().unwrap_or("null"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for what cannot be a function's name, and where a parameter
    /// that the function needs is missing or empty; else as [`Client::add_lead`].
    pub fn call(&self, function: &str, parameters: &Query) -> Result<Receipt, Error> {
        let request = self.sign_call(function, parameters)?;
        let mut course = Course::default();
        let policy = self.settings.policy(function::may_be_repeated(function));
        let answer = self.exchange(&request, policy, ANSWER_LIMIT, &mut course);
        concluded(
            answer.and_then(|answer| outcome::of_call(function, answer)),
            course,
        )
    }

    /// The signed request of a function's call, without sending it.
    ///
    /// # Errors
    /// As [`Client::call`], where nothing was sent.
    pub fn sign_call(&self, function: &str, parameters: &Query) -> Result<Request, Error> {
        function::check(function, parameters)?;
        let target = target(&self.settings, &self.credentials, function)?;
        Ok(self.signed(target, parameters.clone()))
    }

    /// Reads an answer to a request of this client, and believes it only if its hash is right. It is
    /// judged as an answer to a lead.
    ///
    /// # Errors
    /// [`ErrorKind::Rejected`](crate::ErrorKind::Rejected), [`ErrorKind::NotAccepted`](crate::ErrorKind::NotAccepted), [`ErrorKind::BadResponse`](crate::ErrorKind::BadResponse),
    /// [`ErrorKind::BadSignature`](crate::ErrorKind::BadSignature).
    pub fn verify_answer(&self, body: &[u8]) -> Result<Receipt, Error> {
        response::verify(body, ANSWER_LIMIT, &self.credentials).and_then(outcome::of_lead)
    }

    fn signed(&self, target: Arc<Target>, query: Query) -> Request {
        let hash = self.credentials.request_hash(query.as_str().as_bytes());
        Request {
            target,
            body: query.into_body(&hash),
        }
    }

    fn exchange(
        &self,
        request: &Request,
        policy: Policy,
        answer_limit: usize,
        course: &mut Course,
    ) -> Result<Answer, Error> {
        let exchange = Exchange {
            transport: &self.transport,
            credentials: &self.credentials,
            target: &request.target,
            body: &request.body,
            answer_limit,
            interrupted: self.interrupted,
        };
        let timing = RealTime {
            start: Instant::now(),
            interrupted: self.interrupted,
        };
        retry::run(policy, &timing, course, |turn| exchange.send(turn))
    }

    fn lead_target(&self) -> Result<Arc<Target>, Error> {
        let made = || {
            Box::new(target(
                &self.settings,
                &self.credentials,
                function::ADD_LEAD,
            ))
        };
        self.target.get_or_init(made).clone()
    }

    fn take_settings(&mut self) {
        self.transport.change(self.settings.transport());
        self.target = Arc::default();
    }
}

/// How a call ended, with the account of its attempts.
fn concluded(result: Result<Receipt, Error>, course: Course) -> Result<Receipt, Error> {
    match result {
        Ok(receipt) => Ok(receipt.after(course.attempts, course.arrival)),
        Err(error) => Err(course.told(error)),
    }
}

fn target(
    settings: &Settings,
    credentials: &Credentials,
    function: &str,
) -> Result<Arc<Target>, Error> {
    let base = settings.base_url(credentials.username())?;
    Target::parse(&format!("{base}/api/{function}"))
        .map(Arc::new)
        .map_err(|reason| Error::invalid_argument(format!("base_url: {reason}")))
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
    let hint = if username.is_ascii() {
        ""
    } else {
        "; a name with other letters has a form that begins with xn--, as the address bar shows it after copying"
    };
    Err(Error::invalid_argument(format!(
        "username: \"{}\" cannot be the first part of a host's name; it takes 1 to 63 of the characters a-z, 0-9 and -, none of the latter at its ends{hint}",
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
