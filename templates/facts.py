"""What a script may say of a finding and its deal, each fact already in words: the one vocabulary of the templates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.deal import Deal
from bot.playbook.clock.calendar import WorkingDays
from bot.playbook.deeds import FEED
from bot.playbook.finding import Finding
from bot.playbook.scenarios import SUBJECTS
from templates import terms
from templates.language import Language
from templates.quote import clean
from templates.said_as import said_as

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = re.compile(rf"(\d{{1,2}}) ({'|'.join(_MONTHS)})")
_A_YEAR = re.compile(r"(\d[\d,]*) a year")
_TITLES = frozenset({"mr", "mrs", "ms", "mx", "dr", "prof", "sir"})


@dataclass(frozen=True, slots=True)
class Facts:
    """Every name that a template may use. Texts are ready to paste; None means not known or not agreed.

    `ours`: the speaker is of our implementation team. `said`/`agreed`/`test`/`ramp`: "150 packages a day"; `said` also "300 packages a
    week (60 a day)". `said_term`/`agreed_term`: what was claimed of a term, and what is agreed, in words. `soon`: two office days on at
    most; `review`: the day to look at the test's results together.
    """

    hello: str
    name: str | None
    ours: bool
    customer: str
    phase: str
    near_the_end: bool
    day: int
    test_days: int
    said: str | None
    said_term: str | None
    agreed: str
    agreed_term: str | None
    subject: str
    came_up_as: str
    test: str
    ramp: str
    committed: str
    annual: str
    share: str | None
    weeks: str
    weeks_long: str
    test_start: str
    test_end: str
    ramp_start: str
    pause: str | None
    criteria: str
    soon: str
    review: str
    transit: str | None
    coverage: str | None
    prices: str | None
    pickup: str | None
    billing: str | None


def _contact(deal: Deal) -> str | None:
    """Whom the rep writes to where nobody has said anything: the customer's only person, if there is just one."""
    theirs = [person.name for person in deal.people if person.role == "customer"]
    return theirs[0] if len(theirs) == 1 else None


def facts(finding: Finding, deal: Deal, speaker: str | None, today: date | None, language: Language) -> Facts:
    """The facts for a script said on `today` (None: the day of the finding), in words of `language`."""
    said_on = deal.test.starts + timedelta(days=finding.test_day - 1)
    today = today or said_on
    subject = finding.subject if finding.subject in SUBJECTS else "other"
    name = first_name(_contact(deal) if finding.rule == FEED else speaker)
    agreed = (finding.agreed_per_day, finding.agreed_per_day) if finding.agreed_per_day is not None else None
    annual = deal.volume.annual or deal.volume.committed_per_day * 52 * deal.volume.shipping_days_per_week
    share = deal.volume.share_of_total
    return Facts(
        hello=language.hello(name),
        name=name,
        ours=finding.side == "implementation",
        customer=clean(deal.customer, 80),
        phase=finding.phase,
        near_the_end=deal.test_ends - said_on < timedelta(days=7),
        day=told_day(finding, deal, today),
        test_days=deal.test_days,
        said=_said(finding, deal, language),
        said_term=_said_term(finding, said_on, language),
        agreed=language.per_day(agreed) or language.each(deal.agreed_on(said_on).per_day),
        agreed_term=language.told(clean(finding.agreed, 160)) if finding.agreed else None,
        subject=subject,
        came_up_as=language.came_up_as[subject],
        test=language.each(deal.test.volume_per_day),
        ramp=language.each(deal.ramp_per_day),
        committed=language.each(deal.volume.committed_per_day),
        annual=language.per_year(annual),
        share=f"{share:.0%}" if share else None,
        weeks=language.weeks(deal.test.weeks),
        weeks_long=language.weeks_long(deal.test.weeks),
        test_start=language.date(deal.test.starts),
        test_end=language.date(deal.test_ends),
        ramp_start=language.date(deal.ramp_starts),
        pause=language.days(deal.ramp.days_after_test) if deal.ramp.days_after_test else None,
        criteria=language.listed([language.called(clean(one, 60)) for one in deal.test.success[:4]] or language.usual_criteria),
        soon=language.date(_soon(deal, today)),
        review=language.date(_review(deal, today)),
        transit=terms.transit(deal, finding, language),
        coverage=terms.coverage(deal, finding, language),
        prices=terms.prices(deal, language),
        pickup=terms.pickup(deal, language),
        billing=language.called(clean(deal.billing, 60)) if deal.billing else None,
    )


def told_day(finding: Finding, deal: Deal, today: date | None) -> int:
    """The day of the test that a finding is told by (1: the first): that on which it was said.

    What was shipped is told some days after the first of its days, and is so until `today`: the day of telling, while its phase lasts.
    """
    if today is not None and finding.rule == FEED and deal.phase(today) == finding.phase:
        return deal.test_day(today)
    return finding.test_day


def first_name(speaker: str | None) -> str | None:
    """As "Dana" of "Dana Ortiz", "Ortiz, Dana", "Dr. Dana Ortiz" or "dana.ortiz"; None where there is no name to use."""
    words = clean(speaker or "", 80).partition(" (")[0]
    family, comma, given = words.partition(",")
    parts = (given if comma and given.strip() else family).split()
    parts = [part for part in parts if part.strip(".").lower() not in _TITLES] or parts
    if not parts or not any(character.isalpha() for character in parts[0]):
        return None
    first = parts[0]
    if len(parts) == 1 and first.islower():
        first = first.replace("_", ".").partition(".")[0].capitalize()
    return first[:40] or None


def _said(finding: Finding, deal: Deal, language: Language) -> str | None:
    """The figure said, in the way it was said: "15 packages a day", "300 packages a week (60 a day)"."""
    per_day, how = language.per_day(finding.said_per_day), said_as(finding, deal)
    if per_day is None or how is None or finding.said_per_day is None:
        return per_day
    if how.count is not None and how.period is not None:
        return language.per_period(how.count, how.period, finding.said_per_day)
    return language.phrase("in_their_words", words=how.words, per_day=per_day)


def _said_term(finding: Finding, said_on: date, language: Language) -> str | None:
    """What was claimed of a term; a day or an hour as the agreed one is written beside it."""
    per_day = language.per_day(finding.said_per_day)
    if finding.said is None or (per_day and "/day" in finding.said):
        return per_day
    claimed = clean(finding.said, 80)
    day = _day(claimed, said_on)
    if day is not None:
        return language.date(day)
    year = _A_YEAR.fullmatch(claimed)
    if year is not None:
        return language.per_year(int(year[1].replace(",", "")))
    if finding.subject == "pickup" and ", " in claimed:
        return language.told(language.listed(claimed.split(", ")))
    return language.told(language.clock(claimed.replace("/day", " packages a day"))) or None


def _day(words: str, said_on: date) -> date | None:
    """The day that "4 Jan" means: the nearest one to when it was said; None for anything else."""
    found = _DAY.fullmatch(words)
    if found is None:
        return None
    years = (said_on.year + ahead for ahead in (-1, 0, 1))
    days = [day for year in years if (day := _date(year, _MONTHS.index(found[2]) + 1, int(found[1]))) is not None]
    return min(days, key=lambda day: abs((day - said_on).days), default=None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _soon(deal: Deal, today: date) -> date:
    """Two office days on, but no later than the start of the test or of the ramp, whichever lies ahead."""
    ahead = [day for day in (deal.test.starts, deal.ramp_starts) if day > today]
    return min([_office(deal).after(today, 2), *ahead])


def _review(deal: Deal, today: date) -> date:
    """The last office day of the test, or two office days on where the test is over or about to be."""
    last = _office(deal).on_or_before(deal.test_ends)
    return last if last > today + timedelta(days=1) else _office(deal).after(today, 2)


def _office(deal: Deal) -> WorkingDays:
    return WorkingDays.of(deal).office
