"""The answers of /deal-script: a script to copy, the list of scripts, and one sentence for what was not understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.deal import Deal
from bot.playbook.finding import Finding
from bot.playbook.scenarios import FINDINGS, SUBJECTS, title
from templates.kit import Block, Message, copyable, header, lines, section
from templates.quote import neutral
from templates.scripts import Scripts
from templates.status import one_of
from templates.words import when

USAGE = "`/deal-script objection-too-busy Acme` gives one for a deal; without a customer's name it is the deal of this channel."


@dataclass(frozen=True, slots=True)
class ScriptView:
    """A script asked for: what it answers, for which deal, to whom; `heard` when that was really said."""

    finding: Finding
    deal: Deal
    today: date
    scripts: Scripts
    speaker: str | None = None
    heard: bool = False


def script_card(view: ScriptView) -> Message:
    """The script with this deal's figures, and what to say next where there is a second step."""
    finding, deal = view.finding, view.deal
    name = _called(finding)
    said = f"Answers what was heard: {neutral(view.finding.quote)}" if view.heard else "Nothing of this kind is open; addressed to all."
    where = when(finding, deal, view.today)
    blocks: list[Block] = [header(f": {name}", of=deal.customer), lines(f"{where[:1].upper()}{where[1:]}", said)]
    blocks.append(copyable(view.scripts.script(finding, deal, view.speaker, view.today)))
    then = view.scripts.next_step(finding, deal, view.speaker, view.today)
    if then:
        blocks += [lines("Once they confirm that:"), copyable(then)]
    return Message(f"{neutral(deal.customer)}: script for “{name}”", blocks)


def script_list() -> Message:
    """All scripts by name, and how to ask for one."""
    names = "\n".join(f"• `{name}` — {words}" for name, words in FINDINGS.items())
    text = f"*Scripts*\n{names}\n\n{USAGE} For `contradiction` name the term too: `/deal-script contradiction price Acme`."
    return Message("Scripts: " + ", ".join(FINDINGS), [section(text)])


def unknown_script(asked: str, closest: Sequence[str]) -> Message:
    """There is no such script; `closest` are names to offer."""
    meant = f" Did you mean {one_of([f'`{name}`' for name in closest])}?" if closest else " `/deal-script` lists them all."
    return _plain(f"I know no script named “{neutral(asked, 80)}”.{meant}")


def unknown_term(asked: str, closest: str) -> Message:
    """There is no such term of a contradiction, and a similar one to offer."""
    return _plain(f"I know no term “{neutral(asked, 80)}”. Did you mean `/deal-script contradiction {closest}`?")


def which_term() -> Message:
    """A contradiction without its term, and none open."""
    terms = ", ".join(f"`{subject}`" for subject in SUBJECTS if subject != "other")
    return _plain(f"Which term? Name it, as in `/deal-script contradiction price`: {terms}.")


def gone_wrong() -> Message:
    """Something of ours failed."""
    return _plain("That didn't work just now, and it is logged. Please try again in a minute.")


def _called(finding: Finding) -> str:
    name = title(finding.scenario)
    return f"{name} ({SUBJECTS[finding.subject]})" if finding.subject in SUBJECTS else name


def _plain(text: str) -> Message:
    return Message(text, [section(text)])
