"""The sample data: everything a visitor should meet is there, every rule holds, nothing drifts."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask, g
from sqlalchemy import func, select
from sqlalchemy.orm import scoped_session

from hub import clock
from hub.demo import demo_accounts, has_demo_accounts, is_empty, load_demo, say_accounts
from hub.demo.bulk import SCALES, Sizes
from hub.demo.bulk_signups import CODE_STEP, CODES, _code
from hub.demo.people import crowd
from hub.demo.story import tonight
from hub.demo.texts import HERE, words_of
from hub.demo.timeline import Timeline
from hub.enums import (
    ApplicationStatus,
    CertificateStatus,
    EventKind,
    EventStatus,
    MessageState,
    Programme,
    Provenance,
    RecordStatus,
    SignUpPhase,
    SignUpStatus,
    StaffRole,
    SuggestionStatus,
    Visibility,
)
from hub.exceptions import WrongState
from hub.extensions import db
from hub.integrations.markdown import to_html
from hub.models import (
    Application,
    ApplicationMessage,
    Appointment,
    AuditEntry,
    Certificate,
    Community,
    Event,
    Message,
    ResponseTemplate,
    Series,
    ServiceRecord,
    SignUp,
    Suggestion,
    SurveyAnswer,
    Topic,
    User,
    Venue,
)
from hub.policies import is_active_in, sign_up_phase
from hub.policies.suggestions import is_overdue
from hub.queries.changes import newest_changes
from hub.queries.invariants import violations
from hub.queries.people import doors_of
from hub.queries.records import due_of_record
from tests import databases, factories
from tests.conftest import NOON

LANGUAGES = {"en", "zh"}
NUMBER = re.compile(r"\b\d{3}-\d{3}-\d{3}\b")


@pytest.fixture(scope="module")
def told(worker: str) -> Iterator[Flask]:
    """An application with the story of seed 7, told once for all tests that only read it."""
    url = databases.new_database(databases.chosen_engine(), f"hub_demo_{worker}")
    app = databases.make_app(url)
    with app.app_context(), clock.fixed_at(NOON):
        load_demo(seed=7, scale=None, say=lambda line: None)
    with app.app_context():
        g.lang = "en"
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def told_rows(told: Flask) -> list[tuple[str, ...]]:
    return rows_of(db.session)


@pytest.fixture
def session(told: Flask) -> scoped_session:
    """The session on the story."""
    return db.session


@pytest.fixture
def events(session: scoped_session) -> list[Event]:
    return list(session.scalars(select(Event).order_by(Event.starts_at, Event.id)))


def phase(event: Event) -> SignUpPhase:
    return sign_up_phase(event, clock.now())


def rows_of(session: scoped_session) -> list[tuple[str, ...]]:
    """All that must be the same again: no random codes, uids or hashes; no numbers of suggestions
    in the trail, which are random so that nothing tells which came first (rule 16)."""
    events = session.execute(
        select(Event.id, Event.starts_at, Event.capacity, Event.seats_taken, Event.changed_at)
    )
    sign_ups = session.execute(
        select(SignUp.id, SignUp.event_id, SignUp.status, SignUp.name, SignUp.contact,
               SignUp.party_size, SignUp.language, SignUp.created_at, SignUp.cancelled_at)
    )  # fmt: skip
    trail = session.execute(
        select(AuditEntry.at, AuditEntry.action, AuditEntry.subject, AuditEntry.after)
    )
    said = session.execute(
        select(Suggestion.received_on, Suggestion.original, Suggestion.status, Suggestion.due_on,
               Suggestion.concluded_on, Suggestion.verdict, Suggestion.public)
    )  # fmt: skip
    rows = (tuple(map(str, row)) for part in (events, sign_ups, trail, said) for row in part)
    return sorted(tuple(NUMBER.sub("", cell) for cell in row) for row in rows)


def test_no_rule_is_broken(told: Flask) -> None:
    assert list(violations()) == []


def test_sixty_to_eighty_events_and_a_thousand_sign_ups(events: list[Event]) -> None:
    assert 60 <= len(events) <= 80
    assert sum(event.seats_taken for event in events) > 1000


def test_full_with_a_waiting_list(events: list[Event]) -> None:
    waiting = [e for e in events if phase(e) is SignUpPhase.WAITING]
    assert len(waiting) >= 2
    assert all(e.seats_left == 0 for e in waiting)
    assert any(e.parties_waiting >= 3 for e in waiting)


def test_full_without_a_waiting_list(events: list[Event]) -> None:
    assert any(phase(e) is SignUpPhase.FULL for e in events)


def test_rule_3_party_too_large_for_the_seats_left_waits(
    events: list[Event], session: scoped_session
) -> None:
    event = next(e for e in events if phase(e) is SignUpPhase.OPEN and e.parties_waiting)
    sizes = session.scalars(
        select(SignUp.party_size).where(
            SignUp.event_id == event.id, SignUp.status == SignUpStatus.WAITLISTED
        )
    ).all()
    assert len(sizes) >= 2
    assert min(sizes) > event.seats_left > 0


def test_rule_3_somebody_was_promoted(session: scoped_session) -> None:
    promoted = session.scalars(select(SignUp).where(SignUp.promoted_at.is_not(None))).all()
    assert len(promoted) >= 3


def test_cancelled_event_tells_its_people_why(events: list[Event], session: scoped_session) -> None:
    (event,) = [e for e in events if e.status is EventStatus.CANCELLED]
    assert event.seats_taken > 0
    assert event.starts_at > clock.now()
    reasons = {code: row.cancellation_reason for code, row in event.texts.items()}
    assert set(reasons) == LANGUAGES
    assert len(set(reasons.values())) == 2


def test_something_is_on_tonight(events: list[Event]) -> None:
    start = NOON + timedelta(hours=7)
    (event,) = [e for e in events if e.starts_at == start]
    assert event.ends_at == start + timedelta(hours=2)
    assert phase(event) is SignUpPhase.OPEN


@pytest.mark.parametrize(
    ("wall", "starts"),
    [
        ("00:05", "23 19:00"),
        ("18:29", "23 19:00"),
        ("18:30", "23 19:30"),
        ("18:31", "23 19:45"),
        ("21:50", "23 23:00"),
        ("23:40", "24 00:45"),
    ],
)
def test_tonight_is_never_over(wall: str, starts: str) -> None:
    now = clock.from_local(datetime.fromisoformat(f"2026-11-23T{wall}"))
    assert clock.to_local(tonight(now)).strftime("%d %H:%M") == starts


def test_drafts_unlisted_and_opening_next_week(events: list[Event]) -> None:
    assert sum(e.status is EventStatus.DRAFT for e in events) >= 3
    assert sum(e.visibility is Visibility.UNLISTED for e in events) == 1
    (soon,) = [e for e in events if phase(e) is SignUpPhase.NOT_YET]
    assert soon.sign_up_opens_at is not None
    assert timedelta(days=6) < soon.sign_up_opens_at - clock.now() < timedelta(days=8)


def test_past_events_were_published_and_people_came(events: list[Event]) -> None:
    past = [e for e in events if e.has_ended(clock.now())]
    assert len(past) >= 10
    assert all(e.status is EventStatus.PUBLISHED and e.seats_taken for e in past)


def test_nine_law_talks_reach_1500_new_students(session: scoped_session) -> None:
    series = [s for s in session.scalars(select(Series)) if len(s.events) == 9]
    (talks,) = [s for s in series if s.events[0].kind is EventKind.LAW_TALK]
    assert sum(talk.capacity for talk in talks.events) >= 1500
    assert len({talk.title for talk in talks.events}) == 9


def test_law_talks_say_that_they_are_no_legal_advice(events: list[Event]) -> None:
    for event in events:
        if event.kind is EventKind.LAW_TALK:
            assert "not legal advice" in event.texts["en"].description
            assert "不是法律意见" in event.texts["zh"].description


def test_first_talk_gives_the_24_hours_of_article_39(events: list[Event]) -> None:
    text = next(e for e in events if e.kind is EventKind.LAW_TALK).texts
    assert "article 39" in text["en"].description
    assert "24 小时" in text["zh"].description


def test_weekly_desk_follows_its_rule(session: scoped_session) -> None:
    (desk,) = [s for s in session.scalars(select(Series)) if "BYDAY=TU" in s.rule]
    assert {clock.to_local(e.starts_at).weekday() for e in desk.events} == {1}
    assert all(e.kind is EventKind.SERVICE_DESK for e in desk.events)


def test_rule_24_every_text_in_every_language(told: Flask, session: scoped_session) -> None:
    assert set(told.config["LANGUAGE_CODES"]) == LANGUAGES
    for model in (Event, Venue, Community, Series):
        for thing in session.scalars(select(model)):
            assert set(thing.texts) == LANGUAGES
            for row in thing.texts.values():
                words = [row.title if hasattr(row, "title") else row.name]
                if isinstance(thing, Event):
                    words += [row.summary, row.description]
                elif isinstance(thing, Venue):
                    words += [row.address]
                assert all(words), f"{thing!r} {row.language}: {words}"


def test_every_kind_and_many_languages_are_spoken(events: list[Event]) -> None:
    assert {e.kind for e in events} == set(EventKind)
    assert len({code for e in events for code in e.languages}) >= 12


def test_markdown_lists_are_lists() -> None:
    words = words_of("registration")["en"]
    assert "<li>" in to_html(words.description)
    assert "<strong>within 24 hours</strong>" in to_html(words.description)


def test_no_block_of_the_text_files_is_left_over(events: list[Event]) -> None:
    files = [f for f in HERE.glob("*.txt") if f.name != "people.txt"]
    keys = {b.partition("\n")[0] for f in files for b in f.read_text("utf-8").split("=== ")[1:]}
    unused = (
        {key for key in keys if not key.endswith("series") and key != "note"}
        - {f"topic_{topic.slug}" for topic in db.session.scalars(select(Topic))}
        - {key for key in keys for e in events if words_of(key)["en"].title == e.texts["en"].title}
    )
    assert unused == set()


def test_venues_have_a_map_and_a_point_near_liuxia(session: scoped_session) -> None:
    for venue in session.scalars(select(Venue)):
        assert venue.map_url.startswith("https://uri.amap.com/marker?position=120.")
        assert venue.latitude is not None and abs(venue.latitude - 30.24) < 0.05
        assert venue.longitude is not None and abs(venue.longitude - 120.05) < 0.05


def test_people_come_from_many_countries_and_reach_nobody() -> None:
    people = crowd()
    assert len(people) >= 150
    assert len({person.contact.key for person in people}) == len(people)
    for person in people:
        safe = person.contact.key.endswith("@students.example")
        assert safe or person.contact.key.startswith("+861740"), person.contact.key
    countries = [c for c in (HERE / "people.txt").read_text().splitlines() if ":" in c]
    assert len(countries) >= 40


def test_accounts_can_be_told_apart(session: scoped_session) -> None:
    for words, email, password, name in demo_accounts():
        user = session.scalars(select(User).where(User.email == email)).one()
        assert email.endswith("@linqiao.example")
        assert len(password) >= 10
        assert user.name == name
        roles = {membership.role for membership in user.roles}
        assert (StaffRole.ADMIN in roles) == (words == "administrator")
        assert (StaffRole.POLICE in roles) == words.startswith("police")
        assert any(m.community_id is not None for m in user.roles) == ("only" in words)
    places = {m.community_id for u in session.scalars(select(User)) for m in u.roles}
    assert len(places) == 3  # everywhere, one community, another community


def test_people_without_a_desk_come_from_their_rows(session: scoped_session) -> None:
    def named(words: str) -> User:
        email = next(a[1] for a in demo_accounts() if a[0] == words)
        return session.scalars(select(User).where(User.email == email)).one()

    today = clock.today()
    assert is_active_in(named("foreign community assistant"), Programme.ASSISTANT, today)
    assert is_active_in(named("peer legal lecturer"), Programme.LECTURER, today)
    resident, helper = named("resident with an account"), named("helper at one door")
    assert not resident.roles and not resident.appointments
    assert len(doors_of(helper)) == 1 and not doors_of(resident)


def test_accounts_are_said_one_a_line() -> None:
    lines: list[str] = []
    say_accounts(lines.append)
    assert len(lines) == len(demo_accounts()) + 1
    for (_words, email, password, _name), line in zip(demo_accounts(), lines[1:], strict=True):
        assert email in line and password in line


def test_audit_trail_is_in_order_of_time(session: scoped_session) -> None:
    moments = session.scalars(select(AuditEntry.at).order_by(AuditEntry.id)).all()
    assert moments == sorted(moments)
    assert moments[-1] <= NOON


def test_old_messages_do_not_wait_in_the_outbox(session: scoped_session) -> None:
    old = select(func.count(Message.id)).where(
        Message.sent_at.is_(None),
        Message.created_at < NOON - timedelta(hours=1),
        Message.state != MessageState.FAILED,  # one of each trouble, for the log
    )
    assert session.scalar(old) == 0
    assert session.scalar(select(func.count(Message.id))) > 500


def test_same_seed_same_rows(told_rows: list[tuple[str, ...]], db_session: scoped_session) -> None:
    """Told again in a second database, at the same moment."""
    load_demo(seed=7, scale=None, say=lambda line: None)
    assert rows_of(db_session) == told_rows


def test_other_seed_other_people(
    told_rows: list[tuple[str, ...]], db_session: scoped_session
) -> None:
    load_demo(seed=8, scale=None, say=lambda line: None)
    assert rows_of(db_session) != told_rows


@pytest.mark.parametrize(
    "moment",
    [
        "2026-12-25T23:50:00+08:00",  # Friday, just before midnight
        "2027-02-28T00:01:00+08:00",  # Sunday, the month ends
        "2028-02-29T18:45:00+08:00",  # Tuesday of a leap year, after 18:30
    ],
)
def test_story_holds_on_any_day(db_session: scoped_session, moment: str) -> None:
    with clock.fixed_at(datetime.fromisoformat(moment)):
        load_demo(seed=1, scale=None, say=lambda line: None)
        assert list(violations()) == []
        phases = [phase(e) for e in db_session.scalars(select(Event))]
        assert set(phases) >= {
            SignUpPhase.OPEN,
            SignUpPhase.WAITING,
            SignUpPhase.FULL,
            SignUpPhase.NOT_YET,
            SignUpPhase.ENDED,
            SignUpPhase.CANCELLED,
            SignUpPhase.DRAFT,
        }


def test_database_in_use_is_refused(event: Event, db_session: scoped_session) -> None:
    before = db_session.scalar(select(func.count(Event.id)))
    with pytest.raises(WrongState) as refused:
        load_demo(seed=1, scale=None, say=lambda line: None)
    assert "in use" in str(refused.value.message)
    assert db_session.scalar(select(func.count(Event.id))) == before


def test_database_with_one_account_is_refused(db_session: scoped_session) -> None:
    factories.make_user("ada", role=StaffRole.ADMIN)
    assert not is_empty()
    with pytest.raises(WrongState):
        load_demo(seed=1, scale="1x", say=lambda line: None)


def test_foreign_accounts_are_not_demo_accounts(db_session: scoped_session) -> None:
    factories.make_user("ada", role=StaffRole.ADMIN)
    assert not has_demo_accounts()


def test_demo_accounts_are_recognised(told: Flask) -> None:
    assert has_demo_accounts()


def test_bulk_breaks_no_rule(db_session: scoped_session, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = Sizes(communities=7, users=500, events=200, sign_ups=8000, series=6)
    monkeypatch.setitem(SCALES, "1x", sizes)
    lines: list[str] = []
    load_demo(seed=3, scale="1x", say=lines.append)
    assert list(violations()) == []
    counts = {
        model: db_session.scalar(select(func.count()).select_from(model))
        for model in (Community, User, Event, SignUp, Series)
    }
    assert list(counts.values()) == [7, 500, 200, 8000, 6]
    statuses = set(db_session.scalars(select(SignUp.status).distinct()))
    assert statuses == set(SignUpStatus)
    ahead = db_session.scalar(select(func.count(Event.id)).where(Event.starts_at > NOON))
    assert ahead == 20
    assert any("8,000 sign-ups" in line for line in lines)


def test_new_event_can_follow_the_bulk(
    db_session: scoped_session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows with explicit ids leave the counters of PostgreSQL behind unless somebody moves them."""
    sizes = Sizes(communities=6, users=50, events=20, sign_ups=100, series=1)
    monkeypatch.setitem(SCALES, "1x", sizes)
    load_demo(seed=3, scale="1x", say=lambda line: None)
    assert factories.make_event().id > 20


def test_ticket_codes_of_the_bulk_differ() -> None:
    codes = {_code(n * CODE_STEP % CODES) for n in range(5000)}
    assert len(codes) == 5000
    assert {len(code) for code in codes} == {8}


def test_timeline_plays_in_order_of_time(db_session: scoped_session) -> None:
    seen: list[str] = []
    timeline = Timeline(NOON)

    def second() -> None:
        seen.append(f"second {clock.now():%d}")

    def first() -> None:
        seen.append(f"first {clock.now():%d}")
        timeline.at(NOON - timedelta(hours=1), lambda: seen.append("third"))
        timeline.at(NOON + timedelta(hours=1), lambda: seen.append("never"))

    timeline.at(NOON - timedelta(days=1), second)
    timeline.at(NOON - timedelta(days=2), first)
    assert timeline.play() == 3
    assert seen == ["first 21", "second 22", "third"]


# --- service records ----------------------------------------------------------------------------


def test_assistant_has_records_of_every_state_and_age(session: scoped_session) -> None:
    records = session.scalars(select(ServiceRecord)).all()
    assert len(records) >= 24
    assert {r.status for r in records} == set(RecordStatus)
    assert {r.provenance for r in records} >= {Provenance.DECLARED, Provenance.BACK_ENTERED}
    waiting = [r for r in records if r.status is RecordStatus.SUBMITTED]
    assert any(due_of_record(r).overdue for r in waiting)
    assert any(not due_of_record(r).overdue for r in waiting)
    (correction,) = [r for r in records if r.corrects_id is not None]
    assert correction.status is RecordStatus.APPROVED
    assert len({clock.to_local(r.starts_at).month for r in records}) >= 2
    for record in records:
        assert record.decided_by_id not in (record.user_id, record.entered_by_id)


def test_recruiting_shows_every_point_of_the_way(session: scoped_session) -> None:
    stand = {
        (a.user.email.partition("@")[0], a.programme): a.status
        for a in session.scalars(select(Application))
        if a.user.email.endswith("@linqiao.example")  # the other assistants are all appointed
    }
    assert stand == {
        ("assistant", Programme.ASSISTANT): ApplicationStatus.APPROVED,
        ("lecturer", Programme.LECTURER): ApplicationStatus.APPROVED,
        ("resident", Programme.ASSISTANT): ApplicationStatus.INFO_REQUESTED,
        ("assistant", Programme.LECTURER): ApplicationStatus.UNDER_REVIEW,
        ("helper", Programme.ASSISTANT): ApplicationStatus.SUBMITTED,
    }
    talk = session.scalars(select(ApplicationMessage).order_by(ApplicationMessage.id)).all()
    assert [m.from_staff for m in talk] == [True, False, True]


def test_assistants_and_lecturer_hold_letters_of_terms_that_began(session: scoped_session) -> None:
    terms = session.scalars(select(Appointment)).all()
    assert len(terms) == 29  # nine assistants, twenty lecturers
    for term in terms:
        assert term.number is not None
        assert term.starts_on == NOON.date() - timedelta(days=60)
        assert term.is_active(NOON.date())


def test_one_certificate_stands_and_has_replaced_an_older_one(session: scoped_session) -> None:
    old, new = session.scalars(select(Certificate).order_by(Certificate.id)).all()
    assert (old.status, old.superseded_by_id) == (CertificateStatus.SUPERSEDED, new.id)
    assert new.status is CertificateStatus.ISSUED
    assert new.minutes > old.minutes


def test_people_say_how_it_was(session: scoped_session) -> None:
    shown = select(SurveyAnswer).where(SurveyAnswer.shown.is_(True))
    answers = session.scalars(shown).all()
    events = {row.event_id for row in answers}
    assert len(answers) >= 100 and len(events) >= 8
    assert len({row.language for row in answers if row.comment}) >= 5
    assert sum(bool(row.translations) for row in answers) == 4
    kinds = select(Event.kind).where(Event.id.in_(events)).distinct()
    assert len(session.scalars(kinds).all()) >= 3


# --- suggestions --------------------------------------------------------------------------------


def test_suggestions_stand_in_every_state(session: scoped_session) -> None:
    found = session.scalars(select(Suggestion)).all()
    assert len(found) >= 28
    assert {row.status for row in found} == set(SuggestionStatus)
    assert {row.language for row in found} >= {"ko", "en", "zh", "ru", "ar", "fr", "vi"}
    assert sum(is_overdue(row, clock.today()) for row in found) >= 1
    assert sum(row.paused_on is not None for row in found) == 1
    assert sum(row.verdict is not None for row in found) >= 4
    assert session.scalar(select(func.count()).select_from(ResponseTemplate)) == 4
    for row in found:
        assert row.collected_by_id is None or row.owner_id != row.collected_by_id


def test_both_korean_wishes_stand_under_what_changed(session: scoped_session) -> None:
    told = [change.suggestion for change in newest_changes(30)]
    korean = [row for row in told if row.language == "ko"]
    assert {row.title for row in korean} == {
        "Fitness guidance in several languages at the sports yard",
        "Clearer signs around the community",
    }
    for row in korean:
        assert row.collected_by is not None and row.response is not None
        assert set(row.response.texts) == {"ko", "zh"}
        assert all(row.texts[code].did for code in LANGUAGES)
