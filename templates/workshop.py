"""The managers' workshop: the form for plusses and deltas, and the pack as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.playbook.numbers.report import Numbers
from bot.playbook.scenarios import FINDINGS, title
from bot.playbook.weekly import Weekly
from bot.playbook.workshop import Action, Cause, Note
from templates.form import View, modal, notice, text_field
from templates.kit import section
from templates.new_form import STAGES
from templates.numbers.words import achievements, expectation, short, told, waiting
from templates.pages.page import filled
from templates.weekly import help_line, move_line, no_risk, risk_line, unknown_line

NOTED = "jumpin-workshop-noted"
"""Callback id of the form."""

PLUSSES, DELTAS = "plusses", "deltas"

MOST_RISKS, MOST_CAUSES, MOST_MOVES = 12, 6, 12


@dataclass(frozen=True, slots=True)
class Workshop:
    """All that the pack shows. `names`: who noted something, by Slack id."""

    title: str
    first: date
    day: date
    numbers: Numbers
    week: Weekly
    notes: Sequence[Note]
    causes: Sequence[Cause]
    actions: Sequence[Action]
    names: Mapping[str, str]


def note_form(kept: Mapping[str, Any]) -> View:
    """A field each, a note a line."""
    fields = [
        section("For the managers' workshop: what works, and what should change? One note a line; everybody there will read it."),
        text_field(PLUSSES, "Plusses: what works", example="Reps step in the same day", many_lines=True),
        text_field(DELTAS, "Deltas: what should change", example="Volume data come a week late", many_lines=True),
    ]
    return modal(NOTED, "Workshop notes", fields, submit="Save", kept=kept)


def noted(count: int) -> View:
    """The notes are kept."""
    return notice("Workshop notes", f"✅ {count} {'note' if count == 1 else 'notes'} kept for the workshop.")


def not_yours() -> View:
    """For whoever is no full member of the team."""
    return notice("Workshop notes", "Sorry, that is open only to our own people.")


def action_words(one: Action) -> str:
    """An action in a sentence, with whom it begins."""
    names = ", ".join(one.names)
    more = f" and {one.count - len(one.names)} more" if one.count > len(one.names) else ""
    deals = f"{one.count} deal{'' if one.count == 1 else 's'}"
    heard = "once" if one.count == 1 else f"{one.count} times"
    return {
        "stalled": f"Bring {deals} to the agreed volume ({one.packages:,.0f} packages a day at stake), first {names}{more}.",
        "reps": f"Help {names}{more}: go through their deals at risk together, and take part in the next customer call.",
        "bottleneck": f"Move {deals} out of {STAGES.get(one.names[0], one.names[0])}, where they wait longest "
        f"({one.packages:,.0f} packages a day).",
        "cause": f"Rehearse the answer to “{FINDINGS.get(one.names[0], '')}”, heard {heard}: the script, and what removes it.",
        "data": f"Get the volume data of {names}{more} to flow.",
        "terms": f"Complete the terms of {names}{more}.",
    }[one.kind]


def workshop_page(made: Workshop) -> str:
    """The pack as a page."""
    found = made.numbers
    return filled(
        "workshop.html.j2",
        title=made.title,
        span=f"{_long(made.first)} – {_long(made.day)}",
        deals=found.deals,
        metrics=[(short(metric), told(metric)) for metric in found.metrics],
        achieved=achievements(found.achieved),
        plusses=[_noted(one, made.names) for one in made.notes if one.kind == "plus"],
        deltas=[_noted(one, made.names) for one in made.notes if one.kind == "delta"],
        waiting=waiting(found.flow),
        causes=[(title(one.scenario), one.findings, one.deals) for one in made.causes[:MOST_CAUSES]],
        risks=[_unmarked(risk_line(one)) for one in made.week.risks[:MOST_RISKS]],
        more_risks=max(0, len(made.week.risks) - MOST_RISKS),
        stake=made.week.stake,
        no_risk=no_risk(made.week),
        unknown=_unmarked(unknown_line(made.week)),
        helps=[_unmarked(help_line(one)) for one in made.week.helps],
        moves=[_unmarked(move_line(one)) for one in made.week.moves[:MOST_MOVES]],
        actions=[action_words(one) for one in made.actions],
        until=_long(made.actions[0].until) if made.actions else "",
        expected=[(one.days, expectation(one)) for one in found.forecast.horizons],
    )


def _noted(one: Note, names: Mapping[str, str]) -> str:
    return f"{one.words} ({names.get(one.by, 'somebody of the team')})"


def _unmarked(line: str) -> str:
    """A line of a message without its markup."""
    return line.replace("*", "").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")


def _long(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
