"""Python's signal handlers during a call: Ctrl-C ends it, and nothing that is known is lost.

The library asks, on the thread of the call, whenever a signal ends one of its waits. Python runs
the handlers on the main thread alone, so only its calls are asked.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Generator
from functools import partial
from typing import Any, Callable, Optional

from . import _call, _native
from ._loading import Library
from .errors import Details, Interrupted, JustClickError, interrupted_after
from .result import Disposition, Result


class Watch:
    """Runs the handlers where the library asks, and keeps what one of them raises."""

    def __init__(self) -> None:
        self.raised: Optional[BaseException] = None
        self._asked: Any = self._answers()
        next(self._asked)
        # Python runs handlers also where a function begins, which is before any "try" of it. This
        # one has begun, so they run where it goes on, inside the "try".
        self.check = _native.CHECK(partial(next, self._asked, 1))

    def _answers(self) -> Generator[int, None, None]:
        while True:
            try:
                while True:
                    yield 0 if self.raised is None else 1
            except GeneratorExit:
                return
            except BaseException as error:
                self.raised = error

    def has_died(self) -> bool:
        """A second signal within the handling of the first can end it."""
        return bool(self._asked.gi_frame is None)


_watch: Optional[Watch] = None
_is_watching = False

#: Starts a call with a client and a place for the result, and returns the status.
Start = Callable[[Any, Any], int]


def run(library: Library, client: _call.Handle, start: Start) -> Result:
    """The result of a call; the cause of what a handler raised is an ``Interrupted``."""
    result = _native.HANDLE()
    try:
        status = _status(library, client, start, ctypes.byref(result))
        return _call.result(library, status, result)
    except JustClickError:
        raise
    except BaseException as stop:
        truth = _truth(library, result)
        truth.__cause__ = stop.__cause__
        stop.__cause__ = truth
        raise
    finally:
        library.jc_free(result)


def _status(library: Library, client: _call.Handle, start: Start, result: Any) -> int:
    global _is_watching
    is_main = threading.get_ident() == threading.main_thread().ident
    # A handler that sends a lead runs within the call that it interrupts.
    if _is_watching or not is_main:
        return start(client.pointer, result)
    watch = _watch_of_process()
    pointer = _watched(library, client, watch).pointer
    try:
        _is_watching = True
        status = start(pointer, result)
    finally:
        _is_watching = False
    raised, watch.raised = watch.raised, None
    if raised is None and watch.has_died():
        raised = KeyboardInterrupt()
    if raised is not None:
        raise raised
    return status


def _watch_of_process() -> Watch:
    """Kept alive as long as the process, since the library holds its address."""
    global _watch
    if _watch is None or _watch.has_died():
        _watch = Watch()
        _kept.append(_watch)
    return _watch


_kept: list[Watch] = []


def _watched(library: Library, client: _call.Handle, watch: Watch) -> _call.Handle:
    """A clone of the client, for the main thread alone."""
    if client.watched is None:
        client.watched = _call.clone(library, client)
    if client.check is not watch.check:
        library.jc_client_interrupt(client.watched.pointer, watch.check)
        client.check = watch.check
    return client.watched


def _truth(library: Library, result: Any) -> Interrupted:
    """What is known of a call that was interrupted."""
    if not result:
        unsent = Details(-10, "JC_UNREACHABLE", Disposition.LATER)
        return Interrupted("interrupted before the call began: nothing was sent", unsent)
    ended = _call.read(library, result)
    if isinstance(ended, Result):
        return interrupted_after(ended)
    return Interrupted(str(ended), ended.details)
