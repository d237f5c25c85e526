"""Names of people and companies as meeting programs show them: their plain words, what stands beside them, and how well two fit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

SURE, GOOD, FAIR, WEAK = 4, 3, 2, 1
"""How well a name fits: the whole name; enough of it; one half of it or its initials; only something like it. 0: not at all."""

_ASIDE = re.compile(r"[(\[{](.*?)[)\]}]|\s[|@•·]\s?(.+)$|\s[-–—]\s(.+)$|\s(?:from|at)\s(.+)$", re.IGNORECASE)
_PRONOUNS = re.compile(
    r"(?:she|he|they|her|him|them|his|hers|theirs)(?:\s*/\s*\w+)*|host|co-?host|guest|external|unverified|me|you", re.IGNORECASE
)
_DEVICE = re.compile(r"[’']s\s+(?:i?phone|ipad|android|galaxy|pixel|macbook|laptop|computer|pc)\b.*", re.IGNORECASE)
_SHARED = re.compile(
    r"\b(?:(?:conf(?:erence)?|meeting|board|training|break|huddle|team|war)[\s-]*(?:rm|room)|boardroom|room\s*\w*\d|(?:rm|room)\s+\w{1,3}$|"
    r"speakers?\s*\d*|unknown(?:\s+speaker)?|user\s*\d+|participant\s*\d*|dial[- ]?in|caller|phone\s*user|iphone|ipad|android|owl|poly\w*|"
    r"(?:loading\s+)?dock(?:\s+(?:office|\d+))?|warehouse(?:\s+office)?|reception|lobby|office)\b|\+?\d[\d\s().*-]{5,}",
    re.IGNORECASE,
)
_TITLES = frozenset(("mr", "mrs", "ms", "mx", "dr", "prof", "sir", "jr", "sr", "ii", "iii", "phd", "cpa", "mba", "pe", "esq"))
_GENERIC = frozenset(("the", "inc", "llc", "ltd", "co", "corp", "company", "group", "and", "of", "gmbh", "sa"))
_SHORT = """
robert bob rob bobby bert, william will bill billy liam, richard rick dick rich ricky, james jim jimmy jamie, john jack johnny jon,
michael mike mikey mick, thomas tom tommy, david dave davey, daniel dan danny, joseph joe joey, charles charlie chuck,
edward ed eddie ted, stephen steven steve, christopher chris kit, matthew matt, andrew andy drew, anthony tony, benjamin ben,
samuel sam, samantha sam, alexander alex, alexandra alex sandra, nicholas nick, patrick pat paddy, patricia pat patty trish,
elizabeth liz beth eliza betty lisa, katherine catherine kate katie kathy cathy kat, margaret maggie meg peggy,
jennifer jen jenny, jessica jess, rebecca becky becca, susan sue susie, deborah debbie deb, victoria vicky tori, kimberly kim,
gregory greg, jeffrey geoffrey jeff, ronald ron, donald don, kenneth ken kenny, lawrence larry, peter pete, philip phil,
raymond ray, timothy tim, zachary zach, joshua josh, jonathan jon, nathaniel nathan nate, frederick fred, gerald jerry,
francisco paco, jose pepe, guadalupe lupe, roberto beto, eduardo lalo, ignacio nacho, isabel isa, alejandro alex ale,
alejandra ale, maximilian max, theodore theo ted, vincent vince, walter walt
"""
_NICKNAMES: tuple[frozenset[str], ...] = tuple(frozenset(names.split()) for names in _SHORT.split(","))


def told(name: str) -> str:
    """A speaker's name as answers are remembered under it."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:200]


def alike(theirs: Sequence[str], said: Sequence[str]) -> int:
    """How well the words of a name said fit the words of somebody's name."""
    if not theirs or not said:
        return 0
    if sorted(theirs) == sorted(said) or "".join(theirs) == "".join(said):
        return SURE
    whole = len(theirs) > 1
    fits = _of_two(theirs, said) if whole and len(said) > 1 else _of_one(theirs, said[0]) if len(said) == 1 else 0
    return fits or (WEAK if not (whole and len(said) > 1) and _almost(said[0], theirs[0]) else 0)


def _of_one(theirs: Sequence[str], word: str) -> int:
    """Of one word: a first or last name, a login such as dortiz, or initials."""
    first, last = theirs[0], theirs[-1]
    if word in (first, last):
        return FAIR
    if len(theirs) == 1:
        return 0
    if word in (f"{last}{first}", f"{first}{last[0]}", f"{first[0]}{last}", f"{last}{first[0]}"):
        return GOOD
    return FAIR if word in ("".join(part[0] for part in theirs), f"{first[0]}{last[0]}") else 0


def _almost(word: str, first: str) -> bool:
    return _nick(word, first) or _close(word, first) or (len(word) > 2 and first.startswith(word))


def _of_two(theirs: Sequence[str], said: Sequence[str]) -> int:
    """Of two names of several words each: the same ends with something between, an initial for a word, a short or misspelt form."""
    first, last = theirs[0], theirs[-1]
    pairs = [(said[0], said[-1]), (said[-1], said[0]), *((said[0], word) for word in said[1:-1])]
    return max(_pair(one, other, first, last) for one, other in pairs)


def _pair(one: str, other: str, first: str, last: str) -> int:
    """How well two words fit a first and a last name."""
    given = one == first or _nick(one, first)
    if one == first and other == last:
        return SURE
    if (given or one == first[0]) and other == last:
        return GOOD
    if given and other == last[0]:
        return GOOD
    if (given or _close(one, first)) and (other == last or _close(other, last)):
        return GOOD
    return FAIR if one == first[0] and other == last[0] else 0


def _nick(one: str, other: str) -> bool:
    return any(one in names and other in names for names in _NICKNAMES)


def _close(one: str, other: str) -> bool:
    """Whether two words differ by one letter changed, added, dropped or swapped, and are long enough for that to say something."""
    if one == other or min(len(one), len(other)) < 4 or abs(len(one) - len(other)) > 1:
        return False
    if len(one) == len(other):
        at = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        return len(at) == 1 or (len(at) == 2 and (one[at[0]], one[at[1]]) == (other[at[1]], other[at[0]]))
    long, short = sorted((one, other), key=len, reverse=True)
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))


def words_of(name: str) -> list[str]:
    """A name in plain lower-case words, given name first, without accents, titles and what stands in brackets."""
    family, comma, given = name.partition(",")
    if comma and given.strip() and _bare(given) and _bare(given)[0] not in _TITLES:
        name = f"{given} {family}"
    return _bare(name)


def _bare(name: str) -> list[str]:
    flat = "".join(letter for letter in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(letter))
    words = re.sub(r"[^\w'’]|_|(?<=\w)['’](?=s\b)", " ", flat.replace("ø", "o").replace("ł", "l")).replace("'", "").replace("’", "").split()
    return [word for word in words if word not in _TITLES and not word.isdigit()]


def own_name(name: str) -> str:
    """The name without company, pronouns and device: "Dana Ortiz (Acme)", "Dana | Acme", "Dana's iPhone"."""
    return _DEVICE.sub("", _ASIDE.sub(" ", name)) or name


def shared(name: str) -> bool:
    """Whether it names a room, a line or a device, through which several may speak."""
    return _SHARED.search(own_name(name)) is not None


def asides(name: str) -> Iterator[str]:
    """What stands beside the name and is no pronoun: a company, mostly."""
    for found in _ASIDE.finditer(name):
        aside = next((part for part in found.groups() if part), "").strip()
        if aside and not _PRONOUNS.fullmatch(aside):
            yield aside


def names_customer(customer: str, words: str) -> bool:
    """Whether words name a customer: by its whole name, its telling first word, or its initials."""
    theirs, said = _bare(customer), _bare(words)
    telling = [word for word in theirs if word not in _GENERIC]
    if not telling or not said:
        return False
    initials = "".join(word[0] for word in telling)
    return telling[0] in said or (len(initials) > 2 and initials in said) or "".join(telling) in "".join(said)
