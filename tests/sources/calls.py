"""One call written down the way each program does it, for tests: turns in, the bytes of a file out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Spoken:
    """A turn: who, from which second on, what."""

    who: str
    second: int
    text: str


Calls = Sequence[Spoken]


def stamp(second: float, *, comma: bool = False) -> str:
    """As "00:01:02.000"."""
    whole = int(second)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{',' if comma else '.'}000"


def short(second: int) -> str:
    """As "1:02" or "1:02:03"."""
    hours, rest = divmod(second, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def zoom(call: Calls) -> str:
    """Zoom's cloud recording."""
    cues = (f"{n}\n{stamp(one.second)} --> {stamp(one.second + 2)}\n{one.who}: {one.text}\n" for n, one in enumerate(call, start=1))
    return "WEBVTT\n\n" + "\n".join(cues)


def teams(call: Calls) -> str:
    """Teams: voices, identifiers, entities, words over several lines."""
    return "WEBVTT\n\n" + "\n".join(
        f"5893ab12-77aa-4c1e-9d1f-00aa11bb22cc/{n}-1\n{stamp(one.second)} --> {stamp(one.second + 9)}\n"
        f"<v {one.who}>{escape(one.text, quote=False).replace(', ', ',' + chr(10))}</v>\n"
        for n, one in enumerate(call, start=32)
    )


def teams_shuffled(call: Calls) -> str:
    """The same with its cues out of order."""
    head, *cues = teams(call).split("\n\n")
    return "\n\n".join((head, *cues[1::2], *cues[::2]))


def srt(call: Calls) -> str:
    """SRT, with the line ends of Windows."""
    return "\r\n\r\n".join(
        f"{n}\r\n{stamp(one.second, comma=True)} --> {stamp(one.second + 1, comma=True)}\r\n{one.who}: {one.text}"
        for n, one in enumerate(call, start=1)
    )


def names_above(call: Calls) -> str:
    """Cues with the name alone on the first line."""
    return "WEBVTT\n\n" + "\n\n".join(f"{stamp(one.second)} --> {stamp(one.second + 1)}\n{one.who}\n{one.text}" for one in call)


def zoom_client(call: Calls) -> str:
    """Captions saved in Zoom's client."""
    return "\n\n".join(f"[{one.who}] {stamp(one.second + 36_000)[:8]}\n{one.text}" for one in call)


def zoom_chat(call: Calls) -> str:
    """Zoom's chat beside a recording."""
    return "\n".join(f"{stamp(one.second)[:8]}\t{one.who}:\t{one.text}" for one in call)


def zoom_chat_saved(call: Calls) -> str:
    """Zoom's chat saved by hand, with a reaction."""
    said = "\n".join(f"{stamp(one.second + 36_000)[:8]} From {one.who} to Everyone:\n\t{one.text}" for one in call)
    return f'{said}\n18:59:59 From {call[0].who} to Everyone:\n\tReacted to "15 a day" with 👍\n'


def otter(call: Calls) -> str:
    """Otter's text."""
    said = "\n\n".join(f"{one.who}  {short(one.second)}  \n{one.text}" for one in call)
    return f"{said}\n\nTranscribed by https://otter.ai\n"


def meet(call: Calls) -> str:
    """Google Meet's document as text."""
    names = ", ".join(dict.fromkeys(one.who for one in call))
    said = "\n".join(f"{stamp(one.second)[:8]}\n{one.who}: {one.text}" for one in call)
    return (
        f"Acme kickoff\nAttendees\n{names}\nNotes: 7 boxes were mentioned\nTranscript\n"
        f"This editable transcript was computer generated and might contain errors.\n{said}\nMeeting ended after 00:45:12 👋\n"
    )


def gemini(call: Calls) -> str:
    """Meet's notes by Gemini, as Markdown."""
    return "### Transcript\n\n" + "\n\n".join(f"**{one.who}:** {one.text}" for one in call)


def fireflies(call: Calls) -> str:
    """Fireflies: name, time and words in lines of their own."""
    return "\n\n".join(f"{one.who}\n{short(one.second).zfill(5)}\n{one.text}" for one in call)


def fireflies_dashed(call: Calls) -> str:
    """Fireflies: "Name - 00:15"."""
    return "\n\n".join(f"{one.who} - {short(one.second).zfill(5)}\n{one.text}" for one in call)


def fathom(call: Calls) -> str:
    """Fathom's copied transcript, with an action item."""
    said = "\n\n".join(f"{short(one.second)} - {one.who}\n  {one.text}" for one in call)
    return (
        f"Acme weekly - November 02\nVIEW RECORDING - 24 mins (No highlights): https://video.test/share/x\n\n---\n\n{said}\n"
        "  ACTION ITEM: Send 40 labels - WATCH: https://video.test/share/x?timestamp=9\n"
    )


def gong(call: Calls) -> str:
    """Gong's copied transcript."""
    return "\n\n".join(f"{short(one.second)} | {one.who}\n{one.text}" for one in call)


def rev(call: Calls) -> str:
    """Name and time in brackets above the words."""
    return "\n\n".join(f"{one.who} ({short(one.second).zfill(5)}):\n{one.text}" for one in call)


def tactiq(call: Calls) -> str:
    """Time, name and words on one line."""
    return "\n".join(f"{stamp(one.second)[:8]} {one.who}: {one.text}" for one in call)


def pasted(call: Calls) -> str:
    """Names and words, nothing else."""
    return "\n".join(f"{one.who}: {one.text}" for one in call)


def scripted(call: Calls) -> str:
    """Each name alone on its line."""
    return "\n\n".join(f"{one.who}:\n{one.text}" for one in call)


TEXTS: dict[str, Callable[[Calls], str]] = {
    one.__name__: one
    for one in (
        zoom, teams, teams_shuffled, srt, names_above, zoom_client, zoom_chat, zoom_chat_saved, otter, meet, gemini, fireflies,
        fireflies_dashed, fathom, gong, rev, tactiq, pasted, scripted,
    )
}  # fmt: skip


def docx(lines: Sequence[str], *, more: str = "") -> bytes:
    """A Word document of these paragraphs; tabs as Word writes them."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    paragraphs = "".join(
        '<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr>'
        + "<w:r><w:tab/></w:r>".join(f'<w:r><w:t xml:space="preserve">{escape(part)}</w:t></w:r>' for part in line.split("\t"))
        + "</w:p>"
        for line in lines
    )
    xml = f'<?xml version="1.0" encoding="UTF-8"?>{more}<w:document xmlns:w="{space}"><w:body>{paragraphs}</w:body></w:document>'
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": xml})


def zipped(members: dict[str, str | bytes]) -> bytes:
    """A .zip of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()
