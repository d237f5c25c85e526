"""The report of a call in one message: what to set right, with the note to send; what was confirmed, promised, asked, new, and unsaid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.calls.due import Due
from bot.calls.line import Line
from bot.calls.next_steps import Promise
from bot.calls.report import CallReport, Point, Voice
from bot.deal import Deal
from bot.playbook.finding import Finding
from bot.playbook.scenarios import title
from templates.call_letter import letter
from templates.figures import short_day
from templates.kit import Block, Message, copyable, header, lines, quoted, section
from templates.quote import clean, neutral
from templates.scripts import OURS, Scripts
from templates.words import headline, when

MOST_POINTS = 6
"""Points with their notes; a message has 50 blocks, and nobody writes more notes after one call."""

MOST_LINES = 8

EMAIL_HEADING = "Follow-up email, ready to edit"

_SIDES = {"customer": "customer", "implementation": "implementation team", "own": "our side", "unknown": "not known"}
_UNSAID: dict[Due, str] = {
    "test-volume": "the agreed test volume of {test}/day",
    "test-start": "the test's start on {starts}",
    "pickup": "the pickup",
    "actual-volume": "the volume as it runs now",
    "criteria": "how the test looks: {criteria}",
    "ramp": "the ramp to {ramp}/day on {ramps}",
    "next-step": "a next step with a date",
}


@dataclass(frozen=True, slots=True)
class CallView:
    """What the report shows: the call's name, the report, the deal as agreed on its day, and the day on which notes are sent."""

    name: str
    report: CallReport
    deal: Deal
    today: date
    scripts: Scripts = OURS


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the report: its heading, lines, and text to copy. `quote` are another's words; `small` is about the heading."""

    heading: str
    small: str = ""
    quote: str = ""
    told: tuple[str, ...] = ()
    copy: str = ""


def call_report(view: CallView, *, email: bool = True) -> Message:
    """The message; without the `email` where that is behind a button."""
    head = call_headline(view)
    blocks: list[Block] = [header(head), lines(neutral(about(view)))]
    for part in parts(view, email=email):
        blocks += _blocks(part)
    return Message(neutral(head), blocks)


def call_headline(view: CallView) -> str:
    """As "Call with Acme, 2 Nov: 2 points to set right"."""
    count = len(_by_turn(view.report.points))
    what = f"{count} point{'' if count == 1 else 's'} to set right" if count else "nothing to set right"
    return f"Call with {clean(view.deal.customer, 50)}, {short_day(view.report.day)}: {what}"


def about(view: CallView) -> str:
    """As "38 min · test starts in 3 days · Dana Ortiz, Ivan Petrov, Riley Chen"."""
    report = view.report
    long = f"{max(1, round(report.seconds / 60))} min" if report.seconds else f"{report.turns} turns"
    here = Finding("wait-and-see", "", "", "log", "unknown", view.deal.phase(report.day), view.deal.test_day(report.day))
    who = ", ".join(clean(voice.face.person.name if voice.face.person else voice.face.speaker.name, 40) for voice in report.voices[:8])
    more = f" and {len(report.voices) - 8} more" if len(report.voices) > 8 else ""
    return " · ".join(one for one in (long, when(here, view.deal), f"{who}{more}") if one)


def parts(view: CallView, *, email: bool = True) -> Iterator[Part]:
    """The parts of the report, in the order to read them; those without content are left out."""
    report = view.report
    turns = _by_turn(report.points)
    for number, points in enumerate(turns[:MOST_POINTS], start=1):
        yield _point(view, points, number)
    lists: dict[str, list[str]] = {
        "Also to set right": [_brief(view, points) for points in turns[MOST_POINTS:]],
        "Worth a look": [_brief(view, points) for points in _by_turn(report.perhaps)],
        "Confirmed": [_brief(view, points) for points in _by_turn(report.confirmed)],
        "Promised": [_promise(one) for one in report.promises],
        "Days named": [f"{_day(one.day)}: {_said(one.said, one.line)}" for one in report.dates],
        "Left unanswered": [_said(one.asked, one.line) for one in report.questions],
        "New on the call": [_stranger(voice) for voice in report.strangers],
        "Due, and not mentioned": [_unsaid(one, view.deal) for one in report.unsaid],
    }
    for heading, told in lists.items():
        if told:
            more = [f"and {len(told) - MOST_LINES} more"] if len(told) > MOST_LINES else []
            yield Part(heading, told=(*told[:MOST_LINES], *more))
    if email:
        yield Part(EMAIL_HEADING, copy=letter(report, view.deal, view.today, view.scripts))


def _by_turn(points: Sequence[Point]) -> list[list[Point]]:
    """The points, those of one turn together: they are answered together."""
    turns: dict[str, list[Point]] = {}
    for point in points:
        turns.setdefault(point.line.key, []).append(point)
    return list(turns.values())


def _point(view: CallView, points: Sequence[Point], number: int) -> Part:
    first, line = points[0], points[0].line
    again = f", said {first.count} times" if first.count > 1 else ""
    return Part(
        f"{number}. {_first_up('; '.join(_what(view, point) for point in points))}",
        f"{_name(line)} ({_SIDES[first.finding.side]}){_said_at(line)}{again}",
        _quoted([point.finding.quote for point in points], line.text),
        copy=view.scripts.note([point.finding for point in points], view.deal, _addressed(line), view.report.day, view.today),
    )


def _quoted(quotes: Sequence[str], text: str) -> str:
    """The quotes from one turn, in their order there; what two of them share is said once."""
    found = sorted({(at, at + len(quote)) for quote in quotes if (at := text.find(quote)) >= 0})
    pieces: list[tuple[int, int]] = []
    for start, end in found:
        if pieces and start <= pieces[-1][1] + 1:
            pieces[-1] = (pieces[-1][0], max(end, pieces[-1][1]))
        else:
            pieces.append((start, end))
    told = [text[start:end] for start, end in pieces] + [quote for quote in dict.fromkeys(quotes) if quote not in text]
    return " … ".join(clean(one) for one in told)


def _what(view: CallView, point: Point) -> str:
    """As "start small and build: 15/day said, 150/day agreed"; without a figure the title alone."""
    name = title(point.finding.scenario)
    if point.finding.said_per_day is None and point.finding.scenario != "contradiction":
        return name.lower()
    head = headline(point.finding, view.deal).removeprefix(f"{clean(view.deal.customer, 50)}: ")
    figures = head.removesuffix(f" — {when(point.finding, view.deal)}")
    return figures if point.finding.scenario == "contradiction" else f"{name.lower()}: {figures}"


def _addressed(line: Line) -> str | None:
    """Whom a note greets by name: nobody, where several may have spoken."""
    return None if line.face and line.face.shared else line.name


def _brief(view: CallView, points: Sequence[Point]) -> str:
    names = _first_up(", ".join(_what(view, point) for point in points))
    return f"{names}: {_said(max((point.finding.quote for point in points), key=len), points[0].line)}"


def _said(words: str, line: Line) -> str:
    return f"“{clean(words, 160)}”, {_name(line)}{_said_at(line)}"


def _promise(one: Promise) -> str:
    by = f" ({_day(one.by)})" if one.by else ""
    return f"{_name(one.line)}: {clean(one.action, 160)}{by}{_said_at(one.line)}"


def _name(line: Line) -> str:
    return clean(line.name or "", 60) or "Somebody"


def _said_at(line: Line) -> str:
    return f", at {line.moment}" if line.moment else ""


def _day(day: date) -> str:
    return f"{day:%a} {short_day(day)}"


def _stranger(voice: Voice) -> str:
    face = voice.face
    name = f"{clean(face.speaker.name, 60)}, {voice.turns} turn{'' if voice.turns == 1 else 's'}"
    if face.shared:
        return f"{name}: several people may speak here{_taken(voice)}"
    if face.candidates:
        people = " or ".join(f"{clean(one.name, 60)} ({one.role.replace('-', ' ')})" for one in face.candidates[:3])
        return f"{name}: perhaps {people}{_taken(voice)}"
    return f"{name}: not among the deal's people{_taken(voice)}"


def _taken(voice: Voice) -> str:
    return f"; heard as {voice.face.role.replace('-', ' ')}" if voice.face.role else ""


def _unsaid(due: Due, deal: Deal) -> str:
    criteria = ", ".join(clean(one, 60) for one in deal.test.success[:4]) or "transit, billing, operations"
    return _UNSAID[due].format(
        test=f"{deal.test.volume_per_day:,}",
        starts=short_day(deal.test.starts),
        criteria=criteria,
        ramp=f"{deal.ramp_per_day:,}",
        ramps=short_day(deal.ramp_starts),
    )


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


def _blocks(part: Part) -> Iterator[Block]:
    told = "".join(f"\n• {neutral(line, 400)}" for line in part.told)
    yield section(f"*{neutral(part.heading)}*{told}")
    if part.small:
        yield lines(neutral(part.small))
    if part.quote:
        yield quoted(part.quote)
    if part.copy:
        yield copyable(part.copy)
