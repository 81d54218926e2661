"""The consent ledger: lines are only added, in the words that were read; the newest one holds."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from hub import clock
from hub.enums import CONSENT_VERSION, ConsentPurpose
from hub.exceptions import WrongState
from hub.extensions import db
from hub.i18n import in_language
from hub.models import AuditEntry, Consent, User
from hub.queries.consents import consent_history, has_consent, live_consents
from hub.services.consents import set_consents
from hub.services.privacy import erase_user
from hub.transaction import unit_of_work
from tests.factories import make_user

NAME, PHOTO = ConsentPurpose.PUBLICATION, ConsentPurpose.PHOTO


@pytest.fixture
def bob(db_session) -> User:
    return make_user("bob", role=None)


def decide(user: User, *purposes: ConsentPurpose, language: str = "en") -> list[Consent]:
    with unit_of_work():
        return set_consents(user, set(purposes), language)


def lines() -> list[tuple[object, ...]]:
    ledger = Consent.__table__.select().order_by(Consent.id)
    return [tuple(row) for row in db.session.execute(ledger).all()]


@pytest.mark.parametrize("purpose", ConsentPurpose)
def test_rule_19_nobody_consents_by_silence(bob, purpose):
    assert not has_consent(bob.id, purpose)
    assert not has_consent(999, purpose)


def test_rule_19_consent_is_for_one_purpose_and_one_person(bob):
    eve = make_user("eve", role=None)
    decide(bob, NAME)
    assert has_consent(bob.id, NAME)
    assert [p for p in ConsentPurpose if has_consent(bob.id, p)] == [NAME]
    assert live_consents(eve.id) == set()


def test_rule_19_withdrawal_holds_at_once(bob, now):
    decide(bob, NAME, PHOTO)
    decide(bob, PHOTO)
    assert not has_consent(bob.id, NAME)
    assert has_consent(bob.id, PHOTO)
    with clock.fixed_at(now + timedelta(days=1)):
        decide(bob, NAME, PHOTO)
    assert has_consent(bob.id, NAME)


def test_rule_19_nothing_is_left_of_a_deleted_account(bob):
    decide(bob, NAME)
    with unit_of_work():
        erase_user(bob)
    assert not has_consent(bob.id, NAME)
    assert lines() == []


def test_ledger_only_grows(bob, now):
    decide(bob, NAME)
    first = lines()
    with clock.fixed_at(now + timedelta(hours=1)):
        decide(bob)
        decide(bob, NAME)
    assert lines()[:1] == first
    history = consent_history(bob.id)
    assert [(line.given, line.at - now) for line in history] == [
        (True, timedelta(hours=1)),
        (False, timedelta(hours=1)),
        (True, timedelta(0)),
    ]


@pytest.mark.parametrize(
    "change", [{"given": False}, {"text": "other words"}, {"user_id": 1}, {"version": "2099-01"}]
)
def test_database_refuses_to_change_a_line(bob, change):
    decide(bob, NAME)
    before = lines()
    with pytest.raises(DBAPIError, match="consents are never changed"), unit_of_work():
        db.session.execute(update(Consent).values(change))
    assert lines() == before
    with unit_of_work():  # erasing a person deletes theirs
        db.session.execute(delete(Consent))
    assert lines() == []


def test_saving_the_same_again_writes_nothing(bob):
    decide(bob, NAME)
    before = lines()
    assert decide(bob, NAME) == []
    assert lines() == before


@pytest.mark.parametrize("language", ["en", "zh"])
def test_rule_18_what_was_read_is_kept_word_for_word(bob, language):
    decide(bob, *ConsentPurpose, language=language)
    with in_language(language):
        read = {purpose: str(purpose.text) for purpose in ConsentPurpose}
    kept = db.session.scalars(select(Consent)).all()
    assert {line.purpose: line.text for line in kept} == read
    assert {(line.language, line.version) for line in kept} == {(language, CONSENT_VERSION)}


def test_rule_18_texts_that_were_not_read_are_not_agreed_to(bob):
    with pytest.raises(WrongState), unit_of_work():
        set_consents(bob, {NAME}, "en", version="2020-01")
    assert lines() == []


def test_consent_to_an_earlier_text_holds_until_it_is_decided_anew(bob):
    with unit_of_work():
        db.session.add(
            Consent(
                user_id=bob.id,
                purpose=NAME,
                given=True,
                version="2020-01",
                language="en",
                text="an earlier text",
                at=clock.now(),
            )
        )
    assert has_consent(bob.id, NAME)
    decide(bob, NAME)
    assert [line.version for line in consent_history(bob.id)] == [CONSENT_VERSION, "2020-01"]


def test_rule_06_each_decision_is_on_the_trail(bob):
    decide(bob, NAME)
    decide(bob)
    trail = db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject_id == bob.id, AuditEntry.actor_id == bob.id)
        .order_by(AuditEntry.id)
    ).all()
    assert [(e.action, e.after) for e in trail] == [
        ("give_consent", {"purpose": "publication"}),
        ("withdraw_consent", {"purpose": "publication"}),
    ]
