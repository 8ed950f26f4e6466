"""The outbox for asyncio: the loop goes on, cancelling, its end."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, cast

import pytest
from conftest import SECRET, Hanging, Sandbox, accounted

from justclick import (
    AsyncClient,
    AsyncOutbox,
    Disposition,
    Interrupted,
    InvalidArgument,
    NotStored,
)

MANY = 100
#: An attempt that nothing ends lasts this long, and the tests' bounds are far from it.
SETTINGS: dict[str, Any] = {"timeout_ms": 60_000, "attempt_timeout_ms": 60_000}


def own_threads() -> list[str]:
    return [each.name for each in threading.enumerate() if each.name.startswith("justclick")]


def test_leads_are_kept_and_delivered(sandbox: Sandbox, tmp_path: Path) -> None:
    async def use() -> None:
        async with (
            AsyncClient("username", SECRET, base_url=sandbox.url) as client,
            AsyncOutbox(tmp_path / "leads.db", client) as outbox,
        ):
            assert repr(outbox) == "<justclick.AsyncOutbox>"
            with accounted(outbox._outbox) as ids:
                adds = [outbox.add(f"{number}@b.ru", ["super"]) for number in range(MANY)]
                ids |= set(await asyncio.gather(*adds))
                ids.add(await outbox.add({"rid": ["nowhere"], "lead_email": "a@b.ru"}, key="17"))
                assert len(own_threads()) <= 4
                assert (await outbox.status()).waiting == MANY + 1
                report = await outbox.deliver(in_flight=4)
                assert (report.delivered, report.dead) == (MANY, 1)
                [dead] = await outbox.dead(with_leads=True)
                assert dead.lead == {"rid[0]": "nowhere", "lead_email": "a@b.ru"}
                assert [each.id for each in await outbox.list(state="dead", limit=1)] == [dead.id]
                assert await outbox.retry(ids=[dead.id]) == 1
                assert await outbox.drop(ids=[dead.id]) == 1

    asyncio.run(use())
    assert len(sandbox.emails()) == MANY
    assert own_threads() == []


def test_the_loop_goes_on_and_leads_are_kept_while_all_runs_wait() -> None:
    async def use() -> None:
        with Hanging() as server:
            async with (
                AsyncClient("username", SECRET, base_url=server.url) as client,
                AsyncOutbox(":memory:", client, limit=2, durability="crash") as outbox,
            ):
                with accounted(outbox._outbox) as ids:
                    for number in range(4):
                        ids.add(await outbox.add(f"{number}@b.ru", ["g"]))
                    runs = [asyncio.create_task(outbox.deliver(leads=1)) for _ in range(4)]
                    while len(server.bodies) < 2:
                        await asyncio.sleep(0.01)
                    ids.add(await outbox.add("more@b.ru", ["g"]))
                    assert (await outbox.status()).leased == 2
                    assert len(server.bodies) == 2
                    server.answer_all()
                    assert sum([(await run).delivered for run in runs]) == 4
                    assert (await outbox.deliver()).delivered == 1

    asyncio.run(use())


#: Has the file for itself until it is told to end.
HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("begin immediate")
print("held", flush=True)
sys.stdin.read()
"""


def test_the_loop_goes_on_while_another_process_has_the_file(tmp_path: Path) -> None:
    path = tmp_path / "leads.db"

    async def use() -> None:
        async with (
            AsyncClient("username", SECRET) as client,
            AsyncOutbox(path, client, busy_timeout_ms=60_000) as outbox,
        ):
            pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
            with subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], **pipes) as holder:
                assert holder.stdout and holder.stdout.readline() == b"held\n"
                with accounted(outbox._outbox) as ids:
                    add = asyncio.create_task(outbox.add("a@b.ru", ["g"]))
                    for _ in range(20):
                        await asyncio.sleep(0.01)
                    assert not add.done()
                    holder.communicate()
                    ids.add(await add)

    asyncio.run(use())


def test_cancelling_ends_a_run_and_the_leads_wait(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "justclick")

    async def use() -> None:
        with Hanging(answered=3) as server:
            async with (
                AsyncClient("username", SECRET, base_url=server.url, **SETTINGS) as client,
                AsyncOutbox(":memory:", client, limit=1) as outbox,
            ):
                with accounted(outbox._outbox) as ids:
                    ids |= {await outbox.add(f"{number}@b.ru", ["g"]) for number in range(9)}
                    run = asyncio.create_task(outbox.deliver(in_flight=2))
                    while len(server.bodies) < 5:
                        await asyncio.sleep(0.01)
                    in_line = asyncio.create_task(outbox.deliver())
                    await asyncio.sleep(0)
                    start = time.monotonic()
                    for task, arrived in ((in_line, False), (run, True)):
                        task.cancel()
                        with pytest.raises(asyncio.CancelledError) as raised:
                            await task
                        truth = raised.value.__cause__
                        assert isinstance(truth, Interrupted)
                        assert truth.disposition is Disposition.LATER
                        assert truth.may_have_arrived is arrived
                    # The run of the only thread is over, or this would wait for a minute.
                    assert (await outbox.deliver(seconds=0)).delivered == 0
                    assert time.monotonic() - start < 20
                    status = await outbox.status()
                    known = (status.waiting, status.leased, status.delivered)
                    assert known == (6, 0, 3)
                    server.answer_all()
                    report = await outbox.deliver()
                    assert (report.delivered, report.repeated) == (6, 2)

    asyncio.run(use())
    lines = [record.getMessage() for record in caplog.records if record.name == "justclick"]
    assert "Outbox.deliver: 3 delivered, 0 dead, 2 later" in lines


def test_a_time_out_of_asyncio_ends_a_run() -> None:
    async def use() -> None:
        with Hanging() as server:
            async with AsyncClient("username", SECRET, base_url=server.url, **SETTINGS) as client:
                start = time.monotonic()
                async with AsyncOutbox(":memory:", client) as outbox:
                    with accounted(outbox._outbox) as ids:
                        ids.add(await outbox.add("a@b.ru", ["g"]))
                        with pytest.raises(asyncio.TimeoutError):
                            await asyncio.wait_for(outbox.deliver(), 0.2)
                # Closing has waited for the run.
                assert time.monotonic() - start < 20

    asyncio.run(use())


def test_closing_waits_for_what_was_begun(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "leads.db"

    async def use() -> None:
        async with AsyncClient("username", SECRET, base_url=sandbox.url) as client:
            outbox = AsyncOutbox(path, client)
            adds = [asyncio.create_task(outbox.add(f"{each}@b.ru", ["super"])) for each in range(9)]
            await asyncio.sleep(0)
            await outbox.close()
            ids = {await add for add in adds}
            assert repr(outbox) == "<justclick.AsyncOutbox, closed>"
            await outbox.close()
            for call in (outbox.add("a@b.ru", ["g"]), outbox.deliver(), outbox.list()):
                with pytest.raises(InvalidArgument, match="outbox is closed") as raised:
                    await call
                assert raised.value.disposition is Disposition.HOLD
            async with AsyncOutbox(path, client) as again:
                with accounted(again._outbox, ids):
                    assert (await again.deliver()).delivered == 9

    asyncio.run(use())
    assert own_threads() == []


def test_it_fails_as_the_blocking_one_does(tmp_path: Path) -> None:
    async def fail() -> None:
        async with AsyncClient("username", SECRET) as client:
            with pytest.raises(NotStored, match="no such folder"):
                AsyncOutbox(tmp_path / "no" / "leads.db", client)
            async with AsyncOutbox(":memory:", client, max_leads=1) as outbox:
                with accounted(outbox._outbox) as ids:
                    ids.add(await outbox.add("a@b.ru", ["g"]))
                    with pytest.raises(NotStored, match="max_leads"):
                        await outbox.add("b@b.ru", ["g"])

    asyncio.run(fail())


def add_in_child(outbox: AsyncOutbox, name: str) -> int:
    async def add() -> int:
        return await outbox.add(f"{name}@b.ru", ["super"])

    return asyncio.run(add())


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_of_fork_has_threads_of_its_own(sandbox: Sandbox, tmp_path: Path) -> None:
    client = AsyncClient("username", SECRET, base_url=sandbox.url)
    outbox = AsyncOutbox(tmp_path / "leads.db", client)
    add_in_child(outbox, "parent")
    context = cast(Any, multiprocessing.get_context("fork"))
    child = context.Process(target=add_in_child, args=(outbox, "child"))
    child.start()
    child.join(30)
    assert child.exitcode == 0
    with accounted(outbox._outbox, {1, 2}):
        assert asyncio.run(cast(Any, outbox.deliver())).delivered == 2
    assert sandbox.emails() == ["child@b.ru", "parent@b.ru"]
    asyncio.run(outbox.close())
    asyncio.run(client.close())
