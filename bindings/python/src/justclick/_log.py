"""One line for each call, in the logger ``justclick``, without personal data."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from .errors import Interrupted, JustClickError
from .result import Attempt, Result

DEBUG = logging.DEBUG
LOGGER = logging.getLogger("justclick")
# A library writes nowhere unless the program says where.
LOGGER.addHandler(logging.NullHandler())


def done(function: str, result: Result) -> None:
    """Of a call that the service has carried out."""
    shown = _attempts(result.attempts)
    LOGGER.debug("%s: %s (code %d); %s", function, result.outcome, result.code, shown)


def failed(function: str, error: BaseException) -> None:
    """Of a call that failed or was interrupted: a warning where the lead has to be kept."""
    if not isinstance(error, JustClickError):
        if not isinstance(error.__cause__, Interrupted):
            return
        error = error.__cause__
    level = logging.WARNING if error.disposition.keeps_lead else DEBUG
    if LOGGER.isEnabledFor(level):
        # The service's own text may name the contact, so its code stands for it.
        why = str(error) if error.code < 0 else f"code {error.code}"
        shown = _attempts(error.attempts, why)
        LOGGER.log(
            level, "%s: %s: %s: %s; %s", function, error.disposition, error.status_name, why, shown
        )


def _attempts(attempts: Sequence[Attempt], known: str = "") -> str:
    """How often, how long, where, and why each failed, unless that is known already."""
    if not attempts:
        return "not sent"
    count = "1 attempt" if len(attempts) == 1 else f"{len(attempts)} attempts"
    return f"{count}: {', '.join([_attempt(each, known) for each in attempts])}"


def _attempt(attempt: Attempt, known: str) -> str:
    address = f" at {attempt.address}" if attempt.address else ""
    error = f" ({attempt.error})" if attempt.error and attempt.error != known else ""
    return f"{attempt.ms} ms{address}{error}"
