"""Gaps in what was really shipped, and whether somebody had announced them in words before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.backtest.hits import Hit
from bot.deal import Deal
from bot.playbook.arithmetic import TOLERANCE
from bot.playbook.clock.calendar import WorkingDays
from bot.playbook.clock.history import Actual, Actuals
from bot.playbook.deeds import Limits
from bot.playbook.scenarios import FINDINGS

USUAL = Limits()

BEFORE = timedelta(days=21)
"""How long before a gap words count as its announcement."""

NEW_GAP = 5
"""Shipping days with data that meet the agreement end a gap; so many, and what follows is another one."""

_WORDS_OF_VOLUME = frozenset(
    {"volume.committed", "volume.annual", "volume.share", "volume.test", "ramp.volume", "ramp.timing", "test.start"}
)
_NOT_OF_VOLUME = frozenset({"strategic-question", "new-stakeholder"})


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of days on which less was shipped than agreed: first and last of them, how many, and the packages missing in all.

    `per_day` is what was shipped, `agreed` what was agreed, both on average; `announced`: what was said in the weeks before, oldest
    first.
    """

    customer: str
    first: date
    last: date
    days: int
    per_day: float
    agreed: int
    missing: int
    announced: tuple[Hit, ...] = ()

    @property
    def told(self) -> Hit | None:
        """The first direct message that announced it."""
        return next((hit for hit in self.announced if hit.came == "dm"), None)

    @property
    def lead(self) -> int | None:
        """Days between the first words that announced it and its first day."""
        return (self.first - self.announced[0].day).days if self.announced else None


def gaps(
    hits: Sequence[Hit], deals: Sequence[Deal], shipped: Mapping[str, Actuals], last: date | None = None, limits: Limits = USUAL
) -> list[Gap]:
    """The gaps of all deals with data (`shipped` by customer), the most missing packages first, up to the last day of talk.

    `limits`: from when on a shortfall counts, as for the running bot.
    """
    made = []
    for deal in deals:
        said = [hit for hit in hits if hit.customer == deal.customer and _of_volume(hit)]
        for days in _stretches(deal, shipped.get(deal.customer, Actuals()), last, limits):
            first = days[0].day
            announced = tuple(hit for hit in said if first - BEFORE <= hit.day < first and not (hit.settled and hit.settled.date() < first))
            agreed = [deal.agreed_on(one.day).per_day for one in days]
            missing = sum(max(0, due - one.packages) for due, one in zip(agreed, days, strict=True))
            mean = sum(one.packages for one in days) / len(days)
            made.append(Gap(deal.customer, first, days[-1].day, len(days), mean, round(sum(agreed) / len(agreed)), missing, announced))
    return sorted(made, key=lambda gap: (-gap.missing, gap.customer, gap.first))


def _of_volume(hit: Hit) -> bool:
    scenario = hit.finding.scenario
    if scenario not in FINDINGS or scenario in _NOT_OF_VOLUME or hit.came == "repeat":
        return False
    return scenario != "contradiction" or hit.finding.subject in _WORDS_OF_VOLUME


def _stretches(deal: Deal, actuals: Actuals, last: date | None, limits: Limits) -> Iterator[list[Actual]]:
    """The days under the agreement, cut into gaps. A day without data is none."""
    works = WorkingDays.of(deal)
    days = [one for one in actuals.between(deal.test.starts, last or date.max) if works.works(one.day)]
    under: list[Actual] = []
    met = running = 0
    for one in days:
        agreed = deal.agreed_on(one.day).per_day
        if one.packages < agreed * (1 - TOLERANCE):
            under.append(one)
            met, running = 0, running + 1
            continue
        met, running = met + 1, 0
        if met >= NEW_GAP and under:
            if _is_gap(deal, under, days, limits):
                yield under
            under = []
    if _is_gap(deal, under, days, limits):
        yield under


def _is_gap(deal: Deal, under: Sequence[Actual], days: Sequence[Actual], limits: Limits) -> bool:
    """Whether a day lies deep under the agreement, or enough days in a row lie under it."""
    if any(one.packages < deal.agreed_on(one.day).per_day * (1 - limits.share) for one in under):
        return True
    place = {one.day: number for number, one in enumerate(days)}
    return any(place[other.day] - place[one.day] == limits.days - 1 for one, other in zip(under, under[limits.days - 1 :], strict=False))
