"""The ramp is affirmed: everything comes over as agreed."""

from bot.language import cues
from bot.language.rules.rule import Rule
from bot.language.wording import words

_AFFIRMED = words(
    """
    full volume/quantity/amount/run/number/figure ... from/on/starting/as, all of it from/on/starting, everything/all ...
    comes/moves/switches/goes over, ramp* ... agreed/planned/schedule/ahead/confirmed, ready/good to ramp
    """
)

RULES = (
    Rule(
        "ramp affirmed",
        "ramp-confirmed",
        _AFFIRMED,
        0.7,
        None,
        (cues.NEGATION, cues.HYPOTHETICAL, cues.PAST, cues.OTHER_CARRIER),
        volume=True,
    ),
)
