"""Sends one lead again and again, by hand with a session of requests."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlencode

import requests

from measure import CA_FILE, SECRET, URL, USERNAME, measure

LEAD = {"rid[0]": "super", "lead_email": "lead@email.com", "lead_name": "Name"}
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


def md5(text: str) -> str:
    """32 hexadecimal digits."""
    return hashlib.md5(text.encode()).hexdigest()


def send(session: requests.Session) -> None:
    """Signs, sends and verifies."""
    query = urlencode(LEAD)
    body = f"{query}&hash={md5(f'{query}::{USERNAME}::{SECRET}')}"
    url = f"{URL}/api/AddLeadToGroup"
    answer = session.post(url, body, headers=HEADERS, timeout=10, verify=CA_FILE).json()
    expected = md5(f"{answer['error_code']}::{answer['error_text']}::{SECRET}")
    if not hmac.compare_digest(answer["hash"], expected):
        raise SystemExit("a forged answer")


with requests.Session() as session:
    measure(lambda: send(session))
