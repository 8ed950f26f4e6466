"""What became of a lead that the service has, and a request that was signed."""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass, field
from typing import Any


class Outcome(enum.IntEnum):
    """What became of a lead, with the numbers of the C interface."""

    #: The contact was added.
    ADDED = 1
    #: The contact was added and has been sent a mail to confirm.
    ACTIVATION_SENT = 2
    #: The contact was in all of the groups before.
    ALREADY_REGISTERED = 3
    #: The service has the contact; a newer library said more than this package knows.
    OTHER = -1

    @classmethod
    def _missing_(cls, value: object) -> Outcome:
        return cls.OTHER


@dataclass(frozen=True)
class Result:
    """What became of a lead that the service has."""

    #: Added, sent a mail to confirm, or known before.
    outcome: Outcome
    #: The service's code.
    code: int
    #: The service's text, perhaps in Russian: decide by the outcome.
    text: str
    #: The member ``result`` of the answer as JSON, ``""`` where it has none. No hash covers it.
    json: str
    #: For people: what happened.
    message: str
    #: How many times the lead was sent.
    attempts: int

    def value(self) -> Any:
        """The member ``result`` of the answer; ``None`` where it has none."""
        return json.loads(self.json) if self.json else None


@dataclass(frozen=True)
class Request:
    """A signed request, for a program that sends it by an HTTP client of its own."""

    #: The address to POST to.
    url: str
    #: The body, to be sent byte for byte as ``application/x-www-form-urlencoded``.
    body: bytes = field(repr=False)
