"""The classes of words and of read quantities that the rules speak of."""

from __future__ import annotations

from bot.language.quantities.engine import Alphabet

_WORDS = """
other fn a the and or to of in at on by for not no from between per each every another next last this half quarter nth nths second
ones teen tens tensplural oh hundred hundreds scale scales dozen dozens couple few several handful some level digits digit point odd ish
dig misread compact slashdate isodate clock phone code mask emoji ampm oclock past
hedge just bound_low bound_high least most more less than up plus minus tops minimum so
thereabouts give take equal
unit pack people gear label period businessword dayname month may today daily weekly adv times_ twice once factor
currency currencyword percent measure inword mword percentagepoint
idword hash hyphen comma slash dot colon semi nl open close eq tilde x quote lt gt star
sorry wait scratch make mean it that pronoun one_ratio out whole adverb change
daylist num count rate pct share money dur date time meas ord ident vague
"""

_GROUPS = {
    "cardinal": "ones teen tens hundred scale",
    "thing": "unit pack people gear label",
    "amount": "num count rate",
    "quantity": "num count rate pct share money dur date time meas ord ident",
}

ALPHABET = Alphabet.of(_WORDS.split(), _GROUPS)
CLASS = ALPHABET.classes
