"""Requests for talks: asked once, answered by whom it concerns, forgotten in time."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from hub import clock
from hub.enums import EventKind, EventStatus, MessageKind, TalkRequestStatus
from hub.exceptions import InvalidInput, NotAllowed, WrongState
from hub.extensions import db
from hub.integrations.contacts import parse_contact
from hub.integrations.signing import (
    read_talk_request_token,
    read_ticket_token,
    talk_request_token,
    ticket_token,
)
from hub.models import AuditEntry, Event, Message, TalkRequest
from hub.policies import can_see_talk_request
from hub.queries.invariants import violations
from hub.queries.privacy import data_of_talk_request
from hub.queries.retention import first_ids, past_their_date
from hub.queries.talk_requests import (
    count_waiting_requests,
    desk_requests,
    handled_requests,
    talks_to_answer_with,
)
from hub.services import talk_requests as asking
from hub.services.purge import purge_rows
from hub.transaction import unit_of_work
from tests.factories import make_event, make_user
from tests.tables import dump
from tests.talk_factories import make_asking, make_talk, make_talk_request, make_topic

DAY = timedelta(days=1)
S = TalkRequestStatus
MINA = parse_contact("mina@example.com")


def do(change, *args, **kwargs):
    with unit_of_work():
        return change(*args, **kwargs)


def kinds() -> list[MessageKind]:
    return list(db.session.scalars(select(Message.kind).order_by(Message.id)))


# --- asking -------------------------------------------------------------------------------------


def test_request_is_kept_with_all_that_was_said_and_confirmed_by_mail(community):
    traffic = make_topic("traffic")
    asked = make_talk_request(
        topics=[traffic.id, 999], languages=["ru", "en", "ru"], community_id=community.id,
        wished_on=clock.today(), wishes="After 18:00.",
    )  # fmt: skip
    assert asked.status is S.RECEIVED and asked.topics == [traffic]
    assert asked.languages == "ru,en" and asked.community_id == community.id
    assert kinds() == [MessageKind.TALK_REQUEST_RECEIVED]
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()[-1]
    assert (entry.action, entry.subject, entry.actor_id) == ("ask", "talk_request", None)
    assert "Mina" not in json.dumps(entry.after)


def test_who_gives_a_phone_number_gets_no_mail(db_session):
    make_talk_request(contact=parse_contact("138 1234 5678"))
    assert kinds() == []


def test_topic_out_of_use_cannot_be_asked_for(db_session):
    topic = make_topic()
    with unit_of_work():
        topic.active = False
    assert make_talk_request(topics=[topic.id]).topics == []


def test_very_same_request_within_ten_minutes_is_one(db_session, now):
    first = make_talk_request(contact=MINA)
    again = make_talk_request(contact=MINA, organisation=f"{first.organisation} ")
    assert again.id == first.id
    assert make_talk_request(contact=MINA, people=9).id != first.id
    assert make_talk_request(contact=MINA, organisation="Another").id != first.id
    assert make_talk_request().id != first.id
    with clock.fixed_at(now + timedelta(minutes=11)):
        assert make_talk_request(contact=MINA).id != first.id
    assert kinds() == [MessageKind.TALK_REQUEST_RECEIVED] * 5


def test_request_that_was_answered_is_not_shown_for_a_new_one(sue):
    first = make_talk_request(contact=MINA)
    do(asking.decline_request, first.id, "Full.", by=sue)
    assert make_talk_request(contact=MINA).id != first.id


@pytest.mark.parametrize(
    ("change", "field"),
    [({"organisation": " "}, "organisation"), ({"name": " "}, "name"), ({"people": 0}, "people"),
     ({"people": 100_001}, "people"), ({"languages": ["tlh"]}, "languages"),
     ({"community_id": 999}, "community_id"), ({"wished_on": None}, "wished_on")],
)  # fmt: skip
def test_request_that_cannot_be_is_refused(db_session, change, field):
    if field == "wished_on":
        change = {"wished_on": clock.today() - DAY}
    with pytest.raises(InvalidInput) as refused:
        make_talk_request(**change)
    assert refused.value.field == field


def test_token_opens_a_request_and_no_ticket(db_session):
    token = talk_request_token("ABC")
    assert read_talk_request_token(token) == "ABC"
    assert read_ticket_token(token) is None
    assert read_talk_request_token(ticket_token("ABC")) is None
    assert read_talk_request_token("ABC.forged") is None


# --- answering ----------------------------------------------------------------------------------


def test_request_is_answered_with_a_talk(venue, alice):
    asked, talk = make_talk_request(), make_talk(venue, [], alice)
    do(asking.plan_request, asked.id, talk.event_id, by=alice)
    assert (asked.status, asked.event_id, asked.decided_by_id) == (
        S.PLANNED, talk.event_id, alice.id,
    )  # fmt: skip
    assert kinds()[-1] is MessageKind.TALK_REQUEST_PLANNED
    assert talks_to_answer_with(alice) == [talk.event]


def test_request_is_declined_with_a_reason_that_is_told(sue):
    asked = make_talk_request()
    with pytest.raises(InvalidInput):
        do(asking.decline_request, asked.id, "  ", by=sue)
    do(asking.decline_request, asked.id, "No lecturer speaks it.", by=sue)
    assert (asked.status, asked.reason) == (S.DECLINED, "No lecturer speaks it.")
    assert kinds()[-1] is MessageKind.TALK_REQUEST_DECLINED


def test_answered_request_stays_answered(venue, alice):
    asked, talk = make_talk_request(), make_talk(venue, [], alice)
    do(asking.withdraw_request, asked.id)
    assert asked.status is S.WITHDRAWN
    for change in (
        lambda: asking.withdraw_request(asked.id),
        lambda: asking.decline_request(asked.id, "No.", by=alice),
        lambda: asking.plan_request(asked.id, talk.event_id, by=alice),
    ):
        with pytest.raises(WrongState), unit_of_work():
            change()


def test_only_a_law_talk_to_come_answers_a_request(venue, alice, now):
    asked = make_talk_request()
    wrong = [
        make_event(venue=venue),
        make_talk(venue, [], alice, status=EventStatus.CANCELLED).event,
        make_talk(venue, [], alice, starts_at=now - 9 * DAY).event,
    ]
    for event in wrong:
        with pytest.raises(InvalidInput) as refused, unit_of_work():
            asking.plan_request(asked.id, event.id, by=alice)
        assert refused.value.field == "event_id"
    assert talks_to_answer_with(alice) == []


def test_rule_20_talk_of_another_community_answers_nothing(venue, other_community, alice, sam):
    asked, talk = make_talk_request(), make_talk(venue, [], alice)
    with pytest.raises(NotAllowed), unit_of_work():
        asking.plan_request(asked.id, talk.event_id, by=sam)
    with pytest.raises(NotAllowed), unit_of_work():
        asking.plan_request(asked.id, 999, by=sam)


def test_rule_20_desk_sees_requests_for_its_community_and_for_none(
    community, other_community, alice, sam, sue, police, ada
):
    here, there = (make_talk_request(community_id=c.id) for c in (community, other_community))
    open_to_all = make_talk_request()
    sees = {alice: {here, open_to_all}, sam: {there, open_to_all}}
    sees |= {user: {here, there, open_to_all} for user in (sue, police, ada)}
    sees[make_user("rita", role=None)] = set()
    for user, theirs in sees.items():
        every = db.session.scalars(select(TalkRequest))
        assert {r for r in every if can_see_talk_request(user, r)} == theirs
        assert set(db.session.scalars(select(TalkRequest).where(handled_requests(user)))) == theirs
        assert set(desk_requests(user, S.RECEIVED)) == theirs
        assert count_waiting_requests(user) == len(theirs)
    for change in (
        lambda: asking.decline_request(there.id, "No.", by=alice),
        lambda: asking.plan_request(there.id, 1, by=alice),
    ):
        with pytest.raises(NotAllowed), unit_of_work():
            change()
    assert not can_see_talk_request(None, open_to_all)


def test_desk_list_begins_with_the_longest_waiting_and_ends_with_the_newest_answer(sue):
    first, second, third = (make_talk_request() for _ in range(3))
    assert desk_requests(sue, S.RECEIVED, after=first.id) == [second, third]
    for asked in (first, second, third):
        do(asking.decline_request, asked.id, "No.", by=sue)
    assert desk_requests(sue, S.DECLINED) == [third, second, first]
    assert desk_requests(sue, S.DECLINED, after=third.id) == [second, first]
    assert count_waiting_requests(sue) == 0


# --- rule 18 ------------------------------------------------------------------------------------


def test_rule_18_name_is_corrected_without_asking_staff(db_session):
    asked = make_talk_request()
    do(asking.correct_request, asked.id, " Mina R. ")
    assert asked.name == "Mina R."
    with pytest.raises(InvalidInput):
        do(asking.correct_request, asked.id, " ")


def test_rule_18_copy_holds_all_that_is_held(community):
    topic = make_topic()
    asked = make_talk_request(topics=[topic.id], community_id=community.id, wishes="Evenings.")
    tables = {
        t.name: [dict(zip(t.header, r, strict=True)) for r in t.rows]
        for t in data_of_talk_request(asked)
    }
    (row,) = tables["talk_request"]
    assert (row["name"], row["wishes"], row["community"]) == ("Mina Rashid", "Evenings.", "Heyuan")
    assert tables["topics"] == [{"topic": "Traffic"}]
    assert [m["kind"] for m in tables["messages"]] == ["talk_request_received"]


@pytest.mark.parametrize("answered", [False, True])
def test_rule_18_deletion_leaves_nothing_of_the_person_and_all_the_figures(sue, answered):
    topic = make_topic()
    asked = make_talk_request(
        organisation="Secret House", contact=parse_contact("mina.secret@example.com"),
        name="Mina Secret", wishes="Ask for Mina Secret.", topics=[topic.id],
    )  # fmt: skip
    if answered:
        do(asking.decline_request, asked.id, "All lecturers are away.", by=sue)
    do(asking.erase_request, asked.id)
    assert asked.status is (S.DECLINED if answered else S.WITHDRAWN)
    assert (asked.people, asked.topics) == (160, [topic])
    assert "secret" not in str(dump()).lower()
    assert list(violations()) == []
    for change in (asking.erase_request, asking.withdraw_request):
        with pytest.raises(WrongState), unit_of_work():
            change(asked.id)
    with pytest.raises(WrongState), unit_of_work():
        asking.correct_request(asked.id, "Mina")
    assert count_waiting_requests(sue) == 0


def test_rule_18_purge_takes_answered_requests_at_their_date_and_no_waiting_one(sue, now):
    waiting, answered = make_talk_request(), make_talk_request()
    do(asking.decline_request, answered.id, "No.", by=sue)
    with clock.fixed_at(now + 90 * DAY):
        assert first_ids(past_their_date()["talk_requests"], 9) == []
    with clock.fixed_at(now + 90 * DAY + timedelta(seconds=1)):
        ids = first_ids(past_their_date()["talk_requests"], 9)
        assert ids == [answered.id]
        with unit_of_work():
            assert purge_rows("talk_requests", ids) == 1
        assert first_ids(past_their_date()["talk_requests"], 9) == []
    assert (answered.name, answered.reason, waiting.name) == ("", "", "Mina Rashid")
    assert list(violations()) == []


def test_asking_and_planning_keep_no_row_but_theirs(venue, alice):
    asked, talk = make_talk_request(), make_talk(venue, [], alice)
    do(asking.plan_request, asked.id, talk.event_id, by=alice)
    assert db.session.scalar(select(func.count()).select_from(Event)) == 1
    assert db.session.get_one(Event, talk.event_id).kind is EventKind.LAW_TALK
    assert make_asking().people == 160
