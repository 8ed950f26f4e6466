"""The client for asyncio: the blocking one in threads of its own."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Optional, TypeVar, Union, overload

from ._settings import Settings
from ._threads import Threads
from .client import Client, closed
from .contacts import Group, Membership
from .lead import Fields, Groups, Lead, LeadFields
from .result import Request, Result

if sys.version_info >= (3, 11):
    from typing import Unpack
elif TYPE_CHECKING:
    from typing_extensions import Unpack

T = TypeVar("T")


class AsyncClient:
    """Adds leads to the groups of an account, in an asyncio program.

    ::

        async with justclick.AsyncClient("username", "secret") as client:
            result = await client.add_lead(email="lead@email.com", groups=["super"])

    A call is that of :class:`Client`, with its deadline, its tries and its checks, in one of
    ``limit`` threads, which belong to this client; calls beyond them wait in line, and their
    deadline begins when they leave it.

    **Cancelling** a call that waits in line takes it back. One that was begun goes on in its
    thread, since what was sent cannot be taken back. The ``CancelledError`` tells which it was: its
    ``__cause__`` is an :class:`Interrupted`, whose ``disposition`` says what to do with the lead.
    How the call ended is in the log. Closing waits for such calls as for all others.

    Args:
        username: the account's login.
        secret: the secret of the account's API settings.
        limit: how many calls run at once.
        settings: those of :class:`Settings`.

    Raises:
        InvalidArgument, LibraryNotUsable: as :class:`Client`.
        ValueError: the limit is below 1.
    """

    def __init__(
        self, username: str, secret: str, *, limit: int = 32, **settings: Unpack[Settings]
    ) -> None:
        self._threads = Threads(limit)
        self._client = Client(username, secret, **settings)
        self._is_closed = False

    async def close(self) -> None:
        """Waits for the calls that were begun or wait in line, and ends the threads."""
        self._is_closed = True
        await self._threads.close()
        self._client.close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return repr(self._client).replace("Client", "AsyncClient")

    def __reduce__(self) -> Any:
        return self._client.__reduce__()

    @overload
    async def add_lead(self, lead: Union[Lead, Fields], /) -> Result: ...

    @overload
    async def add_lead(
        self, email: str, groups: Groups, **fields: Unpack[LeadFields]
    ) -> Result: ...

    async def add_lead(self, *lead: Any, **fields: Any) -> Result:
        """Sends a lead and waits for the answer; see :meth:`Client.add_lead`."""
        return await self._run(partial(self._client.add_lead, *lead, **fields))

    @overload
    def sign(self, lead: Union[Lead, Fields], /) -> Request: ...

    @overload
    def sign(self, email: str, groups: Groups, **fields: Unpack[LeadFields]) -> Request: ...

    def sign(self, *lead: Any, **fields: Any) -> Request:
        """Signs a lead without sending it; see :meth:`Client.sign`. It does not wait."""
        return self._client.sign(*lead, **fields)

    def verify(self, body: bytes, /) -> Result:
        """Reads the body of an answer; see :meth:`Client.verify`. It does not wait."""
        return self._client.verify(body)

    async def call(
        self, function: str, parameters: Optional[Mapping[str, object]] = None, /
    ) -> Result:
        """Calls any function of the service's API; see :meth:`Client.call`."""
        return await self._run(partial(self._client.call, function, parameters))

    def sign_call(
        self, function: str, parameters: Optional[Mapping[str, object]] = None, /
    ) -> Request:
        """Signs a call without sending it; see :meth:`Client.sign_call`. It does not wait."""
        return self._client.sign_call(function, parameters)

    async def groups(self) -> list[Group]:
        """All groups of the account; see :meth:`Client.groups`."""
        return await self._run(self._client.groups)

    async def lead_groups(self, email: str) -> list[Group]:
        """The groups of a contact; see :meth:`Client.lead_groups`."""
        return await self._run(partial(self._client.lead_groups, email))

    async def statuses(self, email: str) -> list[Membership]:
        """How a contact stands in each of its groups; see :meth:`Client.statuses`."""
        return await self._run(partial(self._client.statuses, email))

    async def update_lead(
        self,
        email: str,
        *,
        name: Optional[str] = None,
        phone: Optional[str] = None,
        city: Optional[str] = None,
        tags: Optional[str] = None,
    ) -> Result:
        """Changes what the service knows of a contact; see :meth:`Client.update_lead`."""
        update = partial(self._client.update_lead, email, name=name, phone=phone)
        return await self._run(partial(update, city=city, tags=tags))

    async def unsubscribe(self, email: str, group: str) -> bool:
        """Takes a contact out of a group; see :meth:`Client.unsubscribe`."""
        return await self._run(partial(self._client.unsubscribe, email, group))

    async def count(self, group: str) -> int:
        """How many contacts a group has; see :meth:`Client.count`."""
        return await self._run(partial(self._client.count, group))

    async def _run(self, function: Callable[[], T]) -> T:
        if self._is_closed:
            raise closed()
        return await self._threads.run(function)
