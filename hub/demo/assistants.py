"""More foreign community assistants of the sample data: invented people, so that rosters are alive.

They have accounts as everybody, with passwords that nobody knows.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from hub import clock
from hub.demo.accounts import Staff
from hub.demo.places import Places
from hub.demo.recruiting import appoint
from hub.enums import LanguageLevel, Programme, Skill
from hub.extensions import db
from hub.models import User
from hub.services.accounts import create_user
from hub.services.activities import seed_activities
from hub.services.appointments import resign
from hub.services.people import ProfileData, note_paper_seen, save_profile

TERM = timedelta(days=300)
Level = LanguageLevel


@dataclass(frozen=True, slots=True)
class Assistant:
    """``community`` is the slug of the only one the person serves in; none: the subdistrict."""

    key: str
    name: str
    spoken_name: str
    school: str
    country: str
    language: str
    community: str
    speaks: dict[str, Level]
    skills: frozenset[Skill]
    weekdays: frozenset[int]


ASSISTANTS = (
    Assistant("kofi", "Kofi Mensah", "科菲", "Zhejiang University of Technology", "GH", "en", "",
              {"en": Level.NATIVE, "fr": Level.B1, "zh": Level.B2},
              frozenset({Skill.PHOTO, Skill.CHILDREN}), frozenset({1, 5, 6})),
    Assistant("aizhan", "Aizhan Nurlanova", "阿依江", "Zhejiang University of Technology", "KZ",
              "zh", "", {"kk": Level.NATIVE, "ru": Level.NATIVE, "zh": Level.C1, "en": Level.B2},
              frozenset({Skill.WRITING, Skill.COMPUTER}), frozenset({1, 3, 5})),
    Assistant("lan", "Nguyễn Thị Lan", "阿兰", "Zhejiang International Studies University", "VN",
              "en", "", {"vi": Level.NATIVE, "zh": Level.B2, "en": Level.B1},
              frozenset({Skill.COOKING, Skill.MUSIC}), frozenset({1, 4, 5})),
    Assistant("omar", "Omar Haddad", "奥马尔", "Zhejiang University of Science and Technology",
              "EG", "en", "", {"ar": Level.NATIVE, "en": Level.C1, "zh": Level.B2},
              frozenset({Skill.STAGE, Skill.SPORT}), frozenset({0, 5, 6})),
    Assistant("priya", "Priya Sharma", "普丽娅", "Zhejiang University of Technology", "IN", "en",
              "", {"hi": Level.NATIVE, "en": Level.NATIVE, "zh": Level.A2},
              frozenset({Skill.CHILDREN, Skill.FIRST_AID}), frozenset({5, 6})),
    Assistant("jiwoo", "Park Ji-woo", "朴智友", "Zhejiang International Studies University", "KR",
              "zh", "", {"ko": Level.NATIVE, "zh": Level.C1, "en": Level.B1},
              frozenset({Skill.STAGE, Skill.PHOTO}), frozenset({1, 2, 5})),
    Assistant("bakary", "Bakary Diallo", "巴卡里", "Zhejiang University of Science and Technology",
              "ML", "en", "", {"fr": Level.NATIVE, "en": Level.B1, "zh": Level.B1},
              frozenset({Skill.SPORT}), frozenset({2, 5})),
    Assistant("lucia", "Lucía Fernández", "露西亚", "Zhejiang International Studies University",
              "ES", "en", "pingfeng", {"es": Level.NATIVE, "en": Level.C1, "zh": Level.B1},
              frozenset({Skill.MUSIC, Skill.PHOTO}), frozenset({4, 5})),
)  # fmt: skip


class Helpers:
    """The assistants in the database, by key. They are kept by id: rows expire."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}

    def bring(self, staff: Staff, places: Places) -> None:
        """Everybody gets an account, a profile and a term; the list of activities is there."""
        seed_activities()
        for person in ASSISTANTS:
            user = create_user(
                email=f"{person.key}@students.example",
                name=person.name,
                password=secrets.token_urlsafe(24),
                language=person.language,
            )
            self._ids[person.key] = user.id
            community_id = places.communities.get(person.community)
            _settle(user, person, places, staff)
            appoint(user, Programme.ASSISTANT, community_id, staff)

    def user(self, key: str) -> User:
        return db.session.get_one(User, self._ids[key])

    def goes_home(self, key: str) -> None:
        """The person leaves the country before the term is over: it ends in three days."""
        user = self.user(key)
        resign(user.appointments[0].id, clock.today() + timedelta(days=3), by=user)


def _settle(user: User, person: Assistant, places: Places, staff: Staff) -> None:
    data = ProfileData(
        name=person.name,
        spoken_name=person.spoken_name,
        school=person.school,
        country=person.country,
        community_id=places.communities[person.community or "heyuan"],
        weekdays=person.weekdays,
        languages={code: (level, level) for code, level in person.speaks.items()},
        skills=person.skills,
    )
    save_profile(user, data, by=user)
    note_paper_seen(user, "student_card", clock.today() + TERM, by=staff.office)
