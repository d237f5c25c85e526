"""Readers that never saw an author: the authors are dealt into folds, and for each fold one reader is trained on all others.

Its second look is taught on talk that its first look, for that purpose trained again, never saw either: a reader without the fold's authors
and without those of a neighbouring fold hears the neighbours, and so for four neighbours.
"""

from __future__ import annotations

import gzip
import pickle
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache, partial
from hashlib import sha256
from itertools import chain
from pathlib import Path

from bot.language import model
from bot.language.model.guess import foreign, lying, volumes_meant
from bot.language.model.hunch import ANY, GOOD_NEWS, SURE_OF, WORTH, Weights, joined, pack, unpack
from bot.language.model.learn import Example
from bot.language.model.second import LOOKED_AT, second_features, signal_features
from bot.language.statement import Hunch
from tests.bench.lessons import SCENARIO_LABELS, Studied, studied, trained_on
from tests.bench.quick import chances, learn, table
from tests.bench.talk import CONVERSATIONS, ORDINARY, Conversation, conversations

FOLDS = 8
"""Trainings; so many authors are left out together, which is harder than leaving out one."""

NEIGHBOURS = 2
"""Folds on each side, in a circle, whose talk teaches the second look: half of all; more of them made it no better."""


Fold = tuple[str, ...]
"""Authors who are left out together."""


def folds(talks: Sequence[Conversation]) -> list[Fold]:
    """The authors of each fold."""
    authors = sorted({talk.author for talk in talks})
    return [tuple(authors[first::FOLDS]) for first in range(min(FOLDS, len(authors)))]


def fold_of(author: str, talks: Sequence[Conversation]) -> Fold:
    """The fold that this author is left out with."""
    return next(fold for fold in folds(talks) if author in fold)


def neighbours(fold: Fold, every: Sequence[Fold]) -> list[Fold]:
    """The folds whose talk teaches the second look of the reader without `fold`; every second one where `fold` is nobody."""
    if not fold:
        return list(every[::2])
    at = every.index(fold)
    return [every[(at + away) % len(every)] for away in range(-NEIGHBOURS, NEIGHBOURS + 1) if away]


def first_looks(every: Sequence[Fold], without: Iterable[Fold], folder: Path) -> None:
    """Train all first looks that the readers `without` these folds need, as many at a time as there are cores."""
    wanted = {tuple(sorted(fold + other)) for fold in without for other in ((), *neighbours(fold, every))}
    study(folder)
    with ProcessPoolExecutor() as pool:
        list(pool.map(partial(first_look, folder=folder), sorted(wanted)))


def study(folder: Path) -> None:
    """Read all conversations once, into `folder`; what was trained there from other talk, or by other code, is thrown away."""
    with ProcessPoolExecutor() as pool:
        known = list(pool.map(studied, conversations(), chunksize=16))
    (folder / _STUDIED).write_bytes(pickle.dumps(known, protocol=5))
    mark, same = _content(known), folder / "content"
    if not same.exists() or same.read_text(encoding="ascii") != mark:
        for kept in folder.glob("*.bin.gz"):
            kept.unlink()
        same.write_text(mark, encoding="ascii")


SURE_LABELS = tuple(SURE_OF + label for label in sorted(GOOD_NEWS))

_STUDIED = "studied.pickle"
_MODEL = Path(next(iter(model.__path__)))


def _content(known: Sequence[Studied]) -> str:
    """A hash of all that a training can depend on: talk, what is seen of it, and the code that learns and weighs."""
    seen = sha256()
    for part in chain.from_iterable((one.messages, one.figures.volumes) for one in known):
        seen.update(part.starts.tobytes() + part.places.tobytes() + part.values.tobytes())
    code = (*_MODEL.glob("*.py"), *(Path(__file__).with_name(name) for name in ("folds.py", "lessons.py", "quick.py", "units.py")))
    for file in sorted((*code, *CONVERSATIONS.glob("*.json"), *ORDINARY.glob("*.txt"))):
        seen.update(file.read_bytes())
    return seen.hexdigest()


@lru_cache(maxsize=1)
def _studied(folder: Path) -> list[Studied]:
    return [one for one in pickle.loads((folder / _STUDIED).read_bytes()) if isinstance(one, Studied)]


def first_look(without: Fold, folder: Path) -> Path:
    """The file of a first look learned from everybody but these authors, kept in `folder`."""
    kept = folder / f"first-look-without-{'+'.join(sorted(without))}.bin.gz"
    if not kept.exists():
        _keep(kept, trained_on(one for one in _studied(folder) if one.talk.author not in without))
    return kept


def reader_without(fold: Fold, folder: Path) -> Weights:
    """The whole reader, of which neither look ever saw these authors; the one for everybody where `fold` is empty.

    It is kept in `folder`, so that a change of the playbook alone is measured quickly; first_looks() must have filled the folder.
    """
    kept = folder / f"reader-without-{'+'.join(fold)}.bin.gz"
    if not kept.exists():
        _keep(kept, _reader_without(fold, folder))
    return _read(kept)


def _keep(path: Path, weights: Weights) -> None:
    path.write_bytes(gzip.compress(pack(weights), compresslevel=6, mtime=0))


def _read(path: Path) -> Weights:
    return unpack(gzip.decompress(path.read_bytes()))


def _reader_without(fold: Fold, folder: Path) -> Weights:
    first, known = _read(first_look(fold, folder)), _studied(folder)
    sure, good = list[Example](), list[Example]()
    for other in neighbours(fold, folds([one.talk for one in known])):
        stranger = _read(first_look(fold + other, folder))
        for one in known:
            if one.talk.author in other:
                sure += _looked_at(one, stranger)
                good += _good_news(one, stranger)
    return joined([first.rows, learn(table(sure), (WORTH,)), learn(table(good), SURE_LABELS)], first.domain, first.upper)


def _looked_at(talk: Studied, stranger: Weights) -> Iterator[Example]:
    """What the first look of a reader to whom the speakers are strangers gives the second look to learn from."""
    for one, labels in zip(talk.lessons, chances(talk.messages, stranger, SCENARIO_LABELS), strict=True):
        likely = labels.pop(ANY)
        if likely < LOOKED_AT or foreign(one.utterance, one.before, weights=lambda: stranger):
            continue
        seen = second_features(Hunch(likely, labels), one.utterance, one.vocabulary, one.reading, one.marks)
        yield Example(seen, frozenset({WORTH} if ANY in one.true else ()))


def _good_news(talk: Studied, stranger: Weights) -> Iterator[Example]:
    """The same for the second look at good news."""
    for one, labels in zip(talk.lessons, chances(talk.messages, stranger, SCENARIO_LABELS), strict=True):
        if max(labels[label] for label in GOOD_NEWS) < LOOKED_AT or foreign(one.utterance, one.before, weights=lambda: stranger):
            continue
        likely = volumes_meant(one.utterance, one.before, one.vocabulary, one.reading, stranger)
        hunch, volumes = Hunch(labels.pop(ANY), labels), lying(likely, one.vocabulary)
        seen = signal_features(hunch, one.vocabulary.phase, one.marks, volumes)
        yield Example(seen, frozenset(SURE_OF + label for label in GOOD_NEWS & one.true))
