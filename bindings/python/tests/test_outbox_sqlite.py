"""Python's own ``sqlite3`` on the file of an outbox in the same process."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from conftest import ROOT, SECRET, accounted

from justclick import Client, NotStored, Outbox

LOOK = """
import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchone()[0])
"""


def count(connection: sqlite3.Connection) -> int:
    """Reads, which is when SQLite shares memory with whoever has the file open."""
    found = connection.execute("select count(*) from sqlite_master").fetchone()
    assert isinstance(found[0], int)
    return found[0]


def test_what_sqlite3_has_open_is_refused_until_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "leads.db"
    with Client("username", SECRET) as client:
        with Outbox(path, client) as outbox:
            ids = {outbox.add("a@b.ru", ["g"])}
        with closing(sqlite3.connect(path)) as other:
            assert count(other) > 0
            for _ in range(2):
                with pytest.raises(
                    NotStored, match="another SQLite library has the file open"
                ) as it:
                    Outbox(path, client)
                assert "Python's sqlite3" in str(it.value)
                assert it.value.disposition.keeps_lead
            assert count(other) > 0
        with Outbox(path, client) as outbox, accounted(outbox, ids):
            ids.add(outbox.add("b@b.ru", ["g"]))
            assert outbox.status().waiting == 2


def test_what_sqlite3_did_to_an_open_outbox_loses_no_later_lead(tmp_path: Path) -> None:
    """It takes itself for the last user of the file, and deletes the log when it closes it."""
    path = tmp_path / "leads.db"
    with Client("username", SECRET) as client, Outbox(path, client) as outbox:
        ids = {outbox.add("a@b.ru", ["g"])}
        for number in range(3):
            with closing(sqlite3.connect(path)) as other:
                assert count(other) > 0
            assert not Path(f"{path}-wal").exists()
            ids.add(outbox.add(f"{number}@b.ru", ["g"]))
        with accounted(outbox, ids):
            command = [
                sys.executable,
                "-c",
                LOOK,
                str(path),
                "select count(*) from justclick_outbox",
            ]
            seen = subprocess.run(command, capture_output=True, text=True, check=True)
            assert seen.stdout == "4\n"


def test_another_process_may_look_into_it(tmp_path: Path) -> None:
    path = tmp_path / "leads.db"
    client = Client("username", SECRET)
    with Outbox(path, client) as outbox, accounted(outbox) as ids:
        ids.add(outbox.add("a@b.ru", ["g"]))
        command = [sys.executable, "-c", LOOK, str(path), "pragma integrity_check"]
        seen = subprocess.run(command, capture_output=True, text=True, check=True)
        assert seen.stdout == "ok\n"
        ids.add(outbox.add("b@b.ru", ["g"]))


def test_the_other_way_round_is_documented() -> None:
    """Nothing of ours runs where ``sqlite3`` opens the file second."""
    page = (ROOT / "bindings/python/README.md").read_text("utf-8")
    for text in (page, Outbox.__doc__ or ""):
        words = " ".join(text.split())
        assert "In the other order, nothing warns you" in words
