"""The prototypes of the C interface, as ``justclick.h`` has them."""

from __future__ import annotations

from ctypes import (
    CFUNCTYPE,
    POINTER,
    c_bool,
    c_char_p,
    c_int32,
    c_int64,
    c_size_t,
    c_uint32,
    c_void_p,
)
from typing import Any

#: Any handle: the library itself refuses one that is not of the kind that a function wants.
HANDLE = c_void_p

#: What the library asks whether a call shall end.
CHECK = CFUNCTYPE(c_int32)

#: The result and the arguments of functions by their names.
Prototypes = dict[str, tuple[Any, list[Any]]]

#: These come first: in an older library another function may be missing.
VERSION: Prototypes = {
    "jc_version": (c_char_p, []),
    "jc_abi_version": (c_uint32, []),
}

#: What is asked of an outbox by a text.
_ASKED = [HANDLE, c_char_p, c_size_t, POINTER(HANDLE)]

#: These wait for the service or for the disk, while other threads run.
WAITING: Prototypes = {
    "jc_add_lead": (c_int32, [HANDLE, HANDLE, POINTER(HANDLE)]),
    "jc_call": (c_int32, [HANDLE, c_char_p, c_size_t, c_char_p, c_size_t, POINTER(HANDLE)]),
    "jc_outbox_open": (c_int32, [c_char_p, c_size_t, POINTER(HANDLE)]),
    "jc_outbox_set": (c_int32, [HANDLE, c_char_p, c_char_p, c_size_t]),
    "jc_outbox_add": (
        c_int32,
        [HANDLE, HANDLE, HANDLE, c_char_p, c_size_t, POINTER(c_int64)],
    ),
    "jc_outbox_deliver": (c_int32, [HANDLE, HANDLE, c_char_p, c_size_t, POINTER(HANDLE)]),
    "jc_outbox_status": (c_int32, [HANDLE, POINTER(HANDLE)]),
    "jc_outbox_list": (c_int32, _ASKED),
    "jc_outbox_retry": (c_int32, _ASKED),
    "jc_outbox_drop": (c_int32, _ASKED),
    "jc_outbox_salvage": (c_int32, _ASKED),
}

#: These return at once. To let another thread run meanwhile would cost more than they take.
SHORT: Prototypes = {
    "jc_status_name": (c_char_p, [c_int32]),
    "jc_status_is_retryable": (c_bool, [c_int32]),
    "jc_status_disposition": (c_int32, [c_int32]),
    "jc_outcome_name": (c_char_p, [c_int32]),
    "jc_last_error": (c_char_p, []),
    "jc_client_new": (c_int32, [c_char_p, c_size_t, c_char_p, c_size_t, POINTER(HANDLE)]),
    "jc_client_set": (c_int32, [HANDLE, c_char_p, c_char_p, c_size_t]),
    "jc_client_clone": (c_int32, [HANDLE, POINTER(HANDLE)]),
    "jc_client_interrupt": (c_int32, [HANDLE, CHECK]),
    "jc_outbox_statement": (
        c_int32,
        [c_char_p, c_size_t, HANDLE, HANDLE, c_char_p, c_size_t, POINTER(HANDLE)],
    ),
    "jc_sign_call": (c_int32, [HANDLE, c_char_p, c_size_t, c_char_p, c_size_t, POINTER(HANDLE)]),
    "jc_sign_lead": (c_int32, [HANDLE, HANDLE, POINTER(HANDLE)]),
    "jc_verify_answer": (c_int32, [HANDLE, c_char_p, c_size_t, POINTER(HANDLE)]),
    "jc_lead_new": (HANDLE, []),
    "jc_lead_add_group": (c_int32, [HANDLE, c_char_p, c_size_t]),
    "jc_lead_set": (c_int32, [HANDLE, c_char_p, c_char_p, c_size_t]),
    "jc_lead_set_extra": (c_int32, [HANDLE, c_char_p, c_size_t, c_char_p, c_size_t]),
    "jc_lead_set_json": (c_int32, [HANDLE, c_char_p, c_size_t]),
    "jc_request_url": (c_char_p, [HANDLE]),
    "jc_request_body": (c_char_p, [HANDLE]),
    "jc_result_status": (c_int32, [HANDLE]),
    "jc_result_outcome": (c_int32, [HANDLE]),
    "jc_result_disposition": (c_int32, [HANDLE]),
    "jc_result_error_code": (c_int32, [HANDLE]),
    "jc_result_error_text": (c_char_p, [HANDLE]),
    "jc_result_json": (c_char_p, [HANDLE]),
    "jc_result_message": (c_char_p, [HANDLE]),
    "jc_result_attempts": (c_uint32, [HANDLE]),
    "jc_result_may_have_arrived": (c_bool, [HANDLE]),
    "jc_result_retry_after_ms": (c_uint32, [HANDLE]),
    "jc_result_to_json": (c_char_p, [HANDLE]),
    "jc_free": (None, [c_void_p]),
}


def declared(library: Any, prototypes: Prototypes) -> dict[str, Any]:
    """The functions with their types; an ``AttributeError`` names one that is missing."""
    functions = {}
    for name, (result, arguments) in prototypes.items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
        functions[name] = function
    return functions
