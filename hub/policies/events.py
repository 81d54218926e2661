"""Events and sign-ups: who runs them, and what they offer when."""

from datetime import datetime, timedelta

from flask_babel import LazyString

from hub.enums import EventKind, EventStatus, SignUpPhase, SignUpStatus
from hub.i18n import _l
from hub.models import Event, SignUp, User
from hub.policies.people import can_manage_community, is_police

# What the police unit runs, in every community.
POLICE_KINDS = (EventKind.LAW_TALK, EventKind.TRAINING)


def can_manage_kind(user: User | None, community_id: int, kind: EventKind) -> bool:
    """Whether the person may run events of that kind there."""
    if can_manage_community(user, community_id):
        return True
    return is_police(user) and kind in POLICE_KINDS


def manageable_kinds(user: User | None, community_id: int) -> list[EventKind]:
    """The kinds of events that the person may run there."""
    return [kind for kind in EventKind if can_manage_kind(user, community_id, kind)]


def can_manage_event(user: User | None, event: Event) -> bool:
    return can_manage_kind(user, event.community_id, event.kind)


# How long a helper still sees the list of people after the event.
DOOR_CLOSES_AFTER = timedelta(days=1)


def can_work_door(user: User | None, event: Event, helps: bool, now: datetime) -> bool:
    """Staff; and the helpers named for this one event (``helps``), until a day after its end."""
    if user is None:
        return False
    return can_manage_event(user, event) or (helps and now < event.ends_at + DOOR_CLOSES_AFTER)


def can_see_event(user: User | None, event: Event) -> bool:
    """Drafts are for those who manage them; unlisted events open for whoever has the address."""
    return event.status is not EventStatus.DRAFT or can_manage_event(user, event)


def sign_up_phase(event: Event, now: datetime) -> SignUpPhase:
    """What the event offers to a newcomer at ``now``."""
    if event.status is EventStatus.DRAFT:
        return SignUpPhase.DRAFT
    if event.status is EventStatus.CANCELLED:
        return SignUpPhase.CANCELLED
    if event.has_ended(now):
        return SignUpPhase.ENDED
    if event.sign_up_opens_at is not None and now < event.sign_up_opens_at:
        return SignUpPhase.NOT_YET
    if now >= (event.sign_up_closes_at or event.starts_at):
        return SignUpPhase.CLOSED
    if event.seats_left > 0:
        return SignUpPhase.OPEN
    return SignUpPhase.WAITING if event.has_waiting_list else SignUpPhase.FULL


def why_not_sign_up(event: Event, now: datetime) -> LazyString | None:
    """The reason why nobody can sign up by themselves at ``now``, or None."""
    return {
        SignUpPhase.DRAFT: _l("This event is not published yet."),
        SignUpPhase.CANCELLED: _l("This event is cancelled."),
        SignUpPhase.ENDED: _l("This event is over."),
        SignUpPhase.NOT_YET: _l("Sign-up has not opened yet."),
        SignUpPhase.CLOSED: _l(
            "Sign-up has closed. Ask the community office if you still want to come."
        ),
        SignUpPhase.FULL: _l("All places are taken, and there is no waiting list."),
    }.get(sign_up_phase(event, now))


def why_not_add(event: Event, now: datetime) -> LazyString | None:
    """The reason why staff cannot add a person at ``now``, or None. No window binds them."""
    return {
        SignUpPhase.DRAFT: _l("This event is not published yet."),
        SignUpPhase.CANCELLED: _l("This event is cancelled."),
        SignUpPhase.ENDED: _l("This event is over."),
        SignUpPhase.FULL: _l("All places are taken, and there is no waiting list."),
    }.get(sign_up_phase(event, now))


def why_not_change_sign_up(sign_up: SignUp, now: datetime) -> LazyString | None:
    """The reason why a party can neither be resized nor cancelled at ``now``, or None."""
    if sign_up.status is SignUpStatus.CANCELLED:
        return _l("This sign-up is cancelled.")
    if sign_up.status in (SignUpStatus.ATTENDED, SignUpStatus.NO_SHOW):
        return _l("The door has already closed this sign-up.")
    if sign_up.event.status is EventStatus.CANCELLED:
        return _l("This event is cancelled.")
    if sign_up.event.has_ended(now):
        return _l("This event is over.")
    return None


def why_not_replace(sign_up: SignUp, now: datetime) -> LazyString | None:
    """The reason why a party's places cannot be handed to somebody else at ``now``, or None."""
    reason = why_not_change_sign_up(sign_up, now)
    if reason is None and sign_up.status is not SignUpStatus.CONFIRMED:
        return _l("Only a confirmed place can be handed over.")
    return reason


def why_not_publish(event: Event, now: datetime) -> LazyString | None:
    if event.status is not EventStatus.DRAFT:
        return _l("Only a draft can be published.")
    if event.has_ended(now):
        return _l("This event lies in the past. Change its time first.")
    return None


def why_not_edit(event: Event, now: datetime) -> LazyString | None:
    if event.status is EventStatus.CANCELLED:
        return _l("A cancelled event cannot be edited. Copy it instead.")
    if event.status is EventStatus.PUBLISHED and event.has_ended(now):
        return _l("An event that is over cannot be edited. Copy it instead.")
    return None


def why_not_cancel(event: Event, now: datetime) -> LazyString | None:
    if event.status is not EventStatus.PUBLISHED:
        return _l("Only a published event can be cancelled.")
    if event.has_ended(now):
        return _l("This event is over.")
    return None
