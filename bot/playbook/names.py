"""Names of customers and their brands: the words that tell them apart, and how much a channel's name is like one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.deal import Deal

LIKELY = 0.45
"""From here on a likeness is worth a suggestion."""

_WORD = re.compile(r"[^\W_]+")
_MARKUP = re.compile(r"<[^<>]*>")
_LONGEST = 3_000
_SPELLED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d", "ı": "i"}
)

_COMPANY = (
    "inc incorporated llc llp ltd limited co corp corporation company companies gmbh ag kg se sa sas sarl srl spa bv nv oy ab as plc "
    "pty pte group holding holdings international intl the and of for und et y com net org io"
)
COMPANY = frozenset(_COMPANY.split())
"""Words of names that say what kind of company it is."""

_TRADE = (
    "apparel boutique brand brands carrier clothing coffee collective commerce cosmetics delivery designs direct distribution "
    "ecommerce express fashion foods freight fulfillment fulfilment furniture gear global goods health home industries jewelry kids "
    "labs logistics market marketing media national nutrition online outfitters parts pets products provisions retail sales services "
    "shipping shoes shop solutions sporting sports store stores studio studios supplies supply systems tech technologies toys traders "
    "trading wear wellness wholesale world worldwide"
)
TRADE = frozenset(_TRADE.split())
"""Words that many names have; alone they tell nobody apart."""

_ORDINARY = (
    "able about above access action active after again agree all alpha always amazon annual another apple april area art august away "
    "back base basic bay beach bear best beta better big bird black block blue board body bold bolt book boot boots bottom box boxes "
    "brave bridge bright build busy buy call camp can care cart case central chance change chase check choice circle city class clean "
    "clear close cloud coach coast code cold core corner cost crate cross crown current daily dash data date day days deal december "
    "deep delta demand depot desk diesel done door down drive drop earth east easy echo edge eight end even ever every fair fall "
    "family farm fast february field figure final fine fire first fit five flat floor fold force fore form fossil four free fresh "
    "friday friend front full future gap garden gate general get giant give glow go gold good grand great green ground grow guess "
    "half hand handle happy hard harbor haul head help here hero high hill hold honest hope house hub idea impact indigo island "
    "january july june just keep key king label lake land large last late launch leaf lean level lift light like line link list "
    "little live local long look loop low lucky main make march mark master match maybe metro mile mind mint mission mobile modern "
    "monday moon more most motion mountain move much native near need nest never new next nine north note nova now ocean october "
    "office often old olive one only open option orange order origin other our out over own pace pack package packages parcel park "
    "part past path peak pick pickup pilot place plain plan plus point pop port post power price prime pro project pure push queen "
    "quick rain ramp range rate reach ready real red relay rest rich ride right ring rise river road rock root rose round route run "
    "rush safe sail same sand saturday save scale season second see self senior september set shade shift ship shore short side sign "
    "silver simple six sky slack slate slow small smart snow solid some soon south space spark spot spring square stage standard "
    "staples star start state stay step still stone story stream street strong style summer sun sunday supreme sure swift table take "
    "talk target team ten term test than thing three thrive thursday tide tiger time today together top total touch tower town track "
    "trade trail transit tree trend true trust try tuesday turn two unit united up urban us use value venture very view village "
    "vision vital volume wait walk wall want warm water wave way wednesday week well west what white whole wild will wind window "
    "winter wish wood word work year yellow yes young zero zone"
)
ORDINARY = frozenset(_ORDINARY.split())
"""Words that are said every day; one of them is a name only where it is written like one."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: folded for comparing, as it was written, and whether it begins a sentence."""

    folded: str
    written: str
    begins: bool


def names_of(deal: Deal) -> tuple[str, ...]:
    """What a deal's customer is called: by its name, and by its brands."""
    return tuple(dict.fromkeys((deal.customer, *deal.brands)))


def words_of(text: str) -> list[Word]:
    """The words of a text; mentions and links of Slack's own are none."""
    plain = unicodedata.normalize("NFKC", _MARKUP.sub(" ", text[:_LONGEST]))
    found: list[Word] = []
    before = 0
    for match in _WORD.finditer(plain):
        between = plain[before : match.start()]
        begins = not found or any(mark in between for mark in ".!?:;\n•\"“'(*>")
        found.append(Word(folded(match[0]), match[0], begins))
        before = match.end()
    return found


def folded(word: str) -> str:
    """A word without regard to case and accents."""
    bare = unicodedata.normalize("NFKD", word.casefold())
    return "".join(character for character in bare if not unicodedata.combining(character))


def core(name: str) -> list[Word]:
    """The words of a name without "Inc" and the like; all of them where nothing else is left."""
    words = words_of(name)
    return [word for word in words if word.folded not in COMPANY] or words


def likeness(channel: str, topic: str, names: Sequence[str]) -> float:
    """How much a channel, by its name or else its topic, is like one of these names; 0 (not at all) to 1."""
    called, about = _heard(channel), _heard(topic)
    spelled = [spelling for name in names for spelling in _spellings(name)]
    by_name = max((_alike(called, words) for words in spelled), default=0.0)
    by_topic = max((_alike(about, words) for words in spelled), default=0.0)
    return max(by_name, 0.8 * by_topic)


def suggested(channel: str, topic: str, called: Sequence[tuple[int, Sequence[str]]], most: int) -> list[int]:
    """Of the deals given by id and names, those that a channel is likely to be of: the likeliest first, `most` at most."""
    likely = sorted(((likeness(channel, topic, names), number) for number, names in called), key=lambda one: -one[0])
    best = likely[0][0] if likely else 0.0
    return [number for score, number in likely if score >= max(LIKELY, 0.55 * best)][:most]


def _heard(text: str) -> list[str]:
    """The words of a channel's name: "proj_acme2" also holds "acme"."""
    found: list[str] = []
    for word in words_of(text):
        bare = word.folded.rstrip("0123456789")
        found += [word.folded] if bare in ("", word.folded) else [word.folded, bare]
    return found[:200]


def _spellings(name: str) -> Iterator[list[str]]:
    yield [word.folded for word in core(name)]
    other = name.casefold().translate(_SPELLED)
    if other != name.casefold():
        yield [word.folded for word in core(other)]


def _alike(heard: Sequence[str], name: Sequence[str]) -> float:
    """The share of a name's words, by their weight, that are heard."""
    if not heard or not name:
        return 0.0
    whole = "".join(name)
    if whole in heard or (len(whole) >= 6 and any(word.startswith(whole) for word in heard)):
        return 1.0
    if len(name) > 1 and _in_a_row(heard, name):
        return 1.0
    runs = _runs(heard, name)
    weights = [_weight(word, place) for place, word in enumerate(name)]
    matches = [1.0 if place in runs else max(_same(word, other) for other in heard) for place, word in enumerate(name)]
    matched = sum(weight * match for weight, match in zip(weights, matches, strict=True))
    initials = "".join(word[0] for word in name)
    by_initials = 0.6 if len(initials) >= 3 and initials in heard else 0.0
    return max(by_initials, 0.98 * matched / sum(weights))


def _in_a_row(heard: Sequence[str], name: Sequence[str]) -> bool:
    count = len(name)
    return any(list(heard[first : first + count]) == list(name) for first in range(len(heard) - count + 1))


def _runs(heard: Sequence[str], name: Sequence[str]) -> set[int]:
    """The places of words that are heard written as one: "blueridge" for Blue Ridge."""
    found: set[int] = set()
    for first in range(min(len(name), 6)):
        for last in range(first + 2, min(len(name), 6) + 1):
            if "".join(name[first:last]) in heard:
                found |= set(range(first, last))
    return found


def _weight(word: str, place: int) -> float:
    """How much a word tells: the first says most, what many names have says little."""
    if word in TRADE or word.isdecimal() or len(word) == 1:
        return 0.3
    return 1.0 if place == 0 else 0.7


def _same(word: str, other: str) -> float:
    if word == other:
        return 1.0
    shorter, longer = sorted((word, other), key=len)
    if len(shorter) >= 4 and longer.startswith(shorter):
        return 0.9
    if len(shorter) < 5 or len(longer) > 40 or word[0] != other[0]:
        return 0.0
    ratio = SequenceMatcher(None, word, other).ratio()
    return 0.8 if ratio >= 0.84 else 0.0
