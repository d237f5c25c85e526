"""Reads a volume file in a process of its own: whoever is busy in this one does not wait, and a file that takes too long or too much is
stopped. The process has no environment, and so no tokens.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event, Timer
from typing import IO

from pydantic import TypeAdapter

from store.sources.plain import NotReadable
from store.sources.volume_file import NoColumns, VolumeFile, read_volumes

try:
    import resource
except ImportError:  # not on every system; PATIENCE holds on all
    resource = None  # type: ignore[assignment]

PATIENCE = 50.0
"""Seconds for a file; a million rows of CSV take three on a quiet machine, of XLSX six."""

LEISURE = 900.0
"""The same where somebody waits at the command line."""

_WORKBOOKS = frozenset({b"PK\x03\x04", b"\xd0\xcf\x11\xe0"})
"""How workbooks begin, new ones and old ones."""

MEMORY = 1_500_000_000
"""Bytes of memory, which a small file of an old kind (.xls, .ods) may take; a million rows of CSV or XLSX take a tenth."""

REFUSED, NO_COLUMNS = 3, 4
"""The exit status of a process that has written why a file cannot be read; the second: it is a table of something else."""

_FILE = TypeAdapter(VolumeFile)
"""How a file comes back: as plain data, for that process has handled what anybody may have sent."""


def read_apart(
    path: Path, today: date, patience: float = PATIENCE, progress: Callable[[int, float], None] = lambda _rows, _share: None
) -> VolumeFile:
    """The same as read_volumes, elsewhere; call it in a thread. Raises NotReadable."""
    order = [sys.executable, "-X", "utf8", "-m", __name__, str(path), today.isoformat()]
    here = str(Path(__file__).parents[2])
    surroundings = {"PYTHONPATH": os.pathsep.join([here, *(place for place in sys.path if place)])}
    with (
        TemporaryFile() as told,
        subprocess.Popen(order, stdin=subprocess.DEVNULL, stdout=told, stderr=subprocess.PIPE, env=surroundings) as ran,  # noqa: S603
    ):
        late = Event()

        def stop() -> None:
            late.set()
            ran.kill()

        waiting = Timer(patience, stop)
        waiting.start()
        try:
            _follow(ran.stderr, progress)
            code = ran.wait()
        finally:
            ran.kill()
            waiting.cancel()
        told.seek(0)
        return _FILE.validate_json(_answer(code, told, late=late.is_set()))


def read_at_leisure(path: Path, today: date, progress: Callable[[int, float], None] = lambda _rows, _share: None) -> VolumeFile:
    """The same for somebody who waits for nothing else: a text is read here, a workbook elsewhere, for what reads it ends its process
    where a cell lies far away. Raises NotReadable and OSError.
    """
    with path.open("rb") as file:
        is_workbook = file.read(4) in _WORKBOOKS
    return read_apart(path, today, LEISURE, progress) if is_workbook else read_volumes(path, today, progress)


def _follow(lines: IO[bytes] | None, progress: Callable[[int, float], None]) -> None:
    """Pass on how far it is, until it has ended. It may write anything else there, too."""
    for line in lines or ():
        rows, _, share = line.partition(b" ")
        try:
            progress(int(rows), float(share))
        except ValueError:
            continue


def _answer(code: int, told: IO[bytes], *, late: bool) -> bytes:
    """What it wrote; raises NotReadable where it says or shows that the file cannot be read."""
    said = told.read()
    if late:
        raise NotReadable("takes too long to read; cut it into parts, or save it as CSV")
    if code in (REFUSED, NO_COLUMNS):
        raise (NoColumns if code == NO_COLUMNS else NotReadable)(said.decode("utf-8", "replace"))
    if code != 0:
        raise NotReadable("takes too much memory to read; save it as CSV, or cut it into parts")
    return said


def main() -> None:
    """Read the file named, and write what came of it."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    gc.disable()  # nothing here points back at itself, and looking for that takes a fifth of the time
    path, today = sys.argv[1:]
    try:
        told = _FILE.dump_json(read_volumes(Path(path), date.fromisoformat(today), _tell))
    except NotReadable as reason:
        sys.stdout.buffer.write(str(reason).encode("utf-8", "replace"))
        sys.exit(NO_COLUMNS if isinstance(reason, NoColumns) else REFUSED)
    sys.stdout.buffer.write(told)


def _tell(rows: int, share: float) -> None:
    sys.stderr.write(f"{rows} {share:.4f}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
