"""Survey and NPS: the form for an answer, the message that shares it, and the trend in a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.playbook.clock.survey import SCALES, Survey, SurveyKind
from templates.figures import short_day
from templates.form import View, choice_field, modal, text_field
from templates.kit import Message, header, lines, section
from templates.quote import neutral

ANSWER, ANSWER_FORM = "jumpin-clock-answer", "jumpin-clock-answered"
"""The button under the prepared message, and the form that it opens."""

SCORE, WHO, WORDS, DAY = "score", "who", "words", "day"
"""Fields."""

KIND_OF: Mapping[str, SurveyKind] = {"onboarding-survey": "survey", "nps": "nps"}
"""Draft -> what it asks."""

NAMES: Mapping[str, str] = {"survey": "Survey", "nps": "NPS"}


def answer_form(customer: str, kind: SurveyKind, today: date, kept: Mapping[str, Any]) -> View:
    """What was answered, by whom, in their own words."""
    low, high = SCALES[kind]
    ends = {str(low): "not at all", str(high): "very"} if kind == "survey" else {str(low): "never", str(high): "surely"}
    scores = {str(one): f"{one}{f' ({ends[str(one)]})' if str(one) in ends else ''}" for one in range(high, low - 1, -1)}
    asked = "How satisfied are they?" if kind == "survey" else "How likely would they recommend us?"
    fields = [
        section(f"*{neutral(customer, 80)}*: {asked} Leadership and the account managers of the deal are told."),
        choice_field(SCORE, f"Score, {low} to {high}", scores),
        text_field(WHO, "Who answered", example="Dana Ortiz", optional=False),
        text_field(WORDS, "In their own words", example="Drivers are great, invoices come late", many_lines=True),
        text_field(DAY, "Day", today.isoformat(), example="today, yesterday, or 2026-12-02", optional=False),
    ]
    return modal(ANSWER_FORM, NAMES[kind], fields, submit="Save", kept=kept)


def answer_message(customer: str, answer: Survey, before: Sequence[Survey], by: str) -> Message:
    """An answer, shared with leadership and account managers."""
    head = f"{customer}: {_score(answer)}"
    told = [f"{neutral(answer.answered_by, 80)}, {short_day(answer.day)}" if answer.answered_by else short_day(answer.day)]
    if answer.words:
        told.append(f"“{neutral(answer.words, 600)}”")
    small = [f"Recorded by {neutral(by, 60)}."] + ([f"So far: {trend(before)}"] if before else [])
    return Message(neutral(head), [header(head.removeprefix(customer), of=customer), section("\n".join(told)), lines(*small)])


def trend(answers: Sequence[Survey]) -> str:
    """As "Survey 4 of 5 (2 Dec), NPS 9 (2 Dec; before: 7, 1 Jun)"; empty without any. Answers come in the order of their days."""
    return ", ".join(part for kind in NAMES for part in _of(kind, answers))


def _of(kind: str, answers: Sequence[Survey]) -> Iterator[str]:
    theirs = [one for one in answers if one.kind == kind]
    if theirs:
        last, before = theirs[-1], theirs[-3:-1]
        earlier = ", ".join(f"{one.score} on {short_day(one.day)}" for one in reversed(before))
        yield f"{_score(last)} ({short_day(last.day)}{f'; before: {earlier}' if earlier else ''})"


def _score(one: Survey) -> str:
    return f"Survey {one.score} of 5" if one.kind == "survey" else f"NPS {one.score}"
