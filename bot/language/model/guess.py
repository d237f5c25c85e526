"""guess(): a reading with what the trained reader makes of it, where its weights are there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from bot.language.model.domain import AT_HOME, AT_HOME_AT_FIRST, FEW, FEW_WORDS, FOREIGN, FOREIGN_AT_FIRST, STEEP
from bot.language.model.features import feature_groups
from bot.language.model.figure import chosen, figure_groups
from bot.language.model.hunch import FIGURE, SUBJECT, UNLIKELY, WORTH, Weights, chance_of, hunch_of, scores_of, shifted, shipped
from bot.language.model.possible import possible
from bot.language.model.second import second_features
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
    hunch = hunch_of(feature_groups(utterance, before, vocabulary, reading, marks), trained)
    sinks, worth = STEEP * min(0.0, score - at_home), None
    if hunch.any >= UNLIKELY and WORTH in trained.labels:
        worth = shifted(chance_of(WORTH, second_features(hunch, utterance, vocabulary, reading, marks), trained), sinks)
    hunch = replace(hunch, any=shifted(hunch.any, sinks), alone=hunch.any, acquainted=acquainted, worth=worth)
    heard = replace(reading, hunch=hunch, notes=(*reading.notes, *_told(hunch)))
    return heard if hunch.any < UNLIKELY or FIGURE not in trained.labels else _with_meant(utterance, before, vocabulary, heard, trained)


def _with_meant(utterance: Utterance, before: Sequence[Utterance], vocabulary: Vocabulary, heard: Reading, trained: Weights) -> Reading:
    """The reading with the chance of each volume that it is the one meant; those that no statement has yet become latent ones."""
    assert heard.hunch is not None
    among = possible(utterance, before, vocabulary, heard)
    seen = figure_groups(utterance, before, vocabulary, heard, among)
    chances = chosen(scores_of(FIGURE, seen, trained), trained.added[trained.labels.index(FIGURE)])
    meant = {one.quantity: chance for one, chance in zip(among, chances, strict=True) if chance >= THOUGHT_OF}
    known = {made.quantity for made in (*heard.statements, *heard.latent)}
    thought = perhaps_meant(utterance, before, vocabulary, heard, [quantity for quantity in meant if quantity not in known])
    return replace(heard, hunch=replace(heard.hunch, meant=meant), latent=(*heard.latent, *thought))


def _bounds(before: Sequence[Utterance], telling: int) -> tuple[float, float, bool]:
    """The score under which talk is foreign, the one from which on it is at home, and whether enough was said to tell."""
    acquainted = len(before) >= FEW and telling >= FEW_WORDS
    return (FOREIGN, AT_HOME, True) if acquainted else (FOREIGN_AT_FIRST, AT_HOME_AT_FIRST, False)


def _told(hunch: Hunch) -> Iterator[str]:
    """What the trained reader thinks, for those who want to know why."""
    labels = {label: chance for label, chance in hunch.labels.items() if not label.startswith(SUBJECT)}
    if labels:
        yield f"trained reader: {hunch.any:.0%} that the rep must know; most like {max(labels, key=lambda label: labels[label])}"
