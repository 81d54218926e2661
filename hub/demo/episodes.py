"""Small things that happened last: an event that moved, a party that grew, a place given back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from hub.demo.accounts import Staff
from hub.demo.timeline import Timeline
from hub.enums import SignUpStatus
from hub.extensions import db
from hub.integrations.contacts import parse_contact
from hub.models import Event, SignUp
from hub.services.event_data import data_of
from hub.services.events import update_event
from hub.services.signups import Person, add_sign_up, change_party_size, release_sign_up

Events = dict[str, int]


def plan_episodes(timeline: Timeline, staff: Staff, events: Events) -> None:
    """Put them in the last two days. ``events`` (ids by key) is full by then."""
    episodes: tuple[tuple[int, Callable[[Staff, Events], object]], ...] = (
        (44, _dialect_begins_later),
        (30, _festival_table_is_bought),
        (9, _party_grows),
        (5, _visitor_at_the_counter),
        (3, _double_booking_released),
    )
    for hours_ago, episode in episodes:
        moment: datetime = timeline.now - timedelta(hours=hours_ago)
        timeline.at(moment, partial(episode, staff, events))


def _dialect_begins_later(staff: Staff, events: Events) -> None:
    """The grandmother who teaches has a visit at four: everybody is told of the new time."""
    event = db.session.get_one(Event, events["dialect"])
    data = data_of(event)
    data.starts_at += timedelta(minutes=30)
    data.ends_at += timedelta(minutes=30)
    update_event(event.id, data, by=staff.of("chashijie"))


def _festival_table_is_bought(staff: Staff, events: Events) -> None:
    """More benches were found: the festival takes twenty people more."""
    event = db.session.get_one(Event, events["neighbour_festival"])
    data = data_of(event)
    data.capacity += 20
    update_event(event.id, data, by=staff.office)


def _party_grows(staff: Staff, events: Events) -> None:
    """Somebody brings one more to the drums, by their own link."""
    change_party_size(_some_party(events["drums"], size=1).id, 2)


def _visitor_at_the_counter(staff: Staff, events: Events) -> None:
    """A grandfather without e-mail asks at the counter; staff sign him up."""
    person = Person("丁阿根", parse_contact("17402999001"), "zh")
    add_sign_up(events["repair"], person, 2, by=staff.of("dongmuwu"))


def _double_booking_released(staff: Staff, events: Events) -> None:
    """Two addresses of one family: staff give one place free and say why."""
    reason = (
        "Your family is on the list twice; the other ticket stays valid. "
        "您家报了两次，另一张票有效。"
    )
    party = _some_party(events["calligraphy"], size=1)
    release_sign_up(party.id, reason, by=staff.of("xiaoheshan"))


def _some_party(event_id: int, *, size: int) -> SignUp:
    """The first confirmed party of this size."""
    return db.session.scalars(
        select(SignUp)
        .where(
            SignUp.event_id == event_id,
            SignUp.status == SignUpStatus.CONFIRMED,
            SignUp.party_size == size,
        )
        .order_by(SignUp.id)
        .limit(1)
    ).one()
