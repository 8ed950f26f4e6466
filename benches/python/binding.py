"""Sends one lead again and again, by the Python package."""

from __future__ import annotations

import justclick
from measure import CA_FILE, SECRET, URL, USERNAME, measure

LEAD = {"rid[0]": "super", "lead_email": "lead@email.com", "lead_name": "Name"}

with justclick.Client(USERNAME, SECRET, base_url=URL, ca_file=CA_FILE) as client:
    measure(lambda: client.add_lead(LEAD))
