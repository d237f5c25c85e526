"""Traces: what the real exporter sends to a collector on loopback while the real bot works, and that no word, name or figure is in it."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections.abc import AsyncIterator, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from slack_sdk.signature import SignatureVerifier

from bot.commands.trace_settings import traces
from bot.demo.emulator import free_port
from bot.mistake import SettingsMistake
from bot.playbook.scenarios import FINDINGS, SIGNALS
from bot.settings import Settings
from bot.tracing import CAUSE, FACTS, SILENCE
from handlers.clock import daily
from handlers.crm import reading
from handlers.hearing import catch_up
from handlers.volumes import pulling
from store import channels, outbox
from templates.presses import MORE
from tests.blank import ready
from tests.collector import Collected, Span, collector
from tests.conftest import missing
from tests.frame.commands import started
from tests.handlers.crm_office import Office
from tests.handlers.dms import elements
from tests.handlers.telling import SECRET, Stage, stage
from tests.handlers.test_deeds import ship
from tests.handlers.test_live import said
from tests.handlers.test_services import listening
from tests.handlers.test_web import SECRET as HOOK_SECRET
from tests.handlers.test_web import headers as signed_headers
from tests.live.fake_slack import TOKEN, fake_slack

QUIET = "Thanks everyone, talk to you tomorrow"
LOW = "We'd start with 15 packages a day, our forklift Bertha is broken"
CALL = """WEBVTT

00:00:04.000 --> 00:00:07.000
<v Riley Chen>Thanks for joining the call.</v>

00:00:13.000 --> 00:00:17.000
<v Dana Ortiz>We'd start with 15 packages a day for the warehouse in Tulsa.</v>
"""
ID = re.compile(r"[A-Z0-9]{2,12}|\d{9,10}\.\d{6}")


@pytest_asyncio.fixture
async def sent() -> AsyncIterator[Collected]:
    """The collector."""
    if find_spec("opentelemetry") is None:
        missing("OpenTelemetry is not installed: `make test` installs it")
    async with collector() as there:
        yield there


@pytest_asyncio.fixture
async def at(tmp_path: Path, sent: Collected) -> AsyncIterator[Stage]:
    """A house with Acme's deal that sends traces."""
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        await there.know()
        there.house.traces = traces(_settings(sent.url))
        yield there
        await away(there)


def _settings(url: str | None) -> Settings:
    return Settings(_env_file=None, otel_endpoint=url)  # type: ignore[call-arg]


async def away(at: Stage) -> None:
    """The process ends in order."""
    await asyncio.to_thread(at.house.traces.close)


async def drops_a_call(at: Stage) -> None:
    at.slack.file("F1", "Acme kickoff.vtt", CALL.encode())
    ts = at.slack.say("U3", "C1", "")
    await at.message_event(channel="C1", user="U3", text="", ts=ts, subtype="file_share", files=[{"id": "F1"}])


async def the_whole_story(at: Stage) -> str:
    """Chat, a message that departs from the deal, a call, a morning; the ts of that message."""
    await at.says("U1", QUIET)
    async with at.courier() as courier:
        low = await at.says("U1", LOW)
        await at.settle()
        await drops_a_call(at)
        await courier.drain()
        at.clock.ahead(days=1)
        await daily.tick(at.house)
        await at.settle()
    await away(at)
    return low


async def test_a_message_can_be_followed_from_its_event_to_the_dm(at: Stage, sent: Collected) -> None:
    low = await the_whole_story(at)
    _, message, *_ = sent.named("message")
    assert message.facts == {"channel": "C1", "ts": low, "happening": "said", "outcome": "finding"}
    below = [span for span in sent.spans() if span.trace == message.trace]
    assert [(span.name, span.parent) for span in below] == [("message", ""), ("read", message.id), ("record", message.id)]
    read, record = below[1:]
    assert read.facts == {"deal": 1, "found": 1}
    assert record.facts == {"findings": [1], "scenarios": ["volume-bait-and-switch"]}
    [dm] = [span for span in sent.named("tell") if span.facts.get("finding") == 1 and span.facts["kind"] == "alert"]
    assert dm.facts == {"errand": 1, "kind": "alert", "finding": 1, "tries": 1, "outcome": "sent"}
    assert dm.parent == ""
    assert dm.trace != message.trace
    assert dm.links == [(message.trace, record.id)]


async def test_what_a_press_brings_about_links_to_the_press(at: Stage, sent: Collected) -> None:
    """The DM that changes, and the one that leadership gets."""
    async with at.courier():
        await at.says("U1", LOW)
        await at.settle()
        menu = next(one for one in elements(at) if one["action_id"] == MORE)
        escalate = next(one for one in menu["options"] if "scalate" in one["text"]["text"])
        await at.press("U3", {"action_id": MORE, "type": "overflow", "selected_option": escalate})
        at.clock.ahead(minutes=2)
        await at.settle()
    await away(at)
    [request] = sent.named("request")
    assert (request.parent, request.facts) == ("", {"request": "block_actions"})
    _, *followed = sent.named("tell")
    assert {span.facts["kind"] for span in followed} == {"update", "alert"}
    assert all(span.links == [(request.trace, request.id)] for span in followed)


async def test_who_has_proven_nothing_writes_nothing_into_a_span(at: Stage, sent: Collected) -> None:
    forged = await at.app.answer(json.dumps({"type": "Dana", "command": "/acme"}), {"content-type": "application/json"})
    assert forged.status == 401
    await away(at)
    assert sent.named("request") == []


async def test_files_calls_and_the_clock_are_spans_too(at: Stage, sent: Collected) -> None:
    await the_whole_story(at)
    [file] = sent.named("file")
    [call] = sent.named("call")
    [clock] = sent.named("clock")
    [fetching] = [span for span in sent.named("tell") if span.facts.get("what") == "file"]
    assert (file.parent, file.facts) == (fetching.id, {"file": "F1", "channel": "C1"})
    assert (call.parent, call.facts["call"]) == (file.id, 1)
    assert fetching.links == [(span.trace, span.id) for span in sent.named("message")[-1:]], "the message that it was dropped with"
    reports = [span for span in sent.named("tell") if span.facts.get("what") == "call"]
    assert reports
    assert all(span.links == [(call.trace, call.id)] for span in reports)
    mornings = [span for span in sent.named("tell") if span.facts.get("what") == "daily"]
    assert (clock.parent, clock.facts["messages"]) == ("", len(mornings))
    assert mornings
    assert all(span.links == [(clock.trace, clock.id)] for span in mornings)


async def test_no_word_name_or_figure_is_sent(at: Stage, sent: Collected) -> None:
    await the_whole_story(at)
    assert len({span.name for span in sent.spans()}) == 7
    told = b"\n".join(sent.bodies).decode("utf-8", "replace").lower()
    deal = "acme outfitters dana ortiz ivan petrov riley chen morgan lee expedited ground northeast billing weekly kickoff"
    words = {word for text in (QUIET, LOW, CALL, deal) for word in re.findall(r"[a-z]{4,}", text.lower())} - {"call"}
    assert {"forklift", "tulsa", "ortiz", "outfitters", "packages"} <= words
    assert [word for word in sorted(words) if word in told] == []
    for span in sent.spans():
        assert _unknown(span) == []
        assert not {15, 150, 500, 130_000, 135, 90} & {one for one in span.facts.values() if isinstance(one, int)}


def _unknown(span: Span) -> list[Any]:
    """What a span tells that is no number, no id, and no name of ours."""
    ours = {
        *FINDINGS,
        *SIGNALS,
        "said",
        "quiet",
        "own-side",
        "finding",
        "alert",
        "update",
        "notice",
        "sent",
        "changed",
        "failed",
        "needless",
        "file",
        "call",
        "daily",
    }
    assert set(span.facts) <= set(FACTS)
    facts = [one for fact in span.facts.values() for one in (fact if isinstance(fact, list) else [fact])]
    return [one for one in facts if not isinstance(one, int) and one not in ours and not ID.fullmatch(one)]


async def test_a_dm_that_another_process_sends_links_to_the_message_too(at: Stage, sent: Collected) -> None:
    await at.says("U1", LOW)
    await away(at)
    [record] = sent.named("record")
    at.house.traces = traces(_settings(sent.url + "/"))
    async with at.courier() as courier:
        await courier.drain()
    await away(at)
    alerts = [span for span in sent.named("tell") if span.facts["kind"] == "alert"]
    assert alerts
    assert all(span.links == [(record.trace, record.id)] for span in alerts)


async def test_what_fails_is_told_by_its_type_alone(at: Stage, sent: Collected) -> None:
    with pytest.raises(ValueError, match="Dana"), at.house.traces.span("message"):
        raise ValueError("Dana wants 15 a day")
    await away(at)
    [span] = sent.spans()
    assert (span.failed, span.facts) == (True, {"error.type": "ValueError"})
    assert b"Dana" not in sent.bodies[0]


async def test_what_is_no_id_or_has_another_name_is_not_told(at: Stage, sent: Collected) -> None:
    other: dict[str, Any] = {"quote": "15 a day", "customer": "Acme"}
    with at.house.traces.span("message", ts="15 a day from us", scenarios=["wait-and-see", "Acme Outfitters"], **other) as span:
        span.note(figure=15, deal=None)  # type: ignore[arg-type]
    await away(at)
    [told] = sent.spans()
    assert told.facts == {"ts": "[16 characters]", "scenarios": ["wait-and-see", "[15 characters]"]}


async def test_a_cause_that_is_none_is_passed_over(at: Stage, sent: Collected) -> None:
    for cause in (None, 7, "", "none", "00-0-0-01", "00-" + "a" * 32):
        with at.house.traces.span("tell", cause):
            pass
    await away(at)
    assert [span.links for span in sent.spans()] == [[]] * 6


async def test_what_the_sampler_drops_is_neither_sent_nor_linked(at: Stage, sent: Collected, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    at.house.traces = traces(_settings(sent.url))
    with at.house.traces.span("message"):
        assert CAUSE.get() is None
    await away(at)
    assert sent.bodies == []


async def test_volumes_that_are_pulled_are_a_span(at: Stage, sent: Collected, tmp_path: Path) -> None:
    (tmp_path / "q.sql").write_text("select 'Acme Outfitters' as account, '2026-11-03' as day, 23 as packages", encoding="utf-8")
    running = asyncio.create_task(pulling.run(at.house, pulling.Warehouse(f"sqlite:///{tmp_path / 'jumpin.db'}", tmp_path / "q.sql")))
    await _until_logged(at, "volumes pulled")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await away(at)
    [span] = sent.named("volumes")
    assert set(span.facts) == {"new", "replaced"}


async def test_the_crm_is_read_and_written_in_spans(office: Office, sent: Collected) -> None:
    office.at.house.traces = traces(_settings(sent.url))
    office.put()
    running = asyncio.create_task(reading.run(office.at.house))
    await _until_logged(office.at, "crm read")
    office.crm.wake.set()
    await _until_logged(office.at, "crm read", times=2)  # so what follows the first time is done
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await away(office.at)
    assert sent.named("crm-read")[0].facts == {"records": 1}
    assert sent.named("crm-write")[0].facts == {}
    assert b"Harbor" not in b"".join(sent.bodies)


async def test_one_dm_for_what_was_said_meanwhile_links_to_all_of_it(at: Stage, sent: Collected) -> None:
    async with at.house.store.writing() as s:
        await channels.note_seen(s, {"C1": at.slack.say("U1", "C1", "good morning")})
    for words in ("we will start with 15 packages a day", "why are we doing this with you at all?"):
        at.clock.ahead(minutes=20)
        at.slack.say("U1", "C1", words)
    at.clock.ahead(minutes=20)
    async with at.courier():
        await catch_up.catch_up(at.house, "C1")
        await at.settle()
    await away(at)
    told = [span for span in sent.named("tell") if span.facts.get("what") == "away"]
    records = [(span.trace, span.id) for span in sent.named("record")]
    assert len(records) == 2
    assert told
    assert all(span.links == records for span in told)


async def _until_logged(at: Stage, event: str, times: int = 1) -> None:
    for _ in range(1_000):
        if sum(line["event"] == event for line in at.logged) >= times:
            return
        await asyncio.sleep(0.02)
    pytest.fail(f"{event}: not logged; {at.logged}")


async def test_what_a_signed_delivery_brings_about_links_to_it(at: Stage, sent: Collected) -> None:
    """Words of a call that streams in ring; what comes unsigned is no span."""
    at.house.secrets = {"transcripts": (HOOK_SECRET,)}
    body = json.dumps(said("Dana Ortiz", 812, "We'd start with fifteen packages a day."))
    path = "/hooks/transcripts?deal=Acme%20Outfitters"
    async with listening(at) as http:
        for signed in (signed_headers(body), signed_headers(body) | {"webhook-signature": "v1,forged"}):
            await http.post(path, data=body, headers=signed)
        await http.post(path, data="{", headers=signed_headers("{", delivery="msg_2"))
    async with at.courier() as courier:
        await courier.drain()
    await away(at)
    taken, refused = sent.named("delivery")
    assert (taken.parent, taken.facts) == ("", {"hook": "transcripts", "outcome": "taken"})
    assert refused.facts == {"hook": "transcripts", "outcome": "refused"}
    [dm] = [span for span in sent.named("tell") if span.facts["kind"] == "alert"]
    assert dm.links == [(taken.trace, taken.id)]


async def test_a_shortfall_links_to_the_look_at_what_was_shipped(at: Stage, sent: Collected) -> None:
    known = await at.know()
    await ship(at, known, 120, 110)
    async with at.courier() as courier:
        await courier.drain()
    await away(at)
    [look] = sent.named("shipped")
    assert (look.parent, look.facts) == ("", {"deal": known.id, "findings": [1], "scenarios": ["volume-gap"]})
    [dm] = [span for span in sent.named("tell") if span.facts["kind"] == "alert"]
    assert dm.links == [(look.trace, look.id)]


async def test_without_an_endpoint_nothing_is_kept_with_an_errand(tmp_path: Path) -> None:
    assert traces(_settings(None)) is SILENCE
    assert traces(_settings(" ")) is SILENCE
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        await there.know()
        await there.says("U1", LOW)
        async with there.house.store.reading() as s:
            errand = await outbox.get(s, 1)
        assert errand is not None
        assert errand.about == {}


async def test_a_collector_that_is_away_holds_nobody_up(at: Stage, sent: Collected) -> None:
    at.house.traces = traces(_settings(f"http://127.0.0.1:{free_port()}"))
    async with at.courier() as courier:
        await at.says("U1", LOW)
        await courier.drain()
    assert len(at.slack.dms("U3")) == 1
    await away(at)
    assert sent.bodies == []


@pytest.mark.parametrize("address", ["localhost:4318", "grpc://localhost:4317", "http://me:secret@traces.invalid", "http://x/?key=secret"])
def test_a_wrong_address_is_told_without_its_value(address: str) -> None:
    with pytest.raises(ValueError, match="such as http://localhost:4318") as wrong:
        _settings(address)
    assert "secret" not in str(wrong.value.errors(include_input=False))  # type: ignore[attr-defined]


def test_without_the_libraries_it_is_said_what_to_install() -> None:
    hidden = {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == "opentelemetry" or name == "bot.otel"}
    sys.modules["opentelemetry"] = None  # type: ignore[assignment] # Python's own way to say that there is none
    try:
        with pytest.raises(SettingsMistake, match="install what constraints-otel"):
            traces(_settings("http://localhost:4318"))
    finally:
        del sys.modules["opentelemetry"]
        sys.modules.update(hidden)


async def test_jumpin_run_sends_what_it_heard_before_it_ends(sent: Collected, tmp_path: Path) -> None:
    url = f"sqlite:///{(tmp_path / 'jumpin.sqlite3').as_posix()}"
    await asyncio.to_thread(ready, url)
    port = free_port()
    async with fake_slack() as slack:
        env = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": slack.base_url, "DATABASE_URL": url}
        env |= {"HOST": "127.0.0.1", "PORT": str(port), "JUMPIN_LOG_FORMAT": "json", "JUMPIN_OTEL_ENDPOINT": sent.url}
        run = await started(tmp_path, "run", **env)
        assert run.stderr is not None
        async with asyncio.timeout(60):
            async for line in run.stderr:
                if b'"listening"' in line:
                    break
            await _says(port, LOW)
            run.terminate()
            await run.communicate()
    assert run.returncode == 0
    [message] = sent.named("message")
    assert message.facts["outcome"] == "unlinked"
    assert sent.resource()["service.name"] == "jumpin"
    assert b"forklift" not in b"".join(sent.bodies)


async def _says(port: int, text: str) -> None:
    """An event of Slack's over HTTP."""
    event = {"type": "message", "channel": "C7", "user": "U1", "text": text, "ts": f"{time.time():.6f}"}
    request = httpx.Request("POST", f"http://127.0.0.1:{port}/slack/events", json={"type": "event_callback", "event": event})
    stamp = str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=request.content)
    request.headers.update({"x-slack-request-timestamp": stamp, "x-slack-signature": signature or ""})
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.send(request)).status_code == 200


def test_the_documents_tell_every_fact_and_span() -> None:
    page = Path("docs/operations.md").read_text(encoding="utf-8").partition("## Traces")[2].partition("\n## ")[0]
    for name, what in FACTS.items():
        assert f"| `jumpin.{name}` | {what} |" in page
    spans = set(_spans_in_code())
    assert len(spans) >= 10
    assert spans == set(re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE))


def _spans_in_code() -> Iterator[str]:
    for file in Path("handlers").rglob("*.py"):
        yield from re.findall(r"traces\.span\(\s*\"([a-z-]+)\"", file.read_text(encoding="utf-8"))
