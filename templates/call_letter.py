"""The draft of a follow-up email after a call, to the customer's people who were on it."""

from __future__ import annotations

import re
from datetime import date

from bot.calls.next_steps import Promise
from bot.calls.report import CallReport, Point
from bot.deal import Deal, Person
from bot.speakers import Face
from templates.facts import first_name
from templates.language import Language
from templates.letter import Letter
from templates.quote import clean
from templates.scripts import Scripts

MOST_POINTS = 4
"""Points in one email; more of them are for a call."""

_TO_THEM = {
    "you": "us",
    "your": "our",
    "yours": "ours",
    "my": "your",
    "me": "you",
    "we": "you",
    "us": "you",
    "our": "your",
    "ours": "yours",
}
_TO_US = {"my": "our", "me": "us"}
_PRONOUNS = re.compile(r"\b(?:yours?|you|my|me|we|us|ours?)\b", re.IGNORECASE)
_WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)


def letter(report: CallReport, deal: Deal, today: date, scripts: Scripts) -> str:
    """The email as text, in the scripts' language and tone; nothing that is unsure stands in it."""
    words = scripts.words()
    names = [
        name for voice in report.voices if _theirs(voice.face.role) and not voice.face.shared and (name := first_name(_called(voice.face)))
    ]
    rep = next((person for person in deal.people if person.role == "rep"), None)
    made = Letter(
        hello=words.hello(words.listed(names[:4]) if names else None),
        points=tuple(scripts.point(point.finding, deal, point.line.name, today) for point in _to_settle(report)),
        confirmed=tuple({point.finding.scenario: one for point in report.confirmed if (one := _confirmed(point, deal, words))}.values()),
        steps=tuple(_step(promise, words, rep) for promise in report.promises if promise.line.name),
        questions=tuple(clean(question.asked, 200) for question in report.questions if question.line.ours),
        rep=first_name(rep.name if rep else None),
    )
    return scripts.email(deal, made, report.day, today)


def _called(face: Face) -> str:
    return face.person.name if face.person else face.speaker.name


def _theirs(role: str | None) -> bool:
    return role in ("customer", "guest")


def _to_settle(report: CallReport) -> list[Point]:
    """The points, the first of each kind: an email says a thing once."""
    first: dict[tuple[str, str | None], Point] = {}
    for point in report.points:
        first.setdefault((point.finding.scenario, point.finding.subject), point)
    return list(first.values())[:MOST_POINTS]


def _confirmed(point: Point, deal: Deal, words: Language) -> str | None:
    if point.finding.scenario == "ramp-confirmed":
        return words.phrase("confirmed_ramp", ramp=words.each(deal.ramp_per_day), date=words.date(deal.ramp_starts))
    if point.finding.scenario == "volume-confirmed":
        said = words.per_day(point.finding.said_per_day)
        return words.phrase("confirmed_volume", said=said) if said else None
    return words.phrase("confirmed_pickup")


def _step(promise: Promise, words: Language, rep: Person | None) -> str:
    """As "Ivan will send the labels (Friday, November 6)", told from our side; "I will" of what the rep promised, who writes the email."""
    own = rep is not None and promise.line.speaker == rep.id
    swaps = {} if own else _TO_US if promise.line.ours else _TO_THEM
    action = _PRONOUNS.sub(lambda found: swaps.get(found[0].lower(), found[0]), clean(promise.action, 160))
    name = first_name(promise.line.name) or clean(promise.line.name or "", 60)
    said = words.phrase("i_will", action=action) if own else words.phrase("will", name=name, action=action)
    return words.phrase("by_day", what=said, date=words.date(promise.by)) if promise.by and not _WEEKDAY.search(action) else said
