"""What is held of a person, as tables to take along. Reads only."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from hub import clock
from hub.extensions import db
from hub.models import Assignment, Community


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of data held of a person. Moments are ISO 8601 on the clocks of Hangzhou."""

    name: str
    header: tuple[str, ...]
    rows: list[tuple[object, ...]]


def table_of(name: str, header: tuple[str, ...], things: Iterable[Any]) -> Table:
    """``things`` as a table: a column for each name in ``header``."""
    return Table(
        name, header, [tuple(_said(thing, column) for column in header) for thing in things]
    )


def _said(thing: Any, column: str) -> object:
    if column == "event":
        return thing.event.title
    if column == "duty":
        return thing.duty.title
    if column in ("draft", "answers"):
        return json.dumps(getattr(thing, column), ensure_ascii=False)
    if column in ("starts_at", "ends_at"):
        of = thing.duty if isinstance(thing, Assignment) else thing.event
        return _plain(getattr(of, column))
    if column == "community":
        return _name_of_community(thing)
    if column in ("begins", "ends"):
        return _plain(getattr(thing, {"begins": "starts_at", "ends": "ends_at"}[column]))
    if column == "activity":
        return thing.activity.name
    if column == "topic":
        return thing.topic.name
    if column == "seen_by":
        return thing.seen_by.name
    if column == "weekdays":  # ISO 8601: Monday is 1
        return [day + 1 for day in range(7) if thing.weekdays >> day & 1]
    if column == "snapshot":  # wording, recording unit and the records, as they were
        return json.dumps(thing.snapshot, ensure_ascii=False)
    return _plain(getattr(thing, column))


def _name_of_community(thing: Any) -> str:
    community = db.session.get(Community, thing.community_id) if thing.community_id else None
    return community.name if community is not None else ""


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return clock.to_local(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value
