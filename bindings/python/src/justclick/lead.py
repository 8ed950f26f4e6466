"""What is sent: a contact and the groups it is added to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Optional, Union

Value = Union[str, int, bool, None]

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
    groups: Sequence[Union[str, int]]
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
    extra: Mapping[str, Value] = field(default_factory=dict, repr=False)

    def fields(self) -> dict[str, object]:
        """The fields by the service's own names, without the extra ones."""
        fields: dict[str, object] = {"rid": self.groups}
        for typed, name in _SERVICE_NAMES.items():
            fields[name] = getattr(self, typed)
        return fields
