"""The client: an account's login, secret, settings and connections."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Optional, Union, overload

from . import _call, _json, _loading, _log, _native, _settings, _signals, contacts
from .errors import Details, InvalidArgument, Rejected, invalid
from .lead import Fields, Groups, Lead, LeadFields, as_lead
from .result import Disposition, Request, Result

if sys.version_info >= (3, 11):
    from typing import Unpack
elif TYPE_CHECKING:
    # What checks types knows it without the package being there.
    from typing_extensions import Unpack


class Client:
    """Adds leads to the groups of an account.

    >>> client = Client("username", "secret", timeout_ms=5000)
    >>> client.sign("lead@email.com", groups=["super"]).url
    'https://username.justclick.ru/api/AddLeadToGroup'
    >>> client.close()

    Making one opens no connection. Any number of threads may use it at once, and it works in a
    child made by ``fork``. Other threads run during a call. :class:`AsyncClient` is for asyncio.

    **Ctrl-C**, or any other signal whose handler raises, ends a call on the main thread at once.
    The exception is the handler's own; its ``__cause__`` is an :class:`Interrupted`, which says
    what is known of the lead. Where the handler raises nothing, the call goes on.

    No message and no ``repr()`` of this package holds the secret, but tools that record local
    variables, such as crash reporters, may show the one that the calling program holds or hands
    over.

    Args:
        username: the account's login; blanks around it and the secret are cut off.
        secret: the secret of the account's API settings.
        settings: those of :class:`Settings`: ``timeout_ms=5000``, ``ca_file=Path("own.pem")``.

    Raises:
        InvalidArgument: the username is no DNS label, the secret is empty, or a setting does not
            exist or cannot have this value.
        LibraryNotUsable: the shared library cannot be loaded.
    """

    def __init__(self, username: str, secret: str, **settings: Unpack[_settings.Settings]) -> None:
        self._library = _loading.library()
        self._handle: Optional[_call.Handle] = _call.new_client(self._library, username, secret)
        self._set(settings)

    def with_settings(self, **settings: Unpack[_settings.Settings]) -> Client:
        """A client with other settings, which shares the connections of this one.

        It costs little, so it serves for a single call: ``client.with_settings(timeout_ms=500)``.

        Raises:
            InvalidArgument: a setting does not exist or cannot have this value.
        """
        client = object.__new__(Client)
        client._library = self._library
        client._handle = _call.clone(self._library, self._open_handle())
        client._set(settings)
        return client

    def _set(self, settings: Mapping[str, object]) -> None:
        _call.set_all(self._library, self._library.jc_client_set, self._open_handle(), settings)

    def close(self) -> None:
        """Closes the connections and forgets the secret, when the calls under way have ended."""
        self._handle = None

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return "<justclick.Client>" if self._handle else "<justclick.Client, closed>"

    def __reduce__(self) -> Any:
        raise TypeError(
            "a justclick.Client is neither pickled nor copied: it holds a secret and connections"
        )

    @overload
    def add_lead(self, lead: Union[Lead, Fields], /) -> Result: ...

    @overload
    def add_lead(self, email: str, groups: Groups, **fields: Unpack[LeadFields]) -> Result: ...

    def add_lead(self, *lead: Any, **fields: Any) -> Result:
        """Sends a lead and waits for the answer, at most for the setting ``timeout_ms``.

        The lead is its e-mail address with the other fields of :class:`Lead` as arguments, or a
        :class:`Lead`, or a dict of the service's own names, also nested::

            client.add_lead(email="lead@email.com", groups=["super"], name="Name")
            client.add_lead({"rid": ["super"], "lead_email": "lead@email.com"})

        Whatever can help is tried again within the time. The service has the contact where this
        returns.

        Raises:
            InvalidArgument: the lead breaks a rule; nothing was sent.
            Rejected: the service said no.
            NotAccepted: it does not accept username and secret.
            JustClickError: it failed on the way; see its subclasses. Keep the lead unless the
                error's ``disposition`` is ``Disposition.REFUSED``.
        """
        library = self._library
        try:
            handle = self._open_handle()
            native = _call.new_lead(library, as_lead(lead, fields))
            try:
                result = _signals.run(library, handle, library.jc_add_lead, native)
            finally:
                library.jc_free(native)
        except BaseException as error:
            _log.failed("AddLeadToGroup", error)
            raise
        if _log.LOGGER.isEnabledFor(_log.DEBUG):
            _log.done("AddLeadToGroup", result)
        return result

    @overload
    def sign(self, lead: Union[Lead, Fields], /) -> Request: ...

    @overload
    def sign(self, email: str, groups: Groups, **fields: Unpack[LeadFields]) -> Request: ...

    def sign(self, *lead: Any, **fields: Any) -> Request:
        """Signs a lead without sending it, for a program that sends by an HTTP client of its own.

        It takes what :meth:`add_lead` takes.

        Raises:
            InvalidArgument: the lead breaks a rule.
        """
        handle = self._open_handle()
        pointer = _native.HANDLE()
        native = _call.new_lead(self._library, as_lead(lead, fields))
        try:
            status = self._library.jc_sign_lead(handle.pointer, native, ctypes.byref(pointer))
            return _call.request(self._library, status, pointer)
        finally:
            self._library.jc_free(native)

    def verify(self, body: bytes, /) -> Result:
        """Reads the body of an answer to a request of :meth:`sign`; believes it only by its hash.

        Returns and raises as :meth:`add_lead` does.
        """
        handle = self._open_handle()
        if not isinstance(body, bytes):
            raise invalid(f"body: bytes are needed, not {type(body).__name__}")
        result = _native.HANDLE()
        status = self._library.jc_verify_answer(
            handle.pointer, body, len(body), ctypes.byref(result)
        )
        try:
            return _call.result(self._library, status, result)
        finally:
            self._library.jc_free(result)

    def call(self, function: str, parameters: Optional[Mapping[str, object]] = None, /) -> Result:
        """Calls any function of the service's API, and waits as :meth:`add_lead` does.

        ``Result.value()`` is what it answers. Where the answer is lost, only functions named
        ``Get…``, and AddLeadToGroup, are tried again.

        >>> client = Client("username", "secret", base_url="http://127.0.0.1:1", max_attempts=1)
        >>> client.call("GetLeadGroups", {"email": ""})
        Traceback (most recent call last):
        justclick.errors.InvalidArgument: GetLeadGroups: email is missing or empty

        Args:
            function: its name, such as ``"GetAllGroups"``; upper and lower case matter.
            parameters: by the service's own names, in the order in which they are sent.

        Raises:
            InvalidArgument: a parameter breaks a rule, or one that the function needs is missing.
            JustClickError: as :meth:`add_lead`.
        """
        library = self._library
        try:
            handle = self._open_handle()
            name, given = _of_call(function, parameters)
            sizes = (name, len(name), given, len(given))
            result = _signals.run(library, handle, library.jc_call, *sizes)
        except BaseException as error:
            _log.failed(function, error)
            raise
        if _log.LOGGER.isEnabledFor(_log.DEBUG):
            _log.done(function, result)
        return result

    def sign_call(
        self, function: str, parameters: Optional[Mapping[str, object]] = None, /
    ) -> Request:
        """Signs a call without sending it; it takes what :meth:`call` takes.

        Raises:
            InvalidArgument: as :meth:`call`.
        """
        library, handle = self._library, self._open_handle()
        name, given = _of_call(function, parameters)
        pointer = _native.HANDLE()
        status = library.jc_sign_call(
            handle.pointer, name, len(name), given, len(given), ctypes.byref(pointer)
        )
        return _call.request(library, status, pointer)

    def groups(self) -> list[contacts.Group]:
        """All groups of the account.

        Raises:
            BadAnswer: the answer is not as the API documents it.
            JustClickError: as :meth:`call`.
        """
        return contacts.rows(self.call("GetAllGroups"), contacts.group)

    def lead_groups(self, email: str) -> list[contacts.Group]:
        """The groups of a contact. The service calls it out of date; see :meth:`statuses`.

        Raises:
            Rejected: there is no such contact (code 500).
            JustClickError: as :meth:`groups`.
        """
        return contacts.rows(self.call("GetLeadGroups", {"email": email}), contacts.group)

    def statuses(self, email: str) -> list[contacts.Membership]:
        """How a contact stands in each of its groups.

        Raises:
            Rejected: there is no such contact (code 500).
            JustClickError: as :meth:`groups`.
        """
        answer = self.call("GetLeadGroupStatuses", {"email": email})
        return contacts.rows(answer, contacts.membership)

    def update_lead(
        self,
        email: str,
        *,
        name: Optional[str] = None,
        phone: Optional[str] = None,
        city: Optional[str] = None,
        tags: Optional[str] = None,
    ) -> Result:
        """Changes what the service knows of a contact; ``None`` leaves a value as it is.

        Raises:
            Rejected: there is no such contact.
            JustClickError: as :meth:`call`.
        """
        changes = {"lead_name": name, "lead_phone": phone, "lead_city": city, "lead_tags": tags}
        return self.call("UpdateSubscriberData", {"lead_email": email, **changes})

    def unsubscribe(self, email: str, group: str) -> bool:
        """Takes a contact out of a group, and says whether it was there.

        Raises:
            InvalidArgument: the address or the group is empty; nothing was sent.
            JustClickError: as :meth:`call`.
        """
        try:
            self.call("DeleteSubscribe", {"lead_email": email, "rass_name": group})
        except Rejected as refusal:
            if refusal.disposition is Disposition.DONE:
                return False
            raise
        return True

    def count(self, group: str) -> int:
        """How many contacts a group has.

        Two names are no groups: ``"unique"`` counts the account's contacts each once, ``"all"``
        once for each of their groups.

        Raises:
            BadAnswer: the answer is no number.
            JustClickError: as :meth:`call`.
        """
        return contacts.number(self.call("GetCountSubscribe", {"group_name": group}))

    def _open_handle(self) -> _call.Handle:
        """The caller's reference keeps it open until the call ends, whoever closes meanwhile."""
        handle = self._handle
        if handle is None:
            raise closed()
        return handle


def _of_call(function: str, parameters: Optional[Mapping[str, object]]) -> tuple[bytes, bytes]:
    """A call's arguments as the library takes them."""
    if parameters is None:
        parameters = {}
    if not isinstance(parameters, Mapping):
        raise TypeError(f"parameters: a dict is needed, not {type(parameters).__name__}")
    return _settings.text("function", function), _json.encoded(parameters)


def closed(message: str = "this client is closed; make a new one") -> InvalidArgument:
    """Nothing is wrong with the lead, so it does not say that it is refused."""
    held = Details(-1, "JC_INVALID_ARGUMENT", Disposition.HOLD)
    return InvalidArgument(message, held)
