"""Things to test with. Plain functions that go through the services, each in a unit of work."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import count

from sqlalchemy import select

from hub import clock
from hub.enums import EventKind, EventStatus, StaffRole
from hub.extensions import db
from hub.integrations.contacts import parse_contact
from hub.models import Community, Event, SignUp, User, Venue
from hub.services.accounts import create_user
from hub.services.event_data import EventData, Words
from hub.services.events import cancel_event, create_event, publish_event
from hub.services.places import VenueData, save_community, save_venue
from hub.services.signups import Person, add_sign_up, sign_up
from hub.transaction import unit_of_work

PASSWORD = "a long enough password"
TEXTS = {
    "en": Words("Dumplings for all", "We fold, you eat.", "Bring **a friend**."),
    "zh": Words("一起包饺子", "我们来包，你来吃。", "带上**朋友**。"),
}

_numbers = count(1)


def make_user(
    name: str = "",
    *,
    role: StaffRole | None = StaffRole.STAFF,
    community: Community | None = None,
    language: str = "en",
) -> User:
    """An account; without a community it works in all of them. The password is ``PASSWORD``."""
    name = name or f"user{next(_numbers)}"
    with unit_of_work():
        return create_user(
            email=f"{name}@staff.example.com",
            name=name.capitalize(),
            password=PASSWORD,
            language=language,
            role=role,
            community_id=community.id if community else None,
        )


def make_community(slug: str = "", **names: str) -> Community:
    """A community; ``names`` by language."""
    slug = slug or f"community-{next(_numbers)}"
    by = _robot()
    with unit_of_work():
        return save_community(None, slug, names or {"en": "Heyuan", "zh": "和院社区"}, by=by)


def make_venue(community: Community | None = None, **overrides: object) -> Venue:
    """A place of ``community``; overrides are the fields of ``VenueData``."""
    by = _robot()
    community_id = community.id if community else _some_community().id
    data = VenueData(
        community_id=community_id,
        names={"en": "Neighbours' Hall", "zh": "邻里中心"},
        addresses={"en": "12 Xixi Road", "zh": "西溪路12号"},
    )
    with unit_of_work():
        return save_venue(None, replace(data, **overrides), by=by)


def event_data(venue: Venue | None = None, **overrides: object) -> EventData:
    """The form of an event tomorrow 14:00–16:00 for 10 people; overrides are its fields.

    A new start without a new end moves the end with it. ``title`` is the English title.
    """
    venue = venue or _some_venue()
    title = overrides.pop("title", None)
    tomorrow = clock.today() + timedelta(days=1)
    start = clock.from_local(datetime.combine(tomorrow, time(14)))
    if "starts_at" in overrides:
        start = overrides["starts_at"]
    data = EventData(
        kind=EventKind.CULTURE,
        community_id=venue.community_id,
        venue_id=venue.id,
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        capacity=10,
        texts=dict(TEXTS),
        languages=["zh", "en"],
    )
    if title is not None:
        data.texts["en"] = Words(str(title))
    return replace(data, **overrides)


def make_event(
    *,
    venue: Venue | None = None,
    status: EventStatus = EventStatus.PUBLISHED,
    by: User | None = None,
    **overrides: object,
) -> Event:
    """An event made and published as staff do it. One in the past was published before it."""
    by = by or _robot()
    data = event_data(venue, **overrides)
    past = data.ends_at <= clock.now()
    with clock.fixed_at(data.starts_at - timedelta(days=7)) if past else nullcontext():
        with unit_of_work():
            event = create_event(data, by=by)
        if status is not EventStatus.DRAFT:
            with unit_of_work():
                publish_event(event.id, by=by)
        if status is EventStatus.CANCELLED:
            with unit_of_work():
                cancel_event(event.id, {"en": "Heavy rain.", "zh": "大雨。"}, by=by)
    return event


def make_person(name: str = "", contact: str = "", language: str = "en") -> Person:
    """A neighbour whom nobody else is."""
    number = next(_numbers)
    return Person(
        name or f"Guest {number}",
        parse_contact(contact or f"guest{number}@example.com"),
        language,
    )


def make_sign_up(
    event: Event,
    person: Person | None = None,
    party_size: int = 1,
    *,
    by: User | None = None,
    **who: str,
) -> SignUp:
    """A sign-up by the visitor, or at the desk (``by``); ``who``: name, contact, language.

    For an event that has begun, it was made before.
    """
    person = person or make_person(**who)
    late = event.starts_at <= clock.now()
    moment = clock.fixed_at(event.starts_at - timedelta(days=1)) if late else nullcontext()
    with moment, unit_of_work():
        if by is not None:
            return add_sign_up(event.id, person, party_size, by=by)
        booked = sign_up(event.id, person, party_size)
    if booked is None:
        raise AssertionError(f"{person.contact.value} is signed up already")
    return booked


def local(text: str) -> datetime:
    """``2026-11-24 14:00`` on the clocks of Hangzhou, as a moment in UTC."""
    return clock.from_local(datetime.fromisoformat(text)).astimezone(UTC)


def _robot() -> User:
    """The administrator who makes what a test does not care about."""
    known = db.session.scalars(select(User).where(User.email == "robot@staff.example.com")).first()
    return known or make_user("robot", role=StaffRole.ADMIN)


def _some_community() -> Community:
    return db.session.scalars(select(Community).order_by(Community.id)).first() or make_community()


def _some_venue() -> Venue:
    return db.session.scalars(select(Venue).order_by(Venue.id)).first() or make_venue()
