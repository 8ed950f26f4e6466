"""Sends one lead again and again, by the Python package, with one client for all threads."""

from __future__ import annotations

import justclick
from measure import CA_FILE, LEAD, SECRET, URL, USERNAME, measure

with justclick.Client(USERNAME, SECRET, base_url=URL, ca_file=CA_FILE) as client:
    measure(lambda: lambda: client.add_lead(LEAD))
