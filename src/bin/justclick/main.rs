//! The command `justclick`, for people who run sites and lists. It holds no rule of the protocol or of
//! the outbox: those are the library's.

mod account;
mod add;
mod arguments;
mod configuration;
mod contacts;
mod deliver;
mod doctor;
mod failure;
mod import;
mod interruption;
mod manual;
mod outbox;
mod output;
mod sandbox;
mod serve;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Task};
use failure::Failure;
use output::Output;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let output = Output::new(arguments.json);
    match run(&arguments, &output) {
        Ok(code) => code.into(),
        Err(failure) => output.failed(&failure),
    }
}

fn run(arguments: &Arguments, output: &Output) -> Result<failure::Code, Failure> {
    let config = arguments.config.as_deref();
    match &arguments.task {
        Task::Add(task) => add::run(task, config, output),
        Task::Import(task) => import::run(task, config, output),
        Task::Deliver(task) => deliver::run(task, config, output),
        Task::Outbox(task) => outbox::run(task, config, output),
        Task::Serve => serve::run(config, output),
        Task::Groups => contacts::groups(config, output),
        Task::Statuses(task) => contacts::statuses(task, config, output),
        Task::Update(task) => contacts::update(task, config, output),
        Task::Unsubscribe(task) => contacts::unsubscribe(task, config, output),
        Task::Count(task) => contacts::count(task, config, output),
        Task::Call(task) => contacts::call(task, config, output),
        Task::Doctor(task) => doctor::run(task, config, output),
        Task::Sandbox(task) => sandbox::run(task, output),
        Task::Completions(task) => manual::completions(task),
        Task::Manual(task) => manual::pages(task),
    }
}
