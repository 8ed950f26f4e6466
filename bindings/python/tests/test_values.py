"""How Python's values become a lead's."""

from __future__ import annotations

import re
from collections import OrderedDict, UserList
from typing import Any

import pytest
from conftest import ROOT, SECRET

from justclick import Client, InvalidArgument, Lead

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
        ({"lead_phone": 7.5}, "lead_phone", "float"),
        ({"rid": [1578515091.9668659223]}, "rid[0]", "float"),
        ({"tag": object()}, "tag", "object"),
        ({"tag": {1}}, "tag", "set"),
        ({"lead_name": ["a"]}, "lead_name", "list"),
        ({"utm": {"utm_term": ["a"]}}, "utm[utm_term]", "list"),
        ({"tag": 10**5000}, "tag", "too many digits"),
        ({"lead_name": "a\0b"}, "lead_name", "byte 1"),
        ({"lead_city": b"ab\xff"}, "lead_city", "byte 2"),
        ({"lead_city": "ab\udc80"}, "lead_city", "character 2"),
        ({"lead_name\0": "a"}, "lead_name\\x00", "NUL"),
        ({"utm": {"utm_term\0": "a"}}, "utm[utm_term\\x00]", "NUL"),
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
    with pytest.raises(InvalidArgument, match="must be a string, not int"):
        client.sign({1: "x"})  # type: ignore[dict-item]
    with pytest.raises(TypeError, match="not list"):
        client.sign([1])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="only an address"):
        client.add_lead(Lead("a@b.ru", ["g"]), name="x")  # type: ignore[call-overload]
    with pytest.raises(InvalidArgument, match="bytes are needed"):
        client.verify("{}")  # type: ignore[arg-type]


@pytest.mark.parametrize("groups", ["super", b"super", None, 5, {"super"}, {0: "super"}])
def test_groups_are_a_list_and_not_one_string(client: Client, groups: Any) -> None:
    with pytest.raises(InvalidArgument, match=r"^groups: a list is needed, not "):
        client.add_lead("a@b.ru", groups=groups)
    if not isinstance(groups, (dict, set)):
        with pytest.raises(
            InvalidArgument, match=r"^rid: it takes a list of groups, not one value"
        ):
            client.sign({"rid": groups, "lead_email": "a@b.ru"})


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


def test_settings_are_refused_by_their_name() -> None:
    for name, value in [("timout_ms", 1), ("timeout_ms", 1.5), ("proxy", []), ("max_attempts", 11)]:
        with pytest.raises(InvalidArgument, match=name):
            Client("username", "secret", **{name: value})  # type: ignore[arg-type]
    Client("username", "secret", timeout_ms=None, allow_http=True, max_attempts=2)
