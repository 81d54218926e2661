"""Reads of series."""

from sqlalchemy import select

from hub.extensions import db
from hub.models import Event


def sessions_of_series(series_id: int) -> list[Event]:
    """Every session of a series, whatever its state, in order of start."""
    query = select(Event).where(Event.series_id == series_id)
    return list(db.session.scalars(query.order_by(Event.starts_at, Event.id)))
