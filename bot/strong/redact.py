"""Takes names out of what is sent, and finds the place in the true words that a passage of the sent ones stands for.

What the deal and the channel know by name (people, the customer), mentions, addresses, telephone and tracking numbers are taken out
surely; other names by their capital letter, against a list of the words that implementation talk is made of.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_PATTERNS = {
    "Mail": r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "Link": r"\b(?:https?://|www\.)\S+|(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|io|co|biz|info|us|uk|ca|de|eu|app|dev|shop|store)\b(?:/\S*)?",
    "Mention": r"@[\w.’'-]+|#[\w-]+",
    "Number": r"\+\d[\d .()-]{6,}\d|\(?\b\d{3}\)?[-. ]\d{3}[-. ]\d{4}\b|\b(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{9,}\b|\b\d{10,}\b",
    "Company": (
        r"\b(?:UPS|[Ff]ed[Ee]x|FEDEX|USPS|usps|DHL|dhl|DPD|GLS|Evri|Royal Mail|Canada Post|[Oo]n[Tt]rac|[Ll]aser[Ss]hip|Purolator|"
        r"[Aa]mazon|[Ss]hopify)\b|\b(?:[A-Z][\w&’'-]+ ){1,4}(?:Inc|LLC|Ltd|GmbH|Corp|Co|Company|Group|Holdings|Partners|Logistics)\b"
    ),
    "Name": r"(?<![\w’'])[^\W\d_a-z][^\W\d_]+(?:-[^\W\d_a-z][^\W\d_]+)*(?![\w])",
}
_OPENS = re.compile(r"(?:^|[.!?:;\n>*•\-–—(\"“])[\s\"“(>*_-]*$")
_BOTH = """
will may bill bell hope stone storm hill hall lane park price cross field long april june august rose grant mark rob pat sue drew chase
art dean ray dale lance nick rich gene hunter summer dawn page cook baker young king major
"""
_ALSO_NAMES = frozenset(_BOTH.split())
"""Words that are names too: with a capital letter inside a sentence they are taken for names."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """The text to send; `places` are the stretches that stand for others: (start, end) here, (start, end) in the true words."""

    text: str
    places: tuple[tuple[int, int, int, int], ...] = ()

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where a passage of the sent text stands in the true words; a placeholder counts whole, however little of it is meant."""
        shift = 0
        first, last = None, None
        for here, here_end, there, there_end in self.places:
            if first is None and start < here_end:
                first = there if start >= here else start + shift
            if last is None and end <= here_end:
                last = there_end if end > here else end + shift
            shift = there_end - here_end
        return start + shift if first is None else first, end + shift if last is None else last


class Names:
    """The placeholders of one question: the same name, the same placeholder, in every text of it.

    `people` are whole names (their parts alone mean the same person), `companies` whole names too; `known` are words that are no names
    whatever their capitals (services, lanes).
    """

    def __init__(self, people: Iterable[str] = (), companies: Iterable[str] = (), known: Iterable[str] = ()) -> None:
        self._placeholders: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        self._known = {word for phrase in known for word in re.findall(r"[^\W\d_]+", phrase.casefold())}
        forms: dict[str, str] = {}
        for kind, names in (("Person", people), ("Company", companies)):
            for name in dict.fromkeys(filter(None, map(str.strip, names))):
                for form in _forms(name):
                    forms.setdefault(form.casefold(), self._placeholder(kind, name))
        self._forms = forms
        self._pattern = _pattern(forms)

    def __len__(self) -> int:
        """How many different names were taken out so far, known ones included."""
        return len(set(self._placeholders.values()))

    def of(self, name: str) -> str:
        """What stands for a person who speaks."""
        return self._forms.get(name.strip().casefold()) or self._placeholder("Person", name)

    def redact(self, text: str) -> Redacted:
        """The text without names."""
        pieces, places, at, length = list[str](), list[tuple[int, int, int, int]](), 0, 0
        for found in self._pattern.finditer(text):
            placeholder = self._meant(found, text)
            if placeholder is None:
                continue
            length += found.start() - at
            pieces += [text[at : found.start()], placeholder]
            places.append((length, length + len(placeholder), found.start(), found.end()))
            at, length = found.end(), length + len(placeholder)
        return Redacted("".join([*pieces, text[at:]]), tuple(places))

    def _meant(self, found: re.Match[str], text: str) -> str | None:
        kind, word = str(found.lastgroup), found[0]
        if kind == "Known":
            everyday = word.casefold() in _words() and word.islower()  # "we will", though there is a Will
            return None if everyday else self._forms[word.casefold()]
        if kind == "Name" and not self._is_name(found, text):
            return None
        return self._placeholder(kind, word)

    def _is_name(self, found: re.Match[str], text: str) -> bool:
        """Whether a word is a name, by its capital letter: where a sentence opens, only if it is no common word."""
        word, start = found[0], found.start()
        plain = word.casefold()
        if word == plain or plain in self._known or text[found.end() : found.end() + 2] in ("'t", "’t"):
            return False
        if all(part in _words() for part in plain.split("-")):
            return plain in _ALSO_NAMES and not word.isupper() and not _OPENS.search(text[max(0, start - 40) : start])
        return True

    def _placeholder(self, kind: str, name: str) -> str:
        key = f"{kind}:{name.casefold()}"
        if key not in self._placeholders:
            self._counts[kind] += 1
            self._placeholders[key] = f"[{kind}{self._counts[kind]}]"
        return self._placeholders[key]


def _forms(name: str) -> list[str]:
    """How a name is said: whole, and its parts of three letters or more that are not everyday words in any spelling."""
    parts = re.findall(r"[^\W_][\w’'-]+", name)
    return [name, *(part for part in parts if len(part) > 2 and (part.casefold() not in _words() or part.casefold() in _ALSO_NAMES))]


def _pattern(forms: Iterable[str]) -> re.Pattern[str]:
    known = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    groups = [f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS.items()]
    if known:  # behind addresses: one of somebody known is an address first
        groups.insert(2, rf"(?P<Known>(?i:(?<!\w)(?:{known})(?!\w)))")
    return re.compile("|".join(groups))


@cache
def _words() -> frozenset[str]:
    """The words of implementation talk that are no names."""
    return frozenset(files("bot.strong").joinpath("words.txt").read_text(encoding="utf-8").split())
