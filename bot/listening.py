"""A whole conversation, heard as the live bot hears a channel: the same path, turn by turn, with what was raised before; and its report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from bot.calls.belongs import Belonging, belongs
from bot.calls.line import Line
from bot.calls.report import CallReport, report
from bot.deal import Deal, Person
from bot.ears import Hearing, Talk, hear, side_of_role
from bot.language.spoken import plainly
from bot.language.statement import Reading, Side, Utterance
from bot.playbook.finding import Finding, Raised
from bot.speakers import Face, Remembered, Speaker, faces
from bot.strong.opinion import Opinion
from bot.strong.question import Asking
from bot.strong.rulings import applied
from store.sources.conversation import Conversation, Turn

LONGEST_NAME = 200
"""Characters of a speaker's name that are looked at."""

Second = Callable[[Asking], Opinion]
"""How the strong reader is asked."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One turn and what came of it. `speaker`: the deal's id of who spoke where known, else what the file says.

    `face`: whom of the deal's people the transcript's name is, or may be.
    `opinion` is the exchange with the strong reader, where there is one; its rulings are in the hearing's findings already.
    """

    turn: Turn
    at: datetime | None
    side: Side
    speaker: str
    name: str | None
    hearing: Hearing
    opinion: Opinion | None = None
    face: Face | None = None


def listen(
    conversation: Conversation,
    deal: Deal,
    default_zone: tzinfo,
    second: Second | None = None,
    known: Remembered | None = None,
    *,
    thorough: bool = False,
) -> Iterator[Heard]:
    """Every turn in order. Times with a zone become the customer's local time (`default_zone` where the deal names none).

    `known` are answers to who a speaker is; `thorough` reads also what can raise nothing, to explain it.
    """
    talk, raised, names = Talk(), list[Raised](), dict[str, str]()
    seen = faces(deal, speakers_of(conversation), known=known)
    zone = ZoneInfo(deal.timezone) if deal.timezone else default_zone
    for turn in conversation.turns:
        person, face = deal.person(turn.speaker), seen.get(_called(turn))
        person = person or (face.person if face and not turn.bot else None)
        side = side_of(turn, person, face)
        at = turn.at.astimezone(zone).replace(tzinfo=None) if turn.at and turn.at.tzinfo else turn.at
        speaker = person.id if person else turn.speaker
        names[speaker] = turn.name or speaker
        opinion = None
        if turn.bot and person is None:
            hearing = Hearing(Reading(), silent="bot")
        else:
            text = plainly(turn.text) if conversation.medium == "call" else turn.text
            said = Utterance(text, side, speaker, at, turn.key, turn.thread)
            hearing = hear(deal, talk, said, raised, thorough=thorough)
            opinion = second(Asking(deal.on(at.date()) if at else deal, said, talk.before(said), hearing, names)) if second else None
        if opinion is not None:
            hearing = replace(hearing, findings=applied(hearing.findings, opinion.rulings, raised))
        raised.extend(_raised(finding) for finding in hearing.findings if finding.suppressed is None)
        yield Heard(turn, at, side, speaker, person.name if person else turn.name, hearing, opinion, face)


def speakers_of(conversation: Conversation) -> Iterator[Speaker]:
    """Whoever speaks in a conversation, as the transcript calls them."""
    return (Speaker(_called(turn), turn.email) for turn in conversation.turns if not turn.bot)


def doubt_of(conversation: Conversation, deal: Deal, others: Sequence[str] = (), known: Remembered | None = None) -> Belonging:
    """Whether to ask first if a call is of this deal; `others` are customers that it may be of instead."""
    seen = faces(deal, speakers_of(conversation), known=known)
    return belongs(deal, conversation.id, [turn.text for turn in conversation.turns], tuple(seen.values()), others)


def call_day(heard: Sequence[Heard], deal: Deal) -> date:
    """The day of a call by the customer's calendar; the test's first where the call has no time."""
    return next((one.at.date() for one in heard if one.at), deal.test.starts)


def report_of(heard: Sequence[Heard], deal: Deal) -> CallReport:
    """The report of a call that was heard, by the deal as agreed on its day."""
    day = call_day(heard, deal)
    return report([line_of(one) for one in heard], deal.on(day), faces_of(heard), day)


def line_of(heard: Heard) -> Line:
    """A turn that was heard as a line of the report."""
    person = heard.face.person if heard.face else None
    turn = heard.turn
    return Line(turn.key, turn.text, heard.side, heard.name, person, heard.face, heard.at, turn.moment, heard.hearing.findings)


def faces_of(heard: Sequence[Heard]) -> tuple[Face, ...]:
    """Who spoke, each once."""
    return tuple({one.face.speaker.name: one.face for one in heard if one.face}.values())


def side_of(turn: Turn, person: Person | None, face: Face | None = None) -> Side:
    """Which side spoke: as the deal says, else as the file says, else as the speaker's name tells."""
    if person:
        return side_of_role(person.role)
    return turn.side or (side_of_role(face.role) if face and face.role and not turn.bot else "unknown")


def _called(turn: Turn) -> str:
    return (turn.name or turn.speaker)[:LONGEST_NAME]


def _raised(finding: Finding) -> Raised:
    return Raised(finding.scenario, finding.subject, finding.side, finding.said_per_day, finding.said)
