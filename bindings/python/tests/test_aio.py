"""The client for asyncio: many leads at once, cancelling, its end."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import threading
import time
from collections.abc import Iterator
from typing import Any, cast

import pytest
from conftest import SECRET, Meeting, Sandbox

from justclick import (
    AsyncClient,
    Disposition,
    Interrupted,
    InvalidArgument,
    Outcome,
    Rejected,
)

MANY = 200


def own_threads() -> list[str]:
    return [each.name for each in threading.enumerate() if each.name.startswith("justclick")]


@pytest.fixture
def meeting_of_two() -> Iterator[Meeting]:
    """Nobody else comes, so that the first call waits until the server or its client ends."""
    with Meeting(2) as server:
        yield server


def test_many_leads_are_in_flight_at_once() -> None:
    """The server answers when all are there."""

    async def add_all(url: str) -> list[Outcome]:
        settings: dict[str, Any] = {"max_attempts": 1, "timeout_ms": 60_000}
        settings |= {"attempt_timeout_ms": 60_000, "connect_timeout_ms": 60_000}
        async with AsyncClient("username", SECRET, base_url=url, limit=MANY, **settings) as client:
            calls = [client.add_lead(email=f"{each}@b.ru", groups=["g"]) for each in range(MANY)]
            return [result.outcome for result in await asyncio.gather(*calls)]

    with Meeting(MANY) as server:
        assert asyncio.run(add_all(server.url)) == [Outcome.ADDED] * MANY
    assert own_threads() == []


def test_no_more_than_the_limit_run_at_once(sandbox: Sandbox) -> None:
    async def add_all() -> tuple[int, int]:
        async with AsyncClient("username", SECRET, base_url=sandbox.url, limit=3) as client:
            calls = [client.add_lead(f"{each}@b.ru", ["super"]) for each in range(MANY)]
            added = [result.outcome for result in await asyncio.gather(*calls)]
            return added.count(Outcome.ADDED), len(own_threads())

    assert asyncio.run(add_all()) == (MANY, 3)
    assert len(sandbox.emails()) == MANY
    # One for each thread, and the look at the books.
    assert sandbox.books()["connections"] <= 3 + 2


def test_it_fails_as_the_blocking_one_does(sandbox: Sandbox) -> None:
    async def fail() -> None:
        with pytest.raises(ValueError, match="limit"):
            AsyncClient("username", SECRET, limit=0)
        async with AsyncClient("username", SECRET, base_url=sandbox.url) as client:
            with pytest.raises(Rejected) as raised:
                await client.add_lead("a@b.ru", ["nowhere"])
            assert raised.value.code == 103
            with pytest.raises(InvalidArgument, match="timout_ms"):
                AsyncClient("username", SECRET, timout_ms=1)  # type: ignore[call-arg]
            body = client.sign("a@b.ru", ["g"]).body
            assert body.startswith(b"rid%5B0%5D=g&")
        with pytest.raises(InvalidArgument, match="closed") as held:
            await client.add_lead("a@b.ru", ["super"])
        assert held.value.disposition is Disposition.HOLD
        assert repr(client) == "<justclick.AsyncClient, closed>"
        await client.close()

    asyncio.run(fail())


def test_a_cancelled_call_tells_whether_it_was_begun(
    meeting_of_two: Meeting, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "justclick")

    async def cancel() -> None:
        async with AsyncClient(
            "username", SECRET, base_url=meeting_of_two.url, limit=1, max_attempts=1
        ) as client:
            begun = asyncio.create_task(client.add_lead("begun@b.ru", ["g"]))
            while meeting_of_two.barrier.n_waiting < 1:
                await asyncio.sleep(0.001)
            in_line = asyncio.create_task(client.add_lead("in.line@b.ru", ["g"]))
            await asyncio.sleep(0)
            for task, arrived in ((in_line, False), (begun, True)):
                start = time.monotonic()
                task.cancel()
                with pytest.raises(asyncio.CancelledError) as raised:
                    await task
                assert time.monotonic() - start < 1
                truth = raised.value.__cause__
                assert isinstance(truth, Interrupted)
                assert truth.disposition is Disposition.LATER
                assert truth.may_have_arrived is arrived
                assert truth.result is None
            # The one that goes on is answered now, and closing waits for it.
            async with AsyncClient("username", SECRET, base_url=meeting_of_two.url) as other:
                await other.add_lead("second@b.ru", ["g"])

    asyncio.run(cancel())
    assert own_threads() == []
    lines = [record.getMessage() for record in caplog.records if record.name == "justclick"]
    assert [line.partition(" (")[0] for line in lines] == ["AddLeadToGroup: added"] * 2


def test_an_answer_that_came_with_the_cancelling_is_not_lost(sandbox: Sandbox) -> None:
    async def cancel() -> None:
        async with AsyncClient("username", SECRET, base_url=sandbox.url) as client:
            for groups, disposition in (("super", Disposition.DONE), ("no", Disposition.REFUSED)):
                task = asyncio.create_task(client.add_lead("a@b.ru", [groups]))
                await asyncio.sleep(0)
                # The loop stands still until the thread is done, so that it sees both at once.
                end = time.monotonic() + 30
                while (
                    executor := client._threads.executor
                ) is None or not executor._work_queue.empty():
                    assert time.monotonic() < end
                while sandbox.books()["requests"] < (1 if groups == "super" else 2):
                    assert time.monotonic() < end
                time.sleep(0.2)
                task.cancel()
                with pytest.raises(asyncio.CancelledError) as raised:
                    await task
                truth = raised.value.__cause__
                assert isinstance(truth, Interrupted)
                assert truth.disposition is disposition
                result = truth.result
                assert (result and result.outcome) == (Outcome.ADDED if groups == "super" else None)

    asyncio.run(cancel())


def test_a_time_out_of_asyncio_ends_the_waiting(meeting_of_two: Meeting) -> None:
    async def wait() -> None:
        settings: dict[str, Any] = {"max_attempts": 1, "timeout_ms": 1000}
        async with AsyncClient("username", SECRET, base_url=meeting_of_two.url, **settings) as it:
            start = time.monotonic()
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(it.add_lead("a@b.ru", ["g"]), 0.1)
            assert time.monotonic() - start < 0.9

    asyncio.run(wait())


def add_in_child(client: AsyncClient, name: str) -> Outcome:
    async def add() -> Outcome:
        return (await client.add_lead(f"{name}@b.ru", ["super"])).outcome

    return asyncio.run(add())


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_of_fork_has_threads_of_its_own(sandbox: Sandbox) -> None:
    client = AsyncClient("username", SECRET, base_url=sandbox.url)
    assert add_in_child(client, "parent") is Outcome.ADDED
    context = cast(Any, multiprocessing.get_context("fork"))
    child = context.Process(target=add_in_child, args=(client, "child"))
    child.start()
    child.join(30)
    assert child.exitcode == 0
    assert sandbox.emails() == ["child@b.ru", "parent@b.ru"]
    asyncio.run(client.close())
