"""Cuts a text into classed nodes, digits of every script and spoken words alike, keeping each one's place."""

from __future__ import annotations

import re
import unicodedata

from bot.language.quantities.classes import CLASS
from bot.language.quantities.engine import Node
from bot.language.quantities.lexicon import LEXICON, SEEDS, Entry

LOOK_AT = 8_000
"""Characters looked at: what follows in a longer text is not read."""
NUMBERS_AT_MOST = 150
"""Figures and number words looked at: a text with more of them is a table, not talk."""
NEAR = 14
"""Words around a number or a date that can matter to it."""

_MASK = re.compile(
    r"<[@#!][^<>\s]{0,120}(?:\|[^<>]{0,120})?>|<?https?://[^\s|>]{0,800}(?:\|[^<>]{0,200})?>?|\bwww\.\S{1,300}|(?<!`)`[^`\n]{1,800}`"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{1,64}"
)
_QUOTING = re.compile(r"^&gt;(?=[ \t])", re.MULTILINE)
_FIGURE_AS_CODE = re.compile(r"`[~≈]? ?\d+[^\W\d_]{0,5}(?:[ .,'%/–-]{1,2}(?:\d+[^\W\d_]{0,5}|[^\W\d_]{1,12})){0,6}[%+ ]?`")
_DASHED = re.compile(r"^[ \t]*[-–—](?=[ \t]?\w)", re.MULTILINE)
_DASHED_FIGURE = re.compile(r"^([ \t]*)[-–—](?=\d)", re.MULTILINE)
_DASHED_RATE = re.compile(
    r"^([ \t]*)[-–—](?=\d[\d.,k]{0,9}(?:[ –-]\d[\d.,k]{0,9})?[ ]?(?:[^\W\d_]{1,12}[ ]){0,2}"
    r"(?:a|per|each|every|/)[ ]?(?:\w{1,9}[ ])?(?:d|day|wk|week)\b)"
)
_PER = re.compile(r"(?<=[\w ])p\.([dw])\.(?!\w)")
_EMPHASIS = re.compile(r"(?<!\S)[*_](?=[^\s*_])|(?<=[^\s*_])[*_](?=[\s.,;:!?)]|$)")
_TOKEN = re.compile(
    r"""[ ]*+(?:(?P<fraction>[½⅓⅔¼¾⅕-⅞⅐-⅒])
    |(?P<circled>[⑩-⑳])
    |(?P<keycap>(?:\d\ufe0f?\u20e3){1,6})
    |(?P<arrow>[-=]{1,2}(?:>|&gt;)|→)
    |(?P<word>[^\W\d_]+(?=(?:'s)?(?![\w'°²-])))
    |(?P<sign>[,;)!?…"/%=$€£~*#@_\[\]{}|^\\-])
    |(?P<isodate>\d{4}-\d{1,2}-\d{1,2}(?:T\d\d:\d\d(?::\d\d)?)?(?![\d-])|\d{1,2}\.\d{1,2}\.(?:20)?\d\d(?![\d.]))
    |(?P<clock>\d{1,2}:\d\d(?::\d\d)?(?![\d:])|\d{1,2}h\d\d(?!\w))
    |(?P<compact>\d{1,4}(?:w|d|hrs?|h|mins?|m|s|mo|y)(?:\d{1,4}(?:w|d|hrs?|h|mins?|m|s|mo|y)){1,5}(?!\w))
    |(?P<misread>(?!\d+l(?!\w))(?=[lIOo]*\d)(?=\d*[lIOo])[\dlIOo]{2,6}(?![\w-]))
    |(?P<tracking>\d(?=\d{0,30}[A-Z])[A-Z\d]{7,40}(?!\w)|1Z(?:[A-Z\d]{2,16}(?:[ ][A-Z\d]{2,16}){1,6}|(?:[ ][A-Z\d]{2,16}){2,6})(?!\w))
    |(?P<mask>\x01+)
    |(?P<phone>\+\d{1,3}[ .-]\(?\d{2,4}\)?[ .-]\d{3,4}(?:[ .-]?\d{2,5})?|\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}(?!\d)|555-\d{4}(?!\d)|\d{11,})
    |(?P<slashdate>\d{1,2}/\d{1,2}/(?:20)?\d\d(?![\d/])|\d{1,2}/\d{1,2}(?![\d/.,]\d|\d|/))
    |(?P<version>\d{1,9}(?:\.\d{1,9}){2,5}(?![.,]?\d))
    |(?P<dig>\d{1,3}(?:\.\d{1,4})?e[+-]?\d{1,2}(?!\w)|\d{1,3}(?:,\d{3}){1,6}(?:\.\d+)?(?![\d])|\d{1,2}(?:,\d\d){1,4},\d{3}(?:\.\d+)?(?!\d)|\d{1,3}(?:\.\d{3}){1,4},\d{1,2}(?!\d)
        |\d{1,3}(?:'\d{3}){1,4}(?!\d)|\d+(?:\.\d+)?|(?<![\w.])\.\d+)
    |(?P<emoji>:(?:[a-z][a-z0-9_+'-]{0,40}|100|1234|[+-]1):)
    |(?P<code>(?<![\d.])(?![xX]\d)(?:[A-Za-z]{1,6}-?\d[A-Za-z0-9]*|[A-Z]{2,6}-[A-Z]{1,4}-?\d[A-Za-z0-9]*)(?:[-.][A-Za-z0-9]+){0,4})
    |(?P<long>(?:[^\W\d_]|°)+(?:'[^\W\d_]+){0,2}²?)
    |(?P<nl>\n)
    |(?P<mark>[<>]=?|&(?:amp|lt|gt);|\.\.\.?|'s\b|[^\s\w]|_))""",
    re.VERBOSE,
)
_SIGNS = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "<=": "≤", ">=": "≥", "..": ".", "...": "."}
_known = (LEXICON | {sign: LEXICON[plainer] for sign, plainer in _SIGNS.items() if plainer in LEXICON}).get
_WORDS = frozenset(("word", "long", "sign", "mark"))
_SEEDLESS = _WORDS | {"nl", "emoji", "arrow"}
FIGURE = re.compile(r"[\d½⅓⅔¼¾⅕-⅞⑩-⑳<@`]|://|www\.")
"""What can start a quantity and is no word."""
_LETTERS = re.compile(r"[^\W\d_]+")
_UNITS_ONLY = frozenset(("mm", "ms"))
SEED_WORDS = frozenset(word for word, entry in LEXICON.items() if entry.cls in SEEDS and len(word) > 1) - _UNITS_ONLY
"""Words that can start a quantity with no figure about; single letters cannot ("don't", "I'd", "t")."""
_LETTER_SCALES = frozenset(("k", "cr", "bn", "tn", "mio"))
_CARDINALS = frozenset(CLASS[name] for name in ("ones", "teen", "tens", "hundred"))
_OTHER, _DIG = CLASS["other"], CLASS["dig"]
_CASED = frozenset(("M", "MM", "G"))
"""Letters whose case tells millions and thousands of millions from metres, minutes and grams."""
_AFTER_SCALE = frozenset(
    CLASS[name]
    for name in ("unit", "pack", "label", "a", "per", "slash", "daily", "of", "comma", "dot", "hyphen", "to", "or", "currencyword")
)
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
    """The text with links, mentions, mail addresses and code blanked out, and without the signs of bold, italic, quoting and lists.

    A figure set as code, with or without its unit ("`15`", "`15/day`"), is a figure.
    """
    if "p." in text:
        text = _PER.sub(lambda found: "/day" if found[1] == "d" else "/wk ", text)
    if _DASHED_FIGURE.search(text):
        listed = _DASHED_FIGURE if len(_DASHED.findall(text)) > 1 else _DASHED_RATE
        text = listed.sub(r"\1 ", text)
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub(" ", text)
    if "&gt;" in text:
        text = _QUOTING.sub("    ", text)
    if not any(sign in text for sign in ("<", "@", "`", "://", "www.")):
        return text
    return _MASK.sub(_blanked, text)


def _blanked(found: re.Match[str]) -> str:
    if _FIGURE_AS_CODE.fullmatch(found[0]):
        return f" {found[0][1:-1]} "
    return "\u0001" * len(found[0])


def _has_seed(text: str) -> bool:
    return FIGURE.search(text) is not None or not SEED_WORDS.isdisjoint(_LETTERS.findall(text.lower()))


def nodes_of(text: str) -> list[Node]:
    """The nodes of the text within reach of a number, date or code; empty when there is none."""
    text = plain(text[:LOOK_AT]).rstrip()
    if not _has_seed(text):
        return []
    text = masked(text)
    marks: list[tuple[re.Match[str], str, str, Entry | None]] = []
    seeds: list[int] = []
    for found in _TOKEN.finditer(text):
        group = found.lastgroup or "mark"
        word = found[group]
        entry = _known(word.lower()) if group in _WORDS else None
        if (entry.cls in SEEDS) if entry else (group not in _SEEDLESS):
            seeds.append(len(marks))
            if len(seeds) > NUMBERS_AT_MOST:
                break
        marks.append((found, group, word, entry))
    return _in_context([_node(*marks[at]) for at in _near(seeds, len(marks))]) if seeds else []


def _scales(before: Node | None, letters: Node, after: Node | None) -> bool:
    if before is None or letters.start - before.end > 1:
        return False
    if before.cls == _DIG:
        return True
    counted = letters.word == "k" and (after is None or after.cls in _AFTER_SCALE)
    return before.cls in _CARDINALS and (counted or letters.word == "cr")


def _in_context(row: list[Node]) -> list[Node]:
    """Letters that stand for a thousand or a million do so only on figures: "15k", "2 M", but not "k thanks", "mm-hm"."""
    before: Node | None = None
    for at, node in enumerate(row):
        if node.word in _LETTER_SCALES and not _scales(before, node, row[at + 1] if at + 1 < len(row) else None):
            node.cls = _OTHER
        elif node.word in _CASED:
            if before is not None and before.cls == _DIG and node.start == before.end:
                node.cls, node.low = CLASS["scale"], 1e9 if node.word == "G" else 1e6
            elif node.word == "G":
                node.word = node.name = "g"
        before = node
    return row


def _near(seeds: list[int], count: int) -> list[int]:
    kept: list[int] = []
    done = 0
    for seed in seeds:
        begin = max(done, seed - NEAR)
        done = max(done, min(count, seed + NEAR + 1))
        kept.extend(range(begin, done))
    return kept


def _node(found: re.Match[str], group: str, word: str, entry: Entry | None) -> Node:
    start, end = found.span(group)
    if entry is not None:
        lower = word.lower()
        return Node(entry.cls, start, end, word if word in _CASED else _SIGNS.get(lower, lower), entry.value, name=entry.name)
    if group in _WORDS:
        return Node(_OTHER, start, end, word)
    if group == "dig":
        return Node(_DIG, start, end, word, _value(word))
    if group == "fraction":
        return Node(CLASS["share"], start, end, word, unicodedata.numeric(word))
    return _sign(group, start, end, word)


def _sign(group: str, start: int, end: int, word: str) -> Node:
    if group in ("circled", "keycap"):
        digits = str(int(unicodedata.numeric(word))) if group == "circled" else re.sub(r"\D", "", word)
        return Node(_DIG, start, end, digits, float(digits))
    if group == "arrow":
        return Node(_OTHER, start, end, word)
    return Node(CLASS["code" if group in ("version", "tracking") else group], start, end, word)


def _value(word: str) -> float:
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+", word):
        return float(word.replace(".", "").replace(",", "."))
    return float(word.replace(",", "").replace("'", ""))
