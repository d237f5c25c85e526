"""Retention and protection of what is kept: facts about the installation, and numbers that are never given twice."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


_NUMBERED = ("deals", "findings")
"""Buttons in old messages carry the numbers of their rows: once rows are deleted, SQLite must not give those numbers again."""


def upgrade() -> None:
    """Make the table; let SQLite count on."""
    op.create_table(
        "installation",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_installation")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in _NUMBERED:
            _count_on(table)


def downgrade() -> None:
    """Take it away."""
    op.drop_table("installation")


def _count_on(table: str) -> None:
    """Rebuild a table with AUTOINCREMENT, as it is otherwise: with its checks, and with its indexes."""
    made = sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL")
    rows = [(row.type, row.sql) for row in op.get_bind().execute(made, {"table": table})]
    create = next(sql for kind, sql in rows if kind == "table")
    counted = create.replace("id INTEGER NOT NULL,", "id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,", 1)
    counted = re.sub(rf",\s*(?:CONSTRAINT pk_{table} )?PRIMARY KEY \(id\)", "", counted)
    counted = re.sub(rf'^CREATE TABLE "?{table}"?', f"CREATE TABLE new_{table}", counted)
    for statement in (
        counted,
        f"INSERT INTO new_{table} SELECT * FROM {table}",  # noqa: S608 - names of our own
        f"DROP TABLE {table}",
        f"ALTER TABLE new_{table} RENAME TO {table}",
        *(sql for kind, sql in rows if kind == "index"),
    ):
        op.execute(sa.text(statement.replace(":", "\\:")))
