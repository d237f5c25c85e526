"""What the bot itself achieved: findings that were used, volume that came right after them, precision, and how long it all took."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from bot.playbook.clock.survey import SurveyKind
from bot.playbook.numbers.facts import Facts
from bot.playbook.numbers.lives import Life, Verdict


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds, over so many cases: the median, and the time within which nine of ten were done."""

    cases: int
    middle: float
    nine_of_ten: float


@dataclass(frozen=True, slots=True)
class OfScenario:
    """A scenario's findings: raised, told in a direct message, decided on by a person, and of those of use."""

    scenario: str
    raised: int
    told: int
    decided: int
    useful: int

    @property
    def precision(self) -> float | None:
        """The share of decided findings that were of use; None where nobody has decided."""
        return self.useful / self.decided if self.decided else None


@dataclass(frozen=True, slots=True)
class Achieved:
    """Findings `raised`, `told`, `used`; of the used ones about the volume, how many came `right`, of those that can be `judged` by now.

    `recovered`: packages per shipping day that this won, over the `sized` cases in which both figures are known; `verdicts`: all used
    ones by what followed; `to_dm`: from the statement to the direct message; `to_answer`: from there until a person used the script.
    """

    raised: int
    told: int
    used: int
    right: int
    judged: int
    recovered: float | None
    sized: int
    verdicts: dict[Verdict, int]
    scenarios: tuple[OfScenario, ...]
    to_dm: Times | None
    to_answer: Times | None


@dataclass(frozen=True, slots=True)
class Month:
    """The answers to a survey in a month ("2026-11"): how many, and their mean; for NPS the score from -100 to 100."""

    month: str
    answers: int
    score: float


def achieved(portfolio: Iterable[Facts], since: date | None = None) -> Achieved:
    """What the bot achieved with findings said on `since` or later (None: ever)."""
    lives: list[Life] = []
    corrected = []
    for one in portfolio:
        wanted = [life for life in one.lives if since is None or life.day >= since]
        ids = {life.id for life in wanted}
        lives += wanted
        corrected += [made for made in one.corrections if made.finding in ids]
    verdicts: dict[Verdict, int] = {}
    for made in corrected:
        verdicts[made.verdict] = verdicts.get(made.verdict, 0) + 1
    sized = [made.recovered for made in corrected if made.verdict == "corrected" and made.recovered is not None]
    right = verdicts.get("corrected", 0)
    return Achieved(
        raised=len(lives),
        told=sum(life.told_at is not None for life in lives),
        used=sum(life.used for life in lives),
        right=right,
        judged=right + verdicts.get("not-corrected", 0),
        recovered=sum(sized) if sized else None,
        sized=len(sized),
        verdicts=verdicts,
        scenarios=_by_scenario(lives),
        to_dm=times((life.told_at - life.said_at).total_seconds() for life in lives if life.told_at and life.spoken),
        to_answer=times((life.answered_at - life.told_at).total_seconds() for life in lives if life.told_at and life.answered_at),
    )


def times(seconds: Iterable[float]) -> Times | None:
    """None where there is no case. A time below nought (a clock that ran behind) counts as nought."""
    there = sorted(max(0.0, one) for one in seconds)
    return Times(len(there), median(there), there[-(-9 * len(there) // 10) - 1]) if there else None


def months(portfolio: Iterable[Facts], kind: SurveyKind) -> tuple[Month, ...]:
    """The answers to a survey month by month, the oldest first; months without an answer are not there."""
    found: dict[str, list[int]] = {}
    for one in portfolio:
        for answer in one.surveys:
            if answer.kind == kind:
                found.setdefault(f"{answer.day:%Y-%m}", []).append(answer.score)
    score = nps if kind == "nps" else _mean
    return tuple(Month(month, len(scores), score(scores)) for month, scores in sorted(found.items()))


def nps(scores: Sequence[int]) -> float:
    """Promoters (9 and 10) less detractors (6 and less), in per cent of all answers."""
    return 100 * (sum(one >= 9 for one in scores) - sum(one <= 6 for one in scores)) / len(scores)


def _mean(scores: Sequence[int]) -> float:
    return sum(scores) / len(scores)


def _by_scenario(lives: Iterable[Life]) -> tuple[OfScenario, ...]:
    counts: dict[str, list[int]] = {}
    for life in lives:
        count = counts.setdefault(life.scenario, [0, 0, 0, 0])
        for place, true in enumerate((True, life.told_at is not None, life.useful is not None, life.useful is True)):
            count[place] += true
    return tuple(OfScenario(name, *count) for name, count in sorted(counts.items(), key=lambda one: (-one[1][0], one[0])))
