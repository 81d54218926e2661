"""Reads of invitations. What opens one is kept nowhere."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, select

from hub import clock
from hub.extensions import db
from hub.models import Event, Invitation, User
from hub.policies import can_manage_event, is_admin

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """An invitation with the names that its line shows."""

    invitation: Invitation
    invited_by: str | None
    used_by: str | None
    event: Event | None


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """One page of the list, newest first, and the id after which the next one starts."""

    rows: list[InvitationLine]
    next: int | None


def invitations_page(*, before: int | None = None, limit: int = PAGE_SIZE) -> InvitationPage:
    query = select(Invitation).order_by(Invitation.id.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(Invitation.id < before)
    found = list(db.session.scalars(query))
    more = found[limit - 1].id if len(found) > limit else None
    return InvitationPage(lines_of(found[:limit]), more)


def invitation_of(invitation_id: int, *, by: User) -> Invitation | None:
    """The invitation, if ``by`` is an administrator, wrote it, or manages its event (rule 20)."""
    found = db.session.get(Invitation, invitation_id)
    if found is None:
        return None
    event = db.session.get(Event, found.event_id) if found.event_id is not None else None
    runs = event is not None and can_manage_event(by, event)
    return found if is_admin(by) or found.invited_by_id == by.id or runs else None


def door_invitations(event_id: int) -> list[Invitation]:
    """The open links to the door of an event, oldest first."""
    query = select(Invitation).where(Invitation.event_id == event_id, *_is_open())
    return list(db.session.scalars(query.order_by(Invitation.id)))


def expiring_invitations(by: User) -> list[Invitation]:
    """Open invitations that end before the day after tomorrow: of ``by``, or all for
    administrators."""
    end = clock.day_start(clock.today() + timedelta(days=2))
    query = select(Invitation).where(Invitation.expires_at < end, *_is_open())
    if not is_admin(by):
        query = query.where(Invitation.invited_by_id == by.id)
    return list(db.session.scalars(query.order_by(Invitation.expires_at, Invitation.id)))


def lines_of(found: list[Invitation]) -> list[InvitationLine]:
    """The invitations with their names: three queries for any number, none for none."""
    if not found:
        return []
    people = ({i.invited_by_id for i in found} | {i.used_by_id for i in found}) - {None}
    rows_of_people = db.session.execute(select(User.id, User.name).where(User.id.in_(people)))
    names = {row[0]: row[1] for row in rows_of_people}
    ids = {i.event_id for i in found if i.event_id is not None}
    events = {e.id: e for e in db.session.scalars(select(Event).where(Event.id.in_(ids)))}
    return [
        InvitationLine(
            i,
            names.get(i.invited_by_id or 0),
            names.get(i.used_by_id or 0),
            events.get(i.event_id or 0),
        )
        for i in found
    ]


def _is_open() -> tuple[ColumnElement[bool], ...]:
    return (
        Invitation.used_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > clock.now(),
    )
