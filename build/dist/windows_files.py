"""Looks whether files for Windows keep their promises."""

from __future__ import annotations

import re
from pathlib import Path

from faults import LARGEST_LIBRARY, check_names, expect, said

WINDOWS = "x86_64-windows"
TOOL = "x86_64-w64-mingw32"
#: What each Windows has since version 10.
DLLS = {
    "advapi32.dll",
    "api-ms-win-core-synch-l1-2-0.dll",
    "bcrypt.dll",
    "bcryptprimitives.dll",
    "crypt32.dll",
    "kernel32.dll",
    "msvcrt.dll",
    "ncrypt.dll",
    "ntdll.dll",
    "secur32.dll",
    "user32.dll",
    "userenv.dll",
    "ws2_32.dll",
}


def check_windows(path: Path, where: str, functions: set[str]) -> None:
    """What holds for a DLL and for a program for Windows."""
    headers = said(f"{TOOL}-objdump", "-p", path)
    for flag in ("HIGH_ENTROPY_VA", "DYNAMIC_BASE", "NX_COMPAT"):
        expect(flag in headers, f"{where}: is without {flag}")
    time = re.search(r"^Time/Date\s+(.*)", headers, re.MULTILINE)
    expect(time is not None and "1970" in time[1], f"{where}: says when it was built")
    names = {name.lower() for name in re.findall(r"DLL Name: (.*)", headers)}
    extra = names - DLLS
    expect(not extra, f"{where}: needs {sorted(extra)}, which not each Windows has")
    symbols = said(f"{TOOL}-objdump", "-t", path)
    expect("no symbols" in symbols, f"{where}: is not stripped")
    if path.suffix == ".dll":
        table = headers.partition("[Ordinal/Name Pointer] Table")[2]
        exported = re.findall(r"^\s+\[ *[0-9]+\].* (\w+)$", table, re.MULTILINE)
        check_names(set(exported), functions, where)
        size = path.stat().st_size
        expect(size <= LARGEST_LIBRARY, f"{where}: has {size} bytes")


def check_import_library(path: Path, where: str, functions: set[str]) -> None:
    """A C compiler finds the functions in it, and by it the DLL."""
    lines = said(f"{TOOL}-nm", "--defined-only", "--format=posix", path).splitlines()
    check_names({line.split()[0] for line in lines if " T " in line}, functions, where)
    expect(b"justclick.dll" in path.read_bytes(), f"{where}: names no justclick.dll")
