"""Judging a back-test by hand: one finding after the other, a key for each; every answer is kept at once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import typer
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.backtest.hits import Heard, Hit, Opinion
from bot.backtest.judged import for_judging
from bot.backtest.kept import Kept
from bot.commands.trouble import Trouble
from bot.playbook.scenarios import title
from templates.backtest import CAME
from templates.quote import clean

KEYS = "[y] useful   [n] not   [s] skip   [b] back   [q] quit"

_SAID: dict[str, Opinion] = {"y": "useful", "u": "useful", "n": "not", "s": "skip", " ": "skip"}
_STYLES: dict[Opinion, str] = {"useful": "green", "not": "red", "skip": "dim"}


def judge(kept: Kept, heard: Heard, console: Console) -> None:
    """Ask about everything that was not judged yet."""
    if not sys.stdin.isatty() or not console.is_terminal:
        raise Trouble("--judge asks for a key at each finding and needs a terminal; run it in one, without a pipe")
    ask(kept, for_judging(heard.hits), console, typer.getchar)


def ask(kept: Kept, hits: Sequence[Hit], console: Console, key: Callable[[], str]) -> int:
    """Go through hits from the first that was not judged on; how many answers were given. `key` waits for a key and gives it."""
    judged = kept.judged()
    place = next((number for number, hit in enumerate(hits) if hit.id not in judged), len(hits))
    answers = 0
    while place < len(hits):
        hit = hits[place]
        _show(console, hit, place + 1, len(hits), kept.judged().get(hit.id))
        pressed = _until(key, {*_SAID, "b", "q"})
        if pressed == "q":
            break
        if pressed == "b":
            place = max(0, place - 1)
            continue
        kept.judge(hit, _SAID[pressed])
        console.print(Text(f"  {_SAID[pressed]}", style=_STYLES[_SAID[pressed]]))
        answers += 1
        place += 1
    else:
        console.print("All of them are judged." if hits else "There is nothing to judge: nothing would have been told.")
    return answers


def _show(console: Console, hit: Hit, number: int, count: int, before: Opinion | None) -> None:
    finding = hit.finding
    head = f"{number} of {count} · {clean(hit.customer, 60)} · {hit.day:%a %d %b %Y} · {CAME[hit.came]}"
    body = Text()
    body.append(f"{title(finding.scenario)}", style="bold")
    body.append(f"  {finding.sure:.0%} sure\n", style="dim")
    side = "our side" if hit.side == "own" else hit.side
    body.append(f"{clean(hit.name or hit.speaker or 'somebody', 60)} ({side}) in {clean(hit.channel, 60)}:\n\n")
    said, quote = clean(hit.text, 1500), clean(finding.quote, 1500)
    before_it, there, after = said.partition(quote)
    body.append(before_it)
    body.append(there, style="bold yellow")
    body.append(after)
    body.append(f"\n\n{finding.why}", style="cyan")
    if before:
        body.append(f"\njudged before: {before}", style=_STYLES[before])
    console.print(Panel(body, title=Text(head), title_align="left", subtitle=Text(KEYS), subtitle_align="left"))


def _until(key: Callable[[], str], known: set[str]) -> str:
    while (pressed := key().lower()) not in known:
        if pressed in ("\x03", "\x04", ""):
            return "q"
    return pressed
