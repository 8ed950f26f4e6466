"""The client: an account's login, secret, settings and connections."""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Optional, Union, overload

from . import _loading, _native, _values
from .errors import Details, JustClickError, failure, invalid
from .lead import Lead, Value
from .result import Outcome, Request, Result

Fields = Mapping[str, object]


class Client:
    """Adds leads to the groups of an account.

    >>> client = Client("username", "secret", timeout_ms=5000)
    >>> client.sign(Lead("lead@email.com", ["super"])).url
    'https://username.justclick.ru/api/AddLeadToGroup'
    >>> client.close()

    Making one opens no connection. Any number of threads may use it at once, and it works in a
    child made by ``fork``. Other threads run during a call; Ctrl-C is handled when it returns.

    No message and no ``repr()`` of this package holds the secret, but tools that record local
    variables, such as crash reporters, may show the one that the calling program holds or hands
    over.

    Args:
        username: the account's login; blanks around it and the secret are cut off.
        secret: the secret of the account's API settings.
        settings: the library's settings by their names: ``timeout_ms=5000``,
            ``ca_file="/etc/ssl/own.pem"``; ``None`` is the default.

    Raises:
        InvalidArgument: the username is no DNS label, the secret is empty, or a setting does not
            exist or cannot have this value.
        LibraryNotUsable: the shared library cannot be loaded.
    """

    def __init__(self, username: str, secret: str, **settings: Value) -> None:
        self._library = _loading.library()
        self._handle: Optional[_Handle] = _new_client(self._library, username, secret)
        for name, value in settings.items():
            text = _values.encoded(name, value)
            _check(
                self._library,
                self._library.jc_client_set(
                    self._handle.pointer, _values.checked_name(name), text, len(text or b"")
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
    def add_lead(
        self,
        email: str,
        /,
        groups: Sequence[Union[str, int]],
        *,
        name: Optional[str] = None,
        phone: Optional[str] = None,
        city: Optional[str] = None,
        tag: Optional[str] = None,
        doneurl2: Optional[str] = None,
        activation: Optional[bool] = None,
        utm_medium: Optional[str] = None,
        utm_source: Optional[str] = None,
        utm_campaign: Optional[str] = None,
        utm_content: Optional[str] = None,
        utm_term: Optional[str] = None,
        aff_medium: Optional[str] = None,
        aff_source: Optional[str] = None,
        aff_campaign: Optional[str] = None,
        aff_content: Optional[str] = None,
        aff_term: Optional[str] = None,
        aff: Optional[str] = None,
        ad: Optional[str] = None,
        extra: Mapping[str, Value] = ...,
    ) -> Result: ...

    def add_lead(self, lead: Union[str, Lead, Fields], /, *groups: Any, **fields: Any) -> Result:
        """Sends a lead and waits for the answer, at most for the setting ``timeout_ms``.

        The lead is its e-mail address with the other fields of :class:`Lead` as arguments, or a
        :class:`Lead`, or a dict of the service's own names, also nested::

            client.add_lead("lead@email.com", groups=["super"], name="Name")
            client.add_lead({"rid[0]": "super", "lead_email": "lead@email.com"})

        Whatever can help is tried again within the time. The service has the contact where this
        returns.

        Raises:
            InvalidArgument: the lead breaks a rule; nothing was sent.
            Rejected: the service said no.
            NotAccepted: it does not accept username and secret.
            JustClickError: it failed on the way; see its subclasses.
        """
        handle = self._open_handle()
        result = _native.HANDLE()
        native = _new_lead(self._library, _as_lead(lead, groups, fields))
        try:
            status = self._library.jc_add_lead(handle.pointer, native, ctypes.byref(result))
        finally:
            self._library.jc_free(native)
        return _judged(self._library, status, result)

    def sign(self, lead: Union[Lead, Fields], /) -> Request:
        """Signs a lead without sending it, for a program that sends by an HTTP client of its own.

        Raises:
            InvalidArgument: the lead breaks a rule.
        """
        handle = self._open_handle()
        pointer = _native.HANDLE()
        native = _new_lead(self._library, lead)
        try:
            status = self._library.jc_sign_lead(handle.pointer, native, ctypes.byref(pointer))
            _check(self._library, status)
        finally:
            self._library.jc_free(native)
        try:
            return Request(
                url=self._library.jc_request_url(pointer).decode(),
                body=self._library.jc_request_body(pointer),
            )
        finally:
            self._library.jc_free(pointer)

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
        return _judged(self._library, status, result)

    def _open_handle(self) -> _Handle:
        """The caller's reference keeps it open until the call ends, whoever closes meanwhile."""
        handle = self._handle
        if handle is None:
            raise invalid("this client is closed; make a new one")
        return handle


class _Handle:
    """Owns a client, and frees it when nobody refers to it any more."""

    def __init__(self, library: ctypes.CDLL, pointer: Any) -> None:
        self.pointer = pointer
        finalizer = weakref.finalize(self, library.jc_free, pointer)
        # The process frees everything at its end; the library may be half gone by then.
        finalizer.atexit = False


def _new_client(library: ctypes.CDLL, username: str, secret: str) -> _Handle:
    name = _values.text("username", username)
    key = _values.text("secret", secret)
    pointer = _native.HANDLE()
    _check(library, library.jc_client_new(name, len(name), key, len(key), ctypes.byref(pointer)))
    return _Handle(library, pointer)


def _as_lead(
    lead: Union[str, Lead, Fields], groups: tuple[Any, ...], fields: dict[str, Any]
) -> Union[Lead, Fields]:
    if isinstance(lead, str):
        return Lead(lead, *groups, **fields)
    if isinstance(lead, (Lead, Mapping)) and (groups or fields):
        raise TypeError("lead: a Lead or a dict is whole; only an address takes further arguments")
    return lead


def _new_lead(library: ctypes.CDLL, lead: Union[Lead, Fields]) -> Any:
    """A handle of the lead, which the caller frees."""
    if isinstance(lead, Lead):
        fields = {**lead.fields(), "rid": _values.checked_list("groups", lead.groups)}
        extra = lead.extra
    elif isinstance(lead, Mapping):
        fields, extra = dict(lead), {}
    else:
        wanted = "a Lead, a dict, or for add_lead an address (str) with its groups"
        raise TypeError(f"lead: {wanted} is needed, not {type(lead).__name__}")
    if not isinstance(extra, Mapping):
        raise invalid(f"extra: a dict is needed, not {type(extra).__name__}")
    native = library.jc_lead_new()
    try:
        for field, value in _values.flat(fields):
            _check(library, library.jc_lead_set(native, field, value, len(value or b"")))
        for key, given in extra.items():
            name, value = _values.checked_name(key), _values.encoded(key, given)
            _check(
                library,
                library.jc_lead_set_extra(native, name, len(name), value, len(value or b"")),
            )
    except BaseException:
        library.jc_free(native)
        raise
    return native


def _check(library: ctypes.CDLL, status: int) -> None:
    if status != 0:
        message = library.jc_last_error().decode()
        raise failure(message, _status_details(library, status))


def _status_details(library: ctypes.CDLL, status: int) -> Details:
    return Details(
        status=status,
        status_name=library.jc_status_name(status).decode(),
        is_retryable=library.jc_status_is_retryable(status),
    )


def _judged(library: ctypes.CDLL, status: int, pointer: Any) -> Result:
    if not pointer:
        _check(library, status)
    result = pointer.value
    try:
        if status != 0:
            raise _failure(library, status, result)
        return Result(
            outcome=Outcome(library.jc_result_outcome(result)),
            code=library.jc_result_error_code(result),
            text=library.jc_result_error_text(result).decode(),
            json=library.jc_result_json(result).decode(),
            message=library.jc_result_message(result).decode(),
            attempts=library.jc_result_attempts(result),
        )
    finally:
        library.jc_free(result)


def _failure(library: ctypes.CDLL, status: int, result: Any) -> JustClickError:
    details = _status_details(library, status)._replace(
        code=library.jc_result_error_code(result),
        text=library.jc_result_error_text(result).decode(),
        attempts=library.jc_result_attempts(result),
        may_have_arrived=library.jc_result_may_have_arrived(result),
        retry_after_ms=library.jc_result_retry_after_ms(result),
    )
    return failure(library.jc_result_message(result).decode(), details)
