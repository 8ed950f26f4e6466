//! Which column is which field, by the headings that people and programs write.

use justclick::field;

/// Headings by the field that they mean, in small letters and without marks. A table of Outlook, Google
/// or Excel in Russian or English has some of them.
const MEANINGS: &[(&str, &[&str])] = &[
    (
        field::EMAIL,
        &[
            "email",
            "e mail",
            "mail",
            "email address",
            "e mail address",
            "e mail 1 value",
            "email 1 value",
            "почта",
            "эл почта",
            "электронная почта",
            "электронный адрес",
            "емейл",
            "имейл",
            "емайл",
            "мейл",
            "адрес эл почты",
            "адрес электронной почты",
            "email адрес",
            "e mail адрес",
            "ваш email",
            "ваш e mail",
            "your email",
        ],
    ),
    (
        field::NAME,
        &[
            "name",
            "full name",
            "display name",
            "your name",
            "fio",
            "фио",
            "имя и фамилия",
            "фамилия и имя",
            "фамилия имя",
            "имя фамилия",
            "фамилия имя отчество",
            "полное имя",
            "клиент",
            "контакт",
            "ваше имя",
            "имя контакта",
        ],
    ),
    (
        field::PHONE,
        &[
            "phone",
            "phone number",
            "mobile",
            "mobile phone",
            "tel",
            "telephone",
            "phone 1 value",
            "your phone",
            "телефон",
            "тел",
            "номер телефона",
            "мобильный",
            "мобильный телефон",
            "моб",
            "моб телефон",
            "сотовый",
            "контактный телефон",
            "ваш телефон",
        ],
    ),
    (
        field::CITY,
        &[
            "city",
            "town",
            "address 1 city",
            "business city",
            "home city",
            "город",
            "населенный пункт",
            "ваш город",
        ],
    ),
    (
        field::TAG,
        &[
            "tag",
            "tags",
            "label",
            "labels",
            "метка",
            "метки",
            "тег",
            "теги",
        ],
    ),
];
/// Columns that are parts of a name, in the order in which they are joined.
const PARTS_OF_NAME: [&[&str]; 2] = [
    &["first name", "given name", "имя"],
    &["last name", "family name", "surname", "фамилия"],
];

/// The columns of each field that is found, the first that bears its name.
pub fn meant(headings: &[&str]) -> Vec<(String, Vec<usize>)> {
    let plain: Vec<String> = headings.iter().map(|heading| plain(heading)).collect();
    let place = |names: &[&str]| {
        plain
            .iter()
            .position(|heading| names.contains(&heading.as_str()))
    };
    let mut found = Vec::new();
    for known in field::FIELDS {
        let own = (headings.iter()).position(|heading| {
            let heading = heading.trim();
            heading.eq_ignore_ascii_case(known.name) || heading.eq_ignore_ascii_case(known.short)
        });
        let by_meaning = || {
            let (_, names) = MEANINGS.iter().find(|(name, _)| *name == known.name)?;
            place(names)
        };
        if let Some(column) = own
            .filter(|_| known.short != "name")
            .or_else(by_meaning)
            .or(own)
        {
            found.push((known.name.to_owned(), vec![column]));
        } else if known.name == field::NAME {
            let parts: Vec<usize> = PARTS_OF_NAME
                .iter()
                .filter_map(|names| place(names))
                .collect();
            if !parts.is_empty() {
                found.push((known.name.to_owned(), parts));
            }
        }
    }
    found
}

/// Small letters and single spaces: "E-mail *" and "e mail" are the same.
fn plain(heading: &str) -> String {
    let letters = heading.to_lowercase().replace('ё', "е");
    let words = letters
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(headings: &[&str]) -> Vec<(String, Vec<usize>)> {
        meant(headings)
    }

    #[test]
    fn headings_of_people_and_programs_are_understood() {
        for (headings, expected) in [
            (
                &["E-mail", "ФИО", "Телефон"][..],
                &[
                    ("lead_name", &[1][..]),
                    ("lead_email", &[0]),
                    ("lead_phone", &[2]),
                ][..],
            ),
            (
                &["First Name", "Last Name", "E-mail 1 - Value"],
                &[("lead_name", &[0, 1]), ("lead_email", &[2])],
            ),
            (
                &["Фамилия", "Имя", "Эл. почта", "Город"],
                &[
                    ("lead_name", &[1, 0]),
                    ("lead_email", &[2]),
                    ("lead_city", &[3]),
                ],
            ),
            (
                &["lead_email", "utm[utm_source]", "utm_term"],
                &[
                    ("lead_email", &[0]),
                    ("utm[utm_source]", &[1]),
                    ("utm[utm_term]", &[2]),
                ],
            ),
        ] {
            let expected: Vec<(String, Vec<usize>)> = expected
                .iter()
                .map(|(name, columns)| ((*name).to_owned(), columns.to_vec()))
                .collect();
            assert_eq!(found(headings), expected, "{headings:?}");
        }
        assert!(found(&["Дата", "Сумма"]).is_empty());
    }
}
