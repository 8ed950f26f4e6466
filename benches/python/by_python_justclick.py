"""Sends one lead again and again, by PyPI's python-justclick.

It verifies no answer, and makes a connection for each lead.
"""

from __future__ import annotations

import os
from typing import Callable

from python_justclick.justclick import JustClickConnection

from measure import CA_FILE, LEAD, SECRET, URL, USERNAME, measure

os.environ["REQUESTS_CA_BUNDLE"] = CA_FILE
OTHERS = {name: text for name, text in LEAD.items() if name not in ("rid[0]", "lead_email")}


def make() -> Callable[[], None]:
    """What sends with a connection object of its own."""
    connection = JustClickConnection(USERNAME, SECRET)
    connection._api_url = f"{URL}/api/"

    def send() -> None:
        """Its answer is not verified, but a refusal would show."""
        answer = connection.add_lead_to_group([LEAD["rid[0]"]], LEAD["lead_email"], OTHERS)
        if answer["error_code"] not in (0, 102):
            raise SystemExit(str(answer))

    return send


measure(make)
