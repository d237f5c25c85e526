"""Claims about agreed terms: what a message says of which term of the deal (spec: subjects of a contradiction)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.clauses import Clause, clause_at
from bot.language.cues import CLAIM, OTHER_CARRIER, PAST
from bot.language.evidence import Scene
from bot.language.statement import Quantity, Statement
from bot.language.terms.billing import INVOICE, billing_claims
from bot.language.terms.coverage import PLACES, coverage_claims
from bot.language.terms.criteria import CRITERIA, criteria_claims
from bot.language.terms.figures import READERS, may_be_term
from bot.language.terms.pickup import PICKUP, pickup_claims
from bot.language.terms.spot import CLAIMED, Spot
from bot.language.terms.transit import transit_claims

SAID = 0.7
"""How sure a figure is a claim whose sentence makes no appeal to what was agreed."""

LOOKED_FOR = (INVOICE, PICKUP, PLACES, CRITERIA)
"""Words without which no claim is worded; figures may make one besides."""

_WORDED = (transit_claims, billing_claims, pickup_claims, coverage_claims, criteria_claims)


def claims(pieces: list[Clause], quantities: Sequence[Quantity], scene: Scene) -> list[Statement]:
    """What the message claims about agreed terms; judging whether it is true is the playbook's part."""
    found = []
    for quantity in quantities:
        piece = clause_at(pieces, quantity.start) if may_be_term(quantity) else None
        if piece is None or scene.has(OTHER_CARRIER, piece.text) or scene.has(PAST, piece.text):
            continue
        spot = Spot(quantity, piece.text, piece.sentence, scene.has(CLAIM, piece.sentence))
        about = next((subject for reader in READERS if (subject := reader(spot))), None)
        if about:
            quote, start, end = piece.quoted(scene.text, quantity.start, quantity.end)
            sure = CLAIMED if spot.claimed else SAID
            found.append(Statement("claims-term", quote, start, end, sure, f"claim: {about}", quantity, about))
    return found + [statement for reader in _WORDED for statement in reader(pieces, scene)]
