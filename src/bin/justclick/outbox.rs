//! `justclick outbox`: what waits, what died and why, and what somebody decides about it.

use std::fmt::Write as _;
use std::path::Path;

use justclick::outbox::row::{Listed, Selection, State};
use justclick::outbox::{file_of, rows_to_json};
use justclick::{Outbox, Query};
use serde_json::json;

use crate::account;
use crate::arguments::{self, Chosen, Drop, List, Salvage, Show};
use crate::failure::{Code, Failure};
use crate::output::Output;

pub fn run(
    task: &arguments::Outbox,
    config: Option<&Path>,
    output: &Output,
) -> Result<Code, Failure> {
    let open = |location: &str| {
        check(location)?;
        account::outbox(location, config)
    };
    match task {
        arguments::Outbox::Status(task) => status(&open(&task.location)?, output),
        arguments::Outbox::List(task) => list(task, &open(&task.location)?, output),
        arguments::Outbox::Show(task) => show(task, &open(&task.location)?, output),
        arguments::Outbox::Retry(task) => retry(task, &open(&task.location)?, output),
        arguments::Outbox::Drop(task) => drop(task, &open(&task.location)?, output),
        arguments::Outbox::Salvage(task) => {
            salvage(task, &account::outbox(&task.location, config)?, output)
        }
        arguments::Outbox::Init(task) => init(&account::outbox(&task.location, config)?, output),
    }
}

/// A path that was mistyped is told, and no outbox is made there.
fn check(location: &str) -> Result<(), Failure> {
    match file_of(location)? {
        Some(path) if !path.exists() => Err(Failure::WrongUse(format!(
            "{}: there is no outbox; justclick outbox init makes one",
            path.display()
        ))),
        _ => Ok(()),
    }
}

fn status(outbox: &Outbox, output: &Output) -> Result<Code, Failure> {
    let status = outbox.status()?;
    output.tell_json(&status, &status.to_json())?;
    Ok(Code::Done)
}

fn init(outbox: &Outbox, output: &Output) -> Result<Code, Failure> {
    let status = outbox.status()?;
    output.tell_json(format!("the outbox is there: {status}"), &status.to_json())?;
    Ok(Code::Done)
}

fn list(task: &List, outbox: &Outbox, output: &Output) -> Result<Code, Failure> {
    let rows = outbox.list(&Selection {
        state: task.state.map(State::from),
        account: task.account.clone(),
        ids: None,
        after: task.after,
        limit: Some(task.limit),
    })?;
    for row in &rows {
        tell(row, task.with_leads, output)?;
    }
    Ok(Code::Done)
}

fn show(task: &Show, outbox: &Outbox, output: &Output) -> Result<Code, Failure> {
    let rows = outbox.list(&Selection {
        ids: Some(vec![task.id]),
        ..Selection::default()
    })?;
    let Some(row) = rows.first() else {
        return Err(Failure::WrongUse(format!("there is no lead {}", task.id)));
    };
    tell(row, true, output)?;
    Ok(Code::Done)
}

fn retry(task: &Chosen, outbox: &Outbox, output: &Output) -> Result<Code, Failure> {
    let number = outbox.retry(&Selection {
        ids: (!task.all).then(|| task.ids.clone()),
        account: task.account.clone(),
        ..Selection::default()
    })?;
    output.tell(format!("{number} wait again"), &json!({"retried": number}))?;
    Ok(all_of(&task.ids, number))
}

fn drop(task: &Drop, outbox: &Outbox, output: &Output) -> Result<Code, Failure> {
    let number = outbox.drop(&Selection {
        state: task.state.map(State::from),
        ids: task.state.is_none().then(|| task.ids.clone()),
        account: task.account.clone(),
        ..Selection::default()
    })?;
    output.tell(format!("{number} dropped"), &json!({"dropped": number}))?;
    Ok(all_of(&task.ids, number))
}

/// A number that is not there, or not in the state that the task is for, is refused.
fn all_of(ids: &[i64], number: u64) -> Code {
    if ids.is_empty() || u64::try_from(ids.len()).is_ok_and(|asked| asked == number) {
        Code::Done
    } else {
        Code::Refused
    }
}

fn salvage(task: &Salvage, outbox: &Outbox, output: &Output) -> Result<Code, Failure> {
    let salvaged = outbox.salvage(&task.damaged)?;
    output.tell_json(salvaged, &salvaged.to_json())?;
    Ok(if salvaged.lost > 0 {
        Code::Refused
    } else {
        Code::Done
    })
}

/// The library writes the rows of a list as one array; a line has one of them.
fn tell(row: &Listed, with_lead: bool, output: &Output) -> Result<(), Failure> {
    let array = rows_to_json(std::slice::from_ref(row), with_lead);
    let object = array
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(&array);
    output.tell_json(for_people(row, with_lead), object)
}

fn for_people(row: &Listed, with_lead: bool) -> String {
    let mut text = format!("{} {} {}", row.id, name(row.state), row.account);
    if row.attempts > 0 {
        let _ = write!(text, ", {} attempts", row.attempts);
    }
    if !row.reason.is_empty() {
        let _ = write!(text, ": {}", row.reason);
    }
    if with_lead {
        let pairs = Query::parse(&row.query).map(|query| query.pairs());
        for (name, value) in pairs.unwrap_or_default() {
            let _ = write!(text, "\n    {name} = {}", value.escape_debug());
        }
    }
    text
}

fn name(state: State) -> &'static str {
    match state {
        State::Waiting => "waiting",
        State::Leased => "leased",
        State::Dead => "dead",
    }
}

impl From<arguments::State> for State {
    fn from(state: arguments::State) -> State {
        match state {
            arguments::State::Waiting => State::Waiting,
            arguments::State::Leased => State::Leased,
            arguments::State::Dead => State::Dead,
        }
    }
}
