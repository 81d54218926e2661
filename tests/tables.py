"""All rows of all tables, to see what a request changed."""

from hub.extensions import db

Dump = dict[str, list[tuple[object, ...]]]


def dump() -> Dump:
    """Every row of every table. Fresh: the session's own transaction ends first."""
    db.session.rollback()
    return {
        table.name: sorted(map(tuple, db.session.execute(table.select())), key=repr)
        for table in db.metadata.sorted_tables
    }


def counts() -> dict[str, int]:
    """How many rows each table has."""
    return {name: len(rows) for name, rows in dump().items()}


def changed(before: Dump, after: Dump) -> dict[str, tuple[int, int]]:
    """The tables that differ, with their numbers of rows before and after."""
    return {
        name: (len(before[name]), len(after[name]))
        for name in before
        if before[name] != after[name]
    }
