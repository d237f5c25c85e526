"""Where we are said to deliver: "Hawaii is included", "you don't do Alaska"."""

from __future__ import annotations

from collections.abc import Iterator

from bot.language.clauses import Clause
from bot.language.evidence import Scene
from bot.language.statement import Statement
from bot.language.terms.spot import sentences
from bot.language.wording import Wording, words

OFF_MAINLAND: dict[str, Wording] = {
    "Alaska": words("alaska, anchorage, fairbanks, juneau, ak"),
    "Hawaii": words("hawaii, honolulu, maui, oahu, kauai, hilo, kona"),
    "Puerto Rico": words("puerto rico, san juan"),
    "all fifty states": words("fifty states, 50 states, all fifty, all 50, every state, any state"),
    "PO boxes": words("po box, po boxes, p.o. box, p.o. boxes, p o box, p o boxes"),
    "military addresses": words("apo, fpo, apo/fpo, military address*"),
    "Canada": words("canada, toronto, vancouver, montreal"),
    "Mexico": words("mexico"),
}
"""Places that a lane or its note often leaves out -> how they are said."""

PLACES = words(", ".join(said.listed for said in OFF_MAINLAND.values()))
_COVERED = words(
    """
    covered, cover, covers, covering, included, include, includes, including, serve, serves, served, in the deal, in the
    contract, goes to, go to, deliver to, ship to, we do, you do, you guys do, is in, are in, part of it, no problem, falls
    under, inside our, inside the
    """
)
_NOT_COVERED = words(
    """
    not/isn't/aren't/wasn't covered/included/served, don't/doesn't/can't/won't/didn't do/go/serve/cover/deliver/ship/include,
    excluded, outside, exclude, excludes, no service to, not in the deal/contract, not part of
    """
)
_UNSAID = words("used to, last year, if you, would be nice, one day, someday, wish, surcharge, fuel, quote for, price for")


def places(text: str) -> tuple[str, ...]:
    """The places beyond the mainland that `text` names."""
    return tuple(place for place, said in OFF_MAINLAND.items() if said.search(text))


def coverage_claims(pieces: list[Clause], scene: Scene) -> Iterator[Statement]:
    """Each sentence that says that such a place is or is not served; `notes` carry "in" or "out" and the places."""
    for sentence in sentences(pieces, scene, PLACES):
        denied = scene.has(_NOT_COVERED, sentence.text)
        if (denied or scene.has(_COVERED, sentence.text)) and not scene.has(_UNSAID, sentence.text):
            yield sentence.claim("service.coverage", ("out" if denied else "in", *places(sentence.text)), 0.65)
