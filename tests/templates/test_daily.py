"""The daily message, time line, checklists and brief in words: within Slack's limits whatever is in the deals, and plain to read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playbook.clock.calls import brief
from bot.playbook.clock.checklists import checklists, left_open, summary
from bot.playbook.clock.daily import Daily, DealLines, Line, refreshed
from bot.playbook.clock.history import Actuals, Delay, Happened, History, Mark, Next, OpenFinding, Own, Stated
from bot.playbook.clock.items import Item
from templates.as_text import as_text
from templates.call_brief import brief_message
from templates.checklist import checklist_message, left_open_words, summary_message
from templates.daily import DRAFT, MARK, MOST_FULL, NEXT, PICKED_UP, RAMPED, SATISFIED, SHORT, TAKEN, daily_message, item_words
from templates.nudge_table import nudge_page
from templates.timeline import timeline
from tests.clock.deals import PEOPLE, PICKUP, WEEK, day, deal, fed, on
from tests.live.block_kit import mistakes, texts
from tests.templates.test_blocks import actions

DAY = on(17)
STUCK = History(
    happened=(*WEEK, Happened("short", on(16), "still 150")),
    delays=(Delay("d1", "objection-too-busy", on(17)),),
    findings=(OpenFinding("f1", "new-stakeholder", on(3), "procurement"),),
    stated=Stated((10, 15), on(16), "Dana Ortiz"),
)


def of_one(number: int, history: History, actuals: Actuals | None = None) -> Daily:
    """A message with all that could be told of Acme's deal."""
    there = day(number, history, actuals)
    return Daily("U3", on(number), (DealLines("1", there, tuple(map(Line, there.items))),))


def test_a_message_reads_at_a_glance() -> None:
    text = as_text(daily_message(of_one(4, History(happened=(PICKUP,), stated=Stated((10, 15), on(3))), Actuals(fed(60, 1, 3)))))
    assert text.split("\n") == [
        "Thursday, 5 November: 1 deal, 1 red",
        "Acme Outfitters — test day 4 of 14",
        "said 10-15/day · agreed 150/day · actual 60/day",
        "🔴 Volume under the test volume (60/day is 60% under the agreed 150/day)",
        "✅ First pickup confirmed (BOL 4711)",
        "✅ Pickups of shipping days 2, 3 confirmed",
        "   [Script]",
        "   next: Mid-test check, Mon 9 Nov",
    ]


def test_buttons_ask_for_what_the_bot_does_not_know() -> None:
    names = {
        number: [name.partition(":")[0] for name in actions(daily_message(of_one(number, history)).blocks)]
        for number, history in {
            2: History(),
            16: History(happened=WEEK),
            17: History(happened=(*WEEK, Happened("short", on(16)))),
            18: STUCK,
        }.items()
    }
    assert names[2] == [PICKED_UP]
    assert {RAMPED, SHORT} <= set(names[16])
    assert {SATISFIED, TAKEN} <= set(names[17])
    assert NEXT in names[18]
    review = actions(daily_message(of_one(30, History(happened=(*WEEK, Happened("ramped", on(16)))))).blocks)
    assert {DRAFT, MARK} <= {name.partition(":")[0] for name in review}


def test_what_is_done_is_struck_through_and_the_headline_follows() -> None:
    sent = of_one(2, History())
    done = daily_message(refreshed(sent, {"1": day(2)}))
    assert "~No first pickup seen yet: was due 2 Nov~" in str(done.blocks)
    assert as_text(done).startswith("Tuesday, 3 November: 1 deal, all done")
    assert actions(done.blocks) == []


@pytest.mark.parametrize("count", [1, MOST_FULL, 50, 400])
def test_any_number_of_deals_fits(count: int) -> None:
    long = deal(customer="Northern Lakes Outdoor Apparel and Footwear Distribution Company <!channel> *of* America" * 2)
    there = day(18, STUCK, of=long)
    lines = tuple(map(Line, there.items * 4))
    made = daily_message(Daily("U3", DAY, tuple(DealLines(str(n), there, lines, there.items) for n in range(count)), away=3))
    assert mistakes(made.blocks) == []
    assert len(made.text) < 4000
    assert sum(len(text) for text in texts(made.blocks)) < 100_000
    assert "<!channel>" not in str(made.blocks)


@settings(max_examples=60)
@given(
    words=st.text(max_size=400),
    key=st.text(max_size=300),
    late=st.integers(0, 400),
    nudge=st.sampled_from(["own", "heard", "ramp-step", "test-start"]),
)
def test_every_item_makes_a_message_that_slack_takes(words: str, key: str, late: int, nudge: str) -> None:
    there = day(18, STUCK, of=deal(customer=words[:200] or "x"))
    item = Item(key, nudge, "overdue", words, DAY, DAY, late, words, script="volume-gap", draft="pre-kickoff", answer="done")
    made = daily_message(Daily("U3", DAY, (DealLines("1", there, (Line(item), Line(item, done=True)), (item,)),)))
    assert mistakes(made.blocks) == []
    assert as_text(made)


def test_an_item_is_said_more_plainly_the_later_it_is() -> None:
    item = Item("own-1", "own", "due", "Window review", date(2026, 11, 9), DAY)
    said = [item_words(replace(item, state="overdue" if late else "due", late=late), date(2026, 11, 9)) for late in (0, 1, 4, 9)]
    assert said == [
        "Today: Window review",
        "Window review: was due 9 Nov",
        "Window review: 4 days late",
        "Window review: open since 9 Nov. Do it today, or postpone it and say why",
    ]


def test_what_was_said_and_left_open_is_quoted_and_says_what_can_be_done_about_it() -> None:
    item = Item("open:1", "open-finding", "overdue", "Still open", DAY, DAY, detail="no hands left", script="objection-too-busy")
    assert [item_words(replace(item, late=late), DAY) for late in (1, 4, 9)] == [
        "Still open since 18 Nov: Too busy to ramp (“no hands left”)",
        "Still open, 4 days late: Too busy to ramp (“no hands left”)",
        "Still open since 18 Nov: Too busy to ramp (“no hands left”). Answer it today, or snooze it in `/deal-findings`",
    ]
    figure = replace(item, state="ask", nudge="heard", title="Heard", detail="15/day", script="volume-gap")
    assert item_words(figure, DAY) == "Heard: Volume below the agreement (15/day)"


def test_a_pickup_that_nobody_has_seen_cannot_be_postponed_and_a_question_is_open() -> None:
    pickup = Item("first-pickup", "pickups", "overdue", "No first pickup seen yet", DAY, DAY, 9, answer="pickup")
    assert item_words(pickup, DAY) == "No first pickup seen yet: open since 18 Nov. Find out today"
    ramp = Item("ramp-check", "ramp-check", "ask", "Is it ramping? 500 a day has been due since 16 Nov", DAY, DAY, 4, answer="volume")
    assert item_words(ramp, DAY) == "Is it ramping? 500 a day has been due since 16 Nov — open for 4 days"


def test_several_scripts_say_which_is_which() -> None:
    there = day(18, STUCK)
    items = [
        Item(key, "heard", "ask", "Heard", DAY, DAY, script=scenario)
        for key, scenario in (("a", "wait-and-see"), ("b", "objection-too-busy"))
    ]
    shown = as_text(daily_message(Daily("U3", DAY, (DealLines("1", there, tuple(map(Line, items))),))))
    assert "[Script: Wait and see] [Script: Too busy to ramp]" in shown
    assert "[Script]" in as_text(daily_message(Daily("U3", DAY, (DealLines("1", there, (Line(items[0]),)),))))


def test_the_time_line() -> None:
    history = History(
        happened=WEEK[:3],
        marks=(Mark("mid-test", "postponed", on(10), "Dana is away"),),
        own=(Own("own-1", "second pickup window", on(11)),),
        delays=(Delay("d", "objection-too-busy", on(8), Next("dock two", on(18))),),
    )
    message = timeline(day(6, history))
    text = as_text(message)
    assert mistakes(message.blocks) == []
    assert "▫️ Next\n• 11 Nov  Mid-test check, moved from 9 Nov: Dana is away\n• 12 Nov  second pickup window" in text
    assert "• 19 Nov  dock two" in text
    assert "• 2 Nov  Test start: first pickup — BOL 4711\n• 3 Nov - 4 Nov  Pickups of shipping days 2, 3" in text
    assert "🟠 Overdue\n• 5 Nov - 6 Nov  Pickups of shipping days 4, 5" in text
    assert "further reviews, audits and questions" in text


@settings(max_examples=30)
@given(st.text(min_size=1, max_size=200), st.integers(0, 120))
def test_every_time_line_and_checklist_is_one_that_slack_takes(words: str, many: int) -> None:
    own = tuple(Own(f"own-{n}", words, on(n)) for n in range(many))
    history = History(happened=(Happened("pickup", on(1), words),), own=own, marks=(Mark("kickoff", "done", on(-3), words),))
    there = day(20, history, of=deal(customer=words))
    assert mistakes(timeline(there).blocks) == []
    lists = checklists(there, history)
    assert mistakes(checklist_message(there.deal, lists).blocks) == []
    assert mistakes(summary_message(summary("U3", [(there.deal, lists)] * 30), words).blocks) == []
    assert mistakes(brief_message(brief(there)).blocks) == []


def test_the_checklist_says_what_was_seen() -> None:
    history = History(happened=WEEK)
    lists = checklists(day(8, history), history)
    text = as_text(checklist_message(deal(), lists))
    assert "☑️ Watched the first pickups, days 3-5 — all 5 confirmed" in text
    assert "⬜ In all threads" in text
    assert left_open_words(left_open("setup", "implementation", lists)).startswith("⚠️ 3 items of the stages so far are open:\n⬜ Sent the")
    assert left_open_words(()) == ""


def test_the_brief_fits_on_a_screen_and_goes_by_the_phase() -> None:
    steps = {}
    for number, history in {
        -3: History(),
        5: History(happened=WEEK),
        20: STUCK,
        22: History(happened=(*WEEK, Happened("ramped", on(16)))),
    }.items():
        text = as_text(brief_message(brief(day(number, history))))
        assert len(text.split("\n")) <= 25
        steps[number] = text.rpartition("\n")[2]
    assert steps == {
        -3: "a written yes to start, volume and criteria before 2 Nov",
        5: "a date for the review of the criteria, 13 Nov at the latest",
        20: "a next milestone with a date",
        22: "the next business review",
    }
    assert "theirs: Dana Ortiz (customer)" in as_text(brief_message(brief(day(20, STUCK))))
    assert PEOPLE[0]["name"] == "Dana Ortiz"


def test_the_page_of_nudges_is_the_table_of_the_code() -> None:
    assert Path("docs/nudges.md").read_text(encoding="utf-8") == nudge_page()
