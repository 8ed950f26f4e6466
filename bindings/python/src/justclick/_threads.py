"""Threads for the calls of asyncio programs."""

from __future__ import annotations

import asyncio
import contextvars
import os
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Callable, Optional, TypeVar

from .errors import Details, Interrupted, JustClickError, interrupted_after
from .result import Disposition

T = TypeVar("T")


class Threads:
    """Runs so many calls at once, each in a thread; others wait in line."""

    def __init__(self, limit: int) -> None:
        if limit < 1:
            raise ValueError(f"limit: 1 or more calls run at once, not {limit}")
        self.limit = limit
        self.executor: Optional[ThreadPoolExecutor] = None
        self._pid = 0

    async def run(self, function: Callable[[], T]) -> T:
        """Runs a call in a thread, with the context of the task, which loggers may look at."""
        call = self._of_this_process().submit(contextvars.copy_context().run, function)
        try:
            return await asyncio.wrap_future(call)
        except asyncio.CancelledError as cancelled:
            cancelled.__cause__ = _truth(call)
            raise

    async def close(self) -> None:
        """Waits for the calls that were begun or wait in line, and ends the threads."""
        executor, self.executor = self.executor, None
        if executor is not None and self._pid == os.getpid():
            await asyncio.to_thread(executor.shutdown)

    def _of_this_process(self) -> ThreadPoolExecutor:
        """Those of its parent are not there after a fork."""
        if self.executor is None or self._pid != os.getpid():
            self._pid = os.getpid()
            self.executor = ThreadPoolExecutor(self.limit, thread_name_prefix="justclick")
        return self.executor


def _truth(call: Future[Any]) -> Interrupted:
    """What is known of a call that its task no longer waits for."""
    if call.cancel():
        unreachable = Details(-10, "JC_UNREACHABLE", Disposition.LATER)
        return Interrupted("cancelled before the call was begun: nothing was sent", unreachable)
    if not call.done():
        unknown = Details(-20, "JC_OUTCOME_UNKNOWN", Disposition.LATER, may_have_arrived=True)
        return Interrupted("cancelled during the call, which goes on: see the log", unknown)
    error = call.exception()
    if isinstance(error, JustClickError):
        return Interrupted(f"cancelled after the call had failed: {error}", error.details)
    return interrupted_after(call.result())
