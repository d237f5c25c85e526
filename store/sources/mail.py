"""Emails and pasted mail threads into turns: who wrote what, when; headers, quoted history and signatures are no words."""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import PurePath

from store.sources.conversation import Conversation, Found, Turn
from store.sources.loose_dates import loose_date
from store.sources.mail_words import Shown, own_words, unquoted

LARGEST = 2_000_000
"""Characters of one file; an attachment inside an .eml is passed over."""

MOST_MAILS = 200

_FIELD = re.compile(
    r"\**(From|Sent|Date|To|Cc|Bcc|Subject|Reply-To|De|Enviado(?: el)?|Fecha|Para|Asunto|Von|Gesendet|An|Betreff)\s*:\**\s*(.*)",
    re.IGNORECASE,
)
_SENDER = frozenset(("from", "de", "von"))
_WHEN = frozenset(("date", "sent", "fecha", "enviado", "enviado el", "gesendet"))
_ABOUT = frozenset(("subject", "asunto", "betreff"))
_WROTE = re.compile(
    r"(?:On|El|Am|Le)\s+(?P<when>.{6,80}?(?:\d{4}|\d{1,2}:\d{2}(?:\s?[AaPp]\.?\s?[Mm]\.?)?)),?\s+(?P<who>[^\W\d_][^,<>:\n]{0,79}?|\"[^\"]{1,80}\")"
    r"\s*(?:\(?<(?P<mail>[^<>\s]{3,120})>\)?)?\s*(?:wrote|escribió|schrieb|a écrit)\s*:",
    re.IGNORECASE,
)
_ON = re.compile(r"(?:On|El|Am|Le)\s.*\d", re.IGNORECASE)
_RULER = re.compile(
    r"-{2,}\s*(?:original message|forwarded message|mensaje (?:original|reenviado)|ursprüngliche nachricht)\s*-{2,}|_{10,}|"
    r"begin forwarded message:",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of a thread: its own words. `mark` tells it again when it comes once more, in another mail's history."""

    text: str
    who: str = ""
    address: str | None = None
    at: datetime | None = None
    subject: str | None = None

    @property
    def mark(self) -> str:
        """The same for the same words by the same person, whatever quoting did to their line ends."""
        plain = f"{(self.address or self.who).casefold()}\n{' '.join(self.text.split()).casefold()}"
        return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()[:24]


def is_mail(text: str) -> bool:
    """Whether a text is an email, or a thread of them: it starts with the fields of one, or with "On … wrote:" above quoted lines."""
    head = [line.strip(" >\ufeff") for line in text[:6_000].split("\n")]
    first = next((place for place, line in enumerate(head) if line), 0)
    names = {found[1].casefold() for line in head[first : first + 40] if (found := _FIELD.fullmatch(line))}
    starts = (
        _FIELD.fullmatch(head[first]) is not None
        or re.match(r"[A-Za-z-]{2,40}:\s", head[first]) is not None
        or bool(_RULER.fullmatch(head[first]))
    )
    if starts and names & _SENDER and names & (_WHEN | _ABOUT):
        return True
    wrote = (_WROTE.match(" ".join(head[place : place + 3]).strip()) for place in range(len(head)) if _ON.match(head[place]))
    return any(found is not None and (found["mail"] or re.search(r"\d{4}", found["when"])) for found in wrote)


def mails(text: str, heard: Collection[str] = ()) -> tuple[Mail, ...]:
    """The mails of a thread, the oldest first, each once, with its own words alone; those whose mark was `heard` before are left out."""
    found = list(_thread(text))[:MOST_MAILS]
    fresh: dict[str, Mail] = {}
    for mail in reversed(found):  # below stands what is older
        if mail.text and mail.mark not in heard:
            fresh.setdefault(mail.mark, mail)
    return tuple(fresh.values())


def new_words(text: str) -> str:
    """The words of the topmost mail alone: what its writer adds."""
    return next(_thread(text), Mail("")).text


def parse_mail(text: str, name: str, heard: Collection[str] = ()) -> Found:
    """A mail file as one conversation of the medium email."""
    found = mails(text[:LARGEST], heard)
    if not found:
        return Found(mistakes=(f"{name}: is an email without words of its own",))
    turns = tuple(
        Turn(str(n), mail.text, mail.who or mail.address or "", mail.at, name=mail.who or mail.address)
        for n, mail in enumerate(found, start=1)
    )
    notes = () if len(text) <= LARGEST else (f"{name}: only its first {LARGEST:,} characters were read",)
    return Found((Conversation(PurePath(name).stem, "email", turns),), notes=notes)


def _thread(text: str) -> Iterator[Mail]:
    """The mails from top to bottom, as a reader sees them: the newest first."""
    head, body = _opened(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    lines = [unquoted(line) for line in body.split("\n")]
    depth0 = [line.lstrip().startswith(">") for line in body.split("\n")]
    at, own, quoted = 0, list[str](), False
    while at < len(lines):
        cut = _next_head(lines, at)
        if cut is None:
            if not (depth0[at] and not quoted):
                own.append(lines[at])
            at += 1
            continue
        yield _mail(head, own)
        head, after = cut
        own, at, quoted = [], after, True
    yield _mail(head, own)


@dataclass(frozen=True, slots=True)
class _Head:
    who: str = ""
    address: str | None = None
    at: datetime | None = None
    subject: str | None = None


def _mail(head: _Head, lines: Sequence[str]) -> Mail:
    return Mail(own_words(lines), head.who, head.address, head.at, head.subject)


def _opened(text: str) -> tuple[_Head, str]:
    """The head and the body of a file: a whole .eml with its encodings, or text that begins with a few fields."""
    if re.match(r"(?:[A-Za-z][\w-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){4,}\n", text) and re.search(
        r"^(?:MIME-Version|Message-ID|Received):", text[:20_000], re.IGNORECASE | re.MULTILINE
    ):
        parsed = email.message_from_string(text, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        return _of_fields(
            {"from": str(parsed.get("From", "")), "date": str(parsed.get("Date", "")), "subject": str(parsed.get("Subject", ""))}
        ), _body(parsed)
    lines = text.split("\n")
    first = next((place for place, line in enumerate(lines) if line.strip()), 0)
    cut = _fields(lines, first)
    return (cut[0], "\n".join(lines[cut[1] :])) if cut else (_Head(), text)


def _body(parsed: EmailMessage) -> str:
    try:
        part = parsed.get_body(("plain", "html"))
        content = str(part.get_content()) if part else ""
        return Shown.text(content) if part and part.get_content_subtype() == "html" else content
    except (LookupError, ValueError, AttributeError, RecursionError):
        return ""  # a part in an encoding that does not exist says nothing


def _next_head(lines: Sequence[str], at: int) -> tuple[_Head, int] | None:
    """The head of the quoted mail that begins in this line, and the first line of its words."""
    line = lines[at].strip()
    if _ON.match(line):
        for more in range(1, 4):
            found = _WROTE.fullmatch(" ".join(part.strip() for part in lines[at : at + more]))
            if found:
                return _of_fields({"from": f"{found['who']} <{found['mail'] or ''}>", "date": found["when"]}), at + more
    if _RULER.fullmatch(line):
        below = next((place for place in range(at + 1, min(at + 4, len(lines))) if lines[place].strip()), at + 1)
        return _fields(lines, below) or ((_Head(), at + 1) if not line.startswith("_") else None)
    return _fields(lines, at)


def _fields(lines: Sequence[str], at: int) -> tuple[_Head, int] | None:
    """A block of fields, as Outlook puts it above a quoted mail: it names the sender, and the day or the subject."""
    found: dict[str, str] = {}
    place = at
    while place < len(lines) and (field := _FIELD.fullmatch(lines[place].strip())):
        found.setdefault(field[1].casefold(), field[2])
        place += 1
    sender = next((value for name, value in found.items() if name in _SENDER), None)
    if sender is None or not set(found) & (_WHEN | _ABOUT):
        return None
    when = next((value for name, value in found.items() if name in _WHEN), "")
    subject = next((value for name, value in found.items() if name in _ABOUT), "")
    return _of_fields({"from": sender, "date": when, "subject": subject}), place


def _of_fields(fields: dict[str, str]) -> _Head:
    sender = re.sub(r"\[mailto:([^\]]+)\]|<mailto:([^>]+)>", r"<\1\2>", fields["from"].replace("*", "")).strip()
    name, address = parseaddr(sender)
    who = (name or (sender if "@" not in sender else "")).strip("\"' <>")
    return _Head(
        who[:120], address.casefold()[:200] if "@" in address else None, _when(fields.get("date", "")), fields.get("subject") or None
    )


def _when(words: str) -> datetime | None:
    """The time of a mail; with its zone where it names one."""
    if not words.strip():
        return None
    try:
        return parsedate_to_datetime(words)
    except (ValueError, TypeError, IndexError, OverflowError):
        return loose_date(words.strip()[:80].replace(" at ", " "), {"STRICT_PARSING": False}, ["en", "es", "de", "fr"])
