"""What became of a request, and a request that was signed."""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Optional


class _Shown(enum.IntEnum):
    """A number of the C interface whose ``str()`` is for people."""

    def __str__(self) -> str:
        return self.name.lower().replace("_", " ")

    def __format__(self, format_spec: str) -> str:
        return format(str(self), format_spec)


class Outcome(_Shown):
    """What became of a lead, with the numbers of the C interface.

    >>> str(Outcome.ALREADY_REGISTERED)
    'already registered'
    """

    #: The contact was added.
    ADDED = 1
    #: The contact was added and has been sent a mail to confirm.
    ACTIVATION_SENT = 2
    #: The contact was in all of the groups before.
    ALREADY_REGISTERED = 3
    #: Another function than AddLeadToGroup was carried out.
    ANSWERED = 4
    #: The service has done it; a newer library said more than this package knows.
    OTHER = -1

    @classmethod
    def _missing_(cls, value: object) -> Outcome:
        return cls.OTHER


class Disposition(_Shown):
    """What to do with a lead: keep it unless it is done or refused."""

    #: Nothing: the service has the contact. Of a ``DeleteSubscribe`` that is rejected: the contact
    #: was not in the group.
    DONE = 1
    #: This lead, and this lead alone, is refused; it will not change.
    REFUSED = 2
    #: Send it again later.
    LATER = 3
    #: Keep it until the account or the set-up is mended: no other lead will fare better.
    HOLD = 4

    @property
    def keeps_lead(self) -> bool:
        """Whether the lead has to be kept, since it can still get there."""
        return self not in (Disposition.DONE, Disposition.REFUSED)

    @classmethod
    def _missing_(cls, value: object) -> Disposition:
        # A newer library's word: nothing says that the lead can be dropped.
        return cls.HOLD


class Attempt(NamedTuple):
    """One sending of a request."""

    #: How long it took, in milliseconds.
    ms: int
    #: The address it went to, ``None`` where there was no connection.
    address: Optional[str]
    #: Why it failed, ``None`` where it was answered.
    error: Optional[str]


class Result:
    """What the service has done. It does not change."""

    __slots__ = ("_json", "_known", "_text")

    def __init__(self, text: bytes, json: str) -> None:
        # What the library says of it, and the service's own part of that. Both are read when they
        # are asked for.
        self._text = text
        self._json = json
        self._known: Any = None

    @property
    def outcome(self) -> Outcome:
        """Added, sent a mail to confirm, or known before."""
        return Outcome(self._read()["outcome"])

    @property
    def disposition(self) -> Disposition:
        """What to do with the lead: nothing."""
        return Disposition(self._read()["disposition"])

    @property
    def code(self) -> int:
        """The service's code."""
        return int(self._read()["error_code"])

    @property
    def text(self) -> str:
        """The service's text, perhaps in Russian: decide by the outcome."""
        return str(self._read()["error_text"])

    @property
    def message(self) -> str:
        """For people: what happened."""
        return str(self._read()["message"])

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Each sending of the request, in order."""
        return attempts(self._read())

    @property
    def unsure(self) -> bool:
        """Whether the outcome is the likelier of two.

        An earlier copy of the request, whose answer was lost, may have added the contact.
        """
        return bool(self._read()["unsure"])

    @property
    def json(self) -> str:
        """The member ``result`` of the answer as JSON, ``""`` where it has none.

        No hash covers it.
        """
        return self._json

    def value(self) -> Any:
        """The member ``result`` of the answer; ``None`` where it has none."""
        return json.loads(self._json) if self._json else None

    def __repr__(self) -> str:
        return f"Result({self.outcome}, code={self.code}, text={self.text!r})"

    def _read(self) -> Any:
        if self._known is None:
            self._known = json.loads(self._text)
        return self._known


def attempts(known: Any) -> tuple[Attempt, ...]:
    """The sendings of a call."""
    return tuple(
        [Attempt(each["ms"], each["address"], each["error"]) for each in known["attempts"]]
    )


@dataclass(frozen=True)
class Request:
    """A signed request, for a program that sends it by an HTTP client of its own."""

    #: The address to POST to.
    url: str
    #: The body, to be sent byte for byte as ``application/x-www-form-urlencoded``.
    body: bytes = field(repr=False)
