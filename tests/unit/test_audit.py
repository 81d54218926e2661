"""The audit trail (rule 6): every decision with who, when, from, to and why; it only grows."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from hub.enums import EventStatus
from hub.extensions import db
from hub.models import AuditEntry
from hub.queries.invariants import violations
from hub.services.events import cancel_event, publish_event, update_event
from hub.services.places import VenueData, save_community, save_venue
from hub.services.signups import cancel_sign_up, change_party_size, release_sign_up, replace_person
from hub.transaction import unit_of_work
from tests.factories import event_data, make_event, make_sign_up
from tests.people import BOB, CAROL


def trail(subject: str, subject_id: int) -> list[AuditEntry]:
    entries = select(AuditEntry).where(
        AuditEntry.subject == subject, AuditEntry.subject_id == subject_id
    )
    return list(db.session.scalars(entries.order_by(AuditEntry.id)))


def last(subject: str, subject_id: int) -> tuple:
    entry = trail(subject, subject_id)[-1]
    return entry.action, entry.actor_id, entry.before, entry.after, entry.reason


@pytest.mark.parametrize(
    "statement",
    [
        update(AuditEntry).values(reason="something else"),
        delete(AuditEntry),
        text("UPDATE audit_entries SET actor_id = NULL"),
        text("DELETE FROM audit_entries WHERE id = 1"),
    ],
)
def test_rule_06_entries_can_neither_be_changed_nor_removed(event, statement):
    before = len(db.session.scalars(select(AuditEntry)).all())
    if "id = 1" in str(statement):
        first = db.session.scalar(select(AuditEntry.id).order_by(AuditEntry.id))
        statement = text(f"DELETE FROM audit_entries WHERE id = {first}")
    with pytest.raises(DBAPIError, match="the audit trail only grows"), unit_of_work():
        db.session.execute(statement)
    assert len(db.session.scalars(select(AuditEntry)).all()) == before
    assert list(violations()) == []


def test_rule_06_entry_says_when(event, alice, now):
    assert trail("event", event.id)[0].at == now


def test_rule_06_publishing_is_recorded(venue, alice):
    draft = make_event(status=EventStatus.DRAFT)
    with unit_of_work():
        publish_event(draft.id, by=alice)
    assert last("event", draft.id) == (
        "published", alice.id, {"status": "draft"}, {"status": "published"}, "",
    )  # fmt: skip


def test_rule_06_cancelling_an_event_is_recorded_with_its_reason(event, alice):
    with unit_of_work():
        cancel_event(event.id, {"en": "Heavy rain."}, by=alice)
    assert last("event", event.id) == (
        "cancelled", alice.id, {"status": "published"}, {"status": "cancelled"}, "Heavy rain.",
    )  # fmt: skip


def test_rule_06_edit_records_what_changed_and_nothing_else(event, alice):
    data = event_data(capacity=12, title="Noodles for all")
    with unit_of_work():
        update_event(event.id, data, by=alice)
    action, actor, before, after, _reason = last("event", event.id)
    assert (action, actor) == ("update", alice.id)
    assert before == {
        "capacity": 10,
        "titles": {"en": "Dumplings for all", "zh": "一起包饺子"},
    }
    assert after == {"capacity": 12, "titles": {"en": "Noodles for all", "zh": "一起包饺子"}}


def test_rule_06_change_of_the_sign_up_window_and_languages_is_recorded(event, alice, now):
    opens, closes = now + timedelta(hours=1), now + timedelta(hours=5)
    data = event_data(sign_up_opens_at=opens, sign_up_closes_at=closes, languages=["zh", "fr"])
    with unit_of_work():
        update_event(event.id, data, by=alice)
    _action, _actor, before, after, _reason = last("event", event.id)
    assert before == {
        "languages": ["zh", "en"], "sign_up_closes_at": None, "sign_up_opens_at": None,
    }  # fmt: skip
    assert after == {
        "languages": ["zh", "fr"],
        "sign_up_opens_at": opens.isoformat(),
        "sign_up_closes_at": closes.isoformat(),
    }


def test_rule_06_sign_up_and_its_end_are_recorded_without_names(event, alice):
    booked = make_sign_up(event, BOB, 2)
    with unit_of_work():
        change_party_size(booked.id, 3, by=alice)
    with unit_of_work():
        release_sign_up(booked.id, "The room is smaller.", by=alice)
    facts = [
        (e.action, e.actor_id, e.before, e.after, e.reason) for e in trail("sign_up", booked.id)
    ]
    assert facts == [
        (
            "sign_up",
            None,
            {},
            {"status": "confirmed", "party_size": 2, "event_id": event.id},
            "",
        ),
        ("change_party_size", alice.id, {"party_size": 2}, {"party_size": 3}, ""),
        (
            "release",
            alice.id,
            {"status": "confirmed"},
            {"status": "cancelled"},
            "The room is smaller.",
        ),
    ]


def test_rule_06_promotion_is_recorded(venue):
    event = make_event(capacity=1)
    booked, waiting = make_sign_up(event), make_sign_up(event)
    with unit_of_work():
        cancel_sign_up(booked.id)
    assert last("sign_up", booked.id)[:4] == (
        "cancel", None, {"status": "confirmed"}, {"status": "cancelled"},
    )  # fmt: skip
    assert last("sign_up", waiting.id)[:4] == (
        "promote", None, {"status": "waitlisted"}, {"status": "confirmed"},
    )  # fmt: skip


def test_rule_06_handing_over_a_place_is_recorded_on_both_sides(event, alice):
    old = make_sign_up(event, BOB)
    with unit_of_work():
        new = replace_person(old.id, CAROL, 1, "Bob is ill.", by=alice)
    assert last("sign_up", old.id)[0::4] == ("release", "Bob is ill.")
    assert last("sign_up", new.id)[:2] == ("sign_up", alice.id)


def test_rule_06_places_and_accounts_are_recorded(community, ada, alice):
    with unit_of_work():
        save_community(community, "heyuan-east", {"en": "Heyuan East"}, by=ada)
    assert last("community", community.id)[:2] == ("update", ada.id)
    with unit_of_work():
        venue = save_venue(None, VenueData(community.id, {"en": "Hall"}, {}), by=alice)
    assert last("venue", venue.id)[:2] == ("create", alice.id)
    assert last("user", alice.id)[3] == {"role": "staff", "community_id": community.id}


def test_refused_decision_leaves_no_entry(event, sam):
    before = len(trail("event", event.id))
    with pytest.raises(Exception, match="NotAllowed"), unit_of_work():
        cancel_event(event.id, {"en": "Because."}, by=sam)
    assert len(trail("event", event.id)) == before


def test_rule_06_trail_holds_no_names_or_contacts(event, alice):
    booked = make_sign_up(event, BOB)
    with unit_of_work():
        replace_person(booked.id, CAROL, 1, "They swapped.", by=alice)
    everything = " ".join(
        f"{e.before} {e.after} {e.reason}" for e in db.session.scalars(select(AuditEntry))
    )
    for personal in (BOB.name, CAROL.name, "bob@", "carol@"):
        assert personal not in everything
