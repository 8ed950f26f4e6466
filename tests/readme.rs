//! The README's programs run, and the reference's tables are those of the code.
#![cfg(target_os = "linux")]

mod c_programs;
mod dependent;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use c_programs::{Workshop, library, root, succeeded};
use justclick::Outbox;
use justclick::ffi::disposition::jc_status_disposition;
use justclick::field::FIELDS;
use justclick::setting::{OUTBOX_SETTINGS, SETTINGS, Setting};
use sandbox::{Options, Sandbox};

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}

#[test]
fn the_parameters_are_the_core_s() {
    let reference = read("REFERENCE.md");
    let rows: Vec<String> = FIELDS
        .iter()
        .map(|row| format!("| `{}` | `{}` | {} |", row.name, row.short, row.meaning))
        .collect();
    assert!(reference.contains(&rows.join("\n")), "{}", rows.join("\n"));
}

#[test]
fn the_settings_are_the_core_s() {
    let reference = read("REFERENCE.md");
    for settings in [SETTINGS, OUTBOX_SETTINGS] {
        let rows: Vec<String> = settings.iter().map(row_of).collect();
        assert!(reference.contains(&rows.join("\n")), "{}", rows.join("\n"));
    }
}

fn row_of(row: &Setting) -> String {
    let default = match row.name {
        "user_agent" => "`justclick/` and the version".to_owned(),
        _ if row.default.is_empty() => String::new(),
        _ => format!("`{}`", row.default),
    };
    format!("| `{}` | {default} | {} |", row.name, row.meaning)
}

#[test]
fn every_status_of_the_header_is_explained() {
    let header = read("include/justclick.h");
    let statuses = header
        .split_once("typedef enum jc_status_code {")
        .expect("the statuses")
        .1;
    let statuses = statuses.split_once('}').expect("their end").0;
    let names: Vec<&str> = (statuses.lines().map(str::trim))
        .filter(|line| line.starts_with("JC_"))
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(names.len(), 13);
    let reference = read("REFERENCE.md");
    for name in names {
        assert!(reference.contains(&format!("\n| `{name}` |")), "{name}");
    }
}

/// The exception of a status stands in each binding's own table, beside the status's name.
#[test]
fn the_exceptions_are_those_of_every_language() {
    let reference = read("REFERENCE.md");
    let python = read("bindings/python/src/justclick/errors.py");
    let php = read("bindings/php/src/Exception/Failure.php");
    let cpp = read("include/justclick.hpp");
    let mut rows = 0;
    for row in reference.lines().filter(|line| line.starts_with("| `JC_")) {
        let cells: Vec<&str> = row
            .split('|')
            .map(|cell| cell.trim().trim_matches('`'))
            .collect();
        let (status, exception) = (cells[1], cells[3]);
        let number = constant(status);
        let disposition = match jc_status_disposition(number) {
            1 => "done",
            2 => "refused",
            3 => "later",
            _ => "hold",
        };
        assert_eq!(cells[5], disposition, "{status}");
        if status == "JC_OK" {
            continue;
        }
        let line = |text: &str, end: &str| {
            let line = text.lines().find(|line| line.ends_with(end));
            line.unwrap_or_else(|| panic!("{status}")).to_owned()
        };
        let in_python = line(&python, &format!("# {status}"));
        assert!(in_python.contains(&format!(": {exception}, ")), "{status}");
        let in_php = line(&php, &format!("// {status}"));
        assert!(
            in_php.contains(&format!("=> {exception}::class,")),
            "{status}"
        );
        let in_cpp = cpp.split_once(&format!("case {status}:")).expect(status).1;
        let in_cpp = in_cpp.split_once("throw ").expect(status).1;
        assert!(in_cpp.starts_with(&format!("{exception}(")), "{status}");
        rows += 1;
    }
    assert_eq!(rows, 12);
}

/// The value of a constant of the header.
fn constant(name: &str) -> i32 {
    let header = read("include/justclick.h");
    let value = header.split_once(&format!("\n  {name} = ")).expect(name).1;
    let value = value.split_once(',').expect(name).0;
    value.parse().expect(name)
}

#[test]
fn the_readme_is_read_in_a_few_minutes() {
    let readme = read("README.md");
    assert!(readme.lines().count() <= 150);
    for link in readme.split("](").skip(1) {
        let path = link.split_once(')').expect("an end").0;
        let (file, section) = path.split_once('#').unwrap_or((path, ""));
        assert!(root().join(file).exists(), "{path}");
        let heading = |line: &str| {
            line.trim_start_matches('#')
                .trim()
                .to_lowercase()
                .replace(' ', "-")
        };
        let is_there = || read(file).lines().any(|line| heading(line) == section);
        assert!(section.is_empty() || is_there(), "{path}");
    }
}

/// A program of the README in this language, which names no sandbox: it is led to one by the
/// replacements, each of which must be there.
fn program(language: &str, replacements: &[(&str, &str)]) -> String {
    let readme = read("README.md");
    let start = format!("```{language}\n");
    let mut blocks = readme.split(&start).skip(1);
    let block = blocks.next().and_then(|rest| rest.split("```").next());
    assert!(
        blocks.next().is_none(),
        "more than one program in {language}"
    );
    let mut program = block.expect(language).to_owned();
    for (shown, run) in replacements {
        assert!(program.contains(shown), "{shown}");
        program = program.replace(shown, run);
    }
    program
}

/// Runs a program that uses this build's library.
fn run(mut command: Command) -> Output {
    command
        .env("JUSTCLICK_LIBRARY", library())
        .env_remove("LD_LIBRARY_PATH")
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

/// Runs a program, which is made of a sandbox's address and secret: it must add its lead, and keep
/// it where the sandbox is switched off.
fn adds_its_lead(command: impl Fn(&str, &str) -> Command) {
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let secret = "X".repeat(40);
    let said = succeeded(&run(command(&sandbox.base_url(), &secret)));
    assert_eq!(said, "the contact was added\n");
    let emails: Vec<String> = (sandbox.contacts().iter())
        .map(|contact| contact.email.clone())
        .collect();
    assert_eq!(emails, ["lead@email.com"]);
    let Output { stdout, stderr, .. } = run(command("http://127.0.0.1:1", &secret));
    let said = String::from_utf8([stdout, stderr].concat()).expect("UTF-8");
    let advice = "Keep this lead and send it again later";
    assert!(
        said.contains(advice) && said.contains("127.0.0.1"),
        "{said}"
    );
}

#[test]
fn the_program_in_c_runs() {
    let workshop = Workshop::new();
    adds_its_lead(|url, secret| {
        let made = "&client);\n";
        let led = format!("&client);\njc_client_set(client, \"base_url\", \"{url}\", JC_NTS);\n");
        let text = program(
            "c",
            &[(made, &led), ("\"secret\"", &format!("\"{secret}\""))],
        );
        let source = workshop.path().join("readme.c");
        fs::write(&source, text).expect("a source");
        Command::new(workshop.compile("cc", &source, &["-std=c99"]))
    });
}

#[test]
fn the_program_in_cpp_runs() {
    let workshop = Workshop::new();
    adds_its_lead(|url, secret| {
        let made = "client(\"username\", \"secret\");";
        let led = format!(
            "client = justclick::Client(\"username\", \"{secret}\").set(\"base_url\", \"{url}\");"
        );
        let source = workshop.path().join("readme.cpp");
        fs::write(&source, program("cpp", &[(made, &led)])).expect("a source");
        Command::new(workshop.compile("c++", &source, &["-std=c++17"]))
    });
}

/// It keeps its lead first, and delivers it when it is over.
#[test]
fn the_program_in_php_runs() {
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let folder = tempfile::tempdir().expect("a folder");
    let location = folder.path().join("leads.db").display().to_string();
    let bootstrap = root().join("bindings/php/tests/bootstrap.php");
    for (url, counts) in [
        (sandbox.base_url(), (1, 0)),
        ("http://127.0.0.1:1".to_owned(), (1, 1)),
    ] {
        let secret = "X".repeat(40);
        let led = format!("('username', '{secret}', ['base_url' => '{url}'])");
        let account = ("('username', 'secret')", led.as_str());
        let text = program("php", &[account, ("/var/lib/site/leads.db", &location)]);
        let mut command = Command::new("php");
        command.args(["-r", &format!("require '{}';\n{text}", bootstrap.display())]);
        assert_eq!(succeeded(&run(command)), "");
        let status = Outbox::open(&location).and_then(|outbox| outbox.status());
        let status = status.expect("a status");
        assert_eq!((status.delivered, status.waiting), counts, "{url}");
    }
    assert_eq!(sandbox.contacts()[0].email, "lead@email.com");
}

#[test]
fn the_promise_is_the_same_everywhere() {
    const BEGINS: &str = "Once jc_outbox_add returned JC_OK, the lead survives";
    let plain = |text: String| {
        let text = text
            .replace("\\(aq", "'")
            .replace(['`', '*', '>', '/', '[', ']'], "");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let readme = plain(read("README.md"));
    let (_, promise) = readme.split_once(BEGINS).expect("the promise");
    let (promise, _) = promise.split_once("silence.").expect("its end");
    for (file, add) in [
        ("include/justclick.h", "jc_outbox_add returned JC_OK"),
        ("man/justclick.3", "jc_outbox_add returned JC_OK"),
        ("src/outbox.rs", "add(Outbox::add) returned Ok"),
        ("bindings/php/README.md", "jc_outbox_add returned JC_OK"),
        ("bindings/python/README.md", "add() returned"),
    ] {
        let text = plain(read(file));
        let words = format!("Once {add}, the lead survives{promise}silence.");
        assert!(text.contains(&words), "{file}: {words}");
    }
}

#[test]
fn the_program_in_python_runs() {
    adds_its_lead(|url, secret| {
        let led = format!("(\"username\", \"{secret}\", base_url=\"{url}\")");
        let text = program("python", &[("(\"username\", \"secret\")", &led)]);
        let mut command = Command::new("python3");
        command
            .args(["-c", &text])
            .env("PYTHONPATH", root().join("bindings/python/src"))
            .env("PYTHONDONTWRITEBYTECODE", "1");
        command
    });
}

#[test]
fn the_program_in_rust_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    adds_its_lead(|url, secret| {
        let made = "let client = Client::new(\"username\", \"secret\")?;";
        let led = format!(
            "let mut client = Client::new(\"username\", \"{secret}\")?;\nclient.set(\"base_url\", \"{url}\")?;"
        );
        let text = program("rust,no_run", &[(made, &led)]);
        let built = dependent::build(folder.path(), "readme", &text).output();
        succeeded(&built.expect("cargo"));
        Command::new(dependent::target().join("debug/readme"))
    });
}
