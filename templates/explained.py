"""An explanation in rows for people: what was seen, said, claimed, what the trained reader thinks, and why it was raised or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.language.model.hunch import SUBJECT, UNLIKELY
from bot.language.own_words import answered
from bot.language.statement import Quantity
from bot.language.volume import WEIGHED
from bot.playbook.account import Entry, Meant
from bot.playbook.arithmetic import shown
from bot.playbook.explanation import Explanation
from bot.playbook.hunch import PERHAPS_MEANT
from bot.playbook.scenarios import FINDINGS, SIGNALS, SUBJECTS, title
from templates.amounts import chance, daily, value
from templates.quote import clean
from templates.verdicts import UNASKED, name, verdicts

Row = tuple[str, str]
"""What it is about, and the sentence."""

FIGURES = 8
"""Figures of a message that are listed."""

LIKELY = 0.01
"""From this chance on a second label is worth naming."""

LOWERED = 0.1
"""From so much on it is told by how much the chance sank for the talk around."""

_KINDS = {
    "date": "a date",
    "duration": "a length of time",
    "weight or size": "a weight or size",
    "identifier": "the name or number of something",
    "rank": "which one, not how many",
    "time of day": "a time of day",
    "pronoun": "a word for a thing, not a count",
    "money": "money",
    "days a week": "days of the week",
    "corrected": "taken back by the speaker",
    "too little says that this is volume": "too little around it says that it is their volume",
    "no whole count": "not a whole number, so not a count",
    "supplies or people": "counts supplies or people",
    "mishaps": "counts mishaps (damaged, lost, late)",
    "negated": "denied",
    "an addition, not a level": "something extra, not a level",
    "a rate that is not time": "per something that is not time",
    "hypothetical": "only supposed",
    "disowned": "said by somebody else, and not agreed with",
    "hearsay": "only what others say",
    "capacity": "what would fit, not what comes",
}
_ACTS = {"proposes-volume": "proposes a volume", "reports-volume": "reports a volume"}
_OTHER_SUBJECTS = {"test.end": "test's last day"}
_STANCES = {
    "asked": "as a question",
    "rejected": "denied",
    "hypothetical": "only supposed",
    "corrected": "taken back",
    "hearsay": "as what others say",
}


def rows(explanation: Explanation) -> list[Row]:
    """All rows, in the order in which the bot works."""
    if explanation.silent:
        return list(verdicts(explanation))
    found = [*_answered(explanation), *_figures(explanation), *_said(explanation), *_trained(explanation), *_example(explanation)]
    found += [("note", note) for note in explanation.reading.notes if note.startswith("only the first")]
    return found + list(verdicts(explanation))


def _answered(explanation: Explanation) -> Iterator[Row]:
    quoted = answered(explanation.text)
    if quoted is not None:
        yield "quoted", f"“{clean(quoted, 120)}”, which this answers: somebody else's words, taken as said before"


def _figures(explanation: Explanation) -> Iterator[Row]:
    asides = explanation.asides
    volumes = {entry.statement.quantity.start for entry in explanation.entries if entry.statement.quantity and not entry.is_claim}
    for quantity in explanation.quantities[:FIGURES]:
        taken = ", taken as a volume" if quantity.start in volumes else ""
        yield "figure", _figure(quantity, asides.get(quantity.start)) + taken
    if len(explanation.quantities) > FIGURES:
        yield "figure", f"and {len(explanation.quantities) - FIGURES} more"


def _figure(quantity: Quantity, aside: str | None) -> str:
    said, amounts = clean(quantity.span, 60), value(quantity)
    unknown = quantity.low is None and quantity.high is None
    same = unknown or said.lower() == amounts.lower() or quantity.kind in ("identifier", "ordinal")
    told = f"“{said}”" if same else f"“{said}” = {amounts}"
    why = aside or (quantity.role if quantity.kind != "number" else None)
    if why is None:
        return told
    if quantity.kind in ("number", "percent", "fraction"):
        return f"{told}, set aside: {_KINDS.get(why, why)}"
    return f"{told}, {_KINDS.get(why, why)}"


def _said(explanation: Explanation) -> Iterator[Row]:
    whole = explanation.text
    for entry in explanation.entries:
        if not entry.is_claim:
            yield "said", _statement(entry, whole)
    heard = explanation.reading.hunch
    for entry in explanation.entries:
        if entry.is_claim and (not entry.perhaps or (entry.came == "differs" and heard and heard.any >= UNLIKELY)):
            yield "claim", _claim(entry, whole)


def _statement(entry: Entry, whole: str) -> str:
    made = entry.statement
    stance = f" ({_STANCES[made.stance]})" if made.stance in _STANCES else ""
    figure = f" = {daily(entry.said)}" if entry.said else ""
    held = f", {entry.why}" if entry.why else ""
    return f"{_ACTS.get(made.act) or title(made.act)}{stance}{_quoted(entry, whole)}{figure}{held}. {_rule(entry)}"


def _claim(entry: Entry, whole: str) -> str:
    about = entry.statement.about or "other"
    called = SUBJECTS.get(about, _OTHER_SUBJECTS.get(about, "agreed terms"))
    held = f": {entry.why}" if entry.why else ""
    return f"{'perhaps' if entry.perhaps else 'speaks'} of the {called}{_quoted(entry, whole)}{held}. {_rule(entry)}"


def _quoted(entry: Entry, whole: str) -> str:
    """The words that say it, where they are not all there is."""
    quote = clean(entry.statement.quote, 120).rstrip(".,;:")
    return f" “{quote}”" if len(quote) < 0.8 * len(clean(whole, 2_000)) else ""


def _rule(entry: Entry) -> str:
    made = entry.statement
    if entry.perhaps:
        return "Counts only if the trained reader thinks of it too."
    if made.rule == WEIGHED:
        return f"By the words around the figure, {chance(made.sure)} sure."
    rule = made.rule.removeprefix("claim: ")
    return f"Rule “{SUBJECTS.get(rule, rule)}”, {chance(made.sure)} sure."


def _trained(explanation: Explanation) -> Iterator[Row]:
    hunch = explanation.reading.hunch
    if explanation.unasked or hunch is None:
        if explanation.unasked and not explanation.judged:
            yield "reader", f"trained reader {UNASKED[explanation.unasked]}"
        return
    chances = f"trained reader: {chance(hunch.any)} that the rep must know of it"
    if hunch.alone is not None and hunch.alone >= hunch.any + LOWERED:
        chances += f" ({chance(hunch.alone)} by its words, lowered as the last messages are hardly about shipping)"
    elif hunch.any < UNLIKELY:
        if not explanation.judged:
            yield "reader", chances
        return
    labels = [label for label in (*FINDINGS, *SIGNALS) if label in hunch.labels]
    best = sorted(labels, key=lambda label: -hunch.labels[label])[:2]
    named = [f"{_label(label, hunch.labels)} {chance(hunch.labels[label])}" for label in best if hunch.labels[label] >= LIKELY]
    likely = f"; most like {', then '.join(named)}" if named else ""
    figures = [_meant(one) for one in explanation.meant if one.chance >= PERHAPS_MEANT]
    figure = f"; the volume meant may be {' or '.join(figures[:2])}" if figures else ""
    second = f"; at a second look {chance(hunch.worth)}" if hunch.worth is not None else ""
    yield "reader", f"{chances}{likely}{figure}{second}"


def _meant(one: Meant) -> str:
    """ "95 a day by “95 packages” (71%)"; what is not said in so many words has no span."""
    amount = f"{shown(one.said)} a day" if one.said else ""
    words = f"“{clean(one.quantity.span, 60)}”" if one.quantity.span.strip() else ""
    return f"{' by '.join(filter(None, (amount, words)))} ({chance(one.chance)})"


def _label(label: str, chances: Mapping[str, float]) -> str:
    if label != "contradiction":
        return title(label)
    subjects = [subject for subject in SUBJECTS if SUBJECT + subject in chances]
    best = max(subjects, key=lambda subject: chances[SUBJECT + subject], default=None)
    return name(label, best)


def _example(explanation: Explanation) -> Iterator[Row]:
    near, hunch = explanation.example, explanation.reading.hunch
    told = any(outcome.finding for outcome in explanation.outcomes) or (hunch is not None and hunch.any >= UNLIKELY)
    if near is None or not (told or not explanation.judged):
        return
    labels = " and ".join(name(scenario, subject or None) for scenario, _, subject in (one.partition(" ") for one in near.example.labels))
    yield "like", f"labelled {labels}, {near.similarity:.0%} alike: “{clean(near.example.text, 160)}” ({near.example.conversation})"
