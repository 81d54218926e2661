"""People with an account who are no staff: an assistant, a lecturer, a door helper, a resident.

Each comes the way real people come, with a profile and consents of their own.
"""

from dataclasses import dataclass
from datetime import timedelta

from hub import clock
from hub.demo.accounts import ASSISTANT, HELPER, LECTURER, OTHERS, RESIDENT, Account, Staff
from hub.demo.places import Places
from hub.demo.recruiting import appoint
from hub.enums import ConsentPurpose, FeedKind, LanguageLevel, Programme
from hub.extensions import db
from hub.models import User
from hub.services.accounts import accept_invitation_as, invite
from hub.services.consents import set_consents
from hub.services.feeds import make_feed
from hub.services.people import ProfileData, note_paper_seen, save_profile

TERM = timedelta(days=300)
Level = LanguageLevel


@dataclass(frozen=True, slots=True)
class Life:
    """What a person tells about themselves; ``community`` is a slug."""

    school: str
    country: str
    community: str
    languages: dict[str, tuple[Level, Level]]
    weekdays: frozenset[int]
    consents: frozenset[ConsentPurpose] = frozenset()


LIVES = {
    ASSISTANT.email: Life(
        "Zhejiang University of Technology", "MA", "heyuan",
        {"ar": (Level.NATIVE, Level.NATIVE), "fr": (Level.C1, Level.C1),
         "zh": (Level.B2, Level.B1), "en": (Level.B2, Level.B2)},
        frozenset({1, 3, 5}), frozenset({ConsentPurpose.UNIVERSITY, ConsentPurpose.PHOTO}),
    ),
    LECTURER.email: Life(
        "Zhejiang International Studies University", "RU", "pingfeng",
        {"ru": (Level.NATIVE, Level.NATIVE), "zh": (Level.C1, Level.B2),
         "en": (Level.C1, Level.C1)},
        frozenset({2, 5, 6}), frozenset({ConsentPurpose.POLICE_TRAINERS}),
    ),
    HELPER.email: Life(
        "Zhejiang University of Science and Technology", "GH", "xiaoheshan",
        {"en": (Level.NATIVE, Level.NATIVE), "zh": (Level.A2, Level.A1)}, frozenset({4, 5}),
    ),
    RESIDENT.email: Life(
        "Zhejiang University of Technology", "IR", "heyuan",
        {"fa": (Level.NATIVE, Level.NATIVE), "en": (Level.B2, Level.B1)}, frozenset(),
    ),
}  # fmt: skip


def bring_people(staff: Staff, places: Places) -> None:
    """Everybody gets an account and fills in a profile; two are appointed."""
    for account in OTHERS:
        user = staff.hire(account)
        _settle(user, account, places, staff)
    appoint(staff.user(ASSISTANT), Programme.ASSISTANT, places.communities["heyuan"], staff)
    appoint(staff.user(LECTURER), Programme.LECTURER, None, staff)
    _subscribe(staff.user(ASSISTANT), FeedKind.ASSISTANT)
    _subscribe(staff.user(LECTURER), FeedKind.LECTURER)
    _subscribe(staff.office, FeedKind.STAFF)


def _subscribe(user: User, kind: FeedKind) -> None:
    """A private calendar on their phone. Nobody knows its address: a new one can be made."""
    db.session.refresh(user, ["appointments"])
    make_feed(kind, "手机" if user.language == "zh" else "my phone", by=user)


def name_helper(staff: Staff, event_id: int) -> None:
    """The helper takes up the invitation to the door of an event."""
    _invitation, token = invite(None, event_id=event_id, by=staff.office)
    accept_invitation_as(token, staff.user(HELPER))


def _settle(user: User, account: Account, places: Places, staff: Staff) -> None:
    life = LIVES[account.email]
    data = ProfileData(
        name=user.name,
        spoken_name=user.name.split()[0],
        school=life.school,
        country=life.country,
        community_id=places.communities[life.community],
        weekdays=life.weekdays,
        languages=dict(life.languages),
    )
    save_profile(user, data, by=user)
    if life.consents:
        set_consents(user, set(life.consents), account.language)
    note_paper_seen(user, "student_card", clock.today() + TERM, by=staff.office)
