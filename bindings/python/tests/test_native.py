"""The prototypes are the header's, and so are versions and statuses."""

from __future__ import annotations

import ctypes
import re
from typing import Any

from conftest import ROOT

from justclick import (
    Disposition,
    InvalidArgument,
    JustClickError,
    Outcome,
    Rejected,
    _loading,
    _native,
    _version,
    errors,
)

#: What ctypes marks a function with that is called with Python's lock held.
PYTHON_API = 4

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
    "jc_outbox *": _native.HANDLE,
    "jc_outbox **": ctypes.POINTER(_native.HANDLE),
    "int64_t *": ctypes.POINTER(ctypes.c_int64),
}


def kind(declaration: str) -> Any:
    """The type of ``const char *name`` or ``size_t name``."""
    words = re.sub(r"\b(const|struct)\b", "", declaration).strip()
    if words == "int32_t (*check)(void)":
        return _native.CHECK
    found = re.fullmatch(r"(\w+)\s*(\**)\s*\w+", words)
    assert found, declaration
    name, stars = found.groups()
    return TYPES[f"{name} {stars}" if stars else name]


def declared() -> dict[str, tuple[Any, list[Any]]]:
    text = re.sub(r"/\*.*?\*/", "", HEADER, flags=re.DOTALL)
    functions = {}
    for result, name, arguments in re.findall(
        r"^([\w *]+?)\b(jc_\w+)\((.*?)\);", text, re.M | re.S
    ):
        parts = [] if arguments == "void" else arguments.split(",")
        functions[name] = (kind(f"{result}x"), [kind(part) for part in parts])
    return functions


def test_every_prototype_is_the_header_s() -> None:
    ours = {**_native.VERSION, **_native.WAITING, **_native.SHORT}
    theirs = declared()
    assert len(theirs) == 45
    assert ours == theirs


def test_the_versions_are_the_header_s() -> None:
    assert f'#define JC_VERSION "{_version.VERSION}"\n' in HEADER
    assert f"#define JC_ABI_VERSION {_version.ABI_VERSION}\n" in HEADER


def enum(name: str, count: int) -> dict[str, int]:
    body = HEADER.partition(f"typedef enum {name}")[2].partition("}")[0]
    found = {each: int(number) for each, number in re.findall(r"JC_(\w+) = (-?\d+),", body)}
    assert len(found) == count
    return found


def test_outcomes_and_dispositions_are_the_header_s() -> None:
    of_failures = {"OUTCOME_NONE", "OUTCOME_REJECTED"}
    outcomes = {name: n for name, n in enum("jc_outcome", 6).items() if name not in of_failures}
    assert outcomes == {each.name: each.value for each in Outcome if each is not Outcome.OTHER}
    for each in Outcome:
        if each is not Outcome.OTHER:
            assert _loading.library().jc_outcome_name(each.value).decode() == str(each)
    assert enum("jc_disposition", 4) == {each.name: each.value for each in Disposition}


def test_what_waits_lets_other_threads_run_and_what_does_not_wait_keeps_them() -> None:
    library = vars(_loading.library())
    short = {*_native.VERSION, *_native.SHORT}
    keeping = {name for name, function in library.items() if function._flags_ & PYTHON_API}
    assert keeping == short
    waiting = {"jc_add_lead", "jc_call"} | {name for name in library if "outbox" in name}
    waiting -= {"jc_outbox_statement"}
    assert len(waiting) == 11
    assert set(library) - keeping == waiting


def test_every_status_has_its_class() -> None:
    statuses = enum("jc_status_code", 13)
    del statuses["OK"]
    assert set(statuses.values()) == set(errors.CLASSES)
    assert JustClickError not in errors.CLASSES.values()
    assert type(errors.failure("", errors.Details(status=77))) is Rejected
    assert type(errors.failure("", errors.Details(status=-77))) is JustClickError
    assert errors.CLASSES[statuses["UNKNOWN_NAME"]] is InvalidArgument
