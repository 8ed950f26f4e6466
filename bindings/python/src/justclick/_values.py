"""A caller's values as the names and bytes that the library takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Optional

from . import _settings
from .errors import invalid, shown


def flat(fields: Mapping[str, object]) -> Iterator[tuple[bytes, Optional[bytes]]]:
    """Writes nested values as PHP's forms do: ``{"rid": ["a", "b"]}`` is ``rid[0]``, ``rid[1]``.

    A value of ``None`` belongs to a field that is left out.
    """
    for name, value in fields.items():
        field = checked_name(name)
        members = _members(value)
        if members is None:
            yield field, encoded(name, value)
            continue
        if not members:
            # Nothing to send, but the library knows whether there is a field that takes a list.
            yield checked_name(f"{name}[]"), None
        for key, member in members:
            full = f"{name}[{_key(name, key)}]"
            yield checked_name(full), encoded(full, member)


def _members(value: object) -> Optional[list[tuple[object, object]]]:
    """The keys and values of a dict or list; ``None`` for one value: a text is a sequence too."""
    # Asked first, since it is what most values are, and the next questions take far longer.
    if value is None or isinstance(value, (str, bytes, int, bytearray, memoryview)):
        return None
    if isinstance(value, Mapping):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, Sequence) else None


def encoded(name: str, value: object) -> Optional[bytes]:
    """A single value; a float is refused: the group 1578515091.9668659223 would lose digits."""
    if value is None:
        return None
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return _settings.utf8(name, value)
    if isinstance(value, bool):
        return b"1" if value else b"0"
    if isinstance(value, int):
        return _digits(name, value)
    if isinstance(value, float):
        raise invalid(f"{shown(name)}: a float loses digits; write it as a string")
    raise invalid(f"{shown(name)}: a string is needed, not {type(value).__name__}")


def checked_name(name: object) -> bytes:
    """A name that is a string."""
    if not isinstance(name, str):
        raise invalid(f"a name must be a string, not {type(name).__name__}")
    return _settings.checked_name(name)


def _key(name: str, key: object) -> str:
    if isinstance(key, str):
        return key
    if isinstance(key, int):
        return _digits(f"{name}[]", key).decode()
    raise invalid(f"{shown(name)}: its keys must be strings or numbers, not {type(key).__name__}")


def _digits(name: str, number: int) -> bytes:
    try:
        return b"%d" % number
    except ValueError:
        # Python turns no number of more than some thousand digits into text.
        reason = "the number has too many digits"
    raise invalid(f"{shown(name)}: {reason}")
