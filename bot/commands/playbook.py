"""`jumpin playbook`: a company's own scripts; which there are, whether they work, and ours as a starting point."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.opening import settings
from bot.commands.trouble import Trouble
from bot.playbook.scenarios import FINDINGS, SUBJECTS
from templates import folder as own
from templates.draft_facts import DRAFTS
from templates.job import Wrong
from templates.look import Looked, look
from templates.scripts import AFTER_CALL
from templates.shipped import WORDS, sources

app = typer.Typer(no_args_is_help=True, help="Scripts: which there are, whether your own ones work, and ours to start from.")

_AFTER_CALL = {"email": "the follow-up email after a call", "message": "the note around a point after a call"}

Folder = Annotated[Path | None, typer.Argument(help="Playbook folder. Default: JUMPIN_PLAYBOOK; without one, our own scripts.")]
LanguageOption = Annotated[str | None, typer.Option("--language", help="Only this language, such as es.")]


@app.command("list")
def list_scripts() -> None:
    """All scripts by language, and whether ours or yours is used."""
    folder = settings().playbook
    theirs = own.read(folder).sources if folder else {}
    for code in sorted({*sources(), *theirs}):
        ours = sources().get(code, {})
        for path in sorted({*ours, *theirs.get(code, {})}):
            whose = "yours" if path in theirs.get(code, {}) else "ours "
            typer.echo(f"{whose}  {code}/{path}  ({_about(path)})")


@app.command()
def check(folder: Folder = None) -> None:
    """Render every script with sample deals and say what is wrong with it; exit status 1 when something is."""
    place = folder or settings().playbook
    if place is not None and not place.is_dir():
        raise Trouble(f"{place}: there is no such folder; `jumpin playbook export {place}` makes one with our scripts to start from.")
    wrong: Counter[str] = Counter()
    looked = 0
    for one in look(place):
        looked += 1
        wrong[one.file] += bool(one.wrong)
        typer.echo("\n".join(map(told, one.wrong)) if one.wrong else f"ok     {_seen(one)}")
    if place is not None and not looked:
        typer.echo(f"{place} holds no scripts: ours are used.")
    to_mend = sum(wrong.values())
    typer.echo(f"\n{to_mend} to mend; until then our own scripts take their places." if to_mend else "\nAll is well.")
    raise typer.Exit(1 if to_mend else 0)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Folder to write to; files that are there already are left as they are.")],
    *,
    language: LanguageOption = None,
) -> None:
    """Copy our scripts into a folder as a starting point. Keep there only what you change."""
    if language is not None and language not in sources():
        raise Trouble(f"There are no scripts in {language}; ours are in {' and '.join(sources())}.")
    written = kept = 0
    try:
        for code in [language] if language else sources():
            for path, text in sources()[code].items():
                file = folder / code / path
                file.parent.mkdir(parents=True, exist_ok=True)
                if _written(file, text):
                    written += 1
                else:
                    kept += 1
    except OSError as refused:
        raise Trouble(f"{folder}: cannot be written: {refused.strerror or refused}") from None
    typer.echo(f"{written} files written to {folder}" + (f", {kept} left as they were." if kept else "."))
    typer.echo("Delete those that you do not change, set JUMPIN_PLAYBOOK to the folder, and run `jumpin playbook check`.")


def told(wrong: Wrong) -> str:
    """One thing wrong, on one line."""
    line = f", line {wrong.line}" if wrong.line else ""
    return f"wrong  {wrong.file}{line}: {wrong.words}"


def _written(file: Path, text: str) -> bool:
    """Write a new file; False where there is one, or anything else, already."""
    try:
        with file.open("x", encoding="utf-8") as new:
            new.write(text)
    except FileExistsError:
        return False
    return True


def _seen(one: Looked) -> str:
    if one.same:
        return f"{one.file}: the same as ours"
    if one.file.endswith(WORDS):
        return one.file
    return f"{one.file}: {one.texts} text{'' if one.texts == 1 else 's'}, {one.longest} words at most"


def _about(path: str) -> str:
    stem = path.rpartition("/")[2].removesuffix(".j2")
    if path == WORDS:
        return "figures, dates and stock phrases"
    if path.startswith("terms/"):
        return f"the {SUBJECTS[stem]}, within a contradiction"
    if path.startswith(DRAFTS):
        return "an email or message, from the clock"
    if path.startswith(AFTER_CALL):
        return f"{FINDINGS[stem]}, after a call" if stem in FINDINGS else _AFTER_CALL[stem]
    scenario, step, _ = stem.partition("-step-2")
    return FINDINGS[scenario] + (", step 2" if step else "")
