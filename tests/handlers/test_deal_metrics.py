"""/deal-metrics: everybody's own numbers, narrowed down by words or menus, and never those of others."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playbook.numbers.facts import facts
from bot.playbook.numbers.metrics import BY
from bot.playbook.numbers.report import numbers
from handlers.home.tab import refresh
from handlers.links import Links
from handlers.numbers.narrowed import Narrowed, chosen_by, understood
from store import volumes
from store.volume_records import Came, Line
from templates.numbers.card import GROUP, MENUS, Wanted, mark, metrics_card
from tests.bench.portfolio import TODAY, portfolio
from tests.handlers.doors import WHO, WHY, with_outsiders
from tests.handlers.telling import PEOPLE, Stage, acme, stage, until
from tests.live.block_kit import mistakes, texts
from tests.numbers.deals import deal, seen, ships

COMMAND = "/deal-metrics"
CHOICES = {
    "rep": ["Riley Chen", "Riley Stone", "Sam Okafor"],
    "trade": ["", "auto parts", "books"],
    "size": ["100 to 499 a day", "500 to 1,999 a day"],
    "quarter": ["2026 Q2", "2026 Q3", "2026 Q4"],
}


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


def read(answer: dict[str, Any]) -> str:
    assert answer["response_type"] == "ephemeral"
    assert mistakes(answer["blocks"]) == []
    return "\n".join(texts(answer["blocks"]))


async def asks(at: Stage, text: str = "", user: str = "U3") -> str:
    return read(await at.asks(user, text, name=COMMAND))


async def chooses(at: Stage, answer: dict[str, Any], action: str, label: str, user: str = "U3") -> dict[str, Any]:
    """Somebody chooses in a menu of an answer; what stands there then."""
    [block] = [one for one in answer["blocks"] if one["type"] == "actions"]
    [menu] = [one for one in block["elements"] if one["action_id"] == action]
    [option] = [one for one in menu["options"] if one["text"]["text"] == label]
    before = len(at.slack.responses)
    await at.press(user, {"action_id": action, "type": "static_select", "block_id": block["block_id"], "selected_option": option})
    await until(lambda: len(at.slack.responses) > before, within=20)
    assert at.slack.responses[-1]["replace_original"] is True
    return dict(at.slack.responses[-1])


async def two_deals(at: Stage) -> None:
    """Acme of Riley's shipped as agreed since spring; Beta of Sam's, which Riley's leader leads too, is stuck in its test."""
    spring = {"volume_per_day": 150, "starts": date(2026, 3, 2)}
    await at.know(acme(test=spring, trade="books"))
    people = [{"id": "U5", "name": "Sam Okafor", "role": "rep"}, {"id": "U4", "name": "Morgan Lee", "role": "leadership"}]
    await at.know(acme(customer="Beta", people=people, channels=["C2"], test=spring, trade="auto parts"))
    there = [(customer, ships((10, 150), (160, level)).days) for customer, level in (("Acme Outfitters", 500), ("Beta", 150))]
    lines = [Line(customer, one.day, one.packages) for customer, days in there for one in days if one.day < date(2026, 11, 4)]
    await volumes.take(at.house.store, Came("file", "v.csv", "U3", at.clock.now()), lines)


async def test_everybody_sees_their_own(at: Stage) -> None:
    at.slack.person("U5", "Sam Okafor")
    await two_deals(at)
    riley = await asks(at)
    assert "1 deal · as of 4 Nov 2026" in riley
    assert "✅ 100%" in riley
    assert "Beta" not in riley
    assert "Sam" not in riley
    sam = await asks(at, user="U5")
    assert "🔴 0%" in sam
    assert "Riley" not in sam
    assert "books" not in sam
    leader = await asks(at, user="U4")
    assert "2 deals · as of" in leader
    assert "50%" in leader
    assert "Riley Chen* (1 deal): conversion 100%, full after 18 days, day 90 0%, drops 0%" in leader
    assert "Sam Okafor* (1 deal): conversion 0% 🔴, day 90 70% 🔴, drops 0%" in leader


async def test_words_and_menus_narrow_it_down(at: Stage) -> None:
    await two_deals(at)
    assert "1 deal of 2: rep Sam Okafor" in await asks(at, "sam", user="U4")
    assert "1 deal of 2: trade books" in await asks(at, "deals of books", user="U4")
    assert "2 deals of 2: quarter 2026 Q1" in await asks(at, "Q1 2026", user="U4")
    whole = await at.asks("U4", "by trade", name=COMMAND)
    assert "By trade" in read(whole)
    narrowed = await chooses(at, whole, MENUS["rep"], "Riley Chen", "U4")
    assert "1 deal of 2: rep Riley Chen" in read(narrowed)
    again = await chooses(at, narrowed, MENUS["trade"], "auto parts", "U4")
    assert "0 deals of 2: rep Riley Chen, trade auto parts" in read(again)
    assert "no data" in read(again)
    back = await chooses(at, await chooses(at, again, MENUS["rep"], "Any rep", "U4"), MENUS["trade"], "Any trade", "U4")
    assert "2 deals · as of" in read(back)
    assert "*By trade*" in read(back)
    assert "*By size*" not in read(await chooses(at, back, GROUP, "By size", "U4")), "there is but one size"


async def test_what_is_no_name_among_ones_deals_is_told_in_one_sentence(at: Stage) -> None:
    await two_deals(at)
    told = await asks(at, "sam")
    assert "I know no rep, trade, size or quarter “sam” among your deals. There is, for instance: Riley Chen, books." in told
    await at.press("U3", {"action_id": MENUS["rep"], "block_id": Wanted().packed(), "selected_option": {"value": mark("Sam Okafor")}})
    await until(lambda: "not among your deals any more" in str(at.slack.responses[-1]), within=20)
    assert "/deal-metrics by trade" in await asks(at, "help", user="U9")


@pytest.mark.parametrize("user", WHO, ids=WHY)
async def test_who_has_no_deal_gets_nothing(at: Stage, user: str) -> None:
    await with_outsiders(at)
    told = await asks(at, user=user)
    if user == "U5":
        assert "1 deal · as of" in told
        assert "Acme" not in told
    else:
        assert "open only to our own people on the deal" in told


async def test_figures_are_counted_once_and_forgotten_with_the_deal(at: Stage) -> None:
    known = await at.know()
    assert "1 deal · as of" in await asks(at)
    gone = [one for one in PEOPLE if one["id"] != "U3"]
    await at.know(acme(people=gone))
    assert "open only to our own people" in await asks(at), "who is taken off a deal sees nothing of it, whatever is remembered"
    assert known.deal.person("U3") is not None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", Narrowed()),
        ("Sam", Narrowed(None, {"rep": "Sam Okafor"})),
        ("chen", Narrowed(None, {"rep": "Riley Chen"})),
        ("riley", Narrowed(None, {}, "riley")),
        ("RILEY STONE, auto parts", Narrowed(None, {"rep": "Riley Stone", "trade": "auto parts"})),
        ("all my deals by quarter", Narrowed("quarter")),
        ("by size in Q4 2026", Narrowed("size", {"quarter": "2026 Q4"})),
        ("last quarter books", Narrowed(None, {"quarter": "2026 Q3", "trade": "books"})),
        ("this quarter", Narrowed(None, {"quarter": "2026 Q4"})),
        ("100 to 499 a day by rep", Narrowed("rep", {"size": "100 to 499 a day"})),
        ("trade not given", Narrowed(None, {"trade": ""})),
        ("2019 q1", Narrowed(None, {}, "2019 q1")),
        ("booksellers", Narrowed(None, {}, "booksellers")),
    ],
)
def test_what_is_typed_is_understood(text: str, meant: Narrowed) -> None:
    assert understood(text, CHOICES, date(2026, 11, 4)) == meant  # type: ignore[arg-type]


@given(st.text(max_size=80))
def test_anything_may_be_typed(text: str) -> None:
    found = understood(text, CHOICES, date(2026, 11, 4))  # type: ignore[arg-type]
    assert all(name in CHOICES[by] for by, name in found.chosen.items())


@given(st.sampled_from([None, *BY]), st.dictionaries(st.sampled_from(BY), st.text().map(mark)))
def test_what_is_wanted_travels_unchanged(by: Any, marks: Any) -> None:
    wanted = Wanted(by, marks)
    assert Wanted.unpacked(wanted.packed()) == wanted
    assert len(wanted.packed()) <= 255


@pytest.mark.parametrize("text", ["", "x", "numbers", "numbers|rep|||", "numbers|nonsense||||", "numbers|rep|||||"])
def test_a_mark_that_is_none_of_ours_means_nothing(text: str) -> None:
    assert Wanted.unpacked(text) == Wanted()
    assert chosen_by(Wanted(None, {"rep": "nonsense"}), CHOICES) is None  # type: ignore[arg-type]


def test_the_whole_portfolio_fits_into_a_message() -> None:
    found = numbers([facts(one.source) for one in portfolio(60)], TODAY)
    for by in BY:
        message = metrics_card(found, by)
        assert mistakes(message.blocks) == []
        assert len(message.text) < 4000
    told = "\n".join(texts(metrics_card(found, "rep").blocks))
    assert "Bottleneck: 06 Implementation" in told
    assert re.search(r"• 30 days: [\d,]+ packages \([\d,]+ to [\d,.]+( million)?\); committed [\d,.]+( million)?, as said ", told)
    assert "\n• 04 Proposal: " in told
    assert "• Nov 2026 so far: " in told
    assert "• NPS: " in told


@settings(max_examples=12)
@given(words=st.text(min_size=1, max_size=180), many=st.sampled_from([1, 3, 130]))
def test_every_answer_is_one_that_slack_takes(words: str, many: int) -> None:
    there = []
    for number in range(many):
        people = (acme().people[0].model_copy(update={"role": "rep", "name": f"{words}{number}"}),)
        there.append(seen(deal(customer=words, trade=f"{number} {words}"[:80], people=people), id=number))
    found = numbers(there, date(2026, 8, 3))
    for by in BY:
        assert mistakes(metrics_card(found, by).blocks) == []
    one = numbers(there, date(2026, 8, 3), {"rep": found.choices["rep"][-1], "trade": found.choices["trade"][-1]})
    assert mistakes(metrics_card(one, "rep").blocks) == []


async def test_home_shows_leaders_the_numbers_in_short(at: Stage) -> None:
    await two_deals(at)
    links = Links(at.house.slack)
    assert "*The numbers*" not in str(await at.opens_home("U4"))
    assert await refresh(at.house, links) == 1, "they are counted beside it, and shown as soon as they are known"
    told = "\n".join(texts(at.slack.homes["U4"]["blocks"]))
    assert "🔴 50% ramped after the test · 18 days to full volume · 🔴 35% off at day 90 · 0% never launched" in told
    assert "More: `/deal-metrics`" in told
    assert await refresh(at.house, links) == 0
    assert "*The numbers*" in str(await at.opens_home("U4")), "kept for an hour"
    assert "*The numbers*" not in str(await at.opens_home("U3")), "for those who lead"
    await at.know(acme(customer="Gamma", channels=["C3"]))
    assert "*The numbers*" not in str(await at.opens_home("U4")), "other deals, other numbers"
