"""A deal out of the form for a new one: each field read, volumes converted, dates understood, and one sentence per mistake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import ValidationError

from bot.deal import OWN_SIDE, Deal
from bot.language.rates import days_in
from handlers.deals.beside import read_beside
from handlers.house import House, User
from handlers.people import is_own
from handlers.typed import Typed, read_field, volume_of_test
from store.sources.deal_file import read_term
from store.sources.values import Wrong, spoken_day, whole, words
from templates.figures import weekday
from templates.new_form import PERIODS, ROLES, realistic_words
from templates.term_words import LABELS
from templates.terms_form import FIELDS

_CUSTOMER = words("the customer's name", 200)
_EXCLUDED = ("other_carriers", "not_controlled", "not_serviceable")
_LAST_YEARS = 2_000_000_000


@dataclass(slots=True)
class Draft:
    """A deal in the making: plain data as in a deal file, what was converted (in words), and what is wrong, by field."""

    plain: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, value: Any) -> None:
        """Set a value by its path; None is left out."""
        part, _, inner = name.partition(".")
        if value is None:
            return
        if inner:
            self.plain.setdefault(part, {})[inner] = value
        else:
            self.plain[part] = value

    def take(self, name: str, read: Callable[[], Any], place: str | None = None) -> Any:
        """Read a field into its place; a mistake is noted and None comes back."""
        try:
            value = read()
        except Wrong as reason:
            self.wrong[name] = str(reason)
            return None
        self.put(place or name, value)
        return value


def read_draft(given: Typed, today: date) -> Draft:
    """All fields but the people."""
    draft = Draft()
    draft.take("customer", lambda: _CUSTOMER(given.text("customer")))
    draft.take("stage", lambda: read_term("stage", given.text("stage")))
    plainly = [name for name in FIELDS if name not in ("volume.committed_per_day", "test.volume_per_day", "test.starts")]
    for name in plainly:
        draft.take(name, lambda name=name: read_field(name, given.text(name)))  # type: ignore[misc]
    committed = draft.take("committed", lambda: _committed(given, draft), "volume.committed_per_day")
    draft.take("test.volume_per_day", lambda: _needed(_test(given, draft, committed), "write the test volume, such as 150 or 30%"))
    starts = draft.take("test.starts", lambda: _starts(given, draft, today))
    if starts:
        _ramp(given, draft, starts, committed)
    _discovery(given, draft)
    if given.chosen.get("channels"):
        draft.put("channels", list(given.chosen["channels"]))
    for name, value in read_beside(given.kept.get("more")).items():
        draft.put(name, value)
    return draft


def finished(draft: Draft) -> Deal | None:
    """The deal; None when something is wrong, which then stands in the draft."""
    if draft.wrong:
        return None
    try:
        return Deal.model_validate(draft.plain)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            sentence = one["msg"].removeprefix("Value error, ")
            place = ".".join(map(str, one["loc"])) or "test.volume_per_day"
            draft.wrong["discovery.claimed_annual" if place == "discovery" else place] = _for_people(sentence)
        return None


def _for_people(sentence: str) -> str:
    """A sentence about a deal file with the form's labels in place of the file's keys."""
    for key, label in LABELS.items():
        if "." in key:
            sentence = sentence.replace(key, f"the {label[:1].lower()}{label[1:]}")
    return sentence


def put_people(house: House, given: Typed, draft: Draft, users: Mapping[str, User]) -> None:
    """The people by role; whoever is picked twice, or is no full member and yet on our side, is told at the field."""
    people: list[dict[str, str]] = []
    taken: dict[str, str] = {}
    for role, label in ROLES.items():
        for user_id in given.chosen.get(f"people.{role}", ()):
            user = users.get(user_id)
            name = (user.name if user else None) or user_id
            if user_id in taken:
                draft.wrong[f"people.{role}"] = f"{name} is picked under “{taken[user_id]}” already; one person has one role"
            elif role in OWN_SIDE and user is not None and shut_out(house, user):
                draft.wrong[f"people.{role}"] = f"{name} is no full member of this workspace, and our side sees the terms"
            taken.setdefault(user_id, label)
            people.append({"id": user_id, "name": name[:200], "role": role})
    if not given.chosen.get("people.rep"):
        draft.wrong["people.rep"] = "pick at least one: the rep gets the messages"
    draft.plain["people"] = people


def people_of(given: Typed) -> list[str]:
    """Ids of everybody picked."""
    return list(dict.fromkeys(one for role in ROLES for one in given.chosen.get(f"people.{role}", ())))[:60]


def shut_out(house: House, user: User) -> bool:
    """Whether somebody is anything but a full member of our own."""
    return not is_own(house, user) or user.guest or user.bot or user.gone


def _committed(given: Typed, draft: Draft) -> int:
    period = given.text("period") or "day"
    if period not in PERIODS:
        raise Wrong("choose whether it is per shipping day, week, month or year")
    read = whole("packages", "500", 1, 10_000_000 if period == "day" else _LAST_YEARS)
    number = int(str(read(_needed(given.text("committed") or None, "write the committed volume, such as 500"))))
    days_a_week = draft.plain.get("volume", {}).get("shipping_days_per_week", 5)
    per_day = max(1, round(number / (days_in(period, days_a_week) or 1)))
    if period != "day":
        draft.notes.append(f"{number:,} a {period} over {days_a_week} shipping days a week are {per_day:,} packages per shipping day.")
    if period == "year" and not given.text("volume.annual"):
        draft.put("volume.annual", number)
    return int(str(whole("packages per shipping day", "500")(per_day)))


def _test(given: Typed, draft: Draft, committed: int | None) -> Any:
    text = given.text("test.volume_per_day")
    if text.endswith("%") and committed is None and "committed" in draft.wrong:
        return 1  # the commitment is what is wrong; told there
    value = volume_of_test(text, committed)
    if text.endswith("%"):
        draft.notes.append(f"A test of {text} is {value:,} of {committed:,} packages per shipping day.")
    return value


def _starts(given: Typed, draft: Draft, today: date) -> date:
    chosen, said = given.text("test.starts"), given.text("starts_words")
    day: date | None = read_field("test.starts", chosen) if chosen else None
    if not said:
        first: date = _needed(day, "choose the first day of the test, or write it below")
        return first
    try:
        meant = spoken_day(said, today)
    except Wrong as reason:
        draft.wrong["starts_words"] = str(reason)
        return day or today
    if day is not None and meant != day:
        draft.wrong["starts_words"] = f"{said[:60]} is {weekday(meant)}, but {weekday(day)} is chosen above; clear one of them"
        return day
    draft.notes.append(f"The test starts on {weekday(meant)}, {meant.year}.")
    return meant


def _ramp(given: Typed, draft: Draft, starts: date, committed: int | None) -> None:
    """A ramp date becomes days after the test; a date without a volume means the committed volume."""
    ramp = draft.plain.get("ramp", {})
    if given.text("ramp_date"):
        try:
            ramp_day: date = read_field("test.starts", given.text("ramp_date"))
        except Wrong as reason:
            draft.wrong["ramp_date"] = str(reason)
            return
        after = (ramp_day - starts).days - 7 * draft.plain.get("test", {}).get("weeks", 2)
        if not 0 <= after <= 365:
            draft.wrong["ramp_date"] = f"{weekday(ramp_day)} is not within a year after the test's last day"
        elif ramp.get("days_after_test", after) != after:
            draft.wrong["ramp.days_after_test"] = f"the ramp date is {after} days after the test; clear one of them"
        else:
            draft.put("ramp.days_after_test", after)
    if "days_after_test" in draft.plain.get("ramp", {}) and "to_per_day" not in draft.plain["ramp"] and committed:
        draft.put("ramp.to_per_day", committed)


def _discovery(given: Typed, draft: Draft) -> None:
    names = ("discovery.claimed_annual", *(f"discovery.{name}" for name in _EXCLUDED))
    told = [name for name in names if given.text(name)]
    for name in told:
        least = 1 if name == names[0] else 0
        draft.take(name, lambda name=name, least=least: whole("packages a year", "20000", least, _LAST_YEARS)(given.text(name)))  # type: ignore[misc]
    found = draft.plain.get("discovery", {})
    if told and names[0] not in told:
        draft.wrong[names[0]] = "is needed where something is taken off it"
    elif "claimed_annual" in found:
        realistic = found["claimed_annual"] - sum(found.get(name, 0) for name in _EXCLUDED)
        days_a_week = draft.plain.get("volume", {}).get("shipping_days_per_week", 5)
        draft.notes.append(realistic_words(found["claimed_annual"], realistic, round(realistic / (52 * days_a_week))))


def _needed(value: Any, words: str) -> Any:
    if value is None:
        raise Wrong(words)
    return value
