"""Call, checklist and survey in words: within Slack's limits whatever names and words there are, and plain to read."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.deal import Call
from bot.playbook.clock.boxes import BOXES
from bot.playbook.clock.calls import brief
from bot.playbook.clock.checklists import checklists
from bot.playbook.clock.history import History, Tick
from bot.playbook.clock.survey import SCALES, Survey
from store.sources.values import Wrong, spoken_time
from templates.call_brief import brief_message
from templates.call_card import call_card, call_form, call_noted
from templates.check_form import check_form, check_saved
from templates.checklist import check_card, stage_message
from templates.draft_card import draft_card
from templates.drafts import TITLES, Prepared
from templates.milestone_card import milestone_card
from templates.survey import answer_form, answer_message, trend
from tests.clock.deals import day, deal, on
from tests.live.block_kit import mistakes, texts, view_mistakes

WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=2000)


@settings(max_examples=25, deadline=None)
@given(words=WORDS, score=st.integers(0, 10))
def test_everything_fits_and_pings_nobody(words: str, score: int) -> None:
    words = f"{words} <!channel> <@U1>"
    call, answer = Call(at=datetime(2026, 11, 5, 15, 0), title=words[-200:]), Survey("nps", score, on(3), words, words)
    made = [
        call_card(1, brief_message(brief(day(20, History()), call)), call),
        answer_message(words, answer, [answer] * 4, words),
        milestone_card(1, day(20, History()), [answer] * 9),
        *(draft_card(words, name, Prepared(words, words), f"1|{words}") for name in TITLES),
    ]
    for message in made:
        assert mistakes(message.blocks) == []
        shown = "\n".join(texts([block for block in message.blocks if block["type"] in ("section", "context")]))
        assert "<!channel>" not in shown
        assert "<@U1>" not in shown
    assert "<@U1>" not in call_noted(words, call, briefed=True, new=True)
    for view in (call_form(words, {}), *(answer_form(words, kind, on(3), {}) for kind in SCALES)):
        assert view_mistakes(view) == []


@pytest.mark.parametrize("ticked", [False, True])
def test_all_lists_fit_their_form_at_once(*, ticked: bool) -> None:
    ticks = tuple(Tick(box.key, on(1), True, "U3") for boxes in BOXES.values() for box in boxes) if ticked else ()
    history = History(ticks=ticks)
    lists = checklists(day(20, history), history)
    view = check_form(1, deal(), lists)
    assert view_mistakes(view) == []
    shown = "\n".join(texts(view["blocks"]))
    assert "Account manager introduced before the signature" in shown
    assert "at the latest on acceptance" in shown
    assert mistakes(check_card(1, deal(), lists).blocks) == []
    left = [box for one in lists for box in one.boxes]
    assert mistakes(stage_message(1, "🚚<&>*" * 40, "closed-won", left).blocks) == []
    assert view_mistakes(check_saved(deal(), lists, left)) == []


def test_the_trend_has_the_last_answers_of_each() -> None:
    answers = [
        Survey("nps", 6, date(2026, 3, 1)),
        Survey("nps", 7, date(2026, 6, 1)),
        Survey("survey", 4, on(30)),
        Survey("nps", 9, on(31)),
    ]
    assert trend(answers) == "Survey 4 of 5 (1 Dec), NPS 9 (2 Dec; before: 7 on 1 Jun, 6 on 1 Mar)"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("15:00", "15:00"),
        ("9:05", "09:05"),
        ("3 pm", "15:00"),
        ("3:30PM", "15:30"),
        ("12 am", "00:00"),
        ("12 p.m.", "12:00"),
        ("15.30", "15:30"),
    ],
)
def test_a_time_of_day_as_people_write_it(said: str, meant: str) -> None:
    assert spoken_time(said) == meant


@pytest.mark.parametrize("said", ["", "3", "24:00", "15:60", "0 am", "13 pm", "noonish", "3 xm", "٣ pm pm"])
def test_what_is_no_time_of_day(said: str) -> None:
    with pytest.raises(Wrong, match="not a time of day; write for instance 15:00 or 3 pm"):
        spoken_time(said)
