"""Words for a finding: the jump-in script to paste, and the headline that says both figures."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date
from functools import cache

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.deal import Deal
from bot.playbook.finding import Finding
from bot.playbook.scenarios import FINDINGS, SUBJECTS, title
from templates.facts import Facts, facts
from templates.figures import days, rate, short_day
from templates.quote import clean

FOLDERS = ("jump_in", "objections", "ramp", "red_flags")
"""Where scripts lie: <folder>/<scenario>.j2, and <scenario>-step-2.j2 for what to say next."""

_BREAK = re.compile(r"\n\s*\n")


def script(finding: Finding, deal: Deal, speaker: str | None, today: date | None = None) -> str:
    """The filled-in text to paste, addressed to the speaker's first name; dates in it count from `today` (default: the finding's day).

    Empty for a signal: there is nothing to answer.
    """
    return _rendered(finding.scenario, facts(finding, deal, speaker, today)) if finding.scenario in FINDINGS else ""


def next_step(finding: Finding, deal: Deal, speaker: str | None, today: date | None = None) -> str | None:
    """What to say once the first script is answered; None where the scenario has one step only."""
    name = f"{finding.scenario}-step-2"
    return _rendered(name, facts(finding, deal, speaker, today)) if name in scripts() else None


def headline(finding: Finding, deal: Deal) -> str:
    """As "Acme: 10-15/day said, 150/day agreed — test day 3 of 14"; without a figure, what happened by its title."""
    said, agreed = _said(finding), _agreed(finding, deal)
    figures = f"{clean(said, 40)}, {clean(agreed, 60)}" if agreed else clean(said, 60)
    return f"{clean(deal.customer, 50)}: {figures} — {when(finding, deal)}"


def when(finding: Finding, deal: Deal) -> str:
    """Where in the deal it was said: "test starts in 3 days", "test day 3 of 14", "day 16, ramp due since 2 Mar"."""
    day = finding.test_day
    if day <= 0:
        return "test starts tomorrow" if day == 0 else f"test starts in {days(1 - day)}"
    if day <= deal.test_days:
        return f"test day {day} of {deal.test_days}"
    due = "since" if finding.phase == "after-test" else "on"
    return f"day {day}, ramp due {due} {short_day(deal.ramp_starts)}"


@cache
def scripts() -> dict[str, str]:
    """Script name (file stem) -> template path, as shipped in this package."""
    paths = (path for path in _environment().list_templates() if path.partition("/")[0] in FOLDERS and path.endswith(".j2"))
    return {path.rpartition("/")[2].removesuffix(".j2"): path for path in paths}


def _rendered(name: str, known: Facts) -> str:
    """The template's paragraphs, each on one line, so that files may be wrapped as they read best."""
    text = _environment().get_template(scripts()[name]).render({field.name: getattr(known, field.name) for field in fields(known)})
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in _BREAK.split(text) if paragraph.strip())


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=PackageLoader("templates", ""),
        undefined=StrictUndefined,
        autoescape=False,  # plain text to paste, never HTML
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _said(finding: Finding) -> str:
    said = rate(finding.said_per_day)
    if finding.scenario != "contradiction":
        return f"{said} said" if said else title(finding.scenario).lower()
    words = said if finding.said is None or (said and "/day" in finding.said) else finding.said
    subject = SUBJECTS.get(finding.subject or "", SUBJECTS["other"])
    return f"{subject} {words} said" if words else f"{subject} contradicted"


def _agreed(finding: Finding, deal: Deal) -> str | None:
    if finding.scenario == "contradiction":
        return f"{finding.agreed} agreed" if finding.agreed else None
    per_day = finding.agreed_per_day
    figure = rate((per_day, per_day)) if per_day is not None else None
    return f"{figure or rate((deal.test.volume_per_day,) * 2)} agreed"
