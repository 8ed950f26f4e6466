//! Manual pages and completions, made of the words of the command line.

use std::io;

use clap::CommandFactory;

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
    clap_mangen::generate_to(Arguments::command(), &task.folder)
        .map_err(|error| Failure::System(format!("{}: {error}", task.folder.display())))?;
    Ok(Code::Done)
}
