//! The service's answer as plain data.

/// The service's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub(crate) code: i32,
    pub(crate) text: String,
    pub(crate) result: Option<String>,
}

impl Answer {
    /// The error code. For a code 0 whose text belongs to another code, it is that other code.
    pub fn code(&self) -> i32 {
        self.code
    }

    /// The text, as the service wrote it; perhaps in Russian. Decide by the code.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The member `result` as JSON, where the answer has one. The answer's hash does not cover it.
    pub fn result(&self) -> Option<&str> {
        self.result.as_deref()
    }
}
