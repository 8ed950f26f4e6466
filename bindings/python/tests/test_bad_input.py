"""Every public function against every kind of wrong argument."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import inspect
import pickle
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any, Callable, cast

import bad_input as kinds
import bad_outbox
import pytest
from bad_input import GOOD, Bench, Kind, Row
from conftest import SECRET, Sandbox

import justclick
from justclick import (
    AsyncClient,
    AsyncOutbox,
    BadAnswer,
    Client,
    Disposition,
    ForgedAnswer,
    Group,
    InvalidArgument,
    Lead,
    Membership,
    Outbox,
    Outcome,
    Request,
    Result,
    TlsFailure,
)

FIELDS = [field.name for field in dataclasses.fields(Lead)]
Frozen = dataclasses.FrozenInstanceError


def rows(what: str, table: list[Kind], call: Callable[[Any, Bench], object]) -> Iterator[Row]:
    """A row for each wrong value; ``call`` hands it over."""
    for how, value, rule in table:
        yield Row(what, how, partial(call, value), (rule,))


def lead_rows() -> Iterator[Row]:
    for name in FIELDS:
        table: list[Kind] = [*kinds.TEXTS, kinds.LONG, *kinds.TYPES, *kinds.LISTS]
        says = f"{name}"
        if name == "email":
            table += kinds.EMAILS
        elif name == "activation":
            table += [(repr(value), value, "must be 1 or 0") for value in ["yes", 2, -1, "1\r\n"]]
        elif name in ("groups", "extra"):
            table, says = kinds.GROUPS if name == "groups" else kinds.EXTRAS, ""
        for row in rows(f"Lead({name})", table, partial(add_with, name)):
            # The service's own name, which the typed one is a part of.
            yield dataclasses.replace(row, says=(*row.says, says))
        good = Lead(kinds.ADDRESS, ["g"])
        yield Row(f"Lead.{name}", "assigned", partial(assign, good, name), (name,), Frozen)


def add_with(name: str, value: Any, bench: Bench) -> object:
    whole: dict[str, Any] = {"email": kinds.ADDRESS, "groups": ["super"], name: value}
    return bench.client.add_lead(Lead(**whole))


def assign(made: Any, name: str, _: Bench) -> None:
    setattr(made, name, "jemand")


def method(name: str, *given: Any, **named: Any) -> Callable[[Bench], object]:
    return lambda bench: getattr(bench.client, name)(*given, **named)


def one(name: str) -> Callable[[Any, Bench], object]:
    """Hands a method the one value."""
    return lambda value, bench: getattr(bench.client, name)(value)


def lead_argument_rows() -> Iterator[Row]:
    needed = "lead: a Lead, a dict, or an address (str) with its groups is needed, not"
    wrong: list[Any] = [None, 5, 1.5, True, b"jemand@b.ru", [], ["jemand@b.ru"], object()]
    for lead in wrong:
        says = (f"{needed} {type(lead).__name__}",)
        for name in ("add_lead", "sign"):
            yield Row(f"Client.{name}(lead)", says[0][-9:], method(name, lead), says, TypeError)
        further = method("add_lead", lead, groups=["super"])
        yield Row("Client.add_lead(fields)", f"with {says[0][-9:]}", further, says, TypeError)
        further = method("sign", lead, groups=["super"])
        yield Row("Client.sign(fields)", f"with {says[0][-9:]}", further, says, TypeError)
    yield from rows("Client.add_lead(lead)", kinds.DICTS, one("add_lead"))
    yield from rows("Client.sign(lead)", kinds.DICTS, one("sign"))
    yield from rows(
        "Client.add_lead(lead)",
        [kind for kind in kinds.EMAILS if isinstance(kind[1], str)],
        lambda value, bench: bench.client.add_lead(value, ["super"]),
    )
    yield from rows(
        "Client.add_lead(fields)",
        kinds.GROUPS,
        lambda value, bench: bench.client.add_lead(kinds.ADDRESS, value),
    )


def method_rows() -> Iterator[Row]:
    add, address = "Client.add_lead", kinds.ADDRESS
    for what, how, call, rule in [
        (f"{add}(lead)", "no groups", method("add_lead", address), "'groups'"),
        (f"{add}(lead)", "not given", method("add_lead"), "lead: "),
        (f"{add}(fields)", "unknown", method("add_lead", address, ["g"], nme=""), "'nme'"),
        (f"{add}(fields)", "beside a dict", method("add_lead", GOOD, tag=""), "a dict is whole"),
        ("Client.sign(lead)", "not given", method("sign"), "lead: "),
        ("Client.verify(body)", "not given", method("verify"), "'body'"),
        ("Client.close()", "with an argument", method("close", 1), "1 positional argument"),
        ("copy.copy(Client)", "a client", lambda bench: copy.copy(bench.client), "nor copied"),
        ("pickle.dumps(Client)", "a client", lambda bench: pickle.dumps(bench.client), "pickled"),
    ]:
        yield Row(what, how, call, (rule,), TypeError)
    for name, parameter, given in [
        *[("add_lead", "lead", GOOD), ("sign", "lead", GOOD), ("verify", "body", kinds.ANSWER)],
        *[("call", "function", "GetAllGroups"), ("count", "group", "all")],
    ]:
        call = partial(call_closed, name, given)
        yield Row(f"Client.{name}({parameter})", "closed", call, ("client is closed",))


def call_closed(name: str, given: object, bench: Bench) -> object:
    client = bench.make("username", SECRET, base_url=bench.url)
    client.close()
    return getattr(client, name)(given)


class Blocking:
    """The client or the outbox for asyncio, with a loop for each call."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def __getattr__(self, name: str) -> Any:
        def call(*given: Any, **named: Any) -> Any:
            ended = getattr(self.client, name)(*given, **named)
            return asyncio.run(ended) if inspect.iscoroutine(ended) else ended

        return call

    def __reduce__(self) -> Any:
        return self.client.__reduce__()


def for_asyncio(table: Iterator[Row]) -> Iterator[Row]:
    """The same calls of the other client, which refuses the same."""

    def call(row: Row, bench: Bench) -> object:
        return row.call(dataclasses.replace(bench, **of_asyncio(bench)))

    for row in table:
        what = row.what.replace("Client", "AsyncClient").replace("Outbox", "AsyncOutbox")
        yield dataclasses.replace(row, what=what, call=partial(call, row))


def of_asyncio(bench: Bench) -> dict[str, Any]:
    def make(*given: Any, **settings: Any) -> Blocking:
        return Blocking(AsyncClient(*given, **settings))

    def make_outbox(location: str) -> Blocking:
        return Blocking(AsyncOutbox(location, bench.blocking.client))

    outbox = bench.blocking_outbox
    return {"client": bench.blocking, "make": make, "outbox": outbox, "make_outbox": make_outbox}


def limit_rows() -> Iterator[Row]:
    for limit in (0, -1):
        call = method_of_limit(limit)
        yield Row("AsyncClient(limit)", str(limit), call, (f"not {limit}",), ValueError)
    yield Row("AsyncClient(limit)", "a text", method_of_limit("many"), ("'<'",), TypeError)


def method_of_limit(limit: Any) -> Callable[[Bench], object]:
    return lambda _: AsyncClient("username", SECRET, limit=limit)


def answer_rows() -> Iterator[Row]:
    yield from rows("Client.verify(body)", kinds.BODIES, one("verify"))
    for how, body, rule in kinds.ANSWERS:
        yield Row("Client.verify(body)", how, method("verify", body), (rule,), BadAnswer)
    forged = method("verify", kinds.ANSWER)
    yield Row("Client.verify(body)", "another's", forged, ("hash",), ForgedAnswer)


def client_rows() -> Iterator[Row]:
    yield from rows("Client(username)", kinds.USERNAMES, partial(new_with, "username"))
    yield from rows("Client(secret)", kinds.SECRETS, partial(new_with, "secret"))
    for name in ("username", "secret"):
        for row in rows(f"Client({name})", kinds.CREDENTIALS, partial(new_with, name)):
            yield dataclasses.replace(row, says=(f"{name}: ", *row.says))
    for name in kinds.SETTINGS:
        over = ("over-long", "x" * 5000, f"{name}: 5000 bytes are too long; at most 4096")
        table = [
            *kinds.OF_SETTING[name],
            over,
            *kinds.SETTING_TEXTS,
            *kinds.TYPES[3:],
            *kinds.CONTAINERS,
        ]
        for row in rows(f"Client({name})", table, partial(new_with, name)):
            error = TlsFailure if row.how in kinds.SET_UP else InvalidArgument
            yield dataclasses.replace(row, says=(name, *row.says), error=error)
    for how, name, rule in kinds.UNKNOWN_SETTINGS:
        yield from rows("Client(settings)", [(how, "1", rule)], partial(new_with, name))
        other = partial(with_setting, name)
        yield from rows("Client.with_settings(settings)", [(how, "1", rule)], other)
    too_long = ("a time that is too long", timedelta(days=1), "600000")
    yield from rows(
        "Client.with_settings(settings)", [too_long], partial(with_setting, "timeout_ms")
    )
    for name, given in [("username", ()), ("secret", ("username",))]:
        call: Callable[[Bench], object] = partial(new_of, given)
        yield Row(f"Client({name})", "not given", call, (f"'{name}'",), TypeError)


def with_setting(name: str, value: Any, bench: Bench) -> object:
    return bench.client.with_settings(**{name: value})


def function_rows() -> Iterator[Row]:
    """The calls of other functions than AddLeadToGroup."""
    for name in ("call", "sign_call"):
        yield from rows(f"Client.{name}(function)", kinds.FUNCTIONS, one(name))
        yield from rows(f"Client.{name}(parameters)", kinds.PARAMETERS, of_call(name))
        for value in ("jemand", 5, ["jemand"]):
            says = f"parameters: a dict is needed, not {type(value).__name__}"
            call = method(name, "GetAllGroups", value)
            yield Row(f"Client.{name}(parameters)", repr(value), call, (says,), TypeError)
    yield Row("Client.groups()", "with an argument", method("groups", 1), ("1 pos",), TypeError)
    wrong = [*kinds.NEEDED, *kinds.TEXTS, *kinds.TYPES, kinds.LONG]
    for name, parameter in [("lead_groups", "email"), ("statuses", "email"), ("count", "group")]:
        yield from rows(f"Client.{name}({parameter})", wrong, one(name))
    for parameter in ("email", "group"):
        yield from rows(f"Client.unsubscribe({parameter})", wrong, partial(unsubscribe, parameter))
    for parameter in ("email", "name", "phone", "city", "tags"):
        table = wrong if parameter == "email" else wrong[len(kinds.NEEDED) :]
        yield from rows(f"Client.update_lead({parameter})", table, partial(update, parameter))


def of_call(name: str) -> Callable[[Any, Bench], object]:
    return lambda value, bench: getattr(bench.client, name)("GetAllGroups", value)


def unsubscribe(parameter: str, value: Any, bench: Bench) -> object:
    return bench.client.unsubscribe(**{"email": kinds.ADDRESS, "group": "super", parameter: value})


def update(parameter: str, value: Any, bench: Bench) -> object:
    return bench.client.update_lead(**{"email": kinds.ADDRESS, parameter: value})


def asyncio_client_rows() -> Iterator[Row]:
    """It hands on to the other what it is made with: one of each shows that."""
    for name in ["username", "secret", *kinds.SETTINGS]:
        rule = "it is empty" if name == "secret" else ""
        bad = " " if name == "secret" else "\0"
        yield Row(f"AsyncClient({name})", repr(bad), partial(new_asyncio, name, bad), (name, rule))
    mistyped = partial(new_asyncio, "timout_ms", "1")
    yield Row("AsyncClient(settings)", "mistyped", mistyped, ("did you mean",))
    yield from limit_rows()


def new_asyncio(name: str, value: str, _: Bench) -> object:
    given: dict[str, Any] = {"username": "username", "secret": SECRET, name: value}
    return AsyncClient(**given)


def new_with(name: str, value: Any, bench: Bench) -> object:
    # What speaks no TLS needs the file before it shows that.
    url = bench.url.replace("http:", "https:") if name == "ca_file" else bench.url
    given = {"username": "username", "secret": SECRET, "base_url": url, name: value}
    return Client(**given).add_lead(GOOD)


def new_of(given: tuple[str, ...], _: Bench) -> Client:
    return Client(*given)


def value_rows() -> Iterator[Row]:
    """What the library hands out does not change, and takes nothing."""
    result = Result(b"", "")
    for name in ("outcome", "disposition", "code", "text", "message", "attempts", "unsure", "json"):
        call = partial(assign, result, name)
        yield Row(f"Result.{name}", "assigned", call, (name,), AttributeError)
    call = partial(assign, Disposition.HOLD, "keeps_lead")
    yield Row("Disposition.keeps_lead", "assigned", call, ("keeps_lead",), AttributeError)
    group = Group("super", "")
    values: list[Any] = [Request("", b""), group, Membership(group, "")]
    for made in values:
        for field in dataclasses.fields(made):
            what = f"{type(made).__name__}.{field.name}"
            yield Row(what, "assigned", partial(assign, made, field.name), (field.name,), Frozen)
    for what, taking in [
        ("Result.value()", lambda _: cast(Any, result).value(1)),
        ("Lead.fields()", lambda _: cast(Any, Lead("a@b.ru", [])).fields(1)),
    ]:
        yield Row(what, "with an argument", taking, ("1 positional argument",), TypeError)


ROWS = [
    *client_rows(),
    *lead_rows(),
    *lead_argument_rows(),
    *method_rows(),
    *answer_rows(),
    *function_rows(),
    *for_asyncio(function_rows()),
    *for_asyncio(lead_argument_rows()),
    *for_asyncio(method_rows()),
    *for_asyncio(answer_rows()),
    *asyncio_client_rows(),
    *value_rows(),
    *bad_outbox.outbox_rows(),
    *for_asyncio(bad_outbox.outbox_rows()),
    *bad_outbox.within_rows(),
    *bad_outbox.making_rows(),
    *bad_outbox.told_rows(),
]


def surface() -> Iterator[str]:
    """All that a program can call with an argument, or set, by the package's own word."""
    for name in justclick.__all__:
        thing = getattr(justclick, name)
        if inspect.isfunction(thing):
            yield from arguments(name, thing)
        elif inspect.isclass(thing):
            yield from members(name, thing)


def members(name: str, kind: type) -> Iterator[str]:
    # The package alone makes results, requests and exceptions.
    if kind in (AsyncClient, AsyncOutbox, Client, Lead, Outbox):
        yield from arguments(name, kind.__init__)
    if dataclasses.is_dataclass(kind):
        yield from (f"{name}.{field.name}" for field in dataclasses.fields(kind))
    for member, function in vars(kind).items():
        if member.startswith("_"):
            continue
        if inspect.isfunction(function):
            yield from arguments(f"{name}.{member}", function)
        elif isinstance(function, (property, classmethod, staticmethod)):
            yield f"{name}.{member}"


def arguments(name: str, function: Any) -> Iterator[str]:
    names = [each for each in inspect.signature(function).parameters if each != "self"]
    yield from (f"{name}({each})" for each in names)
    if not names:
        yield f"{name}()"
    if name in ("Client", "AsyncClient"):
        yield from (f"{name}({setting})" for setting in kinds.SETTINGS)
    if name in ("Outbox", "AsyncOutbox"):
        yield from (f"{name}({setting})" for setting in bad_outbox.SETTINGS)


def test_nothing_public_is_without_a_row() -> None:
    python_s_own = {row.what for row in ROWS if row.what.startswith(("copy.", "pickle."))}
    assert {row.what for row in ROWS} - python_s_own == set(surface())
    assert set(kinds.OF_SETTING) == set(kinds.SETTINGS)
    assert set(bad_outbox.OF_SETTING) == set(bad_outbox.SETTINGS)


@pytest.fixture(scope="module")
def sandbox_of_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    started = Sandbox(tmp_path_factory.mktemp("bad-input"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def bench(sandbox_of_all: Sandbox) -> Iterator[Bench]:
    with Client("username", SECRET, base_url=sandbox_of_all.url) as client:
        client.add_lead("good@b.ru", ["super"])
        asyncio_client = AsyncClient("username", SECRET, base_url=sandbox_of_all.url)
        blocking: Any = Blocking(asyncio_client)
        outbox, other = Outbox(":memory:", client), AsyncOutbox(":memory:", asyncio_client)
        outboxes = (outbox, Blocking(other), lambda location: Outbox(location, client))
        outbox.add("kept@b.ru", ["super"])
        yield Bench(sandbox_of_all.url, client, blocking, Client, *outboxes)
        asyncio.run(other.close())
        blocking.close()


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_bad_input_is_refused_before_anything_is_sent(
    row: Row, bench: Bench, sandbox_of_all: Sandbox
) -> None:
    before = sandbox_of_all.books()
    with pytest.raises(row.error) as raised:
        row.call(bench)
    after = sandbox_of_all.books()
    kept = (bench.outbox.status(), bench.blocking_outbox.status())
    assert [(status.waiting, status.dropped) for status in kept] == [(1, 0), (0, 0)]
    # The look is a connection of its own.
    assert after == {**before, "connections": before["connections"] + 1}

    assert type(raised.value) is row.error
    for part in row.says:
        assert part in str(raised.value)
    behind: Any = raised.value
    while behind is not None:
        for hidden in kinds.HIDDEN:
            assert hidden not in f"{behind!r} {vars(behind)}"
        behind = behind.__cause__ or behind.__context__

    assert bench.client.add_lead("good@b.ru", ["super"]).outcome is Outcome.ALREADY_REGISTERED
