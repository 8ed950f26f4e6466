"""The client over its life: threads, processes, its end."""

from __future__ import annotations

import copy
import gc
import multiprocessing
import os
import pickle
import subprocess
import sys
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, cast

import pytest
from conftest import SECRET, Meeting, Sandbox

from justclick import Client, Disposition, InvalidArgument, Lead, NotAccepted, Outcome, Unreachable

THREADS = 8


def test_a_lead_is_added_and_then_known(sandbox: Sandbox) -> None:
    with Client("username", SECRET, base_url=sandbox.url) as client:
        result = client.add_lead("a@b.ru", groups=["super"], name="Name", utm_source="direct")
        assert (result.outcome, result.code, result.text) == (Outcome.ADDED, 0, "OK")
        assert (len(result.attempts), result.json, result.value()) == (1, "", None)
        assert client.add_lead("a@b.ru", ["super"]).outcome is Outcome.ALREADY_REGISTERED
        copied = pickle.loads(pickle.dumps(result))
        assert (copied.outcome, copied.attempts) == (result.outcome, result.attempts)
        assert repr(result) == "Result(added, code=0, text='OK')"
    assert sandbox.emails() == ["a@b.ru"]


def test_a_closed_client_says_so() -> None:
    client = Client("username", SECRET)
    assert repr(client) == "<justclick.Client>"
    client.close()
    client.close()
    assert repr(client) == "<justclick.Client, closed>"
    lead = Lead("a@b.ru", ["g"])
    for call in (lambda: client.add_lead(lead), lambda: client.sign(lead)):
        with pytest.raises(InvalidArgument, match="closed"):
            call()
    with pytest.raises(InvalidArgument, match="closed"):
        client.verify(b"{}")


def test_a_failure_says_what_is_known_also_in_another_process() -> None:
    client = Client("username", "secret", base_url="http://127.0.0.1:1", max_attempts=2)
    with pytest.raises(Unreachable) as raised:
        client.add_lead("a@b.ru", ["g"])
    for error in (raised.value, pickle.loads(pickle.dumps(raised.value))):
        assert type(error) is Unreachable
        assert error.disposition is Disposition.LATER
        known = (len(error.attempts), error.may_have_arrived, error.retry_after_ms, error.status)
        assert known == (2, False, 0, -10)
    for copied in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="neither pickled nor copied"):
            copied(client)


def test_nothing_shown_holds_the_secret_or_the_person(sandbox: Sandbox) -> None:
    client = Client("username", "Geheimnis17", base_url=sandbox.url)
    lead = Lead("jemand@b.ru", ["super"], name="Jemand", extra={"new": "Jemand"})
    with pytest.raises(NotAccepted) as raised:
        client.add_lead(lead)
    shown = [repr(client), repr(vars(client)), repr(lead), repr(client.sign(lead))]
    shown += [str(raised.value), repr(raised.value), repr(vars(raised.value))]
    for text in shown:
        assert "Geheimnis" not in text
        assert "emand" not in text


def test_no_exception_keeps_a_refused_value_behind_it() -> None:
    """What reports exceptions may show their contexts, and those of Python hold the whole text."""
    client = Client("username", SECRET)
    calls: list[Callable[[], object]] = [
        lambda: Client("username", "Geheimnis17\udc80"),
        lambda: client.sign({"rid[0]": "g", "lead_email": "jemand@b.ru\udc80"}),
    ]
    for call in calls:
        with pytest.raises(InvalidArgument) as raised:
            call()
        assert (raised.value.__context__, raised.value.__cause__) == (None, None)


@pytest.fixture
def meeting() -> Iterator[Meeting]:
    with Meeting(THREADS) as server:
        yield server


def test_other_threads_run_during_a_call(meeting: Meeting) -> None:
    """The server is a thread of this very process: one call that kept the GIL would stop all."""
    client = Client("username", SECRET, base_url=meeting.url, max_attempts=1, timeout_ms=20_000)
    with ThreadPoolExecutor(THREADS) as pool:
        leads = [Lead(f"{number}@b.ru", ["g"]) for number in range(THREADS)]
        results = list(pool.map(client.add_lead, leads))
    assert [result.outcome for result in results] == [Outcome.ADDED] * THREADS


def test_a_client_may_be_closed_while_others_use_it(meeting: Meeting) -> None:
    client = Client("username", SECRET, base_url=meeting.url, max_attempts=1, timeout_ms=20_000)
    with ThreadPoolExecutor(THREADS) as pool:
        sent = [pool.submit(client.add_lead, Lead("a@b.ru", ["g"])) for _ in range(THREADS - 1)]
        while meeting.barrier.n_waiting < THREADS - 1:
            assert not any(call.done() for call in sent)
        handle = weakref.ref(client._handle)
        client.close()
        gc.collect()
        assert handle() is not None
        with Client("username", SECRET, base_url=meeting.url) as other:
            other.add_lead("last@b.ru", ["g"])
        assert [call.result().outcome for call in sent] == [Outcome.ADDED] * (THREADS - 1)
    assert handle() is None


def add_all(client: Client, who: str, count: int) -> None:
    for number in range(count):
        assert len(client.add_lead(f"{who}.{number}@b.ru", ["super"]).attempts) == 1


def test_parent_and_children_go_on_after_fork(encrypted: Sandbox) -> None:
    client = Client("username", SECRET, base_url=encrypted.url, ca_file=str(encrypted.ca_file))
    add_all(client, "before", 1)
    before = encrypted.books()["connections"]
    children = []
    for child in range(5):
        pid = os.fork()
        if pid == 0:
            try:
                add_all(client, f"child{child}", 3)
                client.close()
                os._exit(0)
            finally:
                os._exit(1)
        children.append(pid)
        add_all(client, f"parent{child}", 3)
    assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children] == [0] * 5
    add_all(client, "after", 1)
    books = encrypted.books()
    assert len(books["contacts"]) == 32
    # One for each child, one for this look; the parent's own stays.
    assert books["connections"] - before == 6


def add_in_task(base_url: str, ca_file: str, number: int) -> Outcome:
    with Client("username", SECRET, base_url=base_url, ca_file=ca_file) as client:
        return client.add_lead(f"task{number}@b.ru", ["super"]).outcome


def fail_in_task(number: int) -> None:
    Client("username", SECRET).add_lead(f"{number}", ["g"])


@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_multiprocessing_works_with_connections_open(encrypted: Sandbox, method: str) -> None:
    add_in_task(encrypted.url, str(encrypted.ca_file), -1)
    context = cast(Any, multiprocessing.get_context(method))
    with context.Pool(3) as pool:
        tasks = [(encrypted.url, str(encrypted.ca_file), number) for number in range(12)]
        assert pool.starmap(add_in_task, tasks) == [Outcome.ADDED] * 12
        with pytest.raises(InvalidArgument, match="lead_email"):
            pool.map(fail_in_task, [1])
        pool.close()
        pool.join()
    assert len(encrypted.emails()) == 13


SHUTDOWN = """
import sys, justclick
class Late:
    def __init__(self): self.client = justclick.Client("username", "secret")
    def __del__(self): print(self.client.sign({"rid[0]": "g", "lead_email": "a@b.ru"}).url)
keep = [justclick.Client("username", "secret", base_url=sys.argv[1]), Late()]
keep[0].add_lead("a@b.ru", ["super"])
keep.append(keep)
"""


@pytest.mark.parametrize("options", [[], ["-X", "dev"]])
def test_nothing_happens_at_the_interpreter_s_end(sandbox: Sandbox, options: list[str]) -> None:
    secret = SHUTDOWN.replace('"secret"', repr(SECRET))
    command = [sys.executable, *options, "-c", secret, sandbox.url]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == "https://username.justclick.ru/api/AddLeadToGroup\n"


def resident() -> int:
    """KiB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError


def turn(number: int) -> None:
    """Eight calls of the library or more, half of them failing."""
    answer = b'{"error_code":0,"error_text":"OK","hash":"b60bb23ab72ead13463d1205065965a5"}'
    with Client("username", "secret", base_url="http://127.0.0.1:1", max_attempts=1) as client:
        client.sign(Lead(f"{number}@b.ru", ["super"], name="я" * 200, extra={"new": 1}))
        client.verify(answer)
        failing: list[Any] = [
            lambda: client.sign({"rid[0]": "super", "lead_email": "a\0@b.ru"}),
            lambda: client.verify(b"<html>"),
            lambda: Client("username", ""),
        ]
        if number % 100 == 0:
            failing.append(lambda: client.add_lead("a@b.ru", ["super"]))
        for call in failing:
            with pytest.raises(Exception, match=r".") as raised:
                call()
            del raised


def test_the_process_does_not_grow_over_a_hundred_thousand_calls() -> None:
    for number in range(1, 1000):
        turn(number)
    gc.collect()
    start = resident()
    for number in range(1, 12_500):
        turn(number)
    gc.collect()
    # The smallest of the objects, lost in each turn, would be over 1 MiB.
    assert resident() - start < 1024
