"""How far a run of an outbox goes, and which of its leads are meant, as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, Optional

from . import _json

#: What a kept lead can be.
State = Literal["waiting", "leased", "dead"]


def limits(
    seconds: Optional[float],
    leads: Optional[int],
    in_flight: Optional[int],
    id: Optional[int],
    alone: bool,
    per_second: Optional[float],
) -> bytes:
    """The limits of a run, as the library takes them."""
    limits = {"seconds": seconds, "leads": leads, "in_flight": in_flight, "id": id}
    return _given({**limits, "alone": alone, "per_second": per_second})


def selection(
    state: Optional[State],
    account: Optional[str],
    ids: Optional[Iterable[int]],
    after: Optional[int],
    limit: Optional[int],
    *,
    with_leads: Optional[bool] = None,
) -> bytes:
    """Which leads are meant, as the library takes it."""
    # Numbers out of a set or a generator are as good as those of a list.
    if isinstance(ids, Iterable) and not isinstance(ids, (str, bytes, Mapping)):
        ids = [*ids]
    which = {"state": state, "account": account, "ids": ids, "after": after, "limit": limit}
    return _given({**which, "with_leads": with_leads})


def _given(values: Mapping[str, object]) -> bytes:
    """What was given, as JSON; what it may be is the library's to say."""
    given = {name: value for name, value in values.items() if value is not None}
    return _json.encoded(given, needed="a number or a string")
