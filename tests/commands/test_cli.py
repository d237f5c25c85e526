"""The frame of the command line: version, help, trouble, pipes, in a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from bot.cli import ENTRIES, Entry, loaded
from tests.commands.conftest import ROOT, Jumpin


def _process(*words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "bot", *words], input=given, cwd=ROOT, capture_output=True, check=False, timeout=60)


def test_version_and_help(jumpin: Jumpin) -> None:
    version = jumpin("--version")
    assert (version.status, version.out.startswith("jumpin")) == (0, True)
    told = jumpin("--help")
    assert told.status == 0
    for command in ("run", "doctor", "manifest", "demo", "db", "deals", "scan", "read", "simulate"):
        assert f" {command} " in told.out


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_the_list_says_what_the_command_says(entry: Entry) -> None:
    command = loaded(entry)
    assert (command.short_help or command.help) == entry.says


def test_no_command_shows_the_help(jumpin: Jumpin) -> None:
    told = jumpin()
    assert "Usage" in told.out + told.err


def test_unknown_command(jumpin: Jumpin) -> None:
    told = jumpin("scna")
    assert told.status == 2
    assert "No such command" in told.err


def test_trouble_is_one_sentence() -> None:
    told = _process("scan", "--said-at", "yesterday", "x.vtt")
    assert (told.returncode, told.stdout) == (2, b"")
    assert told.stderr == b"--said-at yesterday is not a time; write the local time such as 2026-11-02T10:00\n"


def test_a_wrong_setting_is_one_sentence(jumpin: Jumpin) -> None:
    told = jumpin("deals", "list", DATABASE_URL="mysql://x")
    assert (told.status, told.out) == (2, "")
    assert told.err.startswith("DATABASE_URL: ")
    assert told.err.count("\n") == 1


def test_a_closed_pipe_is_no_accident() -> None:
    source = f"yes 'we ship 15 a day' | head -n 5000 | {sys.executable} -m bot read --json | head -n 1"
    done = subprocess.run(["bash", "-c", source], cwd=ROOT, capture_output=True, check=False, timeout=60)
    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""


def listen_to_interrupts() -> None:
    """In the child: a test run in the background of a script has SIGINT switched off, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_an_interrupt_ends_with_130() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "read"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=listen_to_interrupts,  # noqa: PLW1509 - no threads here
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.stdin.close()
        assert process.wait(30) == 130
        assert b"Traceback" not in (process.stderr.read() if process.stderr else b"")
