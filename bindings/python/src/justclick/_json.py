"""JSON by Python's own encoder; what the values may be is the library's to say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Callable, Optional

from .errors import invalid, shown

#: The library reads no deeper.
_DEPTH_LIMIT = 64


def encoded(fields: Mapping[str, object], needed: str = "a string") -> bytes:
    """An object as JSON; a value that cannot be written is refused by its name."""
    try:
        text = _encode(fields).encode()
    except (TypeError, ValueError, RecursionError):
        text = None
    # A pair of surrogates is one character; half a one is none, and may stand in a name.
    if text is None or b"\\ud" in text:
        # Raised out here: Python's error holds the value, and would stay as this one's context.
        _check(fields, needed)
    if text is None:
        raise invalid("the values cannot be written as JSON")
    return text


def _check(fields: Mapping[str, object], needed: str) -> None:
    fault = next(_faults("", fields, 0, needed), None)
    if fault is not None:
        raise invalid(fault)


def _plain(value: object) -> object:
    """Lists and dicts that are not Python's own."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
        return list(value)
    raise TypeError


def _encoder() -> Callable[[object], str]:
    """Python's own, made once; escapes are written, since that is its fastest way."""
    encoder = json.JSONEncoder(allow_nan=False, separators=(",", ":"), default=_plain)
    try:
        # What JSONEncoder.encode makes anew for each text, where Python has it.
        encode = json.encoder.c_make_encoder(  # type: ignore[attr-defined]
            None, _plain, json.encoder.encode_basestring_ascii, None, ":", ",", False, False, False
        )
        assert "".join(encode({"": [True]}, 0)) == '{"":[true]}'
    except (AttributeError, TypeError, AssertionError):
        return encoder.encode
    return lambda value: "".join(encode(value, 0))


_encode = _encoder()


def _faults(name: str, value: object, depth: int, needed: str) -> Iterator[str]:
    if depth > _DEPTH_LIMIT:
        yield f"{shown(name)}: more than {_DEPTH_LIMIT} arrays within each other are too many"
    elif isinstance(value, Mapping):
        for key, member in value.items():
            if key is not None and not isinstance(key, (str, int, float)):
                label = shown(name) or "the values"
                yield f"{label}: a name must be a string, not {type(key).__name__}"
                continue
            fault = _fault(key, needed)
            if fault:
                yield f"{shown(key if isinstance(key, str) else name)}: {fault}"
            else:
                inner = f"{name}[{key}]" if name else f"{key}"
                yield from _faults(inner, member, depth + 1, needed)
    elif isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray, memoryview)):
        for index, member in enumerate(value):
            yield from _faults(f"{name}[{index}]", member, depth + 1, needed)
    else:
        fault = _fault(value, needed)
        if fault:
            yield f"{shown(name)}: {fault}"


def _fault(value: object, needed: str) -> Optional[str]:
    """Why a single value cannot be written."""
    if isinstance(value, bytes):
        return f"{needed} is needed, not bytes; bytes have a method decode()"
    if value is not None and not isinstance(value, (str, int, float)):
        return f"{needed} is needed, not {type(value).__name__}"
    try:
        if isinstance(value, str):
            value.encode()
        else:
            _encode(value)
    except UnicodeEncodeError as error:
        return f"character {error.start} is half of a surrogate pair, no text"
    except ValueError:
        is_float = isinstance(value, float)
        return f"{value} is no number to send" if is_float else "the number has too many digits"
    return None
