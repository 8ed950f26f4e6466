//! The table that all import, as a spreadsheet saves it.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// A row's address, name and telephone number.
pub fn contact(row: u32) -> [String; 3] {
    [
        format!("contact{row}@email.com"),
        format!("Анна Петрова {row}"),
        format!("+7 900 {row:07}"),
    ]
}

pub fn write(path: &Path, rows: u32) {
    let mut file = BufWriter::new(File::create(path).expect("a file"));
    writeln!(file, "email,name,phone").expect("is written");
    for row in 0..rows {
        writeln!(file, "{}", contact(row).join(",")).expect("is written");
    }
    file.flush().expect("is written");
}
