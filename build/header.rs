//! Makes the C header, PHP's copy of it (a class with a constant) and its manual page. `build.rs`
//! writes what comes out, and a test compares it with the files.

use std::fmt::Write;
use std::path::Path;

#[path = "../src/table/code.rs"]
#[allow(dead_code)]
mod code;
#[path = "../src/table/field.rs"]
#[allow(dead_code)]
mod field;
#[path = "manual.rs"]
mod manual;
#[path = "../src/table/setting.rs"]
#[allow(dead_code)]
mod setting;

const CONVENTIONS: &str = include_str!("conventions.txt");

/// The sources of the interface, in the order in which the header shows them.
const SOURCES: [&str; 12] = [
    "version",
    "status",
    "last_error",
    "disposition",
    "outcome",
    "client",
    "lead",
    "call",
    "outbox",
    "request",
    "result",
    "free",
];

/// The files and what belongs into each, made of the sources below `root`.
pub fn generate(root: &Path) -> Result<[(&'static str, String); 3], String> {
    let header = declarations(root, for_c())?;
    let manual = manual::page(&header, env!("CARGO_PKG_VERSION"));
    Ok([
        ("include/justclick.h", header),
        (
            "bindings/php/src/Header.php",
            php_class(&declarations(root, for_php())?),
        ),
        ("man/justclick.3", manual),
    ])
}

fn declarations(root: &Path, config: cbindgen::Config) -> Result<String, String> {
    let mut builder = cbindgen::Builder::new().with_config(config);
    for source in SOURCES {
        builder = builder.with_src(root.join("src/ffi").join(source).with_extension("rs"));
    }
    let bindings = builder.generate().map_err(|error| error.to_string())?;
    let mut header = Vec::new();
    bindings.write(&mut header);
    String::from_utf8(header).map_err(|error| error.to_string())
}

fn for_c() -> cbindgen::Config {
    cbindgen::Config {
        cpp_compat: true,
        include_guard: Some("JUSTCLICK_H".to_owned()),
        header: Some(CONVENTIONS.trim_end().to_owned()),
        sys_includes: ["stdbool.h", "stddef.h", "stdint.h"]
            .map(str::to_owned)
            .to_vec(),
        after_includes: Some(macros()),
        documentation_style: cbindgen::DocumentationStyle::C,
        ..bare()
    }
}

/// PHP has no preprocessor: it knows no guards and no macros, and skips each line with a `#`.
fn for_php() -> cbindgen::Config {
    cbindgen::Config {
        documentation: false,
        ..bare()
    }
}

/// A constant is in PHP's memory with the code. A file would be read in each request, which
/// `open_basedir` can forbid.
fn php_class(declarations: &str) -> String {
    format!(
        "<?php

declare(strict_types=1);

namespace JustClick;

/**
 * The C interface in the words of PHP's FFI. Made from the library's sources when it is built.
 *
 * @internal
 */
final class Header
{{
    public const DECLARATIONS = <<<'DECLARATIONS'
{}
DECLARATIONS;
}}
",
        declarations.trim()
    )
}

fn bare() -> cbindgen::Config {
    cbindgen::Config {
        language: cbindgen::Language::C,
        no_includes: true,
        usize_is_size_t: true,
        style: cbindgen::Style::Both,
        sort_by: cbindgen::SortKey::None,
        export: cbindgen::ExportConfig {
            include: ["jc_status_code", "jc_disposition", "jc_outcome"]
                .map(str::to_owned)
                .to_vec(),
            ..Default::default()
        },
        ..Default::default()
    }
}

/// The versions, and a name for each row of the core's tables.
fn macros() -> String {
    let mut text = String::from("\n");
    for (name, value) in [
        ("MAJOR", env!("CARGO_PKG_VERSION_MAJOR")),
        ("MINOR", env!("CARGO_PKG_VERSION_MINOR")),
        ("PATCH", env!("CARGO_PKG_VERSION_PATCH")),
    ] {
        define(&mut text, "", &format!("JC_VERSION_{name}"), value);
    }
    let version = quoted(env!("CARGO_PKG_VERSION"));
    define(
        &mut text,
        "The version of this header; jc_version() says which library runs.",
        "JC_VERSION",
        &version,
    );
    define(
        &mut text,
        "The binary interface of this header; compare it with jc_abi_version().",
        "JC_ABI_VERSION",
        "0",
    );
    define(
        &mut text,
        "As a length: up to the NUL byte.",
        "JC_NTS",
        "((size_t)-1)",
    );
    text.push_str(
        "\n/* The fields of a lead, for jc_lead_set, in the order in which they are sent. */\n",
    );
    for field in field::FIELDS {
        define(
            &mut text,
            field.meaning,
            &format!("JC_LEAD_{}", field.short.to_uppercase()),
            &quoted(field.name),
        );
    }
    for (title, prefix, settings) in [
        (
            "a client, for jc_client_set",
            "JC_SETTING_",
            setting::SETTINGS,
        ),
        (
            "an outbox, for jc_outbox_set",
            "JC_OUTBOX_SETTING_",
            setting::OUTBOX_SETTINGS,
        ),
    ] {
        let _ = writeln!(text, "\n/* The settings of {title}. */");
        for setting in settings {
            define_setting(&mut text, prefix, setting);
        }
    }
    text.push_str(
        "\n/* The service's error codes, for jc_result_error_code. New ones may come. */\n",
    );
    for (number, name, meaning) in code::CODES {
        define(
            &mut text,
            meaning,
            &format!("JC_CODE_{name}"),
            &number.to_string(),
        );
    }
    text
}

fn define_setting(text: &mut String, prefix: &str, setting: &setting::Setting) {
    let meaning = match setting.default {
        "" => setting.meaning.to_owned(),
        default => format!("{} Default: {default}.", setting.meaning),
    };
    let name = format!("{prefix}{}", setting.name.to_uppercase());
    define(text, &meaning, &name, &quoted(setting.name));
}

fn define(text: &mut String, meaning: &str, name: &str, value: &str) {
    if !meaning.is_empty() {
        let _ = writeln!(text, "/* {meaning} */");
    }
    let _ = writeln!(text, "#define {name} {value}");
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}
