"""A list costs the same number of questions to the database, however long it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import select

from hub import clock
from hub.enums import AssignmentStatus as S
from hub.enums import (
    ConsentPurpose,
    EventStatus,
    LanguageLevel,
    MessageKind,
    Programme,
    RecordStatus,
    StaffRole,
    SuggestionOutcome,
    SuggestionStatus,
)
from hub.extensions import db
from hub.models import Duty, Passkey, Talk, User
from hub.services.accounts import invite, join_sign_ups
from hub.services.certificates import issue_certificate
from hub.services.consents import set_consents
from hub.services.events import publish_event
from hub.services.log_ins import begin_log_in
from hub.services.messages import queue_note, queue_request_mail
from hub.services.people import ProfileData, save_profile
from hub.services.response_templates import save_template
from hub.services.series import create_series
from hub.services.survey_comments import translate_comment
from hub.services.talk_questions import settle_question
from hub.services.trainings import invite_people
from hub.transaction import unit_of_work
from tests.factories import (
    event_data,
    local,
    make_community,
    make_event,
    make_sign_up,
    make_user,
    make_venue,
)
from tests.people import EVE
from tests.service_factories import (
    make_activity,
    make_application,
    make_appointment,
    make_assignment,
    make_assistant,
    make_duty,
    make_question,
    make_record,
)
from tests.talk_factories import (
    make_absence,
    make_assessment,
    make_lecturer,
    make_lecturing,
    make_material,
    make_past_talk,
    make_plan,
    make_qualification,
    make_report,
    make_study,
    make_talk,
    make_talk_request,
    make_topic,
    make_training,
)
from tests.voice_factories import make_answers, make_backer, make_public, make_suggestion

MANY = 30


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are executed inside the block."""
    statements: list[str] = []

    def note(connection, cursor, statement, *_more: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            statements.append(statement)

    sql_event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    sql_event.remove(db.engine, "before_cursor_execute", note)


def more_events(event) -> None:
    """Each with a community, a venue and languages of its own."""
    for number in range(MANY - 1):
        venue = make_venue(make_community())
        spoken = ["zh", "en", "ar", "fr"][: 1 + number % 4]
        make_event(venue=venue, languages=spoken)


def more_drafts(event) -> None:
    for _ in range(MANY):
        make_event(status=EventStatus.DRAFT)


def more_past(event) -> None:
    for number in range(MANY):
        make_event(
            venue=make_venue(make_community()), starts_at=local(f"2026-10-{1 + number:02} 14:00")
        )


def more_sign_ups(event) -> None:
    for _ in range(MANY - 1):
        make_sign_up(event)


def more_sessions(event) -> None:
    by = event_owner()
    with unit_of_work():
        data = replace(event_data(event.venue), starts_at=event.starts_at, ends_at=event.ends_at)
        sessions = create_series(data, f"FREQ=DAILY;COUNT={MANY}", by=by)
        numbers = [session.id for session in sessions]
        series_id = sessions[0].series_id
    for number in numbers:
        with unit_of_work():
            publish_event(number, by=by)
    with unit_of_work():
        event_of(event.id).series_id = series_id


def more_lecturers(event, many: int = MANY - 1) -> None:
    """Trainings behind and ahead, each with topics of its own; ada learns at them."""
    ada, soon = ada_again(), clock.now() + timedelta(days=1)
    for number in range(many):
        topic = make_topic(f"topic-{number}-{many}")
        past = make_training(event.venue, [topic], starts_at=clock.now() - timedelta(days=3))
        ahead = make_training(event.venue, [topic], starts_at=soon)
        other = make_lecturer("", [topic])
        make_study(ada, past)
        make_assessment(ada, past, topic, by=other)
        make_qualification(ada, topic)
        make_absence(ada, clock.today() + timedelta(days=2 * number + many))
        with unit_of_work():
            invite_people(ahead.event_id, [other.id, ada.id], by=ada)


def more_suggestions(event, many: int = MANY - 1) -> None:
    """Open and concluded ones, each with a community and an owner of its own, and texts."""
    for _ in range(many):
        owner = make_user(community=make_community())
        for status in (SuggestionStatus.TRIAGED, SuggestionStatus.DONE):
            place = owner.roles[0].community_id
            row = make_suggestion(status=status, owner=owner, community_id=place)
            make_public(row, owner)
        make_suggestion(community=event.venue.community)


def more_templates(event, many: int = MANY - 1) -> None:
    by = ada_again()
    for number in range(many):
        with unit_of_work():
            save_template(None, f"{many}-{number}", SuggestionOutcome.ADOPTED, {"en": "a"}, by=by)


def more_public_suggestions(event, many: int = MANY - 1) -> None:
    """Each in a community of its own, with somebody behind it."""
    by = event_owner()
    for _ in range(many):
        row = make_public(make_suggestion(community=make_community()), by)
        make_backer(row, make_user(role=None))


def more_changes(event, many: int = MANY - 1) -> None:
    """Done and not adopted, each in a community of its own and with somebody behind it."""
    by = event_owner()
    for number in range(many):
        status = SuggestionStatus.NOT_ADOPTED if number % 3 == 1 else SuggestionStatus.DONE
        made = make_suggestion(status=status, owner=by, community=make_community())
        make_backer(make_public(made, by), make_user(role=None))


def more_suggestions_of_mine(event, many: int = MANY - 1) -> None:
    """Made by ada, written down by her, and backed by her."""
    by, ada = event_owner(), ada_again()
    for _ in range(many):
        own = make_suggestion(user_id=ada.id, contact="", community=make_community())
        make_public(own, by)
        make_suggestion(collected_by_id=ada.id, name="Min", community=make_community())
        make_backer(make_public(make_suggestion(community=make_community()), by), ada)


def event_owner():
    from tests.factories import _robot

    return _robot()


def event_of(number):
    from hub.models import Event

    return db.session.get_one(Event, number)


def more_places(event) -> None:
    for _ in range(MANY - 1):
        make_venue(make_community())


def more_messages(event) -> None:
    """To sign-ups of several events, to accounts, and to those who asked for a talk."""
    for number in range(MANY // 3):
        make_sign_up(make_event(capacity=20 + number))
        user, asked = make_user(role=None), make_talk_request()
        with unit_of_work():
            queue_note(MessageKind.TERM_ENDING, user, number + 1)
            queue_request_mail(MessageKind.TALK_REQUEST_RECEIVED, asked)


def more_people(event) -> None:
    people_with_profiles(MANY - 1)


def people_with_profiles(many: int) -> None:
    """Each lives in a community of their own and speaks something."""
    for number in range(many):
        person, home = make_user(role=None), make_community()
        spoken = {["fr", "ar", "en"][number % 3]: (LanguageLevel.B2, None)}
        with unit_of_work():
            data = ProfileData(person.name, community_id=home.id, languages=spoken)
            save_profile(person, data, by=person)


def more_invitations(event) -> None:
    for _ in range(MANY - 1):
        community = make_community()
        with unit_of_work():
            invite(StaffRole.STAFF, by=event_owner(), community_id=community.id)


def more_of_mine(event) -> None:
    """Sign-ups of ada, coming and past."""
    for number in range(MANY):
        venue = make_venue(make_community())
        when = {} if number % 2 else {"starts_at": local(f"2026-10-{1 + number:02} 14:00")}
        make_sign_up(make_event(venue=venue, **when), contact="ada@staff.example.com")
    with unit_of_work():
        join_sign_ups(ada_again())


def more_devices(event) -> None:
    """On which ada is logged in, and her passkeys."""
    ada, moment = ada_again(), clock.now()
    with unit_of_work():
        for number in range(MANY):
            begin_log_in(ada, f"Phone {number}")
            db.session.add(
                Passkey(
                    user_id=ada.id, credential_id=bytes([number] * 16), public_key=b"0",
                    transports=[], backup_state=False, device_type="single_device",
                    name=f"key {number}", usage="first", create_datetime=moment,
                    lastuse_datetime=moment,
                )
            )  # fmt: skip


def more_certificates(event) -> None:
    """Each of somebody else, so that each has a page of their own."""
    for _ in range(MANY - 1):
        certify(make_assistant(), event)


def more_of_my_certificates(event) -> None:
    for number in range(MANY - 1):
        certify(ada_again(), event, days_ago=2 + number)


def certify(user: User, event, days_ago: int = 1) -> None:
    by, moment = event_owner(), clock.now() - timedelta(days=days_ago)
    community = event.venue.community
    made = make_record(
        user, community, starts_at=moment, status=RecordStatus.APPROVED, decided_by=by
    )
    day = clock.to_local(made.starts_at).date()
    with unit_of_work():
        issue_certificate(user, day, day, by=by)


def more_volunteers(event) -> None:
    """Each applies and serves in a community of their own."""
    for _ in range(MANY - 1):
        home = make_community()
        make_application(make_user(role=None), community=home)
        make_assistant("", home, ends_on=clock.today() + timedelta(days=9))


def more_questions(event) -> None:
    for _ in range(MANY - 1):
        make_question()


def ada_again() -> User:
    return db.session.scalars(select(User).where(User.email == "ada@staff.example.com")).one()


def more_records_of_mine(event, status=RecordStatus.APPROVED) -> None:
    for number in range(MANY):
        start = clock.now() - timedelta(days=10, hours=3 * number)
        make_record(ada_again(), make_community(), starts_at=start, status=status)


def more_records(event, status=RecordStatus.SUBMITTED) -> None:
    """Each of another person, in a community of their own."""
    more_assistants(event)
    for number in range(MANY):
        community = make_community()
        start = clock.now() - timedelta(days=10, hours=3 * number)
        make_record(make_assistant("", community), community, starts_at=start, status=status)


def more_decided_records(event) -> None:
    more_records(event, RecordStatus.APPROVED)


def more_assistants(event) -> None:
    for _ in range(MANY):
        make_assistant("", make_community())


def more_activities(event) -> None:
    for number in range(MANY):
        make_activity(f"activity-{number}")


def more_duties(event) -> None:
    """Each with a venue and needs of its own; ada has a term and is on some of them."""
    for number in range(MANY - 1):
        community = make_community()
        duty = make_duty(
            make_venue(community),
            event_owner(),
            starts_at=clock.now() + timedelta(hours=3 * number + 5),
            people=2,
            languages={["ar", "fr"][number % 2]: LanguageLevel.B1},
            event_id=event.id if number % 2 else None,
        )
        make_assignment(duty, ada_again(), list(S)[number % 3])
        make_assignment(duty, make_assistant(community=community))


def more_people_on_a_duty(event) -> None:
    duty = db.session.scalars(select(Duty).order_by(Duty.id)).first()
    for number in range(MANY // 2):
        somebody = make_assistant(community=event.community)
        make_assignment(duty, somebody, [S.OFFERED, S.REQUESTED, S.DECLINED][number % 3])
        people_with_profiles(1)
        make_assistant(community=event.community)


def first_duties(event) -> None:
    """One that ada is on, one offered to her, one she waits for, and some that she is not on."""
    make_appointment(ada_again())
    for number, status in enumerate((S.CONFIRMED, S.OFFERED, S.REQUESTED, None, None)):
        for past in (False, True):
            duty = make_duty(
                make_venue(make_community()),
                event_owner(),
                starts_at=clock.now() + timedelta(days=-9 if past else 9, hours=3 * number),
                people=60,
                languages={"fr": LanguageLevel.A1} if number % 2 else None,
                event_id=event.id,
            )
            if status is not None:
                make_assignment(duty, ada_again(), status)
            make_assignment(duty, make_assistant(community=event.community))


def more_topics(event, many: int = MANY) -> None:
    """Each with a material, a talk, a lecturer who is named and a request for it."""
    for number in range(many):
        topic = make_topic(f"topic-{number}-{make_user(role=None).id}")
        make_material(topic, event_owner())
        make_talk(make_venue(make_community()), [topic], event_owner(), languages=("en", "ru"))
        lecturer = make_lecturer("", [topic], community=make_community())
        with unit_of_work():
            set_consents(lecturer, {ConsentPurpose.PUBLICATION}, "en")
        make_talk_request(topics=[topic.id], community_id=make_community().id)


def more_talks(event) -> None:
    """Each at a school and in a community of its own, some reported, all with a question."""
    by = event_owner()
    for number in range(MANY // 2):
        talk = make_past_talk(
            make_venue(make_community()),
            [make_topic(f"topic-{number}")],
            by,
            school=f"School {number}",
            languages=[["en"], ["ru"], ["en", "ru"]][number % 3],
        )
        if number % 2:
            make_report(talk, by, questions=["Why?", "Who pays?"])
        make_plan(talk.event.community, by)


def more_on_a_talk(event) -> None:
    """Lecturers, questions and materials of one talk that is over."""
    talk = db.session.scalars(select(Talk).order_by(Talk.event_id)).first()
    for number in range(MANY // 3):
        topic = make_topic(f"more-{number}")
        make_material(topic, event_owner())
        with unit_of_work():
            db.session.get_one(Talk, talk.event_id).topics.append(topic)
        make_lecturing(talk, make_lecturer())
    make_report(talk, event_owner(), questions=[f"Question {n}?" for n in range(MANY // 3)])


def first_talks(event) -> None:
    """One reported, with a question for each view, and one that is not."""
    by, topics = event_owner(), [make_topic("one")]
    make_material(topics[0], by)
    silent, told = (make_past_talk(event.venue, topics, by, lecturers=20) for _ in range(2))
    make_lecturing(silent, make_lecturer("first"))
    make_report(silent, by, questions=["What?", "When?"])
    make_report(told, by, questions=["Where?", "Who?"])
    with unit_of_work():
        settle_question(told.questions[0].id, by=by)
    make_plan(event.community, by)


def more_planned_talks(event, many: int = MANY // 2) -> None:
    """Coming and past ones, each with a topic of its own and somebody on it; and series."""
    for number in range(many):
        topics = [make_topic(f"topic-{number}-{many}")]
        for days in (9 + number, -9 - number):
            start = clock.now() + timedelta(days=days)
            talk = make_talk(make_venue(make_community()), topics, event_owner(), starts_at=start)
            make_lecturing(talk, make_lecturer("", topics))
        make_plan(make_community(), event_owner())


def more_answers(event, many: int = MANY) -> None:
    """Events of several kinds and series with results."""
    for number in range(many):
        start = clock.now() - timedelta(days=20 + number)
        row = make_event(venue=event.venue, starts_at=start)
        make_answers(row, 5, language="en")
        make_answers(row, 5, language="fr")


def more_comments(event, many: int = MANY) -> None:
    """Comments with translations."""
    for row in make_answers(event, many, comment="Good.", language="fr"):
        with unit_of_work():
            translate_comment(row.id, {"en": "Well.", "zh": "好。"}, by=event_owner())


LISTS = {
    "/en/?changes": more_changes,
    "/en/changes": more_changes,
    "/en/changes/2026/11": more_changes,
    "/en/changes/2026/11/poster": more_changes,
    "/en/desk/suggestions/figures": more_changes,
    "/en/desk/suggestions/figures/export": more_changes,
    "/en/talks": more_topics,
    "/en/talks/ask": more_topics,
    "/en/desk/topics": more_topics,
    "/en/desk/talk-requests": more_topics,
    "/en/desk/coverage": more_talks,
    "/en/desk/coverage/export": more_talks,
    "/en/desk/talk-questions": more_talks,
    "/en/desk/talks/2/report": more_on_a_talk,
    "/en/desk/duties": more_duties,
    "/en/desk/duties?view=past": more_duties,
    "/en/desk/duties/1": more_people_on_a_duty,
    "/en/desk/duties/new": more_places,
    "/en/service": more_duties,
    "/en/service/duties": more_duties,
    "/en/": more_events,
    "/en/events": more_events,
    "/en/events?q=dumplings&language=zh": more_events,
    "/en/events/month": more_events,
    "/en/events/month?month=2026-10": more_past,
    "/en/events/{event}": more_sessions,
    "/en/calendars": more_places,
    "/en/desk": more_events,
    "/en/desk/events": more_events,
    "/en/desk/events?view=drafts": more_drafts,
    "/en/desk/events?view=past": more_past,
    "/en/desk/events/{event}": more_sessions,
    "/en/desk/events/{event}/sign-ups": more_sign_ups,
    "/en/desk/events/{event}/sign-ups/print": more_sign_ups,
    "/en/desk/venues": more_places,
    "/en/desk/communities": more_places,
    "/en/desk/events/new": more_places,
    "/en/desk/people": more_people,
    "/en/desk/people?q=user": more_people,
    "/en/desk/audit": more_people,
    "/en/desk/talks": more_planned_talks,
    "/en/desk/talks/new": more_places,
    "/en/desk/talks/series/new": more_places,
    "/en/desk/certificates": more_certificates,
    "/en/desk/inspection": more_places,
    "/en/service/certificates": more_of_my_certificates,
    "/en/desk/applications": more_volunteers,
    "/en/desk/appointments": more_volunteers,
    "/en/desk/appointments?view=ending": more_volunteers,
    "/en/desk/questions": more_questions,
    "/en/desk/invitations": more_invitations,
    "/en/desk/invitations/new": more_places,
    "/en/door/{event}": more_sign_ups,
    "/en/account/security": more_devices,
    "/en/account/wan-register": more_devices,
    "/en/service/records": more_records_of_mine,
    "/en/service/hours": more_records_of_mine,
    "/en/service/records/new": more_places,
    "/en/desk/records": more_records,
    "/en/desk/records?view=decided": more_decided_records,
    "/en/desk/records/new": more_assistants,
    "/en/desk/activities": more_activities,
    "/en/me": more_of_mine,
    "/en/me/data": more_of_mine,
    "/en/me/profile": more_places,
}
LISTS |= {
    "/en/desk/trainings": more_lecturers,
    "/en/desk/trainings?view=past": more_lecturers,
    "/en/desk/qualifications": more_lecturers,
    "/en/lecturing": more_lecturers,
    "/en/lecturing/away": more_lecturers,
}
LISTS |= {
    "/en/desk/messages": more_messages,
    "/en/desk/messages?q=guest&state=queued": more_messages,
}
LISTS |= {
    "/en/desk/surveys": more_answers,
    "/en/desk/surveys/export": more_answers,
    "/en/desk/surveys/{event}": more_comments,
    "/en/desk/suggestions": more_suggestions,
    "/en/desk/suggestions?q=signs&state=concluded": more_suggestions,
    "/en/desk/suggestions?mine=1": more_suggestions,
    "/en/desk/response-templates": more_templates,
    "/en/suggestions": more_public_suggestions,
    "/en/suggestions?q=signs&order=backed": more_public_suggestions,
    "/en/suggestions/new": more_places,
    "/en/me/suggestions": more_suggestions_of_mine,
    "/en/service/suggestions": more_suggestions_of_mine,
    "/en/service/suggestions/new": more_places,
}
FEW = 23  # statements that no page exceeds, but these:
MORE = {
    "/en/desk/talks": 44,  # coming, past and series: each with places, topics, who is on them
    "/en/me/data": 48,  # one table after the other
    "/en/desk": 29,  # what waits, of each kind
    "/en/desk/events/{event}": 27,  # the event, its series, helpers, links, duties and trail
    "/en/desk/duties/1": 32,  # the roster, and what each assistant speaks, can and does
    "/en/lecturing": 30,  # what one learnt, passed, may speak about, lacks and is asked to
    "/en/service/duties": 24,  # the same of oneself
}


@pytest.mark.parametrize("address", LISTS)
def test_list_costs_the_same_with_one_and_with_thirty(app, event, ada, address):
    for size in (4, 4, 2, 1):  # the last one waits
        make_sign_up(event, party_size=size)
    if LISTS[address] is more_drafts:
        make_event(status=EventStatus.DRAFT)
    if LISTS[address] is more_invitations:
        with unit_of_work():
            invite(StaffRole.STAFF, by=ada, community_id=event.community_id)
    if LISTS[address] is more_of_mine:
        make_sign_up(event, contact=ada.email)
        make_sign_up(make_event(starts_at=local("2026-10-31 09:00")), contact=ada.email)
        with unit_of_work():
            join_sign_ups(ada_again())
    if LISTS[address] in (more_certificates, more_of_my_certificates):
        certify(ada, event)
    if LISTS[address] is more_people:
        people_with_profiles(1)
    if LISTS[address] is more_volunteers:
        make_application(make_user(role=None), community=event.community)
        make_assistant("", event.community, ends_on=clock.today() + timedelta(days=9))
    if LISTS[address] in (more_suggestions, more_templates):
        LISTS[address](event, 1)
    if LISTS[address] is more_questions:
        make_question()
    if LISTS[address] is more_past:
        make_event(starts_at=local("2026-10-31 09:00"))
    if LISTS[address] is more_sessions:
        with unit_of_work():
            data = event_data(event.venue)
            first = create_series(data, "FREQ=DAILY;COUNT=2", by=event_owner())
            event_of(event.id).series_id = first[0].series_id
            number = first[0].id
        with unit_of_work():
            publish_event(number, by=event_owner())
    if "/records" in address or address == "/en/service/hours":
        community, hour = event.community, timedelta(hours=1)
        make_appointment(ada, community)
        first = make_assistant("first", community)
        make_record(ada, community, status=RecordStatus.APPROVED)
        make_record(first, community)
        done = RecordStatus.APPROVED
        make_record(first, community, starts_at=clock.now() - 99 * hour, status=done)
    if address == "/en/desk/talks":
        more_planned_talks(event, 1)
    if LISTS[address] is more_answers:
        more_answers(event, 1)
    if LISTS[address] is more_comments:
        more_comments(event, 5)
    if address == "/en/desk/activities":
        make_activity()
    if address == "/en/desk/audit":
        more_people(event)  # a trail of the same kinds of things, so that both pages name them all
    if LISTS[address] is more_topics:
        more_topics(event, 1)
    if LISTS[address] in (more_public_suggestions, more_suggestions_of_mine):
        LISTS[address](event, 1)
    if LISTS[address] is more_changes:
        more_changes(event, 2)
    if LISTS[address] is more_lecturers:
        make_appointment(ada, programme=Programme.LECTURER)
        with unit_of_work():
            spoken = {"en": (LanguageLevel.C1, None)}
            save_profile(ada, ProfileData("Ada", languages=spoken), by=ada)
        more_lecturers(event, 1)
    if "/duties" in address or address.startswith("/en/service"):
        first_duties(event)
    if "talk" in address or "coverage" in address:
        first_talks(event)
    client = EVE(app)
    if address.startswith(
        ("/en/desk", "/en/door", "/en/me", "/en/account", "/en/service", "/en/lecturing")
    ):
        client.log_in(ada)
    url = address.format(event=event.id)
    client.get(url)
    with counted() as with_one:
        assert client.get(url).status_code == 200
    LISTS[address](event)
    with counted() as with_many:
        answer = client.get(url)
    assert answer.status_code == 200
    assert len(with_many) == len(with_one), "\n".join(
        sorted(set(with_many), key=with_many.count, reverse=True)
    )
    assert len(with_many) <= MORE.get(address, FEW), f"{len(with_many)} statements"


ONE_THING = "one thing, or a form without choices from the database"
SHUT = "answers 404 (hub/web/guards.py)"
HALF_WAY = "opens only between the password and the second step"
NO_LISTS = {
    **dict.fromkeys(
        ("site_css", "site.privacy", "accounts.home", "desk_admin.audit_export",
         "desk_places.new_community", "desk_activities.new", "desk_questions.new",
         "desk_topics.new", "desk_response_templates.new",
         "me.consents", "me.delete", "me.messages", "desk_messages.previews",
         "health.alive", "health.ready"),
        ONE_THING,
    ),
    **dict.fromkeys(("suggestions.follow", "suggestions.sent_anonymous"), ONE_THING),
    "feeds.public": "remembered: tests/web/test_private_feeds.py counts what a fetch costs",
    "desk_admin.settings": "as many rows as there are settings",
    "desk_places.new_venue": "its choice of communities is that of desk_events.new",
    **dict.fromkeys(
        ("certificates.verify", "security.login", "security.register", "security.forgot_password",
         "security.send_confirmation", "security.us_signin", "security.wan_signin",
         "security.change_password", "security.change_email", "security.two_factor_setup",
         "security.us_verify", "security.wan_verify"),
        ONE_THING,
    ),
    "security.wan_delete": "leads back to the list of passkeys",
    "security.mf_recovery_codes": "the codes stand in one column of the account",
    **dict.fromkeys(
        ("security.tf_select", "security.two_factor_token_validation", "security.mf_recovery"),
        HALF_WAY,
    ),
    **dict.fromkeys(
        ("security.us_setup", "security.verify", "security.two_factor_rescue",
         "security.us_verify_link"),
        SHUT,
    ),
}  # fmt: skip


def test_lists_are_all_here(app):
    """A GET route whose function loads a list belongs above: those without an id in their path."""
    without = {
        str(rule).replace("<lang:lang>", "en"): str(rule.endpoint)
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.arguments <= {"lang"}
    }
    known = {address.partition("?")[0] for address in LISTS}
    assert {e for address, e in without.items() if address not in known} == set(NO_LISTS)
    assert known & {address for address, e in without.items() if e in NO_LISTS} == set()
