//! Manual pages and completions, made of the words of the command line.

use std::io;
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::arguments::{Arguments, Completions, Manual};
use crate::failure::{Code, Failure};

pub fn completions(task: &Completions) -> Result<Code, Failure> {
    clap_complete::generate(
        task.shell,
        &mut Arguments::command(),
        "justclick",
        &mut io::stdout(),
    );
    Ok(Code::Done)
}

pub fn pages(task: &Manual) -> Result<Code, Failure> {
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    write_pages(&command, &task.folder)
        .map_err(|error| Failure::System(format!("{}: {error}", task.folder.display())))?;
    Ok(Code::Done)
}

/// A page for the command and for each of its tasks. All of them name the program that they belong to.
fn write_pages(command: &Command, folder: &Path) -> io::Result<()> {
    for task in command.get_subcommands().filter(|task| !task.is_hide_set()) {
        write_pages(task, folder)?;
    }
    Man::new(command.clone())
        .source(concat!("justclick ", env!("CARGO_PKG_VERSION")))
        .generate_to(folder)?;
    Ok(())
}
