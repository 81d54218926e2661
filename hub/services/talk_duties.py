"""The lecturers' places of a talk: a duty of their programme for each way of speaking."""

from collections.abc import Collection

from sqlalchemy import select

from hub import clock
from hub.enums import LIVE_ASSIGNMENT, LanguageLevel, Programme
from hub.exceptions import InvalidInput, WrongState
from hub.extensions import db
from hub.i18n import _l
from hub.models import Activity, Assignment, Duty, DutyLanguage, DutyText, Event, User
from hub.queries.duties import usable_activities
from hub.services import audit
from hub.services.duties import facts_of
from hub.services.duty_places import flush_or_refuse, lock_duty, promote_requested

ACTIVITY = "policy_talk"  # what a talk is recorded as
LEVEL = LanguageLevel.B2  # written, but a qualification is what counts


def set_lecturers(
    event: Event, languages: Collection[str], people: int, *, each: bool, by: User
) -> list[Duty]:
    """Give the talk its places: ``people`` lecturers who speak all the ``languages``, or with
    ``each`` so many for each of them. A duty that is there is changed before one is made; one too
    many is taken away. Raises InvalidInput or WrongState where somebody is on it.
    """
    wanted = [{code} for code in sorted(languages)] if each else [set(languages)]
    present = _open_duties(event)
    kept: list[Duty] = []
    for spoken in list(wanted):
        same = next((d for d in present if _spoken(d) == spoken), None)
        if same is not None:
            present.remove(same)
            wanted.remove(spoken)
            kept.append(_change(same, spoken, people, by=by))
    for spoken in wanted:
        if present:
            kept.append(_change(present.pop(0), spoken, people, by=by))
        else:
            kept.append(_make(event, spoken, people, by=by))
    for duty in present:
        _take_away(duty, by=by)
    return kept


def _open_duties(event: Event) -> list[Duty]:
    query = select(Duty.id).where(
        Duty.event_id == event.id,
        Duty.programme == Programme.LECTURER,
        Duty.cancelled_at.is_(None),
    )
    return [lock_duty(duty_id) for duty_id in db.session.scalars(query.order_by(Duty.id)).all()]


def _spoken(duty: Duty) -> set[str]:
    return {row.language for row in duty.languages}


def _make(event: Event, languages: set[str], people: int, *, by: User) -> Duty:
    duty = Duty(
        programme=Programme.LECTURER,
        community_id=event.community_id,
        venue_id=event.venue_id,
        event_id=event.id,
        activity_id=_activity().id,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        people_needed=people,
        created_by_id=by.id,
        created_at=clock.now(),
    )
    duty.texts = {
        code: DutyText(language=code, title=row.title[:120]) for code, row in event.texts.items()
    }
    duty.languages = [DutyLanguage(language=c, level=LEVEL) for c in sorted(languages)]
    db.session.add(duty)
    db.session.flush()
    db.session.refresh(duty)
    audit.record("create", "duty", duty.id, by=by, after=_facts(duty))
    return duty


def _change(duty: Duty, languages: set[str], people: int, *, by: User) -> Duty:
    if people < duty.people_taken:
        words = _l("%(taken)s people are on it. Take somebody off first.", taken=duty.people_taken)
        raise InvalidInput(words, field="lecturers")
    before = _facts(duty)
    duty.people_needed = people
    present = {row.language: row for row in duty.languages}
    duty.languages = [
        present.get(c) or DutyLanguage(language=c, level=LEVEL) for c in sorted(languages)
    ]
    flush_or_refuse()
    if _facts(duty) != before:
        audit.record("update", "duty", duty.id, by=by, before=before, after=_facts(duty))
        promote_requested(duty)
    return duty


def _take_away(duty: Duty, *, by: User) -> None:
    live = select(Assignment.id).where(
        Assignment.duty_id == duty.id, Assignment.status.in_(LIVE_ASSIGNMENT)
    )
    if db.session.scalar(live.limit(1)) is not None:
        raise WrongState(
            _l("Somebody is on a place that would go away, or is asked. Take them off first.")
        )
    duty.cancelled_at = clock.now()
    db.session.flush()
    audit.record("cancel", "duty", duty.id, by=by)


def _facts(duty: Duty) -> dict[str, object]:
    return {**facts_of(duty), "languages": sorted(_spoken(duty))}


def _activity() -> Activity:
    """What the record of a lecturer is about. Raises WrongState if nothing counts as service."""
    usable = usable_activities()
    found = next((a for a in usable if a.slug == ACTIVITY), usable[0] if usable else None)
    if found is None:
        raise WrongState(_l("There is no activity yet that counts as service."))
    return found
