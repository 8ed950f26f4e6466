"""Adds many leads at once in an asyncio program, by an HTTP client of its own (httpx).

The arguments are e-mail addresses. The library signs the requests and verifies the answers; what
is tried again, and when, is then the program's own concern.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import sys

import httpx

import justclick

HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


async def add(client: justclick.Client, http: httpx.AsyncClient, email: str) -> str:
    """Says what became of one lead."""
    try:
        request = client.sign(justclick.Lead(email, groups=["super"]))
        answer = await http.post(request.url, content=request.body, headers=HEADERS)
        result = client.verify(answer.content)
    except httpx.TransportError as error:
        return f"{email}: keep it and send it again later: {type(error).__name__}"
    except justclick.JustClickError as error:
        return f"{email}: {error.status_name}: {error}"
    return f"{email}: {result.outcome.name.lower().replace('_', ' ')}"


async def main(emails: list[str]) -> None:
    """Adds all leads at once, and says of each what became of it."""
    base_url = os.environ.get("JUSTCLICK_BASE_URL")
    trusted = ssl.create_default_context(cafile=os.environ.get("JUSTCLICK_CA_FILE"))
    username, secret = os.environ["JUSTCLICK_USERNAME"], os.environ["JUSTCLICK_SECRET"]
    with justclick.Client(username, secret, base_url=base_url) as client:
        async with httpx.AsyncClient(verify=trusted, timeout=10) as http:
            for line in await asyncio.gather(*(add(client, http, email) for email in emails)):
                print(line)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
