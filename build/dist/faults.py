"""What does not keep its promise, told in the end."""

from __future__ import annotations

import subprocess

#: No library that is shipped is larger, in bytes.
LARGEST_LIBRARY = 6 << 20

faults: list[str] = []


def expect(is_so: bool, what: str) -> None:
    """Notes a fault where it is not so."""
    if not is_so:
        faults.append(what)


def said(*command: object) -> str:
    """What a command prints; that it fails is a fault."""
    words = [str(word) for word in command]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    expect(ended.returncode == 0, f"{' '.join(words)}: {ended.stderr}")
    return ended.stdout


def check_names(found: set[str], functions: set[str], where: str) -> None:
    """The header's functions are there, and nothing else."""
    others = sorted(found - functions)
    expect(not others, f"{where}: offers {others[:5]}, which the header has not")
    missing = sorted(functions - found)
    expect(not missing, f"{where}: lacks {missing[:5]}, which the header has")
