"""What a deal's terms lack: departures from the process that the deal card and the import say aloud."""

from __future__ import annotations

from bot.deal import Deal
from bot.playbook.clock.calendar import place_unknown

FEWEST_SHARE, MOST_SHARE = 0.3, 0.5
"""A test is to carry 30-50 % of the committed volume."""

WITHIN = 0.1
"""Discovery's volume is to lie within 10 % of what then ships."""

USUAL_WEEKS = 2
SMALL_ACCOUNT = 50
"""Packages per shipping day under which the white-glove process is not to be used."""


def warnings(deal: Deal) -> tuple[str, ...]:
    """One plain sentence for each term that departs from the process; empty when all is as it should be."""
    found = (_share(deal), _weeks(deal), _success(deal), _ramp(deal), _rep(deal), _small(deal), place_unknown(deal))
    return tuple(line for line in found if line)


def agreeing(deal: Deal) -> tuple[str, ...]:
    """The same, and whether the commitment rests on a realistic volume: for whoever is about to agree a deal."""
    realistic = _realistic(deal)
    return (*warnings(deal), *((realistic,) if realistic else ()))


def per_year(deal: Deal) -> int:
    """The committed packages a year."""
    return deal.volume.annual or deal.volume.committed_per_day * deal.volume.shipping_days_per_week * 52


def _realistic(deal: Deal) -> str | None:
    if deal.discovery is None:
        return "The realistic volume is not recorded: what the customer claims, less what cannot come to us."
    most = round(deal.discovery.realistic * (1 + WITHIN))
    if per_year(deal) <= most:
        return None
    return f"The commitment comes to {per_year(deal):,} packages a year; realistic are at most {most:,}."


def _share(deal: Deal) -> str | None:
    share = deal.test.volume_per_day / deal.volume.committed_per_day
    if FEWEST_SHARE <= share <= MOST_SHARE:
        return None
    where = "below" if share < FEWEST_SHARE else "above"
    return f"The test is {share * 100:.3g}% of the committed volume, {where} the usual 30-50%."


def _weeks(deal: Deal) -> str | None:
    weeks = deal.test.weeks
    return None if weeks == USUAL_WEEKS else f"The test runs {weeks} week{'s' if weeks > 1 else ''}; {USUAL_WEEKS} are usual."


def _success(deal: Deal) -> str | None:
    return None if deal.test.success else "No success criteria are agreed for the test: without them nobody can say that it succeeded."


def _ramp(deal: Deal) -> str | None:
    if deal.ramp.to_per_day is None:
        return "No ramp is written down: the committed volume is taken to start on the day after the test."
    short = deal.volume.committed_per_day - deal.ramp.to_per_day
    return f"The ramp stops {short:,} packages a day short of the committed volume." if short > 0 else None


def _rep(deal: Deal) -> str | None:
    reps = any(person.role == "rep" for person in deal.people)
    return None if reps else "No rep is named among the people: nobody would get the jump-in messages."


def _small(deal: Deal) -> str | None:
    per_day = deal.volume.committed_per_day
    if deal.coverage == "standard" or per_day >= SMALL_ACCOUNT:
        return None
    return f"{per_day} packages a day is a small account: coverage: standard is meant for deals under {SMALL_ACCOUNT}."
