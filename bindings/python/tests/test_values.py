"""How Python's values become a lead's."""

from __future__ import annotations

import dataclasses
import re
import socket
import time
from collections import OrderedDict, UserList
from datetime import timedelta
from typing import Any

import pytest
from conftest import ROOT, SECRET, Sandbox

import justclick
from justclick import Client, Disposition, InvalidArgument, Lead, Outcome, OutcomeUnknown

NAMES = {
    "rid[0]": "super",
    "lead_name": "Name",
    "lead_email": "lead@email.com",
    "activation": True,
    "utm[utm_medium]": "cpc",
    "utm[utm_term]": "~!'()* я",
}


@pytest.fixture
def client() -> Client:
    return Client("username", SECRET)


def test_names_nested_dicts_and_typed_leads_are_the_same_lead(client: Client) -> None:
    nested = {
        "rid": ("super",),
        "lead_name": "Name",
        "lead_email": "lead@email.com",
        "activation": True,
        "utm": OrderedDict(utm_medium="cpc", utm_term="~!'()* я"),
    }
    typed = Lead(
        "lead@email.com",
        ["super"],
        name="Name",
        activation=True,
        utm_medium="cpc",
        utm_term="~!'()* я",
    )
    body = client.sign(NAMES).body
    assert body.startswith(b"rid%5B0%5D=super&lead_name=Name&lead_email=lead%40email.com&acti")
    assert client.sign(nested).body == body
    assert client.sign(typed).body == body


def test_every_typed_name_is_its_field(client: Client) -> None:
    header = (ROOT / "include/justclick.h").read_text("utf-8")
    found = re.findall(r'^#define JC_LEAD_(\w+) "(.+)"$', header, re.M)
    assert len(found) == 19
    for short, name in found:
        value: Any = True if short == "ACTIVATION" else "v@v"
        typed: dict[str, Any] = {"email": "a@b.ru", "groups": ["g"], short.lower(): value}
        named = {"lead_email": "a@b.ru", "rid": ["g"], name: value}
        assert client.sign(Lead(**typed)).body == client.sign(named).body


def test_none_is_left_out_and_an_int_is_its_digits(client: Client) -> None:
    lead = Lead("a@b.ru", [1578515091], name=None, city="", activation=False, extra={"n": 2**70})
    body = client.sign(lead).body
    expected = b"rid%5B0%5D=1578515091&lead_email=a%40b.ru&lead_city=&activation=0&n=1180591620"
    assert body.startswith(expected)


@pytest.mark.parametrize(
    ("fields", "name", "why"),
    [
        ({"lead_phone": 7.5}, "lead_phone", "write it as a string"),
        ({"rid": [1578515091.9668659223]}, "rid[0]", "loses digits"),
        ({"tag": float("inf")}, "tag", "inf is no number"),
        ({"tag": object()}, "tag", "object"),
        ({"tag": {1}}, "tag", "set"),
        ({"lead_name": ["a"]}, "lead_name", "list"),
        ({"utm": {"utm_term": ["a"]}}, "utm[utm_term]", "list"),
        ({"tag": 10**5000}, "tag", "too many digits"),
        ({"lead_name": "a\0b"}, "lead_name", "byte 1"),
        ({"lead_city": b"ab"}, "lead_city", "not bytes"),
        ({"lead_city": "ab\udc80"}, "lead_city", "character 2"),
        ({"utm": {"utm_term": "ab\udc80"}}, "utm[utm_term]", "character 2"),
        ({"lead_name\udc80": "a"}, "lead_name\\udc80", "character 9"),
    ],
)
def test_what_is_no_string_is_refused_by_its_name(
    client: Client, fields: dict[str, object], name: str, why: str
) -> None:
    with pytest.raises(InvalidArgument) as raised:
        client.sign({"rid[0]": "g", "lead_email": "a@b.ru", **fields})
    assert str(raised.value).startswith(f"{name}: ")
    assert why in str(raised.value)
    assert raised.value.status in (-1, -2)


def test_arguments_of_other_types_are_refused(client: Client) -> None:
    with pytest.raises(InvalidArgument, match="must be a string, not tuple"):
        client.sign({(1,): "x"})  # type: ignore[dict-item]
    with pytest.raises(TypeError, match="not list"):
        client.sign([1])  # type: ignore[call-overload]
    for call in (client.add_lead, client.sign):
        with pytest.raises(TypeError, match="only an address"):
            call(Lead("a@b.ru", ["g"]), name="x")  # type: ignore[call-overload]
    with pytest.raises(InvalidArgument, match="bytes are needed"):
        client.verify("{}")  # type: ignore[arg-type]


@pytest.mark.parametrize("groups", ["super", b"super", 5, {"super"}, iter(["super"])])
def test_groups_are_a_list_and_not_one_string(client: Client, groups: Any) -> None:
    for lead in (Lead("a@b.ru", groups), {"rid": groups, "lead_email": "a@b.ru"}):
        with pytest.raises(InvalidArgument, match=r"^rid: "):
            client.sign(lead)


def test_any_sequence_is_a_list_of_groups(client: Client) -> None:
    body = client.sign(Lead("a@b.ru", ["0", "1"])).body
    for groups in [("0", "1"), range(2), UserList(["0", "1"])]:
        assert client.sign(Lead("a@b.ru", groups)).body == body
        assert client.sign({"rid": groups, "lead_email": "a@b.ru"}).body == body


def test_an_empty_list_is_nothing_where_a_list_belongs(client: Client) -> None:
    body = client.sign(Lead("a@b.ru", ["g"])).body
    assert client.sign({"rid[0]": "g", "lead_email": "a@b.ru", "utm": {}, "rid": []}).body == body
    with pytest.raises(InvalidArgument, match="no group"):
        client.sign({"rid": [], "lead_email": "a@b.ru"})
    with pytest.raises(InvalidArgument, match=r"^lead_name: it takes one value, not a list"):
        client.sign({"rid": ["g"], "lead_email": "a@b.ru", "lead_name": []})


def test_a_lead_has_a_hash_and_keeps_no_list_of_others() -> None:
    groups = ["super"]
    lead = Lead("a@b.ru", groups, extra={"new": 1})
    groups.append("news")
    same = Lead("a@b.ru", ("super",), extra={"new": 1})
    assert lead.groups == ("super",)
    assert {lead: 1}[same] == 1
    assert lead != Lead("a@b.ru", ["super"], extra={"new": 2})


def test_add_lead_and_sign_take_a_lead_in_every_form(client: Client) -> None:
    body = client.sign({"rid": ["g"], "lead_email": "a@b.ru", "lead_name": "n"}).body
    assert client.sign("a@b.ru", ["g"], name="n").body == body
    assert client.sign("a@b.ru", groups=["g"], name="n").body == body
    assert client.sign(email="a@b.ru", groups=["g"], name="n").body == body
    with pytest.raises(TypeError, match="email"):
        client.sign(groups=["g"])  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="email"):
        client.sign("a@b.ru", ["g"], email="b@b.ru")  # type: ignore[call-overload]


def test_the_typed_names_are_those_of_the_library() -> None:
    header = (ROOT / "include/justclick.h").read_text("utf-8")
    settings = re.findall(r'^#define JC_SETTING_\w+ "(\w+)"$', header, re.M)
    assert list(justclick.Settings.__annotations__) == settings
    of_lead = [field.name for field in dataclasses.fields(Lead)]
    assert [*of_lead[:2], *justclick.LeadFields.__annotations__] == of_lead


def test_settings_are_refused_by_their_name() -> None:
    for name, value in [("timout_ms", 1), ("timeout_ms", 1.5), ("proxy", []), ("max_attempts", 11)]:
        with pytest.raises(InvalidArgument, match=name):
            Client("username", "secret", **{name: value})  # type: ignore[arg-type]
    Client("username", "secret", timeout_ms=None, allow_http=True, max_attempts=2)


def test_settings_take_what_python_has_for_them(encrypted: Sandbox) -> None:
    """Each is seen by what it does: the file by a trusted answer, the time by the end of a call."""
    with Client("username", SECRET, base_url=encrypted.url, ca_file=encrypted.ca_file) as client:
        assert client.add_lead("a@b.ru", ["super"]).outcome is Outcome.ADDED
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        times: list[Any] = [timedelta(seconds=0.2), 200.0, 200]
        for timeout in times:
            with Client("username", SECRET, base_url=url, timeout_ms=timeout) as client:
                start = time.monotonic()
                with pytest.raises(OutcomeUnknown):
                    client.add_lead("a@b.ru", ["super"])
                assert 0.19 < time.monotonic() - start < 3
    for value in (timedelta(microseconds=1500), 1.5, float("nan"), float("inf")):
        with pytest.raises(InvalidArgument, match=r"^timeout_ms: .* it is a whole number"):
            Client("username", SECRET, timeout_ms=value)


def test_what_is_shown_reads_well() -> None:
    assert [str(outcome) for outcome in Outcome][:3] == [
        *["added", "activation sent", "already registered"]
    ]
    assert f"{Outcome.ADDED} {Disposition.HOLD:>6}" == "added   hold"
    assert (Outcome(77), Disposition(77)) == (Outcome.OTHER, Disposition.HOLD)
