"""Which library this Python can load: by machine, system and C library."""

from __future__ import annotations

import ctypes
import platform
import struct
import sys
from typing import NamedTuple

from ._elf_file import ElfFile

#: What systems call the machines that files name otherwise.
_MACHINES = {
    "amd64": "x86_64",
    "arm64": "aarch64",
    "i686": "i386",
    "armv6l": "arm",
    "armv7l": "arm",
}
#: The folder of the system, and what the library's file is called there.
_SYSTEMS = {"darwin": ("macos", "libjustclick.dylib"), "win32": ("windows", "justclick.dll")}


class Platform(NamedTuple):
    """Where a library has to run."""

    #: As files name it, such as x86_64.
    machine: str
    bits: int
    #: As `sys.platform`.
    system: str
    #: `gnu` or `musl`; it counts on Linux alone.
    libc: str

    @property
    def name(self) -> str:
        """The folder of its library in the package, such as x86_64-linux-musl."""
        if self.system == "linux":
            return f"{self.machine}-linux-{self.libc}"
        return f"{self.machine}-{_SYSTEMS.get(self.system, (self.system, ''))[0]}"

    @property
    def file(self) -> str:
        """What its library's file is called."""
        return _SYSTEMS.get(self.system, ("", "libjustclick.so"))[1]

    @property
    def installed(self) -> str:
        """What the system's loader is asked for."""
        return self.file if self.system in _SYSTEMS else "libjustclick.so.0"

    @property
    def has_elf_files(self) -> bool:
        return self.system not in _SYSTEMS


def here() -> Platform:
    """Where the program that asks runs."""
    machine = _of_this_program() or platform.machine().lower()
    return Platform(
        _MACHINES.get(machine, machine), struct.calcsize("P") * 8, sys.platform, _libc()
    )


def _of_this_program() -> str:
    """The system's own machine may have more bits."""
    try:
        with open("/proc/self/exe", "rb") as file:
            program = ElfFile.of(file)
            return program.machine() if program else ""
    except OSError:
        return ""


def _libc() -> str:
    if sys.platform != "linux":
        return ""
    return "gnu" if hasattr(ctypes.CDLL(None), "gnu_get_libc_version") else "musl"
