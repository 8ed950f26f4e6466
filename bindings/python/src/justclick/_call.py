"""One call of the library: what goes in, and what its end means."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from typing import Any, Union

from . import _values
from ._loading import Library
from .errors import Details, JustClickError, failure, invalid
from .lead import Fields, Lead
from .result import Attempt, Disposition, Outcome, Request, Result


class Handle:
    """Owns a handle of the library's, and frees it when nobody refers to it any more."""

    def __init__(self, library: Library, pointer: Any) -> None:
        self.pointer = pointer
        finalizer = weakref.finalize(self, library.jc_free, pointer)
        # The process frees everything at its end; the library may be half gone by then.
        finalizer.atexit = False


def new_lead(library: Library, lead: Union[Lead, Fields]) -> Any:
    """A handle of the lead, which the caller frees."""
    if isinstance(lead, Lead):
        fields, extra = lead.fields(), lead.extra
    else:
        fields, extra = dict(lead), {}
    if not isinstance(extra, Mapping):
        raise invalid(f"extra: a dict is needed, not {type(extra).__name__}")
    native = library.jc_lead_new()
    try:
        for field, value in _values.flat(fields):
            check(library, library.jc_lead_set(native, field, value, len(value or b"")))
        for key, given in extra.items():
            name, value = _values.checked_name(key), _values.encoded(key, given)
            check(
                library,
                library.jc_lead_set_extra(native, name, len(name), value, len(value or b"")),
            )
    except BaseException:
        library.jc_free(native)
        raise
    return native


def check(library: Library, status: int) -> None:
    """Raises what a call that ended without a result says."""
    if status != 0:
        message = library.jc_last_error().decode()
        raise failure(message, _details(library, status))


def request(library: Library, status: int, pointer: Any) -> Request:
    """The signed request of a call, which frees it."""
    check(library, status)
    try:
        return Request(
            url=library.jc_request_url(pointer).decode(),
            body=library.jc_request_body(pointer),
        )
    finally:
        library.jc_free(pointer)


def result(library: Library, status: int, pointer: Any) -> Result:
    """The result of a call, which frees it; raises where it is a failure."""
    if not pointer:
        check(library, status)
    try:
        if status != 0:
            raise _failure(library, status, pointer)
        return Result(
            outcome=Outcome(library.jc_result_outcome(pointer)),
            code=library.jc_result_error_code(pointer),
            text=library.jc_result_error_text(pointer).decode(),
            json=library.jc_result_json(pointer).decode(),
            message=library.jc_result_message(pointer).decode(),
            attempts=_attempts(library, pointer),
        )
    finally:
        library.jc_free(pointer)


def _attempts(library: Library, pointer: Any) -> tuple[Attempt, ...]:
    return (Attempt(0, None, None),) * int(library.jc_result_attempts(pointer))


def _details(library: Library, status: int) -> Details:
    kept = Disposition.HOLD if status in (2, -11, -31, -32, -90) else Disposition.REFUSED
    return Details(
        status=status,
        status_name=library.jc_status_name(status).decode(),
        disposition=Disposition.LATER if library.jc_status_is_retryable(status) else kept,
    )


def _failure(library: Library, status: int, pointer: Any) -> JustClickError:
    details = _details(library, status)._replace(
        code=library.jc_result_error_code(pointer),
        text=library.jc_result_error_text(pointer).decode(),
        attempts=_attempts(library, pointer),
        may_have_arrived=library.jc_result_may_have_arrived(pointer),
        retry_after_ms=library.jc_result_retry_after_ms(pointer),
    )
    return failure(library.jc_result_message(pointer).decode(), details)
