"""`jumpin`: the commands put together, and the one place where trouble becomes a sentence and an exit status."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from bot.commands import crm, db, deals, examples, hooks, packs, playbook, volumes
from bot.commands.backtest import backtest
from bot.commands.backup import backup, restore
from bot.commands.call import call
from bot.commands.demo import demo
from bot.commands.doctor import doctor
from bot.commands.forget import export_person, forget_command
from bot.commands.live import live
from bot.commands.manifest import manifest
from bot.commands.numbers import report
from bot.commands.read import read
from bot.commands.run import run
from bot.commands.scan import scan
from bot.commands.simulate import simulate
from bot.commands.trouble import Trouble
from bot.commands.why import why
from bot.settings import SettingsMistake


class Commands(TyperGroup):
    """The commands; unusable input ends any of them with one plain sentence on standard error and status 2."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except (Trouble, SettingsMistake) as trouble:
            typer.echo(str(trouble), err=True)
            raise typer.Exit(2) from None


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="The rep's ears in implementation channels: hears volume talk that departs from the deal, and hands over the jump-in script.",
)
for command in (run, scan, backtest, call, live, read, why, report, simulate, demo, doctor, manifest):
    app.command()(command)
app.command()(backup)
app.command()(restore)
app.command("forget")(forget_command)
app.command("export-person")(export_person)
app.add_typer(deals.app, name="deals")
app.add_typer(crm.app, name="crm")
app.add_typer(db.app, name="db")
app.add_typer(examples.app, name="examples")
app.add_typer(hooks.app, name="hooks")
app.add_typer(packs.app, name="pack")
app.add_typer(playbook.app, name="playbook")
app.add_typer(volumes.app, name="volumes")


def _print_version(wanted: bool) -> None:
    if not wanted:
        return
    try:
        typer.echo(f"jumpin {version('jump-in')}")
    except PackageNotFoundError:
        typer.echo("jumpin, run from a checkout that is not installed")
    raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    """Options of all commands."""


def main() -> None:
    """Run `jumpin`; an interrupt ends with status 130, a closed pipe quietly."""
    app(prog_name="jumpin")
