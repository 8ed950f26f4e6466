"""What the service's other contact functions answer, typed."""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass, field
from typing import Any, Callable, Optional, TypeVar, Union

from .errors import BadAnswer, Details
from .result import Disposition, Result

T = TypeVar("T")


@dataclass(frozen=True)
class Group:
    """A group of the account."""

    #: Its symbolic identifier, as a lead's ``groups`` hold it.
    name: str
    #: Its title for people.
    title: str


class Subscription(str, enum.Enum):
    """How a contact stands in a group, by the service's own words."""

    #: The contact has yet to confirm.
    WAITING = "STATUS_WAIT"
    #: The contact is subscribed.
    SUBSCRIBED = "STATUS_SUBSCRIBE"
    #: The contact has unsubscribed.
    UNSUBSCRIBED = "STATUS_UNSUBSCRIBE"
    #: The service has unsubscribed the contact.
    UNSUBSCRIBED_BY_SERVICE = "STATUS_UNSUBSCRIBE_BY_SERVICE"
    #: The address does not exist.
    INVALID_EMAIL = "STATUS_INVALID_EMAIL"

    def __str__(self) -> str:
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True)
class Membership:
    """How a contact stands in one of its groups."""

    #: The group.
    group: Group
    #: The contact's status in it; the service's word as it is, where this package does not know it.
    status: Union[Subscription, str]
    #: When the contact was subscribed, as the service writes it.
    subscribed_at: Optional[str] = field(default=None)


def rows(result: Result, read: Callable[[Any], T]) -> list[T]:
    """The rows of a result; the service writes none at all as null."""
    listed = _value(result)
    if listed is None:
        return []
    if not isinstance(listed, list):
        raise _unexpected("it is no list", result)
    try:
        return [read(row) for row in listed]
    except (KeyError, TypeError):
        pass
    raise _unexpected("a row of it lacks a member, or has one of another type", result)


def group(row: Any) -> Group:
    """A row of GetAllGroups."""
    return Group(_text(row["rass_name"]), _text(row["rass_title"]))


def membership(row: Any) -> Membership:
    """A row of GetLeadGroupStatuses."""
    word = _text(row["rass_status"])
    known = {each.value: each for each in Subscription}
    time = row.get("subscription_time")
    return Membership(group(row), known.get(word, word), None if time is None else _text(time))


def number(result: Result) -> int:
    """The result of GetCountSubscribe."""
    digits = _value(result)
    if not isinstance(digits, str) or not digits.isascii() or not digits.isdigit():
        raise _unexpected("it is no number", result)
    return int(digits)


def _value(result: Result) -> Any:
    """Numbers stay the digits that they are: an identifier may look like one."""
    return json.loads(result.json or "null", parse_int=str, parse_float=str)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _unexpected(reason: str, result: Result) -> BadAnswer:
    details = Details(
        -31,
        "JC_BAD_RESPONSE",
        Disposition.LATER,
        result.code,
        result.text,
        result.attempts,
        may_have_arrived=True,
    )
    return BadAnswer(f"the answer's result is not as the API documents it: {reason}", details)
