"""Readers that never saw an author: the authors are dealt into folds, and for each fold one reader is trained on all others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.language.model.hunch import Weights, pack, unpack
from tests.bench.talk import Conversation, conversations, taught, trained_on

FOLDS = 8
"""Trainings; so many authors are left out together, which is harder than leaving out one."""


def folds(talks: Sequence[Conversation]) -> list[str]:
    """The authors of each fold, as letters."""
    authors = sorted({talk.author for talk in talks})
    return ["".join(authors[first::FOLDS]) for first in range(min(FOLDS, len(authors)))]


def fold_of(author: str, talks: Sequence[Conversation]) -> str:
    """The fold that this author is left out with."""
    return next(fold for fold in folds(talks) if author in fold)


def weights_without(fold: str, folder: Path) -> Weights:
    """Weights learned from everybody but these authors; kept in `folder`, so that a change of the playbook alone is measured quickly.

    Empty the folder after a change of the reader or of the talk.
    """
    kept = folder / f"without-{fold}.bin.gz"
    if not kept.exists():
        talks = [talk for talk in conversations() if talk.author not in fold]
        kept.write_bytes(pack(trained_on(taught(talks))))
    return unpack(kept.read_bytes())
