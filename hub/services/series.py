"""Series: the sessions that a recurrence rule gives, each an event of its own."""

from hub.extensions import db
from hub.integrations.recurrence import expand
from hub.models import Event, Series, SeriesText, User
from hub.services import audit
from hub.services.event_data import EventData
from hub.services.events import check_event, create_event


def create_series(data: EventData, rule: str, *, by: User) -> list[Event]:
    """Drafts for every session that ``rule`` (RFC 5545 §3.3.10) gives from the first one on.

    Each can be edited by itself afterwards. Raises NotAllowed or InvalidInput.
    """
    check_event(data, by=by)
    starts = expand(rule, data.starts_at)
    series = Series(community_id=data.community_id, rule=rule.strip())
    titles = {code: words.title.strip() for code, words in data.texts.items()}
    series.texts = {c: SeriesText(language=c, title=t) for c, t in titles.items() if t}
    db.session.add(series)
    db.session.flush()
    audit.record("create", "series", series.id, by=by, after={"sessions": len(starts)})
    first, length = data.starts_at, data.ends_at - data.starts_at
    opens, closes = data.sign_up_opens_at, data.sign_up_closes_at
    events = []
    for start in starts:
        data.starts_at, data.ends_at = start, start + length
        data.sign_up_opens_at = opens  # the whole series opens at once
        data.sign_up_closes_at = closes + (start - first) if closes else None
        event = create_event(data, by=by)
        event.series_id = series.id
        events.append(event)
    data.starts_at, data.ends_at = first, first + length
    data.sign_up_opens_at, data.sign_up_closes_at = opens, closes
    db.session.flush()
    return events
