//! The answers that the bridge gives.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};

/// An answer.
pub type Answer = Response<Full<Bytes>>;

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// Kept by no browser and no proxy, and shown as nothing but what it is.
const PRIVATE: [(HeaderName, &str); 3] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
];
/// A page without scripts, of which no other site can show a part.
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const PUBLIC_POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'";

pub fn text(status: StatusCode, text: &str) -> Answer {
    of(status, TEXT, format!("{text}\n"))
}

/// A page for visitors, which may stand in another page and lead to another site.
pub fn public_page(status: StatusCode, html: String) -> Answer {
    let mut answer = of(status, HTML, html);
    answer.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(PUBLIC_POLICY),
    );
    answer
}

pub fn style() -> Answer {
    const CSS: HeaderValue = HeaderValue::from_static("text/css; charset=utf-8");
    of(StatusCode::OK, CSS, include_str!("status.css").to_owned())
}

pub fn page(status: StatusCode, html: String) -> Answer {
    let mut answer = of(status, HTML, html);
    let headers = answer.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY),
    );
    answer
}

/// To another address, which the browser asks for with GET.
pub fn see_other(place: &str) -> Answer {
    let mut answer = text(StatusCode::SEE_OTHER, "see the other page");
    match HeaderValue::from_str(place) {
        Ok(place) => answer.headers_mut().insert(header::LOCATION, place),
        Err(_) => None,
    };
    answer
}

/// The same for every address that is not there, and for every wrong token.
pub fn not_found() -> Answer {
    text(StatusCode::NOT_FOUND, "there is nothing here")
}

pub fn with(mut answer: Answer, name: HeaderName, value: &'static str) -> Answer {
    (answer.headers_mut()).insert(name, HeaderValue::from_static(value));
    answer
}

pub fn of(status: StatusCode, kind: HeaderValue, body: String) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(body)));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind);
    for (name, value) in PRIVATE {
        headers.insert(name, HeaderValue::from_static(value));
    }
    answer
}
