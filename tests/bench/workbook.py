"""Writes a workbook of labels, of any length, the way spreadsheets do: texts shared, days as numbers in a style of their own."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

ACCOUNTS, DAYS = 37, 100
FIRST = date(2024, 1, 1)
HEADS = ("Tracking Number", "Ship Date", "Account Name")
AT_ONCE = 10_000

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def write_labels(path: Path, rows: int) -> None:
    """A label a row: tracking number, day and account."""
    shared = [*HEADS, *(f"Customer {n}" for n in range(ACCOUNTS))]
    first = (FIRST - date(1899, 12, 30)).days

    def row(n: int) -> str:
        cells = (f' t="s"><v>{len(shared) + n}', f' s="1"><v>{first + n % DAYS}', f' t="s"><v>{len(HEADS) + n % ACCOUNTS}')
        return f'<row r="{n + 2}" spans="1:3">{_cells(n + 2, cells)}</row>'

    heads = _cells(1, [f' t="s"><v>{place}' for place in range(len(HEADS))])
    head = f'<row r="1" spans="1:3">{heads}</row>'
    numbers = (f"1Z{n:016d}" for n in range(rows))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        _frame(archive)
        _part(archive, "sharedStrings", "sst", (f"<si><t>{text}</t></si>" for group in (shared, numbers) for text in group))
        sheet = (part for group in ([f'<dimension ref="A1:C{rows + 1}"/><sheetData>', head], map(row, range(rows))) for part in group)
        _part(archive, "worksheets/sheet1", "worksheet", (part for group in (sheet, ["</sheetData>"]) for part in group))


def day(n: int) -> date:
    """The day of the nth label."""
    return FIRST + timedelta(days=n % DAYS)


def _cells(row: int, cells: Sequence[str]) -> str:
    return "".join(f'<c r="{letter}{row}"{cell}</v></c>' for letter, cell in zip("ABC", cells, strict=True))


def _frame(archive: zipfile.ZipFile) -> None:
    sheets = '<sheets><sheet name="Labels" sheetId="1" r:id="rId1"/></sheets>'
    archive.writestr("xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}">{sheets}</workbook>')
    archive.writestr("_rels/.rels", _links({"officeDocument": "xl/workbook.xml"}))
    parts = {"worksheet": "worksheets/sheet1.xml", "styles": "styles.xml", "sharedStrings": "sharedStrings.xml"}
    archive.writestr("xl/_rels/workbook.xml.rels", _links(parts))
    styles = '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    archive.writestr("xl/styles.xml", f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>')


def _links(parts: dict[str, str]) -> str:
    links = (f'<Relationship Id="rId{n}" Type="{DOCUMENT}/{kind}" Target="{part}"/>' for n, (kind, part) in enumerate(parts.items(), 1))
    return f'<Relationships xmlns="{PACKAGE}">{"".join(links)}</Relationships>'


def _part(archive: zipfile.ZipFile, name: str, root: str, items: Iterable[str]) -> None:
    with archive.open(f"xl/{name}.xml", "w") as out:
        out.write(f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<{root} xmlns="{MAIN}">'.encode())
        waiting: list[str] = []
        for item in items:
            waiting.append(item)
            if len(waiting) == AT_ONCE:
                out.write("".join(waiting).encode())
                waiting.clear()
        out.write(f"{''.join(waiting)}</{root}>".encode())
