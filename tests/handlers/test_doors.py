"""Every door of the bot and everybody who must find it shut: the same answer as for a deal that is not there, and nothing more.

A door is whatever a person can knock at: a command, button, form, shortcut, list of options, or a DM that waits for them. The doors to a
deal have their rows in tests/handlers/knocks.py; the first test here fails as long as one of the running app's has none.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import AsyncIterator, Callable
from copy import deepcopy
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text as sql

from bot.playbook.usefulness import Usefulness
from handlers.calls import doors, hearing, pasted_calls, taking
from handlers.clock import briefs, daily, deal_call, stages, surveys, weekly
from handlers.crm import notices as crm
from handlers.deals import channel_life, invited, taken, whose
from handlers.files import door
from handlers.findings import learning
from handlers.home import hint, settings
from handlers.slack import SlackApp
from handlers.telling import example, posting, together
from handlers.volumes import importing, offered
from store import calls, deals, demotions, mutes, notes, outbox
from store import crm as rows
from store.posts import Posted, leave
from store.sources.conversation import Conversation, Turn
from store.sources.deal_file import export_deal
from store.tables import metadata
from templates.home import ACTION as HOME
from templates.linking import ASK_AGAIN, HERE, NEW, NO_DEAL
from templates.new_form import CALLBACK as NEW_FORM
from templates.new_form import FILL, SHORTCUT, NewForm, new_form
from templates.presses import OPEN
from templates.volume_card import LEAVE as NOT_NOW
from templates.weekly import NOTE
from templates.workshop import NOTED, note_form
from tests.handlers.doors import SHUT_OUT, with_outsiders
from tests.handlers.knocks import ROWS, Row, Visit, forms_of
from tests.handlers.telling import START, Stage, acme, stage
from tests.live.block_kit import mistakes, texts, view_mistakes

SECRET = re.compile(r"Outfitters|Ortiz|Dana|Riley|Morgan|Expedited|Northeast|figure 10|boxes|4\.85|\b(150|500|130,000)\b", re.IGNORECASE)
"""Words and figures of the deal."""

SHUT = "open only to our own people on the deal"

MEMBER_DOORS = {
    ("command", "/deal-new"),
    ("shortcut", SHORTCUT),
    ("action", FILL),
    ("view_submission", NEW_FORM),
    *(("action", name) for name in (NO_DEAL, ASK_AGAIN, HERE, NEW, NOT_NOW, f"^{HOME}")),
    ("view_submission", settings.CALLBACK),
    ("action", NOTE),
    ("view_submission", NOTED),
}
"""Doors that lead to no deal and stand open to every full member of our own; below they are tried with all others."""

NO_DOORS = {("action", OPEN): "a link that Slack itself opens", ("action", ".*"): "acknowledges whatever nobody else wanted"}
"""What answers nothing and does nothing."""

EVENTS = frozenset(
    {
        *("app_home_opened", "message", "member_joined_channel", "member_left_channel", "tokens_revoked", "app_uninstalled", ".*"),
        *("channel_rename", "group_rename", "channel_id_changed", "channel_archive", "group_archive", "channel_unarchive"),
        *("group_unarchive", "channel_deleted", "group_deleted", "channel_left", "group_left", "channel_shared", "channel_unshared"),
        "file_shared",
    }
)
"""Events: nobody gets an answer to them but by a DM, and in Home; both are checked below."""

NOTICES: dict[str, Callable[[Visit], dict[str, Any]]] = {
    together.WHAT: lambda at: {"deal": at.known.id, "findings": [at.stored.id]},
    posting.NOT_POSTED: lambda at: {"finding": at.stored.id, "error": "is_archived"},
    taken.TAKEN: lambda at: {"deal": at.known.id, "user": "U5"},
    whose.ASKED: lambda _: {"channel": "C8"},
    invited.MANY: lambda at: {"since": at.at.clock.now().isoformat()},
    channel_life.LOST: lambda at: {"channel": "C1", "deal": at.known.id, "how": "archived"},
    weekly.WHAT: lambda at: {"week": at.at.clock.now().date().isoformat()},
    daily.WHAT: lambda at: {"day": at.at.clock.now().date().isoformat()},
    deal_call.WHAT: lambda at: {"deal": at.known.id, "draft": "post-call"},
    stages.WHAT: lambda at: {"deal": at.known.id, "before": "discovery", "after": "implementation"},
    surveys.WHAT: lambda at: {"deal": at.known.id, "survey": 1},
    example.NOTICE: lambda _: {},
    learning.RESTS: lambda _: {"scenario": "volume-gap"},
    learning.RINGS: lambda _: {"scenario": "volume-gap", "demotion": 1},
    taking.ASK: lambda at: {"call": at.asked_call},
    hearing.REPORT: lambda at: {"call": at.call},
    doors.READ: lambda at: {"call": at.call},
    importing.IMPORT: lambda at: {"file": "F9", "channel": "C1", "deal": at.known.id},
    offered.READING: lambda _: {"file": "F9", "channel": "C1"},
    hint.WHAT: lambda _: {},
    door.WHAT: lambda _: {"file": "F1", "channel": "C1"},
    pasted_calls.WHAT: lambda at: {"channel": "C1", "ts": at.heard["C1"], "by": "U1"},
    crm.ONE: lambda at: {"record": at.records["waiting"]},
    crm.MANY: lambda at: {"records": [at.records["waiting"]]},
    crm.SECOND: lambda at: {"record": at.records["second"]},
    crm.DIFFERS: lambda at: {"record": at.records["linked"]},
    crm.GONE: lambda at: {"record": at.records["linked"]},
    crm.TROUBLE: lambda _: {},
    briefs.WHAT: lambda at: {"deal": at.known.id, "at": at.at.clock.now().isoformat()},
}
"""DMs that are about no finding, and what they are about."""

FOR_MEMBERS = {taking.ASK, hint.WHAT, whose.ASKED, learning.RINGS, example.NOTICE}
"""Notices that a full member of another deal may get: they tell nothing of this one."""

OUTSIDE = {why: user for why, (user, _) in SHUT_OUT.items() if user not in ("U2", "U5")}
"""Everybody who is no full member of our own."""


@dataclass(frozen=True)
class Prepared:
    """Acme's deal with all the outsiders named in it, a finding, a mute, and the forms as Riley, its rep, has them open."""

    database: Path
    slack: dict[str, Any]
    visit: dict[str, Any]
    took: timedelta


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Made once, since that takes longer than a test; each test has a copy of it."""
    database = tmp_path_factory.mktemp("doors") / "jumpin.db"
    async with stage(f"sqlite+aiosqlite:///{database}") as there:
        at = await visit(there)
        slack = {name: getattr(there.slack, name) for name in ("people", "channels", "messages", "_last")}
        stands = {one.name: getattr(at, one.name) for one in fields(Visit) if one.name != "at"}
        return Prepared(database, slack, stands, there.clock.now() - START)


@pytest_asyncio.fixture
async def at(prepared: Prepared, tmp_path: Path) -> AsyncIterator[Visit]:
    """What is prepared, in a house of its own."""
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}", prepared.database) as there:
        there.clock.jumped = prepared.took
        there.house.post_for_me = True
        for name, stands in deepcopy(prepared.slack).items():
            setattr(there.slack, name, stands)
        yield Visit(there, **deepcopy(prepared.visit))


async def visit(there: Stage, **terms: Any) -> Visit:
    there.house.post_for_me = True
    there.slack.channel("C1", "impl-acme", members=["U1", "U3"])
    there.slack.channel("C8", "nothing")
    number = await with_outsiders(there, **terms)
    async with there.house.store.reading() as s:
        known = await deals.deal_by_id(s, number)
    assert known is not None
    stored = await there.hear(known)
    heard = {channel: there.slack.say("U1", channel, "hello there") for channel in ("C1", "C8")}
    async with there.house.store.writing() as s:
        until = there.clock.now() + timedelta(days=9)
        mute, _ = await mutes.mute(s, number, "not-ramping", until, by="U3", now=there.clock.now())
        rests = await demotions.begin(s, "U3", "volume-gap", Usefulness(0, 20), there.clock.now())
    here = Visit(there, known, stored, mute, rests.id, heard, {})
    talk = Conversation("call", "call", (Turn("1", "we start with 15 boxes a day", "Dana Ortiz", name="Dana Ortiz"),))
    async with there.house.store.writing() as s:
        for key in ("heard", "asked"):
            kept, _ = await calls.bring(s, key, talk, calls.New("U3", "C1", None, there.clock.now()), there.clock.now())
            here.asked_call = kept.id
        here.call = here.asked_call - 1
        await calls.settle(s, here.call, number)
        await taking.ask(there.house, s, here.asked_call, "U3", "F1")
        await outbox.notify(s, f"{door.WHAT}:C1:F9", "U3", {"what": door.WHAT, "file": "F9", "channel": "C1"}, there.clock.now())
    here.records = await records(there, number)
    await forms_of(here)
    return here


async def records(there: Stage, number: int) -> dict[str, int]:
    """A deal of the CRM that waits for Riley, the one that Acme's deal follows, with a difference, and a second one of Acme's."""
    made = {}
    async with there.house.store.writing() as s:
        for state in ("waiting", "linked", "second"):
            values = {"values": {"volume.committed_per_day": 500, "test.volume_per_day": 150, "test.starts": "2026-11-16"}}
            basic = {"source": "hubspot", "external": state, "state": state, "customer": f"Outfitters {state}", "stage": "Launch"}
            basic |= {"deal_id": None if state == "waiting" else number, "rep": "U3", "owner": None, "url": None}
            await rows.add(s, {**basic, "terms": values, "modified": there.clock.now(), "told": True}, there.clock.now())
            known = await rows.record(s, "hubspot", state)
            assert known is not None
            made[state] = known.id
        found = {"term": "volume.committed_per_day", "ours": 500, "theirs": 150, "both": False}
        found |= {"ours_by": None, "ours_at": None, "theirs_by": "Dana Ortiz", "theirs_at": None}
        await rows.differ(s, made["linked"], found, there.clock.now())
    return made


def registered(app: SlackApp) -> set[tuple[str, str]]:
    """What the running app listens to, as (kind, id or pattern), read off its own listeners."""
    found = {("event", kind) for kind in app.straight} | app.by_name.addresses
    for listener in app._async_listeners:
        held = [inspect.getclosurevars(matcher.func).nonlocals for matcher in listener.matchers if hasattr(matcher, "func")]
        [inner] = [nonlocals["func"] for nonlocals in held if callable(nonlocals.get("func"))]
        [name] = [one for one in inspect.getclosurevars(inner).nonlocals.values() if isinstance(one, str | re.Pattern)]
        kind = inner.__qualname__.partition(".")[0]
        found.add((kind, name.pattern if isinstance(name, re.Pattern) else name))
    return found


async def test_every_door_there_is_has_its_row(at: Visit) -> None:
    there = registered(at.at.app)
    assert {door for door in there if door[0] != "event"} == {(row.kind, row.name) for row in ROWS} | MEMBER_DOORS | NO_DOORS.keys()
    assert {name for kind, name in there if kind == "event"} == EVENTS
    assert at.at.house.notices.keys() == NOTICES.keys()


async def test_no_name_is_meant_for_a_pattern_too(at: Visit) -> None:
    """Bolt would ask whoever was registered first; here a name always wins."""
    names = at.at.app.by_name.addresses
    patterns = registered(at.at.app) - names - NO_DOORS.keys()
    assert [
        (name, kind, pattern) for kind, name in names for other, pattern in patterns if kind == other and re.search(pattern, name)
    ] == []
    assert ("action", f"^{HOME}") in patterns


def shown(at: Visit, answer: Any) -> list[Any]:
    """All that anybody was shown since the last look: what came back at once, by response_url, and in modals."""
    slack = at.at.slack
    seen = [answer, *slack.responses, *slack.views]
    for view in [*slack.views, *([answer["view"]] if isinstance(answer, dict) and "view" in answer else [])]:
        assert view_mistakes(view) == []
    for said in slack.responses:
        assert said.get("response_type") == "ephemeral" or said["replace_original"] is True  # in place of the DM that was pressed
        assert mistakes(said["blocks"]) == []
    slack.responses.clear()
    slack.views.clear()
    return seen


async def everything(at: Visit) -> dict[str, list[Any]]:
    """All that is stored."""
    found = {}
    async with at.at.house.store.reading() as s:
        connection = await s.connection()
        for name in metadata.tables:
            found[name] = [tuple(row) for row in await connection.execute(sql(f'SELECT * FROM "{name}" ORDER BY 1, 2'))]
    return found


def without(answer: Any) -> str:
    """An answer without what its reader had typed, and where."""
    return re.sub(
        r"Acme Outfitters|No Such Thing|outfit|nosuch|\bC[18]\b|impl-acme|#nothing|\d{10}\.\d{6}", "…", str(answer), flags=re.IGNORECASE
    )


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_a_door_to_a_deal_is_shut_to_everybody_else(at: Visit, row: Row) -> None:
    shown(at, None)
    before, calls = await everything(at), len(at.at.slack.calls)
    at.at.logged.clear()
    for why, (user, _) in SHUT_OUT.items():
        real = without(shown(at, await row.knock(at, user, True)))
        invented = without(shown(at, await row.knock(at, user, False)))
        assert real == invented, why
        assert not SECRET.search(real), why
        if why != "member of another deal" and not (row.members and (row.kind == "options" or why not in OUTSIDE)):
            assert SHUT in real, why
    assert await everything(at) == before
    assert not SECRET.search(str(at.at.logged))
    methods = {call.method for call in at.at.slack.calls[calls:]}
    assert methods <= {"users.info", "conversations.info", "views.open", "views.update"}


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_the_same_door_is_open_to_the_deals_own_people(at: Visit, row: Row) -> None:
    """Else the test above could not fail."""
    shown(at, None)
    before = await everything(at)
    told = shown(at, await row.knock(at, "U3", True))
    assert SHUT not in str(told)
    if row.kind in ("command", "options") and not row.members:
        assert SECRET.search(str(told)) or await everything(at) != before or row.kind == "options"


@pytest.mark.parametrize("why", OUTSIDE)
async def test_whoever_is_no_full_member_finds_what_is_open_to_members_shut(at: Visit, why: str) -> None:
    user = OUTSIDE[why]
    new = await form_for_a_new_deal(at)
    await at.at.presses_home("U3", {}, action_id=f"{HOME}settings", value="settings")
    preferences = shown(at, None)[-1]
    before, calls = await everything(at), len(at.at.slack.calls)
    fields = {"customer": "Bolt", "committed": "400", "test.volume_per_day": "160", "test.starts": "2026-11-09"}
    answers = [
        shown(at, await at.at.command(user, name="/deal-new")),
        shown(at, await at.at.shortcut(user)),
        shown(at, await at.at.fill(user, new, export_deal(acme(customer="Bolt")))),
        shown(at, await at.at.submit(user, new, fields)),
        *[shown(at, await at.press(user, name, "C1")) for name in (NO_DEAL, ASK_AGAIN, HERE, NEW, NOT_NOW, NOTE)],
        shown(at, await at.at.submit(user, preferences)),
        shown(at, await at.at.submit(user, note_form({"once": "1"}), {"plusses": "x"})),
        *([shown(at, await at.at.opens_home(user))] if user in at.at.slack.people else []),
    ]
    for answer in answers:
        assert "Sorry, " in str(answer)
        assert "'submit'" not in str(answer)
        assert not SECRET.search(str(answer))
    assert await everything(at) == before
    assert {call.method for call in at.at.slack.calls[calls:]} <= {"users.info", "views.open", "views.update", "views.publish"}


async def form_for_a_new_deal(at: Visit) -> dict[str, Any]:
    shown(at, None)
    view: dict[str, Any] = shown(at, await at.at.command("U3", name="/deal-new"))[-1]
    return view


async def test_what_is_open_to_members_tells_nothing_of_others_deals(at: Visit) -> None:
    for user in ("U2", "U5"):
        shown(at, None)
        form = shown(at, await at.at.command(user, name="/deal-new"))[-1]
        assert list(texts(form["blocks"])) == list(texts(new_form(NewForm())["blocks"]))
        # the other deal, which U5 sees, has the same figures
        assert not re.search("Outfitters|Ortiz|Dana|Riley|Morgan|figure 10|boxes", str(await at.at.opens_home(user)))
        for name in (HERE, ASK_AGAIN, NO_DEAL):
            assert not SECRET.search(without(shown(at, await at.press(user, name, "C1"))))


@pytest.mark.parametrize("row", [row for row in ROWS if row.kind == "view_submission"], ids=str)
async def test_whoever_is_taken_off_the_deal_while_a_form_is_open_finds_it_shut(at: Visit, row: Row) -> None:
    await at.at.know(acme(people=[{"id": "U4", "name": "Morgan Lee", "role": "rep"}]))
    shown(at, None)
    before = await everything(at)
    assert SHUT in str(await row.knock(at, "U3", True))
    assert await everything(at) == before


@pytest.mark.parametrize("facts", [{"deleted": True}, {"is_restricted": True}, {"team_id": "T2"}], ids=lambda facts: next(iter(facts)))
async def test_whoever_is_no_full_member_any_more_finds_every_door_shut_within_a_minute(at: Visit, facts: dict[str, Any]) -> None:
    assert SHUT not in str(shown(at, await at.at.command("U3", "Acme Outfitters")))
    at.at.slack.person("U3", "Riley Chen", **facts)
    assert SHUT not in str(shown(at, await at.at.command("U3", "Acme Outfitters"))), "else nothing would be remembered of them"
    assert at.at.house.asked_lately.seconds is not None
    assert at.at.house.asked_lately.seconds <= 60
    at.at.house.asked_lately.clear()  # the minute is over
    for row in ROWS:
        shown(at, None)
        told = str(shown(at, await row.knock(at, "U3", True)))
        assert SHUT in told or (row.kind == "options" and not SECRET.search(told)), row


@pytest.mark.parametrize("what", [*NOTICES, "alert", "update", "post"])
async def test_a_dm_that_waits_is_sent_to_nobody_who_must_not_have_it(at: Visit, what: str) -> None:
    """Whoever it waits for may have left, become a guest, or been taken off the deal since."""
    now = at.at.clock.now()
    async with at.at.house.store.writing() as s:
        await notes.note(s, "archived", "C1", None, now)
    async with at.at.courier() as courier:
        await courier.drain()
    at.at.logged.clear()
    for user, _ in SHUT_OUT.values():
        async with at.at.house.store.writing() as s:
            if what in NOTICES:
                await outbox.notify(s, f"x:{user}", user, {"what": what, **NOTICES[what](at)}, now)
            elif what == "post":
                assert await leave(s, Posted(at.stored.id, user, now, "Hello", "C1", at.stored.origin.ts)) is None
            else:
                await outbox.enqueue(s, f"x:{user}", what, at.stored.id, user, now)  # type: ignore[arg-type]
        async with at.at.courier() as courier:
            await courier.drain()
        if what not in FOR_MEMBERS or user in OUTSIDE.values():
            assert at.at.slack.dms(user) == []
        assert what == example.NOTICE or not SECRET.search(without(at.at.slack.dms(user)))  # the example is the same for all
    assert [one for one in at.at.slack.messages["C1"] if one.get("bot_id")] == []
    assert not SECRET.search(str(at.at.logged))
    async with at.at.house.store.reading() as s:
        asked = sql("SELECT recipient, state, error FROM outbox WHERE key LIKE 'x:%' OR kind = 'post'")
        rows = (await (await s.connection()).execute(asked)).all()
    assert len(rows) == len(SHUT_OUT)
    assert {one for one, state, _ in rows if state == "sent"} == ({"U2", "U5"} if what in FOR_MEMBERS else set())
    assert {error for _, _, error in rows} <= {None, "not-allowed", "settled"}


async def test_a_rep_deactivated_between_raise_and_delivery_is_not_told(at: Visit) -> None:
    async with at.at.courier() as courier:
        await courier.drain()
    told = len(at.at.slack.dms("U3"))
    assert told == 2, "the alert, and the question whose a call is"
    again = await at.at.hear(at.known, "volume-gap")
    at.at.slack.person("U3", "Riley Chen", deleted=True)
    at.at.house.asked_lately.clear()
    async with at.at.courier() as courier:
        await courier.drain()
    assert len(at.at.slack.dms("U3")) == told
    [errand] = [errand for errand in await at.at.errands(again.id) if errand.recipient == "U3"]
    assert (errand.state, errand.error) == ("failed", "not-allowed")
