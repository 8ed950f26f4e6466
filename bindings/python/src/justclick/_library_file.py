"""What is wrong with a file that should be the library."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import Optional

from ._elf_file import ElfFile
from ._platform import Platform

#: What the system's loader says of a library for another libc.
_OTHER_LIBC = re.compile(r"libc\.musl|\blibc\.so:|ld-musl|ld-linux|Error relocating")


def fault(path: Path, platform: Platform) -> Optional[str]:
    """What can be seen before the file is loaded; `None` where that is nothing."""
    if not platform.has_elf_files:
        return None
    try:
        with path.open("rb") as file:
            library = ElfFile.of(file)
            return _fault_of(library, path.stat().st_size, platform) if library else None
    except struct.error:
        return "is cut off. Copy it again"
    except OSError:
        return None


def _fault_of(library: ElfFile, size: int, platform: Platform) -> Optional[str]:
    own = f"{platform.machine}, {platform.bits} bits"
    its = f"{library.machine()}, {library.bits} bits"
    if its != own:
        return (
            f"is for another machine: it is for {its}, and this Python for {own}. Install the "
            "library that was built for this machine, or build it here"
        )
    # Such a file can be mapped, and then ends Python by a signal.
    end = library.end()
    if size < end:
        return f"is cut off: it has {size} bytes of {end}. Copy it again"
    libc = library.libc()
    if libc and libc != platform.libc:
        return _other_libc(f"it needs {libc}, and this Python runs with {platform.libc}")
    return None


def reason(words: str) -> str:
    """What the words of the system's loader mean, and what to do."""
    needed = re.search(r"GLIBC_[\d.]+", words)
    if needed:
        return (
            f"needs a newer system library ({needed[0]}) than this machine's. Install the library "
            "that was built for this system, or build it here"
        )
    return _other_libc(words) if _OTHER_LIBC.search(words) else words


def _other_libc(why: str) -> str:
    return (
        f"was built for another system library (libc) than this machine's: {why}. Install the "
        "library that was built for this system (Alpine has musl, most others glibc), or build it "
        "here"
    )
