//! Reads the body of a request, within its size and time.

use std::time::Duration;

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::StatusCode;
use hyper::body::{Body, Bytes, Incoming};

const BODY_LIMIT: usize = 256 * 1024;
const BODY_TIME: Duration = Duration::from_secs(10);

/// A body within its size and time.
pub async fn read(body: Incoming) -> Result<Bytes, (StatusCode, &'static str)> {
    const TOO_LARGE: (StatusCode, &str) = (
        StatusCode::PAYLOAD_TOO_LARGE,
        "the body is larger than 256 KiB",
    );
    if body.size_hint().lower() > BODY_LIMIT as u64 {
        return Err(TOO_LARGE);
    }
    let whole = Limited::new(body, BODY_LIMIT).collect();
    match tokio::time::timeout(BODY_TIME, whole).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(TOO_LARGE),
        Ok(Err(_)) => Err((StatusCode::BAD_REQUEST, "the body is not whole")),
        Err(_) => Err((StatusCode::REQUEST_TIMEOUT, "the body came too slowly")),
    }
}
