"""The steps of a suggestion at the desk (rules 5, 6, 15, 20, 23)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import (
    MessageKind,
    SuggestionCategory,
    SuggestionIdentity,
    SuggestionStatus,
)
from hub.exceptions import InvalidInput, NotAllowed, OwnCase, WrongState
from hub.extensions import db
from hub.models import AuditEntry, Message, Suggestion
from hub.policies.suggestions import usual_due
from hub.queries.suggestions import number_of_backers
from hub.services.suggestion_steps import (
    acknowledge,
    ask_submitter,
    conclude,
    join_duplicate,
    refer,
    start_work,
    take_apart,
    triage,
)
from hub.transaction import unit_of_work
from tests.factories import make_community
from tests.voice_factories import make_backer, make_public, make_suggestion

S = SuggestionStatus
SIGNS = SuggestionCategory.SIGNS
CHANGES = {"zh": "已装好双语指示牌。", "en": "The signs are up."}


def do(change, *args, **kwargs):
    with unit_of_work():
        return change(*args, **kwargs)


def kinds() -> list[MessageKind]:
    return list(db.session.scalars(select(Message.kind).order_by(Message.id)))


def trail(row: Suggestion) -> list[AuditEntry]:
    query = select(AuditEntry).where(
        AuditEntry.subject == "suggestion", AuditEntry.subject_id == row.id
    )
    return list(db.session.scalars(query.order_by(AuditEntry.id)))


def test_suggestion_goes_from_received_to_done(community, alice):
    row = make_suggestion(community=community)
    do(acknowledge, row.id, by=alice)
    assert row.acknowledged_on == clock.today()
    do(triage, row.id, SuggestionCategory.LANGUAGE, alice.id, None, by=alice)
    assert (row.owner_id, row.due_on) == (alice.id, usual_due(clock.today()))
    assert row.category is SuggestionCategory.LANGUAGE
    do(start_work, row.id, by=alice)
    assert row.status is S.IN_PROGRESS
    row = make_suggestion(community=community, status=S.RESPONDED, owner=alice)
    do(conclude, row.id, CHANGES, by=alice)
    assert (row.status, row.concluded_on) == (S.DONE, clock.today())
    assert row.texts["zh"].did == CHANGES["zh"]
    assert row.title.startswith("Please put signs")
    assert kinds() == [MessageKind.SUGGESTION_ACKNOWLEDGED, MessageKind.SUGGESTION_DONE]
    entry = trail(row)[-1]
    assert (entry.action, entry.actor_id) == ("conclude", alice.id)
    assert (entry.before["status"], entry.after["status"]) == ("responded", "done")


def test_step_that_does_not_follow_is_refused(community, alice):
    row = make_suggestion(community=community)
    for step in (
        lambda: start_work(row.id, by=alice),
        lambda: triage(row.id, SIGNS, alice.id, None, by=alice),
        lambda: conclude(row.id, CHANGES, by=alice),
        lambda: refer(row.id, "12345", "", "Theirs.", by=alice),
        lambda: take_apart(row.id, by=alice),
        lambda: ask_submitter(row.id, "Where?", by=alice),
    ):
        with pytest.raises(WrongState), unit_of_work():
            step()
    assert row.status is S.RECEIVED
    assert not trail(row)


def test_second_of_two_colleagues_is_told_that_it_is_done(community, alice):
    row = make_suggestion(community=community)
    do(acknowledge, row.id, by=alice)
    with pytest.raises(WrongState), unit_of_work():
        acknowledge(row.id, by=alice)


def test_rule_05_nobody_decides_about_their_own_or_what_they_wrote_down(community, alice):
    for row in (
        make_suggestion(community=community, user_id=alice.id, contact=""),
        make_suggestion(community=community, collected_by_id=alice.id),
    ):
        with pytest.raises(OwnCase), unit_of_work():
            acknowledge(row.id, by=alice)


def test_rule_20_another_communitys_suggestion_is_not_there(community, alice, sam, sue):
    row = make_suggestion(community=community)
    with pytest.raises(NotAllowed), unit_of_work():
        acknowledge(row.id, by=sam)
    with pytest.raises(NotAllowed), unit_of_work():
        acknowledge(123, by=sue)
    of_all = make_suggestion()
    with pytest.raises(NotAllowed), unit_of_work():
        acknowledge(of_all.id, by=alice)
    do(acknowledge, of_all.id, by=sue)


def test_owner_is_told_and_must_be_staff_of_the_place(community, alice, sam, sue):
    row = make_suggestion(community=community, status=S.ACKNOWLEDGED)
    with pytest.raises(InvalidInput) as refused, unit_of_work():
        triage(row.id, SIGNS, sam.id, None, by=alice)
    assert refused.value.field == "owner_id"
    do(triage, row.id, SIGNS, sue.id, date(2026, 11, 30), by=alice, reason="It is theirs.")
    message = db.session.scalars(select(Message)).one()
    assert (message.kind, message.user_id) == (MessageKind.SUGGESTION_OWNED, sue.id)
    assert message.subject_id == row.id
    assert trail(row)[-1].after["due_on"] == "2026-11-30"


def test_owner_cannot_be_who_made_it(community, alice, sue):
    row = make_suggestion(community=community, status=S.ACKNOWLEDGED, user_id=sue.id, contact="")
    with pytest.raises(InvalidInput, match="InvalidInput") as refused, unit_of_work():
        triage(row.id, SIGNS, sue.id, None, by=alice)
    assert refused.value.field == "owner_id"


def test_suggestion_can_move_to_another_community_and_be_assigned_again_with_a_reason(
    community, alice, sam, sue
):
    other = sam.roles[0].community_id
    row = make_suggestion(community=community, status=S.TRIAGED, owner=alice)
    with pytest.raises(InvalidInput) as refused, unit_of_work():
        triage(row.id, SIGNS, sam.id, None, by=alice, community_id=other)
    assert refused.value.field == "reason"
    do(triage, row.id, SIGNS, sam.id, None, by=alice, community_id=other, reason="At their gate.")
    assert (row.community_id, row.owner_id, row.status) == (other, sam.id, S.TRIAGED)
    assert trail(row)[-1].reason == "At their gate."
    with pytest.raises(NotAllowed), unit_of_work():
        start_work(row.id, by=alice)
    do(triage, row.id, SIGNS, sue.id, None, by=sam, community_id=None, reason="Everybody’s.")
    assert row.community_id is None
    with pytest.raises(InvalidInput) as refused, unit_of_work():
        triage(row.id, SIGNS, sue.id, None, by=sue, community_id=999, reason="x")
    assert refused.value.field == "community_id"


def test_due_day_is_not_in_the_past(community, alice):
    row = make_suggestion(community=community, status=S.ACKNOWLEDGED)
    with pytest.raises(InvalidInput) as refused, unit_of_work():
        triage(row.id, SIGNS, alice.id, clock.today() - timedelta(days=1), by=alice)
    assert refused.value.field == "due_on"
    do(triage, row.id, SIGNS, alice.id, clock.today(), by=alice)


def test_reopened_suggestion_is_assigned_anew(community, alice):
    row = make_suggestion(community=community, status=S.REOPENED, owner=alice)
    do(triage, row.id, SIGNS, alice.id, None, by=alice)
    assert row.status is S.TRIAGED


def test_clock_stands_while_the_submitter_is_asked(community, alice):
    row = make_suggestion(community=community, status=S.TRIAGED, owner=alice)
    with pytest.raises(InvalidInput), unit_of_work():
        ask_submitter(row.id, "  ", by=alice)
    entry = do(ask_submitter, row.id, " Which gate? ", by=alice)
    assert (entry.text, row.paused_on) == ("Which gate?", clock.today())
    assert kinds() == [MessageKind.SUGGESTION_QUESTION]
    with pytest.raises(WrongState), unit_of_work():
        ask_submitter(row.id, "And when?", by=alice)
    assert [e.text for e in row.entries] == ["Which gate?"]


def test_rule_16_nobody_can_be_asked_about_an_anonymous_one(community, alice):
    row = make_suggestion(
        community=community, status=S.TRIAGED, owner=alice, identity=SuggestionIdentity.ANONYMOUS
    )
    with pytest.raises(WrongState), unit_of_work():
        ask_submitter(row.id, "Which gate?", by=alice)


def test_rule_15_referred_one_says_to_whom_and_why_and_is_hidden(community, alice):
    row = make_suggestion(community=community, status=S.TRIAGED, owner=alice)
    make_public(row, alice)
    for to, reason, field in (("", "Why", "to"), ("12345", " ", "reason")):
        with pytest.raises(InvalidInput) as refused, unit_of_work():
            refer(row.id, to, "", reason, by=alice)
        assert refused.value.field == field
    do(refer, row.id, "12345", "2026-88", "It is theirs to do.", by=alice)
    assert (row.status, row.public, row.referred_to) == (S.REFERRED, False, "12345")
    assert kinds() == [MessageKind.SUGGESTION_REFERRED]


def test_rule_15_public_one_that_turns_out_a_complaint_is_hidden(community, alice):
    row = make_suggestion(community=community, status=S.TRIAGED, owner=alice)
    make_public(row, alice)
    complaint = SuggestionCategory.COMPLAINT
    do(triage, row.id, complaint, alice.id, None, by=alice, reason="About a person.")
    assert not row.public


def test_duplicates_are_linked_both_ways_and_taken_apart_again(community, alice, sue):
    first = make_suggestion(community=community, status=S.IN_PROGRESS, owner=alice)
    second = make_suggestion(community=community, status=S.TRIAGED, owner=alice)
    third = make_suggestion(community=community, status=S.TRIAGED, owner=alice)
    make_backer(first, sue)
    make_backer(second, sue)
    do(join_duplicate, second.id, first.id, by=alice)
    assert second.duplicate_of is first
    assert first.duplicates == [second]
    assert (second.status, second.concluded_on) == (S.DUPLICATE, clock.today())
    do(join_duplicate, third.id, second.id, by=alice)  # of a duplicate: of its root
    assert third.duplicate_of is first
    assert kinds() == [MessageKind.SUGGESTION_JOINED] * 2
    do(take_apart, third.id, by=alice)
    assert (third.status, third.duplicate_of, third.concluded_on) == (S.TRIAGED, None, None)
    assert first.duplicates == [second]
    assert number_of_backers(first.id) == number_of_backers(second.id) == (1, 0)


def test_joining_with_itself_or_with_what_is_not_to_be_seen_is_refused(community, alice):
    row = make_suggestion(community=community, status=S.TRIAGED, owner=alice)
    hidden = make_suggestion(community=make_community("elsewhere"))
    for of in (row.id, hidden.id, 999):
        with pytest.raises(InvalidInput) as refused, unit_of_work():
            join_duplicate(row.id, of, by=alice)
        assert refused.value.field == "of"
    make_public(hidden, alice)
    do(join_duplicate, row.id, hidden.id, by=alice)


def test_one_with_which_others_are_joined_is_not_joined_itself(community, alice):
    rows = [make_suggestion(community=community, status=S.TRIAGED, owner=alice) for _ in range(3)]
    do(join_duplicate, rows[1].id, rows[0].id, by=alice)
    with pytest.raises(WrongState), unit_of_work():
        join_duplicate(rows[0].id, rows[2].id, by=alice)
    with pytest.raises(InvalidInput), unit_of_work():
        join_duplicate(rows[0].id, rows[1].id, by=alice)


def test_what_changed_is_said_in_chinese_and_english(community, alice):
    row = make_suggestion(community=community, status=S.RESPONDED, owner=alice)
    with pytest.raises(InvalidInput) as refused, unit_of_work():
        conclude(row.id, {"zh": "已装好。", "en": " "}, by=alice)
    assert refused.value.field == "did_en"
    assert row.status is S.RESPONDED


def test_rule_06_trail_says_nothing_about_the_submitter(community, alice):
    row = make_suggestion(community=community, name="Mina Park")
    do(acknowledge, row.id, by=alice)
    do(triage, row.id, SIGNS, alice.id, None, by=alice)
    do(ask_submitter, row.id, "Which gate, Mina?", by=alice)
    said = " ".join(f"{e.before} {e.after} {e.reason}" for e in trail(row))
    assert "mina" not in said.lower()


def test_who_has_only_the_code_gets_no_mail(community, alice):
    row = make_suggestion(community=community, identity=SuggestionIdentity.CODE)
    do(acknowledge, row.id, by=alice)
    assert kinds() == []
