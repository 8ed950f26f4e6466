//! What a deliverer of kept leads asks of a client.

use std::time::Duration;

use super::{Client, LEAD_ANSWER_LIMIT, concluded};
use crate::attempt::Arrival;
use crate::error::Error;
use crate::function;
use crate::outcome::{self, Receipt};
use crate::query::Query;
use crate::retry::{Course, Policy};

impl Client {
    /// Whose leads these are, in a store that serves many: the username and the base URL.
    pub(crate) fn account(&self) -> Result<String, Error> {
        let username = self.credentials.username();
        let base = self.settings.base_url(username)?;
        Ok(format!("{username}@{base}"))
    }

    /// Tells whether two clients have the same username and secret, and no more of either.
    pub(crate) fn fingerprint(&self) -> String {
        self.credentials.fingerprint()
    }

    /// The longest that one attempt may take.
    pub(crate) fn longest_attempt(&self) -> Duration {
        self.settings.policy(true).attempt_timeout
    }

    /// Calls a function with one attempt, for a caller that waits by itself. Only after a kept
    /// connection that was found closed is there another, since that says nothing of the service.
    pub(crate) fn call_once(
        &self,
        function: &str,
        parameters: &Query,
        may_have_arrived: bool,
    ) -> Result<Receipt, Error> {
        let request = self.sign_call(function, parameters)?;
        let policy = Policy {
            max_attempts: 2,
            waits: false,
            ..self.settings.policy(function::may_be_repeated(function))
        };
        let mut course = Course::default();
        if may_have_arrived {
            course.arrival = Arrival::Possible;
        }
        let answer = self.exchange(&request, policy, LEAD_ANSWER_LIMIT, &mut course);
        concluded(
            answer.and_then(|answer| outcome::of_call(function, answer)),
            course,
        )
    }
}
