"""Ctrl-C and other signals during a call on the main thread."""

from __future__ import annotations

import gc
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import Any, Callable, Optional

import pytest
from conftest import SECRET, Sandbox, Stop, stop

from justclick import Client, Disposition, Interrupted, Outcome, OutcomeUnknown, _signals

#: A call that nothing ends lasts this long, and the tests' bounds are far from it.
SETTINGS: dict[str, Any] = {"timeout_ms": 20_000, "attempt_timeout_ms": 20_000}


#: A shell that runs the tests in the background has SIGINT ignored, also in what they start.
PROGRAM = f"""
import signal, sys, time, justclick
signal.signal(signal.SIGINT, signal.default_int_handler)
client = justclick.Client("username", "{SECRET}", base_url=sys.argv[1], timeout_ms=20_000,
                          attempt_timeout_ms=20_000)
print("begun", flush=True)
try:
    client.add_lead("a@b.ru", ["super"])
except KeyboardInterrupt as error:
    print(time.time(), type(error.__cause__).__name__, error.__cause__.disposition,
          error.__cause__.may_have_arrived, error.__cause__.status_name, flush=True)
    raise
"""


def test_ctrl_c_ends_a_call_at_once() -> None:
    """In a program of its own, by the signal that a terminal sends."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        command = [sys.executable, "-c", PROGRAM, url]
        program = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        connection, _ = server.accept()
        with connection:
            # The body comes last, and then the program waits for the answer.
            received = b""
            while b"hash=" not in received:
                received += connection.recv(65536)
            time.sleep(0.2)
            pressed = time.time()
            program.send_signal(signal.SIGINT)
            said, shown = program.communicate(timeout=30)
    ended, what = said.splitlines()[-1].split(" ", 1)
    assert what == "Interrupted later True JC_OUTCOME_UNKNOWN"
    assert float(ended) - pressed < 2
    assert program.returncode == -signal.SIGINT
    assert shown.rstrip().endswith("KeyboardInterrupt")
    assert "justclick.errors.Interrupted: the call was interrupted" in shown


def test_what_the_handler_raises_comes_with_what_is_known(
    silent: str, on_alarm: Callable[..., None]
) -> None:
    with Client("username", SECRET, base_url=silent, **SETTINGS) as client:
        for _ in range(3):
            on_alarm(stop, 0.1)
            start = time.monotonic()
            with pytest.raises(Stop) as raised:
                client.add_lead("a@b.ru", ["super"])
            assert time.monotonic() - start < 5
            truth = raised.value.__cause__
            assert isinstance(truth, Interrupted)
            assert truth.may_have_arrived
            assert truth.disposition is Disposition.LATER
            assert truth.result is None
            assert len(truth.attempts) == 1


def test_other_calls_end_as_well(silent: str, on_alarm: Callable[..., None]) -> None:
    with Client("username", SECRET, base_url=silent, **SETTINGS) as client:
        on_alarm(stop, 0.1)
        start = time.monotonic()
        with pytest.raises(Stop):
            client.groups()
        assert time.monotonic() - start < 5


def test_a_wait_between_two_attempts_ends_as_well(on_alarm: Callable[..., None]) -> None:
    busy = b"HTTP/1.1 503 Busy\r\nRetry-After: 15\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(busy)

        thread = threading.Thread(target=answer)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with Client("username", SECRET, base_url=url, **SETTINGS) as client:
            on_alarm(stop, 0.3)
            start = time.monotonic()
            with pytest.raises(Stop) as raised:
                client.add_lead("a@b.ru", ["super"])
            assert time.monotonic() - start < 5
        thread.join()
    assert isinstance(raised.value.__cause__, Interrupted)
    assert raised.value.__cause__.disposition is Disposition.LATER


def test_a_handler_that_raises_nothing_ends_nothing(
    silent: str, sandbox: Sandbox, on_alarm: Callable[..., None]
) -> None:
    count = [0]

    def harmless() -> None:
        count[0] += 1

    on_alarm(harmless, 0.02, 0.02)
    with Client("username", SECRET, base_url=silent, timeout_ms=500, max_attempts=1) as client:
        start = time.monotonic()
        with pytest.raises(OutcomeUnknown):
            client.add_lead("a@b.ru", ["super"])
        assert 0.49 < time.monotonic() - start < 5
    # They ran during the call, not at its end: then one of them would stand for all.
    assert count[0] > 5
    with Client("username", SECRET, base_url=sandbox.url) as client:
        for number in range(100):
            assert client.add_lead(f"{number}@b.ru", ["super"]).outcome is Outcome.ADDED


def test_a_handler_may_send_a_lead_itself(
    silent: str,
    sandbox: Sandbox,
    on_alarm: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With a client of its own, and with the very client that waits, while more signals come."""
    other = Client("username", SECRET, base_url=sandbox.url)
    lost: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lost.append)
    main = threading.get_ident()
    before = signal.signal(signal.SIGUSR1, lambda *_: None)

    def send() -> None:
        assert other.add_lead("inner@b.ru", ["super"]).outcome is Outcome.ADDED
        timer = threading.Timer(0.1, lambda: signal.pthread_kill(main, signal.SIGUSR1))
        timer.start()
        start = time.monotonic()
        with pytest.raises(OutcomeUnknown):
            quick.add_lead("inner@b.ru", ["super"])
        assert 0.19 < time.monotonic() - start < 5
        timer.join()

    with Client("username", SECRET, base_url=silent, timeout_ms=1500, max_attempts=1) as client:
        quick = client.with_settings(timeout_ms=200)
        on_alarm(send, 0.1)
        with pytest.raises(OutcomeUnknown):
            client.add_lead("outer@b.ru", ["super"])
        assert sandbox.emails() == ["inner@b.ru"]
        on_alarm(stop, 0.1)
        start = time.monotonic()
        with pytest.raises(Stop):
            client.add_lead("outer@b.ru", ["super"])
        assert time.monotonic() - start < 1.4
    signal.signal(signal.SIGUSR1, before)
    assert lost == []


def test_a_signal_at_any_moment_loses_nothing(
    sandbox: Sandbox, on_alarm: Callable[..., None]
) -> None:
    """The exception says of each lead what the service's books say of it."""
    chance = random.Random(7)
    told: dict[str, Optional[Interrupted]] = {}
    interrupted = 0
    with Client("username", SECRET, base_url=sandbox.url, **SETTINGS) as client:
        client.add_lead("first@b.ru", ["super"])
        for number in range(1500):
            email = f"{number}@b.ru"
            try:
                on_alarm(stop, chance.uniform(1e-6, 8e-4))
                client.add_lead(email, ["super"])
                # Where no signal came by now, none comes after the lead.
                signal.setitimer(signal.ITIMER_REAL, 0)
                told[email] = None
            except Stop as error:
                if isinstance(error.__cause__, Interrupted):
                    told[email] = error.__cause__
                    interrupted += 1
    assert interrupted > 100
    arrived = set(sandbox.emails())
    kinds = set()
    for email, truth in told.items():
        if truth is None:
            assert email in arrived
            continue
        kinds.add(truth.disposition)
        if truth.disposition is Disposition.DONE:
            assert email in arrived
            assert truth.result is not None
            assert truth.result.outcome is Outcome.ADDED
        elif not truth.may_have_arrived:
            assert email not in arrived
    assert kinds == {Disposition.DONE, Disposition.LATER}


def test_a_signal_just_before_a_wait_ends_it_too(
    silent: str, on_alarm: Callable[..., None]
) -> None:
    """The system's own wait would not see it; nothing may last until the deadline.

    Python ignores what a handler raises while an object is freed, so nothing is left to be freed
    in the time of the signal.
    """
    chance = random.Random(7)
    # What the tests before left is not looked through each time.
    gc.freeze()
    for _ in range(150):
        with Client("username", SECRET, base_url=silent, timeout_ms=3000, max_attempts=1) as client:
            gc.collect()
            start = time.monotonic()
            is_stopped = False
            try:
                on_alarm(stop, chance.uniform(5e-5, 2e-3))
                client.add_lead("a@b.ru", ["super"])
            except Stop:
                is_stopped = True
            assert is_stopped and time.monotonic() - start < 2
    gc.unfreeze()


def test_other_threads_are_not_asked(silent: str, on_alarm: Callable[..., None]) -> None:
    """The signal ends the call of the main thread, and no other."""
    ended: list[BaseException] = []

    def wait(client: Client) -> None:
        try:
            client.add_lead("a@b.ru", ["super"])
        except OutcomeUnknown as error:
            ended.append(error)

    with Client("username", SECRET, base_url=silent, timeout_ms=1500, max_attempts=1) as client:
        threads = [threading.Thread(target=wait, args=[client]) for _ in range(4)]
        start = time.monotonic()
        for thread in threads:
            thread.start()
        on_alarm(stop, 0.2)
        with pytest.raises(Stop):
            client.add_lead("a@b.ru", ["super"])
        assert time.monotonic() - start < 1.4
        assert ended == []
        for thread in threads:
            thread.join()
    assert len(ended) == 4


def test_a_child_of_fork_is_interrupted_too(silent: str, on_alarm: Callable[..., None]) -> None:
    client = Client("username", SECRET, base_url=silent, **SETTINGS)
    on_alarm(stop, 0.1)
    with pytest.raises(Stop):
        client.add_lead("a@b.ru", ["super"])
    pid = os.fork()
    if pid == 0:
        try:
            on_alarm(stop, 0.1)
            start = time.monotonic()
            try:
                client.add_lead("a@b.ru", ["super"])
            except Stop as error:
                truth = error.__cause__
                is_told = isinstance(truth, Interrupted) and truth.may_have_arrived
                os._exit(0 if is_told and time.monotonic() - start < 5 else 2)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_a_watch_that_has_died_is_replaced(silent: str, on_alarm: Callable[..., None]) -> None:
    """A second signal within the handling of the first can end it; a dead one ends each call."""
    with Client("username", SECRET, base_url=silent, timeout_ms=600, max_attempts=1) as client:
        for _ in range(2):
            on_alarm(lambda: None, 0.1)
            start = time.monotonic()
            with pytest.raises(OutcomeUnknown):
                client.add_lead("a@b.ru", ["super"])
            assert time.monotonic() - start > 0.59
            assert _signals._watch is not None
            _signals._watch._asked.close()
