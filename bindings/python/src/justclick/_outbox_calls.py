"""The library's functions of an outbox: what goes in, and what their end means."""

from __future__ import annotations

import ctypes
from functools import partial
from typing import Callable, Optional, Union

from . import _call, _native, _settings, _signals, kept
from ._loading import Library
from ._site import Statement
from .errors import Details, Interrupted
from .kept import Report
from .lead import Fields, Lead
from .result import Disposition, Result


def keep(
    library: Library,
    outbox: _call.Handle,
    client: _call.Handle,
    lead: Union[Lead, Fields],
    key: Optional[str],
) -> int:
    """The number of the lead, which is kept then."""
    number = ctypes.c_int64()
    name = None if key is None else _settings.text("key", key)
    native = _call.new_lead(library, lead)
    try:
        given = (native, name, len(name or b""), ctypes.byref(number))
        _call.check(library, library.jc_outbox_add(outbox.pointer, client.pointer, *given))
    finally:
        library.jc_free(native)
    return number.value


def statements(
    library: Library,
    client: _call.Handle,
    engine: str,
    lead: Union[Lead, Fields],
    key: Optional[str],
) -> list[Statement]:
    """What keeps the lead by another connection."""
    pointer = _native.HANDLE()
    encoded = engine.encode()
    name = None if key is None else _settings.text("key", key)
    native = _call.new_lead(library, lead)
    try:
        given = (client.pointer, native, name, len(name or b""), ctypes.byref(pointer))
        status = library.jc_outbox_statement(encoded, len(encoded), *given)
        made: list[Statement] = _call.result(library, status, pointer).value()["statements"]
        return made
    finally:
        library.jc_free(native)
        library.jc_free(pointer)


def deliver(
    library: Library,
    outbox: _call.Handle,
    client: _call.Handle,
    limits: bytes,
    is_ended: Optional[Callable[[], bool]],
) -> Report:
    """A run. ``is_ended`` is asked on its thread, and ends it."""
    if is_ended is not None:
        client = _call.clone(library, client)
        client.check = _native.CHECK(is_ended)
        library.jc_client_interrupt(client.pointer, client.check)
    run = partial(library.jc_outbox_deliver, outbox.pointer)
    told = _signals.run(library, client, run, limits, len(limits), ended=_ended_run)
    return kept.read(Report, told.value())


def ask(library: Library, outbox: _call.Handle, function: str, text: Optional[bytes]) -> Result:
    """What a function that needs no client tells."""
    pointer = _native.HANDLE()
    given = () if text is None else (text, len(text))
    try:
        call = getattr(library, f"jc_outbox_{function}")
        return _call.result(library, call(outbox.pointer, *given, ctypes.byref(pointer)), pointer)
    finally:
        library.jc_free(pointer)


def _ended_run(told: Result) -> Interrupted:
    """Of a run that was ended from outside: the outbox keeps what is left of it."""
    done = Details(0, "JC_OK", Disposition.DONE)
    report = kept.read(Report, told.value())
    return Interrupted(f"the run was ended: {told.message}", done, report=report)
