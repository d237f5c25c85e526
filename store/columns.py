"""Column types that behave alike on SQLite and PostgreSQL: aware UTC times, safe words, what was said, deal terms, texts from a list."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Dialect, Enum, Text, TypeDecorator
from sqlalchemy.sql import operators

from bot.deal import Deal
from store.sealing import seal_of

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def terms_json(deal: Deal) -> str:
    """The one way to write a deal's terms, so that equal terms give equal text. Its amendments have a table of their own."""
    return json.dumps(deal.model_dump(mode="json", exclude={"amendments"}), sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=500)
def deal_of(terms: str) -> Deal:
    """The deal that terms_json() wrote; one that was read just now is not read again: deals do not change."""
    return Deal.model_validate_json(terms)


def storable(words: str) -> str:
    """The words with each character that a database cannot hold (NUL, half a surrogate pair) replaced."""
    return _UNSTORABLE.sub("\ufffd", words)


def one_of(name: str, texts: tuple[str, ...]) -> Enum:
    """A text that must be one of `texts`, checked by the database; `name` ends up in the name of the constraint."""
    return Enum(*texts, name=name, native_enum=False, create_constraint=True, length=32)


class UtcTime(TypeDecorator[datetime]):
    """Aware times in and out, always UTC. A naive one is a mistake and refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times in the store must carry their time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - read off the value
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Ids, names and short codes as people and Slack write them; what somebody said is `Said`, and what our people typed `Noted`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the same on each engine
        return None if value is None else storable(value)


class Plain(TypeDecorator[Any]):
    """A plain value (number, text, list, mapping or None), kept as JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:  # noqa: ARG002 - the same on each engine
        return json.dumps(value, sort_keys=True, separators=(",", ":"))

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any:  # noqa: ARG002 - the same on each engine
        return None if value is None else json.loads(value)


class _Sealed(TypeDecorator[Any]):
    """Something that is sealed where the installation has a key (store.sealing)."""

    impl = Text
    cache_ok = True

    class comparator_factory(TypeDecorator.Comparator[Any]):  # noqa: N801 - SQLAlchemy's name
        """Refuses comparisons that would be wrong once the words are sealed; whether there are any can be asked."""

        def operate(self, op: operators.OperatorType, *other: Any, **kwargs: Any) -> ColumnElement[Any]:
            """Let through only what is true of sealed words too."""
            if op in _COMPARE and other[0] != "" and isinstance(other[0], (str, Collection)):
                raise TypeError("words may be sealed: read them and compare them in Python")
            return super().operate(op, *other, **kwargs)


class Said(_Sealed):
    """Words that somebody said or wrote to us, or that repeat them: sealed, and kept for as long as quotes are."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else seal_of(dialect).close(storable(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else seal_of(dialect).open(value)


class Noted(Said):
    """Words that our own people typed so that they are remembered: sealed, and kept for as long as their deal."""

    cache_ok = True


class SaidPlain(_Sealed):
    """A plain value that repeats what somebody said, kept as JSON text: sealed, and kept for as long as quotes are."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        return seal_of(dialect).close(json.dumps(value, sort_keys=True, separators=(",", ":")))

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any:
        return json.loads(seal_of(dialect).open(value)) if value else None


_COMPARE = frozenset({operators.eq, operators.ne, operators.in_op, operators.not_in_op, operators.like_op, operators.ilike_op})


class DealTerms(TypeDecorator[Deal]):
    """A whole deal, kept as JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Deal | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the same on each engine
        return None if value is None else terms_json(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Deal | None:  # noqa: ARG002 - the same on each engine
        return None if value is None else deal_of(value)
