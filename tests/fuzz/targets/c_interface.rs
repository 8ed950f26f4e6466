//! Calls of the C interface in any order, with any bytes: no crash, and what the header promises.

use std::ffi::{CStr, c_char, c_void};
use std::ptr::{null, null_mut};
use std::sync::LazyLock;

use justclick::ffi::call::*;
use justclick::ffi::client::*;
use justclick::ffi::free::jc_free;
use justclick::ffi::last_error::jc_last_error;
use justclick::ffi::lead::*;
use justclick::ffi::outbox::*;
use justclick::ffi::request::*;
use justclick::ffi::result::*;
use justclick::ffi::status::{jc_status, jc_status_is_retryable, jc_status_name};

use super::input::Input;

const OK: jc_status = 0;
const INVALID_ARGUMENT: jc_status = -1;
const UNKNOWN_NAME: jc_status = -2;
const INTERNAL: jc_status = -90;
const NUL_TERMINATED: usize = usize::MAX;

const NAMES: [&CStr; 8] = [
    c"lead_email",
    c"rid[0]",
    c"activation",
    c"utm[utm_medium]",
    c"max_attempts",
    c"user_agent",
    c"base_url",
    c"proxy",
];

/// A client that reaches nobody: port 1 of this machine.
struct Sender(*mut jc_client);

// SAFETY: the header lets any number of threads use a client.
unsafe impl Send for Sender {}
// SAFETY: as above.
unsafe impl Sync for Sender {}

static SENDER: LazyLock<Sender> = LazyLock::new(|| {
    let mut client = null_mut();
    // SAFETY: texts that a NUL byte ends, and a place for the handle.
    let status = unsafe {
        jc_client_new(
            c"username".as_ptr(),
            NUL_TERMINATED,
            c"secret".as_ptr(),
            NUL_TERMINATED,
            &mut client,
        )
    };
    assert_eq!(status, OK);
    for (setting, value) in [
        (c"base_url", c"http://127.0.0.1:1"),
        (c"max_attempts", c"1"),
        (c"timeout_ms", c"50"),
    ] {
        // SAFETY: the client was made above, and the texts end with a NUL byte.
        let status =
            unsafe { jc_client_set(client, setting.as_ptr(), value.as_ptr(), NUL_TERMINATED) };
        assert_eq!(status, OK);
    }
    Sender(client)
});

#[derive(Clone, Copy)]
enum Kind {
    Client,
    Lead,
    Outbox,
    Request,
    Result,
}

/// The handles that are alive, each with its kind.
#[derive(Default)]
struct Handles(Vec<(Kind, *mut c_void)>);

impl Handles {
    fn add<T>(&mut self, kind: Kind, handle: *mut T) {
        if !handle.is_null() {
            self.0.push((kind, handle.cast()));
        }
    }

    /// Any of them, of the right kind or not, or NULL.
    fn any<T>(&self, input: &mut Input) -> *mut T {
        let place = input.below(self.0.len() + 1);
        (self.0.get(place)).map_or(null_mut(), |(_, handle)| handle.cast())
    }
}

impl Drop for Handles {
    fn drop(&mut self) {
        for (_, handle) in self.0.drain(..) {
            // SAFETY: each is alive and freed once.
            unsafe { jc_free(handle) };
        }
    }
}

/// A text as a pointer and a length; the bytes must outlive both.
struct Text {
    pointer: *const c_char,
    length: usize,
    _bytes: Vec<u8>,
}

impl Text {
    fn take(input: &mut Input) -> Text {
        let form = input.below(5);
        let mut bytes = input.bytes().to_vec();
        let length = match form {
            0 => return Text::null(0),
            1 => return Text::null(7),
            2 => NUL_TERMINATED,
            3 if bytes.is_empty() => usize::MAX / 2 + 2,
            _ => bytes.len(),
        };
        bytes.push(0);
        Text {
            pointer: bytes.as_ptr().cast(),
            length,
            _bytes: bytes,
        }
    }

    fn null(length: usize) -> Text {
        Text {
            pointer: null(),
            length,
            _bytes: Vec::new(),
        }
    }

    /// A name, which a NUL byte ends: one of the known, any bytes, or NULL.
    fn name(input: &mut Input) -> Text {
        let number = input.below(NAMES.len() + 2);
        match NAMES.get(number) {
            Some(name) => Text {
                pointer: name.as_ptr(),
                length: 0,
                _bytes: Vec::new(),
            },
            None if number == NAMES.len() => Text::null(0),
            None => {
                let bytes = [input.bytes(), b"\0"].concat();
                Text {
                    pointer: bytes.as_ptr().cast(),
                    length: 0,
                    _bytes: bytes,
                }
            }
        }
    }
}

pub fn run(data: &[u8]) {
    let mut input = Input(data);
    let mut handles = Handles::default();
    let mut sends = 0;
    while !input.is_empty() && handles.0.len() < 16 {
        match input.below(13) {
            0 => new_client(&mut handles, &mut input),
            1 => handles.add(Kind::Lead, jc_lead_new()),
            2 => set_setting(&handles, &mut input),
            3 => add_group(&handles, &mut input),
            4 | 5 => set_field(&handles, &mut input),
            6 => set_extra(&handles, &mut input),
            7 => sign(&mut handles, &mut input),
            8 => verify(&mut handles, &mut input),
            9 if sends == 0 && !cfg!(miri) => {
                sends += 1;
                add_lead(&mut handles, &mut input);
            }
            9 => {}
            10 if !cfg!(miri) => new_outbox(&mut handles, &mut input),
            11 => use_outbox(&mut handles, &mut input),
            _ => free(&mut handles, &mut input),
        }
    }
    for (kind, handle) in &handles.0 {
        read(*kind, *handle);
    }
}

fn new_client(handles: &mut Handles, input: &mut Input) {
    let (username, secret) = (Text::take(input), Text::take(input));
    let mut client = null_mut();
    let out = if input.below(8) == 0 {
        null_mut()
    } else {
        &raw mut client
    };
    // SAFETY: the texts live on, and `out` is NULL or a place for the handle.
    let status = unsafe {
        jc_client_new(
            username.pointer,
            username.length,
            secret.pointer,
            secret.length,
            out,
        )
    };
    check(status);
    assert_eq!(status == OK, !client.is_null());
    handles.add(Kind::Client, client);
}

fn set_setting(handles: &Handles, input: &mut Input) {
    let client = handles.any(input);
    let (name, value) = (Text::name(input), Text::take(input));
    // SAFETY: a live handle or NULL, and texts that live on.
    check(unsafe { jc_client_set(client, name.pointer, value.pointer, value.length) });
}

fn add_group(handles: &Handles, input: &mut Input) {
    let lead = handles.any(input);
    let group = Text::take(input);
    // SAFETY: as in `set_setting`.
    check(unsafe { jc_lead_add_group(lead, group.pointer, group.length) });
}

fn set_field(handles: &Handles, input: &mut Input) {
    let lead = handles.any(input);
    let (name, value) = (Text::name(input), Text::take(input));
    // SAFETY: as in `set_setting`.
    check(unsafe { jc_lead_set(lead, name.pointer, value.pointer, value.length) });
}

fn set_extra(handles: &Handles, input: &mut Input) {
    let lead = handles.any(input);
    let (name, value) = (Text::take(input), Text::take(input));
    // SAFETY: as in `set_setting`.
    check(unsafe {
        jc_lead_set_extra(lead, name.pointer, name.length, value.pointer, value.length)
    });
}

fn sign(handles: &mut Handles, input: &mut Input) {
    let (client, lead) = (
        handles.any::<jc_client>(input),
        handles.any::<jc_lead>(input),
    );
    let mut request = null_mut();
    // SAFETY: live handles or NULL, and a place for the new one.
    let status = unsafe { jc_sign_lead(client, lead, &mut request) };
    check(status);
    assert_eq!(status == OK, !request.is_null());
    handles.add(Kind::Request, request);
}

fn verify(handles: &mut Handles, input: &mut Input) {
    let client = handles.any::<jc_client>(input);
    let body = Text::take(input);
    let mut result = null_mut();
    // SAFETY: a live handle or NULL, a text that lives on, and a place for the new handle.
    let status = unsafe { jc_verify_answer(client, body.pointer, body.length, &mut result) };
    check_result(status, result);
    handles.add(Kind::Result, result);
}

fn add_lead(handles: &mut Handles, input: &mut Input) {
    let lead = handles.any::<jc_lead>(input);
    let mut result = null_mut();
    // SAFETY: live handles or NULL, and a place for the new one.
    let status = unsafe { jc_add_lead(SENDER.0, lead, &mut result) };
    assert_ne!(status, OK);
    check_result(status, result);
    handles.add(Kind::Result, result);
}

/// One in memory: a path of the fuzzer's own would be a file.
fn new_outbox(handles: &mut Handles, input: &mut Input) {
    let mut outbox = null_mut();
    let location = c":memory:";
    let length = [NUL_TERMINATED, 0, 1][input.below(3)];
    if length == 1 {
        return;
    }
    // SAFETY: a text that a NUL byte ends, and a place for the handle.
    let status = unsafe { jc_outbox_open(location.as_ptr(), length, &mut outbox) };
    check(status);
    assert_eq!(status == OK, !outbox.is_null());
    handles.add(Kind::Outbox, outbox);
}

fn use_outbox(handles: &mut Handles, input: &mut Input) {
    let outbox = handles.any::<jc_outbox>(input);
    let (client, lead) = (handles.any(input), handles.any(input));
    let (name, text) = (Text::name(input), Text::take(input));
    let (pointer, length) = (text.pointer, text.length);
    let mut result = null_mut();
    // SAFETY: live handles or NULL, texts that live on, and places for what comes out.
    let status = unsafe {
        match input.below(9) {
            0 => return check(jc_outbox_set(outbox, name.pointer, pointer, length)),
            1 => {
                return check(jc_outbox_add(
                    outbox,
                    client,
                    lead,
                    pointer,
                    length,
                    null_mut(),
                ));
            }
            2 => jc_outbox_deliver(outbox, SENDER.0, pointer, length, &mut result),
            3 => jc_outbox_status(outbox, &mut result),
            4 => jc_outbox_list(outbox, pointer, length, &mut result),
            8 => {
                let known = [c"sqlite", c"postgres", c"mysql"].map(CStr::as_ptr);
                let engine = known.get(input.below(4)).copied();
                jc_outbox_statement(
                    engine.unwrap_or(name.pointer),
                    NUL_TERMINATED,
                    client,
                    lead,
                    pointer,
                    length,
                    &mut result,
                )
            }
            7 => jc_outbox_salvage(outbox, pointer, length, &mut result),
            5 => jc_outbox_retry(outbox, pointer, length, &mut result),
            _ => jc_outbox_drop(outbox, pointer, length, &mut result),
        }
    };
    check_result(status, result);
    handles.add(Kind::Result, result);
}

fn free(handles: &mut Handles, input: &mut Input) {
    if handles.0.is_empty() {
        // SAFETY: NULL is nothing.
        return unsafe { jc_free(null_mut()) };
    }
    let place = input.below(handles.0.len());
    let (kind, handle) = handles.0.swap_remove(place);
    read(kind, handle);
    // SAFETY: it is alive, and no longer in the list.
    unsafe { jc_free(handle) };
}

/// Asks a handle for all it has, as what it is and as what it is not.
fn read(kind: Kind, handle: *mut c_void) {
    let (request, result) = (handle.cast::<jc_request>(), handle.cast::<jc_result>());
    // SAFETY: a live handle, of another type perhaps, which the functions tell.
    unsafe {
        for string in [
            jc_request_url(request),
            jc_request_body(request),
            jc_result_error_text(result),
            jc_result_json(result),
            jc_result_message(result),
        ] {
            text(string);
        }
        jc_result_attempts(result);
        jc_result_may_have_arrived(result);
        jc_result_retry_after_ms(result);
        jc_result_error_code(result);
        jc_result_outcome(result);
        let status = jc_result_status(result);
        match kind {
            Kind::Result => assert!(!text(jc_result_message(result)).is_empty()),
            _ => assert_eq!(status, INVALID_ARGUMENT),
        }
    }
}

fn check_result(status: jc_status, result: *mut jc_result) {
    check(status);
    let has_none = matches!(status, INVALID_ARGUMENT | UNKNOWN_NAME);
    assert_eq!(has_none, result.is_null());
}

/// No fault of the library, and words for every failure.
fn check(status: jc_status) {
    assert_ne!(status, INTERNAL);
    jc_status_is_retryable(status);
    assert!(text(jc_status_name(status)).starts_with("JC_"));
    let message = text(jc_last_error());
    assert!(status == OK || !message.is_empty());
}

fn text<'a>(pointer: *const c_char) -> &'a str {
    assert!(!pointer.is_null());
    // SAFETY: the library's strings are never NULL, end with a NUL byte, and live for this check.
    let text = unsafe { CStr::from_ptr(pointer) };
    text.to_str().expect("UTF-8")
}
