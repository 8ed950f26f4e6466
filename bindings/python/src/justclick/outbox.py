"""The outbox: a lead is kept in a moment, and delivered later by whoever comes."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Optional, Union, overload

from . import _call, _log, _outbox_calls, _settings, _site, kept
from ._selection import State, limits, selection
from ._site import SiteConnection
from .client import Client, closed
from .errors import InvalidArgument
from .kept import KeptLead, Report, Salvaged, Status
from .lead import Fields, Groups, Lead, LeadFields, as_lead
from .result import Result

if sys.version_info >= (3, 11):
    from typing import Unpack
elif TYPE_CHECKING:
    from typing_extensions import Unpack

# In the class itself "list" is a method.
_KeptLeads = list[KeptLead]


class Outbox:
    """Keeps leads on this host until the service has them.

    ::

        with justclick.Outbox("/var/lib/site/leads.db", client) as outbox:
            outbox.add(email="lead@email.com", groups=["super"])  # kept when this returns
            print(outbox.deliver())  # now, or later, or by another process

    Once :meth:`add` returned, the lead survives the end of the process by any means and, with the
    default durability, the loss of power of the host. It is sent at least once. It ends as
    *delivered* (added, activation sent, or already registered), or as *dead* with the reason and
    the service's answer, kept until somebody decides. It never ends in silence.

    Any number of threads and processes may use one location at once. An outbox made before ``fork``
    works in the child, unless another thread was using one at the fork. Other threads run during a
    call. :class:`AsyncOutbox` is for asyncio.

    **Never open the file with Python's own** ``sqlite3`` **in the same process**: each would drop
    the other's locks, and leads could be lost. Where ``sqlite3`` has it open first, this raises
    :class:`NotStored`. In the other order, nothing warns you. Look into it from another
    process, or by :meth:`list`.

    Args:
        location: a path, ``"sqlite:PATH"``, or ``":memory:"`` for one that ends with this object.
            The file is made where there is none, readable by its owner alone. ``"postgres://…"``
            and ``"mysql://…"`` name a database for any number of hosts, where the library is built
            with it; it is connected to at the first use.
            ``"sqlite:PATH?tables=site"`` is a file of the site's own, for :meth:`add_within`: it is
            open during a call alone, and a call raises :class:`NotStored` where ``sqlite3`` has it
            open in this process.
        client: whose leads they are, and who delivers them. It stays the caller's to close.
        settings: those of :class:`OutboxSettings`: ``durability="crash"``.

    Raises:
        NotStored: the file cannot be opened, is another program's, is damaged, or lies on a file
            system that cannot be trusted with it.
        InvalidArgument: a setting does not exist or cannot have this value.
    """

    def __init__(
        self,
        location: _settings.Location,
        client: Client,
        **settings: Unpack[_settings.OutboxSettings],
    ) -> None:
        if not isinstance(client, Client):
            raise TypeError(f"client: a justclick.Client is needed, not {type(client).__name__}")
        self._client = client
        self._library = client._library
        self._handle: Optional[_call.Handle] = None
        self._handle = _call.new_outbox(self._library, location)
        _call.set_all(self._library, self._library.jc_outbox_set, self._handle, settings)

    def close(self) -> None:
        """Closes the file, when the calls under way have ended. The leads stay in it."""
        self._handle = None

    def __enter__(self) -> Outbox:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return "<justclick.Outbox>" if self._handle else "<justclick.Outbox, closed>"

    def __reduce__(self) -> Any:
        raise TypeError("a justclick.Outbox is neither pickled nor copied: open its location again")

    @overload
    def add(self, lead: Union[Lead, Fields], /, *, key: Optional[str] = None) -> int: ...

    @overload
    def add(
        self,
        email: str,
        groups: Groups,
        *,
        key: Optional[str] = None,
        **fields: Unpack[LeadFields],
    ) -> int: ...

    def add(self, *lead: Any, key: Optional[str] = None, **fields: Any) -> int:
        """Keeps a lead for the client's account, and returns its number.

        It is kept when this returns, and nothing is asked of the network but a database that the
        outbox is in. It takes what :meth:`Client.add_lead` takes. A lead in the spool has the
        number 0, with which :meth:`deliver` moves and sends all that is due.

        Args:
            lead: the lead, or its address, groups and other fields as arguments.
            key: tells the lead from the account's others while it waits, such as an order's
                number, 1 to 256 bytes; the default is made of the lead itself. Where the key waits
                already, nothing is added, and the number is that of the lead that is there.
            fields: see :class:`Lead`.

        Raises:
            InvalidArgument: the lead or the key breaks a rule.
            NotStored: it is not kept, since the disk or the outbox is full, or the file cannot be
                used. Keep it elsewhere, such as in the log.
        """
        try:
            outbox, client = self._open_handle(), self._client._open_handle()
            whole = as_lead(lead, fields)
            number = _outbox_calls.keep(self._library, outbox, client, whole, key)
        except BaseException as error:
            _log.outbox_failed("add", error)
            raise
        _log.outbox_done("add", f"kept as {number}")
        return number

    @overload
    def add_within(
        self,
        connection: SiteConnection,
        lead: Union[Lead, Fields],
        /,
        *,
        key: Optional[str] = None,
    ) -> None: ...

    @overload
    def add_within(
        self,
        connection: SiteConnection,
        /,
        email: str,
        groups: Groups,
        *,
        key: Optional[str] = None,
        **fields: Unpack[LeadFields],
    ) -> None: ...

    def add_within(
        self, connection: SiteConnection, /, *lead: Any, key: Optional[str] = None, **fields: Any
    ) -> None:
        """Keeps a lead by the site's own connection, within the transaction that is open there.

        An order and its lead are committed together, and where the order is rolled back there is
        no lead. It begins and ends no transaction, but what the driver begins by itself. The
        connection's database must have the outbox's tables, which its first use there makes, such
        as :meth:`status`.

        What the lead survives is what the site's commit survives, and ``max_leads`` is not looked
        at. A key that waits already is left as it is.

        Begin the transaction again, the order too, where a key that came after its first look
        makes the database refuse: PostgreSQL with SQLSTATE 40001, from ``repeatable read`` on;
        MariaDB with error 1020, where ``innodb_snapshot_isolation`` is on, as it is by default
        from 11.6.2 on.

        Args:
            connection: of psycopg, psycopg2, PyMySQL, mysql.connector or sqlite3; of Django's,
                ``django.db.connection.connection``.
            lead: as for :meth:`add`.
            key: as for :meth:`add`.
            fields: see :class:`Lead`.

        Raises:
            InvalidArgument: the lead or the key breaks a rule, or the connection is none of these.
            Exception: what the driver raises, of its own class.
        """
        try:
            self._open_handle()
            client = self._client._open_handle()
            engine = _site.engine(connection)
            whole = as_lead(lead, fields)
            made = _outbox_calls.statements(self._library, client, engine, whole, key)
            _site.execute(connection, made)
        except BaseException as error:
            _log.outbox_failed("add_within", error)
            raise
        _log.outbox_done("add_within", f"kept once {engine} commits")

    def deliver(
        self,
        *,
        seconds: Optional[float] = None,
        leads: Optional[int] = None,
        in_flight: Optional[int] = None,
        id: Optional[int] = None,
        alone: bool = False,
        per_second: Optional[float] = None,
    ) -> Report:
        """Delivers what is due for the client's account, and waits until that is done.

        Each lead is sent once; where that failed it waits for a later run. The run ends where
        nothing more is due, a limit is reached, or the account has to wait. What became of the
        leads stands in the report and is no exception. Ctrl-C ends a run on the main thread as it
        ends a call: the leads wait, and the exception's ``__cause__`` is an :class:`Interrupted`
        with the ``report`` of what was done.

        Args:
            seconds: after them no further lead is begun.
            leads: how many are sent at the most.
            in_flight: how many are sent side by side, 1 to 256; 1 where it is not given.
            id: this lead alone.
            alone: begins nothing where another process or thread has a lead of the account on its
                way, since that one goes on with what is due.
            per_second: how many are begun in a second at the most, 0.001 to 1000000.

        Raises:
            InvalidArgument: a limit cannot have this value.
            NotStored: the file cannot be used.
        """
        return self._deliver(limits(seconds, leads, in_flight, id, alone, per_second))

    def _deliver(self, given: bytes, is_ended: Optional[Callable[[], bool]] = None) -> Report:
        """``is_ended`` is asked on the thread of the run, and ends it."""
        try:
            outbox, client = self._open_handle(), self._client._open_handle()
            report = _outbox_calls.deliver(self._library, outbox, client, given, is_ended)
        except BaseException as error:
            _log.outbox_failed("deliver", error)
            raise
        _log.delivered(report)
        return report

    def status(self) -> Status:
        """How much there is, and what became of the rest; soon said, however many leads wait.

        Raises:
            NotStored: the file cannot be used.
        """
        return kept.status(self._asked("status").value())

    def list(
        self,
        *,
        state: Optional[State] = None,
        account: Optional[str] = None,
        ids: Optional[Iterable[int]] = None,
        after: Optional[int] = None,
        limit: Optional[int] = None,
        with_leads: bool = False,
    ) -> _KeptLeads:
        """The leads of a selection by their numbers, of all accounts.

        Args:
            state: those in this state.
            account: those of this account, as :class:`KeptLead` and :class:`HeldAccount` name it.
            ids: those with these numbers.
            after: those with larger numbers, to go on where the last list ended.
            limit: so many at the most; 100 where it is not given.
            with_leads: with their fields, which are somebody's personal data.

        Raises:
            InvalidArgument: a value breaks a rule.
            NotStored: the file cannot be used.
        """
        which = selection(state, account, ids, after, limit, with_leads=with_leads)
        rows = self._asked("list", which).value()
        return [kept.read(KeptLead, row) for row in rows]

    def dead(
        self,
        *,
        account: Optional[str] = None,
        ids: Optional[Iterable[int]] = None,
        after: Optional[int] = None,
        limit: Optional[int] = None,
        with_leads: bool = False,
    ) -> _KeptLeads:
        """The dead leads; see :meth:`list`. They stay until :meth:`retry` or :meth:`drop`."""
        return self.list(
            state="dead",
            account=account,
            ids=ids,
            after=after,
            limit=limit,
            with_leads=with_leads,
        )

    def retry(
        self,
        *,
        account: Optional[str] = None,
        ids: Optional[Iterable[int]] = None,
        after: Optional[int] = None,
        limit: Optional[int] = None,
    ) -> int:
        """Lets the dead leads of a selection wait again, with no attempts made; says how many.

        It ends the waits of their accounts as well. The selection is that of :meth:`list`, without
        one all.

        Raises:
            InvalidArgument, NotStored: as :meth:`list`.
        """
        told = self._asked("retry", selection(None, account, ids, after, limit))
        _log.outbox_done("retry", told.message)
        return int(told.value()["retried"])

    def drop(
        self,
        *,
        state: Optional[State] = None,
        account: Optional[str] = None,
        ids: Optional[Iterable[int]] = None,
        after: Optional[int] = None,
        limit: Optional[int] = None,
    ) -> int:
        """Drops the leads of a selection for good, but those on their way; says how many.

        The selection is that of :meth:`list`, and needs ``ids`` or a ``state``.

        Raises:
            InvalidArgument, NotStored: as :meth:`list`.
        """
        told = self._asked("drop", selection(state, account, ids, after, limit))
        _log.outbox_done("drop", told.message)
        return int(told.value()["dropped"])

    def salvage(self, damaged: _settings.Location) -> Salvaged:
        """Keeps what can be read of a damaged file, which is not changed.

        Leads that waited or were dead there wait in this outbox. Some may have been delivered
        before; the service then says that it knows them. Nobody may use the damaged file meanwhile.

        Raises:
            NotStored: the file cannot be read, or leads cannot be kept.
        """
        told = self._asked("salvage", _settings.path("damaged", damaged))
        _log.outbox_done("salvage", told.message)
        return kept.read(Salvaged, told.value())

    def _asked(self, function: str, text: Optional[bytes] = None) -> Result:
        """What a function of the library that needs no client tells."""
        try:
            return _outbox_calls.ask(self._library, self._open_handle(), function, text)
        except BaseException as error:
            _log.outbox_failed(function, error)
            raise

    def _open_handle(self) -> _call.Handle:
        """The caller's reference keeps it open until the call ends, whoever closes meanwhile."""
        handle = self._handle
        if handle is None:
            raise closed_outbox()
        return handle


def closed_outbox() -> InvalidArgument:
    """Nothing is wrong with the lead, so it does not say that it is refused."""
    return closed("this outbox is closed; open its location again")
