"""What the checkers of types tell a program that uses the package."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

PROGRAM = """\
import datetime
import pathlib
import sqlite3

import justclick
import psycopg
import pymysql

client = justclick.Client("u", "s", timeout_ms=datetime.timedelta(seconds=1), max_attempts=2)
justclick.Client("u", "s", ca_file=pathlib.Path("own.pem"), timeout_ms=5.0, proxy=None)
client.add_lead(email="a@b.ru", groups=["g"], name="n")
client.sign("a@b.ru", ["g"], utm_source="direct")
client.add_lead({"rid": ["g"], "lead_email": "a@b.ru"})
client.add_lead(justclick.Lead("a@b.ru", ["g"]))
days = datetime.timedelta(days=3)
path = pathlib.Path("a.db")
with justclick.Outbox(path, client, durability="crash", keep_dead_days=days) as outbox:
    number: int = outbox.add("a@b.ru", ["g"], key="17", name="n")
    number += outbox.add({"rid": ["g"]}, key=None)
    outbox.deliver(seconds=0.5, in_flight=8, id=number).delivered
    outbox.retry(ids=(each.id for each in outbox.dead(limit=5) if each.error_code == 103))
    outbox.add_within(sqlite3.connect("site.db"), "a@b.ru", ["g"], key="17", name="n")
    outbox.add_within(psycopg.connect("dbname=site"), {"rid": ["g"]})
    outbox.add_within(pymysql.connect(database="site"), justclick.Lead("a@b.ru", ["g"]))
    waiting: list[justclick.KeptLead] = outbox.list(state="waiting", with_leads=True)


async def add() -> justclick.Outcome:
    async with justclick.AsyncClient("u", "s", limit=2, timeout_ms=1) as asynchronous:
        async with justclick.AsyncOutbox("a.db", asynchronous, max_leads=5) as outbox:
            kept: int = await outbox.add("a@b.ru", groups=["g"], key=None)
            report: justclick.Report = await outbox.deliver(id=kept)
            assert report.held is None
        return (await asynchronous.add_lead(email="a@b.ru", groups=["g"])).outcome


justclick.Client("u", "s", timout_ms=1)
justclick.Client("u", "s", timeout_ms="1")
justclick.AsyncClient("u", "s", timout_ms=1)
client.add_lead("a@b.ru", ["g"], nme="n")
client.add_lead("a@b.ru")
client.sign(justclick.Lead("a@b.ru", ["g"]), name="n")
justclick.Outbox("a.db", client, durability="full")
justclick.Outbox("a.db", client, max_led=1)
justclick.Outbox("a.db")
outbox.add("a@b.ru", ["g"], nme="n")
outbox.add_within("site.db", "a@b.ru", ["g"])
outbox.add_within("a@b.ru", ["g"])
outbox.list(state="done")
outbox.deliver(5)
"""
FIRST_WRONG = PROGRAM[: PROGRAM.index('justclick.Client("u", "s", timout')].count("\n") + 1


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    return path


def check(*command: object) -> str:
    words = [str(word) for word in command]
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout


def test_mypy_tells_what_is_misspelt(program: Path) -> None:
    mypy = (sys.executable, "-m", "mypy", "--strict", "--cache-dir=/dev/null")
    for version in ("3.10", "3.14"):
        said = check(*mypy, "--python-version", version, program)
        told = {int(line.split(":")[1]) for line in said.splitlines() if ": error: " in line}
        assert told == set(range(FIRST_WRONG, FIRST_WRONG + 14)), said


def test_pyright_tells_what_is_misspelt(program: Path) -> None:
    pyright = (sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable)
    for version in ("3.9", "3.14"):
        said = check(*pyright, "--pythonversion", version, program)
        lines = {each["range"]["start"]["line"] for each in json.loads(said)["generalDiagnostics"]}
        assert {line + 1 for line in lines} == set(range(FIRST_WRONG, FIRST_WRONG + 14)), said


def test_every_public_type_is_known() -> None:
    said = check(sys.executable, "-m", "pyright", "--verifytypes", "justclick", "--outputjson")
    completeness = json.loads(said)["typeCompleteness"]
    assert completeness["completenessScore"] == 1, said
    assert completeness["packageRootDirectory"] == str(ROOT / "bindings/python/src/justclick")
    assert completeness["exportedSymbolCounts"]["withKnownType"] > 100
