"""What a report finds in a call besides the findings: promises, days, open questions, strangers, and what was due."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bot.calls.belongs import belongs
from bot.calls.due import not_said
from bot.calls.next_steps import next_dates, promises
from bot.calls.questions import left_open
from bot.speakers import Face, Speaker, faces
from tests.calls.talk import DEAL, STARTS, lines

DAY = STARTS.date()


@pytest.mark.parametrize(
    ("said", "action", "by"),
    [
        ("I'll send you the label templates by Tuesday.", "send you the label templates by Tuesday", date(2026, 11, 17)),
        ("We're gonna set up the scanner for Maria.", "set up the scanner for Maria", None),
        ("Let me come back to you by Wednesday on that.", "come back to you by Wednesday on that", date(2026, 11, 18)),
        ("So I will just quickly email finance today.", "email finance today", None),
        ("I'll get back to you.", None, None),
        ("Let me check on that.", None, None),
        ("Will you send the file?", None, None),
        ("I'll be honest with you.", None, None),
        ("We'll see how it goes.", None, None),
        ("They said I'd send it.", None, None),
    ],
)
def test_promises(said: str, action: str | None, by: date | None) -> None:
    made = promises(lines(f"Ivan Petrov: {said}"), DAY)
    assert [(one.action, one.by) for one in made] == ([(action, by)] if action else [])


def test_days_named_are_ahead_and_told_once() -> None:
    talk = lines(
        "Dana Ortiz: We decide on November 20.",
        "Ivan Petrov: The first truck came on November 2.",
        "Dana Ortiz: Shall we talk next Thursday?",
        "Ivan Petrov: Let's meet again on November 20 at ten.",
    )
    assert [(one.day, one.said) for one in next_dates(talk, DAY)] == [(date(2026, 11, 20), "Let's meet again on November 20 at ten")]


@pytest.mark.parametrize(
    ("said", "days"),
    [
        (["Riley Chen: Shall we meet again next Thursday at ten?", "Dana Ortiz: Works for me."], [date(2026, 11, 19)]),
        (["Riley Chen: Shall we meet again next Thursday at ten?", "Riley Chen: Or later?", "Dana Ortiz: Sure."], [date(2026, 11, 19)]),
        (["Riley Chen: Shall we meet again next Thursday at ten?", "Dana Ortiz: Sure, but not on Thursday."], []),
        (["Riley Chen: Shall we meet again next Thursday at ten?", "Riley Chen: Yes."], []),
        (["Riley Chen: Shall we meet again next Thursday at ten?"], []),
        (["Ivan Petrov: The first pickup went out on Monday at four."], []),
        (["Ivan Petrov: The truck came Monday, and we start the ramp next Wednesday."], [date(2026, 11, 16), date(2026, 11, 18)]),
        (["Ivan Petrov: The kickoff was moved to Monday."], [date(2026, 11, 16)]),
        (["Ivan Petrov: We meet on Monday."], [date(2026, 11, 16)]),
    ],
)
def test_a_day_counts_where_it_lies_ahead_and_somebody_agrees(said: list[str], days: list[date]) -> None:
    assert [one.day for one in next_dates(lines(*said), DAY)] == days


@pytest.mark.parametrize(
    ("replies", "left"),
    [
        (["Dana Ortiz: About five hundred."], False),
        (["Dana Ortiz: The weather is nice today."], True),
        (["Dana Ortiz: I'd have to ask Priya."], True),
        (["Dana Ortiz: Hold on. 500, I think."], False),
        ([], True),
        (["Riley Chen: Are you there?", "Dana Ortiz: Yes, 500."], False),
    ],
)
def test_questions_left_open(replies: list[str], left: bool) -> None:
    talk = lines("Riley Chen: How many packages a day will you ship next week?", *replies)
    assert bool(left_open(talk)) is left


@pytest.mark.parametrize("said", ["Can everybody hear me okay?", "How are you all doing?", "Right?", "Any other questions?"])
def test_small_talk_is_no_question(said: str) -> None:
    assert left_open(lines(f"Riley Chen: {said}")) == ()


def _unsaid(day: datetime, *said: str) -> tuple[str, ...]:
    return not_said(lines(*said, starts=day), DEAL, day.date(), dated=False)


def test_what_was_due_by_phase() -> None:
    before, middle, end, after = (datetime(2026, month, day, 10) for month, day in ((10, 29), (11, 4), (11, 13), (12, 1)))
    assert _unsaid(datetime(2026, 9, 1, 10), "Dana Ortiz: hello") == ("next-step",)
    assert _unsaid(before, "Dana Ortiz: hello") == ("test-volume", "test-start", "pickup", "next-step")
    assert _unsaid(before, "Dana Ortiz: We start Monday with 150, driver at four.") == ("next-step",)
    assert _unsaid(middle, "Dana Ortiz: hello") == ("actual-volume", "next-step")
    assert _unsaid(end, "Dana Ortiz: hello") == ("actual-volume", "criteria", "ramp", "next-step")
    assert _unsaid(end, "Dana Ortiz: We did 150 a day, transit was fine.") == ("ramp", "next-step")
    assert _unsaid(end, "Dana Ortiz: On Monday we go to five hundred.", "Ivan Petrov: Billing is good.")[:1] == ("actual-volume",)
    assert _unsaid(after, "Dana Ortiz: hello") == ("actual-volume", "ramp", "next-step")


def _seen(*names: str) -> list[Face]:
    return list(faces(DEAL, map(Speaker, names)).values())


def test_whether_a_call_is_of_the_deal() -> None:
    talk = ["The driver comes at four.", "We ship 150 a day."]
    others = ["Northwind Traders", "Blue Harbor"]
    assert not belongs(DEAL, "call", talk, _seen("Dana Ortiz", "Riley Chen"), others).asks
    assert not belongs(DEAL, "Acme weekly", talk, _seen("Riley Chen"), others).asks
    assert not belongs(DEAL, "call", ["Welcome to the Acme call"], (), others).asks
    assert not belongs(DEAL, "call", talk, _seen("Dana", "Riley Chen")).asks
    assert not belongs(DEAL, "call", talk, _seen("Lee (Acme)", "Riley Chen")).asks
    assert belongs(DEAL, "call", talk, _seen("Riley Chen", "Ivan Petrov", "Lee")).doubt == "nobody-known"
    assert belongs(DEAL, "call", talk, ()).doubt == "no-names"
    wrong = belongs(DEAL, "Northwind kickoff", talk, _seen("Riley Chen", "Dana"), others)
    assert (wrong.doubt, wrong.other) == ("another-customer", "Northwind Traders")
    assert belongs(DEAL, "call", ["So the Northwind test starts"], _seen("Lee (Northwind)"), others).doubt == "another-customer"
    assert not belongs(DEAL, "call", ["like at Northwind"], _seen("Dana Ortiz"), others).asks
    brand = DEAL.model_copy(update={"brands": ("Peak Gear",)})
    assert not belongs(brand, "Peak Gear weekly", talk, _seen("Riley Chen")).asks
    assert belongs(DEAL, "call", ["The fork choice is merged."] * 50, _seen("Dana")).doubt == "not-about-shipping"
