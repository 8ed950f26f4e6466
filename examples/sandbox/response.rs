//! An answer as bytes.

/// An answer.
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Response {
    /// An answer as PHP sends one.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Response {
        let kind = ("Content-Type", "text/html; charset=utf-8");
        Response {
            status,
            headers: vec![(kind.0.to_owned(), kind.1.to_owned())],
            body: body.into(),
        }
    }

    pub fn add_header(&mut self, name: &str, value: &str) {
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    /// Whether the headers announce that the connection is closed.
    pub fn closes(&self) -> bool {
        (self.headers.iter()).any(|(name, value)| {
            name.eq_ignore_ascii_case("Connection") && value.eq_ignore_ascii_case("close")
        })
    }

    fn has_header(&self, name: &str) -> bool {
        let mut names = self.headers.iter().map(|(name, _)| name);
        names.any(|known| known.eq_ignore_ascii_case(name))
    }

    /// The answer's bytes, in one piece so that they leave by one write.
    pub fn encode(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !self.has_header("Content-Length") && !self.has_header("Transfer-Encoding") {
            head.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        head.push_str("\r\n");
        [head.as_bytes(), &self.body].concat()
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        307 => "Temporary Redirect",
        404 => "Not Found",
        405 => "Method Not Allowed",
        413 => "Content Too Large",
        431 => "Request Header Fields Too Large",
        400..=499 => "Bad Request",
        500..=599 => "Server Error",
        _ => "Answer",
    }
}
