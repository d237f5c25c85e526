"""From the final words on a call to the rep's direct message: signed deliveries over HTTP, as a service streams them.

`python -m tests.bench.ringing`: the house in this process, Slack a fake one on loopback, a call of its own for each of some deals.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import aiohttp

from bot.demo.emulator import free_port
from bot.language.model.hunch import shipped
from handlers.telling.tell import Patience
from handlers.web import WebServer
from tests.handlers.telling import Stage, acme, stage
from tests.handlers.test_live import said
from tests.handlers.test_web import SECRET, headers

CALLS = 40
LATEST = timedelta(seconds=20)
"""How long a message is waited for."""


async def measure() -> list[str]:
    """One line: median and 99th percentile of the wait, in milliseconds."""
    shipped()  # as `jumpin run` does before it listens
    with TemporaryDirectory() as folder:
        async with stage(f"sqlite+aiosqlite:///{Path(folder) / 'jumpin.db'}") as at, at.courier(Patience()):
            at.house.secrets = {"transcripts": (SECRET,)}
            server, port = WebServer(at.house), free_port()
            await server.open("127.0.0.1", port)
            async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
                waits = sorted([await _wait(at, http, number) for number in range(CALLS)])
            await server.leave()
    p50, p99 = waits[len(waits) // 2], waits[min(len(waits) - 1, round(len(waits) * 0.99))]
    return [f"final words on a call to direct message, {CALLS} calls: p50 {p50:.0f} ms, p99 {p99:.0f} ms"]


async def _wait(at: Stage, http: aiohttp.ClientSession, number: int) -> float:
    rep, began = f"UREP{number}", 0.0  # a rep of its own: Slack takes few messages a second to one person
    at.slack.person(rep, "Riley Chen")
    people = [{"id": rep, "name": "Riley Chen", "role": "rep"}, {"id": "U1", "name": "Dana Ortiz", "role": "customer"}]
    await at.know(acme(customer=f"Customer {number}", channels=[], people=people))
    for place, event in enumerate(
        (
            said("Riley Chen", 800, "Welcome everybody.", bot=f"b{number}"),
            said("Dana Ortiz", 812, "We'd start with fifteen packages a day.", bot=f"b{number}"),
        )
    ):
        body, began = json.dumps(event), perf_counter()
        proof = headers(body, delivery=f"m{number}-{place}")
        async with http.post(f"/hooks/transcripts?deal=Customer {number}", data=body, headers=proof) as answer:
            assert answer.status == 200, await answer.text()
    ends = datetime.now().astimezone() + LATEST
    while not at.slack.dms(rep):
        assert datetime.now().astimezone() < ends, "no message came"
        await asyncio.sleep(0.005)
    return (perf_counter() - began) * 1000


if __name__ == "__main__":
    sys.stdout.write("".join(f"{line}\n" for line in asyncio.run(measure())))
