"""The words of the grammar: each with its class, and where it has one its value or canonical name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.language.quantities.classes import CLASS

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A word's class character, its value (numbers as such, periods in seconds) and its canonical name."""

    cls: str
    value: float | None = None
    name: str = ""


LEXICON: dict[str, Entry] = {}


def _plain(cls: str, words: str) -> None:
    for word in words.split():
        LEXICON[word] = Entry(CLASS[cls])


def _valued(cls: str, values: Mapping[str, float]) -> None:
    for words, value in values.items():
        for word in words.split():
            LEXICON[word] = Entry(CLASS[cls], value)


def _named(cls: str, names: dict[str, str], value: float | None = None) -> None:
    for name, words in names.items():
        for word in (name, *words.split()):
            LEXICON[word] = Entry(CLASS[cls], value, name)


def _periods(periods: dict[str, tuple[float, str]]) -> None:
    for name, (seconds, words) in periods.items():
        for word in (name, *words.split()):
            LEXICON[word] = Entry(CLASS["period"], seconds, name)


_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth"
).split()
_TENTHS = dict(
    zip("twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth".split(), range(20, 100, 10), strict=True)
)


def _numbers() -> None:
    ones = "zero one two three four five six seven eight nine".split()
    teens = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
    tens = "twenty thirty forty fifty sixty seventy eighty ninety".split()
    _valued("ones", {word: at for at, word in enumerate(ones)} | {"nought naught": 0, "single": 1})
    _valued("teen", {word: at + 10 for at, word in enumerate(teens)})
    _valued(
        "tens", {word: at * 10 + 20 for at, word in enumerate(tens)} | {"fourty": 40, "thirthy": 30, "fivty": 50, "ninty": 90, "fifity": 50}
    )
    _valued("tensplural", {f"{word[:-1]}ies": at * 10 + 20 for at, word in enumerate(tens)} | {"teens": 13, "twenties": 20})
    _valued("hundred", {"hundred hundrd hunderd hundread hundered hundo": 100})
    _valued("hundreds", {"hundreds hundos": 100})
    _valued(
        "scale",
        {"thousand thousend thousnd k grand thou": 1e3, "million mln mio mil mm": 1e6, "billion bln bn": 1e9, "trillion tln tn": 1e12},
    )
    _valued(
        "scale", {"quadrillion": 1e15, "quintillion": 1e18, "lakh lac lkh lakhs lacs lkhs": 1e5, "crore crores cr koti krore krores": 1e7}
    )
    _valued("scales", {"thousands": 1e3, "millions": 1e6, "billions": 1e9})
    _valued("dozen", {"dozen doz dz": 12})
    _valued("dozens", {"dozens": 12})
    _valued("couple", {"couple pair coupla": 2})
    _valued("few", {"few": 2})
    _valued("several", {"several": 3})
    _valued("half", {"half halves halfs": 0.5})
    _valued("quarter", {"quarter quarters": 0.25})
    _valued("nth", {word: at for at, word in enumerate(_ORDINALS) if at > 2} | _TENTHS | {"hundredth": 100, "thousandth": 1000})
    _valued("nths", {f"{word}s": at for at, word in enumerate(_ORDINALS) if at > 0} | {f"{word}s": at for word, at in _TENTHS.items()})
    _valued("ord", {"first": 1})
    _valued("second", {"second": 2})
    _valued("once", {"once": 1, "twice": 2, "thrice": 3})
    _valued("today", {"today": 0, "tonight": 0, "tomorrow tmrw tmr": 1, "yesterday": -1})
    _valued("handful", {"handful": 5})
    _valued("nths", {"hundredths": 100, "thousandths": 1000})


def _time() -> None:
    _periods(
        {
            "second": (1, "seconds sec secs"),
            "minute": (60, "minutes min mins"),
            "hour": (3600, "hours hr hrs h"),
            "day": (DAY, "days d dy"),
            "night": (DAY, "nights"),
            "week": (7 * DAY, "weeks wk wks w"),
            "fortnight": (14 * DAY, "fortnights"),
            "month": (30 * DAY, "months mo mos mth mths"),
            "year": (365 * DAY, "years yr yrs y annum"),
            "weekend": (2 * DAY, "weekends"),
            "weekday": (DAY, "weekdays workday workdays"),
            "shift": (0, "shifts"),
            "morning": (0, "mornings"),
            "afternoon": (0, "afternoons"),
            "evening": (0, "evenings"),
        }
    )
    LEXICON["second"] = Entry(CLASS["second"], 2, "second")
    LEXICON["quarter"] = Entry(CLASS["quarter"], 0.25, "quarter")
    LEXICON["qtr"] = LEXICON["qtrs"] = Entry(CLASS["period"], 90 * DAY, "quarter")
    _plain("businessword", "business working shipping operating ship calendar work trading full solid straight school pickup collection")
    days = "monday tuesday wednesday thursday friday saturday sunday".split()
    short = ["mon", "tue tues", "wed weds", "thu thur thurs", "fri", "sat", "sun"]
    for at, (day, others) in enumerate(zip(days, short, strict=True)):
        for word in (day, *others.split()):
            LEXICON[word] = Entry(CLASS["dayname"], at, "")
        for word in (f"{day}s", *((f"{others}s",) if day[0] in "mfs" else ())):
            LEXICON[word] = Entry(CLASS["dayname"], at, "plural")
    months = "january february march april may june july august september october november december".split()
    for at, month in enumerate(months, 1):
        for word in (month, month[:3], *(("sept",) if at == 9 else ())):
            LEXICON[word] = Entry(CLASS["month"], at, month)
    LEXICON["may"] = Entry(CLASS["may"], 5, "may")
    LEXICON["mar"] = Entry(CLASS["month"], 3, "march")
    LEXICON["march"] = Entry(CLASS["may"], 3, "march")
    _plain("ampm", "am pm a.m p.m noon")
    _plain("oclock", "o'clock oclock uhr")
    _plain("past", "past after")
    for word, per in {
        "daily": "day",
        "nightly": "day",
        "weekly": "week",
        "monthly": "month",
        "yearly annually annual": "year",
        "quarterly": "quarter",
    }.items():
        for one in word.split():
            LEXICON[one] = Entry(CLASS["daily"], None, per)
    for word, per in {"hourly": "hour"}.items():
        LEXICON[word] = Entry(CLASS["daily"], None, per)
    for word in ("adv", "ppd", "adt"):
        LEXICON[word] = Entry(CLASS["adv"], None, "day")


def _things() -> None:
    _plain(
        "unit",
        "package packages pkg pkgs pkge parcel parcels piece pieces pc pcs shipment shipments shpt shpts consignment consignments order orders "
        "unit units colli packets packet pkts delivery deliveries despatches sends mailers mailer satchels satchel items item "
        "articles envelopes envelope stops",
    )
    _plain(
        "pack",
        "pallet pallets plt plts carton cartons ctn ctns box boxes bxs case cases crate crates cage cages truck trucks trailer trailers "
        "container containers bag bags sack sacks tote totes gaylord gaylords skid skids van vans bin bins load loads truckload truckloads "
        "drum drums roll rolls bundle bundles basket baskets rack racks layer layers sprinter cart carts packs",
    )
    _plain("label", "label labels sku skus line lines row rows scan scans print prints copies sheets stickers sleeves samples")
    _plain(
        "people",
        "people ppl person guys drivers driver packers packer pickers picker staff users user folks heads headcount temps men women customers "
        "clients employees students hands operators associates",
    )
    _plain(
        "gear",
        "printers printer stations station docks doors scanners scanner sites site locations warehouses stores shops bays lanes desks tables",
    )


def _signs() -> None:
    _plain("a", "a an")
    _plain("and", "and & n")
    _plain("or", "or")
    _plain("the", "the those these our your my their his her its")
    _plain("to", "to til till until through thru bis")
    for cls in (
        "of",
        "in",
        "at",
        "on",
        "by",
        "for",
        "not",
        "no",
        "from",
        "between",
        "per",
        "every",
        "each",
        "another",
        "next",
        "last",
        "this",
    ):
        _plain(cls, cls)
    _plain("not", "never")
    _plain("per", "per")
    _plain("next", "coming following upcoming")
    _plain("last", "past previous prior")
    _plain("past", "past")
    _plain("another", "extra")
    _plain("oh", "oh o")
    _plain("digit", "digit digits figure figures")
    _plain("level", "low mid high upper lower middle early late")
    _plain("point", "point")
    _plain("odd", "odd")
    _plain("ish", "ish")
    _plain("some", "some")
    _plain("just", "just slightly little bit shade hair tad touch well")
    _plain(
        "hedge",
        "about around round roughly approximately approx approx. circa ca maybe perhaps probably prob probs possibly say like nearly almost ~ ≈ estimated approximative ballpark realistically",
    )
    _plain("bound_low", "over above minimum exceeding exceed exceeds surpass surpasses min past ≥ northwards upwards")
    _plain("bound_high", "under below maximum max within ≤ beneath underneath")
    _plain("least", "least")
    _plain("most", "most")
    _plain("more", "more greater higher larger bigger better longer")
    _plain("less", "less fewer lower smaller shorter")
    _plain("than", "than")
    _plain("up", "up")
    _plain("tops", "tops")
    _plain("so", "so")
    _plain("thereabouts", "thereabouts")
    _plain("give", "give")
    _plain("take", "take")
    _plain("equal", "equal equals equalling")
    _plain("plus", "plus + ")
    _plain("minus", "minus negative - −")
    _plain("percent", "% percent pct pc% ٪ %age")
    _plain("hyphen", "- – — ‐ ‑ −")
    _plain("comma", ",")
    _plain("slash", "/")
    _plain("dot", ". … ! ?")
    _plain("colon", ":")
    _plain("semi", ";")
    _plain("open", "( [ {")
    _plain("close", ") ] }")
    _plain("eq", "=")
    _plain("tilde", "~")
    _plain("x", "x × *")
    _plain("quote", "' \" ″ ′")
    _plain("mword", "m")
    _plain("hash", "#")
    _plain("lt", "<")
    _plain("gt", ">")
    _plain("sorry", "sorry correction scratch oops whoops strike rather actually er erm")
    _plain("wait", "wait")
    _plain("make", "make")
    _plain("mean", "mean meant")
    _plain("it", "it i")
    _plain("that", "that this it")
    _plain("times_", "time times")
    _plain("out", "out")
    _plain(
        "change",
        "go going goes went gone ramp ramping ramps grow growing grew move moving moved step stepping stepped increase increased increasing raise raised jump jumped bump bumped scaling cut cutting drop dropped dropping reduce reduced fell rose change changed switch switched climbed climb lift lifted",
    )
    _plain("whole", "whole entire")
    _plain(
        "fn",
        "is are was were be been we you they he she will would can could do does did have has had but if when with then there here who which what how all any as us them me",
    )


def _decoys() -> None:
    _plain("currency", "$ € £ ¥ ₹ ₱")
    _plain("currencyword", "usd eur euro euros gbp cad aud dollar dollars buck bucks quid cent cents rupees rupee pesos yuan rmb inr chf")
    measures = (
        "lb lbs pound pounds oz ounce ounces kg kgs kilo kilos kilogram kilograms g gs gram grams mg milligram milligrams microgram tonne "
        "tonnes ton tons t l liter liters litre litres ml mls milliliter milliliters millilitre millilitres hectolitres gal gals gallon gallons "
        "inch inches ft foot feet footer footers yd yard yards cm cms centimeter centimeters millimeter millimeters km kms kilometer kilometers "
        "meter meters metre metres mile miles mi mph kph kb mb gb tb mhz dpi px degree degrees ° °c °f celsius fahrenheit watt watts volt volts "
        "cup cups teaspoon tablespoon sqft cbm kwh acre acres rad dm km2 km² kn ms µs μg ccs cc kelvin barrels barrel"
    )
    for word in measures.split():
        LEXICON[word] = Entry(CLASS["measure"], None, word)
    _plain("inword", "in")
    _plain(
        "idword",
        "door dock bay zone zones gate ext extension bol bols po invoice inv route room suite apt "
        "bldg building version ver v rev ticket case# option phase step page section clause appendix schedule zip postcode code ref "
        "reference account acct model tracking awb pro number num no. nr nrs flight highway exit hwy class tier "
        "fy slide exhibit attachment rule aisle pier hub plant tel phone mobile fax pin dc wh terminal",
    )


def _build() -> None:
    _things()
    _decoys()
    _signs()
    _numbers()
    _time()


_build()
SEEDS = frozenset(
    CLASS[name]
    for name in (
        "ones teen tens tensplural hundred hundreds scale scales dozen dozens couple few several handful half quarter nth nths second ord dig "
        "slashdate isodate clock phone code period dayname month may today once measure"
    ).split()
)
