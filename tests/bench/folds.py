"""Readers that never saw an author: the authors are dealt into folds, and for each fold one reader is trained on all others.

Its second look is taught on talk that its first look, for that purpose trained again, never saw either: a reader without the fold's authors
and without those of a neighbouring fold hears the neighbours, and so for four neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

from bot.language.model.guess import guess
from bot.language.model.hunch import ANY, WORTH, Weights, joined, pack, unpack
from bot.language.model.learn import Example, learn
from bot.language.model.second import LOOKED_AT, second_features
from tests.bench.talk import Conversation, conversations, lessons, taught, trained_on

FOLDS = 8
"""Trainings; so many authors are left out together, which is harder than leaving out one."""

NEIGHBOURS = 2
"""Folds on each side, in a circle, whose talk teaches the second look: half of all; more of them made it no better."""


def folds(talks: Sequence[Conversation]) -> list[str]:
    """The authors of each fold, as letters."""
    authors = sorted({talk.author for talk in talks})
    return ["".join(authors[first::FOLDS]) for first in range(min(FOLDS, len(authors)))]


def fold_of(author: str, talks: Sequence[Conversation]) -> str:
    """The fold that this author is left out with."""
    return next(fold for fold in folds(talks) if author in fold)


def neighbours(fold: str, every: Sequence[str]) -> list[str]:
    """The folds whose talk teaches the second look of the reader without `fold`; every second one where `fold` is nobody."""
    if not fold:
        return list(every[::2])
    at = every.index(fold)
    return [every[(at + away) % len(every)] for away in range(-NEIGHBOURS, NEIGHBOURS + 1) if away]


def first_looks(every: Sequence[str], without: Iterable[str], folder: Path) -> None:
    """Train all first looks that the readers `without` these folds need, as many at a time as there are cores."""
    wanted = {"".join(sorted(fold + other)) for fold in without for other in ("", *neighbours(fold, every))}
    with ProcessPoolExecutor() as pool:
        list(pool.map(partial(first_look, folder=folder), sorted(wanted)))


def first_look(without: str, folder: Path) -> Path:
    """The file of a first look learned from everybody but these authors, kept in `folder`."""
    kept = folder / f"first-look-without-{''.join(sorted(without))}.bin.gz"
    if not kept.exists():
        talks = [talk for talk in conversations() if talk.author not in without]
        kept.write_bytes(pack(trained_on(taught(talks))))
    return kept


def reader_without(fold: str, folder: Path) -> Weights:
    """The whole reader, of which neither look ever saw these authors; the one for everybody where `fold` is empty.

    It is kept in `folder`, so that a change of the playbook alone is measured quickly. Empty the folder after a change of the reader or
    of the talk.
    """
    kept = folder / f"reader-without-{fold}.bin.gz"
    if not kept.exists():
        kept.write_bytes(pack(_reader_without(fold, folder)))
    return unpack(kept.read_bytes())


def _reader_without(fold: str, folder: Path) -> Weights:
    talks = conversations()
    first = unpack(first_look(fold, folder).read_bytes())
    lessons_learned: list[Example] = []
    for other in neighbours(fold, folds(talks)):
        stranger = unpack(first_look(fold + other, folder).read_bytes())
        lessons_learned += [one for talk in talks if talk.author in other for one in _looked_at(talk, stranger)]
    return joined([first, learn(lessons_learned, (WORTH,))], first.domain)


def _looked_at(talk: Conversation, stranger: Weights) -> Iterable[Example]:
    """What the first look of a reader to whom the speakers are strangers gives the second look to learn from."""
    for one in lessons(talk):
        hunch = guess(one.utterance, one.before, one.vocabulary, one.reading, one.marks, weights=lambda: stranger).hunch
        if hunch is None or hunch.alone is None or hunch.alone < LOOKED_AT:
            continue
        seen = second_features(replace(hunch, any=hunch.alone), one.utterance, one.vocabulary, one.reading, one.marks)
        yield Example(seen, frozenset({WORTH} if ANY in one.true else ()))
