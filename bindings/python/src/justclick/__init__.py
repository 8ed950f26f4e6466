"""Adds leads to the groups of a JustClick account.

>>> import justclick
>>> with justclick.Client("username", "secret") as client:
...     request = client.sign("lead@email.com", groups=["super"])

See :class:`Client`, :class:`AsyncClient`, :class:`Lead`, :class:`Result` and
:class:`JustClickError`. The logger ``justclick`` has a line for each call.
"""

from ._settings import Settings
from ._version import VERSION
from .aio import AsyncClient
from .client import Client
from .contacts import Group, Membership, Subscription
from .errors import (
    BadAnswer,
    ForgedAnswer,
    InternalFault,
    Interrupted,
    InvalidArgument,
    JustClickError,
    LibraryNotUsable,
    NotAccepted,
    NotStored,
    OutcomeUnknown,
    Rejected,
    TlsFailure,
    Unreachable,
)
from .lead import Lead, LeadFields
from .result import Attempt, Disposition, Outcome, Request, Result

__version__ = VERSION

__all__ = [
    "AsyncClient",
    "Attempt",
    "BadAnswer",
    "Client",
    "Disposition",
    "ForgedAnswer",
    "Group",
    "InternalFault",
    "Interrupted",
    "InvalidArgument",
    "JustClickError",
    "Lead",
    "LeadFields",
    "LibraryNotUsable",
    "Membership",
    "NotAccepted",
    "NotStored",
    "Outcome",
    "OutcomeUnknown",
    "Rejected",
    "Request",
    "Result",
    "Settings",
    "Subscription",
    "TlsFailure",
    "Unreachable",
    "__version__",
]
