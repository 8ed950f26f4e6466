"""Adds the contacts of a table by hand, row by row, with a session of requests."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import requests

from by_hand import ADDRESS, HEADERS, signed, verify
from measure import CA_FILE

session = requests.Session()
with Path(sys.argv[1]).open(newline="", encoding="utf-8") as table:
    for row in csv.DictReader(table):
        lead = {
            "rid[0]": "super",
            "lead_name": row["name"],
            "lead_email": row["email"],
            "lead_phone": row["phone"],
        }
        body = signed(lead)
        answer = session.post(ADDRESS, body, headers=HEADERS, timeout=10, verify=CA_FILE)
        verify(answer.json())
