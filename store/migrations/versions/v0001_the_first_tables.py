"""The first tables: deals with their history and channels, findings with what became of them, and the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_FINDING_STATES = ("open", "used", "not-an-issue", "snoozed", "withdrawn", "resolved", "suppressed")


def upgrade() -> None:
    """One step forward."""
    _deals()
    _channels()
    _findings()
    _after_findings()
    _outbox()


def downgrade() -> None:
    """The same step back."""
    for table in ("outbox", "finding_events", "finding_echoes", "findings", "channels_seen", "channel_links", "deal_history", "deals"):
        op.drop_table(table)


def _one_of(name: str, *texts: str) -> sa.Enum:
    return sa.Enum(*texts, name=name, native_enum=False, create_constraint=True, length=32)


def _words(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _deals() -> None:
    op.create_table(
        "deals",
        _whole("id"),
        _words("customer_key"),
        _words("terms"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deals")),
        sa.UniqueConstraint("customer_key", name=op.f("uq_deals_customer_key")),
    )
    op.create_table(
        "deal_history",
        _whole("id"),
        _whole("deal_id"),
        _words("terms"),
        _time("since"),
        _words("by"),
        _words("source"),
        _refers("deal_history", "deal_id", "deals"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_history")),
    )
    op.create_index(op.f("ix_deal_history_deal_id"), "deal_history", ["deal_id"])


def _channels() -> None:
    op.create_table(
        "channel_links",
        _whole("id"),
        _whole("deal_id"),
        _words("given"),
        _words("channel", nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        _refers("channel_links", "deal_id", "deals"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_links")),
        sa.UniqueConstraint("deal_id", "given", name=op.f("uq_channel_links_deal_id_given")),
    )
    op.create_index(op.f("ix_channel_links_channel"), "channel_links", ["channel"])
    op.create_table(
        "channels_seen",
        _words("channel"),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channels_seen")),
    )


def _findings() -> None:
    op.create_table(
        "findings",
        _whole("id"),
        _whole("deal_id"),
        *(_words(name) for name in ("channel", "ts", "speaker", "scenario", "subject", "quote", "why", "rule")),
        *(_words(name, nullable=True) for name in ("thread_ts", "permalink", "said", "agreed", "suppressed", "changed_by")),
        sa.Column("side", _one_of("side", "customer", "implementation", "own", "unknown"), nullable=False),
        sa.Column("phase", _one_of("phase", "before-test", "test", "after-test"), nullable=False),
        sa.Column("urgency", _one_of("urgency", "now", "digest", "log"), nullable=False),
        sa.Column("state", _one_of("state", *_FINDING_STATES), nullable=False),
        *(sa.Column(name, sa.Float(), nullable=True) for name in ("said_low", "said_high", "agreed_per_day")),
        sa.Column("sure", sa.Float(), nullable=False),
        *(_whole(name) for name in ("test_day", "count", "version")),
        *(_time(name) for name in ("said_at", "raised_at", "changed_at")),
        _time("until", nullable=True),
        _refers("findings", "deal_id", "deals"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.UniqueConstraint(
            "deal_id", "channel", "ts", "scenario", "subject", name=op.f("uq_findings_deal_id_channel_ts_scenario_subject")
        ),
    )
    op.create_index(op.f("ix_findings_channel_ts"), "findings", ["channel", "ts"])
    op.create_index(op.f("ix_findings_state_until"), "findings", ["state", "until"])


def _after_findings() -> None:
    op.create_table(
        "finding_echoes",
        _whole("finding_id"),
        _words("channel"),
        _words("ts"),
        _refers("finding_echoes", "finding_id", "findings"),
        sa.PrimaryKeyConstraint("finding_id", "channel", "ts", name=op.f("pk_finding_echoes")),
    )
    op.create_index(op.f("ix_finding_echoes_channel_ts"), "finding_echoes", ["channel", "ts"])
    op.create_table(
        "finding_events",
        _whole("id"),
        _whole("finding_id"),
        sa.Column("old_state", _one_of("old_state", *_FINDING_STATES), nullable=True),
        sa.Column("new_state", _one_of("new_state", *_FINDING_STATES), nullable=False),
        _words("by", nullable=True),
        _time("at"),
        _refers("finding_events", "finding_id", "findings"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_events")),
    )
    op.create_index(op.f("ix_finding_events_finding_id"), "finding_events", ["finding_id"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        _whole("id"),
        _words("key"),
        sa.Column("kind", _one_of("kind", "alert", "update"), nullable=False),
        _whole("finding_id"),
        _words("recipient"),
        _time("due_at"),
        sa.Column("state", _one_of("state", "waiting", "sending", "sent", "failed"), nullable=False),
        _whole("tries"),
        *(_words(name, nullable=True) for name in ("owner", "channel", "ts", "error")),
        *(_time(name, nullable=True) for name in ("lease_until", "done_at")),
        _refers("outbox", "finding_id", "findings"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(op.f("ix_outbox_finding_id"), "outbox", ["finding_id"])
    op.create_index(op.f("ix_outbox_state_due_at"), "outbox", ["state", "due_at"])
