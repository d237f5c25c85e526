"""What tests may need from the machine: in CI everything is there, elsewhere a missing part skips with its reason."""

from __future__ import annotations

import gc
import os
import signal
import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, ExitStack
from types import FrameType
from typing import Any, NoReturn

import pytest
from hypothesis import settings

from bot.demo import emulator
from tests.postgres import PostgresMissing, start_postgres

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

# A shared machine may be slow at any moment; in CI the same examples come every time.
settings.register_profile("house", deadline=None, derandomize=IN_CI)
settings.load_profile("house")

# SQLite waits for the disk several times a test, in all as long as it works: where memory serves as a disk and has room, it need not.
MEMORY, ROOM = "/dev/shm", 4 << 30


def serves(folder: str) -> bool:
    """Whether temporary files may go to a folder: there is room (bytes), and what is in it may be run."""
    if not os.access(folder, os.W_OK):
        return False
    there = os.statvfs(folder)
    return there.f_bavail * there.f_frsize >= ROOM and not there.f_flag & os.ST_NOEXEC


if "TMPDIR" not in os.environ and serves(MEMORY):
    os.environ["TMPDIR"] = tempfile.tempdir = MEMORY

# What imports and collecting make stands until the end: looking through it for garbage again and again would take a tenth of all time.
gc.disable()


def pytest_collection_finish() -> None:
    """From here on there is garbage, among what is made from here on."""
    gc.freeze()
    gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """One more than there are cores: a test that waits for a process, a disk or somebody's patience leaves its core to another."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    return 1 + (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def interrupted(number: int, frame: FrameType | None) -> NoReturn:
    """Ctrl-C, as Python takes it."""
    signal.default_int_handler(number, frame)


# asyncio would put a handler of its own in Python's place for each run of a loop, five times a test, and each time signal.signal() writes
# all that the test holds into the text of an error that nobody sees. What is not Python's own it leaves alone.
signal.signal(signal.SIGINT, interrupted)


StartSlack = Callable[[Mapping[str, Any]], AbstractAsyncContextManager[emulator.LocalSlack]]


def missing(reason: str) -> NoReturn:
    """Stop a test that cannot run here: a failure in CI, a skip elsewhere."""
    if IN_CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI nothing may be skipped, by whatever means."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def local_slack() -> StartSlack:
    """Starts a workspace emulator: `async with local_slack(config) as slack`."""
    try:
        emulator.install()
    except emulator.EmulatorMissing as reason:
        missing(str(reason))
    return emulator.local_slack


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of an empty database on a PostgreSQL of our own, which may create others beside it."""
    with ExitStack() as stack:
        try:
            url = stack.enter_context(start_postgres())
        except PostgresMissing as reason:
            missing(str(reason))
        yield url
