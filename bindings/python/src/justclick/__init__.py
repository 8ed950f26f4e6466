"""Adds leads to the groups of a JustClick account.

>>> import justclick
>>> with justclick.Client("username", "secret") as client:
...     request = client.sign({"rid": ["super"], "lead_email": "lead@email.com"})

See :class:`Client`, :class:`Lead`, :class:`Result` and :class:`JustClickError`.
"""

from ._version import VERSION
from .client import Client
from .errors import (
    BadAnswer,
    ForgedAnswer,
    InternalFault,
    InvalidArgument,
    JustClickError,
    LibraryNotUsable,
    NotAccepted,
    OutcomeUnknown,
    Rejected,
    TlsFailure,
    Unreachable,
)
from .lead import Lead
from .result import Outcome, Request, Result

__version__ = VERSION

__all__ = [
    "BadAnswer",
    "Client",
    "ForgedAnswer",
    "InternalFault",
    "InvalidArgument",
    "JustClickError",
    "Lead",
    "LibraryNotUsable",
    "NotAccepted",
    "Outcome",
    "OutcomeUnknown",
    "Rejected",
    "Request",
    "Result",
    "TlsFailure",
    "Unreachable",
    "__version__",
]
