"""A language of scripts: figures, dates and stock phrases as its words.yml has them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.playbook.arithmetic import shown
from templates.figures import sensible

_BRACES = re.compile(r"\{(\w+)\}")
_DIGITS = str.maketrans({",": "\0", ".": "\1"})


@dataclass(frozen=True)
class Language:
    """One words.yml: `phrases` are its single lines, `came_up_as` and `glossary` its two lists."""

    phrases: Mapping[str, str]
    came_up_as: Mapping[str, str]
    glossary: Mapping[str, str]

    def phrase(self, name: str, /, **values: str) -> str:
        """A stock phrase with {braces} filled in; nothing else in it is read as a format."""
        return _BRACES.sub(lambda braces: values.get(braces[1], braces[0]), self.phrases[name])

    def hello(self, name: str | None) -> str:
        """As "Hi Dana", or "Hi all" where nobody is named."""
        return self.phrase("hello", name=name) if name else self.phrase("hello_all")

    def number(self, figures: tuple[float, float]) -> str:
        """As "10-15", "1,200", "12.5", with this language's separators."""
        return shown(figures).translate(_DIGITS).replace("\0", self.phrases["thousands"]).replace("\1", self.phrases["decimal"])

    def per_day(self, figures: tuple[float, float] | None) -> str | None:
        """As "10-15 packages a day", "1 package a day"; None where there is no figure to name."""
        known = sensible(figures)
        if known is None or known[1] == 0:
            return None
        return self.phrase("per_day_little") if known[1] < 1 else self._per("day", known)

    def per_period(self, figures: tuple[float, float], period: str, per_day: tuple[float, float]) -> str:
        """A count over a "week", "month" or "year" with what it comes to, as "300 packages a week (60 a day)"."""
        count = self._per(period, figures)
        return self.phrase("comes_to", said=count, figure=self.number(per_day))

    def each(self, per_day: int) -> str:
        """An agreed level, as "150 packages a day"."""
        return self.per_day((per_day, per_day)) or str(per_day)

    def per_year(self, count: int) -> str:
        """As "130,000 packages a year"."""
        return self._per("year", (count, count))

    def money(self, amount: float) -> str:
        """As "4.85", without a currency: the deal names none."""
        plain = f"{amount:,.2f}".translate(_DIGITS)
        return plain.replace("\0", self.phrases["thousands"]).replace("\1", self.phrases["decimal"])

    def weeks(self, count: int) -> str:
        """As "two weeks", "one week", "12 weeks"."""
        return self._counted("weeks", count, self._in_words(count))

    def weeks_long(self, count: int) -> str:
        """As "two-week", for beside a noun."""
        return self._counted("weeks_long", count, self._in_words(count))

    def days(self, count: int) -> str:
        """As "1 day", "3 days"."""
        return self._counted("days", count, str(count))

    def call_day(self, called: date, today: date) -> str:
        """When a call was, as "today", "yesterday", "on Monday, November 2"."""
        if called == today:
            return self.phrases["call_today"]
        if (today - called).days == 1:
            return self.phrases["call_yesterday"]
        return self.phrase("call_on", date=self.date(called))

    def date(self, day: date) -> str:
        """As "Monday, November 2", as one writes it to a customer."""
        weekday, month = self._names("weekdays")[day.weekday()], self._names("months")[day.month - 1]
        return self.phrase("date", weekday=weekday, month=month, day=str(day.day))

    def clock(self, time: str) -> str:
        """As "16:00" as "4:00 PM" where the clock has twelve hours; anything else as it stands."""
        hour, _, minute = time.partition(":")
        if self.phrases["clock"] != "12" or not (hour.isdigit() and minute.isdigit() and int(hour) < 24 and len(minute) == 2):
            return time
        return f"{int(hour) % 12 or 12}:{minute} {'AM' if int(hour) < 12 else 'PM'}"

    def listed(self, things: Sequence[str]) -> str:
        """As "a", "a and b", "a, b and c"."""
        if len(things) == 1:
            return things[0]
        last = things[-1].lower()
        word = "and_before_i" if last.startswith(("i", "hi")) and not last.startswith("hie") else "and"
        return f"{', '.join(things[:-1])} {self.phrases[word]} {things[-1]}"

    def called(self, words: str) -> str:
        """A term as the deal has it, in this language where the glossary has it whole."""
        return self._folded.get(words.strip().casefold(), words)

    def told(self, words: str) -> str:
        """What was said, each word of it that the glossary has in this language; the longest entries first."""
        if not self.glossary:
            return words
        return self._entries.sub(lambda found: self._folded[found[0].casefold()], words)

    @cached_property
    def usual_criteria(self) -> list[str]:
        """What a test is judged on where the deal names nothing."""
        return [part.strip() for part in self.phrases["usual_criteria"].split(";")]

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {known.casefold(): ours for known, ours in self.glossary.items()}

    @cached_property
    def _entries(self) -> re.Pattern[str]:
        longest_first = sorted(self._folded, key=len, reverse=True)
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)

    def _per(self, period: str, figures: tuple[float, float]) -> str:
        said = self.number(figures)
        return self.phrase(f"per_{period}_one") if said == "1" else self.phrase(f"per_{period}", figure=said)

    def _counted(self, name: str, count: int, in_words: str) -> str:
        return self.phrase(f"{name}_one") if count == 1 else self.phrase(name, count=in_words)

    def _in_words(self, count: int) -> str:
        words = self._names("numbers")
        return words[count - 1] if 0 < count <= len(words) else str(count)

    def _names(self, name: str) -> list[str]:
        return self.phrases[name].split()
