"""One client in a parent and its children, who all send at the same time over TLS."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Optional, cast

import pytest
from conftest import SECRET, Sandbox

from justclick import Client, Outcome

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

CHILDREN = 4
LEADS = 400
FORKS = 25


@pytest.fixture
def client(encrypted: Sandbox) -> Iterator[Client]:
    with Client("username", SECRET, base_url=encrypted.url, ca_file=str(encrypted.ca_file)) as made:
        yield made


def add(client: Client, name: str) -> None:
    """An answer to another's lead would say that the contact is known, or sooner or later fail."""
    result = client.add_lead(f"{name}@b.ru", ["super"])
    assert (result.outcome, len(result.attempts)) == (Outcome.ADDED, 1)


class Child:
    """What a child of the pool has from its parent."""

    client: Client

    @classmethod
    def begin(cls, client: Client, barrier: Any) -> None:
        cls.client = client
        if barrier is not None:
            barrier.wait(timeout=60)


def add_in_child(number: int) -> int:
    add(Child.client, f"child{number}")
    return os.getpid()


@pytest.mark.parametrize("tasks_of_a_child", [None, 10])
def test_a_pool_and_its_parent_send_with_one_client(
    encrypted: Sandbox, client: Client, tasks_of_a_child: Optional[int]
) -> None:
    """With few tasks for each child, the pool's thread forks while the parent is sending."""
    context = cast(Any, multiprocessing.get_context("fork"))
    before = encrypted.books()["connections"]
    add(client, "first")
    barrier = context.Barrier(CHILDREN + 1) if tasks_of_a_child is None else None
    with context.Pool(CHILDREN, Child.begin, (client, barrier), tasks_of_a_child) as pool:
        if barrier is not None:
            barrier.wait(timeout=60)
        children = pool.map_async(add_in_child, range(LEADS), chunksize=1)
        sent = 0
        while not children.ready() or sent < LEADS // CHILDREN:
            add(client, f"parent{sent}")
            sent += 1
        pids = set(children.get())
        pool.close()
        pool.join()
    add(client, "last")
    assert len(pids) >= (2 if tasks_of_a_child is None else LEADS // 10)
    books = encrypted.books()
    arrived = sorted(contact["email"] for contact in books["contacts"])
    expected = [f"child{number}@b.ru" for number in range(LEADS)]
    expected += [f"parent{number}@b.ru" for number in range(sent)]
    assert arrived == sorted([*expected, "first@b.ru", "last@b.ru"])
    assert books["requests"] == len(arrived)
    # The parent's, one for each child that sent, and this look.
    assert books["connections"] - before == 1 + len(pids) + 1


def test_a_fork_while_other_threads_are_sending(encrypted: Sandbox, client: Client) -> None:
    before = encrypted.books()["connections"]
    end = threading.Event()

    def send(thread: int) -> int:
        number = 0
        while not end.is_set():
            add(client, f"thread{thread}.{number}")
            number += 1
        return number

    with ThreadPoolExecutor(CHILDREN) as threads:
        counts = [threads.submit(send, thread) for thread in range(CHILDREN)]
        try:
            codes = [wait(fork(client, child)) for child in range(FORKS)]
        finally:
            end.set()
    assert codes == [0] * FORKS
    sent = sum(count.result() for count in counts)
    assert sent > FORKS
    books = encrypted.books()
    assert len(books["contacts"]) == books["requests"] == sent + 3 * FORKS
    # At most one for each thread, one for each child, and this look: none was cut and made anew.
    assert FORKS + 1 < books["connections"] - before <= CHILDREN + FORKS + 1


def fork(client: Client, child: int) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            for number in range(3):
                add(client, f"forked{child}.{number}")
            client.close()
            os._exit(0)
        finally:
            os._exit(1)
    return pid


def wait(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
