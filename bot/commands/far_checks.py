"""The doctor's look at other systems that the settings name, the database of volumes and the CRM: it only reads, and tells no secret."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.commands.checks import Check
from bot.commands.crm_settings import crm
from bot.commands.furnishing import warehouse
from bot.mistake import SettingsMistake
from bot.settings import Settings
from handlers.volumes.pulling import asked
from store.sources.crm.mapping import trouble
from store.sources.crm.plain import CrmTrouble
from store.sources.volume_query import Refused

VOLUMES, CRM = "database of volumes", "CRM"

MAP_AGAIN = "Run jumpin crm map."
"""What the mapping's trouble says where there is something to do."""

SAMPLE = 200
"""Rows of the query that are looked at."""


async def volumes_answer(settings: Settings) -> Check:
    """Whether the database of volumes can be read, and the query gives what is needed; its first rows are looked at and not kept."""
    try:
        database = warehouse(settings)
        if database is None:
            return Check(VOLUMES, "none; VOLUMES_URL and VOLUMES_SQL name one (docs/volumes.md)")
        found = await asked(database, datetime.now(UTC), settings.timezone, sample=SAMPLE)
    except (SettingsMistake, Refused) as wrong:
        return Check(VOLUMES, mend=_sentence(str(wrong)))
    return Check(VOLUMES, f"reads; the query gives {', '.join(found.columns.values())}")


async def crm_answers(settings: Settings) -> Check:
    """Whether the CRM takes the key, and still has the fields and stages of the mapping."""
    try:
        ours = crm(settings)
    except SettingsMistake as wrong:
        return Check(CRM, mend=_sentence(str(wrong)))
    if ours is None:
        return Check(CRM, "none; CRM_SOURCE names one (docs/crm.md)")
    try:
        changed = trouble(ours.mapping, await ours.source.fields(), await ours.source.steps())
    except CrmTrouble as wrong:
        return Check(CRM, mend=_sentence(str(wrong)))
    finally:
        await ours.source.close()
    mapped = f"{len(ours.mapping.stages)} stages and {len(ours.mapping.terms)} terms are mapped"
    to_mend = [one for one in changed if MAP_AGAIN in one]  # a stage that is only called something else still counts
    return Check(CRM, f"{ours.source.name} answers; {mapped}", " ".join(to_mend) or None)


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?")) else f"{text}."
