"""What became of something heard, and why: for those who ask why the bot did, or did not, say something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.playbook.finding import Finding

By = Literal["rules", "both", "heard", "unlikely", "not-heard", "refuted", "foreign", "outdone"]
"""By what it was raised or dropped:

`rules`: by rules and arithmetic alone, as surely as they are; `both`: by rules, weighed with the trained reader; `heard`: by the trained
reader alone. Nothing came of it: `unlikely`, the trained reader thinks too little of what rules found; `not-heard`, too little by itself;
`refuted`, the figures of the message meet what was agreed; `foreign`, the talk is not about shipping; `outdone`, a confirmation beside
a volume that is too low.
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finding or signal that was weighed: as it is raised (None: not at all), by what, and the `chance` held to what was `needed`.

    Of a raised finding `needed` is what a direct message takes; of one that was dropped, what it takes to be raised at all. The chance is
    that of any finding, at the first or at a `second` look.
    """

    scenario: str
    finding: Finding | None
    by: By
    chance: float
    needed: float
    second: bool = False
