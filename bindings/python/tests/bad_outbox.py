"""Every kind of wrong argument of an outbox: more rows of ``test_bad_input``."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import re
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any, Callable

import bad_input as rules
from bad_input import ADDRESS, GOOD, HEADER, Bench, Kind, Row
from conftest import SECRET

from justclick import (
    AsyncClient,
    AsyncOutbox,
    Client,
    HeldAccount,
    InvalidArgument,
    KeptLead,
    NotStored,
    Outbox,
    Report,
    Salvaged,
    Status,
)

SETTINGS = re.findall(r'^#define JC_OUTBOX_SETTING_\w+ "(\w+)"$', HEADER, re.M)

NOT_A_PATH: list[Kind] = [
    (type(value).__name__, value, f"location: a string is needed, not {type(value).__name__}")
    for value in [None, 5, True, 1.5, [], {}, object(), bytearray(b"a"), 10**5000]
]
LOCATIONS: list[Kind] = [
    *NOT_A_PATH,
    ("a NUL byte", "jemand\0", "location: byte 6 is a NUL byte"),
    ("a lone surrogate", "jemand\udc80", "location: character 6 is half of a surrogate pair"),
    ("bytes that are no UTF-8", b"jemand\xff", "location: byte 6 is not valid UTF-8"),
    ("over-long", "/" + "x" * 5000, "location: 5001 bytes are too long; at most 4096"),
    ("another engine", "mongodb://jemand:Geheimnis@b.ru/x", 'keeps no leads in "mongodb"'),
]
#: Places where no outbox can be.
PLACES: list[Kind] = [
    ("a folder", "/", "it is a folder"),
    ("a device", "/dev/null", "it is a device"),
    ("no folder", "/nonexistent/leads.db", "there is no such folder"),
    ("a folder that is none", "/etc/passwd/leads.db", "Not a directory"),
    ("a kernel's file", "/proc/version", "/proc/version"),
    ("no file of the site's", "sqlite:/nonexistent.db?tables=site", "there is no such file"),
]
NOT_DAMAGED = {"no file", "a folder"}
DAMAGED: list[Kind] = [
    *[(how, value, rule.replace("location", "damaged")) for how, value, rule in LOCATIONS[:-1]],
    ("no file", "/nonexistent/leads.db", "No such file"),
    ("a folder", "/", "/: "),
]
WHOLE: list[Any] = [0, -1, 2**64, 1.5, "", "soon", "5\r\n", "٣", 5.5, "1e3"]
NUMBER = "it is a whole number from"
OF_SETTING: dict[str, list[Kind]] = {
    "durability": [
        (repr(value), value, "it is power or crash") for value in ["", "Power", "full", 1, True]
    ],
    "max_leads": [(repr(value), value, NUMBER) for value in WHOLE],
    "keep_dead_days": [(repr(value), value, NUMBER) for value in WHOLE[1:]],
    "give_up_after_days": [
        *[(repr(value), value, NUMBER) for value in WHOLE],
        ("a time that is too long", timedelta(days=36_501), NUMBER),
        ("half a day", timedelta(hours=12), NUMBER),
    ],
    "spool": [
        *[
            (value, value, "spool: it is no path of a file on this host")
            for value in [" ", ":memory:", "mysql://me:tiger@b/c", "postgres:b"]
        ],
        ("for a file", "/var/spool.db", "spool: it is for an outbox in a database"),
    ],
    "busy_timeout_ms": [
        *[(repr(value), value, NUMBER) for value in WHOLE],
        ("a time that is too long", timedelta(days=1), NUMBER),
    ],
}
UNKNOWN_SETTINGS: list[Kind] = [
    ("mistyped", "durabilty", 'no setting "durabilty"; did you mean "durability"?'),
    ("a client's", "timeout_ms", 'no setting "timeout_ms"; did you mean "busy_timeout_ms"?'),
    ("empty", "", 'no setting ""'),
    ("a NUL byte", "max_leads\0", r"max_leads\x00: there is a NUL byte in the name"),
]
KEYS: list[Kind] = [
    ("empty", "", "key: it is empty"),
    ("blank", " \r\n", "key: it is empty"),
    ("over-long", "jemand" * 50, "key: 300 bytes are too long; at most 256"),
    ("a NUL byte", "jemand\0", "key: byte 6 is a NUL byte"),
    ("a lone surrogate", "jemand\udc80", "key: character 6 is half of a surrogate pair"),
    *[
        (type(value).__name__, value, f"key: a string is needed, not {type(value).__name__}")
        for value in [5, True, 1.5, [], {}, object(), 10**5000]
    ],
]
#: What no value of a limit or a selection is.
NO_VALUES: list[Kind] = [
    ("bytes", b"jemand", "a number or a string is needed, not bytes"),
    ("an object", object(), "a number or a string is needed, not object"),
    ("a lone surrogate", "jemand\udc80", "character 6 is half of a surrogate pair"),
    ("no number", float("nan"), "nan is no number"),
    ("a huge number", 10**5000, "the number has too many digits"),
]
SECONDS: list[Kind] = [
    *NO_VALUES,
    *[
        (repr(value)[:20], value, "seconds: it must be a number of seconds, at most a year")
        for value in [-1, -0.1, "5", True, [], {}, 4e7]
    ],
]


def whole(name: str, *values: Any) -> list[Kind]:
    """What is no whole number that this may be."""
    wrong = [-1, 1.5, 5.0, "5", True, [], {}, 2**64, *values]
    rule = f"{name}: it must be a whole number from"
    return [*NO_VALUES, *[(repr(value)[:20], value, rule) for value in wrong]]


LIMITS: dict[str, list[Kind]] = {
    "seconds": SECONDS,
    "leads": whole("leads", 0),
    "in_flight": whole("in_flight", 0, 257),
    "id": whole("id", 2**63),
    "alone": [
        *NO_VALUES,
        *[(repr(value), value, "alone: it must be true or false") for value in [1, 0, "", []]],
    ],
    "per_second": [
        *NO_VALUES,
        *[
            (repr(value), value, "per_second: it must be a number from 0.001 to 1000000")
            for value in [0, -1, 0.0001, 1e7, "5", True, [], {}]
        ],
    ],
}
IDS = "ids: it must be a list of at most 10000 numbers"
SELECTION: dict[str, list[Kind]] = {
    "state": [
        *NO_VALUES,
        *[
            (repr(value)[:20], value, "state: it must be waiting, leased or dead")
            for value in ["", "Dead", "delivered", 5, True, [], {}]
        ],
    ],
    "account": [
        *NO_VALUES,
        *[(repr(value), value, "account: it must be a text") for value in [5, True, 1.5, [], {}]],
    ],
    "ids": [
        *NO_VALUES,
        *[(repr(value)[:20], value, IDS) for value in [5, True, "17", ["17"], [1.5], [None], {}]],
        ("too many", range(10_001), IDS),
        ("an object in it", [object()], "ids[0]: a number or a string is needed, not object"),
    ],
    "after": whole("after", 2**63),
    "limit": whole("limit", 0, 10_001),
    "with_leads": [
        *NO_VALUES,
        *[(repr(value), value, "with_leads: it must be true or false") for value in [1, 0, "", []]],
    ],
}
METHODS = {
    "list": ["state", "account", "ids", "after", "limit", "with_leads"],
    "dead": ["account", "ids", "after", "limit", "with_leads"],
    "retry": ["account", "ids", "after", "limit"],
    "drop": ["state", "account", "ids", "after", "limit"],
}


def outbox_rows() -> Iterator[Row]:
    """All but how an outbox is made."""
    yield from add_rows()
    for name, table in LIMITS.items():
        yield from method_rows("deliver", name, table)
    for how, value, rule in DAMAGED:
        error = NotStored if how in NOT_DAMAGED else InvalidArgument
        yield Row("Outbox.salvage(damaged)", how, call("salvage", value), (rule,), error)
    for method, selections in METHODS.items():
        for name in selections:
            yield from method_rows(method, name, SELECTION[name])
    for how, which in [("nothing", {}), ("an account alone", {"account": "jemand"})]:
        says = ("to drop leads, name their ids or their state",)
        yield Row("Outbox.drop(ids)", how, call("drop", **which), says)
    for method, names in [("status", ""), ("close", ""), ("retry", "ids"), ("deliver", "seconds")]:
        what, says = f"Outbox.{method}({names})", ("positional argument",)
        yield Row(what, "by its place", call(method, 1), says, TypeError)
    for copied in (copy.copy, pickle.dumps):
        what = f"{copied.__module__.strip('_')}.{copied.__name__}(Outbox)"
        copying = partial(of_outbox, copied)
        yield Row(what, "an outbox", copying, ("neither pickled nor copied",), TypeError)
    closed = partial(call_closed, lambda outbox: outbox.deliver())
    yield Row("Outbox.deliver(seconds)", "closed", closed, ("this outbox is closed",))
    closed = partial(call_closed, lambda outbox: outbox.add(GOOD))
    yield Row("Outbox.add(lead)", "closed", closed, ("this outbox is closed",))
    closed = partial(call_closed, lambda outbox: outbox.list())
    yield Row("Outbox.list(state)", "closed", closed, ("this outbox is closed",))


def add_rows() -> Iterator[Row]:
    yield from keeping_rows("add")


def within_rows() -> Iterator[Row]:
    """A connection belongs to the program's own thread, so the one for asyncio does not take it."""
    yield from keeping_rows("add_within", sqlite3.connect(":memory:"))
    for wrong in (None, 5, "site.db", object()):
        name = type(wrong).__name__
        says = ("connection: one of psycopg,", f"is needed, not builtins.{name}")
        yield Row("Outbox.add_within(connection)", name, call("add_within", wrong, GOOD), says)
    closed = partial(
        call_closed, lambda outbox: outbox.add_within(sqlite3.connect(":memory:"), GOOD)
    )
    yield Row("Outbox.add_within(lead)", "closed", closed, ("this outbox is closed",))


def keeping_rows(method: str, *first: object) -> Iterator[Row]:
    add, what = partial(call, method, *first), f"Outbox.{method}"
    needed = "lead: a Lead, a dict, or an address (str) with its groups is needed, not"
    wrong: list[Any] = [None, 5, 1.5, True, b"jemand@b.ru", [], object()]
    for lead in wrong:
        says = (f"{needed} {type(lead).__name__}",)
        yield Row(f"{what}(lead)", says[0][-9:], add(lead), says, TypeError)
    for how, value, rule in rules.DICTS:
        yield Row(f"{what}(lead)", how, add(value), (rule,))
    for how, value, rule in rules.EMAILS:
        if isinstance(value, str):
            yield Row(f"{what}(lead)", how, add(value, ["super"]), (rule,))
    for how, value, rule in rules.GROUPS:
        yield Row(f"{what}(fields)", how, add(ADDRESS, value), (rule,))
    for how, value, rule in KEYS:
        yield Row(f"{what}(key)", how, add(GOOD, key=value), (rule,))
    for where, how, calling, rule in [
        (f"{what}(lead)", "not given", add(), "lead: "),
        (f"{what}(lead)", "no groups", add(ADDRESS), "'groups'"),
        (f"{what}(fields)", "unknown", add(ADDRESS, ["g"], nme=""), "'nme'"),
        (f"{what}(fields)", "beside a dict", add(GOOD, tag=""), "a dict is whole"),
    ]:
        yield Row(where, how, calling, (rule,), TypeError)


def method_rows(method: str, name: str, table: list[Kind]) -> Iterator[Row]:
    for how, value, rule in table:
        says = (rule, name)
        yield Row(f"Outbox.{method}({name})", how, call(method, **{name: value}), says)


def call(method: str, *given: Any, **named: Any) -> Callable[[Bench], object]:
    return lambda bench: getattr(bench.outbox, method)(*given, **named)


def of_outbox(function: Callable[[Any], object], bench: Bench) -> object:
    return function(bench.outbox)


def call_closed(function: Callable[[Any], object], bench: Bench) -> object:
    outbox = bench.make_outbox(":memory:")
    outbox.close()
    return function(outbox)


def making_rows() -> Iterator[Row]:
    """How an outbox is made; the one for asyncio hands all on to the other."""
    yield from new_rows("Outbox", new)
    yield from new_rows("AsyncOutbox", new_asyncio)
    for limit in (0, -1):
        one = partial(new_asyncio, {"limit": limit})
        yield Row("AsyncOutbox(limit)", str(limit), one, (f"not {limit}",), ValueError)
    one = partial(new_asyncio, {"limit": "many"})
    yield Row("AsyncOutbox(limit)", "a text", one, ("'<'",), TypeError)


Make = Callable[[dict[str, Any], Bench], object]


def new_rows(what: str, make: Make) -> Iterator[Row]:
    for table, error in [(LOCATIONS, InvalidArgument), (PLACES, NotStored)]:
        for how, value, rule in table:
            one = partial(make, {"location": value})
            yield Row(f"{what}(location)", how, one, (rule,), error)
    for client in (None, "username", 5, object()):
        needed = f"Client is needed, not {type(client).__name__}"
        one = partial(make, {"client": client})
        yield Row(f"{what}(client)", repr(client)[:8], one, (needed,), TypeError)
    for name in SETTINGS:
        table = [*OF_SETTING[name], *rules.SETTING_TEXTS, *rules.TYPES[3:], *rules.CONTAINERS]
        long = 4097 if name == "spool" else 65
        for how, value, rule in [*table, ("over-long", "x" * long, f"{long} bytes are too long")]:
            yield Row(f"{what}({name})", how, partial(make, {name: value}), (name, rule))
    one = partial(make, {"max_leads": timedelta(1)})
    yield Row(f"{what}(max_leads)", "a time", one, ("a string is needed, not timedelta",))
    for how, name, rule in UNKNOWN_SETTINGS:
        yield Row(f"{what}(settings)", how, partial(make, {name: "1"}), (rule,))


def new(given: dict[str, Any], _: Bench) -> object:
    good: dict[str, Any] = {"location": ":memory:", "client": Client("username", SECRET)}
    return Outbox(**{**good, **given})


def new_asyncio(given: dict[str, Any], _: Bench) -> object:
    good: dict[str, Any] = {"location": ":memory:", "client": AsyncClient("username", SECRET)}
    return AsyncOutbox(**{**good, **given})


def told_rows() -> Iterator[Row]:
    """What an outbox tells does not change."""
    kinds: list[Any] = [Report, Status, HeldAccount, KeptLead, Salvaged]
    for kind in kinds:
        fields = [field.name for field in dataclasses.fields(kind)]
        made = kind(**dict.fromkeys(fields))
        for name in fields:
            one = partial(assign, made, name)
            frozen = dataclasses.FrozenInstanceError
            yield Row(f"{kind.__name__}.{name}", "assigned", one, (name,), frozen)


def assign(made: Any, name: str, _: Bench) -> None:
    setattr(made, name, "jemand")
