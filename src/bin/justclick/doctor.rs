//! `justclick doctor`: what works from here, what does not, and what to do about it. It looks, and
//! changes nothing.

mod certificate;
mod clock;
mod disk;
mod finding;
mod fpm;
mod holders;
mod library;
mod network;
mod php;
mod probe;
mod program;
mod python;
mod service;
mod store;
mod tls;

use std::path::Path;

use crate::account;
use crate::arguments::Doctor;
use crate::failure::{Code, Failure};
use crate::output::Output;
use finding::{Finding, Report};

pub fn run(task: &Doctor, config: Option<&Path>, output: &Output) -> Result<Code, Failure> {
    let mut report = Report::new(output);
    match account::client(config) {
        Ok(client) => network::examine(client, &mut report)?,
        Err(failure) => {
            let advice =
                "give the username and the secret of the account; `justclick --help` tells where";
            let finding = Finding::wrong("credentials", Code::Held, &failure, advice);
            report.tell(finding)?;
        }
    }
    if let Some(location) = &task.location {
        store::examine(location, config, &mut report)?;
    }
    library::examine(&mut report)?;
    php::examine(&mut report)?;
    fpm::examine(&mut report)?;
    python::examine(&mut report)?;
    Ok(report.code())
}
