"""One glance over a message: what can be in it at all. Most messages hold nothing, and are passed over before anything is cut up."""

from __future__ import annotations

from dataclasses import dataclass

from bot.language.acts import PICKED
from bot.language.quantities.lexer import FIGURE, SEED_WORDS
from bot.language.rules import RULEBOOK
from bot.language.rules.rule import Rule
from bot.language.terms import LOOKED_FOR
from bot.language.wording import Wordings

_NUMBERS = f"[ -](?:{'|'.join(sorted(word for word in SEED_WORDS if word.isalpha() and word.isascii()))})s?[ -]"
_NEXT_DAY = "[ -](?:next|overnight|after)[ -]"
_LOOKED_FOR = Wordings(
    [*(rule.pattern.pattern for rule in RULEBOOK), PICKED.pattern, _NUMBERS, _NEXT_DAY, *(said.pattern for said in LOOKED_FOR)]
)
_PICKUP, _NUMBER, _DAY, _TERMS = range(len(RULEBOOK), len(RULEBOOK) + 4)


@dataclass(frozen=True, slots=True)
class Glance:
    """The rules whose words stand in a message, and whether a quantity, a pickup, a transit time or a term may be told in it."""

    rules: tuple[Rule, ...] = ()
    quantity: bool = False
    pickup: bool = False
    transit: bool = False
    terms: bool = False


_NOTHING = Glance()


def glance(text: str) -> Glance:
    """What may stand in the text; whatever is not named here does not."""
    places = _LOOKED_FOR.which(text)
    quantity = FIGURE.search(text) is not None or not text.isascii()
    if not places:
        return Glance(quantity=True) if quantity else _NOTHING
    return Glance(
        rules=tuple(RULEBOOK[place] for place in places if place < _PICKUP),
        quantity=quantity or _NUMBER in places,
        pickup=_PICKUP in places,
        transit=_DAY in places,
        terms=places[-1] >= _TERMS,
    )
