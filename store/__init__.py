"""Remembers: tables, a few functions per table, the outbox, migrations, and sources of plain facts."""
