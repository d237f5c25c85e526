"""Judging by hand: keys in, answers kept at once, examples and what they suggest out."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from rich.console import Console

from bot.backtest.hits import Hit
from bot.backtest.judged import examples, for_judging
from bot.backtest.kept import Kept
from bot.backtest.precision import precision
from bot.commands.judging import ask
from bot.playbook.by_hand import entry_of
from tests.backtest.test_bell import BAIT, ZONE, hit
from tests.backtest.test_gaps import DEAL


def some(count: int = 4) -> list[Hit]:
    """Direct messages, one a day, each in a message of its own."""
    made = [replace(hit(number, f"2026-11-{number:02}T15:00", BAIT), came="dm") for number in range(2, 2 + count)]
    return [replace(one, heard=(entry_of(one.finding),)) for one in made]


def press(kept: Kept, hits: list[Hit], keys: str) -> tuple[int, str]:
    """Answers given, and all that was shown."""
    console = Console(file=io.StringIO(), width=90)
    waiting: Iterator[str] = iter(keys)
    answers = ask(kept, hits, console, lambda: next(waiting))
    assert next(waiting, None) is None
    assert isinstance(console.file, io.StringIO)
    return answers, console.file.getvalue()


def test_every_answer_is_kept_and_the_next_time_goes_on(tmp_path: Path) -> None:
    hits = some()
    answers, seen = press(Kept(tmp_path), hits, "ynq")
    assert (answers, Kept(tmp_path).judged()) == (2, {"2": "useful", "3": "not"})
    assert "1 of 4" in seen
    assert "3 of 4" in seen
    assert "[y] useful" in seen
    answers, seen = press(Kept(tmp_path), hits, "?xsY")
    assert (answers, Kept(tmp_path).judged()) == (2, {"2": "useful", "3": "not", "4": "skip", "5": "useful"})
    assert "1 of 4" not in seen
    assert "All of them are judged." in seen


def test_back_changes_an_answer(tmp_path: Path) -> None:
    answers, seen = press(Kept(tmp_path), some(), "ybnq")
    assert (answers, Kept(tmp_path).judged()) == (2, {"2": "not"})
    assert "judged before: useful" in seen


def test_an_interrupt_is_quit_and_nothing_to_judge_is_said(tmp_path: Path) -> None:
    assert press(Kept(tmp_path), some(), "\x03")[0] == 0
    assert "nothing to judge" in press(Kept(tmp_path), [], "")[1]


def test_a_line_cut_off_by_a_crash_costs_only_itself(tmp_path: Path) -> None:
    hits = some()
    press(Kept(tmp_path), hits, "yyq")
    file = tmp_path / "judged.jsonl"
    file.write_bytes(file.read_bytes()[:-5])
    assert Kept(tmp_path).judged() == {"2": "useful"}
    Kept(tmp_path).judge(hits[1], "not")
    assert Kept(tmp_path).judged() == {"2": "useful", "3": "not"}
    assert (file.stat().st_mode & 0o077) == 0


def test_direct_messages_come_first() -> None:
    waits, told, sign = (replace(one, came=came) for one, came in zip(some(3), ("digest", "dm", "signal"), strict=True))
    assert for_judging([waits, told, sign]) == [told, waits]


def test_examples_hold_what_is_right_and_leave_out_what_is_open() -> None:
    useful, wrong, skipped, fresh = some()
    found = examples([useful, wrong, skipped, fresh], {"2": "useful", "3": "not", "4": "skip"}, [DEAL], ZONE)
    assert [(talk["id"], talk["medium"], talk["deal"]["customer"]) for talk in found] == [("b-001", "slack", "Acme")]
    first, second = found[0]["messages"]
    assert first["expect"] == [{"scenario": "volume-bait-and-switch", "said_per_day": [15, 15]}]
    assert (first["n"], first["at"], first["speaker"], first["side"]) == (1, "2026-11-02T10:00:00", "U1", "customer")
    assert "expect" not in second


def test_a_message_with_two_findings_is_an_example_once_both_are_judged() -> None:
    one = some(1)[0]
    other = replace(one, id="other", finding=replace(one.finding, scenario="wait-and-see", said_per_day=None))
    heard = (entry_of(one.finding), entry_of(other.finding))
    both = [replace(one, heard=heard), replace(other, heard=heard)]
    assert examples(both, {"2": "useful"}, [DEAL], ZONE) == []
    (talk,) = examples(both, {"2": "useful", "other": "not"}, [DEAL], ZONE)
    assert talk["messages"][0]["expect"] == [heard[0]]


def test_precision_suggests_a_bar_where_one_helps() -> None:
    hits = [replace(one, finding=replace(one.finding, sure=0.5 + 0.02 * number)) for number, one in enumerate(some(20))]
    judged = {one.id: "useful" if one.finding.sure >= 0.7 else "not" for one in hits}
    (found,) = precision(hits, judged)
    assert (found.judged.useful, found.judged.decided, found.rests) == (10, 20, True)
    assert found.bar is not None
    assert (found.above.percent >= 85, found.below.useful) == (True, 0)
    assert precision(hits, {one.id: "useful" for one in hits})[0].bar is None
    assert precision(hits, {}) == []


def test_days_are_the_customers_own() -> None:
    assert hit(1, "2026-11-03T03:00", BAIT).day == date(2026, 11, 2)
