"""Answers to the survey: one a person, joined to nobody, shown from five on (rule 17)."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from hub import clock
from hub.enums import SignUpStatus
from hub.exceptions import InvalidInput, NotAllowed, WrongState
from hub.extensions import db
from hub.integrations.signing import survey_digests
from hub.models import AuditEntry, SignUp, SurveyAnswer, SurveySpent
from hub.policies.surveys import SURVEY_OPEN
from hub.queries.invariants import violations
from hub.queries.surveys import open_surveys, places_left
from hub.services.survey_comments import translate_comment
from hub.services.surveys import events_with_a_rest, give_answer, show_rest
from hub.transaction import unit_of_work
from tests.factories import make_event, make_sign_up
from tests.voice_factories import answer, hear, make_attended, said

HOUR = timedelta(hours=1)


@pytest.fixture
def past(venue, now):
    """An event that ended an hour ago."""
    return make_event(venue=venue, capacity=40, starts_at=now - 3 * HOUR)


def shown(event):
    query = select(SurveyAnswer).where(SurveyAnswer.event_id == event.id)
    return [row.shown for row in db.session.scalars(query)]


def test_rule_17_one_answer_for_each_place_of_the_party(past):
    party = make_attended(past, party_size=3)
    assert places_left(party) == [1, 2, 3]
    assert answer(party, 2)
    assert places_left(party) == [1, 3]
    assert answer(party, 1) and answer(party, 3)
    assert places_left(party) == [] and open_surveys([party]) == set()
    assert len(shown(past)) == 3


def test_rule_17_form_that_comes_twice_counts_once(past):
    alone = make_attended(past)
    assert answer(alone, enjoyed=4) is True
    assert answer(alone, enjoyed=1) is False
    assert db.session.scalars(select(SurveyAnswer.enjoyed)).all() == [4]
    with clock.fixed_at(clock.now() + SURVEY_OPEN):
        assert answer(alone) is False  # a retry after the close is as harmless


def test_rule_17_answer_names_nobody_and_nothing_else_changes(past):
    party = make_attended(past, party_size=2, name="Bob Kamau", contact="bob@example.com")
    trail = len(db.session.scalars(select(AuditEntry)).all())
    before = {c.key: getattr(party, c.key) for c in SignUp.__table__.c}
    answer(party, comment="Lovely.")
    db.session.refresh(party)
    assert {c: getattr(party, c) for c in before} == before
    assert len(db.session.scalars(select(AuditEntry)).all()) == trail
    columns = set(SurveyAnswer.__table__.columns.keys()) & set(SurveySpent.__table__.columns.keys())
    assert columns == {"event_id"}
    row = db.session.scalars(select(SurveyAnswer)).one()
    assert len(row.id) == 32 and party.code not in row.id


def test_rule_17_shown_in_lots_of_five(past):
    for number, lot in ((4, 0), (1, 5), (4, 5), (1, 10)):
        hear(past, number)
        assert sum(shown(past)) == lot
    assert list(violations()) == []


def test_rule_17_rest_joins_when_the_survey_has_closed(past):
    hear(past, 7)
    assert events_with_a_rest() == []
    with unit_of_work():
        show_rest(past.id)
    assert sum(shown(past)) == 5
    with clock.fixed_at(past.ends_at + SURVEY_OPEN):
        assert events_with_a_rest() == [past.id]
        with unit_of_work():
            show_rest(past.id)
        assert sum(shown(past)) == 7 and events_with_a_rest() == []


def test_rule_17_rest_of_four_never_shows(past):
    hear(past, 4)
    with clock.fixed_at(past.ends_at + SURVEY_OPEN):
        assert events_with_a_rest() == []
        with unit_of_work():
            show_rest(past.id)
    assert not any(shown(past))


def test_rule_17_database_keeps_no_order(past):
    """Where a row lies, and who wrote it, says nothing about when it came. SQLite has no numbers
    beside the keys; PostgreSQL has places and transactions, and all that came share them."""
    hear(past, 8)
    if db.engine.dialect.name == "sqlite":
        for table in ("survey_answers", "survey_spent"):
            with pytest.raises(OperationalError, match="no such column: rowid"):
                db.session.execute(text(f"SELECT rowid FROM {table}"))
        return
    for rows, number in (
        ("digest, xmin::text FROM survey_spent", 8),
        ("id, xmin::text FROM survey_answers WHERE shown", 5),
        ("id, xmin::text FROM survey_answers WHERE NOT shown", 3),
    ):
        lie = db.session.execute(text(f"SELECT {rows} ORDER BY ctid")).all()
        keys = [key for key, _written_by in lie]
        assert len(keys) == number and keys == sorted(keys)
        assert len({written_by for _key, written_by in lie}) == 1


def test_rule_17_only_checked_in_people_and_only_in_time(past, venue, now):
    absent = make_sign_up(past)
    here = make_attended(past)
    soon = make_attended(make_event(venue=venue, title="Soon"))
    for booked, moment, words in (
        (absent, now, "checked in at the door"),
        (soon, now, "open when the event begins"),
        (here, past.ends_at + SURVEY_OPEN, "time for answers is over"),
    ):
        with clock.fixed_at(moment), pytest.raises(WrongState) as error:
            answer(booked)
        assert words in str(error.value.message)
        assert open_surveys([booked]) == ({here.id} if booked is here else set())
    with clock.fixed_at(past.starts_at):
        assert answer(here)


@pytest.mark.parametrize(
    ("place", "taps"),
    [
        (0, {}),
        (3, {}),
        (1, {"enjoyed": 6}),
        (1, {"again": 0}),
        (1, {"language": "xx"}),
        (1, {"comment": "x" * 1001}),
    ],
)
def test_answer_of_wrong_shape_is_refused(past, place, taps):
    party = make_attended(past, party_size=2)
    with pytest.raises(InvalidInput):
        answer(party, place, **taps)
    assert shown(past) == []


def test_old_key_still_knows_who_has_answered(app, past):
    alone = make_attended(past)
    answer(alone)
    config = app.config
    old, config["SECRET_KEY"] = config["SECRET_KEY"], "a newer key"
    config["SECRET_KEY_FALLBACKS"] = [old]
    try:
        assert places_left(alone) == [] and answer(alone) is False
    finally:
        config["SECRET_KEY"], config["SECRET_KEY_FALLBACKS"] = old, []


def test_check_finds_an_answer_without_its_mark(past):
    hear(past, 2)
    with unit_of_work():
        db.session.execute(text("DELETE FROM survey_spent"))
    assert [str(v).partition(": ")[2] for v in violations()] == [
        "rule 17: more people have answered than answers are there, or fewer"
    ]
    with clock.fixed_at(past.ends_at + timedelta(days=45)):
        assert list(violations()) == []


def test_translation_stands_beside_a_comment_that_is_shown(past, alice, sam):
    hear(past, 5, comment="Sehr schön.", language="de")
    row = db.session.scalars(select(SurveyAnswer)).first()
    with unit_of_work():
        translate_comment(row.id, {"en": "Very nice."}, by=alice)
    assert row.translations["en"].text == "Very nice." and row.translations["en"].by_id == alice.id
    assert row.comment == "Sehr schön."
    with pytest.raises(NotAllowed), unit_of_work():
        translate_comment(row.id, {"en": "No."}, by=sam)
    for language, words in (("de", "x"), ("xx", "x"), ("en", "x" * 2001)):
        with pytest.raises(InvalidInput), unit_of_work():
            translate_comment(row.id, {language: words}, by=alice)
    with unit_of_work():
        translate_comment(row.id, {"en": ""}, by=alice)
    assert row.translations == {}


def test_rule_17_comment_that_is_not_shown_is_not_there_for_staff(past, alice):
    hear(past, 4, comment="Hello.")
    row = db.session.scalars(select(SurveyAnswer)).first()
    with pytest.raises(NotAllowed), unit_of_work():
        translate_comment(row.id, {"zh": "你好。"}, by=alice)


def test_digest_needs_the_key_and_the_place(app, past):
    alone = make_attended(past)
    assert survey_digests(alone.code, 1) != survey_digests(alone.code, 2)
    assert alone.status is SignUpStatus.ATTENDED
    with unit_of_work():
        assert give_answer(alone.id, 1, said())
    assert db.session.scalars(select(SurveySpent.digest)).one() == survey_digests(alone.code, 1)[0]
