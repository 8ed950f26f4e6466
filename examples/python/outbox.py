"""Keeps leads until the service has them.

``outbox.py add EMAIL…`` keeps leads, ``outbox.py deliver`` sends what is due, by cron for example,
and ``outbox.py dead`` shows what the service refused.
"""

from __future__ import annotations

import os
import sys

import justclick


def main(command: str, emails: list[str]) -> int:
    """Returns the exit code."""
    client = justclick.Client(
        os.environ["JUSTCLICK_USERNAME"],
        os.environ["JUSTCLICK_SECRET"],
        base_url=os.environ.get("JUSTCLICK_BASE_URL"),
        ca_file=os.environ.get("JUSTCLICK_CA_FILE"),
    )
    with client, justclick.Outbox(os.environ["JUSTCLICK_OUTBOX"], client) as outbox:
        if command == "add":
            for email in emails:
                print(f"{email}: kept as {outbox.add(email=email, groups=['super'])}")
        elif command == "deliver":
            # Shorter than the minute after which cron comes again; two runs would do no harm.
            report = outbox.deliver(seconds=50, in_flight=4)
            print(f"{report.delivered} delivered, {report.dead} dead, {report.later} later")
            if report.held:
                print(f"the account waits: {report.held}", file=sys.stderr)
        elif command == "dead":
            for lead in outbox.dead():
                print(f"{lead.id}: {lead.reason}")
        else:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "", sys.argv[2:]))
    except justclick.JustClickError as error:
        sys.exit(f"{error.status_name}: {error}")
