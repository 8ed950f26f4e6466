"""One call of the library: what goes in, and what its end means."""

from __future__ import annotations

import ctypes
import json
import weakref
from collections.abc import Mapping
from typing import Any, Optional, Union

from . import _json, _native, _settings
from ._loading import Library
from .errors import Details, JustClickError, failure, invalid
from .lead import Fields, Lead
from .result import Disposition, Request, Result, attempts


class Handle:
    """Owns a client or an outbox, and frees it when nobody refers to it any more."""

    def __init__(self, library: Library, pointer: Any) -> None:
        self.pointer = pointer
        #: A clone whose waits ask for Python's signals, its pointer, and whom they ask.
        self.clone: Optional[Handle] = None
        self.watched: Any = None
        self.check: Any = None
        finalizer = weakref.finalize(self, library.jc_free, pointer)
        # The process frees everything at its end; the library may be half gone by then.
        finalizer.atexit = False


def new_client(library: Library, username: str, secret: str) -> Handle:
    """A client with the default settings."""
    name = _settings.text("username", username)
    key = _settings.text("secret", secret)
    pointer = _native.HANDLE()
    status = library.jc_client_new(name, len(name), key, len(key), ctypes.byref(pointer))
    check(library, status)
    return Handle(library, pointer)


def new_outbox(library: Library, location: object) -> Handle:
    """An outbox with the default settings."""
    path = _settings.path("location", location)
    pointer = _native.HANDLE()
    check(library, library.jc_outbox_open(path, len(path), ctypes.byref(pointer)))
    return Handle(library, pointer)


def set_all(
    library: Library, function: Any, handle: Handle, settings: Mapping[str, object]
) -> None:
    """Sets each setting of a client or an outbox by its name."""
    for setting, value in settings.items():
        name, text = _settings.checked_name(setting), _settings.as_text(setting, value)
        check(library, function(handle.pointer, name, text, len(text or b"")))


def clone(library: Library, handle: Handle) -> Handle:
    """A client that shares the connections of another."""
    pointer = _native.HANDLE()
    check(library, library.jc_client_clone(handle.pointer, ctypes.byref(pointer)))
    return Handle(library, pointer)


def new_lead(library: Library, lead: Union[Lead, Fields]) -> Any:
    """A handle of the lead, which the caller frees."""
    fields = _json.encoded(lead.fields() if isinstance(lead, Lead) else lead)
    native = library.jc_lead_new()
    try:
        check(library, library.jc_lead_set_json(native, fields, len(fields)))
        if isinstance(lead, Lead) and lead.extra != {}:
            _set_extra(library, native, lead.extra)
    except BaseException:
        library.jc_free(native)
        raise
    return native


def _set_extra(library: Library, native: Any, extra: object) -> None:
    if not isinstance(extra, Mapping):
        raise invalid(f"extra: a dict is needed, not {type(extra).__name__}")
    for key, value in extra.items():
        if not isinstance(key, str):
            raise invalid(f"extra: a name must be a string, not {type(key).__name__}")
        name = _settings.checked_name(key)
        text = _settings.extra_text(key, value)
        status = library.jc_lead_set_extra(native, name, len(name), text, len(text or b""))
        check(library, status)


def check(library: Library, status: int) -> None:
    """Raises what a call that ended without a result says."""
    if status != 0:
        details = Details(
            status=status,
            status_name=library.jc_status_name(status).decode(),
            disposition=Disposition(library.jc_status_disposition(status)),
        )
        raise failure(library.jc_last_error().decode(), details)


def request(library: Library, status: int, pointer: Any) -> Request:
    """The signed request of a call, which it frees."""
    check(library, status)
    try:
        return Request(
            url=library.jc_request_url(pointer).decode(),
            body=library.jc_request_body(pointer),
        )
    finally:
        library.jc_free(pointer)


def result(library: Library, status: int, pointer: Any) -> Result:
    """The result of a call; raises where it failed. The caller frees it."""
    if status == 0:
        return Result(library.jc_result_to_json(pointer), library.jc_result_json(pointer).decode())
    if not pointer:
        check(library, status)
    raise error(library, pointer)


def error(library: Library, pointer: Any) -> JustClickError:
    """What the result of a call that failed says."""
    known = json.loads(library.jc_result_to_json(pointer))
    details = Details(
        status=known["status"],
        status_name=library.jc_status_name(known["status"]).decode(),
        disposition=Disposition(known["disposition"]),
        code=known["error_code"],
        text=known["error_text"],
        attempts=attempts(known),
        may_have_arrived=known["may_have_arrived"],
        retry_after_ms=known["retry_after_ms"],
    )
    return failure(known["message"], details)
