"""The order in which the rules run: numbers first, then what they make together, then how firmly they are meant."""

from __future__ import annotations

from functools import cache

from bot.language.quantities import corrections, dates, decoys, durations, figures, hours, numbers, ranges, rates, shares, softeners, vague
from bot.language.quantities.classes import ALPHABET
from bot.language.quantities.engine import Cascade, prepare


@cache
def cascade() -> Cascade:
    """All rules in order, compiled when the first text is read: it takes as long as loading all of the language package."""
    return prepare(
        (
            *dates.RULES[:2],
            *decoys.CODES,
            *vague.RULES,
            *decoys.DECIMALS,
            *shares.FIRST,
            *figures.RULES,
            *numbers.RULES,
            *decoys.SIZES,
            *vague.DOZENS,
            *decoys.TIMES[:3],
            *shares.MIXED,
            *corrections.STRUCK,
            *ranges.RULES,
            *decoys.TIMES[3:],
            *shares.PERCENTS,
            *shares.EVERY_TENTH,
            *decoys.ORDINALS,
            *shares.EVERY_TENTH,
            *rates.DAYLISTS,
            *dates.RULES[2:],
            *decoys.RULES,
            *decoys.IDENTIFIERS,
            *durations.COUNTED,
            *hours.DAYS,
            *rates.UNITS,
            *softeners.EARLY,
            *rates.LESS,
            *rates.PRODUCTS,
            *ranges.KINDS,
            *ranges.LATE,
            *softeners.HEDGES,
            *rates.RULES,
            *decoys.PRONOUNS,
            *durations.LONE,
            *rates.PRODUCTS,
            *hours.RULES,
            *rates.TOTALS,
            *rates.SUMS,
            *shares.OF_FIGURE,
            *softeners.HEDGES,
            *softeners.BOUNDS,
            *ranges.LATE,
            *ranges.TOPPED,
            *rates.RULES,
            *hours.LAST,
            *shares.OF_WORDS,
            *corrections.RULES,
        ),
        ALPHABET,
        frequent=["other", "fn", "a", "the", "and", "of", "to", "in", "on", "for", "that", "it", "comma", "dot", "hyphen", "num", "dig"],
    )
