"""A new SQLite file with our tables, copied from one that is migrated once: the migrations take longer than most tests."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy.engine import make_url

from store.migrate import upgrade


def ready(url: str, like: Path | None = None) -> None:
    """Bring the database at this address to our tables; a new SQLite file gets them by copying, with all that stands in `like` if given."""
    address = make_url(url)
    path = Path(address.database) if address.database and address.get_backend_name() == "sqlite" else None
    if path is None or path.exists():
        upgrade(url)
    else:
        shutil.copy(like or _blank(), path)


@cache
def _blank() -> Path:
    folder = tempfile.mkdtemp(prefix="jumpin-blank-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = Path(folder) / "blank.sqlite3"
    upgrade(f"sqlite:///{path.as_posix()}")
    return path
