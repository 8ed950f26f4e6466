"""How long it takes to keep a lead.

By the outbox, and by an insert through ``sqlite3`` with the same durability, in the folder
that is given; each alone and beside a thread that computes. Prints a name, the median and the 99th
percentile in microseconds for each.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Callable
from urllib.parse import urlencode

import justclick

ROUNDS = 2000
#: Each may wait for the computing thread to give up the interpreter.
ROUNDS_BESIDE = 300
SYNCHRONOUS = {"power": "full", "crash": "normal"}


def lead(number: int) -> dict[str, object]:
    """One that is new."""
    return {
        "rid[0]": "super",
        "lead_email": f"python{number}@email.com",
        "lead_name": "Somebody",
        "lead_phone": "+70000000000",
        "utm[utm_medium]": "email",
    }


def took(name: str, rounds: int, keep: Callable[[int], object]) -> None:
    """Keeps so many, and prints what one took."""
    times = []
    for number in range(rounds):
        began = time.perf_counter_ns()
        keep(number)
        times.append((time.perf_counter_ns() - began) / 1000)
    times.sort()
    print(f"{name}\t{times[rounds // 2]:.1f}\t{times[rounds * 99 // 100]:.1f}")


@contextmanager
def computing() -> Iterator[None]:
    """A thread that never waits."""
    is_over = threading.Event()

    def compute() -> None:
        while not is_over.is_set():
            sum(range(1000))

    thread = threading.Thread(target=compute)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def inserts(folder: Path, durability: str, rounds: int, beside: str) -> None:
    """By Python's own library, each in a transaction."""
    path = folder / f"sqlite3-{durability}-{rounds}"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute(f"pragma synchronous = {SYNCHRONOUS[durability]}")
        connection.execute(
            "create table lead (id integer primary key, key text unique, query text)"
        )

        def insert(number: int) -> None:
            query = urlencode(lead(number))
            key = hashlib.sha256(query.encode()).hexdigest()
            connection.execute("insert into lead (key, query) values (?, ?)", (key, query))

        took(f"Python, an insert through sqlite3, `{durability}`{beside}", rounds, insert)


def adds(folder: Path, durability: str, rounds: int, beside: str) -> None:
    """By the outbox."""
    client = justclick.Client("username", "secret")
    path = folder / f"python-{durability}-{rounds}"
    with justclick.Outbox(path, client, durability=durability) as outbox:  # type: ignore[arg-type]
        name = f"Python, **`add`**, `{durability}`{beside}"
        took(name, rounds, lambda number: outbox.add(lead(number)))


def main(folder: Path) -> None:
    """All of them."""
    for durability in SYNCHRONOUS:
        for keep in (inserts, adds):
            keep(folder, durability, ROUNDS, "")
            with computing():
                keep(folder, durability, ROUNDS_BESIDE, ", beside a computing thread")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
