"""The examples, and the program of the package's own page."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from conftest import ROOT, SECRET, Sandbox

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


def test_the_program_of_the_package_s_page_runs(sandbox: Sandbox, tmp_path: Path) -> None:
    page = (ROOT / "bindings/python/README.md").read_text("utf-8")
    program = tmp_path / "page.py"
    program.write_text(page.partition("```python\n")[2].partition("```")[0])
    assert run(program, sandbox) == (0, "added: the contact was added")
    assert sandbox.emails() == ["lead@email.com"]
