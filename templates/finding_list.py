"""The answers of /deal-findings: a page of findings with filters, the mutes that hold, and the help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.deal import Deal
from bot.playbook.deeds import FEED
from bot.playbook.finding import Finding
from bot.playbook.scenarios import FINDINGS, title
from templates.blocks import Muted, Words
from templates.decided import state_words
from templates.figures import short_day
from templates.kit import Block, Message, button, header, lines, link, moment, section, select
from templates.presses import REASONS, State, listed_choices, unmute
from templates.quote import neutral
from templates.words import agreed_beside

STATE, SCENARIO, PERIOD = "jumpin-list-state", "jumpin-list-scenario", "jumpin-list-period"
NEWER, OLDER, EVERYWHERE = "jumpin-list-newer", "jumpin-list-older", "jumpin-list-everywhere"
LISTED, MUTE_ON_DEAL = "jumpin-listed", "jumpin-mute-on-deal"
"""Action ids. What is shown travels in the block ids and in the values of the buttons that turn pages."""

PAGE, MOST_MUTES = 10, 5

STATES: Mapping[str, str] = {
    "": "Any state",
    "open": "Open",
    "snoozed": "Snoozed",
    "used": "Used",
    "not-an-issue": "Not an issue",
    "escalated": "Escalated",
    "resolved": "Resolved",
    "terms-changed": "Terms changed",
    "suppressed": "Muted",
    "withdrawn": "Withdrawn",
}
SCENARIOS: Mapping[str, str] = {"": "Any scenario", **FINDINGS}
PERIODS: Mapping[str, str] = {
    "": "Any time",
    "today": "Today",
    "yesterday": "Yesterday",
    "7-days": "Last 7 days",
    "30-days": "Last 30 days",
    "90-days": "Last 90 days",
}
_ANY = "any"


@dataclass(frozen=True, slots=True)
class Filter:
    """What is listed: of which deal (None: of all that the asker may see), in which state, of which scenario, from when, and which page."""

    deal: int | None = None
    state: str = ""
    scenario: str = ""
    period: str = ""
    page: int = 0

    def packed(self) -> str:
        """As it travels through Slack."""
        return f"{self.deal or ''}|{self.state}|{self.scenario}|{self.period}|{self.page}"

    @classmethod
    def unpacked(cls, text: str) -> Filter | None:
        """What packed() made, or None: what comes back from Slack may be anything."""
        parts = text.split("|")
        if len(parts) != 5 or not all(part.isascii() and (part.isdigit() or not part) and len(part) < 10 for part in (parts[0], parts[4])):
            return None
        deal, state, scenario, period, page = parts
        if state not in STATES or scenario not in SCENARIOS or period not in PERIODS:
            return None
        return cls(int(deal) if deal else None, state, scenario, period, int(page or 0))


@dataclass(frozen=True, slots=True)
class Listed:
    """A finding in the list: its deal, what was said, its state, by whom, when (UTC) and why it was decided."""

    finding_id: int
    finding: Finding
    deal: Deal
    words: Words
    state: State
    count: int = 1
    changed_by: str | None = None
    until: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class MuteListed:
    """A mute that holds: of which customer and scenario."""

    mute: Muted
    customer: str
    scenario: str


@dataclass(frozen=True, slots=True)
class ListView:
    """A page: the filter, the customer where it is of one deal, how many findings there are in all, and those shown, newest first; the
    mutes that hold, and how many more there are.
    """

    filter: Filter
    customer: str | None
    deals: int
    count: int
    shown: Sequence[Listed]
    mutes: Sequence[MuteListed] = ()
    more_mutes: int = 0
    timezone: str = "America/New_York"


def finding_list(view: ListView) -> Message:
    """The page."""
    zone = ZoneInfo(view.timezone)
    whose = view.customer or ("your deal" if view.deals == 1 else f"your {view.deals:,} deals")
    blocks: list[Block] = [header(f"Findings — {whose}"), lines(_summary(view)), _filters(view.filter)]
    blocks += [_line(one, view, zone) for one in view.shown]
    if not view.shown:
        narrowed = any((view.filter.state, view.filter.scenario, view.filter.period))
        hint = "Nothing of this kind. Choose something else above, or see `/deal-findings help`."
        blocks.append(section(hint if narrowed else "Nothing has been found here yet."))
    blocks += _mutes(view, zone)
    turns = _turns(view)
    if turns:
        blocks.append({"type": "actions", "block_id": f"turn|{view.filter.packed()}", "elements": turns})
    return Message(f"Findings, {neutral(whose, 80)}: {_summary(view)}", blocks)


def no_such_deal(said: Message) -> Message:
    """What is said of a customer that is none, with how to narrow a list: that may have been meant."""
    return Message(said.text, [*said.blocks, lines("States, scenarios and times that narrow a list: `/deal-findings help`")])


def findings_help() -> Message:
    """How the command is used."""
    text = (
        "*/deal-findings* — the findings of this channel's deal, or of all your deals where the channel has none\n"
        "*/deal-findings Acme* — of one customer; part of the name is enough\n"
        "*/deal-findings everywhere* — of all your deals\n"
        "Add a state (open, snoozed, used, not an issue, escalated, resolved, terms changed, muted, withdrawn), a scenario (as in "
        "`/deal-script`) or a time (today, yesterday, last 7 days, last 30 days, last 90 days), in any order: "
        "`/deal-findings acme open`, `/deal-findings everywhere snoozed`, `/deal-findings acme volume-gap last 7 days`\n"
        "*/deal-findings help* — this text\n"
        "Only you see the answer, and only your own deals are shown."
    )
    return Message(text, [section(text)])


def _summary(view: ListView) -> str:
    """As "Open, any scenario, last 7 days: 23 findings, 11 to 20 shown, newest first"."""
    chosen = [STATES[view.filter.state], SCENARIOS[view.filter.scenario].lower(), PERIODS[view.filter.period].lower()]
    found = f"{view.count:,} finding{'' if view.count == 1 else 's'}"
    first = view.filter.page * PAGE
    shown = f", {first + 1} to {first + len(view.shown)} shown, newest first" if view.count > len(view.shown) > 0 else ""
    return f"{', '.join(chosen)}: {found}{shown}"


def _filters(chosen: Filter) -> Block:
    menus = ((STATE, STATES, chosen.state), (SCENARIO, SCENARIOS, chosen.scenario), (PERIOD, PERIODS, chosen.period))
    elements = [
        select(action, "Any", {value or _ANY: label for value, label in options.items()}, there or _ANY) for action, options, there in menus
    ]
    return {"type": "actions", "block_id": f"filter|{chosen.packed()}", "elements": elements}


def chosen_value(value: str) -> str:
    """A filter's value as an option carries it: no option may be empty."""
    return "" if value == _ANY else value


def _line(one: Listed, view: ListView, zone: ZoneInfo) -> Block:
    whose = "" if view.customer else f"{neutral(one.deal.customer, 60)}: "
    times = f", said {one.count} times" if one.count > 1 else ""
    where = f" · {link(one.words.permalink, 'message')}" if one.words.permalink else ""
    who = neutral(one.words.speaker_name or "", 60) or (f"<@{one.words.speaker_id}>" if one.words.speaker_id.isalnum() else "somebody")
    said = f"{who}, {moment(one.words.at, zone)}{times}{where}"
    if one.finding.rule == FEED:
        said = f"Actual volumes since {short_day(one.words.at.astimezone(zone).date())}"
    text = f"*{whose}{title(one.finding.scenario)}* — {neutral(agreed_beside(one.finding, one.deal), 120)}\n{said}\n{_state(one, zone)}"
    menu = listed_choices(f"{LISTED}-{one.finding_id}", one.finding_id, one.state)
    return section(text) | ({"block_id": f"{one.finding_id}|{view.filter.packed()}", "accessory": menu} if menu else {})


def _state(one: Listed, zone: ZoneInfo) -> str:
    words = state_words(one.state) or "open"
    by = f" by <@{one.changed_by}>" if one.changed_by and one.changed_by.isalnum() and one.changed_by.isupper() else ""
    until = f" until {moment(one.until, zone)}" if one.state == "snoozed" and one.until else ""
    why = f" — {REASONS[one.reason].lower()}" if one.state == "not-an-issue" and one.reason in REASONS else ""
    return f"{words}{by}{until}{why}"


def _mutes(view: ListView, zone: ZoneInfo) -> list[Block]:
    blocks = []
    for one in view.mutes[:MOST_MUTES]:
        where = "" if view.customer else f" on {neutral(one.customer, 60)}"
        by = f", by <@{one.mute.by}>" if one.mute.by.isalnum() else ""
        text = f"🔕 “{title(one.scenario)}”{where} is muted until {moment(one.mute.until, zone)}{by}."
        blocks.append(section(text) | {"accessory": unmute(one.mute.id, None, fresh=one.mute.fresh)})
    more = len(view.mutes[MOST_MUTES:]) + view.more_mutes
    return blocks + ([lines(f"… and {more} more mutes; name a customer to see its own.")] if more > 0 else [])


def _turns(view: ListView) -> list[Block]:
    here, turns = view.filter, list[Block]()
    if here.page:
        turns.append(button("Newer", NEWER, replace(here, page=here.page - 1).packed()))
    if (here.page + 1) * PAGE < view.count:
        turns.append(button("Older", OLDER, replace(here, page=here.page + 1).packed()))
    if here.deal is not None:
        turns.append(button("All my deals", EVERYWHERE, replace(here, deal=None, page=0).packed()))
        turns.append(button("Mute a scenario…", MUTE_ON_DEAL, str(here.deal)))
    return turns
