"""The one path for what is said: it never stumbles over a text, keeps the context, and knows when not to listen."""

from __future__ import annotations

from datetime import datetime, timedelta
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ears import KEPT, Hearing, Talk, hear, vocabulary
from bot.language.model.guess import OTHER_TALK
from bot.language.statement import Side, Utterance
from tests.bench.talk import ordinary
from tests.said.sayings import standard_deal

AT = datetime(2026, 11, 5, 10, 0)
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1))
WORDS = """15 150 1.5 1,200 1/2 10% $4.85 16:00 Nov 16 Monday a the half third dozen hundred couple few to - – or and per / x ~ + ( ) , . ?
    day week month year packages boxes lb zone test ramp volume start with we'll only not sorry no wait if FedEx last next today
    BOL 1Z999AA10123456784 minus -5 0 ½ ١٥ １５ 1e9 NaN inf 150/day 10-15 15-10 2026-11-31 31/31 25:99"""
PIECES = st.sampled_from(WORDS.split())
NASTY = {
    "ones": "1,1,1," * 6_700,
    "one comma": "1," * 20_000,
    "one word": "9" * 40_000,
    "a chain of halves": "half of " * 5_000,
    "rates": "15 a day " * 4_500,
    "ranges": "10-" * 13_000,
    "numbers in words": "one hundred thousand " * 2_000,
    "impossible days": "31/31/9999 99:99 2026-02-30 " * 1_700,
    "huge": "999999999999999999999999999999999999999 a day 1e999 a day " * 200,
    "division": "1/0 a day, 0/0 of our volume, 0-0",
    "brackets": "(" * 20_000 + ")" * 20_000,
    "blanks": " \t" * 20_000,
    "lines": "\n" * 40_000,
    "right to left": "\u202e150 a day\u202c \u05e9\u05dc\u05d5\u05dd 15 \u05d7\u05d1\u05d9\u05dc\u05d5\u05ea \u0661\u0665",
    "zero width": "1\u200b5\u2060 a\ufeff d\u200day\u00ad",
    "emoji only": "\U0001f602\U0001f923\U0001f44d\U0001f3fd\u200d" * 3_000,
    "control characters": "".join(map(chr, range(32))) * 200 + "\x7f\x80\x9f",
    "half a character": "\ud800 15 a day \udfff",
    "digits of many kinds": "\u00b2\u00b3\u00bd \u2167 \uff11\uff15 a day \U0001d7d9\U0001d7dd per day",
    "settings set as code": "```\n" + ("w_" * 40 + "\n") * 100 + "```",
    "logs set as code": "```\n" + ("at " + "a." * 40 + "\n" + "2026-11-05 " * 8 + "\n") * 40 + "```",
    "backticks": "`" * 9_000,
    "struck and struck": "~a" * 4_900,
    "a long blank": "15 boxes a day" + " " * 9_000 + "and 20 boxes a day",
    "a long log": "15 a day\n```\nERROR " + "x" * 9_000 + "\n```\n20 a day",
    "struck between figures": "15 boxes " + ("~" + "x" * 290 + "~ 20 boxes ") * 10,
    "tracking numbers run together": '1Z999AA10123456784Z999AA1012345678ext: "' * 200,
    "quoted and quoted": "> a\nb\n" * 1_600,
    "nothing": "",
}


def said(text: str, key: str = "1", *, side: Side = "customer", thread: str | None = None, minute: int = 0) -> Utterance:
    return Utterance(text, side, "U1", AT + timedelta(minutes=minute), key, thread)


def heard(text: str, *, side: Side = "customer", at: datetime | None = AT) -> Hearing:
    return hear(standard_deal(), Talk(), Utterance(text, side, "U1", at, "1"), thorough=True)


@given(st.text(max_size=400))
def test_any_text_is_heard(text: str) -> None:
    hearing = heard(text)
    assert all(0 <= quantity.start < quantity.end <= len(text) for quantity in hearing.reading.quantities)
    assert hearing.silent is None


@given(st.lists(PIECES, max_size=25).map(" ".join), st.lists(PIECES, max_size=10).map(" ".join), TIMES)
def test_any_talk_of_figures_is_heard(text: str, question: str, at: datetime) -> None:
    talk = Talk()
    hear(standard_deal(), talk, Utterance(question, "implementation", "U2", at, "0"))
    for finding in hear(standard_deal(), talk, Utterance(text, "customer", "U1", at, "1")).findings:
        assert finding.quote in text
        assert finding.said_per_day is None or 0 <= finding.said_per_day[0] <= finding.said_per_day[1]
        assert 0 < finding.sure <= 1


@pytest.mark.parametrize("name", sorted(NASTY))
def test_a_nasty_text_is_heard_soon(name: str) -> None:
    begun = process_time()
    heard(NASTY[name])
    assert process_time() - begun < 2


@pytest.mark.parametrize("text", ["see you on Feb 30", "on 2/29 then"])
def test_a_day_that_no_year_nearby_has_takes_nothing_from_the_rest(text: str) -> None:
    (finding,) = heard(f"we'll start with 20 packages a day, {text}").findings
    assert finding.said_per_day == (20, 20)


def test_a_message_without_a_time_is_heard() -> None:
    assert heard("we'll start with 20 packages a day", at=None).silent is None


@given(st.text(max_size=60))
def test_our_own_side_is_never_judged(text: str) -> None:
    assert heard(text, side="own") == Hearing(heard("", side="own").reading, silent="own-side")


def test_standard_coverage_is_context_only() -> None:
    deal = standard_deal().model_copy(update={"coverage": "standard"})
    talk = Talk()
    assert hear(deal, talk, said("we'll start with 20 packages a day")).silent == "standard-coverage"
    assert [utterance.key for utterance in talk.before(said("ok", "2"))] == ["1"]


def test_a_talk_keeps_the_last_utterances_in_order() -> None:
    talk = Talk()
    for number in range(KEPT + 5):
        talk.add(said("hi", str(number)))
    assert [utterance.key for utterance in talk.before(said("ok", "new"))] == [str(number) for number in range(5, KEPT + 5)]


def test_an_edit_takes_the_place_of_its_message() -> None:
    talk = Talk()
    for key in ("1", "2", "3"):
        talk.add(said("hi", key))
    talk.add(said("hello", "2"))
    assert [(utterance.key, utterance.text) for utterance in talk.before(said("ok", "4"))] == [("1", "hi"), ("2", "hello"), ("3", "hi")]
    assert [utterance.key for utterance in talk.before(said("hello again", "2"))] == ["1"]


def test_a_deleted_message_is_forgotten() -> None:
    talk = Talk()
    talk.add(said("hi", "1"))
    talk.forget("1")
    talk.forget("unknown")
    assert talk.before(said("ok", "2")) == ()


KEYS = st.integers(0, 9).map(str)


@given(st.lists(st.tuples(KEYS, st.none() | KEYS), max_size=60), st.tuples(KEYS, st.none() | KEYS), st.integers(1, 15))
def test_lately_is_the_end_of_before(told: list[tuple[str, str | None]], last: tuple[str, str | None], most: int) -> None:
    talk = Talk()
    for number, (key, thread) in enumerate(told):
        talk.add(said(str(number), key if number % 3 else f"{key}-{number}", thread=thread))
    now = said("now", last[0], thread=last[1])
    assert talk.lately(now, most) == talk.before(now)[-most:]


def test_a_thread_has_its_parent_and_replies_in_mind() -> None:
    talk = Talk()
    for utterance in (said("how many?", "1"), said("other", "2"), said("reply", "3", thread="1"), said("elsewhere", "4", thread="2")):
        talk.add(utterance)
    assert [utterance.key for utterance in talk.before(said("15", "5", thread="1"))] == ["1", "3"]


def test_a_bare_number_answers_what_was_asked() -> None:
    talk = Talk()
    hear(standard_deal(), talk, said("How many dock doors do you have?", "1", side="implementation"))
    assert hear(standard_deal(), talk, said("yep, 15", "2", minute=1)).findings == ()


def test_the_vocabulary_is_the_deals_own() -> None:
    words = vocabulary(standard_deal())
    assert (words.test_per_day, words.committed_per_day, words.annual, words.shipping_days_per_week) == (150, 500, 130_000, 5)
    assert words.services == ("Expedited", "Expedited", "Expedited")
    assert words.lanes == ("Northeast", "New York tri-state")


def test_what_is_passed_over_as_other_talk_would_have_raised_nothing() -> None:
    passed = 0
    for lines in [*ordinary()][::15]:
        quick, thorough, deal = Talk(), Talk(), standard_deal()
        for number, text in enumerate([*lines[:40], "let's start with 15 packages a day", *lines[:5]]):
            one = said(text, str(number), minute=number)
            hasty, whole = hear(deal, quick, one), hear(deal, thorough, one, thorough=True)
            assert hasty.findings == whole.findings
            passed += hasty.reading is OTHER_TALK
    assert passed > 200


@pytest.mark.parametrize(
    ("text", "raised"),
    [
        ("> let's start with 15 a day\nno, we agreed 150", None),
        ("Hi Dana,\n\n> we'd start with 15 a day\n\nThat isn't what the agreement says, it is 150.", None),
        ("> we'd start with 15 a day\nThat isn't what the agreement says.\n> 10 or so in the first week\nNo. All of it.", None),
        ("> can we do 150 a day from Monday?\nmore like 15 to be honest", (15, 15)),
        ("> let's start with 15 a day", (15, 15)),
        ("> let's start with 15 a day\n+1", (15, 15)),
        ("> let's start with 15 a day\nyes please", (15, 15)),
        ("> let's start with 15 a day\nFYI from our dock", (15, 15)),
        ("Our COO wrote this:\n> we start with 15 a day\nPlease plan for it.", (15, 15)),
    ],
)
def test_quoted_lines_that_are_answered_are_somebody_elses(text: str, raised: tuple[int, int] | None) -> None:
    low = [one for one in heard(text).findings if one.scenario in ("volume-bait-and-switch", "start-small-and-ramp")]
    assert [one.said_per_day for one in low] == ([raised] if raised else [])


def test_what_was_answered_is_not_remembered_as_the_speakers_words() -> None:
    talk = Talk()
    talk.add(said("> we start with 15 a day\nno, all of it", "1"))
    assert [one.text for one in talk.before(said("ok", "2"))] == ["no, all of it"]


def test_places_in_a_text_with_quoted_lines_stay() -> None:
    text = "> let's start with 150 a day\nwe'll do 15 a day"
    (quantity,) = heard(text).reading.quantities
    assert text[quantity.start : quantity.end] == quantity.span == "15 a day"


@pytest.mark.parametrize("text", ["let's start with `15` a day", "for now we will ship `15/day`", "we start with ```15``` a day"])
def test_a_figure_set_as_code_is_heard(text: str) -> None:
    assert [one.said_per_day for one in heard(text).findings] == [(15, 15)]


@pytest.mark.parametrize(
    "log",
    [
        "2026-11-05 09:12:44 INFO start with 15 packages a day",
        "ERROR planner: we start with 15 packages a day instead of 150",
        '{"plan": "start with 15 packages a day"}',
        "09:12:44 worker said: start with 15 packages a day\n09:12:45 we start with 12 a day\ndone",
        "max_parcels_per_day = 15\nstart_with: 15",
    ],
)
def test_a_log_set_as_code_is_nobodys_words(log: str) -> None:
    assert not heard(f"the planner prints this, is that ok?\n```\n{log}\n```").findings
    assert not heard(f"```{log}```").findings


def test_a_table_set_as_code_is_heard() -> None:
    found = heard("Counts this week:\n```\nMon  61\nTue  74\nWed  58\n```").findings
    assert [one.scenario for one in found] == ["volume-gap"]
