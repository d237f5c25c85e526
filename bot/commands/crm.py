"""`jumpin crm`: connect a CRM, say what of it is what, read it once, and see how it stands."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated, TypeVar, get_args

import typer
from rich.table import Table
from rich.text import Text
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import build_house
from bot.commands.crm_settings import crm, mapping_at, source
from bot.commands.opening import settings
from bot.commands.report import console_for_reading
from bot.commands.stores import opened
from bot.commands.trouble import Trouble
from bot.deal import Stage
from bot.settings import Settings
from handlers.crm import reading
from handlers.crm.owners import NEAR
from handlers.identity import Unwelcome, who_are_we
from store import crm as rows
from store import crm_out
from store.sources.crm.guess import guess
from store.sources.crm.mapped import terms_of, text_of
from store.sources.crm.mapping import REQUIRED, TERMS, CrmMap, Term, trouble, write_map
from store.sources.crm.plain import CrmTrouble, Field, Source, Step, Wanted

app = typer.Typer(no_args_is_help=True, help="The CRM: where the committed terms come from, and where what happened goes back to.")

Several = list[str] | tuple[str, ...]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: take what is mapped already, and the best guess for the rest.")]
SetStage = Annotated[list[str] | None, typer.Option("--stage", help="As --stage 'Contract out=setup'; - leaves deals at it alone.")]
SetTerm = Annotated[list[str] | None, typer.Option("--term", help="A term and its field: --term test.weeks=test_weeks; - for none.")]

T = TypeVar("T")


@app.command()
def connect(
    name: Annotated[str, typer.Argument(help="hubspot, salesforce or file.")],
    *,
    yes: Yes = False,
    stage: SetStage = None,
    term: SetTerm = None,
) -> None:
    """Check the key, find out which stages and fields there are, and write a mapping."""
    ready = settings()
    if ready.crm_source not in (None, name):
        raise Trouble(f"CRM_SOURCE is {ready.crm_source}: set it to {name} first.")
    if name not in ("hubspot", "salesforce", "file"):
        raise Trouble(f'"{name[:40]}" is no CRM that is known here; write hubspot, salesforce or file.')
    ready = ready.model_copy(update={"crm_source": name})
    if mapping_at(ready.crm_map) is not None and not (yes or typer.confirm(f"Go on with {ready.crm_map}?", default=True)):
        raise typer.Exit(1)
    _write(ready, yes=yes, stages=stage or (), terms=term or ())
    typer.echo(f"Set CRM_SOURCE={name} for jumpin run, and try jumpin crm sync --dry-run.")


@app.command("map")
def map_again(*, yes: Yes = False, stage: SetStage = None, term: SetTerm = None) -> None:
    """Look at stages and fields again, and change the mapping: after somebody has changed the CRM."""
    ready = _connected()
    _write(ready, yes=yes, stages=stage or (), terms=term or ())


@app.command()
def sync(*, dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would come; change and tell nothing.")] = False) -> None:
    """Read the CRM once, as the running bot does every minute."""
    ready = _connected()
    asyncio.run(_dry(ready) if dry_run else _sync(ready))


@app.command()
def status(*, log: Annotated[int, typer.Option("--log", help="So many of the last things written to the CRM.", min=0)] = 0) -> None:
    """How far the CRM was read, what waits for whom, what goes back, and what is wrong."""
    ready = _connected()
    asyncio.run(_status(ready, log))


def _connected() -> Settings:
    ready = settings()
    if ready.crm_source is None:
        raise Trouble("No CRM is connected: run jumpin crm connect hubspot, salesforce or file, and set CRM_SOURCE.")
    return ready


def _write(ready: Settings, *, yes: bool, stages: Several, terms: Several) -> None:
    """Guess, let it be corrected, and write."""

    async def discover(crm_source: Source) -> tuple[list[Field], list[Step]]:
        return await crm_source.fields(), await crm_source.steps()

    fields, steps = asyncio.run(_with(ready, discover))
    before = mapping_at(ready.crm_map)
    for sentence in trouble(before, fields, steps) if before else ():
        typer.echo(f"note: {sentence}")
    made = guess(str(ready.crm_source), fields, steps, before)
    made = _given(made, fields, steps, stages, terms)
    if not yes:
        made = _asked(made, fields, steps)
    _tell(made, fields, steps)
    ready.crm_map.parent.mkdir(parents=True, exist_ok=True)
    ready.crm_map.write_text(write_map(made), encoding="utf-8")
    typer.echo(f"Written to {ready.crm_map}. Who hears of trouble stands under tell, what goes back under send.")


async def _with(ready: Settings, work: Callable[[Source], Awaitable[T]]) -> T:
    crm_source = source(ready)
    try:
        return await work(crm_source)
    except CrmTrouble as wrong:
        raise Trouble(str(wrong)) from None
    finally:
        await crm_source.close()


def _given(made: CrmMap, fields: list[Field], steps: list[Step], stages: Several, terms: Several) -> CrmMap:
    """What the options say."""
    mapped, found = dict(made.stages), dict(made.terms)
    for one in stages:
        name, _, ours = (part.strip() for part in one.rpartition("="))
        step = next((step for step in steps if name in (step.id, step.label)), None)
        if step is None:
            raise Trouble(f'--stage: the CRM has no stage "{name[:60]}"; it has {", ".join(step.label for step in steps)[:300]}.')
        _set_stage(mapped, step.id, ours)
    for one in terms:
        name, _, field = (part.strip() for part in one.partition("="))
        if name not in TERMS:
            raise Trouble(f'--term: "{name[:60]}" is no term; write one of {", ".join(TERMS)}.')
        _set_term(found, name, field, fields)
    return replace(made, stages=mapped, terms=found)


def _set_stage(mapped: dict[str, Stage], step: str, given: str) -> None:
    ours = next((stage for stage in get_args(Stage) if stage == given), None)
    if ours is None and given not in ("-", ""):
        raise Trouble(f'"{given[:40]}" is no stage; write one of {", ".join(get_args(Stage))}, or - to leave it alone.')
    mapped.pop(step, None)
    if ours is not None:
        mapped[step] = ours


def _set_term(found: dict[str, Term], name: str, given: str, fields: list[Field]) -> None:
    if given in ("-", ""):
        found.pop(name, None)
        return
    field = next((field.name for field in fields if given in (field.name, field.label)), None)
    if field is None:
        raise Trouble(f'The CRM has no field "{given[:60]}". Make it there first, or leave {name} out with -.')
    before = found.get(name, Term())
    found[name] = replace(before, field=field)


def _asked(made: CrmMap, fields: list[Field], steps: list[Step]) -> CrmMap:
    """The same, one question for each stage and term."""
    mapped, found = dict(made.stages), dict(made.terms)
    typer.echo(f"Stages: {', '.join(get_args(Stage))}, or - to leave deals at one alone.")
    for step in steps:
        _ask(f"  {step.label}", mapped.get(step.id, "-"), lambda given, step=step: _set_stage(mapped, step.id, given))  # type: ignore[misc]
    typer.echo("Terms: the CRM's field by its name or label, or - where it has none.")
    for name, words in TERMS.items():
        shown = (found[name].field if name in found else None) or "-"
        if shown == "-" and name in found:
            continue  # a default without a field
        _ask(f"  {words}", shown, lambda given, name=name: _set_term(found, name, given, fields))  # type: ignore[misc]
    return replace(made, stages=mapped, terms=found)


def _ask(question: str, shown: str, take: Callable[[str], None]) -> None:
    while True:
        try:
            take(str(typer.prompt(question, default=shown)).strip())
        except Trouble as wrong:
            typer.echo(f"    {wrong}")
        else:
            return


def _tell(made: CrmMap, fields: list[Field], steps: list[Step]) -> None:
    """What is mapped to what."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    table.add_column("in the CRM", overflow="fold")
    table.add_column("here", overflow="fold")
    for step in steps:
        table.add_row(Text(f"{step.pipeline} / {step.label}".removeprefix(" / ")), made.stages.get(step.id, "-"))
    labels = {field.name: field.label for field in fields}
    for name, term in made.terms.items():
        shown = f"{labels.get(term.field, '')} ({term.field})" if term.field else ""
        table.add_row(Text(f"{shown}{f' or {term.default}' if term.default else ''}".removeprefix(" or ")), name)
    console_for_reading().print(table)
    for name in REQUIRED:
        if name not in made.terms:
            typer.echo(f"note: {TERMS[name]} has no field, so reps will be asked for it.")
    if not NEAR & set(made.stages.values()):
        typer.echo("note: no stage counts as setup or implementation, so no deal will come.")


async def _dry(ready: Settings) -> None:
    """Every deal at a stage that matters, with its terms and what would be asked."""
    connected = crm(ready)
    assert connected is not None
    wanted = Wanted(connected.mapping.fields, frozenset(one for one, stage in connected.mapping.stages.items() if stage in NEAR))
    read = come = 0
    after: str | None = None
    try:
        while True:
            page = await connected.source.page(wanted, after)
            read += len(page.records)
            for record in page.records:
                terms = terms_of(record, connected.mapping)
                if terms.stage not in NEAR or record.gone:
                    continue
                come += 1
                said = ", ".join(f"{name} {text_of(name, value)}" for name, value in terms.values.items())
                typer.echo(f"{terms.customer}: {terms.stage}, {record.owner or 'no owner'}: {said or 'no terms'}")
                for line in (*terms.notes, *terms.unclear.values(), *(f"{TERMS[name]} is missing" for name in terms.missing)):
                    typer.echo(f"  {line}")
                if record.url and not terms.complete:
                    typer.echo(f"  {record.url}")
            after = page.after
            if after is None:
                break
    except CrmTrouble as wrong:
        raise Trouble(str(wrong)) from None
    finally:
        await connected.source.close()
    typer.echo(f"{read:,} deals read, {come:,} at setup or implementation. Nothing was changed.")


async def _sync(ready: Settings) -> None:
    if not ready.slack_bot_token:
        raise Trouble("SLACK_BOT_TOKEN is missing: reps are found in Slack by their email.")
    async with opened(ready.database_url) as store:
        try:
            client = AsyncWebClient(token=ready.slack_bot_token, base_url=ready.slack_api_url, retry_handlers=[])
            house = build_house(ready, store, await who_are_we(client))
            assert house.crm is not None
            for sentence in await reading.look(house, house.crm):
                typer.echo(f"note: {sentence}")
            came = await reading.once(house, house.crm)
        except (CrmTrouble, Unwelcome) as wrong:
            raise Trouble(str(wrong)) from None
    if came is None:
        typer.echo("The running bot is just reading it.")
        return
    told = ", ".join(f"{count:,} {name}" for name, count in came.items() if name != "read")
    typer.echo(f"{came['read']:,} deals read{f': {told}' if told else ''}. The running bot tells the reps.")


async def _status(ready: Settings, log: int) -> None:
    name = str(ready.crm_source)
    async with opened(ready.database_url) as store, store.reading() as s:
        stands = await rows.standing(s, name)
        counted, left = await rows.counts(s, name), await crm_out.counts(s, name)
        waiting = await rows.in_state(s, name, "waiting")
        audit = await crm_out.latest(s, name, log) if log else []
    if stands.began is not None:
        typer.echo(f"{name}: a pass is under way, {stands.done:,} deals read in all")
    elif stands.polled_at is None:
        typer.echo(f"{name}: not read yet")
    else:
        typer.echo(f"{name}: read to {stands.polled_at:%Y-%m-%d %H:%M} UTC, {stands.done:,} deals in all")
    typer.echo("deals: " + (", ".join(f"{count} {state}" for state, count in sorted(counted.items())) or "none yet"))
    typer.echo("goes back: " + (", ".join(f"{count} {state}" for state, count in sorted(left.items())) or "nothing yet"))
    for one in waiting:
        missing = [TERMS.get(term, term) for term in one.terms.get("missing", ())] + list(one.terms.get("unclear", ()))
        where = f" {one.url}" if one.url and missing else ""
        whose = one.owner or "no owner"
        whose += "" if one.rep else ", not in Slack"
        typer.echo(f"  waits: {one.customer} ({whose}){': ' + '; '.join(missing) if missing else ''}{where}")
    for out, customer in audit:
        error = f" {out.error}" if out.error else ""
        written = f" as {out.written}" if out.written else ""
        typer.echo(f"  {out.at:%Y-%m-%d %H:%M}  {customer}: {out.key}, {out.state}{written}{error}")
    for sentence in (stands.trouble or "").split("\n"):
        if sentence:
            typer.echo(f"wrong: {sentence}")
    if stands.trouble:
        raise typer.Exit(1)
