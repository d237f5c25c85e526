"""Drafts in every language: made from every situation without a gap, short, about this deal; the mail link and the calendar file."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import get_args
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.playbook.clock.history import Happened, History
from bot.playbook.clock.kinds import KINDS
from bot.playbook.clock.performance import Performance
from templates.dates_file import KINDS as IN_CALENDARS
from templates.dates_file import Entry, dates_file, entries
from templates.draft_facts import Draft, DraftOccasion
from templates.draft_samples import occasions
from templates.drafts import TITLES, WITHOUT_SUBJECT, Prepared, mailto, prepared
from templates.scripts import Scripts
from templates.shipped import sources
from templates.voice import Voice
from tests.clock.deals import WEEK, day, deal, on

NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)
ENGLISH = re.compile(r"\b(?:the|and|packages?|weeks?|you|from|agreed|November|Monday|Friday)\b", re.IGNORECASE)
OWN_WORDS = re.compile(r"weekly status|decision on a second dock door|on-time delivery of[^,.;]*|Northern Lakes.*?America|New York.*?area")
INNER = re.compile(r"white.?glove|red flag|objection|finding|scenario|escalat|enforce|stakeholder|jump.?in|contradict", re.IGNORECASE)


def test_every_draft_has_its_file_and_every_file_its_draft() -> None:
    for files in sources().values():
        assert {path.removeprefix("drafts/").removesuffix(".j2") for path in files if path.startswith("drafts/")} == set(TITLES)
    assert set(get_args(Draft)) == set(TITLES)
    assert {kind.draft for kind in KINDS if kind.draft} <= set(TITLES)


@pytest.mark.parametrize("language", sources())
@pytest.mark.parametrize("name", TITLES)
def test_drafts_are_short_and_clean_in_every_situation(language: str, name: Draft) -> None:
    for occasion in occasions():
        made = prepared(name, occasion, Scripts(Voice(language)))
        assert (made.subject is None) == (name in WITHOUT_SUBJECT)
        assert made.subject is None or ("\n" not in made.subject and len(made.subject) < 150)
        assert occasion.day.deal.customer in made.whole or name == "thank-and-expand"
        assert not re.search(r"None|  |\{|\}|Undefined", made.whole), made.whole
        assert not re.search(r"[?.!,;][A-Za-zÁÉÍÓÚáéíóú]| [.,;?:]|\.\.|,,|• .*• ", re.sub(r"\d[.,:]\d", "", made.whole)), made.whole
        assert not INNER.search(made.whole)
        assert len(made.text.split()) <= 150
        if language == "es":
            assert made.whole.count("¿") == made.whole.count("?")
            assert not ENGLISH.search(OWN_WORDS.sub("", made.whole)), made.whole


@pytest.mark.parametrize(("ahead", "invited"), [(3, "Friday, December 4"), (0, "Wednesday, December 2"), (-4, "Wednesday, December 2")])
def test_nobody_is_invited_to_a_day_that_has_begun(ahead: int, invited: str) -> None:
    today = date(2026, 12, 1)
    there = day((today - on(1)).days + 1, History(happened=WEEK))
    assert there.today == today
    text = prepared("review-30", DraftOccasion(there, Performance(None, None, None, None, 0), about=today + timedelta(days=ahead))).whole
    assert f"Would 45 minutes on {invited} work?" in text


def test_a_draft_has_this_deals_figures_and_people() -> None:
    [before, *_] = occasions()
    text = prepared("pre-kickoff", before).whole
    for part in (
        "Hi Dana",
        "150 packages a day (30% of the commitment)",
        "500 packages a day from Monday, November 16",
        "Ivan Petrov",
        "Ana Silva",
    ):
        assert part in text
    short = next(one for one in occasions() if one.day.number == 20 and one.figures.ramp)
    assert "Since Monday, November 16: 300 packages a day; agreed 500 packages a day" in prepared("performance-summary", short).text


def test_leadership_reads_at_most_ten_turns() -> None:
    for occasion in occasions():
        turns = [line for line in prepared("leadership", occasion).text.split("\n") if line.startswith("• ")]
        assert len(turns) == len(occasion.story) <= 10


def test_a_companys_own_draft_is_used(tmp_path: object) -> None:
    folder = tmp_path / "en" / "drafts"  # type: ignore[operator]
    folder.mkdir(parents=True)
    (folder / "nps.j2").write_text("{{ customer }}: 0-10?\n\n{{ hello }}, how likely?", encoding="utf-8")
    made = prepared("nps", occasions()[0], Scripts(folder=tmp_path))  # type: ignore[arg-type]
    assert made == Prepared("Acme Outfitters: 0-10?", "Hi Dana, how likely?")


@given(st.text(max_size=300), st.text(max_size=3000))
def test_a_mail_link_opens_as_it_was_written(subject: str, text: str) -> None:
    clean = "".join(character for character in text if character.isprintable() or character == "\n").replace("\r", "")
    link = mailto(Prepared(subject, clean), "dana@acme.example")
    assert link.startswith("mailto:dana@acme.example?subject=")
    assert not re.search(r"[\s<>|]", link)
    fields = parse_qs(urlsplit(link).query, keep_blank_values=True)
    assert fields["subject"] == [subject]
    assert fields.get("body", [clean.replace("\n", "\r\n")]) == [clean.replace("\n", "\r\n")]
    assert "body" in fields or len(link) > 0


def test_a_text_too_long_for_a_link_is_left_out_of_it() -> None:
    assert "body=" not in mailto(Prepared("s", "word " * 1000))
    assert "body=a%0D%0Ab" in mailto(Prepared("s", "a\nb"))


def test_a_calendar_entry_keeps_its_id_and_counts_its_changes() -> None:
    line = day(3, History(happened=WEEK)).line
    first = entries(line, {}, on(3))
    assert {one.kind for one in line if one.key in first} == set(IN_CALENDARS)
    late = day(9, History(happened=(Happened("pickup", on(8)),))).line
    moved = entries(late, first, on(9))
    assert (first["ramp-day"], moved["ramp-day"]) == (Entry(date(2026, 11, 16), 0), Entry(date(2026, 11, 23), 1))
    assert entries(late, moved, on(9)) == moved, "what has not moved is no change"
    calendars = [Calendar.from_ical(dates_file("7", deal().customer, of, given, NOW)) for of, given in ((line, first), (late, moved))]
    found = [{str(event["UID"]): event for event in one.walk("VEVENT")} for one in calendars]
    assert set(found[0]) == set(found[1]) == {f"deal-7-{key}@jump-in" for key in first}
    ramp = [one["deal-7-ramp-day@jump-in"] for one in found]
    assert [(int(one["SEQUENCE"]), one["DTSTART"].dt) for one in ramp] == [(0, date(2026, 11, 16)), (1, date(2026, 11, 23))]
    assert [one["DTEND"].dt - one["DTSTART"].dt for one in ramp] == [timedelta(days=1)] * 2
    assert str(ramp[0]["SUMMARY"]) == "Acme Outfitters: Ramp day"
    assert [event.errors for event in found[0].values()] == [[]] * len(found[0])


def test_a_date_that_is_gone_is_taken_back_once_and_can_come_again() -> None:
    line = day(3, History(happened=WEEK)).line
    first = entries(line, {}, on(3))
    without = tuple(one for one in line if one.key != "monthly-review-2")
    gone = entries(without, first, on(3))
    assert gone["monthly-review-2"] == Entry(first["monthly-review-2"].day, 1, cancelled=True)
    assert entries(without, gone, on(4)) == gone, "what was taken back is no change"
    assert entries(without, first, first["monthly-review-2"].day + timedelta(days=1)).keys() == first.keys() - {"monthly-review-2"}
    [event] = [
        one
        for one in Calendar.from_ical(dates_file("7", "Acme", without, gone, NOW)).walk("VEVENT")
        if one["UID"] == "deal-7-monthly-review-2@jump-in"
    ]
    assert (str(event["STATUS"]), int(event["SEQUENCE"])) == ("CANCELLED", 1)
    assert str(event["SUMMARY"]) == next(f"Acme: {one.title}" for one in line if one.key == "monthly-review-2")
    assert entries(line, gone, on(4))["monthly-review-2"] == Entry(first["monthly-review-2"].day, 2)
