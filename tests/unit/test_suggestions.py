"""Suggestions come in, and what their submitters do with them (rules 5, 15, 16, 18, 20)."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import current_app
from sqlalchemy import func, select

from hub import clock
from hub.enums import (
    MessageKind,
    Moderation,
    SuggestionCategory,
    SuggestionEntryKind,
    SuggestionIdentity,
    SuggestionStatus,
    Verdict,
)
from hub.exceptions import InvalidInput, NotAllowed, WrongState
from hub.extensions import db
from hub.integrations.contacts import parse_contact
from hub.integrations.files import SUGGESTIONS, read
from hub.integrations.pictures import Picture
from hub.integrations.signing import claim_code, read_claim_code, token_hash
from hub.models import AuditEntry, Message, Suggestion, SuggestionEntry
from hub.queries.invariants import violations
from hub.queries.public_suggestions import collected_by, suggestion_of_claim, suggestions_of
from hub.services.privacy import erase_user
from hub.services.suggestion_links import (
    allow_publishing,
    answer_question,
    correct_contact,
    erase_suggestion,
    judge,
    reopen,
)
from hub.services.suggestions import Saying, remove_orphans, submit_suggestion
from hub.transaction import unit_of_work
from tests.factories import make_user
from tests.service_factories import make_assistant
from tests.tables import dump
from tests.voice_factories import make_public, make_suggestion

I = SuggestionIdentity  # noqa: E741
S = SuggestionStatus
MINA = parse_contact("mina@example.com")
SAYING = Saying(
    text="Please put a bench at the bus stop.",
    category=SuggestionCategory.PUBLIC_SPACE,
    language="en",
    identity=I.CONTACT,
    contact=MINA,
)
CODE_ONLY = replace(SAYING, identity=I.CODE, contact=None)
NAMELESS = replace(SAYING, identity=I.ANONYMOUS, contact=None)
PHOTO = Picture(b"\xff\xd8 a photo", "gate.jpg")


def submit(saying=SAYING, by=None):
    with unit_of_work():
        return submit_suggestion(saying, by=by)


def kinds() -> list[MessageKind]:
    return list(db.session.scalars(select(Message.kind).order_by(Message.id)))


def trail() -> list[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.subject == "suggestion")
    return list(db.session.scalars(query.order_by(AuditEntry.id)))


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


# --- coming in ------------------------------------------------------------------------------


def test_suggestion_with_an_address_is_kept_confirmed_and_claimable(db_session):
    made = submit()
    row = made.suggestion
    assert 100_000_000 <= row.id <= 999_999_999
    assert (row.status, row.received_on, row.counted_on) == (S.RECEIVED, *2 * (clock.today(),))
    assert (row.contact, row.may_publish, row.public) == ("mina@example.com", False, False)
    assert row.moderation is Moderation.UNCHECKED
    assert row.claim_hash == token_hash(made.claim_code)
    assert suggestion_of_claim(token_hash(read_claim_code(made.claim_code.lower()))) is row
    assert kinds() == [MessageKind.SUGGESTION_RECEIVED]
    assert [e.action for e in trail()] == ["suggest"]
    assert "mina" not in str(trail()[0].after)


def test_claim_code_is_read_aloud_and_has_more_than_50_bits(app):
    with app.app_context():
        code = claim_code("anything")
    assert len(code) == 12
    assert 25**12 > 2**50
    assert read_claim_code(f" {code[:4].lower()}-{code[4:8]} {code[8:]} ") == code
    assert read_claim_code("too short") is None


def test_the_code_alone_leaves_no_account_behind(db_session, sue):
    row = submit(CODE_ONLY, by=sue).suggestion
    assert (row.user_id, row.contact, row.code is not None) == (None, "", True)
    assert trail()[0].actor_id is None
    assert kinds() == []


def test_account_needs_no_contact_and_sees_its_suggestions(db_session, sue):
    row = submit(replace(SAYING, contact=None), by=sue).suggestion
    assert suggestions_of(sue) == [row]
    assert kinds() == [MessageKind.SUGGESTION_RECEIVED]
    with pytest.raises(InvalidInput) as refusal:
        submit(replace(SAYING, contact=None, text="And another one, please."))
    assert refusal.value.field == "contact"


def test_rule_16_anonymous_leaves_nothing_but_the_words_and_the_day(db_session, sue):
    before = dump()
    with clock.fixed_at(clock.now() + timedelta(hours=5, seconds=7)):
        made = submit(replace(NAMELESS, name="Mina", picture=PHOTO, contact=MINA), by=sue)
    row = made.suggestion
    assert (made.claim_code, made.seed) == (None, None)
    assert (row.user_id, row.contact, row.name, row.code, row.claim_hash) == (
        *(None, "", "", None, None),
    )
    assert trail() == []
    assert kinds() == []
    after = dump()
    assert {table for table in after if after[table] != before[table]} == {"suggestions"}
    written = (Path(current_app.config["SUGGESTIONS_DIR"]) / row.photo_name).stat().st_mtime
    assert written == clock.day_start(clock.today()).timestamp()


def test_rule_16_collected_knows_both_and_needs_no_contact(db_session, community):
    nadia = make_assistant("nadia", community)
    said = replace(CODE_ONLY, collected=True, name=" Kim Min-ji ", language="ko")
    row = submit(said, by=nadia).suggestion
    assert (row.name, row.collected_by, row.user_id, row.identity) == (
        *("Kim Min-ji", nadia, None, I.CODE),
    )
    assert row.claim_hash is not None
    assert collected_by(nadia) == [row]
    assert trail()[0].actor_id == nadia.id
    reached = submit(
        replace(SAYING, collected=True, name="Kim", text="A lamp is broken."), by=nadia
    )
    assert reached.suggestion.identity is I.CONTACT


def test_rule_16_only_collectors_collect_and_nobody_anonymous(db_session, community):
    nadia = make_assistant("nadia", community)
    said = replace(CODE_ONLY, collected=True, name="Kim")
    for who in (None, make_user("rita", role=None)):
        with pytest.raises(NotAllowed):
            submit(said, by=who)
    for wrong, field in ((replace(said, name=" "), "name"),
                         (replace(said, identity=I.ANONYMOUS), "identity")):  # fmt: skip
        with pytest.raises(InvalidInput) as refusal:
            submit(wrong, by=nadia)
        assert refusal.value.field == field


def test_same_text_on_one_day_is_refused_however_it_is_typed(db_session):
    submit()
    again = replace(CODE_ONLY, text="  please PUT a　bench at\nthe bus stop. ")
    for saying in (again, replace(again, identity=I.ANONYMOUS)):
        with pytest.raises(InvalidInput) as refusal:
            submit(saying)
        assert refusal.value.field == "text"
    assert count(Suggestion) == 1
    with clock.fixed_at(clock.now() + timedelta(days=1)):
        submit(again)
    assert count(Suggestion) == 2


def test_same_form_sent_twice_is_one_suggestion_with_one_code(db_session):
    first, second = (submit(replace(CODE_ONLY, once="the form")) for _time in range(2))
    assert first.suggestion.id == second.suggestion.id
    assert first.claim_code == second.claim_code
    assert len(trail()) == 1
    other = submit(replace(CODE_ONLY, once="the form", text="Something else, from the same form."))
    assert other.claim_code != first.claim_code
    with pytest.raises(InvalidInput):
        submit(replace(CODE_ONLY, once="another form"))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": "Too short"}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"text": "‮" * 30 + "short"}, "text"),
        ({"language": "tlh"}, "language"),
        ({"place": "x" * 201}, "place"),
        ({"community_id": 999}, "community_id"),
    ],
)
def test_what_cannot_be_used_is_refused(db_session, change, field):
    with pytest.raises(InvalidInput) as refusal:
        submit(replace(SAYING, **change))
    assert refusal.value.field == field
    assert count(Suggestion) == 0


def test_letters_that_turn_the_text_round_are_taken_out(db_session):
    row = submit(replace(SAYING, text="Put ‮gnp.exe⁦ at the gate.", place="‭gate")).suggestion
    assert (row.original, row.place) == ("Put gnp.exe at the gate.", "gate")


@pytest.mark.parametrize("category", [c for c in SuggestionCategory if c.is_referred])
def test_rule_15_complaint_takes_no_consent_to_be_shown(db_session, category):
    assert submit(replace(SAYING, may_publish=True)).suggestion.may_publish
    said = replace(SAYING, category=category, may_publish=True, text="Somebody shouts at night.")
    assert not submit(said).suggestion.may_publish


def test_photo_lives_and_dies_with_its_suggestion(db_session):
    row = submit(replace(SAYING, picture=PHOTO)).suggestion
    name = row.photo_name
    assert read(SUGGESTIONS, name) == PHOTO.body
    with clock.fixed_at(clock.now() + timedelta(days=3)):
        remove_orphans()
    assert read(SUGGESTIONS, name) == PHOTO.body
    with unit_of_work():
        erase_suggestion(row.id, with_original=False)
    assert read(SUGGESTIONS, name) is None


# --- the private page -----------------------------------------------------------------------


def asked(alice, **fields) -> Suggestion:
    """One that is due on Friday and about which something was asked last Thursday."""
    row = make_suggestion(
        status=S.IN_PROGRESS, owner=alice, due_on=date(2026, 11, 27),
        paused_on=date(2026, 11, 19), **fields,
    )  # fmt: skip
    with unit_of_work():
        question = SuggestionEntryKind.QUESTION
        db.session.add(
            SuggestionEntry(
                suggestion_id=row.id,
                kind=question,
                text="Where?",
                by_id=alice.id,
                on=date(2026, 11, 19),
            )
        )
    return row


def test_rule_15_answer_moves_the_date_by_the_working_days_the_clock_stood(db_session, alice):
    row = asked(alice)
    with pytest.raises(InvalidInput), unit_of_work():
        answer_question(row.id, " ")
    with unit_of_work():
        answer_question(row.id, "At the north gate.")
    # from Thursday to Monday: two working days, over a week-end
    assert (row.paused_on, row.due_on) == (None, date(2026, 12, 1))
    assert [e.kind for e in row.entries] == [
        SuggestionEntryKind.QUESTION,
        SuggestionEntryKind.ANSWER,
    ]
    note = db.session.scalars(select(Message)).one()
    assert (note.kind, note.user_id, note.subject_id) == (
        *(MessageKind.SUGGESTION_BACK, alice.id, row.id),
    )
    with pytest.raises(WrongState), unit_of_work():
        answer_question(row.id, "Once more.")


@pytest.mark.parametrize("status", [s for s in S if s.is_final and s is not S.DUPLICATE])
def test_what_is_concluded_is_opened_again_with_a_comment(db_session, alice, status):
    row = make_suggestion(
        status=status, owner=alice, received_on=date(2026, 11, 2), asked_on=date(2026, 11, 20),
        verdict=Verdict.PARTLY,
    )  # fmt: skip
    with pytest.raises(InvalidInput), unit_of_work():
        reopen(row.id, "")
    with unit_of_work():
        reopen(row.id, "It broke again.")
    assert row.status is S.REOPENED
    assert (row.concluded_on, row.counted_on, row.asked_on, row.verdict) == (
        *(None, clock.today(), None, None),
    )
    assert row.received_on == date(2026, 11, 2)
    assert kinds() == [MessageKind.SUGGESTION_BACK]
    with pytest.raises(WrongState), unit_of_work():
        reopen(row.id, "Again.")


def test_duplicate_that_is_opened_again_stands_alone(db_session, alice):
    first = make_suggestion()
    row = make_suggestion(
        status=S.DUPLICATE, owner=alice, duplicate_of_id=first.id, concluded_on=clock.today()
    )
    with unit_of_work():
        reopen(row.id, "It is not the same.")
    assert row.duplicate_of_id is None


def test_verdict_is_given_once_and_only_when_it_is_done(db_session, alice):
    row = make_suggestion(status=S.DONE, owner=alice)
    with unit_of_work():
        judge(row.id, Verdict.NOT_SOLVED, "")
    assert row.verdict is Verdict.NOT_SOLVED
    for number in (row.id, make_suggestion().id):
        with pytest.raises(WrongState), unit_of_work():
            judge(number, Verdict.SOLVED, "")


def test_rule_18_withdrawn_consent_hides_at_once(db_session, alice):
    row = make_public(make_suggestion(), alice)
    with unit_of_work():
        allow_publishing(row.id, False)
    assert (row.may_publish, row.public, row.photo_public) == (False, False, False)
    with unit_of_work():
        allow_publishing(row.id, True)
    assert (row.may_publish, row.public) == (True, False)
    complaint = make_suggestion(category=SuggestionCategory.COMPLAINT)
    with pytest.raises(WrongState), unit_of_work():
        allow_publishing(complaint.id, True)


def test_rule_18_contact_is_corrected_or_taken_away(db_session, sue):
    row = submit().suggestion
    with unit_of_work():
        correct_contact(row.id, parse_contact("138 1234 5678"))
    assert row.contact == "+8613812345678"
    with unit_of_work():
        correct_contact(row.id, None)
    assert (row.contact, row.identity) == ("", I.CODE)
    owned = submit(replace(SAYING, contact=None, text="Another text, of an account."), by=sue)
    with pytest.raises(WrongState), unit_of_work():
        correct_contact(owned.suggestion.id, MINA)


@pytest.mark.parametrize("with_original", [False, True])
def test_rule_18_deleted_person_leaves_only_figures(db_session, alice, with_original):
    row = asked(alice, name="Mina", place="Gate")
    make_public(row, alice)
    text = row.original
    with unit_of_work():
        answer_question(row.id, "My own words.")
    with unit_of_work():
        erase_suggestion(row.id, with_original=with_original)
    assert (row.name, row.contact, row.code, row.erased_on) == ("", "", None, clock.today())
    assert [e.text for e in row.entries] == ["Where?", ""]
    assert (row.original, row.public) == (("", False) if with_original else (text, True))
    assert (row.category, row.received_on) == (SuggestionCategory.SIGNS, clock.today())
    assert list(violations()) == []
    with pytest.raises(WrongState), unit_of_work():
        erase_suggestion(row.id, with_original=False)


def test_rule_18_deleted_account_leaves_suggestions_that_are_nobodys(db_session):
    rita = make_user("rita", role=None)
    row = submit(replace(SAYING, contact=None, picture=PHOTO), by=rita).suggestion
    with unit_of_work():
        erase_user(rita)
    assert (row.user_id, row.photo_name, row.original) == (None, None, SAYING.text)
    assert list(violations()) == []
