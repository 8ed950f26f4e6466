"""Measures what the three programs beside this file send."""

from __future__ import annotations

import os
import time
from typing import Callable

URL = os.environ["JUSTCLICK_BASE_URL"]
CA_FILE = os.environ["JUSTCLICK_CA_FILE"]
CALLS = int(os.environ["JUSTCLICK_CALLS"])
USERNAME = "username"
SECRET = "X" * 40


def measure(send: Callable[[], object]) -> None:
    """Calls ``send`` until it is warm, then prints the times of a call in nanoseconds.

    They are the median and the 99th percentile of the wall time, and the CPU time.
    """
    for _ in range(50):
        send()
    wall = []
    cpu = time.process_time_ns()
    for _ in range(CALLS):
        start = time.perf_counter_ns()
        send()
        wall.append(time.perf_counter_ns() - start)
    cpu = time.process_time_ns() - cpu
    wall.sort()
    print(wall[CALLS // 2], wall[CALLS * 99 // 100], cpu // CALLS)
