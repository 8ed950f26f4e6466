//! The status page's requests: who may see it, and what its buttons do.

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{HeaderMap, HeaderValue, SET_COOKIE};
use hyper::{Method, Request, StatusCode};
use justclick::Error;
use justclick::outbox::row::{Selection, State};

use super::Bridge;
use super::answer::{self, Answer};
use super::body::read;
use super::connections::Place;
use super::payload::{form, value};
use super::session::{COOKIE_NAME, Door, SECONDS, Session};
use super::status_page::{self, Found, PAGE, View};

const WAITING_SHOWN: u32 = 20;

type Fields = Vec<(String, String)>;

impl Bridge {
    pub async fn status(
        self: &Arc<Bridge>,
        door: &Door,
        path: &str,
        request: Request<Incoming>,
        place: &Place,
    ) -> Answer {
        if path == "/status/style.css" {
            return answer::style();
        }
        let session = door.session(request.headers());
        let is_post = request.method() == Method::POST;
        match (path, is_post, session) {
            ("/status", false, None) => login(StatusCode::OK, ""),
            ("/status", true, _) => self.log_in(door, request).await,
            ("/status", false, Some(session)) => {
                let query = form(request.uri().query().unwrap_or_default().as_bytes());
                let view = View::of(&query.unwrap_or_default(), door.form_token(&session));
                self.work(place, move |bridge| bridge.page(&view)).await
            }
            ("/status/retry" | "/status/drop" | "/status/leave", true, Some(session)) => {
                let path = path.to_owned();
                self.press(door, &path, request, &session, place).await
            }
            ("/status/retry" | "/status/drop" | "/status/leave", _, _) => {
                answer::see_other("/status")
            }
            _ => answer::not_found(),
        }
    }

    async fn log_in(&self, door: &Door, request: Request<Incoming>) -> Answer {
        let is_encrypted = is_encrypted(request.headers());
        let fields = match fields(request.into_body()).await {
            Ok(fields) => fields,
            Err(refused) => return refused,
        };
        let Some(cookie) = door.open(value(&fields, "token")) else {
            self.journal.stranger("status: a wrong token");
            return login(StatusCode::FORBIDDEN, "That is not the token.");
        };
        let secure = if is_encrypted { "; Secure" } else { "" };
        with_cookie(&format!("{cookie}; Max-Age={SECONDS}{secure}"))
    }

    /// A button. The form's token says that the page is ours.
    async fn press(
        self: &Arc<Bridge>,
        door: &Door,
        path: &str,
        request: Request<Incoming>,
        session: &Session,
        place: &Place,
    ) -> Answer {
        let fields = match fields(request.into_body()).await {
            Ok(fields) => fields,
            Err(refused) => return refused,
        };
        if !door.is_form_token(session, value(&fields, "form")) {
            self.journal.stranger("status: a form of another page");
            return answer::text(
                StatusCode::FORBIDDEN,
                "the form is not of this page; load it again",
            );
        }
        if path == "/status/leave" {
            return with_cookie("; Max-Age=0");
        }
        let id: Option<i64> = value(&fields, "id").parse().ok();
        if id.is_none() && value(&fields, "all") != "1" {
            return answer::text(StatusCode::BAD_REQUEST, "neither a lead nor all of them");
        }
        let is_retry = path == "/status/retry";
        self.work(place, move |bridge| bridge.decide(is_retry, id))
            .await
    }

    fn decide(&self, is_retry: bool, id: Option<i64>) -> Result<Answer, Error> {
        let which = Selection {
            state: Some(State::Dead),
            ids: id.map(|id| vec![id]),
            ..Selection::default()
        };
        let (done, number) = if is_retry {
            ("retried", self.outbox.retry(&which)?)
        } else {
            ("dropped", self.outbox.drop(&which)?)
        };
        self.journal.say(&format!("status: {number} {done}"));
        Ok(answer::see_other(&format!("/status?{done}={number}")))
    }

    fn page(&self, view: &View) -> Result<Answer, Error> {
        let some = |state, after, limit| {
            self.outbox.list(&Selection {
                state: Some(state),
                after,
                limit: Some(limit),
                ..Selection::default()
            })
        };
        let found = Found {
            status: self.outbox.status()?,
            dead: some(State::Dead, view.after, PAGE)?,
            waiting: some(State::Waiting, 0, WAITING_SHOWN)?,
        };
        Ok(answer::page(
            StatusCode::OK,
            status_page::page(view, &found),
        ))
    }

    /// Does what waits for the disk on another thread.
    async fn work(
        self: &Arc<Bridge>,
        place: &Place,
        work: impl FnOnce(&Bridge) -> Result<Answer, Error> + Send + 'static,
    ) -> Answer {
        place.set_busy(true);
        let bridge = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || work(&bridge)).await;
        place.set_busy(false);
        match done {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => {
                self.journal.say(&format!("status: {}", error.message()));
                answer::text(StatusCode::SERVICE_UNAVAILABLE, error.message())
            }
            Err(_) => answer::text(StatusCode::INTERNAL_SERVER_ERROR, "a fault of the bridge"),
        }
    }
}

fn login(status: StatusCode, wrong: &str) -> Answer {
    answer::page(status, status_page::login(wrong))
}

/// The proxy before the bridge says so.
fn is_encrypted(headers: &HeaderMap) -> bool {
    (headers.get("x-forwarded-proto")).is_some_and(|scheme| scheme == "https")
}

fn with_cookie(value: &str) -> Answer {
    let cookie = format!("{COOKIE_NAME}={value}; Path=/status; HttpOnly; SameSite=Strict");
    let mut answer = answer::see_other("/status");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        answer.headers_mut().insert(SET_COOKIE, cookie);
    }
    answer
}

async fn fields(body: Incoming) -> Result<Fields, Answer> {
    let body = read(body)
        .await
        .map_err(|(status, why)| answer::text(status, why))?;
    form(&body).map_err(|why| answer::text(StatusCode::BAD_REQUEST, &why))
}
