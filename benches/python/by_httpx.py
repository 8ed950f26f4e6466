"""Sends one lead again and again, by hand with one client of httpx for all threads."""

from __future__ import annotations

import ssl

import httpx

from by_hand import ADDRESS, HEADERS, signed, verify
from measure import CA_FILE, measure

trusted = ssl.create_default_context(cafile=CA_FILE)
limits = httpx.Limits(max_keepalive_connections=32)
with httpx.Client(verify=trusted, limits=limits, timeout=10) as client:

    def send() -> None:
        """Signs, sends and verifies."""
        verify(client.post(ADDRESS, content=signed(), headers=HEADERS).json())

    measure(lambda: send)
