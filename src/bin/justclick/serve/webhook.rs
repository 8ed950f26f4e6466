//! One webhook: it is answered with 200 only after its lead is in the outbox.

use std::sync::Arc;

use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, CONNECTION, HeaderMap, RETRY_AFTER};
use hyper::{Method, Request, StatusCode};
use justclick::outbox::row::Kept;
use justclick::{Error, ErrorKind};

use super::Bridge;
use super::answer::{self, Answer};
use super::body::read;
use super::connections::Place;
use super::form_page::{self, End, Form};
use super::payload::Payload;
use super::route::{Mapped, Route};

const RETRY_SECONDS: &str = "30";

/// What a webhook came to.
enum Ending {
    Kept(Kept),
    Test,
    Unbelieved(&'static str),
    /// The sender's mistake, in words without personal data.
    Refused(String),
    Failed(Error),
}

impl Bridge {
    /// The answer to a request below `/hook/`.
    pub async fn hook(
        self: &Arc<Bridge>,
        path: &str,
        request: Request<Incoming>,
        place: &Place,
    ) -> Answer {
        if path == "style.css" && self.routes.iter().any(|route| route.page.is_some()) {
            return answer::style();
        }
        let (name, end) = End::split(path);
        let is_get = request.method() == Method::GET;
        let found = self
            .route(name)
            .map(|number| (number, &self.routes[number]));
        let (number, route) = match (found, end) {
            (Some(found), None) => found,
            (
                Some((
                    _,
                    Route {
                        page: Some(page), ..
                    },
                )),
                Some(end),
            ) if is_get => {
                return form_page::ended(page, end);
            }
            _ => {
                self.journal.stranger("404, a wrong address");
                return answer::not_found();
            }
        };
        if let (true, Some(page)) = (is_get, &route.page) {
            return Form::of_address(route, page, &request).shown();
        }
        if request.method() != Method::POST {
            self.journal.stranger("405, no POST");
            let refused = answer::text(StatusCode::METHOD_NOT_ALLOWED, "send a POST");
            return answer::with(refused, ALLOW, "POST");
        }
        let (head, body) = request.into_parts();
        let body = match read(body).await {
            Ok(body) => body,
            Err((status, why)) => {
                self.tell(route, status, why);
                return answer::with(answer::text(status, why), CONNECTION, "close");
            }
        };
        place.set_busy(true);
        let answer = self.take(number, name, head.headers, body).await;
        place.set_busy(false);
        answer
    }

    async fn take(
        self: &Arc<Bridge>,
        number: usize,
        name: &str,
        headers: HeaderMap,
        body: Bytes,
    ) -> Answer {
        let route = &self.routes[number];
        let _turn = match &route.page {
            Some(page) if page.done.is_none() => self.asking.visitors_turn().await,
            _ => None,
        };
        let (bridge, sent) = (Arc::clone(self), (headers.clone(), body.clone()));
        let work = move || bridge.keep(&bridge.routes[number], &sent.0, &sent.1);
        let Ok(ending) = tokio::task::spawn_blocking(work).await else {
            let (status, why) = (StatusCode::INTERNAL_SERVER_ERROR, "a fault of the bridge");
            self.tell(route, status, why);
            return answer::text(status, why);
        };
        let (status, said) = self.ended(route, &ending);
        let answer = match &route.page {
            Some(page) => {
                let form = Form::sent(route, page, &headers, &body);
                match &ending {
                    Ending::Kept(kept) => {
                        let is_known = kept.was_there || self.was_known(page, kept.id).await;
                        let end = if is_known { End::Again } else { End::Done };
                        form_page::leads_on(page, name, end)
                    }
                    Ending::Refused(why) => form.wrong(why),
                    Ending::Failed(_) => form.later(),
                    Ending::Test | Ending::Unbelieved(_) => answer::text(status, &said),
                }
            }
            None => answer::text(status, &said),
        };
        match status {
            StatusCode::SERVICE_UNAVAILABLE => answer::with(answer, RETRY_AFTER, RETRY_SECONDS),
            _ => answer,
        }
    }

    /// All are compared, so that the time tells nothing.
    fn route(&self, name: &str) -> Option<usize> {
        let mut found = None;
        for (number, route) in self.routes.iter().enumerate() {
            let is_it = match &route.token {
                Some(token) => token.is(name),
                None => route.name == name,
            };
            if is_it {
                found = Some(number);
            }
        }
        found
    }

    fn keep(&self, route: &Route, headers: &HeaderMap, body: &Bytes) -> Ending {
        if let Err(why) = route.check(headers, body) {
            return Ending::Unbelieved(why);
        }
        let payload = match Payload::parse(headers, body) {
            Ok(payload) => payload,
            Err(why) => return Ending::Refused(why),
        };
        if route.is_test(&payload) {
            return Ending::Test;
        }
        match route.map(&payload).and_then(|mapped| self.add(&mapped)) {
            Ok(kept) => Ending::Kept(kept),
            Err(error) if is_the_sender_s(&error) => {
                let places = route.places_of(error.message());
                let places = places.map_or_else(String::new, |places| format!("; {places}"));
                Ending::Refused(format!("{}{places}", error.message()))
            }
            Err(error) => Ending::Failed(error),
        }
    }

    fn add(&self, mapped: &Mapped) -> Result<Kept, Error> {
        let key = mapped.key.as_deref();
        if let Some(id) = key.and_then(|key| self.repeats.id(key)) {
            return Ok(Kept {
                id,
                was_there: true,
            });
        }
        let add = |lead| (self.outbox).add(&self.client, lead, key.map(str::as_bytes));
        let kept = match (add(&mapped.lead), &mapped.plain) {
            // What stands in a page's address keeps no contact away.
            (Err(error), Some(plain)) if is_the_sender_s(&error) => add(plain)?,
            (added, _) => added?,
        };
        if let Some(key) = key {
            self.repeats.note(key, kept.id);
        }
        Ok(kept)
    }

    /// The status, and what a program is answered; the journal is told more.
    fn ended(&self, route: &Route, ending: &Ending) -> (StatusCode, String) {
        let (status, said, told) = match ending {
            Ending::Kept(kept) => {
                let again = if kept.was_there { " again" } else { "" };
                (StatusCode::OK, "ok", format!("lead {}{again}", kept.id))
            }
            Ending::Test => (StatusCode::OK, "ok", "a test".to_owned()),
            Ending::Unbelieved(why) => (StatusCode::UNAUTHORIZED, *why, (*why).to_owned()),
            Ending::Refused(why) => (StatusCode::UNPROCESSABLE_ENTITY, why.as_str(), why.clone()),
            Ending::Failed(error) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "the lead cannot be kept now; send it again",
                error.message().to_owned(),
            ),
        };
        self.tell(route, status, &told);
        (status, said.to_owned())
    }

    fn tell(&self, route: &Route, status: StatusCode, what: &str) {
        let text = format!("{}: {}, {what}", route.name, status.as_u16());
        match status {
            StatusCode::OK | StatusCode::UNPROCESSABLE_ENTITY => self.journal.say(&text),
            StatusCode::SERVICE_UNAVAILABLE => self.journal.say(&text),
            _ => self.journal.stranger(&text),
        }
    }
}

fn is_the_sender_s(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::InvalidArgument | ErrorKind::UnknownName
    )
}
