"""The servers that the tests talk to, on free ports and stopped at the end."""

from __future__ import annotations

import json
import os
import re
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest

ROOT = Path(__file__).resolve().parents[3]
SECRET = "X" * 40


class Sandbox:
    """The project's stand-in of the service."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.ca_file = folder / "ca.pem"
        address = folder / "url"
        command = [os.environ["JUSTCLICK_SANDBOX"], "--url-file", str(address), *options]
        if "--tls" in options:
            command += ["--ca-file", str(self.ca_file)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until(address.exists, self.process)
        self.url = address.read_text().strip()

    def books(self) -> Any:
        """Connections, requests and contacts; this look is a connection of its own."""
        context = None
        if self.url.startswith("https"):
            context = ssl.create_default_context(cafile=str(self.ca_file))
        with urllib.request.urlopen(f"{self.url}/sandbox", context=context) as answer:
            return json.load(answer)

    def emails(self) -> list[str]:
        return sorted(contact["email"] for contact in self.books()["contacts"])

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


def wait_until(is_true: Callable[[], bool], process: subprocess.Popen[Any]) -> None:
    end = time.monotonic() + 30
    while not is_true():
        assert process.poll() is None, "it ended"
        assert time.monotonic() < end, "it does not start"
        time.sleep(0.01)


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    started = Sandbox(tmp_path)
    yield started
    started.stop()


@pytest.fixture
def encrypted(tmp_path: Path) -> Iterator[Sandbox]:
    folder = tmp_path / "encrypted"
    folder.mkdir()
    started = Sandbox(folder, "--tls")
    yield started
    started.stop()


@pytest.fixture
def judge() -> Iterator[str]:
    """PHP's own server with the script that judges requests as PHP does."""
    command = ["php", "-S", "127.0.0.1:0", str(ROOT / "tests/judge.php")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    url = None
    while url is None:
        line = process.stderr.readline()
        assert line, "php does not start"
        url = re.search(r"\((http://[^)]+)\) started", line)
    yield url[1]
    process.terminate()
    process.communicate()
