"""A workbook and a Word document around one part that is anything, and a part of each that is read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_PARTS = {
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">'
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/s1.xml"/>'
    f'<Relationship Id="r2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
}
"""All of a workbook but its one sheet and the texts that cells share."""

_ROWS = "".join(
    f'<row r="{n}"><c r="A{n}" t="s"><v>3</v></c><c r="B{n}"><v>{46300 + n}</v></c><c r="C{n}"><v>{100 + n}</v></c></row>'
    for n in range(2, 20)
)
_HEADS = "".join(f'<c r="{letter}1" t="s"><v>{n}</v></c>' for n, letter in enumerate("ABC"))
_SHEET = (
    f'<worksheet xmlns="{_MAIN}"><sheetData><row r="1">{_HEADS}</row>{_ROWS}</sheetData></worksheet>\n---\n'
    f'<sst xmlns="{_MAIN}">{"".join(f"<si><t>{text}</t></si>" for text in ("Customer", "Day", "Packages", "Acme"))}</sst>'
)
_WORD = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    + "".join(f"<w:p><w:r><w:t>{who}: we start with {n} a day</w:t></w:r></w:p>" for n, who in enumerate(("Dana Ortiz", "Riley Chen") * 4))
    + "</w:body></w:document>"
)

SEEDS = {"workbook": _SHEET, "document": _WORD}
"""By the name of the target."""


def book(data: bytes) -> bytes:
    """A workbook whose one sheet is what stands before a line of dashes, and the texts that cells share what stands below it."""
    sheet, _, shared = data.partition(b"\n---\n")
    return _zipped({**_PARTS, "xl/worksheets/s1.xml": sheet, "xl/sharedStrings.xml": shared})


def document(data: bytes) -> bytes:
    """A Word document that says this."""
    return _zipped({"word/document.xml": data})


def _zipped(parts: Mapping[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return made.getvalue()
