"""One's own settings: the form, whatever comes back from it, and what they do to direct messages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.playbook.preferences import Preferences
from handlers.findings.snooze import until as snoozed_until
from handlers.findings.snooze import zone_named
from handlers.telling.errands import is_reminder
from store import findings, preferences
from templates import home
from templates.preferences_form import preferences_form
from templates.presses import MORE, NOT_AN_ISSUE, SNOOZE
from tests.handlers.dms import LOW
from tests.handlers.doors import WHO, with_outsiders
from tests.handlers.telling import Stage, acme, stage, until
from tests.handlers.test_away import WHY, away, caught_up
from tests.live.block_kit import texts, view_mistakes
from tests.live.fake_slack import Fault

NIGHT = {"quiet.begins": "22:00", "quiet.ends": "07:00"}
BOTH = [{"id": "U3", "name": "Riley Chen", "role": "rep"}, {"id": "U5", "name": "Sam Stone", "role": "rep"}]


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


async def form(at: Stage, user: str = "U3") -> dict[str, Any]:
    """The form as it opens from Home."""
    await at.presses_home(user, await at.opens_home(user), action_id=home.SETTINGS, value="settings")
    return at.slack.views[-1]


async def choose(at: Stage, user: str = "U3", **chosen: Any) -> dict[str, Any]:
    return await at.submit(user, await form(at, user), {name.replace("__", "."): value for name, value in chosen.items()})


async def kept(at: Stage, user: str = "U3") -> dict[str, Any]:
    async with at.house.store.reading() as s:
        return await preferences.chosen(s, user)


def to(at: Stage, *moment: int) -> None:
    """Let it be that time in New York (UTC-5)."""
    there = datetime(*moment, tzinfo=UTC) + timedelta(hours=5)  # type: ignore[misc,arg-type]
    at.clock.jumped += there - at.clock.now()


async def test_all_can_be_chosen_and_stands_in_home_and_in_the_form(at: Stage) -> None:
    await at.know()
    assert "⚙️ Usual settings" in "\n".join(texts((await at.opens_home("U3"))["blocks"]))
    answer = await choose(
        at,
        threshold="surest",
        **NIGHT,
        quiet__urgent="wake",
        days=["0", "1", "2", "3"],
        days__off="quiet",
        digest="16:30",
        language="es",
        tone="warm",
        length="short",
    )
    assert answer == {}
    told = "\n".join(texts(at.slack.homes["U3"]["blocks"]))
    assert (
        "⚙️ Quiet hours 22:00-07:00, urgent ones come through · working days Mon, Tue, Wed, Thu · days off are quiet · "
        "only the surest findings · daily message at 16:30 · scripts in Spanish, warm, short"
    ) in told
    before = await kept(at)
    assert before["zone"] == "America/New_York"
    assert (await at.submit("U3", await form(at)), await kept(at)) == ({}, before)
    assert await choose(at, quiet__begins="none", threshold="sure", language="usual") == {}
    assert (await kept(at))["settings"]["quiet"] is None


async def test_settings_leave_other_choices_alone(at: Stage) -> None:
    async with at.house.store.writing() as s:
        await preferences.choose(s, "U3", {"scenarios": {"wait-and-see": "always"}}, at.clock.now())
    await choose(at, threshold="digest")
    assert (await kept(at))["scenarios"] == {"wait-and-see": "always"}


@pytest.mark.parametrize("user", [user for user in WHO if user not in ("U2", "U5")])
async def test_the_form_is_shut_to_others(at: Stage, user: str) -> None:
    await with_outsiders(at)
    view = await form(at, "U3")
    await at.presses_home(user, {}, action_id=home.SETTINGS, value="settings")
    assert len(at.slack.views) == 1
    answer = await at.submit(user, view, {"threshold": "digest"})
    assert "only to full members" in str(answer["view"])
    assert await kept(at, user) == {}


WRONG = [None, "", "x", "25:00", "7:00", "٠٧:٠٠", "sure; drop table", 7, True, [], {}, ["a"], {"value": 3}, "\ud800", "z" * 4000]


@pytest.mark.parametrize("value", WRONG, ids=lambda value: repr(value)[:20])
async def test_values_of_every_wrong_kind_are_told_at_their_field_and_change_nothing(at: Stage, value: Any) -> None:
    view = await form(at)
    fields = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    for kind in ({"selected_option": value}, {"selected_option": {"value": value}}, {"value": value}, {"selected_options": value}, value):
        answer = await at.send("U3", view, {field: {"value": kind} for field in fields})
        assert answer["response_action"] == "errors"
        assert set(answer["errors"]) <= set(fields)
        assert all(0 < len(sentence) < 200 for sentence in answer["errors"].values())
    for values in ({}, None, [], "x", {"threshold": value}):
        assert (await at.send("U3", view, values))["response_action"] == "errors"
    assert await kept(at) == {}


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("language", "xx", "Is none of the choices; choose one from the list"),
        ("days", [], "Needs at least one day of the week"),
        ("days", ["7"], "Needs at least one day of the week"),
        ("quiet.begins", "07:00", "Must differ from the beginning; choose another time, or no quiet hours"),
    ],
)
async def test_what_is_wrong_is_said_in_one_sentence(at: Stage, field: str, value: Any, sentence: str) -> None:
    answer = await at.submit("U3", await form(at), {field: value})
    assert answer == {"response_action": "errors", "errors": {"quiet.ends" if field == "quiet.begins" else field: sentence}}


async def test_a_silent_slack_is_told(at: Stage) -> None:
    view = await form(at)
    at.house.users.clear()
    at.slack.fail("users.info", Fault(status=503))
    answer = await at.submit("U3", view)
    assert "nothing was saved" in str(answer["view"])


async def test_in_quiet_hours_a_dm_waits_for_the_morning(at: Stage) -> None:
    await choose(at, **NIGHT)
    to(at, 2026, 11, 4, 23, 30)
    stored = await at.hear(await at.know())
    [errand] = await at.errands(stored.id)
    assert errand.due_at == datetime(2026, 11, 5, 12, 0, tzinfo=UTC)
    async with at.courier():
        assert at.slack.dms("U3") == []
        to(at, 2026, 11, 5, 7, 0)
        at.house.wake.set()
        await until(lambda: at.slack.dms("U3"))


async def test_urgent_ones_come_through_where_that_is_chosen(at: Stage) -> None:
    await choose(at, **NIGHT, quiet__urgent="wake")
    to(at, 2026, 11, 4, 23, 30)
    async with at.courier():
        await at.hear(await at.know())
        await until(lambda: at.slack.dms("U3"))


async def test_one_reps_quiet_hours_do_not_keep_the_other_waiting_and_what_is_decided_comes_no_more(at: Stage) -> None:
    await choose(at, **NIGHT)
    to(at, 2026, 11, 4, 23, 30)
    async with at.courier():
        stored = await at.hear(await at.know(acme(people=BOTH)))
        await until(lambda: at.slack.dms("U5"))
        await at.press("U5", {"action_id": NOT_AN_ISSUE, "value": str(stored.id)})
        to(at, 2026, 11, 5, 7, 0)
        at.house.wake.set()
        told = {errand.recipient: errand for errand in await at.told(stored.id) if errand.kind == "alert"}
    assert (told["U3"].state, told["U3"].error) == ("failed", "settled")
    assert at.slack.dms("U3") == []


async def test_quiet_hours_switched_off_bring_what_waits(at: Stage) -> None:
    await choose(at, **NIGHT)
    to(at, 2026, 11, 4, 23, 30)
    async with at.courier():
        stored = await at.hear(await at.know())
        await choose(at, quiet__begins="none")
        await until(lambda: at.slack.dms("U3"))
    assert [errand.state for errand in await at.errands(stored.id)] == ["sent"]


async def test_quiet_hours_switched_off_bring_what_was_said_while_the_bot_was_away(at: Stage) -> None:
    await choose(at, **NIGHT)
    await at.know()
    to(at, 2026, 11, 4, 22, 30)
    await away(at, LOW, WHY)
    async with at.courier():
        await caught_up(at)
        await at.settle()
        assert at.slack.dms("U3") == []
        await choose(at, quiet__begins="none")
        await until(lambda: at.slack.dms("U3"))
    assert len(at.slack.dms("U3")) == 1


async def test_a_snooze_that_would_end_at_night_ends_in_the_morning(at: Stage) -> None:
    await choose(at, **NIGHT)
    stored = await at.hear(await at.know())
    to(at, 2026, 11, 4, 21, 30)
    await at.press("U3", {"action_id": MORE, "type": "overflow", "selected_option": {"value": f"hour:{stored.id}"}})
    [reminder] = [errand for errand in await at.errands(stored.id) if is_reminder(errand.key)]
    assert reminder.due_at == datetime(2026, 11, 5, 12, 0, tzinfo=UTC)
    await choose(at, quiet__begins="none")
    assert reminder in await at.errands(stored.id)


async def test_a_snooze_ends_on_a_working_day_of_ones_own(at: Stage) -> None:
    await choose(at, days=["5", "6"])
    stored = await at.hear(await at.know())
    await at.press("U3", {"action_id": SNOOZE, "value": str(stored.id)})
    assert (await at.state(stored.id)).until == datetime(2026, 11, 7, 14, 0, tzinfo=UTC)


def test_mornings_of_a_snooze() -> None:
    zone = zone_named("America/New_York", "UTC")
    thursday = datetime(2026, 11, 5, 15, 0, tzinfo=UTC)
    assert snoozed_until("", thursday, zone).date().isoformat() == "2026-11-06"
    assert snoozed_until("", thursday, zone, {0}).date().isoformat() == "2026-11-09"
    assert snoozed_until("week", thursday, zone).date().isoformat() == "2026-11-09"
    assert snoozed_until("week", thursday, zone, {2, 4}).date().isoformat() == "2026-11-11"
    assert snoozed_until("hour", thursday, zone, {2}) == thursday + timedelta(hours=1)


async def test_only_the_surest_come_to_whoever_wants_those(at: Stage) -> None:
    await choose(at, threshold="surest")
    known = await at.know(acme(people=BOTH))
    sure, surest = await at.hear(known, sure=0.94), await at.hear(known, "wait-and-see", sure=0.95)
    assert [errand.recipient for errand in await at.errands(sure.id)] == ["U5"]
    assert [errand.recipient for errand in await at.errands(surest.id)] == ["U3", "U5"]


async def test_whoever_wants_none_finds_them_in_home(at: Stage) -> None:
    await choose(at, threshold="digest")
    stored = await at.hear(await at.know())
    assert await at.errands(stored.id) == []
    async with at.house.store.reading() as s:
        assert [one.id for one in await findings.open_findings(s, stored.deal_id)] == [stored.id]
    assert "*1 open*" in "\n".join(texts((await at.opens_home("U3"))["blocks"]))


async def test_each_recipient_reads_their_own_language(at: Stage) -> None:
    await choose(at, "U5", language="es", length="short")
    async with at.courier():
        stored = await at.hear(await at.know(acme(people=BOTH)))
        await until(lambda: at.slack.dms("U3") and at.slack.dms("U5"))
        riley, sam = ("\n".join(texts(at.slack.dms(user)[0]["blocks"])) for user in ("U3", "U5"))
        assert ("Hi Dana" in riley, "Hola Dana" in sam) == (True, True)
        await at.press("U3", {"action_id": "jumpin-used", "value": str(stored.id)})
        await until(lambda: "Used by" in "\n".join(texts(at.slack.dms("U5")[0]["blocks"])))
    assert "Hola Dana" in "\n".join(texts(at.slack.dms("U5")[0]["blocks"]))
    assert "Hola" in str(await at.asks("U5", "too-busy", "C1"))


async def test_quiet_hours_travel_along(at: Stage) -> None:
    await choose(at, **NIGHT)
    at.slack.people["U3"]["tz"] = "Europe/Berlin"
    at.house.users.clear()
    await at.opens_home("U3")
    assert (await kept(at))["zone"] == "Europe/Berlin"
    to(at, 2026, 11, 4, 18, 0)  # midnight in Berlin
    stored = await at.hear(await at.know())
    assert [errand.due_at for errand in await at.errands(stored.id)] == [datetime(2026, 11, 5, 6, 0, tzinfo=UTC)]


@pytest.mark.parametrize("zone", [None, "", "Mars/Base", "../etc/passwd", 7])
async def test_a_time_zone_that_is_none_gives_way_to_the_houses(at: Stage, zone: Any) -> None:
    at.slack.people["U3"]["tz"] = zone
    await choose(at, **NIGHT)
    assert (await kept(at))["zone"] == at.house.timezone


async def test_two_forms_at_once_leave_the_later_one(at: Stage) -> None:
    first, second = await form(at), await form(at)
    await at.submit("U3", first, {"threshold": "digest"})
    await at.submit("U3", second, {"threshold": "surest"})
    assert (await kept(at))["settings"]["threshold"] == "surest"


def test_the_form_keeps_slacks_limits_with_many_languages() -> None:
    codes = [f"{a}{b}-{'x' * 8}" for a in "abcdefghij" for b in "abcdefghijklmnopqrstuvwxyz"]
    assert view_mistakes(preferences_form(Preferences(language="zz"), codes)) == []
