//! `justclick sandbox`: the stand-in of the service, for people who have no Rust.

// The tests use the rest of its face.
#[allow(dead_code)]
#[path = "../../../examples/sandbox/mod.rs"]
pub mod stand_in;

use crate::failure::{Code, Failure};
use crate::output::Output;

pub fn run(task: &stand_in::arguments::Arguments, output: &Output) -> Result<Code, Failure> {
    if output.is_json() {
        let why = "sandbox: its lines are no JSON; GET /sandbox tells its books as JSON";
        return Err(Failure::WrongUse(why.to_owned()));
    }
    let options = (task.options()).map_err(|why| Failure::WrongUse(format!("sandbox: {why}")))?;
    match stand_in::program::run(task, options) {
        Ok(()) => Ok(Code::Done),
        Err(why) => Err(Failure::System(format!("sandbox: {why}"))),
    }
}
