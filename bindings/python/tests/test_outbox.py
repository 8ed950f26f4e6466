"""The outbox over its life: what is kept, what becomes of it, its end."""

from __future__ import annotations

import copy
import dataclasses
import gc
import json
import logging
import os
import pickle
import stat
import subprocess
import sys
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, Callable

import pytest
from conftest import ROOT, SECRET, Hanging, Sandbox, accounted

from justclick import (
    Client,
    Disposition,
    HeldAccount,
    InvalidArgument,
    KeptLead,
    Lead,
    NotStored,
    Outbox,
    Report,
    Salvaged,
    Status,
)


def client_of(sandbox: Sandbox, secret: str = SECRET) -> Client:
    return Client("username", secret, base_url=sandbox.url)


def test_a_lead_is_kept_and_then_delivered_once(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "leads.db"
    with client_of(sandbox) as client, Outbox(path, client) as outbox, accounted(outbox) as ids:
        assert repr(outbox) == "<justclick.Outbox>"
        ids.add(outbox.add("a@b.ru", ["super"], name="Name", utm_source="direct"))
        ids.add(outbox.add({"rid": ["super"], "lead_email": "b@b.ru"}))
        ids.add(outbox.add(Lead("c@b.ru", ["super"], extra={"new": 1})))
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert sandbox.books()["requests"] == 0
        kept = outbox.status()
        assert (kept.waiting, kept.delivered, kept.next_due_s) == (3, 0, 0)
        assert outbox.deliver() == Report(3, 0, 0, 0, 0, 0, None, None, None, 0, None)
        assert outbox.deliver().delivered == 0
        assert outbox.status() == Status(0, 0, 0, 3, 0, 0, None, None, ())
    assert sandbox.emails() == ["a@b.ru", "b@b.ru", "c@b.ru"]
    assert sandbox.books()["requests"] == 3


def test_a_key_that_waits_is_kept_once(sandbox: Sandbox) -> None:
    with (
        client_of(sandbox) as client,
        Outbox(":memory:", client) as outbox,
        accounted(outbox) as ids,
    ):
        first = outbox.add("a@b.ru", ["super"])
        assert outbox.add("a@b.ru", ["super"]) == first
        order = outbox.add("a@b.ru", ["super"], key="order 17")
        assert outbox.add("b@b.ru", ["super"], key="order 17") == order != first
        ids |= {first, order}
        assert outbox.deliver().delivered == 2
        again = outbox.add("a@b.ru", ["super"])
        assert again > order
        ids.add(again)
        assert outbox.deliver().delivered == 1
    assert sandbox.emails() == ["a@b.ru"]


def test_a_dead_lead_waits_for_somebody_s_decision(sandbox: Sandbox) -> None:
    with (
        client_of(sandbox) as client,
        Outbox(":memory:", client) as outbox,
        accounted(outbox) as ids,
    ):
        ids.add(outbox.add("good@b.ru", ["super"]))
        ids.add(refused := outbox.add("jemand@b.ru", ["nowhere"], key="17"))
        report = outbox.deliver()
        assert (report.delivered, report.dead, report.held) == (1, 1, None)
        [dead] = outbox.dead()
        known = (dead.id, dead.state, dead.attempts, dead.error_code, dead.key, dead.lead)
        assert known == (refused, "dead", 1, 103, "17", None)
        assert dead.account == f"username@{sandbox.url}"
        assert "group" in dead.reason
        assert "emand" not in repr(dead)
        [dead] = outbox.dead(with_leads=True)
        assert dead.lead == {"rid[0]": "nowhere", "lead_email": "jemand@b.ru"}
        assert "emand" not in repr(dead)

        assert outbox.retry(ids=[refused]) == 1
        assert outbox.status().waiting == 1
        assert outbox.deliver().dead == 1
        # Mended, it is another lead.
        mended = {**(dead.lead or {}), "rid[0]": "super"}
        ids.add(outbox.add(mended))
        assert outbox.deliver().delivered == 1
        assert outbox.drop(ids=()) == 0
        assert outbox.drop(ids={refused}) == 1
        assert outbox.status() == Status(0, 0, 0, 2, 1, 0, None, None, ())
    assert sandbox.emails() == ["good@b.ru", "jemand@b.ru"]


def test_a_list_is_what_was_asked_for(sandbox: Sandbox) -> None:
    with (
        client_of(sandbox) as client,
        Outbox(":memory:", client) as outbox,
        accounted(outbox) as ids,
    ):
        for group in ["super", "nowhere"] * 3:
            ids.add(outbox.add(f"{len(ids)}@b.ru", [group]))
        assert outbox.deliver(id=2).dead == 1
        assert outbox.deliver(leads=2).delivered == 2

        def listed(**which: Any) -> list[int]:
            return [each.id for each in outbox.list(**which)]

        assert listed() == [2, 4, 5, 6]
        assert listed(state="dead") == [each.id for each in outbox.dead()] == [2]
        assert listed(state="leased") == []
        assert listed(ids=(each for each in (4, 5, 17))) == [4, 5]
        assert listed(after=4, limit=1) == [5]
        assert listed(account="nobody") == []
        assert outbox.dead(after=2) == []
        assert len({hash(each) for each in outbox.list(with_leads=True)}) == 4
        assert outbox.deliver(seconds=0).delivered == 0
        assert outbox.drop(state="waiting", after=4) == 2


def test_an_account_is_held_until_its_secret_is_mended(sandbox: Sandbox) -> None:
    with (
        client_of(sandbox, "Geheimnis17") as wrong,
        Outbox(":memory:", wrong) as outbox,
        accounted(outbox) as ids,
    ):
        ids |= {outbox.add(f"{number}@b.ru", ["super"]) for number in range(3)}
        report = outbox.deliver()
        assert (report.delivered, report.dead, report.later) == (0, 0, 1)
        assert report.held and "secret" in report.held
        [held] = outbox.status().accounts
        assert held.account == f"username@{sandbox.url}"
        assert held.reason == report.held
        assert 0 < held.held_for_s <= 60
        before = sandbox.books()["requests"]
        assert outbox.deliver().held == report.held
        assert sandbox.books()["requests"] == before
        assert "Geheimnis" not in f"{report} {held} {outbox!r} {vars(outbox)}"


def test_a_mended_secret_lets_the_next_run_go_on(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "leads.db"
    with client_of(sandbox, "wrong") as wrong, Outbox(path, wrong) as outbox:
        ids = {outbox.add("a@b.ru", ["super"])}
        assert outbox.deliver().held
    with client_of(sandbox) as client, Outbox(path, client) as outbox, accounted(outbox, ids):
        assert outbox.deliver().delivered == 1


def test_settings_are_in_force(sandbox: Sandbox) -> None:
    week = timedelta(weeks=1)
    with client_of(sandbox) as client:
        given: dict[str, Any] = {"durability": "crash", "keep_dead_days": week}
        given |= {"give_up_after_days": None, "busy_timeout_ms": timedelta(seconds=1)}
        with Outbox(":memory:", client, max_leads=2, **given) as outbox, accounted(outbox) as ids:
            ids |= {outbox.add(f"{number}@b.ru", ["super"]) for number in range(2)}
            with pytest.raises(NotStored, match="max_leads") as raised:
                outbox.add("c@b.ru", ["super"])
            assert raised.value.disposition is Disposition.LATER
            assert outbox.deliver(in_flight=2).delivered == 2


@pytest.mark.parametrize("setting", ["keep_dead_days", "give_up_after_days"])
def test_days_are_days_and_leads_no_time(setting: str) -> None:
    """A ``timedelta`` of 36,501 days is one too many; in milliseconds it would be far more."""
    client = Client("username", SECRET)
    with pytest.raises(InvalidArgument, match=f'{setting}: "36501" is refused'):
        Outbox(":memory:", client, **{setting: timedelta(days=36_501)})  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument, match="max_leads: a string is needed, not timedelta"):
        Outbox(":memory:", client, max_leads=timedelta(1))  # type: ignore[arg-type]


def test_a_closed_outbox_says_so_and_so_does_a_closed_client(tmp_path: Path) -> None:
    client = Client("username", SECRET)
    outbox = Outbox(tmp_path / "leads.db", client)
    with accounted(outbox) as ids:
        ids.add(outbox.add("a@b.ru", ["g"]))
        client.close()
        for call in (lambda: outbox.add("b@b.ru", ["g"]), outbox.deliver):
            with pytest.raises(InvalidArgument, match="client is closed") as raised:
                call()
            assert raised.value.disposition is Disposition.HOLD
    outbox.close()
    outbox.close()
    assert repr(outbox) == "<justclick.Outbox, closed>"
    calls: list[Callable[[], object]] = [
        *[lambda: outbox.add("b@b.ru", ["g"]), lambda: outbox.drop(state="dead")],
        *(outbox.deliver, outbox.status, outbox.list, outbox.dead, outbox.retry),
    ]
    for closed in calls:
        with pytest.raises(InvalidArgument, match="outbox is closed") as raised:
            closed()
        assert raised.value.disposition is Disposition.HOLD


def test_it_is_neither_pickled_nor_copied_and_what_it_tells_is(sandbox: Sandbox) -> None:
    with (
        client_of(sandbox) as client,
        Outbox(":memory:", client) as outbox,
        accounted(outbox) as ids,
    ):
        for copied in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match="neither pickled nor copied"):
                copied(outbox)
        ids.add(outbox.add("a@b.ru", ["nowhere"]))
        told = [outbox.deliver(), outbox.status(), *outbox.list(with_leads=True)]
        assert pickle.loads(pickle.dumps(told)) == told
        assert [type(each) for each in told] == [Report, Status, KeptLead]


def test_it_may_be_closed_while_others_use_it(tmp_path: Path) -> None:
    with Hanging() as server, Client("username", SECRET, base_url=server.url) as client:
        outbox = Outbox(tmp_path / "leads.db", client)
        ids = {outbox.add("a@b.ru", ["g"])}
        with ThreadPoolExecutor(1) as pool:
            run = pool.submit(outbox.deliver)
            server.wait_for(1)
            handle = weakref.ref(outbox._handle)
            outbox.close()
            gc.collect()
            assert handle() is not None
            server.answer_all()
            assert run.result(30).delivered == 1
        del run
        gc.collect()
        assert handle() is None
        with Outbox(tmp_path / "leads.db", client) as again, accounted(again, ids):
            assert again.status().delivered == 1


def test_many_threads_add_while_others_deliver(sandbox: Sandbox, tmp_path: Path) -> None:
    with (
        client_of(sandbox) as client,
        Outbox(tmp_path / "leads.db", client, durability="crash") as outbox,
    ):
        is_over = threading.Event()

        def deliver() -> int:
            count = 0
            while not is_over.is_set():
                count += outbox.deliver(in_flight=2).delivered
            return count

        with ThreadPoolExecutor(10) as pool, accounted(outbox) as ids:
            runs = [pool.submit(deliver) for _ in range(2)]
            emails = [f"{number}@b.ru" for number in range(400)]
            try:
                ids |= set(pool.map(lambda email: outbox.add(email, ["super"]), emails))
            finally:
                is_over.set()
            assert len(ids) == 400
            counts = [run.result(60) for run in runs]
            assert sum(counts) + outbox.deliver(in_flight=8).delivered == 400
    assert sandbox.emails() == sorted(emails)
    assert sandbox.books()["requests"] == 400


def test_other_threads_run_during_a_delivery() -> None:
    """The server is a thread of this very process: a run that kept the GIL would stop all."""
    with (
        Hanging(answered=8) as server,
        Client("username", SECRET, base_url=server.url) as client,
        Outbox(":memory:", client) as outbox,
        accounted(outbox) as ids,
    ):
        ids |= {outbox.add(f"{number}@b.ru", ["g"]) for number in range(8)}
        assert outbox.deliver(in_flight=8).delivered == 8


#: Says the key of each lead when it is kept, until it is killed.
PRODUCER = f"""
import itertools, sys, justclick
client = justclick.Client("username", "{SECRET}", base_url=sys.argv[2])
outbox = justclick.Outbox(sys.argv[1], client, durability=sys.argv[3])
for number in itertools.count():
    email = f"{{sys.argv[4]}}.{{number}}@b.ru"
    print(outbox.add(email, ["super"]), email, flush=True)
"""


@pytest.mark.parametrize("durability", ["power", "crash"])
def test_a_killed_process_loses_nothing_that_it_was_told(
    sandbox: Sandbox, tmp_path: Path, durability: str
) -> None:
    path = tmp_path / "leads.db"
    told: dict[int, str] = {}
    for turn in range(5):
        command = [sys.executable, "-c", PRODUCER, str(path), sandbox.url, durability, str(turn)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as producer:
            assert producer.stdout is not None
            lines = [producer.stdout.readline() for _ in range(20 + 7 * turn)]
            producer.kill()
            lines += producer.stdout.read().splitlines(keepends=True)
        # The last line may be half a one, of a lead that was kept all the same.
        whole = [line.split() for line in lines if line.endswith("\n")]
        told |= {int(number): email for number, email in whole}
    assert len(told) >= sum(20 + 7 * turn for turn in range(5))
    with client_of(sandbox) as client, Outbox(path, client) as outbox:
        kept = {each.id: each for each in outbox.list(limit=10_000, with_leads=True)}
        for number, email in told.items():
            lead = kept[number].lead
            assert lead and lead["lead_email"] == email
        with accounted(outbox, set(kept)):
            assert outbox.deliver(in_flight=4).delivered == len(kept)
    assert set(told.values()) <= set(sandbox.emails())


#: Delivers what there is, again and again, until it is killed.
DELIVERER = f"""
import sys, justclick
client = justclick.Client("username", "{SECRET}", base_url=sys.argv[2])
outbox = justclick.Outbox(sys.argv[1], client)
print("begun", flush=True)
outbox.deliver(in_flight=4)
"""


def test_a_killed_deliverer_loses_nothing(tmp_path: Path) -> None:
    """What it had claimed is leased until the lease ends, and counted all the while."""
    path = tmp_path / "leads.db"
    with Hanging(answered=5) as server, Client("username", SECRET, base_url=server.url) as client:
        with Outbox(path, client) as outbox:
            ids = {outbox.add(f"{number}@b.ru", ["g"]) for number in range(20)}
        command = [sys.executable, "-c", DELIVERER, str(path), server.url]
        deliverer = subprocess.Popen(command, stdout=subprocess.PIPE)
        server.wait_for(5 + 4)
        deliverer.kill()
        deliverer.communicate()
        server.answer_all()
        with Outbox(path, client) as outbox, accounted(outbox, ids):
            status = outbox.status()
            assert (status.waiting, status.leased, status.delivered) == (11, 4, 5)
            assert len(outbox.list(state="leased")) == 4
            assert outbox.deliver(in_flight=4).delivered == 11


def test_a_full_outbox_or_none_is_told_with_the_file_and_what_to_do(tmp_path: Path) -> None:
    client = Client("username", SECRET)
    other = tmp_path / "other.db"
    other.write_bytes(b"jemand@b.ru" * 1000)
    shared = tmp_path / "shared.db"
    shared.touch(0o644)
    shared.chmod(0o644)
    for path, says in [
        (other, "other.db"),
        (tmp_path / "no" / "leads.db", "no such folder"),
        (tmp_path, "it is a folder"),
        (shared, "chmod o-rwx"),
    ]:
        with pytest.raises(NotStored, match=says) as raised:
            Outbox(path, client)
        assert (raised.value.status, raised.value.status_name) == (-40, "JC_NOT_STORED")
        assert raised.value.disposition.keeps_lead
        assert "emand" not in str(raised.value)
    assert other.read_bytes() == b"jemand@b.ru" * 1000


def test_a_damaged_file_is_kept_and_what_can_be_read_of_it_is_saved(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    path, damaged = tmp_path / "leads.db", tmp_path / "damaged.db"
    with client_of(sandbox) as client:
        with Outbox(damaged, client) as outbox:
            for number in range(20):
                outbox.add(f"{number}@b.ru", ["super"])
            assert outbox.deliver(leads=1).delivered == 1
        content = bytearray(damaged.read_bytes())
        content[100:140] = b"x" * 40
        damaged.write_bytes(content)
        with pytest.raises(NotStored, match="damaged"):
            Outbox(damaged, client)
        assert damaged.read_bytes() == bytes(content)
        with Outbox(path, client) as outbox:
            assert outbox.salvage(damaged) == Salvaged(19, 0)
            assert outbox.salvage(str(damaged)).leads == 19
            with accounted(outbox, {each.id for each in outbox.list()}):
                assert outbox.deliver().delivered == 19
    assert len(sandbox.emails()) == 20


def test_a_run_leaves_leads_to_one_at_work() -> None:
    with (
        Hanging() as server,
        Client("username", SECRET, base_url=server.url) as client,
        Outbox(":memory:", client) as outbox,
        accounted(outbox) as ids,
        ThreadPoolExecutor(1) as pool,
    ):
        ids |= {outbox.add(f"{number}@b.ru", ["g"]) for number in range(2)}
        run = pool.submit(outbox.deliver, alone=True)
        server.wait_for(1)
        assert outbox.deliver(alone=True).delivered == 0
        assert outbox.status().waiting == 1
        server.answer_all()
        assert run.result(30).delivered == 2


def test_each_call_is_a_line_of_the_log_without_personal_data(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "justclick")
    with (
        client_of(sandbox) as client,
        Outbox(":memory:", client, max_leads=2) as outbox,
        accounted(outbox) as ids,
    ):
        ids.add(outbox.add("jemand@b.ru", ["super"], key="jemand"))
        ids.add(outbox.add("jemand@b.ru", ["nowhere"]))
        with pytest.raises(NotStored):
            outbox.add("jemand@b.ru", ["news"])
        with pytest.raises(InvalidArgument):
            outbox.add("jemand", ["news"])
        outbox.deliver()
        outbox.retry()
        outbox.drop(state="waiting")
        with pytest.raises(InvalidArgument):
            outbox.drop()
    lines = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert [line.partition(":")[0] for _, line in lines] == [
        *["Outbox.add"] * 4,
        "Outbox.deliver",
        "Outbox.retry",
        *["Outbox.drop"] * 2,
    ]
    assert lines[0] == ("DEBUG", "Outbox.add: kept as 1")
    assert lines[2][0] == "WARNING"
    assert lines[2][1].startswith("Outbox.add: JC_NOT_STORED: ")
    assert lines[3][0] == "DEBUG"
    assert lines[4] == ("WARNING", "Outbox.deliver: 1 delivered, 1 dead, 0 later")
    assert lines[5:7] == [("DEBUG", "Outbox.retry: 1 retried"), ("DEBUG", "Outbox.drop: 1 dropped")]
    for _, line in lines:
        assert "emand" not in line


def test_the_promise_is_that_of_the_header() -> None:
    """Word for word, but for the names that Python has of its own."""

    def words(text: str) -> str:
        plain = text.replace("*", " ").replace("`", " ").replace(":meth:", " ").replace(">", " ")
        return " ".join(plain.split())

    def promise(text: str) -> str:
        begin, end = text.index("the lead survives the end"), text.index("It never ends in silence")
        return text[begin:end]

    header = promise(words((ROOT / "include/justclick.h").read_text("utf-8")))
    assert promise(words(Outbox.__doc__ or "")) == header
    page = words((ROOT / "bindings/python/README.md").read_text("utf-8"))
    assert promise(page) == header


def resident() -> int:
    """KiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def test_the_process_does_not_grow_over_many_leads() -> None:
    client = Client("username", SECRET)
    wrong_ones: list[dict[str, Any]] = [{"state": "x"}, {"ids": [None]}]

    def turn(count: int) -> None:
        for number in range(count):
            with Outbox(":memory:", client) as outbox:
                for lead in range(20):
                    outbox.add(f"{number}.{lead}@b.ru", ["g"], name="я" * 200)
                    outbox.list(with_leads=True)
                    outbox.status()
                    for wrong in wrong_ones:
                        with pytest.raises(InvalidArgument):
                            outbox.list(**wrong)
                    assert outbox.drop(state="waiting") == 1
                with accounted(outbox, set(range(20))):
                    assert outbox.status().dropped == 20
        gc.collect()

    turn(30)
    start = resident()
    turn(150)
    # The smallest of the objects, lost with each lead, would be over 1 MiB.
    assert resident() - start < 1024


def test_what_it_tells_is_all_that_the_library_tells() -> None:
    """The header shows one of each; what a list tells only where it is asked is left out."""
    header = (ROOT / "include/justclick.h").read_text("utf-8")
    kinds: list[tuple[Any, str, set[str]]] = [
        (Report, '{"delivered": 12', set()),
        (Status, '{"waiting": 3', set()),
        (HeldAccount, '{"account": "…"', set()),
        (Salvaged, '{"leads": 120', set()),
        (KeptLead, '{"id": 1, "account"', {"lead"}),
    ]
    for kind, begin, asked in kinds:
        text = header[header.index(begin) :]
        shown, _ = json.JSONDecoder().raw_decode(" ".join(text.split()))
        assert {field.name for field in dataclasses.fields(kind)} == {*shown, *asked}, kind
