"""Cuts a text into classed nodes, digits of every script and spoken words alike, keeping each one's place."""

from __future__ import annotations

import re
import unicodedata

from bot.language.quantities.classes import CLASS
from bot.language.quantities.engine import Node
from bot.language.quantities.lexicon import LEXICON, SEEDS

LOOK_AT = 8_000
"""Characters looked at: what follows in a longer text is not read."""
NUMBERS_AT_MOST = 250
"""Figures and number words looked at: a text with more of them is a table, not talk."""
NEAR = 14
"""Words around a number or a date that can matter to it."""

_MASK = re.compile(
    r"<[@#!][^<>\s]{0,120}(?:\|[^<>]{0,120})?>|<?https?://[^\s|>]{0,800}(?:\|[^<>]{0,200})?>?|\bwww\.\S{1,300}|`[^`]{1,800}`"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{1,64}"
)
_TOKEN = re.compile(
    r"""(?P<space>[^\S\n]+)
    |(?P<isodate>\d{4}-\d{1,2}-\d{1,2}(?:T\d\d:\d\d(?::\d\d)?)?(?![\d-])|\d{1,2}\.\d{1,2}\.(?:20)?\d\d(?![\d.]))
    |(?P<clock>\d{1,2}:\d\d(?::\d\d)?(?![\d:])|\d{1,2}h\d\d(?!\w))
    |(?P<phone>\+\d{1,3}[ .-]\(?\d{2,4}\)?[ .-]\d{3,4}(?:[ .-]?\d{2,5})?|\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}(?!\d)|555-\d{4}(?!\d)|\d{11,})
    |(?P<slashdate>\d{1,2}/\d{1,2}/(?:20)?\d\d(?![\d/])|\d{1,2}/\d{1,2}(?![\d/.,]\d|\d|/))
    |(?P<version>\d{1,9}(?:\.\d{1,9}){2,5}(?![.,]?\d))
    |(?P<dig>\d{1,3}(?:,\d{3}){1,6}(?:\.\d+)?(?![\d])|\d{1,2}(?:,\d\d){1,4},\d{3}(?:\.\d+)?(?!\d)|\d{1,3}(?:\.\d{3}){1,4},\d{1,2}(?!\d)
        |\d{1,3}(?:'\d{3}){1,4}(?!\d)|\d+(?:\.\d+)?|(?<![\w.])\.\d+)
    |(?P<emoji>:(?:[a-z][a-z0-9_+'-]{0,40}|100|1234):)
    |(?P<code>(?![xX]\d)(?:[A-Za-z]{1,6}-?\d[A-Za-z0-9]*|[A-Z]{2,6}-[A-Z]{1,4}-?\d[A-Za-z0-9]*)(?:-[A-Za-z0-9]+){0,4})
    |(?P<word>(?:[^\W\d_]|°)+(?:'[^\W\d_]+){0,2}²?)
    |(?P<fraction>[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞⅐⅑⅒])
    |(?P<nl>\n)
    |(?P<sign>[<>]=?|&(?:amp|lt|gt);|\.\.\.?|'s\b|.)""",
    re.VERBOSE,
)
_SIGNS = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "<=": "≤", ">=": "≥", "..": ".", "...": "."}
_SUFFIX = {"k": 1e3, "K": 1e3, "M": 1e6, "MM": 1e6, "mm": 1e6, "bn": 1e9, "G": 1e9, "B": 1e9, "mln": 1e6, "mio": 1e6, "m": 1e6}
_OTHER, _DIG = CLASS["other"], CLASS["dig"]
_LETTERLIKE = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u200b": " ", "\u2007": " ", "\ufeff": " "}
)


def plain(text: str) -> str:
    """The text with digits and letters of other widths and scripts made plain, character by character, so that places stay."""
    if text.isascii():
        return text
    text = text.translate(_LETTERLIKE)
    return "".join([char if char < "\u0300" or char in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞" else _plain_char(char) for char in text])


def _plain_char(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    made = unicodedata.normalize("NFKC", char)
    return made if len(made) == 1 else char


def masked(text: str) -> str:
    """The text with links, mentions, mail addresses and code blanked out."""
    if not any(sign in text for sign in ("<", "@", "`", "://", "www.")):
        return text
    return _MASK.sub(lambda found: "\u0001" * len(found[0]), text)


def nodes_of(text: str) -> list[Node]:
    """The nodes of the text within reach of a number, date or code; empty when there is none."""
    marks: list[tuple[str, int, int, str]] = []
    seeds: list[int] = []
    for found in _TOKEN.finditer(masked(plain(text[:LOOK_AT]))):
        group = found.lastgroup
        if group == "space":
            continue
        word = found[0]
        if group in ("word", "sign"):
            entry = LEXICON.get(word) or LEXICON.get(word.lower())
            if entry is not None and entry.cls in SEEDS:
                seeds.append(len(marks))
        elif group not in ("nl", "emoji"):
            seeds.append(len(marks))
        if len(seeds) > NUMBERS_AT_MOST:
            break
        marks.append((group or "sign", *found.span(), word))
    return [_node(*marks[at]) for at in _near(seeds, len(marks))] if seeds else []


def _near(seeds: list[int], count: int) -> list[int]:
    kept: list[int] = []
    done = 0
    for seed in seeds:
        begin = max(done, seed - NEAR)
        done = max(done, min(count, seed + NEAR + 1))
        kept.extend(range(begin, done))
    return kept


def _node(group: str, start: int, end: int, word: str) -> Node:
    lower = word.lower()
    if group in ("word", "sign"):
        lower = _SIGNS.get(lower, lower)
        entry = LEXICON.get(lower)
        if entry is None:
            return Node(_OTHER, start, end, word)
        return Node(entry.cls, start, end, lower, entry.value, entry.name)
    if group == "dig":
        return Node(_DIG, start, end, word, _value(word))
    if group == "fraction":
        return Node(CLASS["share"], start, end, word, unicodedata.numeric(word))
    return Node(CLASS["code" if group == "version" else group], start, end, word)


def _value(word: str) -> float:
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+", word):
        return float(word.replace(".", "").replace(",", "."))
    return float(word.replace(",", "").replace("'", ""))
