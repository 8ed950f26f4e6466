"""Finds the shared library and opens it, or says what stands in the way."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Optional

from . import _library_file, _native, _platform
from ._platform import Platform
from ._version import ABI_VERSION, VERSION
from .errors import LibraryNotUsable

#: The functions of the library by their names.
Library = SimpleNamespace

FOLDER = Path(__file__).parent

_lock = threading.Lock()
_opened: Optional[Library] = None


def library() -> Library:
    """The library, opened with the first call."""
    global _opened
    if _opened is None:
        with _lock:
            if _opened is None:
                _opened = _open()
    return _opened


def _after_fork_in_child() -> None:
    # Another thread of the parent may have held the lock at the fork.
    global _lock
    _lock = threading.Lock()


if sys.platform != "win32":
    os.register_at_fork(after_in_child=_after_fork_in_child)


def _places(platform: Platform) -> list[str]:
    """A place that was named is the only one.

    Else it is what was built into the package, what the package came with, and the system's.
    """
    named = os.environ.get("JUSTCLICK_LIBRARY")
    if named:
        return [named]
    file = platform.file
    return [str(FOLDER / file), str(FOLDER / "lib" / platform.name / file), platform.installed]


def _open() -> Library:
    platform = _platform.here()
    failures = []
    for place in _places(platform):
        fault = _library_file.fault(Path(place), platform) if os.path.dirname(place) else None
        if fault is None:
            try:
                found = ctypes.CDLL(place)
            except OSError as failure:
                fault = _library_file.reason(str(failure))
            else:
                return _functions(place, found)
        failures.append(fault if fault.startswith(place) else f"{place}: {fault}")
    raise LibraryNotUsable(
        f"the justclick library was not found or not loaded. This Python is {platform.name}"
        f"{_others()}. Looked at: {'; '.join(failures)}. Install the library, or name its file by "
        "the environment variable JUSTCLICK_LIBRARY."
    )


def _others() -> str:
    """What the package has for others."""
    found = sorted(path.name for path in FOLDER.glob("lib/*/"))
    return f", and the package has the library for {', '.join(found)}" if found else ""


def _functions(place: str, found: ctypes.CDLL) -> Library:
    """Those that wait give up Python's lock, as ``CDLL`` does; the others keep it."""
    short = ctypes.PyDLL(place, handle=found._handle)
    try:
        versions = _native.declared(short, _native.VERSION)
    except AttributeError as failure:
        raise LibraryNotUsable(f"{place} is not the justclick library: {failure}") from None
    version = versions["jc_version"]().decode()
    interface = versions["jc_abi_version"]()
    if interface != ABI_VERSION:
        raise _other_version(place, f"{version} with the interface {interface}")
    try:
        waiting = _native.declared(found, _native.WAITING)
        return Library(**versions, **waiting, **_native.declared(short, _native.SHORT))
    except AttributeError as failure:
        raise _other_version(place, f"{version}, which is too old: {failure}") from None


def _other_version(place: str, found: str) -> LibraryNotUsable:
    return LibraryNotUsable(
        f"{_path(place)} is version {found}; this package is version {VERSION} with the "
        f"interface {ABI_VERSION}. Install the library of the same version."
    )


def _path(place: str) -> str:
    """Where the system found what has no path."""
    if "/" not in place:
        try:
            for line in Path("/proc/self/maps").read_text().splitlines():
                path = line.partition("/")[2]
                if f"/{path}".rpartition("/")[2].startswith(place):
                    return f"/{path}"
        except OSError:
            pass
    return place
