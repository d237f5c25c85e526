"""The words that a mail's writer adds: without quote marks, signature, device line and legal notice; and the text of one in HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser

_DASHES = re.compile(r"--\s?|—|_{3,9}")
_CLOSING = re.compile(
    r"(?:(?:kind|best|warm|many)?\s*(?:regards|wishes)|best|thanks(?: (?:so much|again|a lot|all|everyone))?|many thanks|"
    r"thank you|cheers|sincerely|(?:yours )?truly|all the best|talk soon|take care|saludos(?: cordiales)?|un saludo|gracias|atentamente|"
    r"mit freundlichen grüßen|viele grüße|cordialement)\s*[,.!–-]*",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(
    r"(?:sent|enviado|gesendet) (?:from|desde|via|von) (?:my|mi|meinem)?\s*\w.{0,40}|get outlook for \w+.*", re.IGNORECASE
)
_LEGAL = re.compile(
    r".{0,40}\b(?:this (?:e-?mail|message)(?: and any| \(including|,? including| is| may| contains)|confidentiality notice|"
    r"intended (?:only|solely) for|if you (?:are not|have received this)|please consider the environment|external (?:email|sender)|"
    r"caution(?=:)|you don't often get email)\b",
    re.IGNORECASE,
)
_TITLE_OR_CONTACT = re.compile(
    r"\+?\d[\d\s().-]{6,}|@\w|https?://|www\.|\b(?:inc|llc|ltd|corp|gmbh|director|manager|coordinator|specialist|supervisor|lead|vp)\b",
    re.IGNORECASE,
)


def unquoted(line: str) -> str:
    """A line without the marks of a quote."""
    return re.sub(r"^(?:\s{0,3}>)+ ?", "", line.rstrip())


def own_words(lines: Sequence[str]) -> str:
    """What the writer says: without signature, device line and legal notice; paragraphs kept."""
    said: list[str] = []
    for place, line in enumerate(lines):
        plain = line.strip()
        if _DASHES.fullmatch(plain) or _SENT_FROM.fullmatch(plain) or (_LEGAL.match(plain) and any(said)):
            break
        if _CLOSING.fullmatch(plain) and _signs(lines[place + 1 :]):
            break
        if not _LEGAL.match(plain):
            said.append(plain)
    while said and _like_contact(said[-1], said):
        said.pop()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(said)).strip()


def _signs(below: Sequence[str]) -> bool:
    """Whether what stands below a closing is a name and an address, no further talk."""
    left = [line.strip() for line in below if line.strip()]
    talk = [line for line in left[:8] if len(line.split()) > 7 and not _LEGAL.match(line) and not _TITLE_OR_CONTACT.search(line)]
    return not talk


def _like_contact(line: str, said: Sequence[str]) -> bool:
    """Whether a last line is a telephone number or an address that follows on a line of its own, or is empty."""
    return not line or (
        len(said) > 2
        and len(line) < 120
        and len(line.split()) < 8
        and bool(re.search(r"\+?\d[\d\s().-]{8,}$|^(?:https?://|www\.)\S+$|^\S+@\S+$", line))
    )


class Shown(HTMLParser):
    """The text of a mail in HTML, quotes marked as in plain text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._said: list[str] = []
        self._hidden = self._quotes = 0

    @classmethod
    def text(cls, html: str) -> str:
        """What a reader sees."""
        shown = cls()
        shown.feed(html)
        shown.close()
        lines = "".join(shown._said).split("\n")
        return "\n".join(" ".join(line.split()) for line in lines)

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("style", "script", "head", "title")
        self._quotes += tag == "blockquote"
        if tag in ("p", "div", "br", "tr", "li", "blockquote", "hr", "h1", "h2", "h3"):
            self._said.append("\n" + "> " * self._quotes)

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "script", "head", "title") and self._hidden > 0
        self._quotes -= tag == "blockquote" and self._quotes > 0
        if tag in ("p", "div", "tr", "li", "blockquote"):
            self._said.append("\n" + "> " * self._quotes)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._said.append(" ".join(data.split("\n")))
