"""Checklists: every stage has one, what the bot saw is ticked with its evidence, and people have the last word."""

from __future__ import annotations

from typing import get_args

from bot.deal import Stage
from bot.playbook.clock.boxes import BOXES
from bot.playbook.clock.checklists import Ticked, checklists, left_open, lists_of, summary
from bot.playbook.clock.history import Actuals, Happened, History, Mark, Tick
from tests.clock.deals import WEEK, day, deal, fed, on

SEEN = History(
    happened=(*WEEK, Happened("email", on(-9), "sent on 23 Oct", about="pre-kickoff"), Happened("performance", on(12), "Dana is content")),
    marks=(Mark("welcome-call", "done", on(-7), "Morgan called"),),
    ticks=(Tick("on-calls", on(5), by="U3"), Tick("in-threads", on(5), by="U3"), Tick("in-threads", on(6), done=False, by="U3")),
)


def boxes(history: History, number: int, actuals: Actuals | None = None) -> dict[str, Ticked]:
    """All boxes by their keys."""
    return {one.box.key: one for of in checklists(day(number, history, actuals), history) for one in of.boxes}


def test_keys_are_unique_and_every_stage_has_its_list() -> None:
    keys = [box.key for of in BOXES.values() for box in of]
    assert len(keys) == len(set(keys))
    every = checklists(day(1), History())
    assert [[one.name for one in lists_of(stage, every)] for stage in get_args(Stage)] == [
        ["discovery", "promise"],
        ["rate-creation", "promise"],
        ["proposal", "promise"],
        ["setup", "promise"],
        ["implementation", "post-test", "promise"],
        ["closed-won", "promise"],
    ]


def test_what_the_bot_saw_is_ticked_with_its_evidence() -> None:
    seen = boxes(SEEN, 13)
    assert {key: one.evidence for key, one in seen.items() if one.seen} == {
        "email-sent": "sent on 23 Oct",
        "reminder": "the bot keeps it",
        "first-pickups": "all 5 confirmed",
        "contradictions": "none is open",
        "performance": "Dana is content",
        "welcome": "Morgan called",
        "test-terms": "150 a day for 2 weeks, criteria in the deal",
    }
    assert not boxes(History(), 1)["first-pickups"].done


def test_people_have_the_last_word() -> None:
    seen = boxes(SEEN, 13)
    assert (seen["on-calls"].done, seen["on-calls"].evidence) == (True, "ticked by <@U3>")
    assert not seen["in-threads"].done
    cleared = History(happened=WEEK, ticks=(Tick("first-pickups", on(8), done=False),))
    assert not boxes(cleared, 9)["first-pickups"].done


def test_volume_in_the_feed_ticks_and_falls_away_again() -> None:
    assert boxes(History(), 6, Actuals(fed(150, 1, 5)))["volume-agreed"].evidence == "150 a day on average, 150 agreed"
    assert not boxes(History(), 6, Actuals(fed(90, 1, 5)))["volume-agreed"].done


def test_a_change_of_stage_says_what_is_left_open() -> None:
    every = checklists(day(13, SEEN), SEEN)
    assert [one.box.key for one in left_open("setup", "implementation", every)] == ["timeline", "briefed"]
    assert {one.box.key for one in left_open("setup", "closed-won", every)} > {"timeline", "changes", "ramp-held"}
    assert left_open("implementation", "setup", every) == ()


def test_a_summary_of_a_rep() -> None:
    every = checklists(day(13, SEEN), SEEN)
    of = summary("U3", [(deal(), every), (deal(customer="Bo", stage="setup"), every)])
    assert (of.deals, of.boxes) == (2, 5 + 5 + 7 + 4 + 7)
    assert of.done == of.boxes - len(of.open)
    assert ("Bo", "timeline") in [(customer, box.key) for customer, box in of.open]
