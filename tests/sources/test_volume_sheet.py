"""Large workbooks read as a stream: the same rows as the reader of small ones gives, however a program has written them."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from store.sources import volume_rows, volume_sheet
from store.sources.plain import NotReadable
from store.sources.sheet_cells import NotPlain
from store.sources.volume_file import read_volumes
from store.sources.volume_rows import HEAD_ROWS, as_text, opened
from store.sources.volume_sheet import Book
from tests.bench.workbook import DOCUMENT, MAIN, PACKAGE, day, write_labels

TODAY = date(2026, 11, 27)
STYLES = """<numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>
<numFmt numFmtId="165" formatCode="[Red]0.00&quot; days&quot;"/>
<numFmt numFmtId="166" formatCode="[h]:mm"/></numFmts><cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs>
<cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="4"/></cellXfs>"""


def book(
    path: Path, rows: str, shared: Sequence[str] = (), *, about: str = "", hidden: str = "", root: str = "worksheet", head: str = ""
) -> Path:
    """A workbook of one sheet, whose rows are written as given; `hidden`: rows of a hidden one before it."""
    names = [("Hidden", hidden)] if hidden else []
    sheets = [*names, ("Labels", rows)]
    with zipfile.ZipFile(path, "w") as z:
        links = "".join(
            f'<Relationship Id="rId{n}" Type="{DOCUMENT}/worksheet" Target="/xl/worksheets/s{n}.xml"/>' for n in range(len(sheets))
        )
        links += f'<Relationship Id="s" Type="{DOCUMENT}/styles" Target="styles.xml"/>'
        links += f'<Relationship Id="t" Type="{DOCUMENT}/sharedStrings" Target="sharedStrings.xml"/>'
        z.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>')
        link = f'<Relationship Id="rId1" Type="{DOCUMENT}/officeDocument" Target="xl/workbook.xml"/>'
        z.writestr("_rels/.rels", f'<Relationships xmlns="{PACKAGE}">{link}</Relationships>')
        states = "".join(
            f'<sheet name="{name}" sheetId="{n + 1}" state="{"hidden" if name == "Hidden" else "visible"}" r:id="rId{n}"/>'
            for n, (name, _) in enumerate(sheets)
        )
        z.writestr("xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}">{about}<sheets>{states}</sheets></workbook>')
        z.writestr("xl/styles.xml", f'<styleSheet xmlns="{MAIN}">{STYLES}</styleSheet>')
        z.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{"".join(shared)}</sst>')
        for n, (_, body) in enumerate(sheets):
            named = "xmlns:x" if ":" in root else "xmlns"
            sheet = f"<sheetData>{body}</sheetData>" if root == "worksheet" else body
            z.writestr(f"xl/worksheets/s{n}.xml", f'{head}<{root} {named}="{MAIN}">{sheet}</{root}>')
    return path


def streamed(path: Path) -> list[list[str]]:
    with zipfile.ZipFile(path) as archive:
        there = Book(archive)
        return [row for one in there.sheets if one.shown for row in there.rows(one)]


def held(path: Path) -> list[list[str]]:
    """The same by the reader of small workbooks, which begins with the first row that holds something."""
    there = CalamineWorkbook.from_path(path)
    sheet = there.get_sheet_by_name(there.sheet_names[-1])
    return [[as_text(cell) for cell in row] for row in sheet.iter_rows()]


def trimmed(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Rows without what is empty around them."""
    used = [(n, place) for n, row in enumerate(rows) for place, cell in enumerate(row) if cell]
    if not used:
        return []
    top, left, bottom = used[0][0], min(place for _, place in used), used[-1][0]
    found = []
    for row in rows[top : bottom + 1]:
        cells = list(row[left:])
        while cells and not cells[-1]:
            cells.pop()
        found.append(cells)
    return found


SHARED = [
    "<si><t>Acme</t></si>",
    '<si><t xml:space="preserve"> B </t></si>',
    "<si><r><t>Smith</t></r><r><t xml:space=\"preserve\"> &amp; Sons</t></r><rPh sb='0'><t>x</t></rPh></si>",
]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1" spans="1:3"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>46339</v></c><c r="C1"><v>150</v></c></row>',
        '<row r="1"><c r="A1" s="2"><v>46339.75</v></c><c r="B1" s="3"><v>2.5</v></c>'
        '<c r="C1" s="4"><v>1172.0</v></c><c r="D1"><v>1E3</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="4"><c r="C4" t="s"><v>2</v></c><c r="AB4"><v>007</v></c></row>',
        '<row r="1"><c r="A1" t="str"><f>A2&amp;"x"</f><v>a&lt;b</v></c>'
        '<c r="B1" t="b"><v>1</v></c><c r="C1" t="d"><v>2026-11-13T00:00:00</v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t>one &amp; two</t></is></c>'
        '<c r="B1" s="1"/><c r="C1" t="inlineStr"><is><t>x</t></is></c></row>',
        '<row r="1"><c r="A1" t="s"><v>1</v></c></row><row r="2"/><row r="3"><c r="A3" t="s"><v>0</v></c>'
        '<c r="B3"><v></v></c><c r="C3"><v>1</v></c></row>',
        '<row><c><v>1</v></c><c t="s"><v>0</v></c></row><row><c s="1"><v>46339</v></c></row>',
        '<row r="1">\n <c r="A1"><v>1</v></c>\n <c r="B1"><f>SUM(A1)</f><v>3</v></c>\n</row>\n',
        '<row r="1"><c r="C1"><v>3</v></c><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>',
    ],
)
def test_rows_are_as_the_reader_of_small_workbooks_gives_them(rows: str, tmp_path: Path) -> None:
    path = book(tmp_path / "labels.xlsx", rows, SHARED, hidden='<row r="1"><c r="A1"><v>9</v></c></row>')
    assert trimmed(streamed(path)) == trimmed(held(path))


CELL = st.one_of(
    st.integers(min_value=0, max_value=10**9).map(lambda n: ("", f"<v>{n}</v>")),
    st.floats(min_value=0.01, max_value=10**6).map(lambda n: ("", f"<v>{n!r}</v>")),
    st.integers(min_value=61, max_value=60_000).map(lambda n: (' s="1"', f"<v>{n}</v>")),
    st.integers(min_value=0, max_value=2).map(lambda n: (' t="s"', f"<v>{n}</v>")),
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=8).map(
        lambda text: (' t="inlineStr"', f"<is><t>{escape(text)}</t></is>")
    ),
    st.just((' s="1"', "")),
    st.none(),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(table=st.lists(st.lists(CELL, min_size=1, max_size=5), min_size=1, max_size=8), size=st.integers(min_value=1, max_value=600))
def test_any_table_comes_out_the_same_in_pieces_of_any_size(
    table: list[list[tuple[str, str] | None]], size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(volume_sheet, "PIECE", size)
    rows = ""
    for n, row in enumerate(table, 1):
        cells = [f'<c r="{"ABCDE"[place]}{n}"{one[0]}>{one[1]}</c>' for place, one in enumerate(row) if one]
        rows += f'<row r="{n}">{"".join(cells)}</row>'
    path = book(tmp_path / "any.xlsx", rows, SHARED)
    assert trimmed(streamed(path)) == trimmed(held(path))


def test_a_prefix_and_days_from_1904(tmp_path: Path) -> None:
    rows = '<x:sheetData><x:row r="1"><x:c r="A1" s="1"><x:v>44877</x:v></x:c></x:row></x:sheetData>'
    path = book(tmp_path / "mac.xlsx", rows, about='<workbookPr date1904="1"/>', root="x:worksheet")
    assert streamed(path) == [["2026-11-13"]]


@pytest.mark.parametrize(
    ("rows", "head"),
    [
        ('<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>', ""),
        ('<row r="1"><c r="A1" t="s"><v>77</v></c></row>', ""),
        ('<row r="1"><c r="a1"><v>&boom;</v></c></row>', '<!DOCTYPE x [<!ENTITY boom "b">]>'),
        ('<row r="1"><c r="A1"><v>&boom;</v></c></row>', ""),
        ('<row r="9999999"><c r="A1"><v>1</v></c></row>', ""),
        (f'<row r="{"9" * 5_000}"><c r="A1"><v>1</v></c></row>', ""),
        ('<row r="1"><c r="A1"><v>1</c></row>', ""),
    ],
)
def test_what_is_no_sheet_is_said_to_be_none(rows: str, head: str, tmp_path: Path) -> None:
    with pytest.raises(NotPlain):
        streamed(book(tmp_path / "wrong.xlsx", rows, SHARED, head=head))


def test_a_stray_cell_far_to_the_right_does_not_widen_all_rows(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in (1, 2))
    assert streamed(book(tmp_path / "wide.xlsx", rows + '<row r="3"><c r="XFD3"><v>9</v></c></row>')) == [["1"], ["2"], []]


@pytest.mark.parametrize("size", range(1, 120))
def test_a_piece_may_end_anywhere(size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volume_sheet, "PIECE", size)
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 5))
    assert streamed(book(tmp_path / "cut.xlsx", rows, SHARED)) == [["1"], ["2"], ["3"], ["4"]]


def test_empty_rows_without_end_do_not_make_a_long_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volume_sheet, "LONGEST_ROW", 20_000)
    monkeypatch.setattr(volume_sheet, "PIECE", 4_000)
    rows = '<row r="1"><c r="A1"><v>1</v></c></row>' + "".join(f'<row r="{n}" ht="20" customHeight="1"/>' for n in range(2, 2_000))
    assert streamed(book(tmp_path / "high.xlsx", rows))[:1] == [["1"]]


@pytest.mark.parametrize("head", ["x" * 1_500_000, "\0"], ids=["a long head", "two bytes a letter"])
def test_a_head_that_is_written_in_another_way_is_left_to_the_reader_of_all_kinds(head: str, tmp_path: Path) -> None:
    with pytest.raises(NotPlain, match="head"):
        streamed(book(tmp_path / "head.xlsx", '<row r="1"/>', head=f"<!-- {head} -->"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_no_part_of_a_workbook_may_define_entities(encoding: str, tmp_path: Path) -> None:
    path = book(tmp_path / "entities.xlsx", '<row r="1"><c r="A1"><v>1</v></c></row>')
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "x"}">' for n in range(5))
    named = parts["xl/workbook.xml"].replace('name="Labels"', 'name="&a4;"')
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in (parts | {"xl/workbook.xml": f"<!DOCTYPE x [{entities}]>{named}"}).items():
            archive.writestr(name, part.encode(encoding if name == "xl/workbook.xml" else "utf-8"))
    with pytest.raises(NotPlain, match="not what it should be"):
        streamed(path)


def test_a_row_without_an_end_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volume_sheet, "LONGEST_ROW", 1_000_000)
    with pytest.raises(NotPlain, match="too long a row"):
        streamed(book(tmp_path / "long.xlsx", f'<row r="1"><c r="A1" t="str"><v>{"x" * 3_000_000}</v></c></row>'))


def test_a_large_workbook_is_read_as_a_stream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volume_rows, "LARGE_SHEET", 2_000_000)
    write_labels(tmp_path / "labels.xlsx", 30_000)
    told: list[tuple[int, float]] = []
    found = read_volumes(tmp_path / "labels.xlsx", TODAY, lambda rows, share: told.append((rows, share)))
    assert (found.kind, found.rows, found.packages, len(found.accounts())) == ("labels", 30_000, 30_000, 37)
    assert (found.first, found.last) == (day(0), day(99))
    assert found.odd == ()
    assert told[-1] == (30_001, 1.0)
    assert told == sorted(told)
    assert len(told) > 10


def test_a_large_workbook_that_breaks_off_gets_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volume_rows, "LARGE_SHEET", 2_000_000)
    write_labels(tmp_path / "labels.xlsx", 30_000)
    data = bytearray((tmp_path / "labels.xlsx").read_bytes())
    with zipfile.ZipFile(tmp_path / "labels.xlsx") as archive:
        sheet = archive.getinfo("xl/worksheets/sheet1.xml")
    data[sheet.header_offset + sheet.compress_size // 2 : sheet.header_offset + sheet.compress_size // 2 + 99] = b"\xff" * 99
    (tmp_path / "labels.xlsx").write_bytes(data)
    with pytest.raises(NotReadable, match=r"row [\d,]+: the workbook is damaged there"):
        read_volumes(tmp_path / "labels.xlsx", TODAY)


def test_a_large_workbook_of_another_kind_goes_to_the_reader_of_all_kinds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volume_rows, "LARGE_SHEET", 10)
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>date</t></is></c><c r="B1" t="inlineStr"><is><t>packages</t></is></c></row>'
    rows += '<row r="2"><c r="A2" s="1"><v>46339</v></c><c r="B2"><v>5</v></c></row>'
    path = book(tmp_path / "plain.xlsx", rows)
    with opened(path, len, lambda _rows, _share: None) as table:
        assert list(table.rows)[:HEAD_ROWS] == [["date", "packages"], ["2026-11-13", "5"]]
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/workbook.xml", f"<!DOCTYPE x [<!ENTITY a 'b'>]><workbook xmlns='{MAIN}'/>")
    with pytest.raises(NotReadable):
        read_volumes(path, TODAY)
