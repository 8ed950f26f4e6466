//! The service's table of error codes, as far as it concerns contacts.
//!
//! A plain table without dependencies: answers are judged by it, and `build.rs` writes a macro of
//! the C header for each row. The service's table grows: a number that is not here is a rejection.

macro_rules! codes {
    ($($name:ident = $code:literal, $meaning:literal;)*) => {
        $(#[doc = $meaning] pub const $name: i32 = $code;)*
        /// Every code with its constant's name and its meaning.
        pub const CODES: &[(i32, &str, &str)] = &[$(($code, stringify!($name), $meaning)),*];
    };
}

codes! {
    OK = 0, "Done.";
    HASH_MISSING = 1, "The request has no hash.";
    DATA_MISSING = 2, "The request has no parameters.";
    WRONG_DATA = 3, "The parameters are wrong.";
    WRONG_HASH = 4, "The request's hash is wrong; most often the secret is.";
    INVALID_USERNAME = 5, "The login is missing or unknown.";
    ADDRESS_DENIED = 6, "This address may not use the account's API.";
    ACCOUNT_DISABLED = 7, "The account is disabled.";
    LIMIT_REACHED = 8, "The limit of requests is used up; most often the API is not enabled for the account.";
    EMAIL_MISSING = 100, "The e-mail is missing.";
    SUBSCRIPTION_ERROR = 101, "The subscription failed; the text says why.";
    ALREADY_REGISTERED = 102, "The contact is already in all the groups given.";
    INVALID_GROUP = 103, "A group does not exist.";
    SUBSCRIPTION_FORBIDDEN = 104, "The group takes nobody by hand.";
    SUBSCRIBER_NOT_FOUND = 500, "The subscriber was not found (GetLeadGroups, GetLeadGroupStatuses).";
    GROUP_NOT_FOUND = 501, "The group was not found (GetLeadGroups, GetLeadGroupStatuses).";
    GROUP_SUBSCRIBERS_NOT_FOUND = 800, "The group's subscribers were not found (DeleteSubscribe, UpdateSubscriberData).";
    ADDRESS_NOT_FOUND = 801, "No subscriber has this address (DeleteSubscribe, UpdateSubscriberData).";
}
