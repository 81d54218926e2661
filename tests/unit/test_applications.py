"""Applications: every step from every state, who may take it, and what stays of it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from hub import clock
from hub.enums import ApplicationStatus, MessageKind, Programme, QuestionKind, StaffRole
from hub.exceptions import HubError, InvalidInput, NotAllowed, OwnCase, WrongState
from hub.extensions import db
from hub.models import Application, ApplicationMessage, Appointment, Message, User
from hub.policies import can_see_application
from hub.queries.applications import (
    ApplicationFilter,
    asked_questions,
    count_waiting_applications,
    desk_applications,
)
from hub.queries.privacy import data_of_user
from hub.services.applications import (
    save_answers,
    save_draft,
    submit_application,
    withdraw_application,
    write_to_staff,
)
from hub.services.privacy import erase_user
from hub.services.questions import FIRST_QUESTIONS, QuestionData, save_question, seed_questions
from hub.services.reviews import (
    Approval,
    approve_application,
    decline_application,
    start_review,
    write_to_applicant,
)
from hub.services.settings import change_settings
from hub.transaction import unit_of_work
from tests.factories import make_user
from tests.service_factories import make_application, make_appointment, make_question
from tests.tables import changed, dump

S = ApplicationStatus
BOTH = tuple(Programme)


@pytest.fixture
def bob(db_session) -> User:
    return make_user("bob", role=None)


def approval(community=None) -> Approval:
    today = clock.today()
    return Approval(community.id if community else None, today, today + timedelta(days=364))


def kinds_of(user: User) -> list[MessageKind]:
    query = select(Message.kind).where(Message.user_id == user.id).order_by(Message.id)
    return list(db.session.scalars(query))


# --- the state machine ---------------------------------------------------------------------------

# Where each step leads from where; all others are refused. (state, step): next state
STEPS = {
    (S.DRAFT, "save"): S.DRAFT,
    (S.DRAFT, "submit"): S.SUBMITTED,
    (S.SUBMITTED, "start_review"): S.UNDER_REVIEW,
    (S.SUBMITTED, "staff_write"): S.SUBMITTED,
    (S.SUBMITTED, "applicant_write"): S.SUBMITTED,
    (S.UNDER_REVIEW, "staff_write"): S.UNDER_REVIEW,
    (S.UNDER_REVIEW, "applicant_write"): S.UNDER_REVIEW,
    (S.UNDER_REVIEW, "ask"): S.INFO_REQUESTED,
    (S.INFO_REQUESTED, "ask"): S.INFO_REQUESTED,
    (S.INFO_REQUESTED, "staff_write"): S.INFO_REQUESTED,
    (S.INFO_REQUESTED, "applicant_write"): S.UNDER_REVIEW,
    (S.UNDER_REVIEW, "approve"): S.APPROVED,
    (S.INFO_REQUESTED, "approve"): S.APPROVED,
    (S.UNDER_REVIEW, "decline"): S.DECLINED,
    (S.INFO_REQUESTED, "decline"): S.DECLINED,
    (S.DRAFT, "withdraw"): S.WITHDRAWN,
    (S.SUBMITTED, "withdraw"): S.WITHDRAWN,
    (S.UNDER_REVIEW, "withdraw"): S.WITHDRAWN,
    (S.INFO_REQUESTED, "withdraw"): S.WITHDRAWN,
}


def take(step: str, number: int, bob: User, sue: User) -> object:
    return {
        "save": lambda: save_answers(number, {}, by=bob),
        "submit": lambda: submit_application(number, by=bob),
        "applicant_write": lambda: write_to_staff(number, "Hello?", by=bob),
        "withdraw": lambda: withdraw_application(number, by=bob),
        "start_review": lambda: start_review(number, by=sue),
        "staff_write": lambda: write_to_applicant(number, "Hello", asks=False, by=sue),
        "ask": lambda: write_to_applicant(number, "Which days?", asks=True, by=sue),
        "approve": lambda: approve_application(number, approval(), by=sue),
        "decline": lambda: decline_application(number, "No room this term.", by=sue),
    }[step]()


@pytest.mark.parametrize("step", sorted({step for _state, step in STEPS}))
@pytest.mark.parametrize("state", S)
def test_every_step_from_every_state(bob, sue, state, step):
    number = make_application(bob, state).id
    before = dump()
    wanted = STEPS.get((state, step))
    if wanted is None:
        refusals = (WrongState, NotAllowed) if state is S.DRAFT else WrongState
        with pytest.raises(refusals), unit_of_work():
            take(step, number, bob, sue)
        assert changed(before, dump()) == {}
        return
    with unit_of_work():
        take(step, number, bob, sue)
    assert db.session.get_one(Application, number).status is wanted


def test_approval_offers_the_term_in_the_same_transaction(bob, sue, community):
    number = make_application(bob, S.UNDER_REVIEW).id
    with unit_of_work():
        approve_application(number, approval(community), by=sue)
    offer = db.session.scalars(select(Appointment)).one()
    assert (offer.user_id, offer.application_id, offer.community_id) == (
        bob.id, number, community.id,
    )  # fmt: skip
    assert offer.accepted_at is None  # rule 7: not without the person
    assert kinds_of(bob) == [MessageKind.APPLICATION_APPROVED]


def test_approval_with_days_that_cannot_be_changes_nothing(bob, sue):
    number = make_application(bob, S.UNDER_REVIEW).id
    today, before = clock.today(), dump()
    for first, last in ((today, today - timedelta(days=1)), (today - timedelta(days=1), today)):
        with pytest.raises(InvalidInput), unit_of_work():
            approve_application(number, Approval(None, first, last), by=sue)
    with pytest.raises(InvalidInput), unit_of_work():
        approve_application(number, Approval(999, today, today), by=sue)
    assert changed(before, dump()) == {}


def test_decline_needs_a_reason_and_tells_it_as_written(bob, sue):
    number = make_application(bob, S.UNDER_REVIEW).id
    with pytest.raises(InvalidInput), unit_of_work():
        decline_application(number, "  ", by=sue)
    with unit_of_work():
        decline_application(number, "名额已满 No room.", by=sue)
    message = db.session.scalars(select(Message)).one()
    assert message.kind is MessageKind.APPLICATION_DECLINED
    assert message.facts["reason"] == "名额已满 No room."
    assert db.session.get_one(Application, number).decided_by_id == sue.id


def test_rule_23_each_word_of_staff_is_mailed_once(bob, sue):
    number = make_application(bob, S.UNDER_REVIEW).id
    with unit_of_work():
        write_to_applicant(number, "We read it.", asks=False, by=sue)
        write_to_applicant(number, "Which days?", asks=True, by=sue)
    with unit_of_work():
        write_to_staff(number, "Mondays.", by=bob)
    facts = [m.facts["asks"] for m in db.session.scalars(select(Message).order_by(Message.id))]
    assert facts == ["", "yes"]
    said = db.session.get_one(Application, number).messages
    assert [(m.from_staff, m.body) for m in said] == [
        (True, "We read it."), (True, "Which days?"), (False, "Mondays."),
    ]  # fmt: skip


@pytest.mark.parametrize("body", ["", "   ", "x" * 4001])
def test_message_has_words_and_not_too_many(bob, body):
    number = make_application(bob).id
    with pytest.raises(InvalidInput), unit_of_work():
        write_to_staff(number, body, by=bob)


# --- the draft -----------------------------------------------------------------------------------


def test_draft_is_kept_and_sent_with_the_questions_as_they_were(bob, community, sue):
    why = make_question()
    days = make_question(label="Which days?", kind=QuestionKind.SHORT, required=False, position=20)
    with unit_of_work():
        number = save_draft(Programme.ASSISTANT, community.id, "zh", by=bob).id
    with unit_of_work():
        save_answers(number, {why.id: "  I like people. "}, by=bob)
    with unit_of_work():
        save_answers(number, {days.id: "Mondays"}, by=bob)
    with unit_of_work():
        submit_application(number, by=bob)
    with unit_of_work():
        data = QuestionData(Programme.ASSISTANT, QuestionKind.LONG, {"en": "Other words"})
        save_question(why, data, by=sue)
    application = db.session.get_one(Application, number)
    assert [(a["label"]["en"], a["answer"], a["kind"]) for a in application.answers] == [
        ("Why do you want to help?", "I like people.", "long"),
        ("Which days?", "Mondays", "short"),
    ]
    assert (application.draft, application.language) == ({}, "zh")
    assert kinds_of(bob) == [MessageKind.APPLICATION_RECEIVED]


def test_required_questions_are_answered_before_it_is_sent(bob):
    why = make_question()
    with unit_of_work():
        number = save_draft(Programme.ASSISTANT, None, "en", by=bob).id
        save_answers(number, {why.id: " "}, by=bob)
    with pytest.raises(InvalidInput), unit_of_work():
        submit_application(number, by=bob)
    assert kinds_of(bob) == []


def test_answers_that_cannot_be_are_refused(bob):
    short = make_question(kind=QuestionKind.SHORT)
    choice = make_question(kind=QuestionKind.YES_NO)
    with unit_of_work():
        number = save_draft(Programme.ASSISTANT, None, "en", by=bob).id
    for answers in ({short.id: "x" * 301}, {choice.id: "maybe"}):
        with pytest.raises(InvalidInput), unit_of_work():
            save_answers(number, answers, by=bob)
    with unit_of_work():  # questions of nobody are not kept
        save_answers(number, {choice.id: "yes", 999: "smuggled"}, by=bob)
    assert "999" not in db.session.get_one(Application, number).draft


def test_one_application_is_open_at_a_time(bob):
    with unit_of_work():
        first = save_draft(Programme.ASSISTANT, None, "en", by=bob).id
    with unit_of_work():
        again = save_draft(Programme.ASSISTANT, None, "en", by=bob).id
        other = save_draft(Programme.LECTURER, None, "en", by=bob).id
    assert first == again != other
    with unit_of_work():
        submit_application(first, by=bob)
    with unit_of_work():
        assert save_draft(Programme.ASSISTANT, None, "en", by=bob).id == first
    with unit_of_work():
        withdraw_application(first, by=bob)
    with unit_of_work():
        assert save_draft(Programme.ASSISTANT, None, "en", by=bob).id != first


def test_duplicate_behind_the_lock_is_the_application_that_is_there(bob):
    """The unique index is the last line: what it refuses becomes the one that is there."""
    from hub.services import applications

    found = make_application(bob, S.DRAFT)
    with unit_of_work():
        again = applications._new_draft(Programme.ASSISTANT, "en", bob)
        assert again.id == found.id
    assert db.session.scalar(select(func.count()).select_from(Application)) == 1


@pytest.mark.parametrize("programme", BOTH)
def test_nothing_is_taken_while_recruiting_is_off(bob, ada, programme):
    number = make_application(bob, S.DRAFT, programme=programme).id
    others = [p.value for p in Programme if p is not programme]
    with unit_of_work():
        change_settings({"recruiting": others}, by=ada)
    newcomer = make_user(role=None)
    for step in (
        lambda: save_draft(programme, None, "en", by=newcomer),
        lambda: save_answers(number, {}, by=bob),
        lambda: submit_application(number, by=bob),
    ):
        with pytest.raises(WrongState), unit_of_work():
            step()


def test_setting_of_recruiting_knows_only_programmes(ada):
    with pytest.raises(InvalidInput), unit_of_work():
        change_settings({"recruiting": ["mayor"]}, by=ada)


def test_who_is_in_the_programme_does_not_apply_again(bob, community):
    make_appointment(bob, community, accepted=False)
    with pytest.raises(WrongState), unit_of_work():
        save_draft(Programme.ASSISTANT, None, "en", by=bob)
    with unit_of_work():
        save_draft(Programme.LECTURER, None, "en", by=bob)


# --- who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["start_review", "staff_write", "ask", "approve", "decline"])
def test_rule_05_nobody_decides_on_their_own_application(sue, step):
    for state in (S.SUBMITTED, S.UNDER_REVIEW):
        number = make_application(sue, state).id
        before = dump()
        with pytest.raises(OwnCase), unit_of_work():
            take(step, number, sue, sue)
        assert changed(before, dump()) == {}
        with unit_of_work():
            withdraw_application(number, by=sue)


@pytest.mark.parametrize("step", ["save", "submit", "applicant_write", "withdraw"])
def test_rule_20_only_the_applicant_writes_in_their_name(bob, sue, ada, step):
    number = make_application(bob, S.DRAFT).id
    for other in (sue, ada, make_user(role=None)):
        with pytest.raises(NotAllowed), unit_of_work():
            take(step, number, other, other)


def test_rule_20_who_handles_which_application(bob, alice, sam, sue, ada, community):
    police = make_user("pia", role=StaffRole.POLICE)
    resident = make_user("rita", role=None)
    cast = [alice, sam, sue, ada, police, resident, bob]
    see = {
        make_application(bob, community=community).id: [alice, sue, ada],
        make_application(resident).id: [alice, sam, sue, ada],
        make_application(bob, programme=Programme.LECTURER, community=community).id: [
            alice, sue, ada, police,
        ],
        make_application(sam, S.DRAFT, community=community).id: [],
    }  # fmt: skip
    for user in cast:
        wanted = [number for number, handlers in see.items() if user in handlers]
        found = [a.id for a in desk_applications(ApplicationFilter(), by=user)]
        assert found == wanted, user.email
        rows = [a for a in db.session.scalars(select(Application)) if can_see_application(user, a)]
        assert sorted(a.id for a in rows) == wanted, user.email
        assert count_waiting_applications(user) == len(wanted)
        for number in see.keys() - set(wanted):
            with pytest.raises(HubError) as refused, unit_of_work():
                start_review(number, by=user)
            assert isinstance(refused.value, NotAllowed)


def test_rule_20_staff_of_a_community_offer_no_term_elsewhere(bob, alice, other_community):
    number = make_application(bob, S.UNDER_REVIEW).id
    for community in (other_community, None):
        with pytest.raises(NotAllowed), unit_of_work():
            approve_application(number, approval(community), by=alice)


# --- questions -----------------------------------------------------------------------------------


def test_first_questions_are_written_once(db_session):
    with unit_of_work():
        assert seed_questions() == sum(len(asked) for asked in FIRST_QUESTIONS.values())
    with unit_of_work():
        assert seed_questions() == 0
    for programme in Programme:
        asked = asked_questions(programme)
        assert len(asked) == len(FIRST_QUESTIONS[programme])
        assert all({"en", "zh"} <= set(q.texts) for q in asked)  # rule 24


def test_rule_20_questions_are_the_subdistrict_s(alice, sue, ada):
    data = QuestionData(Programme.ASSISTANT, QuestionKind.SHORT, {"en": "Which days?"})
    with pytest.raises(NotAllowed), unit_of_work():
        save_question(None, data, by=alice)
    for user in (sue, ada):
        with unit_of_work():
            save_question(None, data, by=user)
    empty = QuestionData(Programme.ASSISTANT, QuestionKind.SHORT, {"en": " "})
    with pytest.raises(InvalidInput), unit_of_work():
        save_question(None, empty, by=sue)


# --- personal data -------------------------------------------------------------------------------


def test_rule_18_copy_holds_applications_and_conversation(bob, sue):
    number = make_application(bob, S.UNDER_REVIEW, answer="I like people.").id
    with unit_of_work():
        write_to_applicant(number, "Which days?", asks=True, by=sue)
    tables = {table.name: table.rows for table in data_of_user(bob)}
    assert "I like people." in str(tables["applications"])
    assert "Which days?" in str(tables["application_messages"])
    assert sue.name not in str(tables["application_messages"])


def test_rule_18_deletion_empties_applications_and_keeps_their_number(bob, sue):
    numbers = []
    for programme, state in zip(BOTH, (S.UNDER_REVIEW, S.DRAFT), strict=True):
        numbers.append(make_application(bob, state, programme=programme, answer="Secret wish").id)
    with unit_of_work():
        write_to_applicant(numbers[0], "Your passport?", asks=False, by=sue)
    with unit_of_work():
        erase_user(db.session.get_one(User, bob.id))
    rows = db.session.scalars(select(Application)).all()
    assert [a.status for a in rows] == [S.WITHDRAWN] * 2
    assert "Secret wish" not in str(dump())
    assert db.session.scalar(select(func.count()).select_from(ApplicationMessage)) == 0
    assert kinds_of(bob) == []
