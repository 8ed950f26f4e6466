"""One outbox in a parent and its children."""

from __future__ import annotations

import multiprocessing
import os
import threading
from pathlib import Path
from typing import Any, cast

import pytest
from conftest import SECRET, Sandbox, accounted

from justclick import Client, NotStored, Outbox

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

CHILDREN = 3
LEADS = 30


class Child:
    """What a child of a pool has from its parent."""

    outbox: Outbox

    @classmethod
    def begin(cls, outbox: Outbox) -> None:
        cls.outbox = outbox


def add_in_child(number: int) -> tuple[int, int]:
    """The process, and the lead's number."""
    return os.getpid(), Child.outbox.add(f"child{number}@b.ru", ["super"])


def deliver_in_child(_: int) -> int:
    return Child.outbox.deliver(leads=1).delivered


def test_a_pool_and_its_parent_use_one_outbox(sandbox: Sandbox, tmp_path: Path) -> None:
    context = cast(Any, multiprocessing.get_context("fork"))
    with (
        Client("username", SECRET, base_url=sandbox.url) as client,
        Outbox(tmp_path / "leads.db", client) as outbox,
        accounted(outbox) as ids,
    ):
        ids.add(outbox.add("before@b.ru", ["super"]))
        with context.Pool(CHILDREN, Child.begin, (outbox,)) as pool:
            children = pool.map_async(add_in_child, range(LEADS), chunksize=1)
            ids |= {outbox.add(f"parent{number}@b.ru", ["super"]) for number in range(LEADS)}
            told = children.get(60)
            ids |= {number for _, number in told}
            delivered = sum(pool.map(deliver_in_child, range(LEADS), chunksize=1))
            pool.close()
            pool.join()
        assert len({pid for pid, _ in told}) > 1
        assert delivered + outbox.deliver().delivered == len(ids) == 1 + 2 * LEADS
    assert len(sandbox.emails()) == sandbox.books()["requests"] == 1 + 2 * LEADS


def add_at(location: str, base_url: str, number: int) -> int:
    with (
        Client("username", SECRET, base_url=base_url) as client,
        Outbox(location, client) as outbox,
    ):
        return outbox.add(f"{number}@b.ru", ["super"])


@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
def test_processes_that_open_it_anew_share_it(
    sandbox: Sandbox, tmp_path: Path, method: str
) -> None:
    path = tmp_path / "leads.db"
    with Client("username", SECRET, base_url=sandbox.url) as client, Outbox(path, client) as outbox:
        context = cast(Any, multiprocessing.get_context(method))
        with context.Pool(CHILDREN) as pool, accounted(outbox) as ids:
            tasks = [(str(path), sandbox.url, number) for number in range(LEADS)]
            ids |= set(pool.starmap(add_at, tasks, chunksize=1))
            with pytest.raises(NotStored, match="no such folder"):
                pool.starmap(add_at, [("/nonexistent/leads.db", sandbox.url, 1)])
            pool.close()
            pool.join()
            assert outbox.deliver(in_flight=2).delivered == len(ids) == LEADS
    assert len(sandbox.emails()) == LEADS


def test_children_are_forked_while_a_run_waits_for_the_service(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    """Each child adds its lead, or is told that it cannot, since a thread was inside SQLite."""
    path = tmp_path / "leads.db"
    with Client("username", SECRET, base_url=sandbox.url) as client, Outbox(path, client) as outbox:
        is_over = threading.Event()
        delivered: list[int] = []

        def deliver() -> None:
            while not is_over.wait(0.001):
                delivered.append(outbox.deliver().delivered)

        thread = threading.Thread(target=deliver)
        thread.start()
        try:
            codes = [wait(fork(outbox, child)) for child in range(20)]
        finally:
            is_over.set()
            thread.join()
        assert set(codes) <= {0, 40}
        with accounted(outbox, set(range(1, 1 + codes.count(0)))):
            assert sum(delivered) + outbox.deliver().delivered == codes.count(0)
    added = [f"child{child}@b.ru" for child, code in enumerate(codes) if code == 0]
    assert sandbox.emails() == sorted(added)


def fork(outbox: Outbox, child: int) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            outbox.add(f"child{child}@b.ru", ["super"])
            outbox.close()
            os._exit(0)
        except NotStored as error:
            os._exit(40 if "made by fork while another thread" in str(error) else 2)
        finally:
            os._exit(1)
    return pid


def wait(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
