"""Volume files as people bring them: what is understood, what is told as odd, and the one sentence where nothing can be."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from store.sources.plain import NotReadable
from store.sources.volume_cells import packages_of, read_days
from store.sources.volume_file import VolumeFile, read_volumes
from store.sources.volume_rows import looks_like_table

TODAY = date(2026, 11, 27)
CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "volume_files.yaml").read_text(encoding="utf-8"))


def written(folder: Path, data: bytes, name: str = "volumes.csv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def figures(found: VolumeFile) -> list[list[Any]]:
    """The lines as the cases write them, what is unknown at the end left out."""
    rows = []
    for line in found.lines:
        row = [line.account, line.day, line.packages, line.on_time, line.billed_right, line.transit_days]
        while row[-1] is None:
            row.pop()
        rows.append(row)
    return rows


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_files(case: dict[str, Any], tmp_path: Path) -> None:
    data = bytes.fromhex(case["bytes"]) if "bytes" in case else case["text"].encode(case.get("encoding", "utf-8"))
    path = written(tmp_path, data)
    if "wrong" in case:
        with pytest.raises(NotReadable) as reason:
            read_volumes(path, TODAY)
        assert str(reason.value) == case["wrong"]
        return
    found = read_volumes(path, TODAY)
    assert figures(found) == case["lines"]
    assert {odd.kind: odd.count for odd in found.odd} == case.get("odd", {})
    assert found.kind == case.get("kind", found.kind)
    assert case.get("columns", found.columns) == found.columns


def workbook(*rows: list[str]) -> bytes:
    """A workbook with a sheet of notes before the one with the figures; a cell that is a number is one, "d46338" is a day."""
    kinds = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in ((1, "Notes"), (2, "Daily")))
    one, other = (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    )
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as z:
        z.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{rels}"><Relationship Id="rId1" Type="{other}/officeDocument" Target="xl/workbook.xml"/>'
            "</Relationships>",
        )
        z.writestr("xl/workbook.xml", f'<workbook xmlns="{one}" xmlns:r="{other}"><sheets>{kinds}</sheets></workbook>')
        links = "".join(f'<Relationship Id="rId{n}" Type="{other}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in (1, 2))
        styles = f'<Relationship Id="rId3" Type="{other}/styles" Target="styles.xml"/>'
        z.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{rels}">{links}{styles}</Relationships>')
        z.writestr(
            "xl/styles.xml", f'<styleSheet xmlns="{one}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
        )
        z.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{one}"><sheetData><row>{_cell("made by hand")}</row></sheetData></worksheet>'
        )
        body = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
        z.writestr("xl/worksheets/sheet2.xml", f'<worksheet xmlns="{one}"><sheetData>{body}</sheetData></worksheet>')
    return made.getvalue()


def _cell(text: str) -> str:
    if text.startswith("d") and text[1:].isdigit():
        return f'<c s="1"><v>{text[1:]}</v></c>'
    return f"<c><v>{text}</v></c>" if text.replace(".", "").isdigit() else f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def test_a_workbook_with_the_figures_on_its_second_sheet(tmp_path: Path) -> None:
    data = workbook(["Volumes of November"], ["Ship Date", "Account", "Packages"], ["d46339", "Acme", "150"], ["d46342", "Acme", "148.0"])
    found = read_volumes(written(tmp_path, data, "volumes.xlsx"), TODAY)
    assert figures(found) == [["Acme", date(2026, 11, 13), 150], ["Acme", date(2026, 11, 16), 148]]
    assert (found.sheet, [odd.text for odd in found.odd]) == ("Daily", ["Notes"])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04" + b"x" * 100, "is no workbook that can be read"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "is no workbook that can be read"),
        (bytes(range(256)) * 40, "is neither text nor a workbook"),
        (b'date,packages\n2026-11-13,"150\n' + b"x" * 200_000, "a quotation mark is missing"),
    ],
)
def test_files_that_are_none(data: bytes, reason: str, tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match=reason):
        read_volumes(written(tmp_path, data), TODAY)


def test_a_workbook_that_unpacks_to_far_more_is_not_unpacked(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as z, z.open("xl/worksheets/sheet1.xml", "w") as sheet:
        for _ in range(401):
            sheet.write(b"0" * 1_000_000)
    with pytest.raises(NotReadable, match="unpacks to more than 400 MB"):
        read_volumes(written(tmp_path, made.getvalue(), "bomb.xlsx"), TODAY)


def test_which_files_may_be_tables() -> None:
    assert looks_like_table(b"date,packages", "november.CSV")
    assert looks_like_table(b"PK\x03\x04...xl/workbook.xml", "noname")
    assert not looks_like_table(b"PK\x03\x04...word/document.xml", "minutes.docx")
    assert not looks_like_table(b"Dana: hello", "call.txt")


@given(
    number=st.integers(min_value=0, max_value=10_000_000),
    mark=st.sampled_from([",", ".", " ", "'", "\u00a0", ""]),
    end=st.sampled_from(["", ".0", " pkgs"]),
)
def test_counts_however_they_are_grouped(number: int, mark: str, end: str) -> None:
    text = f"{number:,}".replace(",", mark) + ("" if mark == "." and end == ".0" else end)
    assert packages_of(text) == number
    assert packages_of(f"-{text}") == -number


@given(st.text(max_size=60))
def test_any_cell_is_a_count_or_none(text: str) -> None:
    found = packages_of(text)
    assert found is None or isinstance(found, int)


@given(start=st.dates(min_value=date(2001, 1, 1), max_value=date(2026, 10, 1)), count=st.integers(min_value=28, max_value=50))
@pytest.mark.parametrize("shape", ["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%y", "%Y-%m-%d", "%d-%b-%Y", "%B %d, %Y", "%Y%m%d"])
def test_a_month_of_days_in_a_row_is_read_in_the_order_in_which_it_was_written(start: date, count: int, shape: str) -> None:
    days = [start + timedelta(days=ahead) for ahead in range(count)]
    read = read_days([day.strftime(shape) for day in days], TODAY)
    assert list(read.by_text.values()) == days
    assert read.sure


@given(st.binary(max_size=3000))
def test_any_bytes_are_a_file_or_one_sentence(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = written(tmp_path_factory.getbasetemp(), b"date,packages\n" + data)
    try:
        said = str(read_volumes(path, TODAY).packages)
    except NotReadable as reason:
        said = str(reason)
    assert said
    assert len(said) < 300
    assert said.isprintable()
