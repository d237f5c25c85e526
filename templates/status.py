"""The answers of /deal-status: the deal card, the refusal, the closest names, the help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.deal import Deal
from bot.playbook.book import next_date
from bot.playbook.case import weeks
from bot.playbook.clock.survey import Survey
from bot.playbook.deeds import FEED, Standing
from bot.playbook.finding import Finding
from bot.playbook.scenarios import title
from bot.playbook.terms import warnings
from templates.charts.blocks import Volume, volume
from templates.deeds import standing_lines
from templates.figures import days, rate, short_day
from templates.kit import Block, Message, header, lines, link, moment, section
from templates.quote import neutral
from templates.survey import trend

MOST_OPEN = 8
"""Open findings listed one by one; the rest is counted."""

_STAGES = {
    "discovery": "02 Discovery",
    "rate-creation": "03 Rate creation",
    "proposal": "04 Proposal",
    "setup": "05 Setup",
    "implementation": "06 Implementation",
    "closed-won": "07 Closed-won",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A finding or signal on the card: who said it (id, and name where known), when (UTC), and where.

    `until`: snoozed until then; `escalated`: leadership was asked.
    """

    finding: Finding
    speaker_id: str
    speaker_name: str | None
    said_at: datetime
    permalink: str | None = None
    count: int = 1
    until: datetime | None = None
    escalated: bool = False


@dataclass(frozen=True, slots=True)
class StatusView:
    """The deal card: `today` is the customer's calendar day; `stated` and `open` come newest first, `answers` to surveys oldest first.

    `dated`: the deal with its test where it really lies, None where that is as agreed.
    """

    deal: Deal
    today: date
    stated: Sequence[Said] = ()
    open: Sequence[Said] = ()
    timezone: str = "America/New_York"
    answers: Sequence[Survey] = ()
    volume: Volume | None = None
    deeds: Standing | None = None
    dated: Deal | None = None


def status(view: StatusView) -> Message:
    """The deal card."""
    deal, zone, dated = view.deal, ZoneInfo(view.timezone), view.dated or view.deal
    blocks: list[Block] = [header(f"— {day_words(dated, view.today)}", of=deal.customer), _terms(view)]
    stated = [_stated(said, zone) for said in view.stated] or ["Nothing stated yet."]
    blocks.append(section("*Latest figures stated*\n" + "\n".join(stated)))
    if view.deeds is not None:
        blocks.append(lines(*(neutral(line) for line in standing_lines(view.deeds))))
    blocks += volume(view.volume)
    if view.open:
        more = len(view.open) - MOST_OPEN
        shown = [_open(said, zone) for said in view.open[:MOST_OPEN]] + ([f"… and {more} more"] if more > 0 else [])
        blocks.append(section("*Open*\n" + "\n".join(shown)))
    else:
        blocks.append(lines("Nothing open."))
    if view.answers:
        blocks.append(lines(trend(view.answers)))
    departures = warnings(deal)
    if departures:
        blocks.append(lines(*(f"⚠️ {neutral(departure)}" for departure in departures)))
    return Message(f"{neutral(deal.customer)}: {day_words(dated, view.today)}; {next_words(dated, view.today)}", blocks)


def refusal() -> Message:
    """What somebody outside the deal is told, whatever they asked: it must not show whether there is such a deal."""
    return _plain("Sorry, that is open only to our own people on the deal. If you are one of them, ask the rep to add you.")


def unknown(asked: str, closest: Sequence[str], more: int = 0) -> Message:
    """No such deal among those that the asker may see; `closest` are names of such deals, and where nothing was asked there are `more`."""
    tried = f"I know no deal of yours named “{neutral(asked, 80)}”." if asked else "This channel is linked to no deal of yours."
    if not closest:
        what_now = "My *Home* tab lists your deals." if asked else "Add the customer's name to the command."
        return _plain(f"{tried} {what_now}")
    names = [f"*{neutral(name, 80)}*" for name in closest]
    if not asked:
        others = f" and {more} more, which my *Home* tab lists" if more else ""
        return _plain(f"{tried} Your deals: {', '.join(names)}{others}.")
    return _plain(f"{tried} Did you mean {one_of(names)}?")


def one_of(names: Sequence[str]) -> str:
    """As "Acme, Beta or Gamma"."""
    *first, last = names
    return f"{', '.join(first)}{' or ' if first else ''}{last}"


def several(names: Sequence[str]) -> Message:
    """A channel belongs to several deals that the asker may see."""
    named = ", ".join(f"*{neutral(name, 80)}*" for name in names)
    return _plain(f"This channel belongs to more than one of your deals: {named}. Add the customer's name to the command.")


def status_help() -> Message:
    """How the command is used."""
    return _plain(
        "*/deal-status* — the deal of this channel\n"
        "*/deal-status Acme* — a deal by its customer's name; part of it is enough\n"
        "*/deal-status help* — this text\n"
        "Only you see the answer, and only your own deals are shown."
    )


def _plain(text: str) -> Message:
    return Message(text, [section(text)])


def _terms(view: StatusView) -> Block:
    deal = view.deal
    share = f"{deal.volume.share_of_total:.0%} of the total" if deal.volume.share_of_total else "not agreed"
    annual = f"{deal.volume.annual:,} packages" if deal.volume.annual else "not agreed"
    standard = " (standard coverage: not monitored)" if deal.coverage == "standard" else ""
    fields = {
        "Stage": _STAGES[deal.stage] + standard,
        "Next": next_words(view.dated or deal, view.today),
        "Test": f"{deal.test.volume_per_day:,}/day for {weeks(deal.test.weeks)}, {_span(deal)}",
        "Ramp": f"{deal.ramp_per_day:,}/day from {short_day(deal.ramp_starts)}",
        "Committed": f"{deal.volume.committed_per_day:,}/day",
        "Annual": annual,
        "Share": share,
    }
    return {
        "type": "section",
        "fields": [{"type": "mrkdwn", "text": f"*{name}*\n{value}", "verbatim": True} for name, value in fields.items()],
    }


def _span(deal: Deal) -> str:
    return f"{short_day(deal.test.starts)} - {short_day(deal.test_ends)}"


def day_words(deal: Deal, today: date) -> str:
    """Where `today` lies: "test day 3 of 14"."""
    day = deal.test_day(today)
    if day < 1:
        return f"test starts in {days(1 - day)}"
    if day <= deal.test_days:
        return f"test day {day} of {deal.test_days}"
    return f"day {day}, after the test"


def next_words(deal: Deal, today: date) -> str:
    """The next agreed date from `today` on: "test ends 15 Nov, in 11 days"."""
    coming = next_date(deal, today)
    if coming is None:
        return f"ramp due since {short_day(deal.ramp_starts)}"
    day, what = coming
    return f"{what} today" if day == today else f"{what} {short_day(day)}, in {days((day - today).days)}"


def _stated(said: Said, zone: ZoneInfo) -> str:
    finding = said.finding
    figure = rate(finding.said_per_day) or neutral(finding.said or "", 60) or title(finding.scenario)
    return f"• *{figure}* — {_who(said)}, {_when(said, zone)}"


def _open(said: Said, zone: ZoneInfo) -> str:
    finding = said.finding
    figure = rate(finding.said_per_day) or neutral(finding.said or "", 60)
    times = f", said {said.count} times" if said.count > 1 else ""
    now = f", snoozed until {moment(said.until, zone)}" if said.until else ", escalated to leadership" if said.escalated else ""
    by = f"{_who(said)}, {_when(said, zone)}{times}"
    if finding.rule == FEED:
        by = f"shipped since {short_day(said.said_at.astimezone(zone).date())}"
    return f"• *{title(finding.scenario)}*{': ' + figure if figure else ''} — {by}{now}"


def _who(said: Said) -> str:
    name = neutral(said.speaker_name or "", 60)
    return name or (f"<@{said.speaker_id}>" if said.speaker_id.isalnum() else "somebody")


def _when(said: Said, zone: ZoneInfo) -> str:
    at = moment(said.said_at, zone)
    return f"{at} · {link(said.permalink, 'message')}" if said.permalink else at
