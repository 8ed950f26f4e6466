"""Adds 200 leads from eight threads at once by one client, where Python lets them run at once."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import justclick

THREADS, EACH = 8, 25

client = justclick.Client(
    os.environ["JUSTCLICK_USERNAME"],
    os.environ["JUSTCLICK_SECRET"],
    base_url=os.environ["JUSTCLICK_BASE_URL"],
    ca_file=os.environ["JUSTCLICK_CA_FILE"],
)


def add(thread: int) -> None:
    """Adds one thread's leads."""
    for number in range(EACH):
        client.add_lead(f"thread-{thread}-{number}@b.ru", groups=["super"])


with client, ThreadPoolExecutor(THREADS) as pool:
    list(pool.map(add, range(THREADS)))
# After all is loaded, since a module may switch the lock on.
if sys._is_gil_enabled():  # type: ignore[attr-defined,unused-ignore]
    sys.exit("Python's lock is on")
