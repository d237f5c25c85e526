"""Who has Home open: what each looks at, and what was shown last. In memory, and for a limited number of people."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from handlers.kept import Kept
from templates.form import View
from templates.home import Where

LATELY = 1800.0
"""Seconds after which Home counts as closed: Slack does not tell when somebody leaves it."""

MOST = 200
"""People whose Home is kept fresh; of more, those who opened it last."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody looks at, a digest of the view that stands there ("" where it could not be shown), and Slack's hash of it."""

    where: Where
    digest: str = ""
    hash: str | None = None


class Homes:
    """The people who have opened Home lately."""

    def __init__(self) -> None:
        self._open: Kept[str, Shown] = Kept(MOST, LATELY)
        self._begun: Kept[str, bool] = Kept(MOST, LATELY)
        self.entered: Kept[tuple[str, str], frozenset[str]] = Kept(MOST, LATELY)
        """The boxes that a person has ticked or cleared in a view that stood there, by its hash."""
        self.stamp: Any = None
        """The state of the store that all of them have been shown."""

    def opened(self, user_id: str, shown: Shown) -> None:
        """Somebody has opened Home, or pressed something in it."""
        self._open.put(user_id, shown)
        self._begun.put(user_id, True)

    def refreshed(self, user_id: str, shown: Shown) -> None:
        """Home was shown anew, without anybody having asked: it counts as closed as soon as before."""
        self._open.put(user_id, shown)

    def closed(self, user_id: str) -> None:
        """Home is not to be kept fresh any more."""
        self._open.drop(user_id)
        self._begun.drop(user_id)

    def shown(self, user_id: str) -> Shown | None:
        """What somebody looks at, if they have Home open."""
        return self._open.get(user_id) if self._begun.get(user_id) else None

    def open(self) -> list[tuple[str, Shown]]:
        """All of them, with what they look at."""
        return [(user_id, shown) for user_id in self._open if (shown := self.shown(user_id)) is not None]


def digest(view: View) -> str:
    """The same for two views that show the same."""
    return sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()[:16]
