"""The servers that the tests talk to, on free ports and stopped at the end."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Callable, Optional

import pytest

from justclick import Outbox

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


class Meeting(ThreadingHTTPServer):
    """Threads of this very process, which answer only when so many requests are here at once."""

    request_queue_size = 256

    def __init__(self, count: int) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.barrier = threading.Barrier(count)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.thread = threading.Thread(target=self.serve_forever)

    def __enter__(self) -> Meeting:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.thread.join()
        self.barrier.abort()
        self.server_close()


class Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Meeting)
        self.rfile.read(int(self.headers["Content-Length"]))
        try:
            self.server.barrier.wait(timeout=30)
        except threading.BrokenBarrierError:
            return
        digest = hashlib.md5(f"0::OK::{SECRET}".encode()).hexdigest()
        body = json.dumps({"error_code": 0, "error_text": "OK", "hash": digest}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Hanging(ThreadingHTTPServer):
    """Answers so many requests, and the others only when it is told to; keeps all bodies."""

    request_queue_size = 256
    daemon_threads = True

    def __init__(self, answered: int = 0) -> None:
        super().__init__(("127.0.0.1", 0), HangingAnswer)
        self.rest = answered
        self.lock = threading.Condition()
        self.bodies: list[str] = []
        self.secret = SECRET
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.thread = threading.Thread(target=self.serve_forever)

    def __enter__(self) -> Hanging:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.answer_all()
        self.shutdown()
        self.thread.join()
        self.server_close()

    def wait_for(self, count: int) -> None:
        """Until so many requests have come."""
        with self.lock:
            assert self.lock.wait_for(lambda: len(self.bodies) >= count, 30)

    def answer_all(self) -> None:
        with self.lock:
            self.rest = 1_000_000
            self.lock.notify_all()


class HangingAnswer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body are two packets, of which the second would wait for the other side's word.
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, Hanging)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        with server.lock:
            server.bodies.append(body)
            server.lock.notify_all()
            assert server.lock.wait_for(lambda: server.rest > 0, 60)
            server.rest -= 1
        digest = hashlib.md5(f"0::OK::{server.secret}".encode()).hexdigest()
        answer = json.dumps({"error_code": 0, "error_text": "OK", "hash": digest}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def accounted(outbox: Outbox, ids: Optional[set[int]] = None) -> Iterator[set[int]]:
    """Takes the numbers of the leads that were added; none of them may be missing at the end."""
    ids = set() if ids is None else ids
    yield ids
    status = outbox.status()
    there = status.waiting + status.leased + status.dead
    gone = status.delivered + status.dropped
    assert len(ids) == there + gone + status.spooled, status
    listed = {each.id for each in outbox.list(limit=10_000)}
    assert len(listed) == there
    assert listed <= ids


class Stop(BaseException):
    """What a handler of the tests raises."""


@pytest.fixture
def silent() -> Iterator[str]:
    """Takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def on_alarm() -> Iterator[Callable[[Callable[[], object], float], None]]:
    """Sets what is called after some seconds, by a signal."""
    before = signal.getsignal(signal.SIGALRM)

    def set_handler(handler: Callable[[], object], seconds: float, every: float = 0) -> None:
        signal.signal(signal.SIGALRM, lambda *_: handler())
        signal.setitimer(signal.ITIMER_REAL, seconds, every)

    yield set_handler
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def stop() -> None:
    raise Stop
