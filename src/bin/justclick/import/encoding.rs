//! How a file's letters are written: UTF-8, UTF-16, or a code page of Windows.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1251};
use ring::digest::{Context, SHA256};

use crate::failure::Failure;

/// So much is looked at to tell one code page from another.
const LOOKED_AT: usize = 1024 * 1024;

/// What one reading of the whole file tells.
pub struct Survey {
    pub encoding: &'static Encoding,
    /// The file begins with a mark of its encoding.
    pub has_mark: bool,
    /// SHA-256 of the bytes, as digits.
    pub digest: String,
}

/// Reads the file once. `named` is what the person says of its encoding.
pub fn survey(path: &Path, named: Option<&str>) -> Result<Survey, Failure> {
    let wrong = |error: std::io::Error| Failure::WrongUse(format!("{}: {error}", path.display()));
    let mut file = File::open(path).map_err(wrong)?;
    let mut digest = Context::new(&SHA256);
    let mut look = Look::default();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer).map_err(wrong)? {
            0 => break,
            length => {
                digest.update(&buffer[..length]);
                look.at(&buffer[..length]);
            }
        }
    }
    let has_mark = look.mark().is_some();
    let encoding = match named {
        Some(name) => Encoding::for_label(name.as_bytes()).ok_or_else(|| {
            Failure::WrongUse(format!(
                "there is no encoding \"{name}\"; try windows-1251 or utf-8"
            ))
        })?,
        None => look
            .verdict()
            .map_err(|why| Failure::WrongUse(format!("{}: {why}", path.display())))?,
    };
    let digest = digest.finish();
    Ok(Survey {
        encoding,
        has_mark,
        digest: digest
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect(),
    })
}

/// What was seen of the bytes so far.
#[derive(Default)]
struct Look {
    start: Vec<u8>,
    /// Bytes of a character that is not over yet.
    rest: Vec<u8>,
    is_other_than_utf8: bool,
    has_nul: bool,
    detector: Option<EncodingDetector>,
    seen: usize,
}

impl Look {
    fn at(&mut self, bytes: &[u8]) {
        if self.start.len() < 4 {
            self.start.extend(bytes.iter().take(4));
        }
        self.has_nul |= bytes.contains(&0);
        self.check_utf8(bytes);
        if self.seen < LOOKED_AT {
            self.seen += bytes.len();
            (self
                .detector
                .get_or_insert_with(|| EncodingDetector::new(Iso2022JpDetection::Deny)))
            .feed(bytes, false);
        }
    }

    fn check_utf8(&mut self, bytes: &[u8]) {
        if self.is_other_than_utf8 {
            return;
        }
        self.rest.extend(bytes);
        match std::str::from_utf8(&self.rest) {
            Ok(_) => self.rest.clear(),
            Err(error) if error.error_len().is_none() => {
                self.rest.drain(..error.valid_up_to());
            }
            Err(_) => self.is_other_than_utf8 = true,
        }
    }

    fn mark(&self) -> Option<&'static Encoding> {
        Encoding::for_bom(&self.start).map(|(encoding, _)| encoding)
    }

    fn verdict(self) -> Result<&'static Encoding, String> {
        if let Some(encoding) = self.mark() {
            return Ok(encoding);
        }
        match self.start.as_slice() {
            [b'P', b'K', 3, 4] => {
                return Err(
                    "it is a workbook of Excel: save it as CSV there, and import that file"
                        .to_owned(),
                );
            }
            [0xD0, 0xCF, 0x11, 0xE0] => {
                return Err(
                    "it is an old workbook of Excel: save it as CSV there, and import that file"
                        .to_owned(),
                );
            }
            _ => {}
        }
        if self.has_nul {
            return Err(
                "it holds NUL bytes, as UTF-16 does; if it is, give --encoding utf-16le".to_owned(),
            );
        }
        if !self.is_other_than_utf8 && self.rest.is_empty() {
            return Ok(UTF_8);
        }
        self.code_page()
    }

    /// The vendor's customers write Russian, for which Excel takes windows-1251.
    fn code_page(self) -> Result<&'static Encoding, String> {
        let guess = self.detector.map_or(WINDOWS_1251, |mut detector| {
            detector.feed(b"", true);
            detector.guess(Some(b"ru"), Utf8Detection::Deny)
        });
        if guess == WINDOWS_1251 {
            return Ok(guess);
        }
        Err(format!(
            "its letters are in no encoding that can be told for sure; give --encoding {} or --encoding windows-1251",
            guess.name().to_ascii_lowercase()
        ))
    }
}
