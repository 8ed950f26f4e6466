"""An order and its lead are committed together, on connections of real drivers to real servers."""

from __future__ import annotations

import logging
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Callable

import databases
import pytest
from conftest import ROOT, SECRET, Sandbox, accounted
from databases import Database, Servers

import justclick
from justclick import Client, InvalidArgument, Lead, NotStored, Outbox

ON_SERVERS = [
    "psycopg",
    "psycopg2",
    "pymysql",
    "pymysql, found rows",
    "pymysql, latin1",
    "mysql.connector",
]

#: Delivers by a process of its own, as cron does.
DELIVER = """
import sys, justclick
client = justclick.Client("username", sys.argv[3], base_url=sys.argv[2])
with justclick.Outbox(sys.argv[1], client) as outbox:
    print(outbox.deliver().delivered)
"""

#: Dies between its order and the commit.
DIE = """
import os, signal, sys, justclick
sys.path.insert(0, sys.argv[4])
import databases
client = justclick.Client("username", sys.argv[3], base_url=sys.argv[2])
driver, place = sys.argv[5:7]
connect = {
    "sqlite3": lambda: databases.sqlite3.connect(place),
    "psycopg": lambda: databases.psycopg.connect(place),
    "pymysql": lambda: databases.pymysql.connect(
        unix_socket=place.split()[0], user="root", database=place.split()[1]
    ),
}[driver]
outbox = justclick.Outbox(":memory:", client)
connection = connect()
cursor = connection.cursor()
cursor.execute("insert into orders values ('hat')")
outbox.add_within(connection, "a@b.ru", ["super"])
cursor.execute("select count(*) from justclick_outbox")
print(cursor.fetchone()[0], flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    with databases.started() as started:
        yield started


@pytest.fixture(params=[*ON_SERVERS, "sqlite3"])
def database(request: pytest.FixtureRequest, servers: Servers, tmp_path: Path) -> Database:
    return servers.database(request.param, tmp_path)


@pytest.fixture(params=ON_SERVERS)
def on_server(request: pytest.FixtureRequest, servers: Servers, tmp_path: Path) -> Database:
    return servers.database(request.param, tmp_path)


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Client]:
    with Client("username", SECRET, base_url=sandbox.url) as client:
        yield client


@contextmanager
def opened(database: Database, client: Client, busy_timeout_ms: int = 2000) -> Iterator[Outbox]:
    """An outbox in a database, which has its tables by then."""
    with Outbox(database.location, client, busy_timeout_ms=busy_timeout_ms) as outbox:
        outbox.status()
        yield outbox


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True)


def deliver_elsewhere(database: Database, sandbox: Sandbox) -> int:
    done = run(DELIVER, database.location, sandbox.url, SECRET)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def order(connection: Any, database: Database, what: str) -> None:
    sql = f"insert into orders values ({database.placeholder})"
    connection.cursor().execute(sql, (what,))


def orders(connection: Any) -> list[str]:
    cursor = connection.cursor()
    cursor.execute("select what from orders order by what")
    return [row[0] for row in cursor.fetchall()]


def test_an_order_and_its_lead_are_committed_together(
    database: Database, sandbox: Sandbox, client: Client
) -> None:
    with opened(database, client) as outbox:
        with closing(database.connect()) as connection:
            order(connection, database, "hat")
            lead = Lead("a@b.ru", ["super"], name="Ирина %s ? :x", extra={"new": 7})
            outbox.add_within(connection, lead, key="order 1 %s ?")
            connection.commit()
            order(connection, database, "shoe")
            outbox.add_within(connection, "b@b.ru", ["super"], key="order 2")
            connection.rollback()
            order(connection, database, "coat")
            outbox.add_within(connection, {"rid": ["super"], "lead_email": "c@b.ru"})
            connection.commit()
            # Of SQLite the connection here stays open meanwhile.
            assert deliver_elsewhere(database, sandbox) == 2
            assert orders(connection) == ["coat", "hat"]
        with accounted(outbox) as ids:
            ids.update([1, 2])
        assert outbox.status().delivered == 2
    assert sandbox.emails() == ["a@b.ru", "c@b.ru"]
    fields = {each["email"]: each["fields"] for each in sandbox.books()["contacts"]}
    assert fields["a@b.ru"]["lead_name"] == "Ирина %s ? :x"
    assert fields["a@b.ru"]["new"] == "7"


def test_a_key_waits_once(database: Database, client: Client) -> None:
    keys = ["ключ", "order", None]
    with opened(database, client) as outbox:
        added = {outbox.add(f"{key}@b.ru", ["g"], key=key) for key in keys}
        with closing(database.connect()) as connection:
            for email in ("None@b.ru", "other@b.ru"):
                for key in [*keys, "new"]:
                    outbox.add_within(connection, email, ["g"], key=key)
            connection.commit()
        with accounted(outbox, added) as ids:
            rows = outbox.list(with_leads=True)
            ids.update(row.id for row in rows)
            assert len(ids) == len(rows) == 5
            # A text of the connection's would be other bytes than the library's.
            assert sorted(row.key for row in rows if len(row.key) < 64) == ["new", "order", "ключ"]
            assert all(row.age_s < 60 and row.due_in_s == 0 for row in rows)


def test_nobody_waits_for_a_long_transaction(
    on_server: Database, sandbox: Sandbox, client: Client
) -> None:
    with opened(on_server, client, busy_timeout_ms=5000) as outbox:
        outbox.add("a@b.ru", ["super"], key="waits")
        with closing(on_server.connect()) as connection, closing(on_server.connect()) as other:
            outbox.add_within(connection, "b@b.ru", ["super"], key="waits")
            outbox.add_within(connection, "c@b.ru", ["super"], key="order 1")
            outbox.add_within(other, "d@b.ru", ["super"], key="order 2")
            outbox.add("e@b.ru", ["super"], key="order 3")
            assert outbox.status().waiting == 2
            report = outbox.deliver(seconds=60)
            assert (report.delivered, report.later, report.held) == (2, 0, None)
            connection.commit()
            other.rollback()
        assert outbox.deliver().delivered == 1
        assert sandbox.emails() == ["a@b.ru", "c@b.ru", "e@b.ru"]
        assert outbox.status().delivered == 3
        with accounted(outbox) as ids:
            ids.update([1, 2, 3])


def test_a_key_that_came_after_the_transaction_began_waits_once(
    on_server: Database, client: Client
) -> None:
    """The transaction sees neither the row nor its key, and the database does."""
    with opened(on_server, client) as outbox:
        with closing(on_server.connect()) as connection:
            databases.keep_to_snapshots(on_server, connection, False)
            assert orders(connection) == []
            ids = {outbox.add("a@b.ru", ["g"], key="order 1")}
            outbox.add_within(connection, "b@b.ru", ["g"], key="order 1")
            connection.commit()
        with accounted(outbox, ids):
            assert outbox.status().waiting == 1


def test_a_transaction_whose_snapshot_is_older_than_a_key_is_to_begin_again(
    on_server: Database, client: Client
) -> None:
    with opened(on_server, client) as outbox:
        with closing(on_server.connect()) as connection:
            databases.keep_to_snapshots(on_server, connection, True)
            assert orders(connection) == []
            ids = {outbox.add("a@b.ru", ["g"], key="order 1")}
            order(connection, on_server, "first")
            with pytest.raises(on_server.error) as refusal:
                outbox.add_within(connection, "b@b.ru", ["g"], key="order 1")
            assert databases.code(refusal.value) in ("40001", 1020)
            connection.rollback()
            order(connection, on_server, "again")
            outbox.add_within(connection, "b@b.ru", ["g"], key="order 1")
            connection.commit()
            assert orders(connection) == ["again"]
        with accounted(outbox, ids):
            assert outbox.status().waiting == 1


@pytest.mark.parametrize("driver", ["psycopg", "pymysql", "sqlite3"])
def test_who_dies_before_the_commit_leaves_nothing(
    driver: str, servers: Servers, tmp_path: Path, client: Client
) -> None:
    database = servers.database(driver, tmp_path)
    name = database.location.rpartition("/")[2]
    place = {
        "sqlite3": str(tmp_path / name.partition("?")[0]),
        "psycopg": f"host={servers.folder('postgres')} user=postgres dbname={name}",
        "pymysql": f"{servers.folder('mariadb') / 'mysql.sock'} {name}",
    }[driver]
    with opened(database, client) as outbox:
        tests = str(Path(__file__).parent)
        died = run(DIE, database.location, "http://127.0.0.1:1", SECRET, tests, driver, place)
        assert (died.returncode, died.stdout) == (-signal.SIGKILL, "1\n"), died.stderr
        with closing(database.connect()) as connection:
            assert orders(connection) == []
        with accounted(outbox):
            assert outbox.status().waiting == 0


def test_the_drivers_own_exceptions_come_through(
    database: Database, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "justclick")
    with Outbox(":memory:", client) as outbox, closing(database.connect()) as connection:
        with pytest.raises(database.error):
            outbox.add_within(connection, "a@b.ru", ["g"])
        connection.rollback()
        with pytest.raises(InvalidArgument, match="key"):
            outbox.add_within(connection, "a@b.ru", ["g"], key="")
        with pytest.raises(InvalidArgument, match="lead_email"):
            outbox.add_within(connection, "", ["g"])
        with accounted(outbox):
            assert outbox.status().waiting == 0
    assert "a@b.ru" not in caplog.text


@pytest.mark.parametrize("wrong", [None, "site.db", object(), logging.getLogger()])
def test_what_is_no_connection_is_refused(wrong: Any, client: Client) -> None:
    with (
        Outbox(":memory:", client) as outbox,
        accounted(outbox),
        pytest.raises(InvalidArgument, match=f"sqlite3 is needed, not .*{type(wrong).__name__}"),
    ):
        outbox.add_within(wrong, "a@b.ru", ["g"])
    with (
        closing(sqlite3.connect(":memory:")) as connection,
        pytest.raises(InvalidArgument, match="this outbox is closed"),
    ):
        outbox.add_within(connection, "a@b.ru", ["g"])


def test_a_connection_of_the_sites_own_class_is_known(
    servers: Servers, tmp_path: Path, client: Client
) -> None:
    class Own(sqlite3.Connection):
        pass

    database = servers.database("sqlite3", tmp_path)
    with opened(database, client) as outbox:
        path = database.location[len("sqlite:") :].partition("?")[0]
        with closing(sqlite3.connect(path, factory=Own)) as connection:
            outbox.add_within(connection, "a@b.ru", ["g"])
            assert connection.in_transaction
            connection.commit()
        with accounted(outbox) as ids:
            ids.add(1)


def test_the_program_of_the_packages_page_runs(
    servers: Servers, tmp_path: Path, sandbox: Sandbox, client: Client
) -> None:
    database = servers.database("psycopg", tmp_path)
    with opened(database, client):
        pass
    page = (ROOT / "bindings/python/README.md").read_text("utf-8")
    [shown] = [block for block in page.split("```")[1::2] if "psycopg" in block]
    program = shown.removeprefix("python").replace(
        "postgres://site@db.example/shop", database.location
    )
    exec(program, {"justclick": justclick, "client": client})
    assert deliver_elsewhere(database, sandbox) == 1
    with opened(database, client) as outbox, accounted(outbox) as ids:
        ids.add(1)
    with closing(database.connect()) as connection:
        assert orders(connection) == ["hat"]


def test_sqlite3_has_the_sites_file_to_itself(
    servers: Servers, tmp_path: Path, sandbox: Sandbox, client: Client
) -> None:
    database = servers.database("sqlite3", tmp_path)
    Outbox(database.location, client).close()
    with closing(database.connect()) as connection:
        outbox = Outbox(database.location, client)
        # A transaction holds the file's lock, which a close of ours would end.
        order(connection, database, "hat")
        asked: list[Callable[[], object]] = [
            lambda: outbox.add("b@b.ru", ["super"]),
            outbox.deliver,
            outbox.status,
        ]
        for ask in asked:
            with pytest.raises(NotStored, match="add_within"):
                ask()
        outbox.add_within(connection, "a@b.ru", ["super"])
        assert run(DELIVER, database.location, sandbox.url, SECRET).returncode != 0
        connection.commit()
        assert deliver_elsewhere(database, sandbox) == 1
        order(connection, database, "coat")
        outbox.add_within(connection, "c@b.ru", ["super"])
        connection.commit()
        for pragma, expected in [
            ("integrity_check", "ok"),
            ("user_version", 42),
            ("application_id", 0),
            ("journal_mode", "delete"),
        ]:
            found = connection.execute(f"pragma {pragma}").fetchone()
            assert found == (expected,)
        assert orders(connection) == ["coat", "hat"]
    with accounted(outbox) as ids:
        ids.update([1, 2])
        assert outbox.deliver().delivered == 1
    assert sandbox.emails() == ["a@b.ru", "c@b.ru"]
    outbox.close()
