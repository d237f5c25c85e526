"""What is written into the CRM about a deal: plain text, short, in the words of the trade; nobody's words unless that is switched on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.deal import Amendment
from bot.playbook.clock.boxes import BOXES, TITLES
from bot.playbook.scenarios import title as title_of
from templates.quote import clean
from templates.term_words import LABELS, long_day, term_words

_BY = "Written by Jump-In"


@dataclass(frozen=True, slots=True)
class Words:
    """A title and a text."""

    title: str
    text: str


def amended(lines: Sequence[Amendment], who: str) -> Words:
    """Terms that were agreed anew."""
    first = lines[0]
    told = [f"{LABELS[one.term]}: {term_words(one.term, one.old)} → {term_words(one.term, one.new)}" for one in lines]
    agreed = f"From {long_day(first.effective)}, agreed by {clean(first.ours, 100)} and {clean(first.theirs, 100)}."
    where = [first.link] if first.link else []
    return Words("Terms have changed", "\n".join([*told, agreed, *where, _signed(who)]))


def used(scenario: str, figures: tuple[str | None, str | None], quote: str | None, link: str | None, who: str) -> Words:
    """A jump-in: what it was about, said and agreed figures, and the words only where they are given."""
    said, agreed = figures
    told = [f"Said: {said}, agreed: {agreed}"] if said and agreed else []
    told += [f"“{clean(quote, 500)}”"] if quote else []
    return Words(f"Jumped in: {title_of(scenario)}", "\n".join([*told, *([link] if link else []), _signed(who)]))


def next_step(title: str, day: date, objection: str | None, who: str) -> Words:
    """What was agreed after an objection or delay, as a task."""
    told = [f"After: {title_of(objection)}"] if objection else []
    return Words(clean(title, 200), "\n".join([f"Agreed for {long_day(day)}.", *told, _signed(who)]))


def ticked(keys: Sequence[str], day: date, who: str) -> Words:
    """What was ticked on a day, by checklist."""
    lists: Mapping[str, list[str]] = {name: [box.words for box in boxes if box.key in keys] for name, boxes in BOXES.items()}
    told = [f"{TITLES[name]}: {'; '.join(words)}" for name, words in lists.items() if words]  # type: ignore[index]
    return Words(f"Checklists on {long_day(day)}", "\n".join([*told, _signed(who)]))


def shipped(monday: date, days: int, packages: int, agreed: float) -> Words:
    """A week's volume: the average of the days with data beside what was agreed for them."""
    average = packages / days
    told = f"{packages:,} packages on {days} day{'' if days == 1 else 's'} with data: {average:,.0f} a day."
    variance = f"Agreed: {agreed:,.0f} a day; variance {100 * (average - agreed) / agreed:+.0f}%."
    return Words(f"Volume in the week of {long_day(monday)}", f"{told}\n{variance}\n{_BY}.")


def _signed(who: str) -> str:
    return f"{_BY}{f' for {clean(who, 100)}' if who else ''}."
