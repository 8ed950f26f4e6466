"""Ctrl-C and other signals during a delivery on the main thread."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Callable

import pytest
from conftest import SECRET, Hanging, Sandbox, Stop, accounted, stop

from justclick import Client, Disposition, Interrupted, InvalidArgument, Outbox

#: An attempt that nothing ends lasts this long, and the tests' bounds are far from it.
SETTINGS: dict[str, Any] = {"timeout_ms": 60_000, "attempt_timeout_ms": 60_000}
LEADS = 20

#: A shell that runs the tests in the background has SIGINT ignored, also in what they start.
PROGRAM = f"""
import signal, sys, time, justclick
signal.signal(signal.SIGINT, signal.default_int_handler)
path, url, in_flight = sys.argv[1:]
client = justclick.Client("username", "{SECRET}", base_url=url, timeout_ms=60_000,
                          attempt_timeout_ms=60_000)
outbox = justclick.Outbox(path, client)
try:
    outbox.deliver(in_flight=int(in_flight))
except KeyboardInterrupt as error:
    truth = error.__cause__
    print(time.time(), truth.disposition, truth.report.delivered, truth.report.later, flush=True)
    raise
"""


@pytest.mark.parametrize("in_flight", [1, 8])
@pytest.mark.parametrize("answered", [0, 3])
def test_ctrl_c_ends_a_run_at_once_and_nothing_is_lost(
    tmp_path: Path, in_flight: int, answered: int
) -> None:
    """In a program of its own, by the signal that a terminal sends."""
    path = tmp_path / "leads.db"
    with Hanging(answered) as server, Client("username", SECRET, base_url=server.url) as client:
        with Outbox(path, client) as outbox:
            ids = {outbox.add(f"{number}@b.ru", ["g"]) for number in range(LEADS)}
        command = [sys.executable, "-c", PROGRAM, str(path), server.url, str(in_flight)]
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, **pipes) as program:
            server.wait_for(answered + in_flight)
            pressed = time.time()
            program.send_signal(signal.SIGINT)
            said, shown = program.communicate(timeout=50)
        ended, told = said.split(" ", 1)
        assert told == f"done {answered} {in_flight}\n"
        assert float(ended) - pressed < 5
        assert program.returncode == -signal.SIGINT
        assert "justclick.errors.Interrupted: the run was ended" in shown
        server.answer_all()
        with Outbox(path, client) as outbox, accounted(outbox, ids):
            status = outbox.status()
            known = (status.waiting, status.leased, status.delivered)
            assert known == (LEADS - answered, 0, answered)
            report = outbox.deliver(in_flight=4)
            assert (report.delivered, report.repeated) == (LEADS - answered, in_flight)
    assert len({body.partition("&hash=")[0] for body in server.bodies}) == LEADS


def test_a_run_ends_also_where_the_main_thread_has_nothing_left_to_send(
    on_alarm: Callable[..., None],
) -> None:
    """Its own lead was answered, and it waits for the threads that it began."""
    for _ in range(5):
        with (
            Hanging(answered=7) as server,
            Client("username", SECRET, base_url=server.url, **SETTINGS) as client,
            Outbox(":memory:", client) as outbox,
            accounted(outbox) as ids,
        ):
            ids |= {outbox.add(f"{number}@b.ru", ["g"]) for number in range(8)}
            on_alarm(stop, 0.7)
            start = time.monotonic()
            with pytest.raises(Stop) as raised:
                outbox.deliver(in_flight=8)
            assert time.monotonic() - start < 20
            truth = raised.value.__cause__
            assert isinstance(truth, Interrupted)
            assert truth.report
            assert (truth.report.delivered, truth.report.later) == (7, 1)
            assert truth.disposition is Disposition.DONE
            assert "7 delivered" in str(truth)
            assert outbox.status().waiting == 1


def test_a_handler_that_raises_nothing_ends_nothing(
    sandbox: Sandbox, on_alarm: Callable[..., None]
) -> None:
    count = [0]

    def harmless() -> None:
        count[0] += 1

    with (
        Client("username", SECRET, base_url=sandbox.url) as client,
        Outbox(":memory:", client) as outbox,
        accounted(outbox) as ids,
    ):
        ids |= {outbox.add(f"{number}@b.ru", ["super"]) for number in range(200)}
        on_alarm(harmless, 0.001, 0.001)
        assert outbox.deliver(in_flight=4).delivered == 200
    assert count[0] > 5
    assert sandbox.books()["requests"] == 200


def test_a_handler_may_add_a_lead_and_deliver_it(
    sandbox: Sandbox, on_alarm: Callable[..., None]
) -> None:
    """The very outbox that delivers, within the call that the signal interrupts."""
    with (
        Hanging() as server,
        Client("username", SECRET, base_url=server.url, **SETTINGS) as client,
        Client("username", SECRET, base_url=sandbox.url) as other,
        Outbox(":memory:", client) as outbox,
        Outbox(":memory:", other) as second,
        accounted(outbox) as ids,
        accounted(second) as others,
    ):
        ids.add(outbox.add("first@b.ru", ["g"]))

        def add() -> None:
            ids.add(outbox.add("inner@b.ru", ["g"]))
            others.add(second.add("other@b.ru", ["super"]))
            assert second.deliver().delivered == 1
            server.answer_all()

        on_alarm(add, 0.3)
        assert outbox.deliver().delivered == 2
    assert sandbox.emails() == ["other@b.ru"]


def test_a_signal_at_any_moment_loses_nothing(
    sandbox: Sandbox, on_alarm: Callable[..., None], tmp_path: Path
) -> None:
    """Each lead whose ``add`` returned is there, whatever was interrupted."""
    told: set[str] = set()
    with (
        Client("username", SECRET, base_url=sandbox.url) as client,
        Outbox(tmp_path / "leads.db", client, durability="crash") as outbox,
    ):
        for number in range(300):
            email = f"{number}@b.ru"
            # The signal may also come when both calls have returned.
            with suppress(Stop):
                try:
                    on_alarm(stop, 5e-5 + (number % 50) * 1e-4)
                    outbox.add(email, ["super"])
                    told.add(email)
                    outbox.deliver(in_flight=1 + number % 3)
                finally:
                    signal.setitimer(signal.ITIMER_REAL, 0)
        status = outbox.status()
        assert status.leased == status.dead == 0
        # One that was interrupted may have been kept all the same.
        assert len(told) <= status.waiting + status.delivered <= 300
        ids = set(range(1, 1 + status.waiting + status.delivered))
        with accounted(outbox, ids):
            outbox.deliver(in_flight=4)
            assert outbox.status().waiting == 0
    assert told <= set(sandbox.emails())
    assert 0 < len(told) < 300


def test_other_threads_deliver_on(on_alarm: Callable[..., None]) -> None:
    """The signal ends the run of the main thread, and no other."""
    with (
        Hanging() as server,
        Client("username", SECRET, base_url=server.url, **SETTINGS) as client,
        Outbox(":memory:", client) as first,
        Outbox(":memory:", client) as second,
        accounted(first) as ids,
        accounted(second) as others,
    ):
        ids.add(first.add("a@b.ru", ["g"]))
        others.add(second.add("b@b.ru", ["g"]))
        delivered: list[int] = []
        thread = threading.Thread(target=lambda: delivered.append(second.deliver().delivered))
        thread.start()
        server.wait_for(1)
        on_alarm(stop, 0.3)
        with pytest.raises(Stop):
            first.deliver()
        assert delivered == []
        server.answer_all()
        thread.join(30)
        assert delivered == [1]
        assert first.deliver().delivered == 1


def test_what_is_refused_is_no_interruption(on_alarm: Callable[..., None]) -> None:
    client = Client("username", SECRET)
    with Outbox(":memory:", client) as outbox:
        on_alarm(stop, 60)
        with pytest.raises(InvalidArgument, match="in_flight"):
            outbox.deliver(in_flight=0)
