//! The requests of one HTTP/1.1 connection.

use std::io::{self, Read, Write};

use httparse::Status;

/// PHP's `post_max_size`.
const BODY_LIMIT: usize = 8 * 1024 * 1024;
const HEAD_LIMIT: usize = 64 * 1024;
const HEADERS: usize = 100;
/// For a line with a chunk's size, and for the trailers.
const CHUNK_LINE_LIMIT: usize = 8 * 1024;

/// A whole request.
pub struct Request {
    pub method: String,
    /// The path, without the query.
    pub path: String,
    pub host: Option<String>,
    /// Whether the body says that it is a form; PHP reads no other.
    pub is_form: bool,
    pub keep_alive: bool,
    pub body: Vec<u8>,
}

/// Why there is no request.
pub enum Failure {
    /// The client has gone.
    Closed,
    /// The request deserves nothing better than this status.
    Refused(u16),
}

impl From<io::Error> for Failure {
    fn from(_: io::Error) -> Failure {
        Failure::Closed
    }
}

enum Length {
    Known(usize),
    Chunked,
}

/// What the head of a request says.
struct Head {
    /// The request, still without its body.
    request: Request,
    length: Length,
    expects_continue: bool,
}

/// A connection, with what was read and not used yet.
pub struct Connection<S> {
    stream: S,
    buffer: Vec<u8>,
}

impl<S: Read + Write> Connection<S> {
    pub fn new(stream: S) -> Connection<S> {
        Connection {
            stream,
            buffer: Vec::new(),
        }
    }

    /// Waits for the next whole request.
    pub fn request(&mut self) -> Result<Request, Failure> {
        let mut head = self.head()?;
        if head.expects_continue && self.buffer.is_empty() {
            self.write(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        head.request.body = match head.length {
            Length::Known(length) => {
                self.fill(length)?;
                self.take(length)
            }
            Length::Chunked => self.chunks()?,
        };
        Ok(head.request)
    }

    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)?;
        self.stream.flush()
    }

    fn head(&mut self) -> Result<Head, Failure> {
        loop {
            if !self.buffer.is_empty()
                && let Some((head, used)) = parse_head(&self.buffer)?
            {
                self.take(used);
                return match used {
                    ..=HEAD_LIMIT => Ok(head),
                    _ => Err(Failure::Refused(431)),
                };
            }
            if self.buffer.len() > HEAD_LIMIT {
                return Err(Failure::Refused(431));
            }
            self.read_more()?;
        }
    }

    fn chunks(&mut self) -> Result<Vec<u8>, Failure> {
        let mut body = Vec::new();
        loop {
            let size = self.chunk_size()?;
            if size == 0 {
                self.skip_trailers()?;
                return Ok(body);
            }
            if size > BODY_LIMIT - body.len() {
                return Err(Failure::Refused(413));
            }
            self.fill(size + 2)?;
            body.extend_from_slice(&self.take(size));
            if self.take(2) != b"\r\n" {
                return Err(Failure::Refused(400));
            }
        }
    }

    fn chunk_size(&mut self) -> Result<usize, Failure> {
        loop {
            match httparse::parse_chunk_size(&self.buffer) {
                Ok(Status::Complete((used, size))) => {
                    self.take(used);
                    return usize::try_from(size).map_err(|_| Failure::Refused(413));
                }
                Ok(Status::Partial) if self.buffer.len() < CHUNK_LINE_LIMIT => self.read_more()?,
                _ => return Err(Failure::Refused(400)),
            }
        }
    }

    fn skip_trailers(&mut self) -> Result<(), Failure> {
        let mut skipped = 0;
        loop {
            while let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\r\n") {
                self.take(end + 2);
                skipped += end;
                if end == 0 {
                    return Ok(());
                }
            }
            if skipped + self.buffer.len() > CHUNK_LINE_LIMIT {
                return Err(Failure::Refused(431));
            }
            self.read_more()?;
        }
    }

    fn fill(&mut self, length: usize) -> Result<(), Failure> {
        while self.buffer.len() < length {
            self.read_more()?;
        }
        Ok(())
    }

    fn take(&mut self, length: usize) -> Vec<u8> {
        let rest = self.buffer.split_off(length);
        std::mem::replace(&mut self.buffer, rest)
    }

    fn read_more(&mut self) -> Result<(), Failure> {
        let mut chunk = [0; 16 * 1024];
        loop {
            match self.stream.read(&mut chunk) {
                Ok(0) => return Err(Failure::Closed),
                Ok(length) => {
                    self.buffer.extend_from_slice(&chunk[..length]);
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// The head at the front of the bytes and its length, if it is whole.
fn parse_head(bytes: &[u8]) -> Result<Option<(Head, usize)>, Failure> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let used = match parsed.parse(bytes) {
        Ok(Status::Complete(used)) => used,
        Ok(Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(Failure::Refused(431)),
        Err(_) => return Err(Failure::Refused(400)),
    };
    let values = |name| values(parsed.headers, name);
    let target = parsed.path.unwrap_or_default();
    let persistent = parsed.version == Some(1);
    let request = Request {
        method: parsed.method.unwrap_or_default().to_owned(),
        path: target.split('?').next().unwrap_or_default().to_owned(),
        host: values("host").next(),
        is_form: values("content-type")
            .any(|value| media_type(&value) == "application/x-www-form-urlencoded"),
        keep_alive: persistent && !values("connection").any(|value| has_token(&value, "close")),
        body: Vec::new(),
    };
    let head = Head {
        request,
        length: length(values("content-length"), values("transfer-encoding"))?,
        expects_continue: values("expect").any(|value| value == "100-continue"),
    };
    Ok(Some((head, used)))
}

/// A header's values, in lower case.
fn values<'a>(
    headers: &'a [httparse::Header<'a>],
    name: &'static str,
) -> impl Iterator<Item = String> + 'a {
    let named = headers
        .iter()
        .filter(move |header| header.name.eq_ignore_ascii_case(name));
    named.map(|header| {
        String::from_utf8_lossy(header.value)
            .trim()
            .to_ascii_lowercase()
    })
}

fn media_type(value: &str) -> &str {
    value.split(';').next().unwrap_or_default().trim()
}

fn has_token(value: &str, token: &str) -> bool {
    value.split(',').any(|part| part.trim() == token)
}

/// Two answers to the question where the body ends are one too many.
fn length(
    mut lengths: impl Iterator<Item = String>,
    mut encodings: impl Iterator<Item = String>,
) -> Result<Length, Failure> {
    match (lengths.next(), lengths.next(), encodings.next()) {
        (None, _, None) => Ok(Length::Known(0)),
        (Some(digits), None, None) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            match digits.parse() {
                Ok(length) if length <= BODY_LIMIT => Ok(Length::Known(length)),
                Ok(_) => Err(Failure::Refused(413)),
                Err(_) => Err(Failure::Refused(400)),
            }
        }
        (None, _, Some(encoding)) if encoding == "chunked" && encodings.next().is_none() => {
            Ok(Length::Chunked)
        }
        _ => Err(Failure::Refused(400)),
    }
}
