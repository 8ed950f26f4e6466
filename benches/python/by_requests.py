"""Sends one lead again and again, by hand with a session of requests for each thread."""

from __future__ import annotations

from typing import Callable

import requests

from by_hand import ADDRESS, HEADERS, signed, verify
from measure import CA_FILE, measure


def make() -> Callable[[], None]:
    """What sends with a session of its own."""
    session = requests.Session()

    def send() -> None:
        answer = session.post(ADDRESS, signed(), headers=HEADERS, timeout=10, verify=CA_FILE)
        verify(answer.json())

    return send


measure(make)
