"""The settings of clients and outboxes: their types, and the texts that the library takes."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Literal, Optional, TypedDict, Union

from .errors import invalid, shown

#: A time: a number of milliseconds, or a ``timedelta``.
Milliseconds = Union[int, float, timedelta, None]
#: A time: a number of days, or a ``timedelta``.
Days = Union[int, float, timedelta, None]
#: Where an outbox is.
Location = Union[str, os.PathLike[str]]

_UNITS = {"ms": timedelta(milliseconds=1), "days": timedelta(days=1)}


class Settings(TypedDict, total=False):
    """The settings of a client by their names; ``None`` is a setting's default.

    A ``timedelta`` fits wherever milliseconds do: ``timeout_ms=timedelta(seconds=5)``.
    """

    #: The service's domain: justclick.ru, justclick.io or influencersoft.com.
    service: Optional[str]
    #: The account's own domain or a sandbox: ``"https://shop.example"``.
    base_url: Optional[str]
    #: Lets ``base_url`` be ``http://`` on other hosts than this machine.
    allow_http: Optional[bool]
    #: The longest a connection may take, TLS included. Default: 3 s.
    connect_timeout_ms: Milliseconds
    #: The longest one attempt may take. Default: 5 s.
    attempt_timeout_ms: Milliseconds
    #: The deadline of the whole call, all attempts and waits included. Default: 10 s.
    timeout_ms: Milliseconds
    #: How many times a lead is sent at the most, 1 to 10. Default: 3.
    max_attempts: Union[int, float, None]
    #: A proxy's URL, or ``"none"``. By default the environment's ``HTTPS_PROXY`` counts.
    proxy: Optional[str]
    #: A PEM file of certificate authorities to trust instead of the system's.
    ca_file: Union[str, os.PathLike[str], None]
    #: Lets all clients of the process that set it share connections.
    share_connections: Optional[bool]
    #: The ``User-Agent`` header.
    user_agent: Optional[str]


class OutboxSettings(TypedDict, total=False):
    """The settings of an outbox by their names; ``None`` is a setting's default.

    A ``timedelta`` fits wherever days or milliseconds do: ``keep_dead_days=timedelta(weeks=1)``.
    """

    #: What a kept lead survives: ``"power"``, the default, is the loss of the host's power as well,
    #: at the cost of a write to the disk for each; ``"crash"`` the end of the process by any means.
    durability: Optional[Literal["power", "crash"]]
    #: How many leads are kept at the most. A further one is refused. Default: 1,000,000.
    max_leads: Union[int, float, None]
    #: After how many days a dead lead goes; 0, the default, keeps it until somebody decides.
    keep_dead_days: Days
    #: After how many days a lead that cannot be delivered is dead. Default: 5.
    give_up_after_days: Days
    #: A local path, for an outbox in a database: leads that the database does not take, since it is
    #: away, are kept in an SQLite file there, and the next delivery on this host moves them.
    spool: Union[str, os.PathLike[str], None]
    #: How long a call waits for another that uses the store. Default: 2 s.
    busy_timeout_ms: Milliseconds


def as_text(name: str, value: object) -> Optional[bytes]:
    """Writes a value as text; what the text may be is the library's to say."""
    if value is None:
        return None
    if isinstance(value, timedelta) and name.rpartition("_")[2] in _UNITS:
        value = value / _UNITS[name.rpartition("_")[2]]
    elif isinstance(value, os.PathLike):
        value = os.fsencode(value)
    if isinstance(value, bytes):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool):
        return b"1" if value else b"0"
    if isinstance(value, (int, float)):
        return _digits(name, value)
    return text(name, value)


def extra_text(name: str, value: object) -> Optional[bytes]:
    """Writes a lead's value as the library reads it from JSON."""
    if isinstance(value, (float, timedelta, os.PathLike, bytes)):
        raise invalid(f"{shown(name)}: a string is needed, not {type(value).__name__}")
    return as_text(name, value)


def path(name: str, value: object) -> bytes:
    """The bytes of a path."""
    return text(name, os.fsencode(value) if isinstance(value, os.PathLike) else value)


def text(name: str, value: object) -> bytes:
    """The bytes of what must be a string."""
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        raise invalid(f"{shown(name)}: a string is needed, not {type(value).__name__}")
    return utf8(name, value)


def utf8(name: str, value: str) -> bytes:
    """The bytes of a string."""
    try:
        return value.encode()
    except UnicodeEncodeError as error:
        reason = f"character {error.start} is half of a surrogate pair, no text"
    # Raised out here: Python's error holds the whole text, and would stay as this one's context.
    raise invalid(f"{shown(name)}: {reason}")


def checked_name(name: str) -> bytes:
    """C takes names up to the first NUL byte, so one with a NUL byte would be another name."""
    if "\0" in name:
        raise invalid(f"{shown(name)}: there is a NUL byte in the name")
    return utf8(name, name)


def _digits(name: str, number: Union[int, float]) -> bytes:
    try:
        return str(number).encode()
    except ValueError:
        # Python turns no number of more than some thousand digits into text.
        reason = "the number has too many digits"
    raise invalid(f"{shown(name)}: {reason}")
