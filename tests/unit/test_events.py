"""Making, editing, copying, publishing and cancelling events."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hub import clock
from hub.enums import EventKind, EventStatus, Visibility
from hub.exceptions import EditConflict, InvalidInput, NotAllowed, WrongState
from hub.extensions import db
from hub.models import Event
from hub.services.event_data import Words, data_of
from hub.services.events import cancel_event, copy_event, create_event, publish_event, update_event
from hub.transaction import unit_of_work
from tests.factories import event_data, local, make_event, make_sign_up, make_venue

DRAFT, PUBLISHED, CANCELLED = EventStatus.DRAFT, EventStatus.PUBLISHED, EventStatus.CANCELLED


def create(by, **overrides) -> Event:
    with unit_of_work():
        return create_event(event_data(**overrides), by=by)


def edit(event: Event, by, **changes) -> Event:
    options = {k: changes.pop(k) for k in ("seen", "release", "release_reason") if k in changes}
    data = replace(data_of(event), **changes)
    with unit_of_work():
        return update_event(event.id, data, by=by, **options)


# --- making ---------------------------------------------------------------------------------


def test_new_event_is_a_draft_that_says_what_was_typed(venue, alice, now):
    event = create(alice, texts={"en": Words(" Tea ", " Green. ", " **Hot** ")})
    assert (event.status, event.sequence, event.kind) == (DRAFT, 0, EventKind.CULTURE)
    text = event.texts["en"]
    assert (text.title, text.summary, text.description) == ("Tea", "Green.", "**Hot**")
    assert event.uid.endswith("@linqiao.example")
    assert (event.created_at, event.changed_at) == (now, now)
    assert event.languages == ["zh", "en"]
    assert (event.seats_taken, event.parties_waiting, event.seats_left) == (0, 0, 10)


def test_rule_21_times_are_stored_in_utc(venue, alice):
    event = create(alice, starts_at=local("2026-12-01 14:00"))
    assert event.starts_at.isoformat() == "2026-12-01T06:00:00+00:00"
    assert event.ends_at.isoformat() == "2026-12-01T08:00:00+00:00"
    assert clock.to_local(event.starts_at).hour == 14


def test_language_without_a_title_is_left_out(venue, alice):
    event = create(alice, texts={"en": Words("Tea"), "zh": Words("  ", "没有标题")})
    assert set(event.texts) == {"en"}


def test_search_key_is_folded(venue, alice):
    event = create(alice, texts={"en": Words("ＴＥＡ Party", "Für alle")})
    assert event.texts["en"].search_key == "tea party\nfür alle"


@pytest.mark.parametrize(
    ("field", "overrides"),
    [
        ("texts", {"texts": {}}),
        ("texts", {"texts": {"en": Words("   ")}}),
        ("ends_at", {"ends_at": local("2026-11-24 14:00")}),
        ("ends_at", {"ends_at": local("2026-11-24 13:00")}),
        ("ends_at", {"ends_at": local("2026-12-26 14:00")}),
        ("capacity", {"capacity": 0}),
        ("capacity", {"capacity": -1}),
        ("capacity", {"capacity": 100_001}),
        ("party_limit", {"party_limit": 0}),
        ("party_limit", {"party_limit": 21}),
        ("sign_up_closes_at", {"sign_up_closes_at": local("2026-11-24 16:01")}),
        ("sign_up_opens_at", {"sign_up_opens_at": local("2026-11-24 14:00")}),
        (
            "sign_up_opens_at",
            {
                "sign_up_opens_at": local("2026-11-24 12:00"),
                "sign_up_closes_at": local("2026-11-24 12:00"),
            },
        ),
        ("venue_id", {"venue_id": 999_999}),
    ],
)
def test_event_that_makes_no_sense_is_refused_at_its_field(venue, alice, field, overrides):
    with pytest.raises(InvalidInput) as refused:
        create(alice, **overrides)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "overrides",
    [
        {"capacity": 1, "party_limit": 20},
        {"capacity": 100_000},
        {"sign_up_closes_at": local("2026-11-24 16:00")},
        {"ends_at": local("2026-12-25 14:00")},
    ],
)
def test_event_at_its_limits_is_made(venue, alice, overrides):
    assert create(alice, **overrides).id


def test_rule_20_venue_of_another_community_is_refused(venue, alice, other_community):
    foreign = make_venue(other_community)
    with pytest.raises(InvalidInput) as refused:
        create(alice, venue_id=foreign.id)
    assert refused.value.field == "venue_id"


# --- publishing and cancelling --------------------------------------------------------------


def test_status_changes_raise_sequence(venue, alice):
    event = create(alice)
    with unit_of_work():
        publish_event(event.id, by=alice)
    assert (event.status, event.sequence) == (PUBLISHED, 1)
    with unit_of_work():
        cancel_event(event.id, {"en": " Heavy rain. "}, by=alice)
    assert (event.status, event.sequence) == (CANCELLED, 2)
    assert {c: t.cancellation_reason for c, t in event.texts.items()} == {
        "en": "Heavy rain.",
        "zh": "Heavy rain.",
    }


def test_rule_24_cancellation_is_told_in_each_language_it_was_given(event, alice):
    with unit_of_work():
        cancel_event(event.id, {"en": "Heavy rain.", "zh": "大雨。"}, by=alice)
    assert event.texts["zh"].cancellation_reason == "大雨。"


@pytest.mark.parametrize("reasons", [{}, {"en": "  ", "zh": ""}])
def test_cancelling_without_a_reason_is_refused(event, alice, reasons):
    with pytest.raises(InvalidInput) as refused, unit_of_work():
        cancel_event(event.id, reasons, by=alice)
    assert (refused.value.field, event.status) == ("reason", PUBLISHED)


def test_draft_is_published_once(event, alice):
    with pytest.raises(WrongState), unit_of_work():
        publish_event(event.id, by=alice)


def test_draft_that_lies_in_the_past_is_not_published(venue, alice):
    event = create(alice)
    with clock.fixed_at(event.ends_at), pytest.raises(WrongState), unit_of_work():
        publish_event(event.id, by=alice)


@pytest.mark.parametrize("status", [DRAFT, CANCELLED])
def test_only_published_events_can_be_cancelled(venue, alice, status):
    event = make_event(status=status)
    with pytest.raises(WrongState), unit_of_work():
        cancel_event(event.id, {"en": "No."}, by=alice)


def test_event_that_is_over_can_not_be_cancelled(event, alice):
    with clock.fixed_at(event.ends_at), pytest.raises(WrongState), unit_of_work():
        cancel_event(event.id, {"en": "No."}, by=alice)


# --- editing --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": local("2026-11-24 13:00")},
        {"ends_at": local("2026-11-24 17:00")},
        {"texts": {"en": Words("Noodles"), "zh": Words("一起包饺子")}},
    ],
)
def test_change_of_time_or_title_raises_sequence(event, alice, changes):
    assert edit(event, alice, **changes).sequence == 2


def test_change_of_place_raises_sequence(event, alice, community):
    assert edit(event, alice, venue_id=make_venue(community).id).sequence == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"capacity": 20},
        {"party_limit": 2},
        {"kind": EventKind.LAW_TALK},
        {"visibility": Visibility.UNLISTED},
        {"has_waiting_list": False},
        {"languages": ["fr"]},
        {"sign_up_closes_at": local("2026-11-24 12:00")},
    ],
)
def test_other_changes_leave_sequence(event, alice, changes):
    edit(event, alice, **changes)
    assert event.sequence == 1
    assert data_of(event) == replace(data_of(event), **changes)


def test_draft_is_edited_without_raising_sequence(venue, alice):
    event = create(alice)
    edit(event, alice, starts_at=local("2026-11-24 13:00"))
    assert event.sequence == 0


def test_last_modified_only_grows(event, alice):
    before = event.changed_at
    edit(event, alice, capacity=11)
    first = event.changed_at
    edit(event, alice, capacity=12)
    assert before < first < event.changed_at


def test_saving_without_a_change_changes_nothing(event, alice):
    before = event.changed_at
    edit(event, alice)
    assert (event.changed_at, event.sequence) == (before, 1)


def test_description_that_changes_is_a_change_that_readers_see(event, alice):
    before = event.changed_at
    texts = {c: replace(w, description="New.") for c, w in data_of(event).texts.items()}
    edit(event, alice, texts=texts)
    assert event.changed_at > before
    assert event.texts["zh"].description == "New."


def test_language_can_be_removed_and_another_added(event, alice):
    edit(event, alice, texts={"en": Words("Tea"), "zh": Words(""), "fr": Words("Thé")})
    assert set(event.texts) == {"en", "fr"}


def test_spoken_languages_are_replaced(event, alice):
    edit(event, alice, languages=["fr", "en", "fr"])
    assert event.languages == ["en", "fr"]


def test_edit_on_a_stale_form_is_refused(event, alice):
    seen = event.changed_at
    edit(event, alice, capacity=11, seen=seen)
    with pytest.raises(EditConflict):
        edit(event, alice, capacity=12, seen=seen)
    assert event.capacity == 11


def test_sign_ups_while_the_form_was_open_are_no_conflict(event, alice):
    seen = event.changed_at
    make_sign_up(event)
    assert edit(event, alice, capacity=11, seen=seen).capacity == 11


@pytest.mark.parametrize("status", [CANCELLED, PUBLISHED])
def test_cancelled_and_past_events_are_not_edited(venue, alice, status):
    event = make_event(status=status, starts_at=local("2026-11-20 14:00"))
    with pytest.raises(WrongState):
        edit(event, alice, capacity=11)


# --- copying --------------------------------------------------------------------------------


def test_copy_is_a_draft_one_week_later(event, alice):
    with unit_of_work():
        copy = copy_event(event.id, by=alice)
    assert (copy.status, copy.sequence, copy.seats_taken) == (DRAFT, 0, 0)
    assert copy.uid != event.uid
    assert copy.starts_at - event.starts_at == timedelta(weeks=1)
    assert data_of(copy).texts == data_of(event).texts
    assert copy.languages == event.languages


def test_copy_of_an_old_event_lands_on_the_next_same_weekday(venue, alice, now):
    event = make_event(
        starts_at=local("2026-09-01 14:00"), sign_up_closes_at=local("2026-09-01 12:00")
    )
    with unit_of_work():
        copy = copy_event(event.id, by=alice)
    assert copy.starts_at == local("2026-11-24 14:00")
    assert copy.sign_up_closes_at == local("2026-11-24 12:00")
    assert copy.sign_up_opens_at is None


def test_copy_of_a_cancelled_event_is_not_cancelled(venue, alice):
    event = make_event(status=CANCELLED)
    with unit_of_work():
        copy = copy_event(event.id, by=alice)
    assert copy.status is DRAFT
    assert {t.cancellation_reason for t in copy.texts.values()} == {""}


# --- rule 20 --------------------------------------------------------------------------------

STEPS = {
    "create": lambda event, by: create_event(data_of(event), by=by),
    "update": lambda event, by: update_event(event.id, data_of(event), by=by),
    "copy": lambda event, by: copy_event(event.id, by=by),
    "publish": lambda event, by: publish_event(event.id, by=by),
    "cancel": lambda event, by: cancel_event(event.id, {"en": "No."}, by=by),
}


@pytest.mark.parametrize("step", STEPS)
def test_rule_20_staff_of_another_community_change_no_event(venue, sam, step):
    event = make_event(status=DRAFT if step == "publish" else PUBLISHED)
    with pytest.raises(NotAllowed), unit_of_work():
        STEPS[step](event, sam)


@pytest.mark.parametrize("who", ["alice", "sue", "ada"])
@pytest.mark.parametrize("step", STEPS)
def test_rule_20_staff_who_manage_the_community_may(venue, request, step, who):
    by = request.getfixturevalue(who)
    event = make_event(status=DRAFT if step == "publish" else PUBLISHED)
    with unit_of_work():
        STEPS[step](event, by)


def test_rule_20_event_can_not_be_pushed_into_another_community(event, alice, other_community):
    with pytest.raises(NotAllowed):
        edit(event, alice, community_id=other_community.id)


def test_rule_20_event_can_not_be_pulled_from_another_community(event, sam, other_community):
    foreign = make_venue(other_community)
    with pytest.raises(NotAllowed):
        edit(event, sam, community_id=other_community.id, venue_id=foreign.id)
    assert db.session.get_one(Event, event.id).community_id != other_community.id
