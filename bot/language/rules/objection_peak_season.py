"""Peak season first."""

from bot.language import cues
from bot.language.rules.rule import Rule
from bot.language.wording import words

_SEASON = "peak/season/rush/holidays/christmas/xmas/friday/cyber/q4/thanksgiving/easter/diwali/harvest/prime/ramadan/eid/sale"
_FIRST = words(
    f"""
    after/until/till/through/past/before/during/once/survive ... {_SEASON}, wait ... {_SEASON}, {_SEASON} ...
    first/over/done/passed/behind, middle of ... {_SEASON}, other side of ... {_SEASON}, busiest week/weeks/month/months/time,
    not ... in {_SEASON}
    """
)
_VOLUME = words(
    """
    ramp*, volume, rest, more, switch*, move*, moving, chang*, touch*, add*, full, increase, step*, scale, everything, wait,
    carrier*, trial, hold, not
    """
)
_FRIDAY = words("by/on/this/next/until/till/before friday, friday at/morning/afternoon, sale price, on sale, for sale")

RULES = (
    Rule("peak first", "objection-peak-season", _FIRST, 0.6, _VOLUME, (cues.HYPOTHETICAL, cues.PAST, cues.JOKE, _FRIDAY), volume=True),
)
