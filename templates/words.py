"""Words for a finding: the jump-in script to paste, and the headline that says both figures."""

from __future__ import annotations

from datetime import date

from bot.deal import Deal
from bot.playbook.case import weeks
from bot.playbook.deeds import FEED
from bot.playbook.finding import Finding
from bot.playbook.scenarios import SUBJECTS, title
from templates.facts import told_day
from templates.figures import days, rate, short_day
from templates.quote import clean
from templates.scripts import OURS

_OF_THE_RAMP = frozenset({"not-ramping", "objection-peak-season", "wait-and-see"})
"""What is put off there is the full volume, also while the test still runs."""


def script(finding: Finding, deal: Deal, speaker: str | None, today: date | None = None) -> str:
    """Our own script in English, plain and long; see Scripts.script."""
    return OURS.script(finding, deal, speaker, today)


def next_step(finding: Finding, deal: Deal, speaker: str | None, today: date | None = None) -> str | None:
    """What to say once it is answered; see Scripts.next_step."""
    return OURS.next_step(finding, deal, speaker, today)


def headline(finding: Finding, deal: Deal, today: date | None = None) -> str:
    """As "Acme: 10-15/day said, 150/day agreed — test day 3 of 14"; without a figure, what happened by its title.

    `today` is the day of telling (see when).
    """
    return f"{clean(deal.customer, 50)}: {said_and_agreed(finding, deal)} — {when(finding, deal, today)}"


def said_and_agreed(finding: Finding, deal: Deal) -> str:
    """As "10-15/day said, 150/day agreed" ("shipped" where the volume data tell); without a figure its title and what it is about.

    As "wants a longer test (two weeks agreed)", "peak season first (500/day from 16 Nov agreed)", "too busy to ramp (500/day agreed)".
    """
    said, agreed = _said(finding), _agreed(finding, deal)
    if not agreed:
        return clean(said, 60)
    if finding.scenario == "contradiction" or rate(finding.said_per_day):
        return f"{clean(said, 40)}, {clean(agreed, 60)}"
    return f"{clean(said, 40)} ({clean(agreed, 60)})"


def agreed_beside(finding: Finding, deal: Deal) -> str:
    """The same for beside the title, which says already what happened where there is no figure: "500/day agreed"."""
    if finding.scenario == "contradiction" or rate(finding.said_per_day):
        return said_and_agreed(finding, deal)
    return clean(_agreed(finding, deal) or "", 60)


def when(finding: Finding, deal: Deal, today: date | None = None) -> str:
    """Where in the deal it was said: "test starts in 3 days", "test day 3 of 14", "day 16, ramp due since 2 Mar".

    What was shipped short is so until it is told: with `today`, the day is the one that the script tells, too.
    """
    day = told_day(finding, deal, today)
    if day <= 0:
        return "test starts tomorrow" if day == 0 else f"test starts in {days(1 - day)}"
    if day <= deal.test_days:
        return f"test day {day} of {deal.test_days}"
    due = "since" if finding.phase == "after-test" else "on"
    return f"day {day}, ramp due {due} {short_day(deal.ramp_starts)}"


def _said(finding: Finding) -> str:
    said = rate(finding.said_per_day)
    if finding.scenario != "contradiction":
        return f"{said} {'shipped' if finding.rule == FEED else 'said'}" if said else title(finding.scenario).lower()
    words = said if finding.said is None or (said and "/day" in finding.said) else finding.said
    subject = SUBJECTS.get(finding.subject or "", SUBJECTS["other"])
    return f"{subject} {words} said" if words else f"{subject} contradicted"


def _agreed(finding: Finding, deal: Deal) -> str | None:
    if finding.scenario == "contradiction":
        return f"{finding.agreed} agreed" if finding.agreed else None
    if finding.said_per_day is None and finding.scenario == "objection-extend-test":
        return f"{weeks(deal.test.weeks)} agreed"
    if finding.said_per_day is None and finding.scenario in _OF_THE_RAMP and finding.phase != "after-test":
        return f"{rate((deal.ramp_per_day,) * 2)} from {short_day(deal.ramp_starts)} agreed"
    per_day = finding.agreed_per_day
    figure = rate((per_day, per_day)) if per_day is not None else None
    return f"{figure or rate((deal.test.volume_per_day,) * 2)} agreed"
