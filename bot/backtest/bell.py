"""What would have come of each finding of a deal, by the rules of the live bot: a direct message, a line in one, or the daily message."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.backtest.hits import Came, Hit
from bot.playbook.finding import Finding, Raised
from bot.playbook.judge import matter
from bot.playbook.pace import BusinessDays, worsened
from bot.playbook.scenarios import SIGNALS
from bot.playbook.settled import SIGNALS_THAT_SETTLE, confirmed


class Bell:
    """One deal's. Hits come in the order said; one direct message for a matter and business day, and another one where a figure fell."""

    def __init__(self, days: BusinessDays) -> None:
        self._days = days
        self._rung: dict[tuple[str, str | None], list[Hit]] = {}
        self._open: dict[str, Hit] = {}
        self._settled: dict[str, Hit] = {}
        self.raised: list[Raised] = []

    def of(self, hit: Hit) -> Hit:
        """The hit with what would have come of it."""
        came = self._came(hit)
        told = replace(hit, came=came)
        finding = hit.finding
        if finding.suppressed is None:
            self.raised.append(Raised(finding.scenario, finding.subject, finding.side, finding.said_per_day, finding.said))
        if came == "signal":
            self._settle(hit)
        elif came != "repeat" or self._lifted(hit):
            self._open[hit.id] = told
        if came == "dm":
            self._rung.setdefault(_matter(finding), []).append(told)
        return told

    def settled(self, hit: Hit) -> Hit:
        """The hit as it stands at the end: with the time at which a later word settled it."""
        return replace(hit, settled=self._settled[hit.id].settled) if hit.id in self._settled else hit

    def _came(self, hit: Hit) -> Came:
        finding = hit.finding
        if finding.scenario in SIGNALS:
            return "signal"
        if finding.suppressed == "repeat":
            return "dm" if self._lifted(hit) and not self._told_today(hit) else "repeat"
        if finding.urgency != "now":
            return "digest"
        return "same-day" if self._told_today(hit) else "dm"

    def _told_today(self, hit: Hit) -> bool:
        day = self._day(hit)
        told = [one for one in self._rung.get(_matter(hit.finding), ()) if self._day(one) == day and one.id not in self._settled]
        return bool(told) and not worsened(hit.finding.said_per_day, [one.finding.said_per_day for one in told])

    def _lifted(self, hit: Hit) -> bool:
        """Whether a repetition is sure where what it repeats had only waited for the daily message."""
        if hit.finding.urgency != "now":
            return False
        same = [one for one in self._open.values() if _repeats(hit.finding, one.finding)]
        return bool(same) and same[-1].finding.urgency == "digest"

    def _settle(self, signal: Hit) -> None:
        if signal.finding.scenario not in SIGNALS_THAT_SETTLE:
            return
        for ident, hit in list(self._open.items()):
            if hit.key != signal.key and confirmed(hit.finding, signal.finding):
                self._settled[ident] = replace(self._open.pop(ident), settled=signal.at)

    def _day(self, hit: Hit) -> date:
        return self._days.day(hit.at)


def _matter(finding: Finding) -> tuple[str, str | None]:
    return finding.scenario, finding.subject


def _repeats(finding: Finding, earlier: Finding) -> bool:
    return (matter(finding.scenario), finding.subject, finding.side) == (matter(earlier.scenario), earlier.subject, earlier.side)
