"""What a person's judgements of a back-test say: precision by scenario, and from which certainty on it would be worth ringing for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.backtest.hits import Hit, Opinion
from bot.playbook.usefulness import LAST, Usefulness, rests

GOOD = 85
"""Per cent of use that a direct message should have at least."""

ENOUGH = 8
"""So many judged hits on the better side of a bar, or the bar is chance."""


NONE = Usefulness()
"""Nothing was judged."""


@dataclass(frozen=True, slots=True)
class Precision:
    """Of the judged hits of a scenario so many were useful. `rests`: by the live bot's rule it would wait for the daily message.

    `bar`: from this certainty (0-1) on at least GOOD per cent were useful, where that helps; `above` and `below`: the hits on either side.
    """

    scenario: str
    judged: Usefulness
    rests: bool = False
    bar: float | None = None
    above: Usefulness = NONE
    below: Usefulness = NONE


def precision(hits: Sequence[Hit], judged: Mapping[str, Opinion]) -> list[Precision]:
    """By scenario, those with most judged hits first."""
    by_scenario: dict[str, list[tuple[float, bool]]] = {}
    for hit in hits:
        said = judged.get(hit.id)
        if said in ("useful", "not"):
            by_scenario.setdefault(hit.finding.scenario, []).append((hit.finding.sure, said == "useful"))
    made = [_of(scenario, ones) for scenario, ones in by_scenario.items()]
    return sorted(made, key=lambda one: (-one.judged.decided, one.scenario))


def _of(scenario: str, ones: Sequence[tuple[float, bool]]) -> Precision:
    whole = _use(ones)
    lately = _use(ones[-LAST:])
    bar = _bar(ones) if whole.percent < GOOD else None
    above, below = [one for one in ones if bar is not None and one[0] >= bar], [one for one in ones if bar is not None and one[0] < bar]
    return Precision(scenario, whole, rests(before=False, lately=lately), bar, _use(above), _use(below))


def _bar(ones: Sequence[tuple[float, bool]]) -> float | None:
    """The lowest certainty from which on enough were useful; None where there is none, or nothing lies below it."""
    for bar in sorted({sure for sure, _ in ones})[1:]:
        above = _use([one for one in ones if one[0] >= bar])
        if above.decided < ENOUGH:
            return None
        if above.percent >= GOOD:
            return bar
    return None


def _use(ones: Sequence[tuple[float, bool]]) -> Usefulness:
    return Usefulness(sum(useful for _, useful in ones), len(ones))
