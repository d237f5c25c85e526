""" "Terms have changed": from the alert and from /deal-terms to the ledger, checked at every door."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from secrets import token_hex
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest
import pytest_asyncio
from sqlalchemy.engine import make_url

from handlers.typed import read_field, typed
from store import deals
from store.records import KnownDeal
from store.sources.values import Wrong
from templates.blocks import TERMS_CHANGED
from templates.ledger import CHANGE
from templates.terms_form import FIELDS, Kept, TermsForm, field_text, moved_notes, terms_form
from tests.handlers.telling import Stage, acme, stage, until
from tests.live.block_kit import texts, view_mistakes
from tests.live.fake_slack import Fault


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


@pytest_asyncio.fixture
async def on_postgres(postgres_url: str) -> AsyncIterator[Stage]:
    name = f"amending_{token_hex(4)}"
    connection = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    async with stage(make_url(postgres_url).set(database=name).render_as_string(hide_password=False)) as there:
        yield there


async def opened(at: Stage, known: KnownDeal, user: str = "U3") -> dict[str, Any]:
    """The form as somebody gets it from /deal-terms."""
    before = len(at.slack.views)
    await at.press(user, {"action_id": CHANGE, "value": str(known.id)})
    assert len(at.slack.views) == before + 1
    return at.slack.views[-1]


async def stands(at: Stage, known: KnownDeal) -> KnownDeal:
    async with at.house.store.reading() as s:
        now = await deals.deal_by_id(s, known.id)
    assert now is not None
    return now


def told(answer: dict[str, Any]) -> str:
    assert view_mistakes(answer["view"]) == []
    return "\n".join(texts(answer["view"]["blocks"]))


async def test_from_the_alert_to_the_ledger_and_back_into_the_alert(at: Stage) -> None:
    async with at.courier():
        known = await at.know()
        stored = await at.hear(known, said_per_day=(120.0, 120.0))
        await at.told(stored.id)
        elements = [one for block in at.slack.dms("U3")[-1]["blocks"] if block["type"] == "actions" for one in block["elements"]]
        await at.press("U3", next(one for one in elements if one["action_id"] == TERMS_CHANGED))
        [view] = at.slack.views
        assert field_of(view, "theirs") == "Dana Ortiz"
        assert field_of(view, "link").startswith("https://carrier.slack.com/archives/C1/")
        answer = await at.submit("U3", view, {"test.volume_per_day": "120", "effective": "2026-11-09"})
        assert "from 9 Nov 2026 on" in told(answer)
        assert "*Test volume* 150/day → 120/day" in told(answer)
        await until(lambda: "📝 Terms changed by <@U3>" in "\n".join(texts(at.slack.dms("U3")[0]["blocks"])))
    assert "Jump in with:" not in str(at.slack.dms("U3")[0]["blocks"])  # what they said is what was agreed, by now
    now = await stands(at, known)
    [line] = now.deal.amendments
    assert (line.old, line.new, line.effective, line.ours, line.theirs, line.by) == (
        150,
        120,
        date(2026, 11, 9),
        "Riley Chen",
        "Dana Ortiz",
        "U3",
    )
    assert (await at.state(stored.id)).state == "terms-changed"
    assert at.slack.count("chat.update") == 1


def field_of(view: dict[str, Any], name: str) -> Any:
    return next(block["element"].get("initial_value") for block in view["blocks"] if block.get("block_id", "").startswith(f"{name}#"))


async def test_open_findings_that_the_new_terms_meet_are_settled_and_others_stay(at: Stage) -> None:
    known = await at.know()
    met, short = await at.hear(known, said_per_day=(120.0, 120.0)), await at.hear(known, said_per_day=(10.0, 15.0))
    answer = await at.submit("U4", await opened(at, known, "U4"), {"test.volume_per_day": "24%", "theirs": "Dana"})
    assert "One open finding is settled" in told(answer)
    assert ((await at.state(met.id)).state, (await at.state(short.id)).state) == ("terms-changed", "open")


async def test_all_terms_can_be_changed_at_once(at: Stage) -> None:
    known = await at.know()
    typed_in = {
        "volume.committed_per_day": "400",
        "volume.annual": "104,000",
        "volume.share_of_total": "50%",
        "volume.shipping_days_per_week": "6",
        "test.volume_per_day": "40%",
        "test.starts": "2026-11-09",
        "test.weeks": "3",
        "test.success": "transit times\n• billing",
        "ramp.to_per_day": "",
        "ramp.days_after_test": "7",
        "services": "Ground, National, 3-5 days (no Alaska)\nExpedited, 2 days",
        "price": "Ground: $3.50",
        "pickup.days": "Mon-Sat",
        "pickup.time": "",
        "billing": "monthly",
        "theirs": "Dana",
    }
    assert set(FIELDS) <= set(typed_in)
    await at.submit("U3", await opened(at, known), typed_in)
    now = (await stands(at, known)).deal
    assert (now.volume.committed_per_day, now.test.volume_per_day, now.test.weeks, now.ramp.to_per_day) == (400, 160, 3, None)
    assert [(one.service, one.lane, one.days, one.note) for one in now.services] == [
        ("Ground", "National", (3, 5), "no Alaska"),
        ("Expedited", None, (2, 2), None),
    ]
    assert now.pickup is not None
    assert (now.pickup.days, now.pickup.time) == ("Mon-Sat", None)
    assert now.on(date(2026, 11, 3)).billing == "weekly"
    again = await at.submit("U3", await opened(at, known), {"theirs": "Dana"})
    assert "Nothing was changed" in str(again["errors"])


async def test_the_second_of_two_sees_what_changed_and_keeps_what_was_typed(at: Stage) -> None:
    known = await at.know()
    one, other = await opened(at, known), await opened(at, known, "U4")
    await at.submit("U3", one, {"test.volume_per_day": "120", "theirs": "Dana"})
    answer = await at.submit("U4", other, {"test.weeks": "3", "theirs": "Dana Ortiz"})
    assert "<@U3> changed these terms" in told(answer)
    assert "*Test volume* 150/day → 120/day" in told(answer)
    view = answer["view"]
    assert (field_of(view, "test.volume_per_day"), field_of(view, "test.weeks"), field_of(view, "theirs")) == ("120", "3", "Dana Ortiz")
    assert (await stands(at, known)).deal.test.weeks == 2
    assert "*Test length* two weeks → three weeks" in told(await at.submit("U4", view))
    now = (await stands(at, known)).deal
    assert (now.test.weeks, now.test.volume_per_day, [one.by for one in now.amendments]) == (3, 120, ["U3", "U4"])


async def test_of_many_at_once_on_postgresql_one_records_and_the_others_see_it(on_postgres: Stage) -> None:
    at = on_postgres
    known = await at.know()
    stored = await at.hear(known, said_per_day=(120.0, 120.0))
    views = [await opened(at, known, user) for user in ("U3", "U4") * 3]
    sent = [
        at.submit("U4" if number % 2 else "U3", view, {"test.weeks": str(3 + number), "theirs": "Dana"})
        for number, view in enumerate(views)
    ]
    answers = [told(answer) for answer in await asyncio.gather(*sent)]
    assert sorted("✅ Recorded" in answer for answer in answers) == [False] * 5 + [True]
    assert sum("changed these terms" in answer for answer in answers) == 5
    assert len((await stands(at, known)).deal.amendments) == 1
    assert "settled" in told(await at.submit("U3", await opened(at, known), {"test.volume_per_day": "120", "theirs": "Dana"}))
    assert (await at.state(stored.id)).state == "terms-changed"


async def test_a_form_sent_off_twice_records_once_and_says_so_twice(at: Stage) -> None:
    known = await at.know()
    view = await opened(at, known)
    typed_in = {"test.volume_per_day": "120", "theirs": "Dana"}
    answers = await asyncio.gather(at.submit("U3", view, typed_in), at.submit("U3", view, typed_in))
    for answer in (*answers, await at.submit("U3", view, typed_in)):
        assert "✅ Recorded" in told(answer)
    assert len((await stands(at, known)).deal.amendments) == 1


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("test.volume_per_day", "501", "at most that"),
        ("test.volume_per_day", "lots 🚚", "is not a whole number"),
        ("test.volume_per_day", "", "there is no deal without it"),
        ("test.volume_per_day", "0", "not between 1 and"),
        ("test.volume_per_day", "300%", "at most 100%"),
        ("volume.committed_per_day", "-5", "not between"),
        ("volume.annual", "9" * 3000, "is not a whole number"),
        ("volume.share_of_total", "150%", "at most 100%"),
        ("test.starts", None, "there is no deal without it"),
        ("test.weeks", "99", "not between 1 and 52"),
        ("services", "Ground\n, , (note)", "Line 2"),
        ("services", "ok\n" * 201, "200 lines"),
        ("services", "x" * 600, "characters long"),
        ("price", "Expedited", "is not a price"),
        ("price", "Expedited: 0", "is not a price"),
        ("pickup.time", "25:00", "time of day"),
        ("billing", "🚚" * 3000, "characters long"),
        ("theirs", "", "not text|is blank"),
        ("theirs", "🚚" * 3000, "characters long"),
        ("link", "x" * 3000, "characters long"),
        ("effective", None, "day of the calendar"),
        ("ours", None, "our own side"),
        ("ours", "U1", "our own side"),
    ],
)
async def test_every_wrong_value_is_told_at_its_field(at: Stage, name: str, text: str | None, words: str) -> None:
    known = await at.know()
    answer = await at.submit("U3", await opened(at, known), {"test.weeks": "3", "theirs": "Dana", name: text})
    [(block, sentence)] = answer["errors"].items()
    assert block == f"{name}#0"
    assert any(part in sentence for part in words.split("|")) or (words == "not text|is blank" and "write who agreed" in sentence)
    assert len(sentence) < 2000
    assert (await stands(at, known)).deal == known.deal


@pytest.mark.parametrize(
    "values", [None, [], "x", {}, {"effective#0": None}, {"effective#0": {"value": 5}}, {"test.weeks#0": {"value": {"value": ["3"]}}}]
)
async def test_payloads_of_every_wrong_kind_change_nothing(at: Stage, values: Any) -> None:
    known = await at.know()
    answer = await at.send("U3", await opened(at, known), values)
    assert answer["response_action"] in ("errors", "update")
    assert (await stands(at, known)).deal == known.deal


@pytest.mark.parametrize(
    "metadata", ["", "[]", "{", "null", '{"deal": "x"}', '{"deal": 1}', "[" * 5000, '{"deal":1,"version":[],"lines":{}}']
)
async def test_metadata_that_is_not_ours_is_refused(at: Stage, metadata: str) -> None:
    known = await at.know()
    view = {**await opened(at, known), "private_metadata": metadata}
    assert "open only to our own people" in told(await at.submit("U3", view, {"test.weeks": "3", "theirs": "Dana"}))
    assert (await stands(at, known)).deal == known.deal


async def test_an_expired_trigger_and_a_silent_slack_are_told(at: Stage) -> None:
    known = await at.know()
    await at.press("U3", {"action_id": CHANGE, "value": str(known.id)}, trigger="1.late")
    at.slack.fail("views.open", Fault(hang=4))
    await at.press("U3", {"action_id": CHANGE, "value": str(known.id)})
    late, silent = (answer["text"] for answer in at.slack.responses)
    assert late == "Slack closed this before the form could open. Please try again."
    assert silent == "Slack did not answer in time. Please try again."


async def test_a_month_later_the_button_of_an_old_message_still_opens_the_form(at: Stage) -> None:
    known = await at.know()
    stored = await at.hear(known)
    await at.withdraw(stored)
    at.clock.ahead(days=35)
    await at.press("U3", {"action_id": TERMS_CHANGED, "value": str(stored.id)})
    answer = await at.submit("U3", at.slack.views[-1], {"ramp.to_per_day": "400", "theirs": "Dana"})
    assert "from 9 Dec 2026 on" in told(answer)
    assert (await at.state(stored.id)).state == "withdrawn"


async def test_logs_tell_ids_and_no_terms(at: Stage) -> None:
    known = await at.know()
    await at.submit("U3", await opened(at, known), {"billing": "fortnightly", "theirs": "Danger Mouse"})
    [entry] = [entry for entry in at.logged if entry["event"] == "terms changed"]
    assert entry == {"event": "terms changed", "deal": known.id, "user": "U3", "terms": 1, "settled": 0}
    assert "fortnightly" not in str(at.logged)
    assert "Danger" not in str(at.logged)


def test_what_the_form_shows_reads_back_the_same() -> None:
    deal = acme()
    for name in FIELDS:
        text = field_text(deal, name)
        if name not in ("pickup.days", "pickup.time"):
            assert read_field(name, text) is not None, name
    assert typed({}).errors({"x": "y"}) == {"none": "Y"}
    with pytest.raises(Wrong):
        read_field("price", "(only a note)")


def test_the_longest_form_keeps_slacks_limits() -> None:
    name = "🚚<&>*_`" * 25
    deal = acme(
        customer=name[:200],
        services=[{"service": name, "lane": name, "days": [1, 90], "note": name}] * 200,
        price=[{"service": name, "per_package": 1.23456}] * 200,
        billing=name,
        test={"volume_per_day": 1, "starts": "2026-11-02", "success": [name] * 100},
    )
    kept = Kept(10**17, 10**17, 10**17, date(2026, 11, 4), 10**17, 10**6)
    notes = moved_notes(deal, acme(), [name] * 50)
    view = terms_form(TermsForm(deal, kept, {}, "U3", name[:200], "https://x.y/" + "z" * 1900, None, notes))
    assert view_mistakes(view) == []
    assert json.loads(view["private_metadata"])["deal"] == 10**17


async def test_a_term_too_long_for_the_form_stays_when_another_changes(at: Stage) -> None:
    long = acme(services=[{"service": f"Service {number} with a long name", "lane": "Northeast", "days": [2, 3]} for number in range(120)])
    known = await at.know(long)
    view = await opened(at, known)
    assert field_of(view, "services") is None
    await at.submit("U3", view, {"billing": "monthly", "effective": "2026-11-09", "theirs": "Dana Ortiz"})
    now = await stands(at, known)
    assert [line.term for line in now.deal.amendments] == ["billing"]
    assert len(now.deal.services) == 120
