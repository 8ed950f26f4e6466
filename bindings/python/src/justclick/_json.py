"""JSON by Python's own encoder; what the values may be is the library's to say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Optional

from .errors import InvalidArgument, invalid, shown

#: The library reads no deeper.
_DEPTH_LIMIT = 64


def encoded(fields: Mapping[str, object]) -> bytes:
    """An object as JSON; a value that cannot be written is refused by its name."""
    try:
        return _encode(fields).encode()
    except (TypeError, ValueError, RecursionError):
        pass
    # Raised out here: Python's error holds the whole text, and would stay as this one's context.
    raise _refusal(fields)


def decoded(text: str) -> Any:
    """What a JSON text says."""
    return _decode(text)[0]


def _plain(value: object) -> object:
    """Lists and dicts that are not Python's own."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
        return list(value)
    raise TypeError


# Without escapes, which would have to be undone again, and make three bytes of one.
_encode = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain
).encode
_decode = json.JSONDecoder().raw_decode


def _refusal(fields: Mapping[str, object]) -> InvalidArgument:
    """Names the value that the encoder does not take."""
    return invalid(next(_faults("", fields, 0), "the values cannot be written as JSON"))


def _faults(name: str, value: object, depth: int) -> Iterator[str]:
    if depth > _DEPTH_LIMIT:
        yield f"{shown(name)}: more than {_DEPTH_LIMIT} arrays within each other are too many"
    elif isinstance(value, Mapping):
        for key, member in value.items():
            if key is not None and not isinstance(key, (str, int, float)):
                label = shown(name) or "the values"
                yield f"{label}: a name must be a string, not {type(key).__name__}"
                continue
            fault = _fault(key)
            if fault:
                yield f"{shown(key if isinstance(key, str) else name)}: {fault}"
            else:
                yield from _faults(f"{name}[{key}]" if name else f"{key}", member, depth + 1)
    elif isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray, memoryview)):
        for index, member in enumerate(value):
            yield from _faults(f"{name}[{index}]", member, depth + 1)
    else:
        fault = _fault(value)
        if fault:
            yield f"{shown(name)}: {fault}"


def _fault(value: object) -> Optional[str]:
    """Why a single value cannot be written."""
    if isinstance(value, bytes):
        return "a string is needed, not bytes; bytes have a method decode()"
    if value is not None and not isinstance(value, (str, int, float)):
        return f"a string is needed, not {type(value).__name__}"
    try:
        _encode(value).encode()
    except UnicodeEncodeError as error:
        # The text begins with a quotation mark.
        return f"character {error.start - 1} is half of a surrogate pair, no text"
    except ValueError:
        is_float = isinstance(value, float)
        return f"{value} is no number to send" if is_float else "the number has too many digits"
    return None
