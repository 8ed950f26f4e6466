"""Adds many leads at once in an asyncio program.

The arguments are e-mail addresses.
"""

from __future__ import annotations

import asyncio
import os
import sys

import justclick


async def add(client: justclick.AsyncClient, email: str) -> str:
    """Says what became of one lead."""
    try:
        result = await client.add_lead(email=email, groups=["super"])
    except justclick.JustClickError as error:
        advice = "keep it and send it again later: " if error.disposition.keeps_lead else ""
        return f"{email}: {advice}{error.status_name}: {error}"
    return f"{email}: {result.outcome}"


async def main(emails: list[str]) -> None:
    """Adds all leads at once, and says of each what became of it."""
    username, secret = os.environ["JUSTCLICK_USERNAME"], os.environ["JUSTCLICK_SECRET"]
    async with justclick.AsyncClient(
        username,
        secret,
        base_url=os.environ.get("JUSTCLICK_BASE_URL"),
        ca_file=os.environ.get("JUSTCLICK_CA_FILE"),
    ) as client:
        for line in await asyncio.gather(*(add(client, email) for email in emails)):
            print(line)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
