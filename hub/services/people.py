"""People: their profile, the papers the desk saw, and what they may do."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload

from hub import clock
from hub.enums import LanguageLevel, Skill, StaffRole
from hub.exceptions import InvalidInput, NotAllowed, OwnCase, WrongState
from hub.extensions import db
from hub.i18n import SPOKEN, _l
from hub.integrations.contacts import fold
from hub.models import (
    Community,
    DoorHelper,
    Event,
    Membership,
    PaperSeen,
    PersonLanguage,
    PersonSkill,
    Profile,
    User,
)
from hub.policies import (
    can_manage_event,
    can_see_whole_person,
    is_admin,
    is_staff,
    why_not_decide_on,
)
from hub.services import audit
from hub.services.feeds import end_lost_feeds

PAPERS = ("passport", "student_card", "residence_permit", "work_permission")


@dataclass(frozen=True, slots=True)
class ProfileData:
    """All that the profile's form holds. ``languages``: code → (oral, written)."""

    name: str
    spoken_name: str = ""
    school: str = ""
    country: str = ""
    phone: str = ""
    community_id: int | None = None
    weekdays: frozenset[int] = frozenset()
    languages: dict[str, tuple[LanguageLevel | None, LanguageLevel | None]] = field(
        default_factory=dict
    )
    skills: frozenset[Skill] = frozenset()


def save_profile(user: User, data: ProfileData, *, by: User) -> Profile:
    """Write a person's own profile. Raises NotAllowed or InvalidInput."""
    if by.id != user.id:
        raise NotAllowed
    if not data.name.strip():
        raise InvalidInput(_l("Enter your name."), field="name")
    if data.community_id is not None and db.session.get(Community, data.community_id) is None:
        raise InvalidInput(_l("Choose one from the list."), field="community_id")
    if not set(data.languages) <= set(SPOKEN):
        raise InvalidInput(_l("Choose only from the list."), field="languages")
    profile = db.session.get(Profile, user.id) or Profile(user_id=user.id, user=user)
    user.name = data.name.strip()
    profile.spoken_name, profile.school = data.spoken_name.strip(), data.school.strip()
    profile.country, profile.phone = data.country, data.phone
    profile.community_id = data.community_id
    profile.weekdays = sum(1 << day for day in data.weekdays)
    present = {row.language: row for row in profile.languages}
    rows = []
    for code, (oral, written) in data.languages.items():
        row = present.get(code) or PersonLanguage(language=code)
        row.oral, row.written = oral, written
        rows.append(row)
    profile.languages = rows
    known = {row.skill: row for row in profile.skills}
    profile.skills = [known.get(s) or PersonSkill(skill=s) for s in sorted(data.skills)]
    profile.search_key = fold(f"{user.name} {profile.spoken_name} {profile.school}")[:400]
    profile.updated_at = clock.now()
    db.session.add(profile)
    db.session.flush()
    audit.record("update_profile", "user", user.id, by=by)
    return profile


def note_view(subject_id: int, *, by: User, subject: str = "user") -> None:
    """Write down that ``by`` looked at that person's page, or at that of another thing with
    somebody's contact on it (docs/decisions/0008)."""
    audit.record("view", subject, subject_id, by=by)


def note_export(
    subject: str, subject_id: int, rows: int, reason: str, *, by: User, **scope: object
) -> None:
    """Write down who took a table home, and why (rule 22). ``scope`` says what it was narrowed to.

    Raises InvalidInput without a reason.
    """
    reason = audit.needed_reason(reason)
    after: dict[str, object] = {"rows": rows, **scope}
    audit.record("export", subject, subject_id, by=by, after=after, reason=reason)


def note_paper_seen(user: User, paper: str, valid_until: date | None, *, by: User) -> PaperSeen:
    """The desk saw a paper of ``user``. Raises NotAllowed, OwnCase (rule 5) or InvalidInput."""
    if not is_staff(by) or not can_see_whole_person(by, user):
        raise NotAllowed
    if reason := why_not_decide_on(by, user):
        raise OwnCase(reason)
    if paper not in PAPERS:
        raise InvalidInput(_l("Choose one from the list."), field="paper")
    if valid_until is not None and valid_until < clock.today():
        raise InvalidInput(_l("This paper is not valid any more."), field="valid_until")
    seen = PaperSeen(
        user_id=user.id,
        paper=paper,
        valid_until=valid_until,
        seen_on=clock.today(),
        seen_by_id=by.id,
    )
    db.session.add(seen)
    db.session.flush()
    audit.record("paper_seen", "user", user.id, by=by, after={"paper": paper})
    return seen


def give_role(user: User, role: StaffRole, community_id: int | None, *, by: User) -> Membership:
    """Let ``user`` do what ``role`` allows. Raises NotAllowed, OwnCase (rule 5), InvalidInput or
    WrongState."""
    active_administrators()  # every change of roles waits for the one before it
    _check_may_change_roles(user, by)
    if role is not StaffRole.STAFF and community_id is not None:
        raise InvalidInput(_l("Only staff belong to one community."), field="community_id")
    if community_id is not None and db.session.get(Community, community_id) is None:
        raise InvalidInput(_l("Choose one from the list."), field="community_id")
    if any(m.role is role and m.community_id == community_id for m in user.roles):
        raise WrongState(_l("This person has this role already."))
    membership = Membership(role=role, community_id=community_id)
    user.roles.append(membership)
    db.session.flush()
    after: dict[str, object] = {"role": role, "community_id": community_id}
    audit.record("give_role", "user", user.id, by=by, after=after)
    return membership


def take_role(user: User, membership_id: int, reason: str, *, by: User) -> None:
    """Take a role away. Somebody must stay administrator. Raises NotAllowed, OwnCase (rule 5),
    InvalidInput or WrongState."""
    administrators = active_administrators()
    _check_may_change_roles(user, by)
    reason = audit.needed_reason(reason)
    membership = next((m for m in user.roles if m.id == membership_id), None)
    if membership is None:
        raise WrongState
    if membership.role is StaffRole.ADMIN and user.active and administrators <= 1:
        raise WrongState(_l("This is the last administrator. Make somebody else one first."))
    before: dict[str, object] = {"role": membership.role, "community_id": membership.community_id}
    user.roles.remove(membership)
    db.session.flush()
    end_lost_feeds(user)
    audit.record("take_role", "user", user.id, by=by, before=before, reason=reason)


def active_administrators() -> int:
    """How many administrators can log in. Locks their rows, so that two cannot both leave.

    Whoever waited for the lock reads the roles anew: another may have taken them meanwhile.
    """
    rows = db.session.scalars(
        select(Membership)
        .where(Membership.role == StaffRole.ADMIN)
        .order_by(Membership.id)  # two who lock them cannot wait for each other
        .with_for_update(of=Membership)
    ).all()
    active = db.session.scalar(
        select(func.count())
        .select_from(User)
        .where(User.id.in_([m.user_id for m in rows]), User.active.is_(True))
    )
    return active or 0


def remove_door_helper(event: Event, user_id: int, *, by: User) -> None:
    """Take somebody off the door of ``event``. Raises NotAllowed or WrongState."""
    if not can_manage_event(by, event):
        raise NotAllowed
    helper = db.session.get(DoorHelper, {"event_id": event.id, "user_id": user_id})
    if helper is None:
        raise WrongState
    db.session.delete(helper)
    db.session.flush()
    before: dict[str, object] = {"user_id": user_id}
    audit.record("remove_helper", "event", event.id, by=by, before=before)


def lock_user(user: User, *, key_share: bool = False) -> None:
    """Lock the row of ``user`` and read it anew: what concerns one person waits in line.

    With ``key_share`` rows that only point at the person need not wait.
    """
    db.session.execute(
        select(User)
        .where(User.id == user.id)
        .options(lazyload("*"))
        .with_for_update(of=User, key_share=key_share)
        .execution_options(populate_existing=True)
    ).scalar_one()


def _check_may_change_roles(user: User, by: User) -> None:
    for person in (user, by):
        db.session.refresh(person, ["roles"])
    if not is_admin(by):
        raise NotAllowed
    if reason := why_not_decide_on(by, user):
        raise OwnCase(reason)
