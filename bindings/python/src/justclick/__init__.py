"""Adds leads to the groups of a JustClick account.

>>> import justclick
>>> with justclick.Client("username", "secret") as client:
...     request = client.sign("lead@email.com", groups=["super"])

See :class:`Client`, :class:`Outbox`, :class:`AsyncClient`, :class:`AsyncOutbox`, :class:`Lead`,
:class:`Result` and :class:`JustClickError`. The logger ``justclick`` has a line for each call.
"""

from ._settings import OutboxSettings, Settings
from ._version import VERSION
from .aio import AsyncClient
from .aio_outbox import AsyncOutbox
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
from .kept import HeldAccount, KeptLead, Report, Salvaged, Status
from .lead import Lead, LeadFields
from .outbox import Outbox
from .result import Attempt, Disposition, Outcome, Request, Result

__version__ = VERSION

__all__ = [
    "AsyncClient",
    "AsyncOutbox",
    "Attempt",
    "BadAnswer",
    "Client",
    "Disposition",
    "ForgedAnswer",
    "Group",
    "HeldAccount",
    "InternalFault",
    "Interrupted",
    "InvalidArgument",
    "JustClickError",
    "KeptLead",
    "Lead",
    "LeadFields",
    "LibraryNotUsable",
    "Membership",
    "NotAccepted",
    "NotStored",
    "Outbox",
    "OutboxSettings",
    "Outcome",
    "OutcomeUnknown",
    "Rejected",
    "Report",
    "Request",
    "Result",
    "Salvaged",
    "Settings",
    "Status",
    "Subscription",
    "TlsFailure",
    "Unreachable",
    "__version__",
]
