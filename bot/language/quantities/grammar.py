"""The order in which the rules run: numbers first, then what they make together, then how firmly they are meant."""

from __future__ import annotations

from bot.language.quantities import corrections, dates, decoys, durations, numbers, ranges, rates, shares, softeners, vague
from bot.language.quantities.classes import ALPHABET
from bot.language.quantities.engine import prepare

STEPS = prepare(
    (
        *dates.RULES[:2],
        *decoys.CODES,
        *vague.RULES,
        *decoys.DECIMALS,
        *numbers.RULES,
        *decoys.SIZES,
        *vague.DOZENS,
        *shares.MIXED,
        *decoys.TIMES[:3],
        *corrections.STRUCK,
        *ranges.RULES,
        *decoys.TIMES[3:],
        *shares.PERCENTS,
        *decoys.ORDINALS,
        *rates.RULES[:2],
        *dates.RULES[2:],
        *decoys.RULES,
        *decoys.IDENTIFIERS,
        *durations.COUNTED,
        *rates.UNITS,
        *rates.PRODUCTS,
        *ranges.KINDS,
        *ranges.LATE,
        *softeners.HEDGES,
        *rates.RULES[2:],
        *decoys.PRONOUNS,
        *durations.LONE,
        *rates.PRODUCTS,
        *rates.SUMS,
        *shares.OF_FIGURE,
        *softeners.HEDGES,
        *softeners.BOUNDS,
        *ranges.LATE,
        *rates.RULES[2:],
        *shares.OF_WORDS,
        *corrections.RULES,
    ),
    ALPHABET,
)
