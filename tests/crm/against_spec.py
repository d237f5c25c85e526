"""`python -m tests.crm.against_spec SPEC_FOLDER`: the HubSpot client held against the vendor's public OpenAPI description.

The description is not part of this repository, and this is not part of `make test`. Every call goes to our own fake, and to a mock made
of the description alone (prism, through npx), each time past a judge that checks request, answer and scopes against the description and
against tests/crm/contract.json. Then the mock fails in every way.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
from aiohttp import web

from store.sources.crm.hubspot import HubSpot
from store.sources.crm.plain import Away, Busy, CrmTrouble, KeyRefused, NotAllowed, Outgoing, RecordGone, Refused, Wanted
from tests.crm.contract import answer_mistakes, request_mistakes
from tests.crm.description import Description, Unusable, read
from tests.crm.fake_hubspot import FakeHubSpot
from tests.crm.fakes import BEGAN, Deal, serving

PRISM = ("npx", "--yes", "@stoplight/prism-cli@5.16.0")
READY = 180.0
"""Seconds until the mock must answer; npx may have to bring it first."""
DOCS = Path(__file__).resolve().parents[2] / "docs" / "crm.md"

DEAL, NOTE = "1001", "9000"
FIELDS = ("committed_packages_per_day", "test_packages")
WANTED = Wanted(FIELDS, frozenset({"launch"}))
HELD = {
    "dealname": "Acme - deal",
    "dealstage": "launch",
    "pipeline": "default",
    "hubspot_owner_id": "77",
    "hs_lastmodifieddate": "2026-11-02T12:00:00Z",
    "hs_object_id": DEAL,
    "committed_packages_per_day": "500",
    "test_packages": None,
}
STAMP = "2026-11-02T12:00:00Z"
LINE = {"value": "500", "timestamp": STAMP, "sourceType": "CRM_UI", "sourceLabel": "Sam Stone", "updatedByUserId": 7}
EXAMPLES: Mapping[tuple[str, str], Any] = {
    ("deals-SimplePublicObject", "id"): DEAL,
    ("deals-SimplePublicObject", "archived"): False,
    ("deals-SimplePublicObject", "properties"): HELD,
    ("deals-SimplePublicObjectWithAssociations", "id"): DEAL,
    ("deals-SimplePublicObjectWithAssociations", "archived"): False,
    ("deals-SimplePublicObjectWithAssociations", "properties"): HELD,
    ("deals-SimplePublicObjectWithAssociations", "propertiesWithHistory"): {FIELDS[0]: [LINE]},
    ("notes-SimplePublicObject", "id"): NOTE,
    ("notes-SimplePublicObject", "properties"): {"hs_note_body": "<small>jumpinamendment4</small>"},
    ("tasks-SimplePublicObject", "id"): NOTE,
    ("tasks-SimplePublicObject", "properties"): {"hs_task_body": "<small>jumpinmilestone5</small>"},
    ("companies-SimplePublicObject", "id"): "55",
    ("companies-SimplePublicObject", "properties"): {"name": "Acme Outfitters"},
    ("associations-PublicObjectId", "id"): DEAL,
    ("associations-MultiAssociatedObjectWithLabel", "toObjectId"): "55",
    ("crmOwners-PublicOwner", "email"): "Riley@Carrier.example",
    ("crmOwners-PublicOwner", "userId"): 7,
    ("crmOwners-PublicOwner", "firstName"): "Sam",
    ("crmOwners-PublicOwner", "lastName"): "Stone",
    ("pipelines-PipelineStage", "archived"): False,
    ("pipelines-PipelineStage", "id"): "launch",
}
"""What the mock says where it would say "string", so that each answer leads to the next call."""

AMENDED = Outgoing("amendment:4", DEAL, "note", "Terms changed", "150 <before>\n200 after", date(2026, 11, 16))
DUE = Outgoing("milestone:5", DEAL, "task", "Test starts", "as agreed", date(2026, 11, 16))
Call = Callable[[HubSpot], Awaitable[Any]]
CALLS: Mapping[str, Call] = {
    "read the fields": lambda crm: crm.fields(),
    "read the stages": lambda crm: crm.steps(),
    "read the first deals": lambda crm: crm.page(WANTED, None),
    "read what has changed": lambda crm: crm.page(Wanted(FIELDS, WANTED.stages, BEGAN - timedelta(days=1)), "999"),
    "read one deal": lambda crm: crm.get(DEAL, FIELDS),
    "see who changed it": lambda crm: crm.who(DEAL, FIELDS[:1]),
    "set fields": lambda crm: crm.send(Outgoing("terms:1", DEAL, "fields", fields={FIELDS[0]: "450"})),
    "write a note": lambda crm: crm.send(AMENDED),
    "look for the note": lambda crm: crm.find(AMENDED),
    "write a task": lambda crm: crm.send(DUE),
    "look for the task": lambda crm: crm.find(DUE),
}
FAILS: Mapping[int, type[CrmTrouble]] = {
    400: Refused,
    401: KeyRefused,
    403: NotAllowed,
    404: RecordGone,
    409: Refused,
    429: Busy,
    500: Away,
    503: Away,
}


@dataclass
class Between:
    """Stands before a far end: `prefer` is the status that the mock is asked for, `only` on these paths; `wrong` what does not fit."""

    description: Description
    far: str
    scopes: frozenset[str]
    client: httpx.AsyncClient
    url: str = ""
    prefer: int | None = None
    only: str = ""
    anonymous: bool = False
    seen: list[tuple[str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Pass one call on, and judge it."""
        raw, query = await request.read(), dict(request.query)
        headers = {name: request.headers[name] for name in ("Authorization", "Content-Type") if name in request.headers}
        if self.anonymous:
            headers.pop("Authorization", None)
        if self.prefer is not None and self.only in request.path:
            headers["Prefer"] = f"code={self.prefer}"
        response = await self.client.request(request.method, self.far + request.path_qs, headers=headers, content=raw)
        self.seen.append((request.method, request.path))
        body = json.loads(raw) if raw else None
        self._judge(request.method, request.path, query, body, response)
        kept = {name: value for name, value in response.headers.items() if name.lower().startswith(("x-hubspot", "retry-after"))}
        kind = response.headers.get("content-type", "").partition(";")[0] or "text/plain"
        return web.Response(status=response.status_code, body=response.content, content_type=kind, headers=kept)

    def _judge(self, method: str, path: str, query: dict[str, str], body: Any, response: httpx.Response) -> None:
        told = self.description
        found = told.request_mistakes(method, path, query, body) + told.lacking(method, path, self.scopes)
        found += [f"our contract: {one}" for one in request_mistakes("hubspot", method, path, query, body or {})]
        if "problem+json" not in response.headers.get("content-type", ""):
            answer = response.json()
            found += [f"the answer, {one}" for one in told.answer_mistakes(method, path, response.status_code, answer)]
            if response.status_code < 300:
                found += [f"our contract of the answer: {one}" for one in answer_mistakes("hubspot", method, path, answer)]
        elif not self.anonymous and self.prefer is None:
            found.append(f"the mock says {response.status_code}: {response.text[:300]}")
        self.wrong += [f"{method} {path}: {one}" for one in found]


@dataclass
class Report:
    """What was held against what: how many calls were as they must be, and what was not."""

    good: int = 0
    wrong: list[str] = field(default_factory=list)

    def expect(self, name: str, given: Any, wanted: Any) -> None:
        """One thing that must be so."""
        if given == wanted:
            self.good += 1
        else:
            self.wrong.append(f"{name}: {given!r} where {wanted!r} was due")


@asynccontextmanager
async def between(description: Description, far: str, key: str = "secret") -> AsyncIterator[tuple[Between, HubSpot, list[float]]]:
    """Our client with the judge before its far end; and the waits that it made, none of them real."""
    waits: list[float] = []

    async def pause(seconds: float) -> None:
        waits.append(seconds)

    async with httpx.AsyncClient(timeout=30.0) as client, serving(Between(description, far, _scopes(), client)) as judge:
        source = HubSpot(key, judge.url, gap=0, pause=pause)
        try:
            yield judge, source, waits
        finally:
            await source.close()


async def with_our_fake(description: Description, report: Report) -> int:
    """Every call against the fake of our tests: requests and the fake's own answers; its refusals too. How many requests there were."""
    fake = FakeHubSpot(fields={name: (name, "text") for name in FIELDS}, stages={"launch": "Launch"})
    fake.put(Deal(DEAL, "Acme Outfitters", "launch", fields={FIELDS[0]: "500"}))
    async with serving(fake), between(description, fake.url) as (judge, source, _):
        for name, call in CALLS.items():
            await _goes_well(report, name, call, source, judge)
        gone = Outgoing("terms:2", "404", "fields", fields={FIELDS[0]: "1"})
        report.expect("a deal that is gone", await _outcome(lambda crm: crm.send(gone), source), RecordGone)
        fake.scopes_missing = "crm.objects.deals.write"
        report.expect("a missing scope", await _outcome(CALLS["set fields"], source), NotAllowed)
        fake.key = "another"
        report.expect("a revoked key", await _outcome(CALLS["read one deal"], source), KeyRefused)
        report.wrong += judge.wrong + fake.wrong + description.unmade(judge.seen)
        return len(judge.seen)


async def with_the_mock(description: Description, url: str, report: Report) -> int:
    """Every call against the mock: that it goes well and what comes of it, and every failure. How many requests there were."""
    async with between(description, url) as (judge, source, waits):
        came = {name: await _goes_well(report, name, call, source, judge) for name, call in CALLS.items()}
        report.wrong += description.unmade(judge.seen)
        for name in ("read the first deals", "read one deal"):
            one = came[name].records[0] if name == "read the first deals" else came[name]
            told = (one.id, one.customer, one.stage, one.owner, dict(one.fields), one.gone)
            report.expect(name, told, (DEAL, "Acme Outfitters", "launch", "riley@carrier.example", {FIELDS[0]: "500"}, False))
        report.expect("see who changed it", came["see who changed it"][FIELDS[0]].by, "Sam Stone")
        report.expect("read the stages", [step.id for step in came["read the stages"]], ["launch"])
        report.expect("ids of what was written", [came["write a note"], came["look for the task"]], [NOTE, NOTE])
        for status, trouble in FAILS.items():
            judge.prefer = status
            for name, call in CALLS.items():
                waits.clear()
                report.expect(f"{name}, answered with {status}", await _outcome(call, source), trouble)
                report.expect(f"{name}, waits after {status}", len(waits), 4 if status == 429 else 0)
        judge.prefer, judge.only = 404, "/crm/owners/"
        async with between(description, judge.url) as (_, fresh, _waits):
            report.expect("an owner who is gone", (await fresh.get(DEAL, FIELDS)).owner, None)
        judge.prefer, judge.anonymous = None, True
        for name, call in CALLS.items():
            report.expect(f"{name}, without a key", await _outcome(call, source), KeyRefused)
        report.wrong += judge.wrong
        return len(judge.seen)


async def _goes_well(report: Report, name: str, call: Call, source: HubSpot, judge: Between) -> Any:
    before = len(judge.wrong)
    try:
        came = await call(source)
    except CrmTrouble as wrong:
        report.wrong.append(f"{name}: {wrong}")
        raise Unusable("\n".join([*report.wrong, *judge.wrong])) from None
    report.good += len(judge.wrong) == before
    return came


async def _outcome(call: Call, source: HubSpot) -> type[CrmTrouble] | None:
    try:
        await call(source)
    except CrmTrouble as wrong:
        return type(wrong)
    return None


def _scopes() -> frozenset[str]:
    """The scopes that the page on the CRM asks people to give the key."""
    return frozenset(re.findall(r"crm\.(?:objects|schemas)\.\w+\.\w+", DOCS.read_text(encoding="utf-8")))


@asynccontextmanager
async def mocking(description: Description, command: tuple[str, ...]) -> AsyncIterator[str]:
    """The mock at a port of its own: its address. Raises Unusable when it does not start."""
    merged = json.loads(json.dumps(description.merged))
    for (schema, name), example in EXAMPLES.items():
        merged["components"]["schemas"][schema]["properties"][name]["example"] = example
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        path, log = Path(folder) / "merged.json", Path(folder) / "log"
        path.write_text(json.dumps(merged), encoding="utf-8")
        with log.open("wb") as out:
            order = (*command, "mock", "--errors", "-h", "127.0.0.1", "-p", str(port), str(path))
            mock = await asyncio.create_subprocess_exec(*order, stdout=out, stderr=out, cwd=folder, start_new_session=True)
        try:
            await _listening(mock, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            if mock.returncode is None:
                os.killpg(mock.pid, signal.SIGTERM)
                await mock.wait()


async def _listening(mock: asyncio.subprocess.Process, log: Path) -> None:
    for _ in range(int(READY * 5)):
        said = await asyncio.to_thread(log.read_text, errors="replace")
        if "is listening" in said:
            return
        if mock.returncode is not None:
            break
        await asyncio.sleep(0.2)
    raise Unusable(f"The mock did not start: {said[-600:]}")


async def check(folder: Path, command: tuple[str, ...] | None) -> Report:
    """Hold the client against the description; without a `command` for the mock, by its schemas alone. Raises Unusable."""
    description, report = read(folder), Report()
    count = await with_our_fake(description, report)
    print(f"against our fake: {count} requests and answers held against the schemas")
    if command is None:
        print("No mock of the description was run (it needs npx, or --prism): requests were checked against its schemas alone.")
        return report
    async with mocking(description, command) as url:
        count = await with_the_mock(description, url, report)
    print(f"against the mock of the description: {count} requests")
    return report


def main(given: list[str]) -> int:
    """0 when all is as the description has it, 1 when not, 2 when it could not be checked."""
    asked = argparse.ArgumentParser(
        prog="python -m tests.crm.against_spec", description="The HubSpot client against the vendor's description."
    )
    asked.add_argument("folder", type=Path, help="a copy of HubSpot's public API descriptions")
    asked.add_argument("--prism", help="a prism that is installed already; else npx brings it")
    asked.add_argument("--no-mock", action="store_true", help="only the schemas")
    told = asked.parse_args(given)
    command = (told.prism,) if told.prism else PRISM if shutil.which("npx") else None
    try:
        report = asyncio.run(check(told.folder, None if told.no_mock else command))
    except Unusable as why:
        print(why)
        return 2
    for one in dict.fromkeys(report.wrong):
        print(f"- {one}")
    print(f"{report.good} as they must be, {len(report.wrong)} not")
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
