"""What is sent: a contact and the groups it is added to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional, TypedDict, Union

Value = Union[str, int, bool, None]
Groups = Sequence[Union[str, int]]
#: The service's own names, flat (``"utm[utm_term]"``) or nested (``"utm": {"utm_term": …}``).
Fields = Mapping[str, object]


class LeadFields(TypedDict, total=False):
    """The fields of a :class:`Lead` besides its address and groups."""

    name: Optional[str]
    phone: Optional[str]
    city: Optional[str]
    tag: Optional[str]
    doneurl2: Optional[str]
    activation: Optional[bool]
    utm_medium: Optional[str]
    utm_source: Optional[str]
    utm_campaign: Optional[str]
    utm_content: Optional[str]
    utm_term: Optional[str]
    aff_medium: Optional[str]
    aff_source: Optional[str]
    aff_campaign: Optional[str]
    aff_content: Optional[str]
    aff_term: Optional[str]
    aff: Optional[str]
    ad: Optional[str]
    extra: Mapping[str, Value]


#: The typed names and those of the service.
_SERVICE_NAMES = {
    "email": "lead_email",
    "name": "lead_name",
    "phone": "lead_phone",
    "city": "lead_city",
    "tag": "tag",
    "doneurl2": "doneurl2",
    "activation": "activation",
    "utm_medium": "utm[utm_medium]",
    "utm_source": "utm[utm_source]",
    "utm_campaign": "utm[utm_campaign]",
    "utm_content": "utm[utm_content]",
    "utm_term": "utm[utm_term]",
    "aff_medium": "utm[aff_medium]",
    "aff_source": "utm[aff_source]",
    "aff_campaign": "utm[aff_campaign]",
    "aff_content": "utm[aff_content]",
    "aff_term": "utm[aff_term]",
    "aff": "aff",
    "ad": "ad",
}


@dataclass(frozen=True)
class Lead:
    """A contact and the groups it is added to, with typed names.

    ``None`` leaves a field out, an empty string sends it empty. Values are checked when the lead
    is sent or signed.

    >>> Lead("lead@email.com", ["super"], utm_source="direct").fields()["utm[utm_source]"]
    'direct'
    """

    #: The contact's e-mail address. It and the other data of the person stay out of ``repr()``.
    email: str = field(repr=False)
    #: The groups' symbolic identifiers, at least one.
    groups: Groups
    #: Where it is empty, the service says "Dear Friend".
    name: Optional[str] = field(default=None, repr=False)
    phone: Optional[str] = field(default=None, repr=False)
    city: Optional[str] = field(default=None, repr=False)
    #: Any label to mark the contact with.
    tag: Optional[str] = None
    #: The page where the contact lands after confirming.
    doneurl2: Optional[str] = None
    #: Whether the contact must confirm by mail.
    activation: Optional[bool] = None
    #: ``"affiliate"`` for a contact that a partner sent.
    utm_medium: Optional[str] = None
    #: With the medium ``"affiliate"``, the partner's login.
    utm_source: Optional[str] = None
    utm_campaign: Optional[str] = None
    utm_content: Optional[str] = None
    utm_term: Optional[str] = None
    #: This and the other ``aff_…`` are shown in the partner's cabinet only.
    aff_medium: Optional[str] = None
    aff_source: Optional[str] = None
    aff_campaign: Optional[str] = None
    aff_content: Optional[str] = None
    aff_term: Optional[str] = None
    #: The older form of the partner's mark.
    aff: Optional[str] = None
    #: The older form of the advertisement's mark.
    ad: Optional[str] = None
    #: Parameters that the library does not know, by the service's names.
    extra: Mapping[str, Value] = field(default_factory=dict, repr=False, hash=False)

    def __post_init__(self) -> None:
        # A list has no hash, and may be changed by others.
        if isinstance(self.groups, Sequence) and not isinstance(self.groups, (str, bytes)):
            object.__setattr__(self, "groups", tuple(self.groups))

    def fields(self) -> dict[str, object]:
        """The fields that are set, by the service's own names, without the extra ones."""
        fields: dict[str, object] = {"rid": self.groups}
        for typed, name in _SERVICE_NAMES.items():
            value = getattr(self, typed)
            if value is not None:
                fields[name] = value
        return fields


def as_lead(lead: tuple[Any, ...], fields: dict[str, Any]) -> Union[Lead, Fields]:
    """The lead of a call's arguments: whole, or its address with the other fields."""
    first = lead[0] if lead else None
    if isinstance(first, (Lead, Mapping)):
        if len(lead) > 1 or fields:
            raise TypeError("lead: a Lead or a dict is whole; only an address takes more arguments")
        return first
    if isinstance(first, str) or (not lead and fields):
        return Lead(*lead, **fields)
    wanted = "a Lead, a dict, or an address (str) with its groups"
    raise TypeError(f"lead: {wanted} is needed, not {type(first).__name__}")
