"""Private calendars: which kinds of them a person may have."""

from datetime import date

from hub.enums import FeedKind, Programme
from hub.models import User
from hub.policies.people import is_staff

PROGRAMMES = {FeedKind.ASSISTANT: Programme.ASSISTANT, FeedKind.LECTURER: Programme.LECTURER}


def may_have_feed(user: User | None, kind: FeedKind, today: date) -> bool:
    """One's sign-ups: everybody with an account. Duties and talks: who has accepted a term that
    is not over, a suspended one and one to come included. The desk's: who has a desk."""
    if user is None or not user.active or user.erased_at is not None:
        return False
    if kind is FeedKind.STAFF:
        return is_staff(user)
    if kind is FeedKind.PERSONAL:
        return True
    return any(
        a.programme is PROGRAMMES[kind] and a.accepted_at is not None and a.last_day >= today
        for a in user.appointments
    )


def feed_kinds(user: User | None, today: date) -> list[FeedKind]:
    """The kinds that the person may have now."""
    return [kind for kind in FeedKind if may_have_feed(user, kind, today)]
