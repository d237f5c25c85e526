"""Transit times said of a lane or service: "next-day to Boston", "two days to Ontario"."""

from __future__ import annotations

import re

from bot.language.clauses import Clause
from bot.language.cues import CLAIM, OTHER_CARRIER
from bot.language.evidence import Scene
from bot.language.statement import Quantity, Statement
from bot.language.wording import words

_TRANSIT = words(
    """
    transit, deliver*, arrive*, get there, lands, land, overnight, next day, next-day, same day, day service, service, lane,
    reach*, takes, take, receive, promise*, -day
    """
)
_NEXT_DAY = re.compile(
    r"\b(?:next[- ](?:business |working )?day|overnight|one[- ]day|1[- ]day|next morning|the (?:morning|day) after)\b", re.IGNORECASE
)
_N_DAY = re.compile(r"\b(two|three|four|five|six|seven|2|3|4|5|6|7)[- ](?:business[- ]|working[- ])?days?\b", re.IGNORECASE)
_NUMBER = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}


def transit_claims(pieces: list[Clause], scene: Scene) -> list[Statement]:
    """Transit times said of a lane or service: "next-day to Boston", "two days to Ontario"; `notes` carry the words around."""
    if not scene.vocabulary.services and not scene.vocabulary.lanes:
        return []
    found = []
    for piece in pieces:
        match = _NEXT_DAY.search(piece.text) or _N_DAY.search(piece.text)
        if match is None or scene.has(OTHER_CARRIER, piece.text) or not _said_of_service(piece, scene):
            continue
        days = float(_NUMBER.get(match[1].lower()) or match[1]) if match.re is _N_DAY else 1.0
        start = piece.start + match.start()
        quantity = Quantity(
            match[0], start, start + len(match[0]), "duration", days * 86_400, days * 86_400, unit="day", role="transit time"
        )
        sure = 0.85 if CLAIM.search(piece.sentence) else 0.7
        quote, begin, end = piece.quoted(scene.text, quantity.start, quantity.end)
        found.append(
            Statement(
                "claims-term", quote, begin, end, sure, "claim: service.transit", quantity, "service.transit", notes=(piece.sentence,)
            )
        )
    return found


def _said_of_service(piece: Clause, scene: Scene) -> bool:
    named = (*scene.vocabulary.services, *scene.vocabulary.lanes)
    lowered = piece.sentence.lower()
    if any(name.lower() in lowered for name in named):
        return True
    return scene.has(CLAIM, piece.sentence) and scene.has(_TRANSIT, piece.sentence)
