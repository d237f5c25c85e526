"""guess(): a reading with what the trained reader makes of it, where its weights are there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from bot.language.model.domain import AT_HOME, AT_HOME_AT_FIRST, FEW, FEW_WORDS, FOREIGN, FOREIGN_AT_FIRST, STEEP
from bot.language.model.features import feature_groups
from bot.language.model.figure import chosen, figure_groups, lies
from bot.language.model.hunch import (
    FIGURE,
    GOOD_NEWS,
    SUBJECT,
    SURE_OF,
    UNLIKELY,
    WORTH,
    Weights,
    chance_of,
    hunch_of,
    scores_of,
    shifted,
    shipped,
)
from bot.language.model.possible import Possible, possible
from bot.language.model.second import second_features, signal_features
from bot.language.read import perhaps_meant
from bot.language.statement import Hunch, Reading, Utterance, Vocabulary

THOUGHT_OF = 0.05
"""From this chance on a volume may be the one meant."""


_FOREIGN = Hunch(0.0, {}, foreign=True)
_ABOUT_SOMETHING_ELSE = "the talk is not about shipping"

OTHER_TALK = Reading(hunch=_FOREIGN, notes=(_ABOUT_SOMETHING_ELSE,))
"""What is left of a message in talk about something else, where nobody asks what stands in it."""


def foreign(utterance: Utterance, before: Sequence[Utterance], *, weights: Callable[[], Weights | None] = shipped) -> bool:
    """Whether the talk is about something else than shipping, so that the trained reader says nothing; never without weights."""
    trained = weights()
    if trained is None:
        return False
    score, telling = trained.domain.heard(utterance, before)
    return score < _bounds(before, telling)[0]


def guess(
    utterance: Utterance,
    before: Sequence[Utterance],
    vocabulary: Vocabulary,
    reading: Reading,
    marks: Collection[str] = (),
    *,
    weights: Callable[[], Weights | None] = shipped,
) -> Reading:
    """`reading` with its hunch; as it was without weights. The less the talk is about shipping, the less likely is a finding."""
    trained = weights()
    if trained is None:
        return reading
    score, telling = trained.domain.heard(utterance, before)
    least, at_home, acquainted = _bounds(before, telling)
    if score < least:
        return replace(reading, hunch=_FOREIGN, notes=(*reading.notes, _ABOUT_SOMETHING_ELSE))
    first = hunch_of(feature_groups(utterance, before, vocabulary, reading, marks), trained)
    sinks, worth = STEEP * min(0.0, score - at_home), None
    if first.any >= UNLIKELY and WORTH in trained.labels:
        worth = shifted(chance_of(WORTH, second_features(first, utterance, vocabulary, reading, marks), trained), sinks)
    hunch = replace(first, any=shifted(first.any, sinks), alone=first.any, acquainted=acquainted, worth=worth)
    heard = replace(reading, hunch=hunch, notes=(*reading.notes, *_told(hunch)))
    good = max((hunch.labels.get(label, 0.0) for label in GOOD_NEWS), default=0.0)
    if max(hunch.any, good) < UNLIKELY or FIGURE not in trained.labels:
        return heard
    likely = volumes_meant(utterance, before, vocabulary, heard, trained)
    meant = {one.quantity: chance for one, chance in likely if chance >= THOUGHT_OF}
    known = {made.quantity for made in (*heard.statements, *heard.latent)}
    thought = perhaps_meant(utterance, before, vocabulary, heard, [quantity for quantity in meant if quantity not in known])
    news = _good_news(first, vocabulary, marks, likely, trained)
    return replace(heard, hunch=replace(hunch, meant=meant, good=news), latent=(*heard.latent, *thought))


def _good_news(
    hunch: Hunch, vocabulary: Vocabulary, marks: Collection[str], likely: Sequence[tuple[Possible, float]], trained: Weights
) -> dict[str, float]:
    """The chances of good news at a second look, to which it tells most how the volume lies to the deal's; none without one."""
    labels = [label for label in sorted(GOOD_NEWS) if SURE_OF + label in trained.labels]
    seen = signal_features(hunch, vocabulary.phase, marks, lying(likely, vocabulary)) if labels else {}
    return {label: chance_of(SURE_OF + label, seen, trained) for label in labels}


def volumes_meant(
    utterance: Utterance, before: Sequence[Utterance], vocabulary: Vocabulary, reading: Reading, trained: Weights
) -> list[tuple[Possible, float]]:
    """Every volume that the utterance may be about, with the chance that it is."""
    among = possible(utterance, before, vocabulary, reading)
    seen = figure_groups(utterance, before, vocabulary, reading, among)
    chances = chosen(scores_of(FIGURE, seen, trained), trained.added[trained.labels.index(FIGURE)])
    return list(zip(among, chances, strict=True))


def lying(likely: Sequence[tuple[Possible, float]], vocabulary: Vocabulary) -> dict[str, float]:
    """The chance of each way in which the volume meant may lie to the deal's."""
    found: dict[str, float] = {}
    for one, chance in likely:
        way = lies(one.daily, vocabulary)
        found[way] = found.get(way, 0.0) + chance
    return found


def _bounds(before: Sequence[Utterance], telling: int) -> tuple[float, float, bool]:
    """The score under which talk is foreign, the one from which on it is at home, and whether enough was said to tell."""
    acquainted = len(before) >= FEW and telling >= FEW_WORDS
    return (FOREIGN, AT_HOME, True) if acquainted else (FOREIGN_AT_FIRST, AT_HOME_AT_FIRST, False)


def _told(hunch: Hunch) -> Iterator[str]:
    """What the trained reader thinks, for those who want to know why."""
    labels = {label: chance for label, chance in hunch.labels.items() if not label.startswith(SUBJECT)}
    if labels:
        yield f"trained reader: {hunch.any:.0%} that the rep must know; most like {max(labels, key=lambda label: labels[label])}"
