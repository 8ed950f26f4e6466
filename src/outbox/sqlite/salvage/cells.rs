//! The cells of a page that holds rows of a table.

use std::ops::Range;

use super::record::variable_number;

/// The kind of a page that holds rows.
const LEAF_OF_TABLE: u8 = 13;
/// What stands before the first page.
const FILE_HEADER: usize = 100;

/// Where the content of a row is.
pub(super) struct Cell {
    /// Its whole length.
    pub(super) length: usize,
    /// The part of it in this page.
    pub(super) here: Range<usize>,
    /// The page where the rest begins.
    pub(super) overflow: u32,
}

/// The rows of a page, `None` for each that cannot be found; nothing for a page of another kind.
pub(super) fn cells(page: &[u8], number: u32) -> Vec<Option<Cell>> {
    let start = if number == 1 { FILE_HEADER } else { 0 };
    if page.get(start) != Some(&LEAF_OF_TABLE) {
        return Vec::new();
    }
    let count = short(page, start + 3).unwrap_or_default();
    (0..count)
        .map_while(|place| short(page, start + 8 + 2 * place))
        .map(|place| cell(page, place))
        .collect()
}

fn cell(page: &[u8], place: usize) -> Option<Cell> {
    let rest = page.get(place..)?;
    let (length, first) = variable_number(rest)?;
    let (_row, second) = variable_number(rest.get(first..)?)?;
    let length = usize::try_from(length).ok()?;
    let begin = place + first + second;
    let here = kept_here(length, page.len());
    let overflow = if here < length {
        let link = page.get(begin + here..begin + here + 4)?;
        u32::from_be_bytes(link.try_into().ok()?)
    } else {
        0
    };
    Some(Cell {
        length,
        here: begin..begin + here,
        overflow,
    })
}

/// How much of a row's content stays in its own page.
fn kept_here(length: usize, page_size: usize) -> usize {
    let most = page_size - 35;
    if length <= most {
        return length;
    }
    let least = (page_size - 12) * 32 / 255 - 23;
    let fitting = least + (length - least) % (page_size - 4);
    if fitting <= most { fitting } else { least }
}

fn short(page: &[u8], place: usize) -> Option<usize> {
    let bytes = page.get(place..place + 2)?;
    Some(usize::from(u16::from_be_bytes(bytes.try_into().ok()?)))
}
