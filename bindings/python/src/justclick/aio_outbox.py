"""The outbox for asyncio: the blocking one in threads of its own."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterable
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Optional, TypeVar, Union, overload

from ._selection import State, limits
from ._settings import Location, OutboxSettings
from ._threads import Threads
from .aio import AsyncClient
from .kept import KeptLead, Report, Salvaged, Status
from .lead import Fields, Groups, Lead, LeadFields
from .outbox import Outbox, closed_outbox

if sys.version_info >= (3, 11):
    from typing import Unpack
elif TYPE_CHECKING:
    from typing_extensions import Unpack

T = TypeVar("T")

_KeptLeads = list[KeptLead]

#: For all but deliveries. One lead is written at a time, so more would not help.
_KEEPING = 4


class AsyncOutbox:
    """Keeps leads on this host until the service has them, in an asyncio program.

    ::

        async with justclick.AsyncOutbox("/var/lib/site/leads.db", client) as outbox:
            await outbox.add(email="lead@email.com", groups=["super"])  # kept when this returns
            print(await outbox.deliver())

    A call is that of :class:`Outbox`, with its promise, in a thread that belongs to this object, so
    that the event loop goes on: a lead is kept within a fraction of a millisecond on a good disk,
    but a slow disk may take a hundred times as long, and another process may have the file. The
    threads of :meth:`deliver` are others than those of :meth:`add`, which never waits for them.

    **Cancelling** a call that waits in line takes it back. :meth:`deliver` that was begun soon
    ends, and what it did not deliver waits in the outbox. Another call that was begun goes on; to
    add its lead again does no harm. The ``CancelledError`` tells which it was: its ``__cause__`` is
    an :class:`Interrupted`. How the call ended is in the log.

    Args:
        location: as :class:`Outbox` takes it.
        client: whose leads they are, and who delivers them. It stays the caller's to close.
        limit: how many calls of :meth:`deliver` run at once.
        settings: those of :class:`OutboxSettings`.

    Raises:
        NotStored, InvalidArgument: as :class:`Outbox`, which opens the file here and now.
        ValueError: the limit is below 1.
    """

    def __init__(
        self,
        location: Location,
        client: AsyncClient,
        *,
        limit: int = 32,
        **settings: Unpack[OutboxSettings],
    ) -> None:
        if not isinstance(client, AsyncClient):
            name = type(client).__name__
            raise TypeError(f"client: a justclick.AsyncClient is needed, not {name}")
        self._delivering = Threads(limit)
        self._keeping = Threads(_KEEPING)
        self._outbox = Outbox(location, client._client, **settings)
        self._is_closed = False

    async def close(self) -> None:
        """Waits for the calls that were begun or wait in line, and closes the file."""
        self._is_closed = True
        await self._delivering.close()
        await self._keeping.close()
        self._outbox.close()

    async def __aenter__(self) -> AsyncOutbox:
        return self

    async def __aexit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return repr(self._outbox).replace("Outbox", "AsyncOutbox")

    def __reduce__(self) -> Any:
        return self._outbox.__reduce__()

    @overload
    async def add(self, lead: Union[Lead, Fields], /, *, key: Optional[str] = None) -> int: ...

    @overload
    async def add(
        self,
        email: str,
        groups: Groups,
        *,
        key: Optional[str] = None,
        **fields: Unpack[LeadFields],
    ) -> int: ...

    async def add(self, *lead: Any, key: Optional[str] = None, **fields: Any) -> int:
        """Keeps a lead; see :meth:`Outbox.add`. It is kept when this returns."""
        return await self._kept(partial(self._outbox.add, *lead, key=key, **fields))

    async def deliver(
        self,
        *,
        seconds: Optional[float] = None,
        leads: Optional[int] = None,
        in_flight: Optional[int] = None,
        id: Optional[int] = None,
        alone: bool = False,
        per_second: Optional[float] = None,
    ) -> Report:
        """Delivers what is due for the client's account; see :meth:`Outbox.deliver`."""
        self._check_open()
        is_cancelled = threading.Event()
        given = limits(seconds, leads, in_flight, id, alone, per_second)
        run = partial(self._outbox._deliver, given, is_cancelled.is_set)
        try:
            return await self._delivering.run(run)
        except asyncio.CancelledError:
            is_cancelled.set()
            raise

    async def status(self) -> Status:
        """How much there is; see :meth:`Outbox.status`."""
        return await self._kept(self._outbox.status)

    async def list(
        self,
        *,
        state: Optional[State] = None,
        account: Optional[str] = None,
        ids: Optional[Iterable[int]] = None,
        after: Optional[int] = None,
        limit: Optional[int] = None,
        with_leads: bool = False,
    ) -> _KeptLeads:
        """The leads of a selection; see :meth:`Outbox.list`."""
        listed = partial(self._outbox.list, state=state, account=account, ids=ids)
        return await self._kept(partial(listed, after=after, limit=limit, with_leads=with_leads))

    async def dead(
        self,
        *,
        account: Optional[str] = None,
        ids: Optional[Iterable[int]] = None,
        after: Optional[int] = None,
        limit: Optional[int] = None,
        with_leads: bool = False,
    ) -> _KeptLeads:
        """The dead leads; see :meth:`Outbox.dead`."""
        dead = partial(self._outbox.dead, account=account, ids=ids)
        return await self._kept(partial(dead, after=after, limit=limit, with_leads=with_leads))

    async def retry(
        self,
        *,
        account: Optional[str] = None,
        ids: Optional[Iterable[int]] = None,
        after: Optional[int] = None,
        limit: Optional[int] = None,
    ) -> int:
        """Lets dead leads wait again; see :meth:`Outbox.retry`."""
        retry = partial(self._outbox.retry, account=account, ids=ids)
        return await self._kept(partial(retry, after=after, limit=limit))

    async def drop(
        self,
        *,
        state: Optional[State] = None,
        account: Optional[str] = None,
        ids: Optional[Iterable[int]] = None,
        after: Optional[int] = None,
        limit: Optional[int] = None,
    ) -> int:
        """Drops leads for good; see :meth:`Outbox.drop`."""
        drop = partial(self._outbox.drop, state=state, account=account, ids=ids)
        return await self._kept(partial(drop, after=after, limit=limit))

    async def salvage(self, damaged: Location) -> Salvaged:
        """Keeps what can be read of a damaged file; see :meth:`Outbox.salvage`."""
        return await self._kept(partial(self._outbox.salvage, damaged))

    async def _kept(self, function: Callable[[], T]) -> T:
        self._check_open()
        return await self._keeping.run(function)

    def _check_open(self) -> None:
        if self._is_closed:
            raise closed_outbox()
