"""Measures what the programs beside this file send."""

from __future__ import annotations

import json
import os
import re
import threading
import time
from pathlib import Path
from typing import Callable

URL = os.environ["JUSTCLICK_BASE_URL"]
CA_FILE = os.environ["JUSTCLICK_CA_FILE"]
USERNAME = "username"
SECRET = "X" * 40
LEAD: dict[str, str] = json.loads((Path(__file__).parents[1] / "lead.json").read_text())

Send = Callable[[], object]


def measure(make: Callable[[], Send]) -> None:
    """Sends leads for a while with one or more in flight, and prints what it took in one line.

    That is the median and the 99th percentile of a call's wall time and its CPU time in
    nanoseconds, the leads a second, and the most memory that the process had in KiB.
    JUSTCLICK_SECONDS says how long, and JUSTCLICK_IN_FLIGHT how many threads send at once. Without
    the former one lead is sent, and nothing printed. ``make`` makes what sends a lead.
    """
    seconds = float(os.environ.get("JUSTCLICK_SECONDS", "0"))
    if not seconds:
        make()()
        return
    runs = [Run(make, seconds) for _ in range(int(os.environ["JUSTCLICK_IN_FLIGHT"]))]
    start = threading.Barrier(len(runs) + 1)
    threads = [threading.Thread(target=run, args=[start]) for run in runs]
    for thread in threads:
        thread.start()
    start.wait()
    cpu = time.process_time_ns()
    start.wait()
    for thread in threads:
        thread.join()
    cpu = time.process_time_ns() - cpu
    if not all(run.wall for run in runs):
        raise SystemExit("a thread has failed")
    count = sum(len(run.wall) for run in runs)
    duration = max(run.end for run in runs) - min(run.start for run in runs)
    wall = sorted(runs[0].wall)
    median, last = wall[len(wall) // 2], wall[len(wall) * 99 // 100]
    print(median, last, cpu // count, f"{count / duration * 1e9:.1f}", most_memory())


class Run:
    """The calls of one thread."""

    def __init__(self, make: Callable[[], Send], seconds: float) -> None:
        """Sends nothing yet."""
        self.make = make
        self.seconds = seconds
        self.wall: list[int] = []
        self.start = self.end = 0

    def __call__(self, start: threading.Barrier) -> None:
        """Sends until the time is over, a tenth of it for warming up."""
        try:
            send = self.make()
            warm = time.perf_counter_ns() + int(self.seconds * 1e8)
            send()
            while time.perf_counter_ns() < warm:
                send()
            start.wait()
            start.wait()
        except BaseException:
            start.abort()
            raise
        now = self.start = time.perf_counter_ns()
        end = now + int(self.seconds * 1e9)
        while now < end:
            before = now
            send()
            now = time.perf_counter_ns()
            self.wall.append(now - before)
        self.end = now


def most_memory() -> int:
    """In KiB."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"^VmHWM:\s+(\d+)", status, re.MULTILINE)
    return int(found[1]) if found else 0
