"""How many plain sentences ring: lower starts as most people say them, before and in the test, after little and more talk.

`python -m tests.bench.plain` prints for each day and beginning how many of them are direct messages, and how many wait for the morning.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime

from bot.deal import Deal
from bot.ears import Talk, hear, side_of_role
from bot.language.statement import Utterance

SENTENCES = """
we'd start with {n} boxes a day|we'd start with {n}, maybe 20 a day|we'll start with {n} a day|we will start with {n} packages a day
we would start with {n} a day|we're starting with {n} a day|we plan to start with {n} a day|let's begin with {n} a day
let's start with {n} packages per day|I'd like to start with {n} a day|can we start with {n} a day?|could we begin at {n} packages a day?
would {n} a day be ok to start?|we can do {n} a day for now|we can give you {n} a day|{n} a day is what we have for you
figure {n} boxes a day from us|expect {n} parcels a day|plan on {n} a day|we'll send {n} a day this week|we are sending {n} a day
we're only shipping {n} a day with you|it's {n} a day at the moment|yesterday it was {n} packages|we did {n} on Monday and {n} on Tuesday
keep it to {n} a day please|please plan {n} per day for the first weeks|our boss wants to start with {n} a day
they want to begin with {n} a day|we agreed internally on {n} a day to start|{n} packages daily to start with, ok?|make it {n} a day
we'll stay at {n} a day|no more than {n} a day for now|about {n} orders a day will come your way|just {n} a day for the moment
we decided to begin with {n} parcels daily|starting volume will be {n} per day|first we ship {n} a day|{n} a day first, more later
"""
FIGURES = (15, 40)

DEAL = Deal.model_validate(
    {
        "customer": "Acme",
        "volume": {"committed_per_day": 500},
        "test": {"volume_per_day": 150, "starts": date(2026, 11, 9)},
        "people": [{"id": "U1", "name": "Dana Ortiz", "role": "customer"}, {"id": "U2", "name": "Ivan Petrov", "role": "implementation"}],
    }
)

DAYS = {"before the test": 5, "first day": 9, "second week": 16}
"""Days of November 2026."""

BEGINNINGS = (
    (),
    (("U1", "good morning"),),
    (("U1", "good morning"), ("U1", "labels are printed and the test shipments are packed")),
    (("U2", "labels are printed"), ("U1", "ok thanks"), ("U1", "pickup is at 4 pm at dock 2"), ("U2", "great, driver is booked")),
)


def sentences() -> Iterator[str]:
    """Each with each figure."""
    for sentence in SENTENCES.strip().replace("\n", "|").split("|"):
        yield from (sentence.format(n=figure) for figure in FIGURES)


def urgency(sentence: str, before: tuple[tuple[str, str], ...], day: datetime) -> str:
    """How the sentence is told after a beginning: "now", "digest", or "not"."""
    talk = Talk()
    for number, (speaker, text) in enumerate((*before, ("U1", sentence))):
        person = DEAL.person(speaker)
        assert person is not None
        heard = hear(DEAL, talk, Utterance(text, side_of_role(person.role), speaker, day, str(number)))
    told = {finding.urgency for finding in heard.findings}
    return "now" if "now" in told else "digest" if "digest" in told else "not"


def lines() -> Iterator[str]:
    """A line for each day and beginning, and the whole."""
    whole = Counter[str]()
    for name, day in DAYS.items():
        for number, before in enumerate(BEGINNINGS, start=1):
            found = Counter(urgency(sentence, before, datetime(2026, 11, day, 10)) for sentence in sentences())
            whole += found
            yield f"{name}, beginning {number}: {found['now']} of {found.total()} now, {found['digest']} in the morning"
    yield f"plain sentences: {whole['now']} of {whole.total()} now, {whole['digest']} in the morning"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in lines())
