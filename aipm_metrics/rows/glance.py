"""Look at the columns of a table that is too large to be read for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_metrics.rows.known import is_known
from aipm_metrics.rows.reading import MAX_VALUES, Column

if TYPE_CHECKING:
    import ibis

    from aipm_metrics.rows.jobs import Watch

__all__ = ["glance"]

LOOKED_AT = 100_000  # rows, for what is only a guess
MAX_LOOKED_AT = 100  # columns whose values are counted


def glance(table: ibis.Table, watch: Watch) -> tuple[Column, ...]:
    """Describe columns from the schema, and what few values they hold from the first rows.

    Nothing here is counted in full: `missing` is 0, and a value that is rare may be missing.
    """
    watch("Looking at the columns", 0.2)
    head = table.limit(LOOKED_AT)
    schema = table.schema()
    some = [n for n, kind in schema.items() if _may_have_few(kind)][:MAX_LOOKED_AT]
    few: dict[str, tuple[str, ...]] = {}
    if some:
        counted = head.agg(**{f"n{i}": head[n].nunique() for i, n in enumerate(some)}).to_pyarrow()
        short = [n for i, n in enumerate(some) if 0 < counted[f"n{i}"][0].as_py() <= MAX_VALUES]
        for i, name in enumerate(short):
            watch("Looking at the columns", 0.3 + 0.6 * i / len(short))
            few[name] = _values(head, name)
    return tuple(
        Column(name, _type(kind), kind.is_numeric(), few.get(name, ()), 0)
        for name, kind in schema.items()
    )


def _values(rows: ibis.Table, name: str) -> tuple[str, ...]:
    counted = rows.filter(is_known(rows[name])).group_by(name).agg(n=lambda t: t.count())
    first = counted.order_by([counted.n.desc(), counted[name]]).limit(MAX_VALUES + 1)
    return tuple(_text(value) for value in first.to_pyarrow()[name].to_pylist())


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _may_have_few(kind: ibis.DataType) -> bool:
    return bool(kind.is_string() or kind.is_boolean() or kind.is_integer() or kind.is_floating())


def _type(kind: ibis.DataType) -> str:
    """Name a type as descriptions of files do."""
    if kind.is_floating():
        return "DOUBLE"
    return "BIGINT" if kind.is_integer() else str(kind).upper()
