"""Every door of the bot and everybody who must find it shut: the same answer as for a deal that is not there, and nothing more.

A door is whatever a person can knock at: a command, button, shortcut, form, or a DM that is waiting for them. A new one needs a row here.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from slack_bolt.async_app import AsyncApp
from sqlalchemy import text as sql

from handlers.posting import NOT_POSTED
from handlers.taken import TAKEN
from store import deals, outbox
from store.posts import Posted, leave
from store.records import KnownDeal, StoredFinding
from store.sources.deal_file import export_deal
from store.tables import metadata
from templates.blocks import NOT_AN_ISSUE, OPEN, POST, SNOOZE, SNOOZE_FOR, TERMS_CHANGED, USED
from templates.ledger import CHANGE, EXPORT
from templates.new_form import CALLBACK as NEW_FORM
from templates.new_form import FILL, SHORTCUT
from templates.post_form import CALLBACK as POST_FORM
from templates.terms_form import CALLBACK as TERMS_FORM
from tests.handlers.doors import SHUT_OUT, with_outsiders
from tests.handlers.telling import Stage, acme, stage, until
from tests.live.block_kit import mistakes, texts, view_mistakes

NONE = 999_999
"""An id that no deal and no finding has."""

SECRET = re.compile(r"Outfitters|Ortiz|Dana|Riley|Morgan|Expedited|Northeast|figure 10|boxes|4\.85|\b(150|500|130,000)\b", re.IGNORECASE)
"""Words and figures of the deal."""

SHUT = "open only to our own people on the deal"


@dataclass
class Visit:
    """A deal with a finding, an id of each that is not there, and the forms as its rep has them open."""

    at: Stage
    known: KnownDeal
    stored: StoredFinding
    terms: dict[str, Any]
    post: dict[str, Any]
    new: dict[str, Any]

    async def pressed(self, user: str, action: str, value: Any, **more: Any) -> None:
        await self.at.press(user, {"action_id": action, "value": str(value), **more})

    async def answered(self, user: str, action: str, value: Any, **more: Any) -> None:
        """The same for a button that answers."""
        before = len(self.at.slack.responses)
        await self.pressed(user, action, value, **more)
        await until(lambda: len(self.at.slack.responses) > before)


Knock = Callable[[Visit, str, bool], Awaitable[Any]]
"""Somebody knocks: at the deal (True), or at one that is not there (False). What comes back at once; the rest the fake Slack has."""


def command(name: str, text: str, nothing: str, channel: str = "C9") -> Knock:
    async def knock(at: Visit, user: str, there: bool) -> Any:
        words = text if there else nothing
        where = channel if there or channel == "C9" else "C8"
        asked = at.at.asks if name == "/deal-script" else at.at.command
        return await asked(user, words, where, name)

    return knock


def finding_button(action: str, **more: Any) -> Knock:
    async def knock(at: Visit, user: str, there: bool) -> None:
        number = at.stored.id if there else NONE
        chosen = {"type": "overflow", "selected_option": {"value": f"hour:{number}"}} if action == SNOOZE_FOR else {}
        await at.answered(user, action, number, **more, **chosen)

    return knock


def deal_button(action: str) -> Knock:
    async def knock(at: Visit, user: str, there: bool) -> None:
        await at.answered(user, action, at.known.id if there else NONE)

    return knock


async def terms_form(at: Visit, user: str, there: bool) -> Any:
    kept = at.terms["private_metadata"]
    view = at.terms if there else {**at.terms, "private_metadata": kept.replace(f'"deal":{at.known.id}', f'"deal":{NONE}')}
    return await at.at.submit(user, view, {"test.weeks": "3", "theirs": "Somebody"})


async def script_form(at: Visit, user: str, there: bool) -> Any:
    kept = at.post["private_metadata"]
    view = at.post if there else {**at.post, "private_metadata": kept.replace(f'"finding":{at.stored.id}', f'"finding":{NONE}')}
    return await at.at.submit(user, view, {"script": "Hello"})


DEAL_DOORS: dict[tuple[str, str], list[Knock]] = {
    ("command", "/deal-status"): [
        command("/deal-status", "Acme Outfitters", "No Such Thing"),
        command("/deal-status", "outfit", "nosuch"),
        command("/deal-status", "<#C1|impl-acme>", "<#C8|nothing>"),
        command("/deal-status", "", "", "C1"),
    ],
    ("command", "/deal-terms"): [command("/deal-terms", "Acme Outfitters", "No Such Thing"), command("/deal-terms", "", "", "C1")],
    ("command", "/deal-script"): [
        command("/deal-script", "volume-gap Acme Outfitters", "volume-gap No Such Thing"),
        command("/deal-script", "contradiction price", "contradiction price", "C1"),
    ],
    ("action", USED): [finding_button(USED)],
    ("action", NOT_AN_ISSUE): [finding_button(NOT_AN_ISSUE)],
    ("action", SNOOZE): [finding_button(SNOOZE)],
    ("action", SNOOZE_FOR): [finding_button(SNOOZE_FOR)],
    ("action", TERMS_CHANGED): [finding_button(TERMS_CHANGED)],
    ("action", POST): [finding_button(POST)],
    ("action", CHANGE): [deal_button(CHANGE)],
    ("action", EXPORT): [deal_button(EXPORT)],
    ("view_submission", TERMS_FORM): [terms_form],
    ("view_submission", POST_FORM): [script_form],
}
"""Doors to a deal: shut to everybody but its own people."""

ROWS = [(f"{kind} {name} {number}", knock) for (kind, name), ways in DEAL_DOORS.items() for number, knock in enumerate(ways)]

MEMBER_DOORS = {("command", "/deal-new"), ("shortcut", SHORTCUT), ("action", FILL), ("view_submission", NEW_FORM)}
"""Doors that lead to no deal and stand open to every full member of our own; below they are tried with all others."""

NO_DOORS = {("action", OPEN): "a link that Slack itself opens", ("action", ".*"): "acknowledges whatever nobody else wanted"}
"""What answers nothing and does nothing."""

EVENTS = {
    "message": "what is said in channels; it answers nobody",
    "member_joined_channel": "the bot's own coming",
    "channel_rename": "names of channels",
    "group_rename": "names of channels",
    "channel_id_changed": "ids of channels",
    "tokens_revoked": "the end",
    "app_uninstalled": "the end",
    ".*": "everything else is let be",
}
"""Events that are no doors: nobody gets an answer to them."""

NOTICES: dict[str, Callable[[Visit], dict[str, Any]]] = {
    NOT_POSTED: lambda at: {"finding": at.stored.id, "error": "is_archived"},
    TAKEN: lambda at: {"deal": at.known.id, "user": "U5"},
}
"""DMs that are about no finding, and what they are about."""


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Visit]:
    """Acme's deal with all the outsiders named in it, its finding, and the forms opened by Riley, its rep."""
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        there.house.post_for_me = True
        there.slack.channel("C1", "impl-acme", members=["U1", "U3"])
        there.slack.channel("C8", "nothing")
        number = await with_outsiders(there)
        async with there.house.store.reading() as s:
            known = await deals.deal_by_id(s, number)
        assert known is not None
        stored = await there.hear(known)
        await there.press("U3", {"action_id": CHANGE, "value": str(number)})
        terms = there.slack.views[-1]
        await there.press("U3", {"action_id": POST, "value": str(stored.id)})
        await until(lambda: len(there.slack.views) == 3, within=20)
        post = there.slack.views[-1]
        await there.command("U3", name="/deal-new")
        yield Visit(there, known, stored, terms, post, there.slack.views[-1])


def registered(app: AsyncApp) -> set[tuple[str, str]]:
    """What the running app listens to, as (kind, id or pattern), read off its own listeners."""
    found = set()
    for listener in app._async_listeners:
        [matcher] = listener.matchers
        inner = inspect.getclosurevars(matcher.func).nonlocals["func"]  # type: ignore[attr-defined]
        kind = inner.__qualname__.partition(".")[0]
        held = inspect.getclosurevars(inner).nonlocals
        [given] = [one for one in held.values() if isinstance(one, str | re.Pattern | dict)]
        name = given.get("type") or given.get("callback_id") or given.get("action_id") if isinstance(given, dict) else given
        found.add((kind, name.pattern if isinstance(name, re.Pattern) else str(name)))
    return found


async def test_every_door_there_is_has_its_row(at: Visit) -> None:
    there = registered(at.at.app)
    assert {door for door in there if door[0] != "event"} == DEAL_DOORS.keys() | MEMBER_DOORS | NO_DOORS.keys()
    assert {name for kind, name in there if kind == "event"} == EVENTS.keys()
    assert at.at.house.notices.keys() == NOTICES.keys()


def shown(at: Visit, answer: Any) -> list[Any]:
    """All that anybody was shown since the last look: what came back at once, by response_url, and in modals."""
    slack = at.at.slack
    seen = [answer, *slack.responses, *slack.views]
    for view in [*slack.views, *([answer["view"]] if isinstance(answer, dict) and "view" in answer else [])]:
        assert view_mistakes(view) == []
    for said in slack.responses:
        assert said["response_type"] == "ephemeral"
        assert said["replace_original"] is False
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


def without(answer: Any, *typed: str) -> str:
    """An answer without what its reader had typed."""
    told = str(answer)
    for words in typed:
        told = re.sub(re.escape(words), "…", told, flags=re.IGNORECASE)
    return told


@pytest.mark.parametrize(("door", "knock"), ROWS)
async def test_a_door_to_a_deal_is_shut_to_everybody_else(at: Visit, door: str, knock: Knock) -> None:
    shown(at, None)
    before, calls = await everything(at), len(at.at.slack.calls)
    at.at.logged.clear()
    typed = ("Acme Outfitters", "No Such Thing", "outfit", "nosuch")
    for why, (user, _) in SHUT_OUT.items():
        real = without(shown(at, await knock(at, user, True)), *typed)
        invented = without(shown(at, await knock(at, user, False)), *typed)
        assert real == invented, (door, why)
        assert not SECRET.search(real), (door, why)
        if why != "member of another deal":
            assert SHUT in real, (door, why)
    assert await everything(at) == before, door
    assert not SECRET.search(str(at.at.logged)), door
    methods = {call.method for call in at.at.slack.calls[calls:]}
    assert methods <= {"users.info"}, door


@pytest.mark.parametrize(("door", "knock"), ROWS)
async def test_the_same_door_is_open_to_the_deals_own_people(at: Visit, door: str, knock: Knock) -> None:
    """Else the test above could not fail."""
    shown(at, None)
    before = await everything(at)
    if "jumpin" in door and any(name in door for name in (USED, NOT_AN_ISSUE, SNOOZE)):
        await at.pressed("U4", door.split()[1], at.stored.id, **_choice(door, at.stored.id))
        assert await everything(at) != before
        return
    if any(name in door for name in (TERMS_CHANGED, POST, CHANGE)) and door.startswith("action"):
        await at.pressed("U4", door.split()[1], at.known.id if door.split()[1] == CHANGE else at.stored.id)
        await until(lambda: any("submit" in view for view in at.at.slack.views))
        return
    told = str(shown(at, await knock(at, "U3", True)))
    assert SHUT not in told
    assert SECRET.search(told) or await everything(at) != before


def _choice(door: str, number: int) -> dict[str, Any]:
    return {"type": "overflow", "selected_option": {"value": f"hour:{number}"}} if SNOOZE_FOR in door else {}


OUTSIDE = {why: user for why, (user, _) in SHUT_OUT.items() if user not in ("U2", "U5")}
"""Everybody who is no full member of our own."""


@pytest.mark.parametrize("why", OUTSIDE)
async def test_whoever_is_no_full_member_makes_no_deal(at: Visit, why: str) -> None:
    user = OUTSIDE[why]
    shown(at, None)
    before, calls = await everything(at), len(at.at.slack.calls)
    fields = {"customer": "Bolt", "committed": "400", "test.volume_per_day": "160", "test.starts": "2026-11-09"}
    answers = [
        shown(at, await at.at.command(user, name="/deal-new")),
        shown(at, await at.at.shortcut(user)),
        shown(at, await at.at.fill(user, at.new, export_deal(acme(customer="Bolt")))),
        shown(at, await at.at.submit(user, at.new, fields)),
    ]
    for answer in answers:
        assert "deals are made by full members of our own workspace" in str(answer)
        assert "'submit'" not in str(answer)
        assert not SECRET.search(str(answer))
    assert await everything(at) == before
    assert {call.method for call in at.at.slack.calls[calls:]} <= {"users.info", "views.open", "views.update"}


async def test_a_members_form_for_a_new_deal_shows_nothing_of_others(at: Visit) -> None:
    for user in ("U2", "U5"):
        shown(at, None)
        assert not SECRET.search(str(texts(shown(at, await at.at.command(user, name="/deal-new"))[-1]["blocks"])))


@pytest.mark.parametrize("knock", [terms_form, script_form])
async def test_whoever_is_taken_off_the_deal_while_a_form_is_open_finds_it_shut(at: Visit, knock: Knock) -> None:
    await at.at.know(acme(people=[{"id": "U4", "name": "Morgan Lee", "role": "rep"}]))
    shown(at, None)
    before = await everything(at)
    assert SHUT in str(await knock(at, "U3", True))
    assert await everything(at) == before


@pytest.mark.parametrize("facts", [{"deleted": True}, {"is_restricted": True}, {"team_id": "T2"}], ids=lambda facts: next(iter(facts)))
async def test_whoever_is_no_full_member_any_more_finds_every_door_shut_within_a_minute(at: Visit, facts: dict[str, Any]) -> None:
    at.at.slack.person("U3", "Riley Chen", **facts)
    at.at.house.asked_lately.clear()
    for knocks in DEAL_DOORS.values():
        for knock in knocks:
            shown(at, None)
            assert SHUT in str(shown(at, await knock(at, "U3", True)))


@pytest.mark.parametrize("what", [*NOTICES, "alert", "update", "post"])
async def test_a_dm_that_waits_is_sent_to_nobody_who_must_not_have_it(at: Visit, what: str) -> None:
    """Whoever it waits for may have left, become a guest, or been taken off the deal since."""
    now = at.at.clock.now()
    async with at.at.courier() as courier:
        await courier.drain()
    sent = at.at.slack.count("chat.postMessage")
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
    assert at.at.slack.count("chat.postMessage") == sent
    assert {call.args["channel"] for call in at.at.slack.calls if call.method == "chat.update"} <= {"DU3"}
    assert [one for one in at.at.slack.messages["C1"] if one.get("bot_id")] == []
    assert not SECRET.search(str(at.at.logged))
    async with at.at.house.store.reading() as s:
        asked = sql("SELECT state, error FROM outbox WHERE key LIKE 'x:%' OR kind = 'post'")
        rows = (await (await s.connection()).execute(asked)).all()
    assert len(rows) == len(SHUT_OUT)
    assert {state for state, _ in rows} == {"failed"}
    assert {error for _, error in rows} <= {"not-allowed", "settled"}


async def test_a_rep_deactivated_between_raise_and_delivery_is_not_told(at: Visit) -> None:
    async with at.at.courier() as courier:
        await courier.drain()
    told = len(at.at.slack.dms("U3"))
    assert told == 1
    again = await at.at.hear(at.known, "volume-gap")
    at.at.slack.person("U3", "Riley Chen", deleted=True)
    at.at.house.asked_lately.clear()
    async with at.at.courier() as courier:
        await courier.drain()
    assert len(at.at.slack.dms("U3")) == told
    [errand] = [errand for errand in await at.at.errands(again.id) if errand.recipient == "U3"]
    assert (errand.state, errand.error) == ("failed", "not-allowed")
