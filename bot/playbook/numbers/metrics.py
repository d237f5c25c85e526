"""The success metrics: each with numerator, denominator, target, the deals that count and those that do not, with why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Literal, get_args

from bot.playbook.clock.kinds import BY_KEY
from bot.playbook.numbers.facts import AT_DAYS, ORDER, Beside, Facts, Missing

Key = Literal["conversion", "time-to-full", "variance-30", "variance-60", "variance-90", "drop-rate"]
By = Literal["rep", "trade", "size", "quarter"]
BY: tuple[By, ...] = get_args(By)

RAMP_GRACE = 30
"""Calendar days after the ramp day that a deal has to come to the committed volume before it counts as not ramped."""

LAUNCH_GRACE = BY_KEY["test-start"].lapses
"""Calendar days after the agreed start after which a deal without a shipment counts as never launched."""

TARGETS: dict[Key, tuple[Literal["over", "under"], float]] = {"conversion": ("over", 0.80), "variance-90": ("under", 0.15)}


@dataclass(frozen=True, slots=True)
class Metric:
    """A number of the portfolio: `numerator` by `denominator`, over the deals `counted` (row ids), without those `left_out`.

    `hits`: of the counted those that make up the numerator, where it counts deals; `middle`: the median, where deals differ by days;
    `net`: for a variance, how far all deals together lie over (+) or under (-) what was agreed.
    """

    key: Key
    numerator: float
    denominator: float
    counted: tuple[int, ...] = ()
    hits: tuple[int, ...] = ()
    left_out: tuple[tuple[int, Missing], ...] = ()
    middle: float | None = None
    net: float | None = None

    @property
    def value(self) -> float | None:
        """The number; None where nothing can be counted: no data is not nought."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def on_target(self) -> bool | None:
        """Whether the target is met; None without a target or a value."""
        target = TARGETS.get(self.key)
        if target is None or self.value is None:
            return None
        return self.value > target[1] if target[0] == "over" else self.value < target[1]


@dataclass(frozen=True, slots=True)
class Feed:
    """The first and the last day on which any deal of the installation has volume data: only there does silence of a deal mean anything."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Group:
    """The metrics of the deals that share a rep, trade, size or quarter."""

    name: str
    deals: int
    metrics: tuple[Metric, ...]


def feed_of(portfolio: Iterable[Facts]) -> Feed | None:
    """Where there are volume data at all."""
    spans = [(one.there.days[0], one.there.days[-1]) for one in portfolio if one.there.days]
    if not spans:
        return None
    return Feed(date.fromordinal(min(first for first, _ in spans)), date.fromordinal(max(last for _, last in spans)))


def metrics(portfolio: Sequence[Facts], feed: Feed | None) -> tuple[Metric, ...]:
    """All of them, in the order of the process."""
    return (
        _conversion(portfolio),
        _time_to_full(portfolio),
        *(_variance(portfolio, number) for number in AT_DAYS),
        _drop_rate(portfolio, feed),
    )


def groups(portfolio: Sequence[Facts], feed: Feed | None, by: By) -> tuple[Group, ...]:
    """The metrics by rep, trade, size or quarter; a deal of two reps counts for both. The largest first, quarters and sizes in order."""
    found: dict[str, list[Facts]] = {}
    for one in portfolio:
        for name in names_of(one, by):
            found.setdefault(name, []).append(one)
    made = [Group(name, len(deals), metrics(deals, feed)) for name, deals in found.items()]

    def place(group: Group) -> tuple[int, str]:
        return (ORDER.index(group.name) if by == "size" else 0 if by == "quarter" else -group.deals), group.name

    return tuple(sorted(made, key=place))


def names_of(one: Facts, by: By) -> tuple[str, ...]:
    """The groups that a deal belongs to; "" stands for what the deal does not say."""
    if by == "rep":
        return tuple(dict.fromkeys(name for _, name in one.reps)) or ("",)
    return ({"trade": one.trade or "", "size": one.size, "quarter": one.quarter}[by],)


def choices(portfolio: Iterable[Facts], by: By) -> tuple[str, ...]:
    """The names of all groups, sizes and quarters in order, others by name."""
    names = {name for one in portfolio for name in names_of(one, by)}
    return tuple(name for name in ORDER if name in names) if by == "size" else tuple(sorted(names))


def launched_in_time(one: Facts) -> bool | None:
    """Whether anything was ever shipped; None while the start is not past by long enough to tell."""
    if one.start is not None:
        return True
    return None if one.today <= one.due + timedelta(days=LAUNCH_GRACE) else False


def _conversion(portfolio: Sequence[Facts]) -> Metric:
    """Ended tests, not known to have failed, that came to the committed volume."""

    def why_not(one: Facts) -> Missing | None:
        if one.start is None:
            return "not-launched"
        if not one.there.days:
            return "no-data"
        return None if one.full is not None else _not_yet(one)

    counted, left = _sorted_out(portfolio, why_not)
    hits = [one for one in counted if one.full is not None]
    return Metric("conversion", len(hits), len(counted), _ids(counted), _ids(hits), left)


def _time_to_full(portfolio: Sequence[Facts]) -> Metric:
    """Calendar days from the first shipment to the committed volume, over the deals that came to it."""

    def why_not(one: Facts) -> Missing | None:
        if one.start is None:
            return "not-launched"
        if one.full is not None:
            return None
        return "no-data" if not one.there.days else "too-early"

    counted, left = _sorted_out(portfolio, why_not)
    took = [(one.full - one.start).days for one in counted if one.full and one.start]
    return Metric("time-to-full", sum(took), len(took), _ids(counted), (), left, median(took) if took else None)


def _variance(portfolio: Sequence[Facts], number: int) -> Metric:
    """How far the actual volume lies from the agreed one, up or down, as a share of what was agreed over all these deals."""

    def why_not(one: Facts) -> Missing | None:
        beside = one.beside[number]
        return None if isinstance(beside, Beside) else beside

    counted, left = _sorted_out(portfolio, why_not)
    there = [beside for one in counted if isinstance(beside := one.beside[number], Beside)]
    agreed = sum(one.agreed for one in there)
    apart = sum(abs(one.actual - one.agreed) for one in there)
    net = sum(one.actual - one.agreed for one in there) / agreed if agreed else None
    key: Key = {30: "variance-30", 60: "variance-60", 90: "variance-90"}[number]  # type: ignore[assignment]
    return Metric(key, apart, agreed, _ids(counted), (), left, net=net)


def _drop_rate(portfolio: Sequence[Facts], feed: Feed | None) -> Metric:
    """Deals that never shipped anything, 30 days after they were to start."""

    def why_not(one: Facts) -> Missing | None:
        launched = launched_in_time(one)
        if launched is None:
            return "not-due"
        heard = feed is not None and feed.first <= one.due and feed.last >= one.due + timedelta(days=LAUNCH_GRACE)
        return None if launched or heard else "no-data"

    counted, left = _sorted_out(portfolio, why_not)
    hits = [one for one in counted if one.start is None]
    return Metric("drop-rate", len(hits), len(counted), _ids(counted), _ids(hits), left)


def _sorted_out(
    portfolio: Sequence[Facts], why_not: Callable[[Facts], Missing | None]
) -> tuple[list[Facts], tuple[tuple[int, Missing], ...]]:
    """The deals that count, and the others with the reason. Deals of standard coverage are not under the process."""
    counted: list[Facts] = []
    left: list[tuple[int, Missing]] = []
    for one in portfolio:
        reason: Missing | None = why_not(one) if one.white_glove else "standard"
        if reason is None:
            counted.append(one)
        else:
            left.append((one.id, reason))
    return counted, tuple(left)


def _not_yet(one: Facts) -> Missing | None:
    """Why it is no failure that a deal has not come to the committed volume; None where it is one."""
    if one.today <= one.test_ends:
        return "test-runs"
    if one.review_open:
        return "review-open"
    if one.today <= one.ramp + timedelta(days=RAMP_GRACE):
        return "too-early"
    return None if one.there.days[-1] >= one.ramp.toordinal() else "no-data"


def _ids(deals: Iterable[Facts]) -> tuple[int, ...]:
    return tuple(one.id for one in deals)
