//! The API's functions: their names, what each needs, and which may be repeated.

use crate::error::Error;
use crate::query::Query;
use crate::text;

pub(crate) const ADD_LEAD: &str = "AddLeadToGroup";
pub(crate) const GET_GROUPS: &str = "GetAllGroups";
pub(crate) const GET_LEAD_GROUPS: &str = "GetLeadGroups";
pub(crate) const GET_LEAD_STATUSES: &str = "GetLeadGroupStatuses";
pub(crate) const UPDATE_LEAD: &str = "UpdateSubscriberData";
pub(crate) const UNSUBSCRIBE: &str = "DeleteSubscribe";
pub(crate) const COUNT: &str = "GetCountSubscribe";

const NAME_LIMIT: usize = 64;

/// Parameters without which a function is not called. Both of DeleteSubscribe's matter: with an
/// empty one the service would act on another thing than the caller meant.
const NEEDED: [(&str, &[&str]); 5] = [
    (GET_LEAD_GROUPS, &["email"]),
    (GET_LEAD_STATUSES, &["email"]),
    (UPDATE_LEAD, &["lead_email"]),
    (UNSUBSCRIBE, &["lead_email", "rass_name"]),
    (COUNT, &["group_name"]),
];

/// Whether the request may be sent again where a copy of it may have arrived. A lead may, since the
/// service answers 102 to a contact that it has.
pub(crate) fn may_be_repeated(function: &str) -> bool {
    function.starts_with("Get") || function == ADD_LEAD
}

/// Checks a function's name, and that nothing it needs is missing or empty.
pub(crate) fn check(function: &str, query: &Query) -> Result<(), Error> {
    let is_name = function.len() <= NAME_LIMIT
        && function.starts_with(|first: char| first.is_ascii_alphabetic())
        && function.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !is_name {
        return Err(Error::invalid_argument(format!(
            "function: \"{}\" is no name of a function, such as {GET_GROUPS}",
            text::shown(function)
        )));
    }
    let needed = NEEDED.iter().find(|(name, _)| *name == function);
    for parameter in needed.map_or(&[][..], |(_, parameters)| parameters) {
        if query
            .value(parameter)
            .is_none_or(|value| value.trim().is_empty())
        {
            return Err(Error::invalid_argument(format!(
                "{function}: {parameter} is missing or empty"
            )));
        }
    }
    Ok(())
}
