"""Whom of a deal's people a call's speaker is: by id, email, and name as meeting programs show it; unsure where it could be two."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from bot.deal import OWN_SIDE, Deal, Person, Role
from bot.names import FAIR, GOOD, SURE, alike, asides, names_customer, own_name, shared, told, words_of
from bot.playbook.names import names_of

Sureness = Literal["sure", "unsure", "unknown"]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who spoke, as the transcript calls them; an email address or an id where it gives one."""

    name: str
    email: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Face:
    """Who a speaker is. `person`: when sure; `candidates`: whom it may be, the likeliest first; `role`: known even where the person is not.

    `shared`: not one person but a room, a telephone line or a device that several may speak through.
    """

    speaker: Speaker
    sureness: Sureness
    person: Person | None = None
    candidates: tuple[Person, ...] = ()
    role: Role | None = None
    shared: bool = False


Remembered = Mapping[str, str]
"""What people answered before: a speaker's name as told() writes it -> the id of a person of the deal, or a role."""

_ROLES = frozenset(get_args(Role))


def faces(
    deal: Deal, speakers: Iterable[Speaker], emails: Mapping[str, str] | None = None, known: Remembered | None = None
) -> dict[str, Face]:
    """Speaker's name -> who it is. `emails`: addresses by the ids of the deal's people; `known`: what was answered before.

    Two speakers who would be the same person by half a name ("Dana Ortiz", "Dana") are not: the one whose name says less is unsure.
    """
    heard = {speaker.name: speaker for speaker in speakers}
    found = {name: face(deal, speaker, emails, known) for name, speaker in heard.items()}
    best: dict[str, int] = {}
    for one in found.values():
        if one.person:
            best[one.person.id] = max(best.get(one.person.id, 0), _certainty(one, known))
    for name, one in found.items():
        if one.person and _certainty(one, known) < min(best[one.person.id], GOOD):
            found[name] = replace(one, sureness="unsure", person=None, candidates=(one.person,))
    return found


def face(deal: Deal, speaker: Speaker, emails: Mapping[str, str] | None = None, known: Remembered | None = None) -> Face:
    """Who one speaker is, by itself; the deal's own addresses count where no others are given."""
    emails = emails or {person.id: person.email for person in deal.people if person.email}
    answered = (known or {}).get(told(speaker.name))
    person = deal.person(answered) if answered else None
    if answered in _ROLES and person is None:
        return Face(speaker, "sure", None, (), answered, shared(speaker.name))  # type: ignore[arg-type]
    person = person or deal.person(speaker.id or speaker.name) or _by_email(deal, speaker.email, emails)
    if person:
        return Face(speaker, "sure", person, (person,), person.role)
    organisation = _organisation(deal, speaker.name) or _by_domain(deal, speaker.email, emails)
    fits = sorted(((_fit(person.name, speaker), -place) for place, person in enumerate(deal.people)), reverse=True)
    candidates = tuple(deal.people[-place] for fit, place in fits if fit)
    best = fits[0][0]
    only = best and [fit for fit, _ in fits].count(best) == 1
    if only and best >= FAIR and not _elsewhere(deal, speaker.name, best):
        return Face(speaker, "sure", candidates[0], candidates[:1], candidates[0].role)
    if candidates:
        roles = {person.role for person in candidates}
        return Face(speaker, "unsure", None, candidates[:5], roles.pop() if len(roles) == 1 and best >= FAIR else organisation)
    return Face(speaker, "unknown", None, (), organisation, shared(speaker.name))


def _certainty(one: Face, known: Remembered | None) -> int:
    speaker, person = one.speaker, one.person
    assert person is not None
    if person.id in (speaker.id, speaker.name) or speaker.email or told(speaker.name) in (known or {}):
        return SURE
    return _fit(person.name, speaker)


def _by_email(deal: Deal, email: str | None, emails: Mapping[str, str] | None) -> Person | None:
    if not email or not emails:
        return None
    same = [person for person in deal.people if emails.get(person.id, "").casefold() == email.strip().casefold()]
    return same[0] if len(same) == 1 else None


def _by_domain(deal: Deal, email: str | None, emails: Mapping[str, str] | None) -> Role | None:
    """Whose company an address is of, where it is one's alone: the customer's, or ours."""
    here = _domain(email)
    if not here or not emails:
        return None
    sides = {_side(person.role) for person in deal.people if _domain(emails.get(person.id)) == here}
    if sides == {"rep", "implementation"}:
        return "implementation"  # our company, but perhaps not the side that made the deal
    return sides.pop() if len(sides) == 1 else None


def _side(role: Role) -> Role | None:
    if role in OWN_SIDE:
        return "rep"
    return None if role == "guest" else role


def _domain(email: str | None) -> str:
    return (email or "").strip().casefold().partition("@")[2]


def _fit(name: str, speaker: Speaker) -> int:
    """How well a person's name fits what a transcript calls a speaker, or the part of the address before the @."""
    theirs = words_of(name)
    said = words_of(own_name(speaker.name))
    if not theirs or not said or (shared(speaker.name) and not set(theirs) & set(said)):
        return 0
    return max(alike(theirs, said), alike(theirs, words_of((speaker.email or "").partition("@")[0])) if speaker.email else 0)


def _organisation(deal: Deal, name: str) -> Role | None:
    """The customer's role where the customer's name stands beside, or in, a speaker's name."""
    return "customer" if any(names_deal(deal, aside) for aside in (*asides(name), *([name] if shared(name) else ()))) else None


def _elsewhere(deal: Deal, name: str, fit: int) -> bool:
    """Whether half a name comes with a company that is not the customer's: another Dana."""
    if fit > FAIR:
        return False
    return any(not names_deal(deal, aside) and len(aside) > 2 for aside in asides(name)) and _organisation(deal, name) is None


def names_deal(deal: Deal, words: str) -> bool:
    """Whether words name the deal's customer, or one of its brands."""
    return any(names_customer(name, words) for name in names_of(deal))


def sure_people(found: Collection[Face]) -> tuple[Person, ...]:
    """The deal's people who surely spoke, each once."""
    return tuple({one.person.id: one.person for one in found if one.person}.values())
