"""The client: an account's login, secret, settings and connections."""

from __future__ import annotations

import ctypes
import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any, Optional, Union, overload

from . import _call, _loading, _log, _native, _settings
from .errors import Details, InvalidArgument, JustClickError, invalid
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
        self._handle: Optional[_call.Handle] = _new_client(self._library, username, secret)
        for name, value in settings.items():
            text = _settings.as_text(name, value)
            _call.check(
                self._library,
                self._library.jc_client_set(
                    self._handle.pointer, _settings.checked_name(name), text, len(text or b"")
                ),
            )

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
        handle = self._open_handle()
        result = _native.HANDLE()
        try:
            native = _call.new_lead(self._library, as_lead(lead, fields))
            try:
                status = self._library.jc_add_lead(handle.pointer, native, ctypes.byref(result))
            finally:
                self._library.jc_free(native)
            ended = _call.result(self._library, status, result)
        except JustClickError as error:
            _log.failed("AddLeadToGroup", error)
            raise
        _log.done("AddLeadToGroup", ended)
        return ended

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
        return _call.result(self._library, status, result)

    def _open_handle(self) -> _call.Handle:
        """The caller's reference keeps it open until the call ends, whoever closes meanwhile."""
        handle = self._handle
        if handle is None:
            raise closed()
        return handle


def _new_client(library: _loading.Library, username: str, secret: str) -> _call.Handle:
    name = _settings.text("username", username)
    key = _settings.text("secret", secret)
    pointer = _native.HANDLE()
    status = library.jc_client_new(name, len(name), key, len(key), ctypes.byref(pointer))
    _call.check(library, status)
    return _call.Handle(library, pointer)


def closed() -> InvalidArgument:
    """Nothing is wrong with the lead, so it does not say that it is refused."""
    held = Details(-1, "JC_INVALID_ARGUMENT", Disposition.HOLD)
    return InvalidArgument("this client is closed; make a new one", held)
