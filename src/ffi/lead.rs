//! Leads.

use libc::{c_char, size_t};

use super::argument;
use super::guard::guard;
use super::handle::{self, Kind, Opaque};
use super::status::{guard_status, jc_status};
use crate::Lead;

/// A contact and the groups it is added to. One thread at a time may use it. It may be sent again
/// and by other clients. Free it with jc_free.
pub struct jc_lead {
    _private: [u8; 0],
}

impl Opaque for jc_lead {
    type Value = Lead;
    const KIND: Kind = handle::LEAD;
}

/// A new lead without groups and fields; the caller frees it. NULL after an internal fault alone.
#[unsafe(no_mangle)]
pub extern "C" fn jc_lead_new() -> *mut jc_lead {
    guard(std::ptr::null_mut(), || handle::new(Lead::new()))
}

/// Adds a group by its symbolic identifier, behind those the lead has.
///
/// JC_INVALID_ARGUMENT: an empty identifier, a NUL byte, bytes that are not UTF-8, more than 900
/// groups. The lead is then as it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_lead_add_group(
    lead: *mut jc_lead,
    group: *const c_char,
    group_len: size_t,
) -> jc_status {
    guard_status(|| {
        let lead = handle::get_mut("lead", lead)?;
        lead.add_group(argument::bytes("group", group, group_len)?)?;
        Ok(())
    })
}

/// Sets a field by the service's own name: one of the JC_LEAD_… macros, or "rid[0]", "rid[1]", …
/// for a group. Setting a field again replaces it. NULL with the length 0 leaves the field out
/// again; "" sends it empty. NULL for "rid[]" or "utm[]", an empty array, is nothing. Blanks
/// around the e-mail address are cut off.
///
/// JC_UNKNOWN_NAME: no such field; jc_last_error suggests the nearest. JC_INVALID_ARGUMENT: the
/// value breaks a rule, which jc_last_error names: a NUL byte, bytes that are not UTF-8, more than
/// 256 KiB, an address that cannot be one, a flag (JC_LEAD_ACTIVATION) that is not "1" or "0". The
/// lead is then as it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_lead_set(
    lead: *mut jc_lead,
    field: *const c_char,
    value: *const c_char,
    value_len: size_t,
) -> jc_status {
    guard_status(|| {
        let lead = handle::get_mut("lead", lead)?;
        let field = argument::name("field", field)?;
        match argument::optional_bytes("value", value, value_len)? {
            Some(value) => lead.set(&field, value)?,
            None => lead.unset(&field)?,
        };
        Ok(())
    })
}

/// Sets each field of a JSON object by the service's own name, flat or nested as PHP's arrays are:
/// {"rid": ["super"], "lead_email": "lead@email.com", "utm": {"utm_source": "x"}, "activation": true,
/// "tag": null}. true is sent as 1, false as 0, an integer as its digits; null leaves a field out.
///
/// JC_UNKNOWN_NAME: no such field. JC_INVALID_ARGUMENT: no such JSON; a name twice; a number with a
/// fraction or an exponent; a list or an object where one value belongs; a value that breaks a rule
/// of jc_lead_set. The lead is then as it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_lead_set_json(
    lead: *mut jc_lead,
    json: *const c_char,
    json_len: size_t,
) -> jc_status {
    guard_status(|| {
        let lead = handle::get_mut("lead", lead)?;
        lead.set_json(argument::bytes("json", json, json_len)?)?;
        Ok(())
    })
}

/// Sets a parameter that this version of the library does not know. It is written after the
/// documented ones. NULL with the length 0 as the value leaves it out again.
///
/// JC_INVALID_ARGUMENT: "hash", "rid…", a documented field, and a name that PHP would change when
/// it parses the request (with dots, blanks, stray brackets, "[]"), since the service would then
/// find another hash.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_lead_set_extra(
    lead: *mut jc_lead,
    name: *const c_char,
    name_len: size_t,
    value: *const c_char,
    value_len: size_t,
) -> jc_status {
    guard_status(|| {
        let lead = handle::get_mut("lead", lead)?;
        let name = argument::bytes("name", name, name_len)?;
        match argument::optional_bytes("value", value, value_len)? {
            Some(value) => lead.set_extra(name, value)?,
            None => lead.unset_extra(name)?,
        };
        Ok(())
    })
}
