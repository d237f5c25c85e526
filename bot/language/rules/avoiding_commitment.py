"""Asked about volume, will not name a number."""

from bot.language.rules.rule import Rule
from bot.language.wording import words

_DODGE = words(
    """
    rather/don't/won't/can't/couldn't/not ... put/give/name/say/commit ... number/figure/volume, rather/don't/won't ... pinned,
    rather/don't/won't ... in writing, hold me to, no number/numbers from me, depends on a lot/bunch, whatever shows/comes/turns
    up, hard/tough/difficult to say, can't really say, let's not talk numbers, let's not get into numbers
    """
)

RULES = (Rule("names no number", "avoiding-commitment", _DODGE, 0.7, volume=True),)
