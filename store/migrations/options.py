"""What Alembic must know of our database, the same for running, checking and writing migrations."""

from __future__ import annotations

from typing import Any, Literal

from alembic.autogenerate.api import AutogenContext
from sqlalchemy import DateTime, TypeDecorator

from store.every_table import METADATA
from store.schema import VERSION_TABLE


def plainly(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Our column types as what the database sees: a migration must not change when the code does."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    return "sa.DateTime(timezone=True)" if isinstance(item.impl, DateTime) else "sa.Text()"


OPTIONS: dict[str, Any] = {
    "target_metadata": METADATA,
    "version_table": VERSION_TABLE,
    "render_as_batch": True,
    "render_item": plainly,
    "compare_type": True,
    "compare_server_default": True,
}
