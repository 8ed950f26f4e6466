//! Files of the kinds that people have, 200 of them, each read right without an option.

use std::fmt::Write as _;

use super::desk::{Desk, value};

const FILES: usize = 200;
const LETTERS: [Letters; 5] = [
    Letters::Utf8,
    Letters::Utf8WithMark,
    Letters::Windows1251,
    Letters::Utf16Le,
    Letters::Utf16Be,
];
/// Headings of the address, the name (whose parts are two columns), and the telephone.
const HEADINGS: [[&str; 3]; 8] = [
    ["E-mail", "ФИО", "Телефон"],
    ["Email", "Name", "Phone"],
    ["Электронная почта", "Имя|Фамилия", "Мобильный телефон"],
    [
        "E-mail 1 - Value",
        "First Name|Last Name",
        "Phone 1 - Value",
    ],
    ["E-mail Address", "First Name|Last Name", "Mobile Phone"],
    ["lead_email", "lead_name", "lead_phone"],
    ["Эл. почта", "Клиент", "Тел."],
    ["email", "name", "phone"],
];
const NAMES: [[&str; 2]; 4] = [
    ["Анна", "Петрова"],
    ["Пётр \"Кузьмич\"", "Ёлкин"],
    ["Jean; d,Arc", "O'Neil"],
    ["Ольга\nОлеговна", "№ 5"],
];

#[derive(Clone, Copy, Debug)]
enum Letters {
    Utf8,
    Utf8WithMark,
    Windows1251,
    Utf16Le,
    Utf16Be,
}

impl Letters {
    fn encoded(self, text: &str) -> Vec<u8> {
        match self {
            Letters::Utf8 => text.as_bytes().to_vec(),
            Letters::Utf8WithMark => format!("\u{FEFF}{text}").into_bytes(),
            Letters::Windows1251 => text.chars().map(windows_1251).collect(),
            Letters::Utf16Le => marked(text).flat_map(u16::to_le_bytes).collect(),
            Letters::Utf16Be => marked(text).flat_map(u16::to_be_bytes).collect(),
        }
    }
}

fn marked(text: &str) -> impl Iterator<Item = u16> {
    std::iter::once(0xFEFF).chain(text.encode_utf16())
}

/// A table of its own, so that the command's crate is not judged by itself.
fn windows_1251(letter: char) -> u8 {
    let code = u32::from(letter);
    match letter {
        'А'..='я' => u8::try_from(code - 0x410 + 0xC0).expect("a letter"),
        'Ё' => 0xA8,
        'ё' => 0xB8,
        '№' => 0xB9,
        _ => u8::try_from(code)
            .ok()
            .filter(u8::is_ascii)
            .expect("a letter of the table"),
    }
}

/// One file and the contacts that it must become.
struct Sample {
    bytes: Vec<u8>,
    contacts: Vec<[String; 3]>,
    kind: String,
}

impl Sample {
    fn new(number: usize) -> Sample {
        let letters = LETTERS[number % LETTERS.len()];
        let separator = [';', ',', '\t'][number / 5 % 3];
        let headings = HEADINGS[number / 15 % HEADINGS.len()];
        let line_end = ["\n", "\r\n"][number % 2];
        let quotes_all = number.is_multiple_of(7);
        let has_excels_line = number.is_multiple_of(11);
        let mut text = String::new();
        if has_excels_line {
            let _ = write!(text, "sep={separator}{line_end}");
        }
        let mut contacts = Vec::new();
        let mut line = |cells: &[&str]| {
            let cells: Vec<String> = cells
                .iter()
                .map(|cell| written(cell, separator, quotes_all))
                .collect();
            text.push_str(&cells.join(&separator.to_string()));
            text.push_str(line_end);
        };
        // A column that means nothing stands between the others.
        let parts: Vec<&str> = headings[1].split('|').collect();
        line(&[&["Дата", headings[0]][..], &parts, &[headings[2]]].concat());
        for (row, [first, last]) in NAMES.iter().enumerate() {
            let email = format!("file{number}-{row}@email.com");
            let phone = format!("+7 (900) {number:03}-{row}");
            let whole = format!("{first} {last}");
            let name: Vec<&str> = if parts.len() == 2 {
                vec![first, last]
            } else {
                vec![&whole]
            };
            line(&[&["01.02.2026", &email][..], &name, &[&phone]].concat());
            contacts.push([email.clone(), whole.clone(), phone.clone()]);
            if row == 1 {
                line(&["", "", ""]);
            }
        }
        Sample {
            bytes: letters.encoded(&text),
            contacts,
            kind: format!(
                "{number}: {letters:?}, {separator:?}, {headings:?}, {line_end:?}, quotes {quotes_all}, sep= {has_excels_line}"
            ),
        }
    }
}

/// As Excel and Google write a cell: in quotes where it needs them.
fn written(cell: &str, separator: char, quotes_all: bool) -> String {
    if quotes_all || cell.contains([separator, '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[test]
fn files_of_all_kinds_are_read_right() {
    let sandbox = super::sandbox();
    let desk = Desk::at(&sandbox);
    let samples: Vec<Sample> = (0..FILES).map(Sample::new).collect();
    for (number, sample) in samples.iter().enumerate() {
        let name = format!("{number}.csv");
        desk.write(&name, &sample.bytes);
        let ended = desk.run(&["import", &name, "--group", "super", "--yes"]);
        assert_eq!(ended.code, 0, "{}: {ended:?}", sample.kind);
    }
    let contacts = sandbox.contacts();
    assert_eq!(contacts.len(), FILES * NAMES.len());
    for sample in samples {
        for [email, name, phone] in &sample.contacts {
            let found = contacts
                .iter()
                .find(|contact| contact.email == *email)
                .expect(email);
            let told = (value(found, "lead_name"), value(found, "lead_phone"));
            assert_eq!(told, (name.as_str(), phone.as_str()), "{}", sample.kind);
        }
    }
}
