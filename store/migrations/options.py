"""What Alembic must know of our database, the same for running, checking and writing migrations."""

from __future__ import annotations

from typing import Any, Literal

from alembic.autogenerate.api import AutogenContext
from sqlalchemy import DateTime, TypeDecorator

import store.call_tables  # noqa: F401 - its tables are among those of the metadata
from store.clock_tables import AskedRow
from store.crm_tables import CrmPassRow
from store.volume_tables import ImportRow
from store.workshop_tables import WorkshopNoteRow

VERSION_TABLE = "jumpin_schema"
"""Its own name, so that the tables may stand beside another program's."""


def plainly(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Our column types as what the database sees: a migration must not change when the code does."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    return "sa.DateTime(timezone=True)" if isinstance(item.impl, DateTime) else "sa.Text()"


_TABLES = (AskedRow, CrmPassRow, ImportRow, WorkshopNoteRow)
"""One row of each module of tables, so that all are there."""

OPTIONS: dict[str, Any] = {
    "target_metadata": _TABLES[0].metadata,
    "version_table": VERSION_TABLE,
    "render_as_batch": True,
    "render_item": plainly,
    "compare_type": True,
    "compare_server_default": True,
}
