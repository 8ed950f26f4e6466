//! The C++ interface, as C++ programs meet it.
#![cfg(target_os = "linux")]

mod c_programs;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use std::fmt::Write;
use std::fs;
use std::process::Command;

use c_programs::{WARNINGS, Workshop, root, run, succeeded};
use justclick::field::FIELDS;
use sandbox::{Options, Sandbox};

const SANITIZERS: [&str; 4] = [
    "-std=c++17",
    "-g",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
];

#[test]
fn every_class_stands_good_and_bad_use_under_the_sanitizers() {
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let workshop = Workshop::new();
    let mut fields = String::new();
    for parameter in FIELDS {
        let (name, short) = (parameter.name, parameter.short);
        if !matches!(short, "email" | "activation") {
            writeln!(fields, "FIELD({short}, \"{name}\")").expect("a line");
        }
    }
    fs::write(workshop.path().join("fields.inc"), fields).expect("a file");
    let include = format!("-I{}", workshop.path().display());
    let mut flags = SANITIZERS.to_vec();
    flags.extend([include.as_str(), "-pthread"]);
    let source = root().join("tests/cpp/every_class.cpp");
    let program = workshop.compile("c++", &source, &flags);
    let printed = succeeded(&run(program, &[&sandbox.base_url()]));
    assert_eq!(printed, "every class was used\n");

    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let flags = ["-std=c++20", "-Wshadow", &include, "-pthread"];
    let program = workshop.compile("clang++", &source, &flags);
    let printed = succeeded(&run(program, &[&sandbox.base_url()]));
    assert_eq!(printed, "every class was used\n");
}

#[test]
fn an_older_standard_is_told_what_it_needs() {
    let source = root().join("tests/cpp/every_class.cpp");
    for compiler in ["c++", "clang++"] {
        let include = format!("-I{}", root().join("include").display());
        let source = source.display().to_string();
        let arguments = ["-std=c++14", "-fsyntax-only", &include, &source];
        let output = run(compiler, &arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success());
        assert!(errors.contains("justclick.hpp needs C++17"), "{errors}");
    }
}

#[test]
fn every_status_has_its_class() {
    let workshop = Workshop::new();
    let header = fs::read_to_string(root().join("include/justclick.h")).expect("the header");
    let statuses = (header.split("typedef enum jc_status_code {").nth(1))
        .and_then(|rest| rest.split('}').next())
        .expect("the statuses");
    let mut source = String::from(
        "#include <justclick.hpp>\n#include <cstdio>\n#include <typeinfo>\n\
         static int bare(jc_status status, bool is_known) {\n\
         try { justclick::detail::raise(status, \"\"); }\n\
         catch (const justclick::Error &error) {\n\
         if ((typeid(error) != typeid(justclick::Error)) == is_known) return 0;\n\
         std::printf(\"%s\\n\", error.status_name()); return 1; } }\n\
         int main() { return bare(-77, false)",
    );
    let mut count = 0;
    for line in statuses.lines().map(str::trim) {
        let name = line.split(' ').next().unwrap_or_default();
        if name.starts_with("JC_") && name != "JC_OK" {
            write!(source, " + bare({name}, true)").expect("a call");
            count += 1;
        }
    }
    source.push_str("; }\n");
    assert_eq!(count, 12);
    let path = workshop.path().join("statuses.cpp");
    fs::write(&path, source).expect("a source");
    succeeded(&run(workshop.compile("c++", &path, &["-std=c++17"]), &[]));
}

#[test]
fn the_header_passes_when_included_twice_and_from_two_files() {
    let workshop = Workshop::new();
    let include = format!("-I{}", root().join("include").display());
    for standard in ["-std=c++17", "-std=c++20"] {
        let mut sources = Vec::new();
        for (name, rest) in [("first", "int main() {}"), ("second", "")] {
            let source = workshop.path().join(name).with_extension("cpp");
            let text = format!(
                "#include <justclick.hpp>\n#include <justclick.h>\n#include <justclick.hpp>\n{rest}\n"
            );
            fs::write(&source, text).expect("a source");
            sources.push(source.display().to_string());
        }
        let folder = format!("-L{}", workshop.path().display());
        let program = workshop.path().join("twice").display().to_string();
        let mut arguments = vec![standard, include.as_str(), &sources[0], &sources[1]];
        arguments.extend([folder.as_str(), "-ljustclick", "-o", program.as_str()]);
        arguments.extend(WARNINGS);
        arguments.push("-Wshadow");
        succeeded(&run("c++", &arguments));
    }
}

#[test]
fn the_program_in_the_comment_compiles() {
    let workshop = Workshop::new();
    let header = fs::read_to_string(root().join("include/justclick.hpp")).expect("the header");
    let program: String = (header.lines())
        .take_while(|line| line.starts_with("//"))
        .filter_map(|line| line.strip_prefix("//     "))
        .map(|line| format!("{line}\n"))
        .collect();
    assert!(program.contains("int main()"));
    let source = workshop.path().join("comment.cpp");
    fs::write(&source, program).expect("a source");
    workshop.compile("c++", &source, &["-std=c++17"]);
}

#[test]
fn the_example_adds_its_lead_and_says_why_not() {
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let workshop = Workshop::new();
    let source = root().join("examples/cpp/add_lead.cpp");
    let program = workshop.compile("c++", &source, &SANITIZERS);
    let add = |secret: &str, group: &str| {
        let output = Command::new(&program)
            .arg(group)
            .env("JUSTCLICK_USERNAME", "username")
            .env("JUSTCLICK_SECRET", secret)
            .env("JUSTCLICK_BASE_URL", sandbox.base_url())
            .env_remove("LD_LIBRARY_PATH")
            .output()
            .expect("the example");
        let said = [output.stdout, output.stderr].concat();
        (
            output.status.code(),
            String::from_utf8(said).expect("UTF-8"),
        )
    };
    let secret = "X".repeat(40);
    let (code, said) = add(&secret, "super");
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("activation sent (code 0: "), "{said}");
    let (code, said) = add("wrong", "super");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.starts_with("JC_NOT_ACCEPTED: "), "{said}");
    assert!(add(&secret, "nowhere").1.starts_with("JC_REJECTED: "));
}
