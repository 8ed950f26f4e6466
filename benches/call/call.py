"""Prints what a call of two short functions costs, in nanoseconds.

JUSTCLICK_CALL names ctypes' class that loads the library: CDLL gives up the lock of Python's
interpreter for each call, and PyDLL keeps it.
"""

from __future__ import annotations

import ctypes
import os
import timeit

CALLS = 100_000
ROUNDS = 20
REJECTED = 1

library = getattr(ctypes, os.environ["JUSTCLICK_CALL"])(os.environ["JUSTCLICK_LIBRARY"])
version, status_name = library.jc_version, library.jc_status_name
version.argtypes, version.restype = [], ctypes.c_char_p
status_name.argtypes, status_name.restype = [ctypes.c_int32], ctypes.c_char_p


def best(statement: str) -> float:
    """The best of some rounds, since machines are shared and noisy."""
    rounds = timeit.repeat(statement, globals=globals(), repeat=ROUNDS, number=CALLS)
    return min(rounds) / CALLS * 1e9


loop = best("pass")
print(f"{best('version()') - loop:.2f} {best('status_name(REJECTED)') - loop:.2f}")
