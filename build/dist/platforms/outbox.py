"""Keeps leads in an outbox until it is killed, and prints the address of each that is kept.

``outbox.py keep PREFIX [THREADS]``: the addresses begin with the prefix.
``outbox.py deliver`` sends what is kept.
"""

from __future__ import annotations

import itertools
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import justclick


def keep(outbox: justclick.Outbox, prefix: str) -> None:
    """Ends with a failure alone."""
    for number in itertools.count(1):
        email = f"{prefix}-{number}@b.ru"
        outbox.add(email=email, groups=["super"])
        # Whole lines, from however many threads.
        os.write(1, f"{email}\n".encode())


def main(command: str, prefix: str = "", threads: str = "1") -> None:
    """Has one outbox for all threads."""
    client = justclick.Client(
        os.environ["JUSTCLICK_USERNAME"],
        os.environ["JUSTCLICK_SECRET"],
        base_url=os.environ["JUSTCLICK_BASE_URL"],
        ca_file=os.environ["JUSTCLICK_CA_FILE"],
    )
    with client, justclick.Outbox(os.environ["JUSTCLICK_OUTBOX"], client) as outbox:
        if command == "deliver":
            print(outbox.deliver(in_flight=8))
            return
        with ThreadPoolExecutor(int(threads)) as pool:
            prefixes = [f"{prefix}-{thread}" for thread in range(int(threads))]
            list(pool.map(lambda own: keep(outbox, own), prefixes))


main(*sys.argv[1:])
