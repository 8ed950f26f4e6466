"""The examples, and the program of the package's own page."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, SECRET, Sandbox

import justclick

EXAMPLES = ROOT / "examples/python"


def run(program: Path, sandbox: Sandbox, *arguments: str, **changes: str) -> tuple[int, str]:
    """The exit code and what it said."""
    environment = {
        **os.environ,
        "JUSTCLICK_USERNAME": "username",
        "JUSTCLICK_SECRET": SECRET,
        "JUSTCLICK_BASE_URL": sandbox.url,
        **changes,
    }
    if sandbox.ca_file.exists():
        environment["JUSTCLICK_CA_FILE"] = str(sandbox.ca_file)
    command = [sys.executable, str(program), *arguments]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return ended.returncode, (ended.stdout + ended.stderr).strip()


def test_the_example_adds_its_lead_and_says_why_not(encrypted: Sandbox) -> None:
    program = EXAMPLES / "add_lead.py"
    added = "activation sent (code 0: Activation email sent to subscriber)"
    assert run(program, encrypted) == (0, added)
    assert encrypted.emails() == ["lead@email.com"]
    code, said = run(program, encrypted, "nowhere")
    assert (code, said.partition(":")[0]) == (1, "JC_REJECTED")
    assert "Keep this lead" not in said
    code, said = run(program, encrypted, JUSTCLICK_SECRET="wrong")
    assert (code, said.partition(":")[0]) == (1, "JC_NOT_ACCEPTED")
    assert "Keep this lead" in said
    missing = "Set JUSTCLICK_USERNAME and JUSTCLICK_SECRET."
    assert run(program, encrypted, JUSTCLICK_SECRET="") == (2, missing)


def test_the_asyncio_example_adds_many_leads(encrypted: Sandbox) -> None:
    program = EXAMPLES / "add_leads_asyncio.py"
    emails = [f"{number}@b.ru" for number in range(20)]
    code, said = run(program, encrypted, *emails, "nobody")
    assert code == 0
    *added, refused = said.splitlines()
    assert added == [f"{email}: added" for email in emails]
    assert refused.startswith("nobody: JC_INVALID_ARGUMENT: lead_email")
    assert encrypted.emails() == sorted(emails)
    code, said = run(program, encrypted, "a@b.ru", JUSTCLICK_SECRET="wrong")
    assert said.startswith("a@b.ru: keep it and send it again later: JC_NOT_ACCEPTED: ")


def test_the_outbox_example_keeps_delivers_and_shows(encrypted: Sandbox, tmp_path: Path) -> None:
    def outbox(*arguments: str, **changes: str) -> tuple[int, str]:
        path = {"JUSTCLICK_OUTBOX": str(tmp_path / "leads.db"), **changes}
        return run(EXAMPLES / "outbox.py", encrypted, *arguments, **path)

    assert outbox("add", "a@b.ru", "b@b.ru") == (0, "a@b.ru: kept as 1\nb@b.ru: kept as 2")
    assert encrypted.emails() == []
    code, said = outbox("deliver", JUSTCLICK_SECRET="wrong")
    assert code == 0
    # Others were on their way when the first was answered.
    assert re.match(r"0 delivered, 0 dead, [12] later\nthe account waits: .*secret", said)
    assert outbox("deliver") == (0, "2 delivered, 0 dead, 0 later")
    assert encrypted.emails() == ["a@b.ru", "b@b.ru"]
    assert outbox("dead") == (0, "")
    code, said = outbox("add", "nobody")
    assert (code, said.partition(": ")[0]) == (1, "JC_INVALID_ARGUMENT")
    assert outbox()[0] == 2


#: What the page leaves to the program, and the account of the sandbox.
PREAMBLE = """
import os
kept = []
keep = kept.append
USER = {"base_url": os.environ["JUSTCLICK_BASE_URL"]}
"""
PAGE = (ROOT / "bindings/python/README.md").read_text("utf-8")


def blocks() -> list[str]:
    return [block.partition("```")[0] for block in PAGE.split("```python\n")[1:]]


def for_the_sandbox(text: str, folder: Path) -> str:
    text = text.replace('"username", "secret"', f'"username", "{SECRET}", **USER')
    return text.replace("/var/lib/site/leads.db", f"{folder}/leads.db")


def test_the_programs_of_the_package_s_page_run(sandbox: Sandbox, tmp_path: Path) -> None:
    """All in a row, as they stand there; the one of another package is left out."""
    others = "python_justclick|fastapi|django|psycopg"
    own = [block for block in blocks() if not re.search(others, block)]
    assert (len(blocks()), len(own)) == (13, 9)
    text = for_the_sandbox("".join(own), tmp_path)
    assert text.count("**USER") == 2
    program = tmp_path / "page.py"
    program.write_text(f"{PREAMBLE}{text}\nassert kept == []\n")
    code, said = run(program, sandbox)
    assert code == 0, said
    first, *lines = said.splitlines()
    assert first == "added: the contact was added"
    assert "lead@email.com" not in said
    assert "1 1 1" in lines
    assert lines[-1].startswith("DEBUG:justclick:AddLeadToGroup: ")
    assert {"lead@email.com", "a@email.com", "b@email.com"} <= set(sandbox.emails())


#: What stands around a site's program, and what a visitor and cron do.
FASTAPI = """
from fastapi.testclient import TestClient
with TestClient(app) as browser:
    assert browser.post("/subscribe", params={"email": "visitor@email.com"}).json() == {"kept": 1}
with justclick.Client("username", "secret") as client:
    print(justclick.Outbox("/var/lib/site/leads.db", client).status())
"""
DJANGO = """
import django
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import path
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"])
django.setup()
urlpatterns = [path("subscribe", subscribe)]
answer = Client().post("/subscribe", {"email": "visitor@email.com"})
assert answer.content == b"Thank you."
call_command(Command())
print(outbox.status())
"""


@pytest.mark.parametrize(("framework", "around"), [("fastapi", FASTAPI), ("django", DJANGO)])
def test_the_sites_of_the_page_keep_and_deliver(
    sandbox: Sandbox, tmp_path: Path, framework: str, around: str
) -> None:
    [block] = [block for block in blocks() if framework in block]
    program = tmp_path / "site_of_the_page.py"
    text = for_the_sandbox(f"import justclick\n{block}{around}", tmp_path)
    program.write_text(PREAMBLE + text)
    code, said = run(program, sandbox)
    assert code == 0, said
    assert "\nStatus(waiting=0, leased=0, dead=0, delivered=1, " in f"\n{said}"
    assert sandbox.emails() == ["visitor@email.com"]


def test_the_first_program_of_the_page_runs_by_itself(sandbox: Sandbox, tmp_path: Path) -> None:
    program = tmp_path / "page.py"
    program.write_text(PREAMBLE + for_the_sandbox(blocks()[0], tmp_path))
    assert run(program, sandbox) == (0, "added: the contact was added")


def test_the_page_lists_every_exception() -> None:
    for name in justclick.__all__:
        thing = getattr(justclick, name)
        is_raised = isinstance(thing, type) and issubclass(thing, Exception)
        if is_raised and thing not in (justclick.JustClickError, justclick.Interrupted):
            assert f"| `{name}` |" in PAGE, name
