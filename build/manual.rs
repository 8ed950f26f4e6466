//! Makes the manual page justclick(3) of the C header: its comments, in the language of man pages.

use std::fmt::Write;

/// The page for a header of [`super::generate`].
pub fn page(header: &str, version: &str) -> String {
    let (introduction, rest) = header.split_once("*/").unwrap_or_default();
    let mut page = format!(
        ".\\\" Made from the library's sources.\n.TH justclick 3 \"\" \"justclick {version}\"\n\
         .ad l\n.nh\n         .SH NAME\njustclick \\- adds contacts (leads) to the groups of a JustClick account\n"
    );
    let items = items(rest);
    synopsis(&mut page, &items);
    page += ".SH DESCRIPTION\n";
    paragraphs(&mut page, &described(introduction));
    page += ".SH CONSTANTS AND TYPES\n";
    let is_function = |item: &&Item| item.is_function();
    for item in items.iter().filter(|item| !is_function(item)) {
        entry(&mut page, item);
    }
    page += ".SH FUNCTIONS\n";
    for item in items.iter().filter(is_function) {
        let _ = writeln!(page, ".SS {}", item.name());
        literal(&mut page, &item.code);
        paragraphs(&mut page, &item.comment);
    }
    page
}

/// A declaration, or a heading where it has none.
#[derive(Default)]
struct Item {
    comment: String,
    code: String,
}

impl Item {
    fn is_function(&self) -> bool {
        self.code.contains('(') && !self.code.starts_with('#')
    }

    fn name(&self) -> &str {
        let before = self.code.split('(').next().unwrap_or_default();
        before
            .rsplit(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .next()
            .unwrap_or_default()
    }
}

/// What follows the header's first comment, in its order. A comment that is followed by another
/// is a heading.
fn items(text: &str) -> Vec<Item> {
    let mut items = Vec::new();
    let mut item = Item::default();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(start) = line.trim_start().strip_prefix("/*") {
            if !item.comment.is_empty() {
                items.push(std::mem::take(&mut item));
            }
            item.comment = comment(start, &mut lines);
            if line.starts_with(' ') {
                // A member of an enum, whose values are items of their own.
                item.code = lines.next().unwrap_or_default().trim().to_owned();
                items.push(std::mem::take(&mut item));
            }
        } else if is_declaration(line) {
            item.code = line.to_owned();
            while !ends(&item.code) {
                let Some(line) = lines.next() else { break };
                item.code = format!("{}\n{line}", item.code);
            }
            items.push(std::mem::take(&mut item));
        }
    }
    items
}

fn is_declaration(line: &str) -> bool {
    let is_macro = line.starts_with("#define JC_");
    let is_code = line.starts_with(|letter: char| letter.is_alphabetic());
    is_macro || is_code && !line.starts_with("extern")
}

fn ends(code: &str) -> bool {
    code.starts_with('#') || code.ends_with(';') || code.ends_with('{')
}

fn comment<'a>(start: &str, lines: &mut impl Iterator<Item = &'a str>) -> String {
    if let Some((text, _)) = start.split_once("*/") {
        return text.trim().to_owned();
    }
    let lines = lines.take_while(|line| line.trim() != "*/");
    lines.map(|line| format!("{}\n", line.trim())).collect()
}

/// The header's first comment without its stars, its first line and the one for who edits it.
fn described(introduction: &str) -> String {
    let lines = introduction.lines().skip(2);
    let text: String = lines
        .filter(|line| !line.contains("This file is made from"))
        .map(|line| line.strip_prefix(" *").unwrap_or(line))
        .map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line)))
        .collect();
    text.trim_start().to_owned()
}

fn synopsis(page: &mut String, items: &[Item]) {
    *page += ".SH SYNOPSIS\n";
    let functions: Vec<&str> = (items.iter())
        .filter(|item| item.is_function())
        .map(|item| item.code.as_str())
        .collect();
    let code = format!("#include <justclick.h>\n\n{}", functions.join("\n"));
    literal(page, &code);
    *page += ".PP\nLink with \\fB\\-ljustclick\\fR.\n";
}

fn entry(page: &mut String, item: &Item) {
    if item.code.is_empty() {
        *page += ".SS ";
        *page += &escaped(item.comment.trim_end_matches('.'));
        *page += "\n";
        return;
    }
    let code = item.code.trim_end_matches(['{', ',']).trim_end();
    let _ = writeln!(page, ".TP\n.B {}", escaped(code));
    paragraphs_of_an_entry(page, &item.comment);
}

fn paragraphs_of_an_entry(page: &mut String, comment: &str) {
    for (index, paragraph) in comment.trim().split("\n\n").enumerate() {
        if index > 0 {
            *page += ".IP\n";
        }
        lines(page, paragraph);
    }
}

/// Text whose paragraphs blank lines part, with programs between fences and indented tables.
fn paragraphs(page: &mut String, text: &str) {
    let mut parts = text.split("```");
    while let Some(prose) = parts.next() {
        for paragraph in prose.split("\n\n").filter(|text| !text.trim().is_empty()) {
            let paragraph = paragraph.trim_matches('\n');
            if paragraph.starts_with("  ") {
                literal(page, paragraph);
            } else if !paragraph.contains(char::is_whitespace) {
                let _ = writeln!(page, ".SS {paragraph}");
            } else {
                *page += ".PP\n";
                lines(page, paragraph);
            }
        }
        if let Some((_language, program)) = parts.next().and_then(|code| code.split_once('\n')) {
            literal(page, program);
        }
    }
}

fn literal(page: &mut String, code: &str) {
    *page += ".PP\n.EX\n";
    lines(page, code);
    *page += ".EE\n";
}

fn lines(page: &mut String, text: &str) {
    for line in text.lines() {
        let _ = writeln!(page, "{}", escaped(line));
    }
}

/// A line that man shows letter for letter, so that programs can be copied.
fn escaped(line: &str) -> String {
    let mut shown = String::new();
    // These begin a request.
    if line.starts_with(['.', '\'']) {
        shown += "\\&";
    }
    for letter in line.chars() {
        match letter {
            '\\' => shown += "\\e",
            '-' => shown += "\\-",
            '\'' => shown += "\\(aq",
            '"' => shown += "\\(dq",
            '`' => shown += "\\(ga",
            '^' => shown += "\\(ha",
            '~' => shown += "\\(ti",
            letter if letter.is_ascii() => shown.push(letter),
            letter => {
                let _ = write!(shown, "\\[u{:04X}]", u32::from(letter));
            }
        }
    }
    shown
}
