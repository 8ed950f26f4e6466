//! Clients.

use libc::{c_char, size_t};

use super::argument;
use super::handle::{self, Kind, Opaque};
use super::interrupt::{self, Check};
use super::status::{guard_status, jc_status};
use super::stay::stay_loaded;
use crate::Client;

/// An account's client: its login, secret, settings and connections. Any number of threads may
/// use it at once where a function takes it const. It works in a child made by fork(). Free it with
/// jc_free.
pub struct jc_client {
    _private: [u8; 0],
}

impl Opaque for jc_client {
    type Value = CheckedClient;
    const KIND: Kind = handle::CLIENT;
}

/// A client and whom its calls ask.
#[derive(Clone)]
pub(super) struct CheckedClient {
    pub(super) core: Client,
    pub(super) check: Option<Check>,
}

/// Makes a client of the account with this login and secret; blanks around both are cut off. It
/// opens no connection and reads no file. The caller frees *out, which is NULL where the call fails.
///
/// JC_INVALID_ARGUMENT: the username is no DNS label (1 to 63 of a-z, 0-9 and -), the secret is
/// empty, out is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_client_new(
    username: *const c_char,
    username_len: size_t,
    secret: *const c_char,
    secret_len: size_t,
    out: *mut *mut jc_client,
) -> jc_status {
    guard_status(|| {
        stay_loaded();
        let out = argument::cleared("out", out)?;
        let username = argument::bytes("username", username, username_len)?;
        let secret = argument::bytes("secret", secret, secret_len)?;
        *out = handle::new(CheckedClient {
            core: Client::new(username, secret)?,
            check: None,
        });
        Ok(())
    })
}

/// Sets one of the JC_SETTING_… by its name, before the client is shared with other threads. NULL
/// with the length 0 puts its default back.
///
/// JC_UNKNOWN_NAME: no such setting; jc_last_error suggests the nearest. JC_INVALID_ARGUMENT: a
/// value that cannot be. The client is then as it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_client_set(
    client: *mut jc_client,
    setting: *const c_char,
    value: *const c_char,
    value_len: size_t,
) -> jc_status {
    guard_status(|| {
        let client = handle::get_mut("client", client)?;
        let setting = argument::name("setting", setting)?;
        match argument::optional_bytes("value", value, value_len)? {
            Some(value) => client.core.set(&setting, value)?,
            None => client.core.unset(&setting)?,
        };
        Ok(())
    })
}

/// Makes a client of the same account, with the same settings, that shares the connections. It costs
/// little: a call that needs another setting, such as a time-out, takes a clone with it. The caller
/// frees *out, which is NULL where the call fails.
///
/// JC_INVALID_ARGUMENT: out is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_client_clone(
    client: *const jc_client,
    out: *mut *mut jc_client,
) -> jc_status {
    guard_status(|| {
        let out = argument::cleared("out", out)?;
        let client = handle::get("client", client)?;
        *out = handle::new(client.clone());
        Ok(())
    })
}

/// Has check asked, on the thread of a call, when a signal ends one of its waits and every 50 ms. Where
/// it returns another number than 0, the call ends at once, and its result tells whether the lead may
/// have arrived. It is for languages that handle signals between two steps of a program, such as
/// Python. check may be called for as long as the client is in use, by each thread that uses it; it
/// must not free the client. NULL asks nobody.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_client_interrupt(
    client: *mut jc_client,
    check: Option<unsafe extern "C" fn() -> i32>,
) -> jc_status {
    guard_status(|| {
        let client = handle::get_mut("client", client)?;
        client.check = check;
        let asked: Option<fn() -> bool> = check.map(|_| interrupt::is_interrupted as fn() -> bool);
        client.core.set_interrupt(asked);
        Ok(())
    })
}
