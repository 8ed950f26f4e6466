"""The table of cases that all languages share, and the golden vectors."""

from __future__ import annotations

import base64
import json
import socket
from typing import Any, Union

from conftest import ROOT, SECRET, Hanging, Sandbox, accounted

from justclick import (
    Client,
    Disposition,
    ForgedAnswer,
    JustClickError,
    NotAccepted,
    Outbox,
    Outcome,
    Rejected,
    Report,
    Result,
    Status,
)

TABLE = json.loads((ROOT / "tests/cases.json").read_text("utf-8"))


def settings(case: Any, sandbox: Sandbox, encrypted: Sandbox, judge: str) -> dict[str, Any]:
    base = case["base"]
    if base == "off":
        with socket.create_server(("127.0.0.1", 0)) as closed:
            chosen = {"base_url": f"http://127.0.0.1:{closed.getsockname()[1]}"}
    elif base == "judge":
        chosen = {"base_url": judge}
    elif base == "untrusted":
        chosen = {"base_url": encrypted.url}
    elif base == "trusted":
        chosen = {"base_url": encrypted.url, "ca_file": str(encrypted.ca_file)}
    else:
        chosen = {"base_url": base.replace("sandbox", sandbox.url)}
    return {**chosen, **case.get("settings", {})}


def fields(case: Any) -> dict[str, object]:
    return {
        name: base64.b64decode(value["base64"]) if isinstance(value, dict) else value
        for name, value in case["fields"]
    }


def check(case: Any, end: Union[Result, JustClickError]) -> None:
    about = case["name"]
    if isinstance(end, Result):
        assert case["status"] == "JC_OK", about
        assert case["outcome"] == f"JC_{end.outcome.name}", about
        message = end.message
    else:
        assert case["status"] == end.status_name, (about, str(end))
        assert (case["outcome"] == "JC_OUTCOME_REJECTED") == isinstance(end, Rejected), about
        assert case.get("may_have_arrived", end.may_have_arrived) == end.may_have_arrived, about
        message = str(end)
    assert case["code"] == end.code, about
    # C cannot show a NUL byte.
    assert case.get("text", end.text) == end.text.replace("\0", "\ufffd"), about
    if "disposition" in case:
        assert case["disposition"] == f"JC_{end.disposition.name}", about
    assert case.get("attempts", len(end.attempts)) == len(end.attempts), about
    says = case.get("says", [])
    if about == "bytes that are not UTF-8":
        # Python's strings are texts, so bytes are none, whatever they hold.
        says = ["lead_city", "not bytes"]
    for part in says:
        assert part in message, about


def test_every_lead_ends_as_the_table_says(
    sandbox: Sandbox, encrypted: Sandbox, judge: str
) -> None:
    for case in TABLE["leads"]:
        end: Union[Result, JustClickError]
        try:
            chosen = settings(case, sandbox, encrypted, judge)
            username, secret = case.get("username", "username"), case.get("secret", SECRET)
            with Client(username, secret, **chosen) as client:
                body = client.sign(fields(case)).body
                end = client.add_lead(fields(case))
        except JustClickError as error:
            end = error
        else:
            assert case.get("body", body.decode()) == body.decode()
        check(case, end)
    assert len(TABLE["leads"]) > 30


STATES = {"JC_DONE": "delivered", "JC_REFUSED": "dead", "JC_LATER": "waiting", "JC_HOLD": "held"}


def test_every_lead_ends_in_an_outbox_as_the_table_says(
    sandbox: Sandbox, encrypted: Sandbox, judge: str
) -> None:
    seen = set()
    for case in TABLE["leads"]:
        try:
            chosen = settings(case, sandbox, encrypted, judge)
            username, secret = case.get("username", "username"), case.get("secret", SECRET)
            client = Client(username, secret, **chosen)
        except JustClickError as error:
            check(case, error)
            continue
        with client, Outbox(":memory:", client) as outbox, accounted(outbox) as ids:
            try:
                ids.add(outbox.add(fields(case)))
            except JustClickError as error:
                check(case, error)
                assert error.disposition is Disposition.REFUSED
                continue
            report, status = outbox.deliver(), outbox.status()
            state = state_of(report, status)
            assert state == STATES[case["disposition"]], case["name"]
            for kept in outbox.list():
                assert kept.error_code == (case["code"] if state == "dead" else -1)
                says = status.accounts[0].reason if state == "held" else kept.reason
                assert all(part in says for part in case.get("says", [])), case["name"]
            seen.add(state)
    assert seen == set(STATES.values())


def state_of(report: Report, status: Status) -> str:
    """One lead is all there was."""
    if status.delivered:
        assert (report.delivered, report.held, status.accounts) == (1, None, ())
        return "delivered"
    if status.dead:
        assert (report.dead, report.held, status.accounts) == (1, None, ())
        return "dead"
    assert (status.waiting, report.later, len(status.accounts)) == (1, 1, 1)
    # An account is held for a minute at the least; the way rests for a second.
    return "held" if status.accounts[0].held_for_s > 30 else "waiting"


def test_every_answer_is_judged_as_the_table_says() -> None:
    client = Client("username", "secret")
    for case in TABLE["answers"]:
        end: Union[Result, JustClickError]
        try:
            end = client.verify(case["body"].encode())
        except JustClickError as error:
            end = error
        check(case, end)
        if "result" in case:
            assert isinstance(end, Result)
            assert end.json == case["result"]
            assert end.value() == json.loads(case["result"])
    assert len(TABLE["answers"]) > 10


def rows(name: str) -> list[Any]:
    lines = (ROOT / f"tests/vectors/{name}.jsonl").read_text("utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def test_every_request_is_signed_as_php_does() -> None:
    signed = 0
    for row in rows("requests"):
        # No lead can carry these: bytes that are not UTF-8, and no parameters at all.
        if row["kind"] in ("bytes", "empty"):
            continue
        client = Client(row["username"], row["secret"])
        # Backwards, since the order of filling in must not matter.
        lead = dict(reversed(row["params"]))
        expected = f"{row['query']}&hash={row['hash']}"
        assert client.sign(lead).body.decode() == expected
        assert client.sign(nested(lead)).body.decode() == expected
        signed += 1
    assert signed == 1008


def test_an_outbox_sends_the_same_bytes() -> None:
    """The query is kept unsigned, read again, and signed when it is delivered."""
    sent = 0
    with Hanging(answered=1_000_000) as server:
        for row in rows("requests"):
            if row["kind"] in ("bytes", "empty"):
                continue
            server.secret = row["secret"]
            with (
                Client(row["username"], row["secret"], base_url=server.url) as client,
                Outbox(":memory:", client) as outbox,
                accounted(outbox) as ids,
            ):
                ids.add(outbox.add(dict(reversed(row["params"]))))
                assert outbox.deliver().delivered == 1
            assert server.bodies[-1] == f"{row['query']}&hash={row['hash']}"
            sent += 1
    assert sent == len(server.bodies) == 1008


def nested(lead: dict[str, object]) -> dict[str, object]:
    """``utm[utm_term]`` as a dict in a dict, and groups as a list."""
    fields: dict[str, Any] = {}
    for name, value in lead.items():
        array, bracket, key = name.partition("[")
        if bracket:
            fields.setdefault(array, {})[key[:-1]] = value
        else:
            fields[name] = value
    groups = fields["rid"]
    fields["rid"] = [groups[str(number)] for number in range(len(groups))]
    return fields


def test_an_answer_is_believed_only_with_its_hash() -> None:
    read = 0
    for row in rows("answers"):
        raised: Any = None
        try:
            Client("username", row["secret"]).verify(row["body"].encode())
        except JustClickError as error:
            raised = type(error)
        registered = "already registered" in row["error_text"].lower()
        expected: Any = Rejected
        if row["error_code"] in (4, 5):
            expected = NotAccepted
        elif not row["valid"]:
            expected = ForgedAnswer
        elif row["error_code"] in (0, 102) or registered:
            expected = None
        assert raised is expected, row
        read += 1
    assert read == 150


def test_outcomes_that_are_newer_than_the_package_are_told_as_that() -> None:
    assert Outcome(3) is Outcome.ALREADY_REGISTERED
    assert Outcome(77) is Outcome.OTHER
