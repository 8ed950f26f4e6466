"""The exceptions: one class for each kind of failure, all below :class:`JustClickError`."""

from __future__ import annotations

from typing import NamedTuple, Optional

from .kept import Report
from .result import Attempt, Disposition, Result


class Details(NamedTuple):
    """What is known of a failure besides its message."""

    status: int = 0
    status_name: str = ""
    #: Where nothing says that the lead can be dropped, it is kept.
    disposition: Disposition = Disposition.HOLD
    code: int = -1
    text: str = ""
    attempts: tuple[Attempt, ...] = ()
    may_have_arrived: bool = False
    retry_after_ms: int = 0


class JustClickError(Exception):
    """The base of all exceptions of this package.

    ``str()`` of it is for people: what failed, on which value, what to do. It holds neither the
    secret nor the lead's data.

    Attributes:
        status: the number of the C interface's status.
        status_name: its name, for logs: ``"JC_UNREACHABLE"``.
        disposition: what to do with the lead; keep it unless it is ``Disposition.REFUSED``.
        code: the service's code, -1 where there was no answer.
        text: the service's text, perhaps in Russian; ``""`` where there was no answer.
        attempts: each sending of the lead, also one that did not arrive, and why it failed.
        may_have_arrived: whether the service may have the lead all the same.
        retry_after_ms: how long the service asked to wait before the next try; 0 if it did not.
    """

    def __init__(self, message: str, details: Details = Details()) -> None:
        super().__init__(message)
        self.details: Details = details
        self.status: int = details.status
        self.status_name: str = details.status_name
        self.disposition: Disposition = details.disposition
        self.code: int = details.code
        self.text: str = details.text
        self.attempts: tuple[Attempt, ...] = details.attempts
        self.may_have_arrived: bool = details.may_have_arrived
        self.retry_after_ms: int = details.retry_after_ms

    def __reduce__(self) -> tuple[type[JustClickError], tuple[object, ...]]:
        """Lets it cross processes, as multiprocessing does with what a task raises."""
        return type(self), (str(self), self.details)


class InvalidArgument(JustClickError):
    """An argument breaks a rule, or there is no such field or setting; nothing was sent."""


class NotAccepted(JustClickError):
    """The service does not accept the username and secret."""


class Rejected(JustClickError):
    """The service answered no; ``code`` and ``text`` say why."""


class Unreachable(JustClickError):
    """The request did not arrive: no such host, no connection, refused."""


class OutcomeUnknown(JustClickError):
    """The request may have arrived, and no answer came."""


class TlsFailure(JustClickError):
    """The peer could not prove that it is who it should be."""


class BadAnswer(JustClickError):
    """An answer that is not the API's, not the promised JSON, or too large."""


class ForgedAnswer(JustClickError):
    """An answer that was not written by somebody who knows the secret."""


class NotStored(JustClickError):
    """The outbox could not keep or read leads.

    The disk is full, a limit is reached, or the file is damaged, locked for too long, or not to be
    trusted.
    """


class InternalFault(JustClickError):
    """A fault of the library was caught. Please report it."""


class LibraryNotUsable(JustClickError):
    """The shared library cannot be loaded; the message says why."""


class Interrupted(JustClickError):
    """What is known of a call that was ended from outside.

    It is never raised by itself: it is the ``__cause__`` of the ``KeyboardInterrupt``, or of
    whatever else a signal's handler raised, and of the ``asyncio.CancelledError``.

    Attributes:
        result: what the service has done, where its answer had come; else ``None``.
        report: what a run of :meth:`Outbox.deliver` had done; else ``None``.
    """

    def __init__(
        self,
        message: str,
        details: Details = Details(),
        result: Optional[Result] = None,
        report: Optional[Report] = None,
    ) -> None:
        super().__init__(message, details)
        self.result: Optional[Result] = result
        self.report: Optional[Report] = report

    def __reduce__(self) -> tuple[type[JustClickError], tuple[object, ...]]:
        return type(self), (str(self), self.details, self.result, self.report)


#: Which exception belongs to which status. Statuses are never renumbered.
CLASSES: dict[int, type[JustClickError]] = {
    1: Rejected,  # JC_REJECTED
    2: NotAccepted,  # JC_NOT_ACCEPTED
    -1: InvalidArgument,  # JC_INVALID_ARGUMENT
    -2: InvalidArgument,  # JC_UNKNOWN_NAME
    -10: Unreachable,  # JC_UNREACHABLE
    -11: TlsFailure,  # JC_TLS
    -20: OutcomeUnknown,  # JC_OUTCOME_UNKNOWN
    -30: BadAnswer,  # JC_HTTP
    -31: BadAnswer,  # JC_BAD_RESPONSE
    -32: ForgedAnswer,  # JC_BAD_SIGNATURE
    -40: NotStored,  # JC_NOT_STORED
    -90: InternalFault,  # JC_INTERNAL
}


def failure(message: str, details: Details) -> JustClickError:
    """A status that is newer than this package goes by its sign: above 0 the service said no."""
    newer = Rejected if details.status > 0 else JustClickError
    return CLASSES.get(details.status, newer)(message, details)


def invalid(message: str) -> InvalidArgument:
    """A value that cannot even be handed to the library."""
    return InvalidArgument(message, Details(-1, "JC_INVALID_ARGUMENT", Disposition.REFUSED))


def shown(name: str) -> str:
    """A caller's name in a message."""
    return repr(name[:64])[1:-1]


def interrupted_after(result: object) -> Interrupted:
    """Of a call that had succeeded when it was interrupted."""
    known = result if isinstance(result, Result) else None
    attempts = known.attempts if known else ()
    done = Details(0, "JC_OK", Disposition.DONE, attempts=attempts, may_have_arrived=True)
    return Interrupted("the call had ended well when it was interrupted", done, known)
