//! Ways in which a store's bytes go wrong.

use fastrand::Rng;

const PAGE: usize = 4096;
/// The database's file, and the log beside it.
pub const FILES: [&str; 2] = ["leads.db", "leads.db-wal"];

/// The bytes of each of [`FILES`].
pub type Bytes = [Vec<u8>; 2];

/// Damages a store by chance, once or a few times.
pub fn mutate(bytes: &mut Bytes, chance: &mut Rng) {
    let times = if chance.u8(..4) == 0 { 3 } else { 1 };
    for _ in 0..times {
        let file = &mut bytes[chance.usize(..FILES.len())];
        if !file.is_empty() {
            mutate_file(file, chance);
        }
    }
}

fn mutate_file(file: &mut Vec<u8>, chance: &mut Rng) {
    let place = chance.usize(..file.len());
    match chance.u8(..32) {
        31 => file.clear(),
        kind => mutate_bytes(file, kind % 8, place, chance),
    }
}

fn mutate_bytes(file: &mut Vec<u8>, kind: u8, place: usize, chance: &mut Rng) {
    let in_header = chance.usize(..file.len().min(100));
    match kind {
        0 | 1 => flip(file, place, chance.usize(1..=8), chance),
        2 => scribble(file, place, chance.usize(1..=600), chance),
        3 => fill(file, place / PAGE * PAGE, PAGE, 0),
        4 => file.truncate(place),
        5 => copy_page(file, place, chance),
        // Headers of the file and of its pages say how all else is read.
        6 => flip(file, in_header, 1, chance),
        _ => {
            let place = place / PAGE * PAGE + chance.usize(..12);
            flip(file, place, 2, chance);
        }
    }
}

fn flip(file: &mut [u8], place: usize, count: usize, chance: &mut Rng) {
    for place in place..(place + count).min(file.len()) {
        file[place] ^= 1 << chance.u8(..8);
    }
}

fn scribble(file: &mut [u8], place: usize, length: usize, chance: &mut Rng) {
    let end = file.len().min(place + length);
    file[place..end].fill_with(|| chance.u8(..));
}

fn fill(file: &mut [u8], place: usize, length: usize, with: u8) {
    let end = file.len().min(place + length);
    file[place..end].fill(with);
}

fn copy_page(file: &mut [u8], place: usize, chance: &mut Rng) {
    let pages = file.len() / PAGE;
    if pages > 1 {
        let from = chance.usize(..pages) * PAGE;
        let to = (place / PAGE).min(pages - 1) * PAGE;
        file.copy_within(from..from + PAGE, to);
    }
}
