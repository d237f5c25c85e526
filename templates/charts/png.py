"""A chart as a PNG: drawn at four times its size and scaled down, with the letters that come with the drawing library."""

from __future__ import annotations

import unicodedata
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from bot.playbook.course import Course
from templates.charts.layout import HEIGHT, WIDTH, Bar, Dot, Line, Shape, Words, drawn
from templates.quote import clean

SCALE, FINER = 2, 2
"""The picture is 1,500 wide, so that it is sharp on any phone, and is drawn twice as fine."""

_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}


def png(course: Course, title: str | None = None) -> bytes | None:
    """The picture; None where there is nothing to draw. Takes about a tenth of a second: ask for it in a thread."""
    if not course.points:
        return None
    fine = SCALE * FINER
    image = Image.new("RGB", (WIDTH * fine, HEIGHT * fine), "#ffffff")
    paint = ImageDraw.Draw(image)
    for shape in drawn(course, title or title_of(course)):
        _paint(paint, shape, fine)
    small = image.resize((WIDTH * SCALE, HEIGHT * SCALE), Image.Resampling.LANCZOS).quantize(64)
    file = BytesIO()
    small.save(file, "PNG", optimize=True)
    return file.getvalue()


def title_of(course: Course) -> str:
    """The customer's name in the letters that the library brings, which are plain ones; without the name where too little is left of it."""
    plain = unicodedata.normalize("NFKD", course.customer).encode("ascii", "ignore").decode().strip()
    readable = sum(map(str.isalnum, plain)) * 2 >= sum(map(str.isalnum, course.customer))
    return f"{clean(plain, 34)}: packages a day" if readable and plain else "Packages a day"


def _paint(paint: ImageDraw.ImageDraw, shape: Shape, by: int) -> None:
    match shape:
        case Bar():
            paint.rectangle([shape.x * by, shape.y * by, (shape.x + shape.width) * by, (shape.y + shape.height) * by], fill=shape.color)
        case Line():
            paint.line([(x * by, y * by) for x, y in shape.points], fill=shape.color, width=round(shape.width * by), joint="curve")
        case Dot():
            x, y = shape.x * by, shape.y * by
            for size, color in ((shape.size + 2, "#ffffff"), (shape.size, shape.color)):
                reach = size * by
                paint.polygon([(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)], fill=color)
        case Words():
            place = (shape.x * by, shape.y * by)
            font, anchor, bold = _font(round(shape.size * by)), _ANCHORS[shape.at], round(by * 0.35) if shape.bold else 0
            if shape.halo:
                paint.text(place, shape.text, fill="#ffffff", font=font, anchor=anchor, stroke_width=by * 3)
            paint.text(place, shape.text, fill=shape.color, font=font, anchor=anchor, stroke_width=bold)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
