"""The other contact functions, against the sandbox's books."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import Any

import pytest
from conftest import SECRET, Sandbox

from justclick import (
    AsyncClient,
    BadAnswer,
    Client,
    Disposition,
    Group,
    Membership,
    Outcome,
    Rejected,
    Result,
    Subscription,
    contacts,
)


def test_a_contact_is_read_changed_counted_and_taken_out(sandbox: Sandbox) -> None:
    with Client("username", SECRET, base_url=sandbox.url) as client:
        client.add_lead("a@b.ru", ["super", "news"], name="Name")
        client.add_lead("b@b.ru", ["super"])
        names = [group.name for group in client.groups()]
        assert names == ["super", "news", "confirm", "auto"]
        assert all(isinstance(group.title, str) for group in client.groups())
        assert [group.name for group in client.lead_groups("a@b.ru")] == ["super", "news"]
        statuses = client.statuses("a@b.ru")
        assert [each.group.name for each in statuses] == ["super", "news"]
        assert [each.status for each in statuses] == [Subscription.SUBSCRIBED] * 2
        assert [client.count(name) for name in ("super", "news", "unique", "all")] == [2, 1, 2, 3]

        changed = client.update_lead("a@b.ru", name="Новое имя", city="")
        assert (changed.outcome, changed.disposition) == (Outcome.ANSWERED, Disposition.DONE)
        assert str(changed.outcome) == "answered"
        contact = next(each for each in sandbox.books()["contacts"] if each["email"] == "a@b.ru")
        assert contact["fields"] == {"lead_name": "Новое имя", "lead_city": ""}

        assert client.unsubscribe("a@b.ru", "news")
        assert not client.unsubscribe("nobody@b.ru", "news")
        with pytest.raises(Rejected) as raised:
            client.statuses("nobody@b.ru")
        assert raised.value.code == 500
        assert raised.value.disposition is Disposition.REFUSED


def test_asyncio_has_them_as_well(sandbox: Sandbox) -> None:
    async def use() -> None:
        async with AsyncClient("username", SECRET, base_url=sandbox.url) as client:
            await client.add_lead("a@b.ru", ["super"])
            assert [group.name for group in await client.groups()][:2] == ["super", "news"]
            assert [group.name for group in await client.lead_groups("a@b.ru")] == ["super"]
            assert [each.status for each in await client.statuses("a@b.ru")] == ["STATUS_SUBSCRIBE"]
            assert (await client.update_lead("a@b.ru", phone="7", tags="t")).code == 0
            assert await client.count("unique") == 1
            assert await client.unsubscribe("a@b.ru", "super")
            called = await client.call("GetCountSubscribe", {"group_name": "super"})
            assert isinstance(called, Result)
            assert client.sign_call("GetAllGroups").url.endswith("/api/GetAllGroups")

    asyncio.run(use())


def test_any_function_is_called_by_its_name(sandbox: Sandbox) -> None:
    with Client("username", SECRET, base_url=sandbox.url) as client:
        client.add_lead("a@b.ru", ["super"])
        result = client.call("GetLeadGroups", {"email": "a@b.ru"})
        assert [row["rass_name"] for row in result.value()] == ["super"]
        assert json.loads(result.json) == result.value()
        added = client.call("AddLeadToGroup", {"rid": ["super"], "lead_email": "b@b.ru"})
        assert added.outcome is Outcome.ADDED
    request = Client("username", "secret").sign_call("GetAllGroups", {})
    digest = hashlib.md5(b"::username::secret").hexdigest()
    assert request.body == f"hash={digest}".encode()
    nested = Client("username", "secret").sign_call("Any", {"a": {"b": [True, None, 5]}, "c": "я"})
    assert nested.body.startswith(b"a%5Bb%5D%5B0%5D=1&a%5Bb%5D%5B2%5D=5&c=%D1%8F&hash=")


def result_of(json_text: str) -> Result:
    """An answer with this result, as the library reads it."""
    digest = hashlib.md5(b"0::OK::secret").hexdigest()
    body = f'{{"error_code":0,"error_text":"OK","result":{json_text},"hash":"{digest}"}}'
    return Client("username", "secret").verify(body.encode())


def test_identifiers_that_look_like_numbers_keep_their_digits() -> None:
    rows = '[{"rass_name":1578515091.9668659223,"rass_title":5},{"rass_name":"a","rass_title":""}]'
    read = contacts.rows(result_of(rows), contacts.group)
    assert read == [Group("1578515091.9668659223", "5"), Group("a", "")]
    assert contacts.rows(result_of("null"), contacts.group) == []
    assert contacts.number(result_of("17")) == contacts.number(result_of('"17"')) == 17


def test_a_status_that_is_newer_than_the_package_is_told_as_it_is() -> None:
    row = {"rass_name": "g", "rass_title": "t", "rass_status": "STATUS_NEW"}
    read = contacts.rows(result_of(json.dumps([row])), contacts.membership)
    assert read == [Membership(Group("g", "t"), "STATUS_NEW", None)]
    row |= {"rass_status": "STATUS_WAIT", "subscription_time": "2026-01-02"}
    read = contacts.rows(result_of(json.dumps([row])), contacts.membership)
    assert read == [Membership(Group("g", "t"), Subscription.WAITING, "2026-01-02")]
    assert str(Subscription.UNSUBSCRIBED_BY_SERVICE) == "unsubscribed by service"


@pytest.mark.parametrize("json_text", ["5", '"x"', "{}", "[5]", "[{}]", '[{"rass_name":null}]'])
def test_a_result_that_is_not_as_documented_is_a_bad_answer(json_text: str) -> None:
    readers: list[Any] = [contacts.group, contacts.membership]
    for read in readers:
        with pytest.raises(BadAnswer, match="not as the API documents it") as raised:
            contacts.rows(result_of(json_text), read)
        assert raised.value.status_name == "JC_BAD_RESPONSE"
    if json_text != "5":
        with pytest.raises(BadAnswer, match="it is no number"):
            contacts.number(result_of(json_text))


def test_what_python_could_not_read_is_refused_by_the_library() -> None:
    """Python's reader ends at some depth, and makes no number of more than some thousand digits."""
    deepest = result_of("[" * 127 + "]" * 127)
    assert str(deepest.value()).count("[") == 127
    assert result_of("1" * 300).value() == int("1" * 300)
    for text in ("[" * 1000 + "]" * 1000, "1" * 5000):
        with pytest.raises(BadAnswer, match="result"):
            result_of(text)
