"""Why something was raised as it was, or was not, in one sentence."""

from __future__ import annotations

from collections.abc import Iterator

from bot.playbook.explanation import Explanation, Unasked
from bot.playbook.finding import Finding
from bot.playbook.outcome import Outcome
from bot.playbook.scenarios import SIGNALS, SUBJECTS, title
from templates.amounts import chance

VERDICTS = ("raised", "signal", "held", "dropped", "nothing")
"""What a verdict may come to."""

SILENT = {
    "own-side": "our own side is never judged",
    "standard-coverage": "the deal is on standard coverage, so nothing is judged",
    "bot": "a bot that the deal does not list",
    "own-message": "these are the bot's own words",
}

UNASKED: dict[Unasked, str] = {
    "no weights": "not asked, as its weights are not installed",
    "not about shipping": "not asked, as this and the last messages are not about shipping by their words: then nothing is raised",
}

HELD = {
    "repeat": "the same side said it before, and its finding stands; there is no second message",
    "vetoed": "the strong reader finds that it is not said",
}

_RAISED = {"now": "direct message now", "digest": "daily digest", "log": "on the deal card"}


def name(scenario: str, subject: str | None = None) -> str:
    """A scenario for people; a contradiction with what it is about."""
    return f"{title(scenario)} ({SUBJECTS[subject]})" if subject in SUBJECTS else title(scenario)


def verdicts(explanation: Explanation) -> Iterator[tuple[str, str]]:
    """What became of a message, and why: one of VERDICTS with a sentence, for all that was weighed; one for nothing at all.

    Without a deal there is none.
    """
    if not explanation.judged:
        return
    if explanation.silent:
        yield "nothing", SILENT.get(explanation.silent, explanation.silent)
        return
    outcomes = explanation.outcomes
    raised = [one for one in outcomes if one.finding]
    told = [one for one in outcomes if one.finding or one.by in ("outdone", "refuted")]
    told += [one for one in outcomes if one.by in ("unlikely", "foreign")]
    yield from (_verdict(outcome) for outcome in told)
    if not raised and not any(one.by in ("unlikely", "refuted", "foreign") for one in outcomes):
        yield "nothing", _nothing(explanation)


def _verdict(outcome: Outcome) -> tuple[str, str]:
    finding = outcome.finding
    if finding is None:
        return "dropped", _dropped(outcome)
    called = name(finding.scenario, finding.subject)
    if finding.suppressed:
        return "held", f"{called}: {HELD.get(finding.suppressed, finding.suppressed)}"
    if finding.scenario in SIGNALS:
        return "signal", f"{called}, {_RAISED['log']}: {_confirmed(outcome)}"
    return "raised", f"{called}, {_RAISED[finding.urgency]}: {_because(outcome, finding)}{_renamed(outcome, finding)}"


def _nothing(explanation: Explanation) -> str:
    """Why nothing was found at all."""
    known = any(not entry.perhaps for entry in explanation.entries)
    rules = "nothing in it departs from the deal by the rules" if known else "no rule finds anything in it"
    unheard = next((one for one in explanation.outcomes if one.by == "not-heard"), None)
    if unheard:
        which = " at a second look" if unheard.second else ""
        return f"{rules}, and the trained reader gives it {chance(unheard.chance)}{which} ({chance(unheard.needed)} needed)"
    return f"{rules}; the trained reader was {UNASKED[explanation.unasked]}" if explanation.unasked else rules


def _confirmed(outcome: Outcome) -> str:
    if outcome.by == "heard":
        return f"the trained reader hears it ({chance(outcome.chance)}; {chance(outcome.needed)} needed)"
    return "the rules hear it"


def _because(outcome: Outcome, finding: Finding) -> str:
    sure, needed = chance(outcome.chance), chance(outcome.needed)
    now = finding.urgency == "now"
    told = {
        "rules": ("the rules are sure of it", "the rules are not sure enough to ring"),
        "both": ("the rules hear it and the trained reader agrees", "the rules hear it, but the trained reader is not sure enough to ring"),
        "heard": ("the trained reader alone is very sure", "only the trained reader hears it, and is not sure enough to ring"),
    }[outcome.by][0 if now else 1]
    which = " at a second look" if outcome.second else ""
    return f"{told} ({sure}{which}; a direct message needs {needed})"


def _renamed(outcome: Outcome, finding: Finding) -> str:
    if outcome.by != "both" or finding.scenario == outcome.scenario:
        return ""
    return f"; the rules called it {title(outcome.scenario)}, the trained reader is far surer of this name"


def _dropped(outcome: Outcome) -> str:
    sure, needed, called = chance(outcome.chance), chance(outcome.needed), title(outcome.scenario)
    return {
        "unlikely": f"{called}: the rules hear it, but the trained reader gives it {sure} only ({needed} needed)",
        "refuted": f"{called}: the trained reader thinks of it ({sure}), but the figures of the message meet what is agreed",
        "foreign": f"{called}: the rules hear it, but this and the last messages are not about shipping by their words",
        "outdone": f"{called}: the same message gives a volume that is too low",
    }.get(outcome.by, f"{called}: {outcome.by}")
