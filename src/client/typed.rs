//! The settings that are no texts, by methods of their own.

use std::path::Path;
use std::time::Duration;

use super::Client;
use crate::error::Error;
use crate::table::setting;

/// Each does what [`Client::set`] does.
impl Client {
    /// Sets `timeout_ms`, the deadline of a whole call.
    ///
    /// # Errors
    /// As [`Client::set`], for less than a millisecond and more than ten minutes.
    pub fn set_timeout(&mut self, timeout: Duration) -> Result<&mut Client, Error> {
        self.set(setting::TIMEOUT_MS, timeout.as_millis().to_string())
    }

    /// Sets `connect_timeout_ms`, the longest that a connection may take.
    ///
    /// # Errors
    /// As [`Client::set_timeout`].
    pub fn set_connect_timeout(&mut self, timeout: Duration) -> Result<&mut Client, Error> {
        self.set(setting::CONNECT_TIMEOUT_MS, timeout.as_millis().to_string())
    }

    /// Sets `attempt_timeout_ms`, the longest that one attempt may take.
    ///
    /// # Errors
    /// As [`Client::set_timeout`].
    pub fn set_attempt_timeout(&mut self, timeout: Duration) -> Result<&mut Client, Error> {
        self.set(setting::ATTEMPT_TIMEOUT_MS, timeout.as_millis().to_string())
    }

    /// Sets `max_attempts`, how many times a request is sent at the most.
    ///
    /// # Errors
    /// As [`Client::set`], for 0 and more than 10.
    pub fn set_max_attempts(&mut self, attempts: u32) -> Result<&mut Client, Error> {
        self.set(setting::MAX_ATTEMPTS, attempts.to_string())
    }

    /// Sets `ca_file`, the certificate authorities to trust instead of the system's.
    ///
    /// # Errors
    /// As [`Client::set`], for a path that is not UTF-8.
    pub fn set_ca_file(&mut self, path: impl AsRef<Path>) -> Result<&mut Client, Error> {
        self.set(
            setting::CA_FILE,
            path.as_ref().as_os_str().as_encoded_bytes(),
        )
    }

    /// Sets `allow_http`: whether `base_url` may be `http://` to another machine.
    ///
    /// # Errors
    /// None; it is a [`Result`] so that setters can be chained.
    pub fn set_allow_http(&mut self, is_allowed: bool) -> Result<&mut Client, Error> {
        self.set(setting::ALLOW_HTTP, if is_allowed { "1" } else { "0" })
    }

    /// Sets `share_connections`: whether connections belong to the process and not to the client.
    ///
    /// # Errors
    /// None; it is a [`Result`] so that setters can be chained.
    pub fn set_share_connections(&mut self, are_shared: bool) -> Result<&mut Client, Error> {
        self.set(
            setting::SHARE_CONNECTIONS,
            if are_shared { "1" } else { "0" },
        )
    }
}
