"""The command line as people use it: words in, output, complaints and an exit status out; each test with a database of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from tests.blank import ready

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a command."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines printed."""
        return self.out.splitlines()


Jumpin = Callable[..., Ran]


@pytest.fixture
def jumpin(tmp_path: Path) -> Jumpin:
    """`jumpin(*arguments, given=b"standard input", NAME="environment")`."""
    return jumpin_in(tmp_path)


def jumpin_in(folder: Path) -> Jumpin:
    """The same with its database in a folder."""

    def run(*arguments: str | Path, given: bytes = b"", **environment: str) -> Ran:
        url = f"sqlite:///{(folder / 'test.sqlite3').as_posix()}"
        if "DATABASE_URL" not in environment and not (folder / "test.sqlite3").exists():
            ready(url)
        surroundings = {"DATABASE_URL": url, "COLUMNS": "80", "SLACK_BOT_TOKEN": "", **environment}
        done = CliRunner(env=surroundings).invoke(app, [str(one) for one in arguments], input=given, catch_exceptions=False)
        return Ran(done.exit_code, done.stdout, done.stderr)

    return run
