"""Whether a call seems to be of this deal at all, before it is read against its terms: a file may be dropped into the wrong channel."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.deal import OWN_SIDE, Deal
from bot.names import asides, names_customer
from bot.playbook.names import names_of
from bot.speakers import Face

Doubt = Literal["another-customer", "nobody-known", "no-names", "not-about-shipping"]
"""Why one should ask first: another customer's name is said and this one's is not; nobody of the deal's customer speaks; a transcript
without names that does not name the customer; talk in which hardly anything is about parcels.
"""

ENOUGH = 40
"""Turns from which on talk must be about shipping somewhere."""

RARELY = 0.02
"""The share of turns about shipping below which a call is about something else."""

_SHIPPING = re.compile(
    r"\b(?:packages?|parcels?|boxes|cartons?|pallets?|pick ?ups?|trucks?|trailers?|drivers?|ship(?:s|ped|ping|ments?)?|deliver(?:y|ies|ed)|"
    r"carriers?|labels?|dock|warehouse|freight|bol|transit|ground|expedited|volumes?|ramp|a day|per day|orders|returns|zones?|tracking|"
    r"scan(?:s|ned)?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Belonging:
    """Whether to ask before reading (`doubt`), and the other customer that was named."""

    doubt: Doubt | None = None
    other: str | None = None

    @property
    def asks(self) -> bool:
        """Whether somebody should say first that this is a call of the deal."""
        return self.doubt is not None


def belongs(deal: Deal, title: str, said: Sequence[str], seen: Collection[Face], others: Collection[str] = ()) -> Belonging:
    """Judge a call by its file's name, its turns, its speakers, and the names of the other customers that we know.

    Somebody of the customer's people who surely speaks is proof enough, unless only by a first name while another customer is named.
    Our own people and implementation take part in everybody's calls: they prove nothing.
    """
    beside = [aside for one in seen for aside in asides(one.speaker.name)]
    talk = " ".join(said)
    named = any(_named(name, title, beside, talk) for name in names_of(deal))
    other = next((one for one in sorted(others) if one not in names_of(deal) and _named(one, title, beside, talk)), None)
    theirs = [one for one in seen if one.role is not None and one.role not in OWN_SIDE and one.role != "implementation"]
    whole = any(one.person is not None and len(one.speaker.name.split()) > 1 for one in theirs)
    if other and not whole and not named:
        return Belonging("another-customer", other)
    if whole or named:
        return Belonging()
    if len(said) >= ENOUGH and sum(1 for words in said if _SHIPPING.search(words)) < RARELY * len(said):
        return Belonging("not-about-shipping")
    if not any(one.speaker.name for one in seen):
        return Belonging("no-names")
    return Belonging() if theirs else Belonging("nobody-known")


def about_shipping(words: str) -> int:
    """How many different words of shipping stand in a text."""
    return len({found.casefold() for found in _SHIPPING.findall(words)})


def _named(customer: str, title: str, beside: Sequence[str], talk: str) -> bool:
    return names_customer(customer, title) or any(names_customer(customer, aside) for aside in beside) or _said(customer, talk)


def _said(customer: str, talk: str) -> bool:
    """Whether a customer is named in speech: by its first telling word written as a name."""
    first = next((word for word in re.findall(r"\w+", customer) if word.casefold() not in ("the", "and", "of")), "")
    return len(first) > 2 and re.search(rf"\b{re.escape(first[:1].upper() + first[1:])}\b", talk) is not None
