"""Renders templates that are not ours in a process of their own, which is killed when it takes too long or too much.

Jinja's sandbox keeps a template from our objects, and bounds its ranges and its output. It cannot bound time: nested loops, or `9**9**9`,
which is one step of the interpreter that nothing in this process could interrupt. So the template runs elsewhere: the kernel ends that
process after SECONDS of its own work or at MEMORY, and it is killed after PATIENCE in any case. It has no environment, and so no tokens;
it is given its templates by text, and so reads no files; it may write none.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from templates.job import Done, Job, Wrong, do

try:
    import resource
except ImportError:  # not on every system; PATIENCE holds on all
    resource = None  # type: ignore[assignment]

SECONDS = 2
"""Processor seconds of a job, its start-up included; a script takes a thousandth."""

LOOK_SECONDS = 6
"""The same for a look at a whole file with all sample deals."""

PATIENCE = 15.0
"""Seconds by the clock, for a busy machine."""

MEMORY = 512 * 1024 * 1024
"""Bytes of memory."""


class _Stopped(Exception):
    """The process was ended from outside."""


def caged(job: Job) -> Done:
    """What comes of a job; what was made lately is known still."""
    try:
        return _asked(job.as_json(), LOOK_SECONDS if job.look else SECONDS) or _failed(job.file, "fails", "it could not be rendered")
    except _Stopped:
        return _failed(job.file, "too-slow", "it takes too long, or does not end, and was stopped")
    except OSError as refused:  # no process can be had now
        return _failed(job.file, "fails", f"it could not be rendered ({refused.strerror})")


@lru_cache(maxsize=512)
def _asked(job: str, seconds: int) -> Done | None:
    order = [sys.executable, "-X", "utf8", "-m", __name__, str(seconds)]
    try:
        ran = subprocess.run(order, input=job.encode(), capture_output=True, timeout=PATIENCE, env=_environment(), check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise _Stopped from None
    if ran.returncode < 0:
        raise _Stopped
    return _read(ran.stdout)


def _failed(file: str, kind: str, words: str) -> Done:
    return Done(wrong=[Wrong(kind, words, file)])


def _environment() -> Mapping[str, str]:
    """Nothing but the way to this package and to Jinja."""
    here = str(Path(__file__).parents[1])
    return {"PYTHONPATH": os.pathsep.join([here, *(place for place in sys.path if place)])}


def _read(said: bytes) -> Done | None:
    try:
        told = json.loads(said)
        return Done([(str(name), str(text)) for name, text in told["texts"]], [Wrong(**one) for one in told["wrong"]])
    except (ValueError, KeyError, TypeError):
        return None


def _bounded(seconds: int) -> None:
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _inside() -> None:
    """The process itself: one job on standard input, what came of it on standard output."""
    given = json.load(sys.stdin)
    _bounded(int(sys.argv[1]))
    done = do(Job(**given))
    json.dump({"texts": done.texts, "wrong": [asdict(one) for one in done.wrong]}, sys.stdout)


if __name__ == "__main__":
    _inside()
