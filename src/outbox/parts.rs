//! Changes the rows of a selection some at a time, so that others wait for a moment only.

use super::row::{Selection, State};
use crate::error::Error;

/// Finds the `numbers` of the next rows and changes these, until none are left. Returns how many were
/// changed. A change that is done again, after an answer was lost, is given the same numbers.
pub(super) fn in_parts(
    selection: &Selection,
    numbers: impl Fn(&Selection) -> Result<Vec<i64>, Error>,
    change: impl Fn(&[i64]) -> Result<u64, Error>,
) -> Result<u64, Error> {
    let mut rest = selection.clone();
    let mut count = 0;
    while rest.limit != Some(0) {
        let ids = numbers(&rest)?;
        let Some(last) = ids.last() else { break };
        let done = change(&ids)?;
        count += done;
        rest.after = *last;
        rest.limit =
            (rest.limit).map(|limit| limit - u32::try_from(done).unwrap_or(limit).min(limit));
    }
    Ok(count)
}

/// How many rows a part changed: where the answer to its commit was lost, and it was done again, the first
/// time changed most of them. `before` is what that came to.
#[cfg(any(feature = "mysql", feature = "postgres"))]
pub(super) fn changed(now: u64, before: Option<&u64>) -> u64 {
    now.max(before.copied().unwrap_or_default())
}

/// The dead rows of a selection, which alone can be tried again; `None` where it has none.
pub(super) fn dead(selection: &Selection) -> Option<Selection> {
    match selection.state {
        Some(State::Waiting | State::Leased) => None,
        None | Some(State::Dead) => Some(Selection {
            state: Some(State::Dead),
            ..selection.clone()
        }),
    }
}
