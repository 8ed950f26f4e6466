"""One line for each call, in the logger ``justclick``, without personal data."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from .errors import Interrupted, JustClickError
from .kept import Report
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


def delivered(report: Report) -> None:
    """Of a run of an outbox's: a warning where somebody has to decide, or the account waits."""
    level = logging.WARNING if report.dead or report.held else DEBUG
    # The reason may have the service's own text, so it stands in the status alone.
    rest = "; the account waits" if report.held else ""
    told = (report.delivered, report.dead, report.later, rest)
    LOGGER.log(level, "Outbox.deliver: %d delivered, %d dead, %d later%s", *told)


def outbox_done(function: str, message: str) -> None:
    """Of another function of an outbox that has ended well."""
    LOGGER.debug("Outbox.%s: %s", function, message)


def outbox_failed(function: str, error: BaseException) -> None:
    """Of a function of an outbox that failed or was interrupted."""
    known = error if isinstance(error, JustClickError) else error.__cause__
    if isinstance(known, JustClickError):
        level = logging.WARNING if known.disposition.keeps_lead else DEBUG
        LOGGER.log(level, "Outbox.%s: %s: %s", function, known.status_name, known)


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
