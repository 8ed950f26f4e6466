"""Python's signal handlers during a call: Ctrl-C ends it, and nothing that is known is lost.

The library asks, on the thread of the call, whenever a signal ends one of its waits. Python runs
the handlers on the main thread alone, so only its calls are asked.
"""

from __future__ import annotations

import ctypes
import os
import sys
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
        return self._asked.gi_frame is None


_watch: Optional[Watch] = None
_kept: list[Watch] = []
_is_watching = False
_main_thread = threading.main_thread().ident


def _after_fork_in_child() -> None:
    global _main_thread
    _main_thread = threading.main_thread().ident


if sys.platform != "win32":
    os.register_at_fork(after_in_child=_after_fork_in_child)


def run(
    library: Library,
    client: _call.Handle,
    function: Any,
    *arguments: Any,
    ended: Callable[[Result], Interrupted] = interrupted_after,
) -> Result:
    """The result of a call; the cause of what a handler raised is an ``Interrupted``.

    ``ended`` makes it of a call that had succeeded.
    """
    result = _native.HANDLE()
    try:
        # A handler that sends a lead runs within the call that it interrupts.
        if threading.get_ident() == _main_thread and not _is_watching:
            status = _watched(library, client, function, *arguments, ctypes.byref(result))
        else:
            status = function(client.pointer, *arguments, ctypes.byref(result))
        return _call.result(library, status, result)
    except JustClickError:
        raise
    except BaseException as stop:
        truth = _truth(library, result, ended)
        truth.__cause__ = stop.__cause__
        stop.__cause__ = truth
        raise
    finally:
        library.jc_free(result)


def _watched(library: Library, client: _call.Handle, function: Any, *arguments: Any) -> int:
    """Calls with a clone of the client whose waits ask the watch."""
    global _is_watching
    watch = _watch
    if watch is None or watch.has_died() or client.check is not watch.check:
        watch = _start_watching(library, client)
    try:
        _is_watching = True
        status: int = function(client.watched, *arguments)
    finally:
        _is_watching = False
    if watch.raised is not None or watch.has_died():
        raised, watch.raised = watch.raised, None
        raise raised or KeyboardInterrupt()
    return status


def _start_watching(library: Library, client: _call.Handle) -> Watch:
    """Has the client's clone ask; the watch is kept as long as the library may ask it."""
    global _watch
    if _watch is None or _watch.has_died():
        _watch = Watch()
        _kept.append(_watch)
    if client.clone is None:
        client.clone = _call.clone(library, client)
        client.watched = client.clone.pointer
    library.jc_client_interrupt(client.watched, _watch.check)
    client.check = _watch.check
    return _watch


def _truth(library: Library, result: Any, ended: Callable[[Result], Interrupted]) -> Interrupted:
    """What is known of a call that was interrupted."""
    if not result:
        unsent = Details(-10, "JC_UNREACHABLE", Disposition.LATER)
        return Interrupted("interrupted before the call began: nothing was sent", unsent)
    if library.jc_result_status(result) == 0:
        return ended(_call.result(library, 0, result))
    error = _call.error(library, result)
    return Interrupted(str(error), error.details)
