"""A table file of any dialect into rows of text: CSV with whatever separator and encoding, or a workbook; large ones row by row."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store.sources.plain import NotReadable
from store.sources.sheet_cells import NotPlain
from store.sources.volume_sheet import Book, Sheet

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

Row = list[str]

SEPARATORS = (",", ";", "\t", "|")
HEAD_ROWS = 40
"""Rows in which the names of the columns are looked for."""

LARGEST_WORKBOOK = 400_000_000
"""Bytes of a workbook when unpacked; a million rows of three columns are 170 million."""

LARGE_SHEET = 16_000_000
"""Bytes of a sheet, unpacked, from which on it is read as a stream; below, a reader of all kinds of workbooks holds it whole."""

MOST_SHEETS = 20
"""Sheets that are looked at."""

TELL_AFTER = 20_000
"""Rows of text after which it is told how many have been read."""

Progress = Callable[[int, float], None]
"""Is told the rows read, and the share (0-1) of the file that they are."""

LONGEST_CELL = 131_072
_HEAD_BYTES = 65_536
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def _as_windows(wrong: UnicodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8 are Windows-1252: files put together from several programs have both."""
    if not isinstance(wrong, UnicodeDecodeError):
        raise wrong
    return wrong.object[wrong.start : wrong.end].decode("cp1252", "replace"), wrong.end


codecs.register_error("jumpin-windows", _as_windows)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its rows, how its columns were separated (None: a workbook), and the name of the sheet where there are several."""

    rows: Iterator[Row]
    separator: str | None = None
    sheet: str | None = None
    unread: tuple[str, ...] = ()


def looks_like_table(head: bytes, name: str) -> bool:
    """Whether a file may be a table: a workbook by its bytes, else by its ending."""
    ending = name.lower().rpartition(".")[2]
    return (head.startswith(_WORKBOOKS) and (b"xl/" in head or ending in ("xlsx", "xlsm", "xls", "xlsb", "ods"))) or ending in (
        "csv",
        "tsv",
    )


@contextmanager
def opened(path: Path, fits: Callable[[list[Row]], int], progress: Progress) -> Iterator[Table]:
    """The table of a file. `fits` scores the first rows: of several separators or sheets the one with the highest score is taken.

    `progress` is told how far reading is, now and then. Raises NotReadable.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
            file.seek(0)
            if not head.strip(b"\0 \r\n\t"):
                raise NotReadable("is empty")
            if head.startswith(_WORKBOOKS):
                _bounded(path)
                with _large(path, fits, progress) as large:
                    yield large or _workbook(path, fits)
                return
            size, counted = max(path.stat().st_size, 1), _Counted(file)
            text = io.TextIOWrapper(io.BufferedReader(counted, 262_144), encoding=_encoding(head), errors="jumpin-windows", newline="")
            separator = max(SEPARATORS, key=lambda one: fits(_first_rows(head, one)))
            yield Table(_rows_of(text, separator, lambda rows: progress(rows, min(1.0, counted.read_so_far / size))), separator)
    except OSError as refused:
        raise NotReadable(f"cannot be read: {refused.strerror or refused}") from None


class _Counted(io.RawIOBase):
    """Bytes on their way to the decoder; knows how many went by."""

    def __init__(self, file: Any) -> None:
        self._file, self.read_so_far = file, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        got: int = self._file.readinto(buffer)
        self.read_so_far += got
        return got


def _encoding(head: bytes) -> str:
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    even, odd = head[0:2000:2].count(0), head[1:2000:2].count(0)
    if max(even, odd) > 200:
        return "utf-16-be" if even > odd else "utf-16-le"
    if head.count(0) > len(head) // 1000 + 1:
        raise NotReadable("is neither text nor a workbook; save it as CSV (UTF-8) or XLSX")
    return "utf-8"


def _first_rows(head: bytes, separator: str) -> list[Row]:
    text = head.decode(_encoding(head), "jumpin-windows" if len(head) < _HEAD_BYTES else "replace")
    try:
        return [row for row, _ in zip(csv.reader(io.StringIO(text, newline=""), delimiter=separator), range(HEAD_ROWS), strict=False)]
    except csv.Error:
        return []


def _rows_of(text: Iterable[str], separator: str, tell: Callable[[int], None]) -> Iterator[Row]:
    number = 0
    try:
        for row in csv.reader(text, delimiter=separator):
            number += 1
            if not number % TELL_AFTER:
                tell(number)
            yield row
    except csv.Error:
        raise NotReadable(
            f"row {number + 1}: a cell there does not end (over {LONGEST_CELL:,} characters); a quotation mark is missing"
        ) from None
    except UnicodeError:
        raise NotReadable(f"row {number + 1}: is not text in the file's own encoding; save it as CSV (UTF-8)") from None


@contextmanager
def _large(path: Path, fits: Callable[[list[Row]], int], progress: Progress) -> Iterator[Table | None]:
    """The table of a workbook with a large sheet, read as a stream; None where there is none, or it is not written as most are."""
    if not zipfile.is_zipfile(path):
        yield None
        return
    with zipfile.ZipFile(path) as archive:
        try:
            book = Book(archive)
            shown = [one for one in book.sheets if one.shown][:MOST_SHEETS]
            if max((book.size(one) for one in shown), default=0) < LARGE_SHEET:
                yield None
                return
            best = max(shown, key=lambda one: fits([row for row, _ in zip(book.rows(one), range(HEAD_ROWS), strict=False)]))
        except (NotPlain, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
            yield None
            return
        unread = tuple(one.name for one in shown if one is not best)
        yield Table(_streamed(book, best, progress), None, best.name if unread else None, unread)


def _streamed(book: Book, sheet: Sheet, progress: Progress) -> Iterator[Row]:
    number = 0
    try:
        for row in book.rows(sheet, progress):
            number += 1
            yield row
    except (NotPlain, zipfile.BadZipFile, zlib.error, EOFError):
        raise NotReadable(f"row {number + 1}: the workbook is damaged there; save it anew, or as CSV") from None


def _workbook(path: Path, fits: Callable[[list[Row]], int]) -> Table:
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum  # noqa: PLC0415 - only where there is such a workbook

    try:
        book = CalamineWorkbook.from_path(path)
        shown = [
            one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible and "chart" not in str(one.typ).lower()
        ]
        best, score = None, -1
        for name in shown[:MOST_SHEETS]:
            sheet = book.get_sheet_by_name(name)
            found = fits([row for row, _ in zip(_cells(sheet), range(HEAD_ROWS), strict=False)])
            if found > score:
                best, score = sheet, found
    except (CalamineError, OSError, ValueError) as wrong:
        locked = "password" in str(wrong).lower() or "encrypt" in str(wrong).lower()
        raise NotReadable(
            "is locked with a password; save it without one" if locked else "is no workbook that can be read; save it as CSV"
        ) from None
    if best is None:
        raise NotReadable("holds no sheet")
    return Table(_cells(best), None, best.name if len(shown) > 1 else None, tuple(name for name in shown if name != best.name))


def _bounded(path: Path) -> None:
    """A small file may unpack to a very large one."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > LARGEST_WORKBOOK:
                raise NotReadable(f"unpacks to more than {LARGEST_WORKBOOK // 1_000_000} MB; save the sheet as CSV")
    except zipfile.BadZipFile:
        raise NotReadable("is damaged: it cannot be unpacked") from None


def _cells(sheet: CalamineSheet) -> Iterator[Row]:
    for row in sheet.iter_rows():
        yield [as_text(cell) for cell in row]


def as_text(cell: object) -> str:
    """A cell as it would stand in a CSV file."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    if isinstance(cell, float | Decimal):
        return str(int(cell)) if cell == cell.__trunc__() else str(cell)
    return "" if cell is None else str(cell)
