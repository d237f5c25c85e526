"""The report of a call as a message: within Slack's limits whatever was said, harmless, and its notes ready to send."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calls.line import Line
from bot.calls.report import CallReport, report
from bot.playbook.finding import Finding
from bot.playbook.scenarios import FINDINGS, SIGNALS, SUBJECTS
from bot.speakers import Speaker, faces
from templates.call import CallView, call_report, parts
from templates.scripts import Scripts
from templates.shipped import sources
from templates.voice import TONES, Voice
from tests.calls.talk import DEAL, STARTS
from tests.live.block_kit import mistakes, texts
from tests.templates.samples import bare, deal, finding

DAY = date(2026, 11, 4)
VOICES = [Voice(language, tone, length) for language in sources() for tone in TONES for length in ("long", "short")]
ENGLISH = re.compile(r"\b(?:the|and|packages?|weeks?|you|from|agreed|call|Monday|Friday)\b", re.IGNORECASE)


def _line(n: int, text: str, *findings: Finding, name: str | None = "Dana Ortiz") -> Line:
    return Line(str(n), text, "customer", name, at=STARTS + timedelta(seconds=n), moment=f"0:{n:02d}", findings=findings)


def _view(made: CallReport) -> CallView:
    return CallView("call", made, deal(), DAY)


@pytest.mark.parametrize("voice", VOICES, ids=lambda voice: f"{voice.language}-{voice.tone}-{voice.length}")
def test_notes_are_clean_in_every_voice(voice: Voice) -> None:
    scripts = Scripts(voice)
    for scenario in FINDINGS:
        for of in (deal(), bare()):
            for subject in SUBJECTS if scenario == "contradiction" else (None,):
                for said, side in ((None, "customer"), ((10.0, 15.0), "implementation")):
                    what = finding(scenario, side=side, subject=subject, said_per_day=said, said="four weeks" if subject else None)
                    note = scripts.note([what], of, "Dana Ortiz", DAY, DAY)
                    assert note.count("\n\n") >= 1
                    assert len(note.split()) <= 130, note
                    assert not re.search(
                        r"None|  |\{|\}|Undefined|[?.!,;:][A-Za-zÁÉÍÓÚáéíóú]| [.,;?:]|\.\.|,,", re.sub(r"\d[.,:]\d", "", note)
                    ), note
                    if voice.language == "es":
                        assert not ENGLISH.search(re.sub(r"\(.*?\)|four weeks|New York.*?area|Expedited|Ground|Best,", "", note)), note


@pytest.mark.parametrize("scenario", SIGNALS)
def test_a_signal_needs_no_note(scenario: str) -> None:
    assert Scripts().note([finding(scenario)], deal(), "Dana", DAY, DAY) == ""


@pytest.mark.parametrize(
    ("today", "said"), [(DAY, "today"), (DAY + timedelta(days=1), "yesterday"), (DAY + timedelta(days=5), "on Wednesday, November 4")]
)
def test_a_note_says_when_the_call_was(today: date, said: str) -> None:
    assert f"thanks for the call {said}." in Scripts().note([finding("wait-and-see")], deal(), "Dana", DAY, today)


def test_the_email_says_each_thing_once_and_nothing_unsure() -> None:
    volume = finding("volume-bait-and-switch", said_per_day=(15.0, 15.0), quote="fifteen a day")
    unsure = finding("strategic-question", urgency="digest", quote="why do we do this with the packages")
    talk = [
        _line(0, "We'd do fifteen a day.", volume),
        _line(1, "Really fifteen a day.", volume),
        _line(2, "why do we do this with the packages and the truck", unsure),
        _line(3, "I'll check with our warehouse by Friday."),
    ]
    made = report(talk, deal(), tuple(faces(deal(), [Speaker("Dana Ortiz"), Speaker("Conf Room 4B")]).values()), DAY)
    *_, last = parts(_view(made))
    assert last.copy.startswith("Hi Dana,\n\nthanks for the call today.")
    assert last.copy.count("15 packages a day came up") == 1
    assert "right step at all" not in last.copy
    assert "- Dana will check with your warehouse by Friday" in last.copy
    assert last.copy.endswith("Best,\n\nRiley")
    assert any(part.heading == "Worth a look" for part in parts(_view(made)))


def test_who_writes_the_email_says_i_of_what_they_promised() -> None:
    riley, ivan = deal().people[2], deal().people[1]
    talk = [
        Line("0", "I'll check that with my boss and come back to you by Friday.", "own", riley.name, riley, at=STARTS, moment="0:00"),
        Line("1", "I'll send the labels by Friday.", "implementation", ivan.name, ivan, at=STARTS, moment="0:09"),
    ]
    made = report(talk, deal(), tuple(faces(deal(), [Speaker("Riley Chen"), Speaker("Ivan Petrov")]).values()), DAY)
    *_, last = parts(_view(made))
    assert "- I will check that with my boss and come back to you by Friday" in last.copy
    assert "- Ivan will send the labels by Friday" in last.copy


def test_a_quiet_call_is_short() -> None:
    message = call_report(_view(report([_line(0, "See you.")], DEAL, (), DAY)))
    assert message.text == "Call with Acme Outfitters, 4 Nov: nothing to set right"
    assert len(message.blocks) <= 5


WORDS = st.text(max_size=80) | st.sampled_from(
    [
        "<!channel> *now*",
        "x" * 3_000,
        "@here <http://x.test|y>",
        "I'll send you <@U1> by Friday.",
        "How many a day are you sure?",
        "\u202eabc",
    ]
)
FOUND = st.builds(
    finding,
    st.sampled_from([*FINDINGS, *SIGNALS]),
    urgency=st.sampled_from(["now", "digest", "log"]),
    quote=WORDS,
    subject=st.sampled_from([None, *SUBJECTS]),
    said_per_day=st.sampled_from([None, (15.0, 15.0), (1e12, 2e12)]),
)


@settings(max_examples=25)
@given(st.lists(st.tuples(WORDS, st.lists(FOUND, max_size=3), WORDS | st.none()), max_size=40), WORDS)
def test_any_call_fits_in_one_message_and_pings_nobody(said: list[tuple[str, list[Finding], str | None]], name: str) -> None:
    talk = [_line(n, text, *found, name=who) for n, (text, found, who) in enumerate(said)]
    seen = faces(DEAL, [Speaker(name), *(Speaker(who) for _, _, who in said if who)])
    message = call_report(_view(report(talk, DEAL, tuple(seen.values()), DAY)))
    assert mistakes(message.blocks) == []
    read_as_markup = [block for block in message.blocks if block["type"] in ("section", "context")]
    assert not any(ping in text for text in (message.text, *texts(read_as_markup)) for ping in ("<!", "<@", "<http"))
    assert len(message.text) < 3_000


def test_what_two_quotes_of_a_turn_share_is_said_once() -> None:
    said = "We'd rather start with fifteen, maybe twenty a day for the first weeks and see how it goes, I think, let's wait."
    first = finding("start-small-and-ramp", quote="rather start with fifteen, maybe twenty a day")
    then, last = finding("wait-and-see", quote="maybe twenty a day for the first weeks"), finding("not-ramping", quote="let's wait.")
    view = _view(report([_line(1, said, first, then, last)], deal(), (), DAY))
    [point] = [part for part in parts(view) if part.heading.startswith("1. ")]
    assert point.quote == "rather start with fifteen, maybe twenty a day for the first weeks … let's wait."


def test_what_is_worth_a_look_says_which_term() -> None:
    doubted = finding("contradiction", subject="pickup", said="17:00", agreed="16:00", quote="pickup is at 5", urgency="digest")
    talk = [_line(0, "The packages and the driver are fine."), _line(1, "The pickup is at 5 for the packages.", doubted)]
    [look] = [part for part in parts(_view(report(talk, deal(), (), DAY))) if part.heading == "Worth a look"]
    assert "17:00 said" in look.told[0]
    assert "16:00 agreed" in look.told[0]
