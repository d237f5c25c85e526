"""What an email draft may say of a deal on a day, each fact already in words."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal

from bot.deal import Deal, Role
from bot.playbook.clock.due import DealDay
from bot.playbook.clock.performance import Performance, Stretch, Turn
from templates.facts import first_name
from templates.language import Language
from templates.quote import clean

DRAFTS = "drafts/"
"""The folder of the drafts within a language."""


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """Every name that a draft may use; None means not known or not agreed. docs/scripts.md tells them one by one."""

    hello: str
    name: str | None
    sender: str | None
    manager: str | None
    implementer: str | None
    customer: str
    before_test: bool
    in_test: bool
    on_plan: bool
    day: int
    round: int
    test: str
    test_share: str
    ramp: str
    committed: str
    annual: str
    weeks: str
    weeks_long: str
    test_start: str
    test_end: str
    ramp_start: str
    kickoff: str
    criteria: str
    review: str
    soon: str
    actual: str | None
    beside: str | None
    test_actual: str | None
    ramp_actual: str | None
    on_time: str | None
    billed_right: str | None
    packages: str | None
    next_step: str | None
    next_day: str | None
    call: str | None
    history: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftOccasion:
    """What a draft is written for: the deal's day, its figures and turns, to whom and by whom, and the call that it follows.

    `to` is the customer's person (None: the first of them); `about` the day of the review, audit or other milestone that it invites to.
    """

    day: DealDay
    figures: Performance
    story: tuple[Turn, ...] = ()
    to: str | None = None
    sender: str | None = None
    about: date | None = None
    call: str | None = None

    def facts(self, words: Language) -> dict[str, object]:
        """All facts, in words of a language."""
        return asdict(self._facts(words))

    def _facts(self, words: Language) -> DraftFacts:
        day, plan = self.day, self.day.plan
        deal, terms = plan.deal, plan.terms.on(day.today)
        name = first_name(self.to or _first(deal, "customer"))
        ramp = plan.agreed_on(plan.ramp).per_day
        following = day.ramping.next
        office = plan.office
        return DraftFacts(
            hello=words.hello(name),
            name=name,
            sender=first_name(self.sender or _first(deal, "rep")),
            manager=_first(deal, "account-manager"),
            implementer=_first(deal, "implementation"),
            customer=clean(deal.customer, 80),
            before_test=day.number < 1,
            in_test=day.number >= 1 and deal.phase(day.today) == "test",
            on_plan=day.ramping.status == "as-planned",
            day=day.number,
            round=day.ramping.rung,
            test=words.each(terms.test.volume_per_day),
            test_share=f"{terms.test.volume_per_day / terms.volume.committed_per_day:.0%}",
            ramp=words.each(ramp),
            committed=words.each(terms.volume.committed_per_day),
            annual=words.per_year(terms.volume.annual or terms.volume.committed_per_day * 52 * terms.volume.shipping_days_per_week),
            weeks=words.weeks(deal.test.weeks),
            weeks_long=words.weeks_long(deal.test.weeks),
            test_start=words.date(plan.start),
            test_end=words.date(deal.test_ends),
            ramp_start=words.date(plan.ramp),
            kickoff=words.date(plan.kickoff),
            criteria=words.listed([words.called(clean(one, 60)) for one in deal.test.success[:4]] or words.usual_criteria),
            review=words.date(self._review()),
            soon=words.date(office.after(day.today, 2)),
            actual=_per_day(day.actual, words),
            beside=_beside(day.actual, day.agreed.per_day, words),
            test_actual=_stretch(self.figures.test, words),
            ramp_actual=_stretch(self.figures.ramp, words),
            on_time=_share(self.figures.on_time),
            billed_right=_share(self.figures.billed_right),
            packages=words.number((self.figures.packages,) * 2) if self.figures.packages else None,
            next_step=clean(following.title, 120) if following else None,
            next_day=words.date(following.day) if following else None,
            call=clean(self.call, 120) if self.call else None,
            history=tuple(_told(turn, words) for turn in self.story),
        )

    def _review(self) -> date:
        """The day to invite to: the milestone's own, or the next working day where that is today or past."""
        office, today = self.day.plan.office, self.day.today
        if self.about is None:
            return office.after(today, 5)
        return office.on_or_after(self.about) if self.about > today else office.after(today, 1)


def _first(deal: Deal, role: Role) -> str | None:
    return next((clean(person.name, 80) for person in deal.people if person.role == role), None)


def _per_day(figure: float | None, words: Language) -> str | None:
    return words.per_day((round(figure), round(figure))) if figure is not None else None


def _beside(actual: float | None, agreed: int, words: Language) -> str | None:
    """As "18% below", "as agreed"."""
    if actual is None:
        return None
    off = actual / agreed - 1
    if abs(off) < 0.02:
        return words.phrase("as_agreed")
    return words.phrase("share_above" if off > 0 else "share_below", share=f"{abs(off):.0%}")


def _stretch(stretch: Stretch | None, words: Language) -> str | None:
    return _per_day(stretch.mean, words) if stretch else None


def _share(share: float | None) -> str | None:
    return f"{share * 100:.3g}%" if share is not None else None


def _told(turn: Turn, words: Language) -> str:
    """As "November 16: ramp to 500 packages a day due"."""
    agreed = words.each(turn.agreed) if turn.agreed is not None else ""
    said = words.phrase(f"story_{turn.kind}", agreed=agreed, actual=_per_day(turn.per_day, words) or "0", words=clean(turn.words, 80))
    month = words.phrases["months"].split()[turn.day.month - 1]
    return f"{words.phrase('short_date', month=month, day=str(turn.day.day))}: {said}"


Draft = Literal[
    "test-framework",
    "pre-kickoff",
    "post-call",
    "ramp-confirmation",
    "thank-and-expand",
    "review-30",
    "quarterly-audit",
    "onboarding-survey",
    "nps",
    "performance-summary",
    "leadership",
]
"""The drafts by name: <language>/drafts/<name>.j2."""
