"""One value of a deal file into what the deal needs: kind where the meaning is plain, clear about what would be right where it is not."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import holidays

from store.sources.loose_dates import loose_date

MOST_PER_DAY = 10_000_000
FIRST_YEAR, LAST_YEAR = 2000, 2099

_WHOLE = re.compile(r"[+-]?\d{1,15}(\.0{1,6})?")
_GROUPED = re.compile(r"\d{1,3}([, _'\u00a0\u202f]\d{3})+")
_DECIMAL = re.compile(r"[+-]?(\d{1,15}(\.\d{0,24})?|\.\d{1,24})([eE][+-]?\d{1,2})?")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_OTHER_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_SPOKEN_TIME = re.compile(r"(\d{1,2})(?:[:.]([0-5]\d))?\s*([ap]\.?m\.?)?", re.IGNORECASE)
_LOCAL_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{1,2}:\d{2})(?::00)?")
_LEADING = re.compile(r"\D{0,3}(\d[\d,. ]{0,14}\d|\d)")
_NEXT_WEEK = re.compile(r"(?:on\s+)?next\s+(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?", re.IGNORECASE)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{6,}")

Read = Callable[[object], object]


class Wrong(ValueError):
    """A value cannot be used; says what is wrong with it and what would be right."""


def shown(value: object) -> str:
    """A value as it may stand in a sentence: short, numbers bare, text in quotes."""
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return value
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list) and len(value) > 4:
        return f"a list of {len(value)}"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + '…"'


def closest(word: str, known: Sequence[str]) -> str | None:
    """The known word that was most likely meant."""
    folded = {name.casefold(): name for name in known}
    found = difflib.get_close_matches(word.casefold()[:60], list(folded), 1, 0.6)
    return folded[found[0]] if found else None


def whole(what: str, example: str, least: int = 1, most: int = MOST_PER_DAY) -> Read:
    """A reader of whole numbers between `least` and `most`; "1,500" is 1500."""

    def read(value: object) -> int:
        number = _number(value, _WHOLE)
        if number is None or number != int(number):
            raise Wrong(f"{shown(value)} is not a whole number; write {what}, such as {_suggestion(value) or example}")
        if not least <= number <= most:
            raise Wrong(f"{shown(value)} is not between {least:,} and {most:,}; write {what}, such as {example}")
        return int(number)

    return read


def share(value: object) -> float:
    """A share 0-1; "60 %" is 0.6, a bare 60 is refused."""
    if isinstance(value, str) and value.rstrip().endswith("%"):
        percent = _number(value.rstrip()[:-1], _DECIMAL)
        value = value if percent is None else percent / 100
    number = _number(value, _DECIMAL)
    if number is None:
        raise Wrong(f"{shown(value)} is not a number; write the share of the total between 0 and 1, such as 0.6")
    if 1 < number <= 100:
        raise Wrong(f"{shown(value)} is more than 1; for {number:g}% write {number / 100:g}")
    if not 0 < number <= 1:
        raise Wrong(f"{shown(value)} is not between 0 and 1; write the share of the total, such as 0.6")
    return number


def money(value: object) -> float:
    """A price above 0, without currency sign."""
    number = _number(value, _DECIMAL)
    if number is None:
        raise Wrong(
            f"{shown(value)} is not a number; write the price of one package without currency, such as {_suggestion(value) or '4.85'}"
        )
    if not 0 < number < 1e6:
        raise Wrong(f"{shown(value)} is not a price; write the price of one package, such as 4.85")
    return number


def day(value: object) -> date:
    """A calendar day, ISO form only: other orders are read differently in different countries."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    text = value.strip() if isinstance(value, str) else ""
    if not _ISO_DAY.fullmatch(text):
        raise Wrong(f"{shown(value)} is not a date that is clear everywhere; write year-month-day, such as {_iso(text) or '2026-11-02'}")
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Wrong(f"{shown(value)} is not a day of the calendar; write year-month-day, such as 2026-11-02") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Wrong(f"{shown(value)} is not between the years {FIRST_YEAR} and {LAST_YEAR}; write year-month-day, such as 2026-11-02")
    return found


def spoken_day(text: str, today: date) -> date:
    """A day as people say it ("next Monday", "in two weeks", "9 Nov"), from `today` on; "next" is next week, as the reader has it.

    Raises Wrong for 11/2, which is two days.
    """
    said = " ".join(text.split())[:60]
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", said):
        return day(said)
    if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}([/.-]\d{2,4})?", said):
        raise Wrong(f"{shown(said)} is a different day in different countries; write for instance 9 Nov")
    if later := _NEXT_WEEK.fullmatch(said):
        return today + timedelta(days=7 - today.weekday() + _WEEKDAYS.index(later[1][:3].casefold()))
    plain = re.sub(r"^(?:on|next|this|coming|the|starting)\s+", "", said, flags=re.IGNORECASE)
    base = datetime(today.year, today.month, today.day)  # noqa: DTZ001 - days of the customer's calendar have no zone
    found = loose_date(plain, {"PREFER_DATES_FROM": "future", "RELATIVE_BASE": base})
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Wrong(f"{shown(said)} is not a day that I understand; write for instance next Monday or 9 Nov")
    return found.date()


def transit(value: object) -> tuple[int, int]:
    """Fewest and most transit days; 2 is [2, 2] and "2-3" is [2, 3]."""
    if isinstance(value, str) and re.fullmatch(r"\s*\d{1,2}\s*[-–]\s*\d{1,2}\s*", value):
        value = re.split("[-–]", value)
    parts = value if isinstance(value, list) else [value, value]
    days = [_number(part, _WHOLE) for part in parts]
    if len(days) != 2 or days[0] is None or days[1] is None or not all(0 <= one <= 90 for one in days if one is not None):
        raise Wrong(f"{shown(value)} is not a number of days; write fewest and most, such as [2, 3]")
    fewest, most = int(days[0]), int(days[1])
    if fewest > most:
        raise Wrong(f"[{fewest}, {most}] is the wrong way round; write fewest and most: [{most}, {fewest}]")
    return fewest, most


def words(what: str, most: int = 500) -> Read:
    """A reader of a non-empty text on one line; a bare number is taken as written."""

    def read(value: object) -> str:
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise Wrong(f"{shown(value)} is not text; write {what}")
        text = " ".join(_CONTROL.sub(" ", str(value)).split())
        if not text:
            raise Wrong(f"is blank; write {what}")
        if len(text) > most:
            raise Wrong(f"is {len(text):,} characters long; write {what} with at most {most}")
        return text

    return read


def one_of(what: str, allowed: Sequence[str]) -> Read:
    """A reader of one of the allowed names, whatever its case and with spaces or underscores for hyphens."""

    def read(value: object) -> str:
        text = re.sub(r"[\s_]+", "-", str(value).strip()).casefold() if isinstance(value, str) else ""
        if text not in allowed:
            meant = closest(text, allowed)
            hint = f" (did you mean {meant}?)" if meant else ""
            raise Wrong(f"{shown(value)} is not a {what}; write one of {', '.join(allowed)}{hint}")
        return text

    return read


def clock(value: object) -> str:
    """A local time of day as "HH:MM"."""
    found = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        raise Wrong(f'{shown(value)} is not a time of day; write the local time in 24 hours, such as "16:00"')
    return f"{int(found[1]):02d}:{found[2]}"


def spoken_time(text: str) -> str:
    """A time of day as people write it ("15:00", "3 pm", "3:30pm"), as "HH:MM". Raises Wrong for a bare 3, which is two times."""
    found = _SPOKEN_TIME.fullmatch(text.strip())
    hour = int(found[1]) if found else 24
    if found and found[3]:
        hour = hour % 12 + (12 if found[3][0] in "pP" else 0) if 1 <= hour <= 12 else 24
    if found is None or hour > 23 or not (found[2] or found[3]):
        raise Wrong(f"{shown(text)} is not a time of day; write for instance 15:00 or 3 pm")
    return f"{hour:02d}:{found[2] or '00'}"


def timezone(value: object) -> str:
    """A time zone by its IANA name."""
    name = value.strip() if isinstance(value, str) else ""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        meant = closest(name, sorted(zone for zone in available_timezones() if not zone.startswith(("Etc/", "System")))) if name else None
        raise Wrong(f"{shown(value)} is not a known time zone; write a name such as {meant or 'America/New_York'}") from None
    return name


def country(value: object) -> str:
    """A country by its two-letter ISO code, one whose public holidays are known."""
    code = value.strip().upper() if isinstance(value, str) else ""
    known = holidays.list_supported_countries(include_aliases=False)
    if code not in known:
        raise Wrong(f"{shown(value)} is not a country whose holidays are known; write its two-letter code, such as US, CA or MX")
    return code


def state(value: object, of: str) -> str:
    """A state or province of a country, by the code that its public holidays are kept under."""
    code = str(value).strip().upper()
    known = holidays.list_supported_countries(include_aliases=False).get(of, [])
    if not known:
        raise Wrong(f"{shown(value)} cannot be used: no holidays of single states are known for {of}; leave state out")
    if code not in known:
        raise Wrong(f"{shown(value)} is not a state or province of {of}; write one of {', '.join(known)}"[:360])
    return code


def local_time(value: object) -> datetime:
    """A day with a local time, without a zone: it is the customer's."""
    text = value.strip() if isinstance(value, str) else ""
    found = _LOCAL_TIME.fullmatch(text)
    if not found:
        raise Wrong(f"{shown(value)} is not a day with a local time; write for instance 2026-11-04T15:00, in the customer's time zone")
    hour, minute = clock(found[2]).split(":")
    return datetime.combine(day(found[1]), time(int(hour), int(minute)))


def channel(value: object) -> str:
    """A Slack channel by id, or by name with #."""
    text = value.strip() if isinstance(value, str) else ""
    if text.startswith(("http://", "https://")):
        found = re.search(r"/archives/([A-Z0-9]+)", text)
        example = found[1] if found else '"#impl-acme"'
        raise Wrong(f"{shown(value)} is an address; write the channel's id or name, such as {example}")
    if not re.fullmatch(r"#?[^\s#@<>,:]{1,80}", text):
        raise Wrong(f'{shown(value)} is not a channel; write its id (C0123456789) or, in quotes, its name ("#impl-acme")')
    return text if text.startswith("#") or _CHANNEL_ID.fullmatch(text) else f"#{text}"


def _number(value: object, form: re.Pattern[str]) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value) if abs(value) < 1e15 else None
    text = value.strip() if isinstance(value, str) else ""
    if _GROUPED.fullmatch(text):
        text = re.sub(r"\D", "", text)
    return float(text) if form.fullmatch(text) else None


def _suggestion(value: object) -> str | None:
    """The number that a text such as "150/day" or "$4.85" seems to mean."""
    found = _LEADING.match(value) if isinstance(value, str) and not _DECIMAL.fullmatch(value) else None
    if not found:
        return None
    digits = re.sub(r"[, ]", "", found[1])
    thousands = str(value)[found.end() :].lstrip().casefold().startswith("k") and _DECIMAL.fullmatch(digits)
    return f"{float(digits) * 1000:.0f}" if thousands else digits


def _iso(text: str) -> str | None:
    """For 11/2/2026 the ISO dates that it can mean, month first and day first; for "2 Nov 2026" the one it means."""
    found = _OTHER_DAY.fullmatch(text)
    if not found:
        meant_day = loose_date(text[:40], {"REQUIRE_PARTS": ["day", "month", "year"]})
        return meant_day.date().isoformat() if meant_day else None
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    meant = []
    for month, monthday in dict.fromkeys(((first, second), (second, first))):
        try:
            meant.append(date(year, month, monthday).isoformat())
        except ValueError:
            continue
    return " or ".join(meant) or None
