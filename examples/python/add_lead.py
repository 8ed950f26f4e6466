"""Adds the contact of the service's own example to a group, and says what became of it."""

from __future__ import annotations

import os
import sys

import justclick


def main() -> int:
    """Returns the exit code."""
    username = os.environ.get("JUSTCLICK_USERNAME")
    secret = os.environ.get("JUSTCLICK_SECRET")
    if not username or not secret:
        print("Set JUSTCLICK_USERNAME and JUSTCLICK_SECRET.", file=sys.stderr)
        return 2

    try:
        # A setting comes from the environment; where it is not there, its default stays.
        client = justclick.Client(
            username,
            secret,
            base_url=os.environ.get("JUSTCLICK_BASE_URL"),
            ca_file=os.environ.get("JUSTCLICK_CA_FILE"),
        )
        with client:
            result = client.add_lead(
                "lead@email.com",
                groups=[sys.argv[1] if len(sys.argv) > 1 else "super"],
                name="Name",
                phone="+788888888",
                city="City",
                tag="this is tag",
                doneurl2="http://yandex.ru/",
                activation=True,
                utm_medium="cpc",
                utm_source="direct",
                utm_campaign="My_Campaign",
                utm_content="content_123",
                utm_term="my_label",
            )
    except justclick.JustClickError as error:
        print(f"{error.status_name}: {error}", file=sys.stderr)
        if error.disposition.keeps_lead:
            print("Keep this lead and send it again later.", file=sys.stderr)
        return 1
    print(f"{result.outcome} (code {result.code}: {result.text})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
