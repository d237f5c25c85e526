"""Reads a volume file in a process of its own: whoever is busy in this one does not wait, and a file that takes too long or too much is
stopped. The process has no environment, and so no tokens.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter

from store.sources.plain import NotReadable
from store.sources.volume_file import NoColumns, VolumeFile, read_volumes

try:
    import resource
except ImportError:  # not on every system; PATIENCE holds on all
    resource = None  # type: ignore[assignment]

PATIENCE = 50.0
"""Seconds for a file; a million rows of CSV take three on a quiet machine."""

MEMORY = 1_500_000_000
"""Bytes of memory for a workbook of a million rows; CSV takes a tenth."""

REFUSED, NO_COLUMNS = 3, 4
"""The exit status of a process that has written why a file cannot be read; the second: it is a table of something else."""

_FILE = TypeAdapter(VolumeFile)
"""How a file comes back: as plain data, for that process has handled what anybody may have sent."""


def read_apart(path: Path, today: date, patience: float = PATIENCE) -> VolumeFile:
    """The same as read_volumes, elsewhere; call it in a thread. Raises NotReadable."""
    order = [sys.executable, "-X", "utf8", "-m", __name__, str(path), today.isoformat()]
    here = str(Path(__file__).parents[2])
    surroundings = {"PYTHONPATH": os.pathsep.join([here, *(place for place in sys.path if place)])}
    try:
        ran = subprocess.run(order, capture_output=True, timeout=patience, env=surroundings, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise NotReadable("takes too long to read; cut it into parts, or save it as CSV") from None
    if ran.returncode in (REFUSED, NO_COLUMNS):
        raise (NoColumns if ran.returncode == NO_COLUMNS else NotReadable)(ran.stdout.decode("utf-8", "replace"))
    if ran.returncode != 0:
        raise NotReadable("takes too much memory to read; save it as CSV, or cut it into parts")
    return _FILE.validate_json(ran.stdout)


def main() -> None:
    """Read the file named, and write what came of it."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    path, today = sys.argv[1:]
    try:
        told = _FILE.dump_json(read_volumes(Path(path), date.fromisoformat(today)))
    except NotReadable as reason:
        sys.stdout.buffer.write(str(reason).encode("utf-8", "replace"))
        sys.exit(NO_COLUMNS if isinstance(reason, NoColumns) else REFUSED)
    sys.stdout.buffer.write(told)


if __name__ == "__main__":
    main()
