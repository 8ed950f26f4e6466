"""What an outbox tells of the leads that it keeps."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Optional, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Report:
    """What a run of :meth:`Outbox.deliver` did."""

    #: Leads that the service has now, or had before.
    delivered: int
    #: So many of the delivered ones were in all of their groups before.
    known: int
    #: So many of the delivered ones may have been sent twice; the service knows its contacts.
    repeated: int
    #: Leads that are refused for good, or waited too long. The outbox keeps them.
    dead: int
    #: Leads that are tried again by a later run.
    later: int
    #: Leads that took longer than their lease, so that another process tells of them.
    overtaken: int
    #: Why the account has to wait, so that the run ended; else ``None``.
    held: Optional[str]
    #: What to do about that: ``"later"`` to wait, ``"hold"`` to mend account, credentials or TLS.
    held_by: Optional[str]
    #: After how many seconds a further run has something to do; ``None`` where nothing waits.
    next_due_s: Optional[float]
    #: Leads that came out of the spool.
    moved: int
    #: Why leads stay in the spool, where they do; else ``None``.
    unmoved: Optional[str]


@dataclass(frozen=True)
class HeldAccount:
    """An account whose leads have to wait, though nothing is wrong with them."""

    #: The username and the base URL: ``"username@https://username.justclick.ru"``.
    account: str
    #: Until when, in seconds since 1970.
    held_until: int
    #: For how many seconds from now.
    held_for_s: float
    #: Why, for people.
    reason: str


@dataclass(frozen=True)
class Status:
    """How much an outbox holds. Each lead that was ever added is in one of the first six."""

    #: Leads that wait to be delivered.
    waiting: int
    #: Leads that somebody sends at this moment.
    leased: int
    #: Leads that are kept until somebody decides.
    dead: int
    #: Leads that the service has.
    delivered: int
    #: Leads that were dropped by somebody's word.
    dropped: int
    #: Leads in the spool.
    spooled: int
    #: For how many seconds the oldest has been waiting; ``None`` where none waits.
    oldest_waiting_s: Optional[float]
    #: After how many seconds there is something to deliver; ``None`` where nothing waits.
    next_due_s: Optional[float]
    #: The accounts that have to wait.
    accounts: tuple[HeldAccount, ...]


@dataclass(frozen=True)
class KeptLead:
    """A lead that an outbox keeps. Its key, its texts and its fields stay out of ``repr()``."""

    #: Its number, which is not used again.
    id: int
    #: Whose lead it is: the username and the base URL.
    account: str
    #: What tells it from the account's others while it waits.
    key: str = field(repr=False)
    #: ``"waiting"``, ``"leased"`` or ``"dead"``.
    state: str
    #: How many times it was sent.
    attempts: int
    #: For how many seconds it has been kept.
    age_s: float
    #: After how many seconds it is due; 0 where it is due, on its way, or dead.
    due_in_s: float
    #: Why it is dead, or why the last attempt failed; for people.
    reason: str = field(repr=False)
    #: The service's code, -1 without an answer.
    error_code: int
    #: The service's text, perhaps in Russian.
    error_text: str = field(repr=False)
    #: Its fields by the service's own names, as :meth:`Outbox.add` takes them, where ``with_leads``
    #: asked for them: somebody's personal data.
    lead: Optional[dict[str, str]] = field(default=None, repr=False, hash=False)


@dataclass(frozen=True)
class Salvaged:
    """What was read of a damaged file."""

    #: Leads that wait in the outbox now, or waited there before.
    leads: int
    #: Rows that were there and could not be read as a whole.
    lost: int


def status(known: Mapping[str, Any]) -> Status:
    """The status that the library tells."""
    held = tuple([read(HeldAccount, account) for account in known["accounts"]])
    return read(Status, {**known, "accounts": held})


def read(kind: type[T], known: Mapping[str, Any]) -> T:
    """One of the values above; a newer library may tell more than it takes."""
    names = [each.name for each in dataclasses.fields(kind)]  # type: ignore[arg-type]
    return kind(**{name: known[name] for name in names if name in known})
