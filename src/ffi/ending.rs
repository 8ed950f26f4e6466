//! How a call ended, as its accessors tell it.

use std::ffi::CString;

use once_cell::race::OnceBox;

use super::disposition::{self, jc_disposition};
use super::outcome::{self, jc_outcome};
use super::status::{self, jc_status, jc_status_code};
use crate::{Answer, Attempt, Disposition, Error, ErrorKind, Receipt};

/// What a call that succeeded has to tell.
pub(super) enum Success {
    /// Of the service.
    Receipt(Receipt),
    /// Of an outbox.
    #[cfg(feature = "outbox")]
    Report { json: String, message: String },
}

/// How a call ended, with the strings that were asked for, each made once.
pub(super) struct Ending {
    pub(super) ended: Result<Success, Error>,
    pub(super) error_text: OnceBox<CString>,
    pub(super) json: OnceBox<CString>,
    pub(super) message: OnceBox<CString>,
    pub(super) everything: OnceBox<CString>,
}

impl Ending {
    pub(super) fn of(ended: Result<Receipt, Error>) -> Result<Ending, Error> {
        Ending::new(ended.map(Success::Receipt))
    }

    /// `tell` makes JSON and a message of what an outbox returned.
    #[cfg(feature = "outbox")]
    pub(super) fn of_outbox<T>(
        ended: Result<T, Error>,
        tell: impl FnOnce(&T) -> (String, String),
    ) -> Result<Ending, Error> {
        Ending::new(ended.map(|told| {
            let (json, message) = tell(&told);
            Success::Report { json, message }
        }))
    }

    /// An end of every kind past an invalid argument, which stays an error.
    fn new(ended: Result<Success, Error>) -> Result<Ending, Error> {
        match ended {
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::InvalidArgument | ErrorKind::UnknownName
                ) =>
            {
                Err(error)
            }
            ended => Ok(Ending {
                ended,
                error_text: OnceBox::new(),
                json: OnceBox::new(),
                message: OnceBox::new(),
                everything: OnceBox::new(),
            }),
        }
    }

    pub(super) fn status(&self) -> jc_status {
        match &self.ended {
            Ok(_) => jc_status_code::JC_OK as jc_status,
            Err(error) => status::of(error.kind()) as jc_status,
        }
    }

    pub(super) fn outcome(&self) -> jc_outcome {
        match &self.ended {
            Ok(_) => (self.receipt()).map_or(jc_outcome::JC_OUTCOME_NONE, |receipt| {
                outcome::of(receipt.outcome())
            }),
            Err(error) if error.kind() == ErrorKind::Rejected => jc_outcome::JC_OUTCOME_REJECTED,
            Err(_) => jc_outcome::JC_OUTCOME_NONE,
        }
    }

    pub(super) fn disposition(&self) -> jc_disposition {
        disposition::of(match &self.ended {
            Ok(_) => Disposition::Done,
            Err(error) => error.disposition(),
        })
    }

    /// What the service said to a call that succeeded.
    pub(super) fn receipt(&self) -> Option<&Receipt> {
        match &self.ended {
            Ok(Success::Receipt(receipt)) => Some(receipt),
            _ => None,
        }
    }

    pub(super) fn answer(&self) -> Option<&Answer> {
        match &self.ended {
            Ok(_) => self.receipt().map(Receipt::answer),
            Err(error) => error.answer(),
        }
    }

    /// The member "result" of the answer, or an outbox's report.
    pub(super) fn json(&self) -> Option<&str> {
        match &self.ended {
            #[cfg(feature = "outbox")]
            Ok(Success::Report { json, .. }) => Some(json),
            _ => self.answer().and_then(Answer::result),
        }
    }

    pub(super) fn error_code(&self) -> i32 {
        self.answer().map_or(-1, Answer::code)
    }

    pub(super) fn message(&self) -> &str {
        match &self.ended {
            Ok(Success::Receipt(receipt)) => receipt.message(),
            #[cfg(feature = "outbox")]
            Ok(Success::Report { message, .. }) => message,
            Err(error) => error.message(),
        }
    }

    pub(super) fn attempts(&self) -> &[Attempt] {
        match &self.ended {
            Ok(_) => self.receipt().map_or(&[], Receipt::attempts),
            Err(error) => error.attempts(),
        }
    }

    pub(super) fn may_have_arrived(&self) -> bool {
        match &self.ended {
            Ok(_) => self.receipt().is_some(),
            Err(error) => error.may_have_arrived(),
        }
    }

    pub(super) fn retry_after_ms(&self) -> u32 {
        let wait = self.ended.as_ref().err().and_then(Error::retry_after);
        u32::try_from(wait.unwrap_or_default().as_millis()).unwrap_or(u32::MAX)
    }
}
