//! A signed request as plain data.

use std::fmt;
use std::sync::Arc;

use crate::transport::Target;

/// A signed request, for a program that sends it by an HTTP stack of its own.
#[derive(Clone)]
pub struct Request {
    pub(crate) target: Arc<Target>,
    pub(crate) body: String,
}

impl Request {
    /// The address to POST to.
    pub fn url(&self) -> &str {
        self.target.url()
    }

    /// The body, of the type `application/x-www-form-urlencoded`, to be sent byte for byte.
    pub fn body(&self) -> &str {
        &self.body
    }
}

/// Shows where the request goes, not the personal data in it.
impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Request")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}
