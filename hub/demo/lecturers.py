"""Twenty peer legal lecturers of the sample data: appointed, trained by the police, qualified.

All are invented. Tatiana is one of them and has a password of her own; nobody knows the others'.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from hub import clock
from hub.demo.accounts import LECTURER, POLICE, Staff
from hub.demo.places import PLACES, Places
from hub.demo.recruiting import appoint
from hub.demo.texts import words_of
from hub.demo.timeline import Timeline
from hub.enums import AssessmentResult, ConsentPurpose, EventKind, LanguageLevel, Programme
from hub.extensions import db
from hub.models import Topic, User
from hub.queries.trainings import own_sign_up
from hub.services.absences import add_absence
from hub.services.accounts import create_user
from hub.services.assessments import Result, Sheet, enter_assessments
from hub.services.consents import set_consents
from hub.services.event_data import EventData
from hub.services.events import create_event, publish_event
from hub.services.materials import MaterialData, add_material
from hub.services.people import ProfileData, save_profile
from hub.services.qualifications import grant_all
from hub.services.topics import TopicData, TopicWords, save_topic
from hub.services.trainings import (
    TrainingData,
    accept_invitation,
    invite_people,
    note_came,
    save_training,
)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
COMMUNITY_OF = {place.key: place.community for place in PLACES}
TRAINED = 46  # days before today
UNIT = "留下派出所 Liuxia Police Station"
SLUGS = ("residence", "fraud", "money-laundering", "drugs", "traffic", "work", "renting")
LINKS = (
    ("en", "National Immigration Administration", "https://en.nia.gov.cn/"),
    ("zh", "国家移民管理局", "https://www.nia.gov.cn/"),
)
ZUT = "Zhejiang University of Technology"
ZISU = "Zhejiang International Studies University"
ZUST = "Zhejiang University of Science and Technology"
Level = LanguageLevel


@dataclass(frozen=True, slots=True)
class Lecturer:
    """``speaks``: the languages in which the person gives talks. ``named``: allows their name on
    public pages."""

    key: str
    name: str
    school: str
    country: str
    speaks: str
    weekdays: frozenset[int]
    named: bool = False


LECTURERS = (
    Lecturer("amina", "Amina Yusuf", ZUT, "NG", "en", frozenset({2, 4}), named=True),
    Lecturer("viktor", "Viktor Petrenko", ZISU, "RU", "ru en", frozenset({2, 6})),
    Lecturer("fatima", "Fatima El Idrissi", ZUT, "MA", "ar fr", frozenset({0, 2}), named=True),
    Lecturer("joseph", "Joseph Mwangi", ZUST, "KE", "en sw", frozenset({2, 3, 5})),
    Lecturer("hana", "Hana Rahimi", ZUT, "AF", "en", frozenset({1, 2})),
    Lecturer("minsu", "Kim Min-su", ZISU, "KR", "ko", frozenset({2})),
    Lecturer("ayesha", "Ayesha Khan", ZUST, "PK", "ur en", frozenset({2, 6}), named=True),
    Lecturer("dewi", "Dewi Lestari", ZUT, "ID", "id en", frozenset({2, 5})),
    Lecturer("tuan", "Trần Anh Tuấn", ZISU, "VN", "vi", frozenset({2, 4})),
    Lecturer("claire", "Claire Ndong", ZUT, "GA", "fr", frozenset({2, 3})),
    Lecturer("samuel", "Samuel Osei", ZUST, "GH", "en", frozenset({2}), named=True),
    Lecturer("leila", "Leila Haddad", ZISU, "JO", "ar en", frozenset({2, 6})),
    Lecturer("nurbek", "Nurbek Asanov", ZUT, "KG", "ru", frozenset({2, 4})),
    Lecturer("grace", "Grace Banda", ZUST, "ZM", "en", frozenset({0, 2})),
    Lecturer("mateo", "Mateo Rojas", ZISU, "CO", "en", frozenset({2, 5})),
    Lecturer("sunita", "Sunita Gurung", ZUT, "NP", "en", frozenset({2, 3})),
    Lecturer("ibrahim", "Ibrahim Touré", ZUST, "CI", "fr en", frozenset({2})),
    Lecturer("yuki", "Yuki Tanaka", ZISU, "JP", "en", frozenset({1, 2})),
    Lecturer("daniel", "Daniel Tesfaye", ZUT, "ET", "en", frozenset({2, 4})),
)  # fmt: skip


class Lecturers:
    """The lecturers in the database, by key. They are kept by id: rows expire."""

    def __init__(self, timeline: Timeline, staff: Staff, places: Places) -> None:
        self.timeline, self.staff, self.places = timeline, staff, places
        self.topics: dict[str, int] = {}
        self._ids: dict[str, int] = {}

    def plan(self, settled: timedelta) -> None:
        """From the topics to the qualifications; ``settled``: so long ago people got accounts."""
        now = self.timeline.now
        self.timeline.at(now - settled, self._write_topics)
        self.timeline.at(now - settled + 2 * HOUR, self._bring)
        self.timeline.at(self._training_starts() - 6 * DAY, self._announce)

    def user(self, key: str) -> User:
        return db.session.get_one(User, self._ids[key])

    def _write_topics(self) -> None:
        police = self.staff.user(POLICE)
        for position, slug in enumerate(SLUGS, start=1):
            texts = {
                code: TopicWords(w.title, w.summary, w.description)
                for code, w in words_of(f"topic_{slug}").items()
            }
            data = TopicData(slug, texts, position=position * 10, read_through=True)
            self.topics[slug] = save_topic(None, data, by=police).id
        for code, title, url in LINKS:
            material = MaterialData(title, code, True, clock.today())
            add_material(self.topics["residence"], material, url, by=police)

    def _bring(self) -> None:
        """Everybody gets an account, a profile, a term and the consents they chose."""
        self._ids["tatiana"] = self.staff.user(LECTURER).id
        for person in LECTURERS:
            user = create_user(
                email=f"{person.key}@students.example",
                name=person.name,
                password=secrets.token_urlsafe(24),
                language="en",
            )
            self._ids[person.key] = user.id
            languages = dict.fromkeys(person.speaks.split(), (Level.C1, Level.B2))
            data = ProfileData(
                name=person.name,
                spoken_name=person.name.split()[0],
                school=person.school,
                country=person.country,
                community_id=self.places.communities["heyuan"],
                weekdays=person.weekdays,
                languages={**languages, "zh": (Level.B2, Level.B1)},
            )
            save_profile(user, data, by=user)
            wished = {ConsentPurpose.POLICE_TRAINERS}
            set_consents(user, wished | ({ConsentPurpose.PUBLICATION} if person.named else set()),
                         "en")  # fmt: skip
            appoint(user, Programme.LECTURER, None, self.staff)

    # --- the training ----------------------------------------------------------------------------

    def _announce(self) -> None:
        """The police plan a Saturday, ask all twenty, and all say yes."""
        police = self.staff.user(POLICE)
        starts = self._training_starts()
        event = create_event(self._training(starts), by=police)
        publish_event(event.id, by=police)
        save_training(event.id, TrainingData(UNIT, frozenset(self.topics.values())), by=police)
        invite_people(event.id, list(self._ids.values()), by=police)
        for number, key in enumerate(self._ids):
            answered = clock.now() + (3 + 2 * number) * HOUR
            self.timeline.at(answered, partial(self._enrol, event.id, key))
        self.timeline.at(starts + 10 * timedelta(minutes=1), partial(self._check_in, event.id))
        self.timeline.at(starts + 8 * HOUR, partial(self._assess, event.id))
        self.timeline.at(starts + 8 * HOUR + DAY, partial(grant_all, event.id, by=police))

    def _training_starts(self) -> datetime:
        day = clock.to_local(self.timeline.now).date() - TRAINED * DAY
        saturday: date = day - ((day.weekday() - 5) % 7) * DAY
        return clock.from_local(datetime.combine(saturday, time(9)))

    def _training(self, starts: datetime) -> EventData:
        return EventData(
            kind=EventKind.TRAINING,
            community_id=self.places.communities[COMMUNITY_OF["police"]],
            venue_id=self.places.venues["police"],
            starts_at=starts,
            ends_at=starts + 7 * HOUR,
            capacity=24,
            texts=words_of("lecturer_training"),
            languages=["zh", "en"],
            party_limit=1,
        )

    def _enrol(self, event_id: int, key: str) -> None:
        accept_invitation(event_id, by=self.user(key))

    def _check_in(self, event_id: int) -> None:
        for user_id in self._ids.values():
            booked = own_sign_up(event_id, user_id)
            assert booked is not None
            note_came(booked.id, by=self.staff.user(POLICE))

    def _assess(self, event_id: int) -> None:
        """Everybody is heard in every language they speak; two do not pass everywhere."""
        spoken = {p.key: p.speaks.split() for p in LECTURERS} | {"tatiana": ["en", "ru"]}
        fails = {("yuki", "money-laundering"): AssessmentResult.RETAKE,
                 ("mateo", "drugs"): AssessmentResult.FAILED}  # fmt: skip
        police, today = self.staff.user(POLICE), clock.today()
        for slug, topic_id in self.topics.items():
            for code in sorted({c for codes in spoken.values() for c in codes}):
                results = [
                    Result(self._ids[key], fails.get((key, slug), AssessmentResult.PASSED))
                    for key, codes in spoken.items()
                    if code in codes
                ]
                enter_assessments(event_id, Sheet(topic_id, code, today), results, by=police)


def goes_away(lecturers: Lecturers) -> None:
    """Samuel has exams: he says on which days he cannot come."""
    today = clock.today()
    add_absence(today + 3 * DAY, today + 9 * DAY, by=lecturers.user("samuel"))


def topic_of(slug: str) -> Topic:
    return db.session.scalars(db.select(Topic).where(Topic.slug == slug)).one()
