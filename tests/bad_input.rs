//! Every function of the C interface with every kind of wrong argument.
#![cfg(target_os = "linux")]

mod c_programs;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use c_programs::{Workshop, root, run, succeeded};
use sandbox::{Options, Sandbox};

/// Runs the table, and returns what it printed; the sandbox must see its last lead alone.
fn run_table(flags: &[&str], checker: &[&str]) -> String {
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let workshop = Workshop::new();
    let program = workshop.compile("cc", &root().join("tests/c/bad_input.c"), flags);
    let program = program.to_str().expect("UTF-8");
    let url = sandbox.base_url();
    let command = [checker, &[program, &url]].concat();
    let printed = succeeded(&run(command[0], &command[1..]));
    assert_eq!((sandbox.requests(), sandbox.connections()), (1, 1));
    printed
}

#[test]
fn each_wrong_argument_is_named_and_nothing_is_sent() {
    let printed = run_table(&["-std=c11"], &[]);
    let rows: usize = (printed.split(' ').next())
        .and_then(|count| count.parse().ok())
        .expect("a count");
    assert!(rows > 250, "{printed}");
}

#[test]
fn wrong_arguments_are_harmless_to_memory() {
    let sanitized = [
        "-std=c11",
        "-g",
        "-fsanitize=address,undefined",
        "-fno-sanitize-recover=all",
    ];
    run_table(&sanitized, &[]);
    let valgrind = [
        "valgrind",
        "--quiet",
        "--error-exitcode=9",
        "--leak-check=full",
        "--errors-for-leak-kinds=definite",
    ];
    run_table(&["-std=c11", "-g"], &valgrind);
}

#[test]
fn the_table_has_every_function() {
    let source = std::fs::read_to_string(root().join("tests/c/bad_input.c")).expect("the table");
    let symbols = std::fs::read_to_string(root().join("include/justclick.symbols"));
    for symbol in symbols.expect("the symbols").lines() {
        assert!(
            source.contains(&format!("{symbol}(")),
            "no row for {symbol}"
        );
    }
}
