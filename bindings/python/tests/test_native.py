"""The prototypes are the header's, and so are versions and statuses."""

from __future__ import annotations

import ctypes
import re
from typing import Any

from conftest import ROOT

from justclick import InvalidArgument, JustClickError, Rejected, _native, _version, errors

HEADER = (ROOT / "include/justclick.h").read_text("utf-8")
TYPES: dict[str, Any] = {
    "void": None,
    "bool": ctypes.c_bool,
    "int32_t": ctypes.c_int32,
    "uint32_t": ctypes.c_uint32,
    "size_t": ctypes.c_size_t,
    "jc_status": ctypes.c_int32,
    "char *": ctypes.c_char_p,
    "void *": ctypes.c_void_p,
    "jc_client *": _native.HANDLE,
    "jc_lead *": _native.HANDLE,
    "jc_request *": _native.HANDLE,
    "jc_result *": _native.HANDLE,
    "jc_client **": ctypes.POINTER(_native.HANDLE),
    "jc_request **": ctypes.POINTER(_native.HANDLE),
    "jc_result **": ctypes.POINTER(_native.HANDLE),
}


def kind(declaration: str) -> Any:
    """The type of ``const char *name`` or ``size_t name``."""
    words = re.sub(r"\b(const|struct)\b", "", declaration).strip()
    found = re.fullmatch(r"(\w+)\s*(\**)\s*\w+", words)
    assert found, declaration
    name, stars = found.groups()
    return TYPES[f"{name} {stars}" if stars else name]


def declared() -> dict[str, tuple[Any, list[Any]]]:
    text = re.sub(r"/\*.*?\*/", "", HEADER, flags=re.DOTALL)
    functions = {}
    for result, name, arguments in re.findall(r"^([\w *]+?)\b(jc_\w+)\(([^)]*)\);", text, re.M):
        parts = [] if arguments == "void" else arguments.split(",")
        functions[name] = (kind(f"{result}x"), [kind(part) for part in parts])
    return functions


def test_every_prototype_is_the_header_s() -> None:
    ours = {**_native.VERSION, **_native.WAITING, **_native.SHORT}
    theirs = declared()
    assert len(theirs) == 26
    assert ours == theirs


def test_the_versions_are_the_header_s() -> None:
    assert f'#define JC_VERSION "{_version.VERSION}"\n' in HEADER
    assert f"#define JC_ABI_VERSION {_version.ABI_VERSION}\n" in HEADER


def test_every_status_has_its_class() -> None:
    enum = HEADER.partition("typedef enum jc_status_code")[2].partition("}")[0]
    statuses = {name: int(number) for name, number in re.findall(r"(JC_\w+) = (-?\d+),", enum)}
    assert len(statuses) == 12
    del statuses["JC_OK"]
    assert set(statuses.values()) == set(errors.CLASSES)
    assert JustClickError not in errors.CLASSES.values()
    assert type(errors.failure("", errors.Details(status=77))) is Rejected
    assert type(errors.failure("", errors.Details(status=-77))) is JustClickError
    assert errors.CLASSES[statuses["JC_UNKNOWN_NAME"]] is InvalidArgument
