"""A site's own connection to its database, and the statements that are executed on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol, TypedDict

from .errors import invalid


class SiteConnection(Protocol):
    """A connection by Python's DB-API."""

    def cursor(self) -> Any:
        """What executes statements."""


class Statement(TypedDict):
    """SQL with a ``?`` for each parameter, and with no other ``?`` and no ``%``."""

    sql: str
    parameters: Sequence[str]


class _Driver(NamedTuple):
    #: As the library names it.
    engine: str
    placeholder: str


_DRIVERS = {
    "mysql": _Driver("mysql", "%s"),  # mysql.connector
    "psycopg": _Driver("postgres", "%s"),
    "psycopg2": _Driver("postgres", "%s"),
    "pymysql": _Driver("mysql", "%s"),
    "sqlite3": _Driver("sqlite", "?"),
}


def engine(connection: SiteConnection) -> str:
    """The library's name for the database that a connection leads to."""
    return _driver(connection).engine


def execute(connection: SiteConnection, statements: Sequence[Statement]) -> None:
    """One after the other; none has a result. The driver raises its own exceptions."""
    placeholder = _driver(connection).placeholder
    cursor = connection.cursor()
    try:
        for statement in statements:
            cursor.execute(statement["sql"].replace("?", placeholder), statement["parameters"])
    finally:
        cursor.close()


def _driver(connection: SiteConnection) -> _Driver:
    for known in type(connection).__mro__:
        driver = _DRIVERS.get(known.__module__.partition(".")[0])
        if driver is not None and hasattr(connection, "cursor"):
            return driver
    given = f"{type(connection).__module__}.{type(connection).__qualname__}"
    raise invalid(
        "connection: one of psycopg, psycopg2, PyMySQL, mysql.connector or sqlite3 is needed, "
        f"not {given}"
    )
