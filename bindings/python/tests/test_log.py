"""The logger: one line for each call, without personal data."""

from __future__ import annotations

import contextlib
import logging
import subprocess
import sys

import pytest
from conftest import SECRET, Sandbox

from justclick import Client, JustClickError


@pytest.fixture(autouse=True)
def all_lines(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "justclick")


def add(client: Client, *groups: str) -> None:
    with contextlib.suppress(JustClickError):
        client.add_lead("jemand@b.ru", groups, name="Jemand")


def test_a_call_is_one_line_and_a_warning_where_the_lead_is_kept(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    with Client("username", SECRET, base_url=sandbox.url) as client:
        add(client, "super")
        add(client, "nowhere")
        add(client)
    with Client("username", "Geheimnis", base_url=sandbox.url) as client:
        add(client, "super")
    with Client("username", SECRET, base_url="http://127.0.0.1:1", max_attempts=2) as client:
        add(client, "super")
    levels = [record.levelname for record in caplog.records]
    assert levels == ["DEBUG", "DEBUG", "DEBUG", "WARNING", "WARNING"]
    added, rejected, invalid, held, later = (record.getMessage() for record in caplog.records)
    assert added.startswith("AddLeadToGroup: added (code 0); 1 attempt: ")
    assert rejected.startswith("AddLeadToGroup: refused: JC_REJECTED: code 103; 1 attempt: ")
    assert invalid.startswith("AddLeadToGroup: refused: JC_INVALID_ARGUMENT: the lead has no group")
    assert invalid.endswith("; not sent")
    assert held.startswith("AddLeadToGroup: hold: JC_NOT_ACCEPTED: code 4; 1 attempt: ")
    assert later.startswith("AddLeadToGroup: later: JC_UNREACHABLE: ")
    assert "; 2 attempts: " in later
    for text in (added, rejected, invalid, held, later):
        assert "emand" not in text
        assert "Geheimnis" not in text


def test_a_program_that_logs_nothing_is_told_nothing() -> None:
    program = """
import justclick
try:
    justclick.Client("username", "s", base_url="http://127.0.0.1:1").add_lead("a@b.ru", ["g"])
except justclick.Unreachable:
    print("raised")
"""
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert (ended.stdout, ended.stderr) == ("raised\n", "")
