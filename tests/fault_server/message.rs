//! Requests and answers as the bytes that they are, read no further than they reach.

use std::io::{self, Read};

const HEAD_LIMIT: usize = 64 * 1024;

/// Reads the first byte of a message; `None` where the other side has closed instead.
pub fn begin(stream: &mut impl Read) -> io::Result<Option<u8>> {
    let mut byte = [0];
    Ok((stream.read(&mut byte)? > 0).then_some(byte[0]))
}

/// Reads the rest of a message, and returns the whole.
pub fn finish(stream: &mut impl Read, first: u8) -> io::Result<Vec<u8>> {
    let mut message = vec![first];
    while !message.ends_with(b"\r\n\r\n") {
        message.push(begin(stream)?.ok_or(io::ErrorKind::UnexpectedEof)?);
        if message.len() > HEAD_LIMIT {
            return Err(io::Error::other("the head does not end"));
        }
    }
    let head = message.len();
    message.resize(head + body_length(&message)?, 0);
    stream.read_exact(&mut message[head..])?;
    Ok(message)
}

fn body_length(head: &[u8]) -> io::Result<usize> {
    let head = std::str::from_utf8(head).map_err(io::Error::other)?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        (name.eq_ignore_ascii_case("content-length")).then(|| value.trim().parse())
    });
    length.unwrap_or(Ok(0)).map_err(io::Error::other)
}
