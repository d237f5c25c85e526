"""Every module of tables: they refer to each other, so whoever opens the store knows all of them."""

from __future__ import annotations

from store import call_tables, clock_tables, crm_tables, tables, volume_tables, workshop_tables

METADATA = tables.metadata
"""With all tables in it."""

EVERY = (tables, clock_tables, volume_tables, call_tables, crm_tables, workshop_tables)
