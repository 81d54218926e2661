"""Topics and materials: versions, validity, who keeps them, and what a file is."""

import os
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import current_app
from sqlalchemy import select

from hub import clock
from hub.enums import ConsentPurpose, EventStatus
from hub.exceptions import HubError, InvalidInput, NotAllowed, WrongState
from hub.extensions import db
from hub.integrations.documents import MAX_BYTES, MEDIA_TYPES, read_document
from hub.models import AuditEntry, Suspension, Topic, TopicMaterial
from hub.policies import can_open_material, needs_new_reading
from hub.queries.topics import (
    all_topics,
    next_talks,
    published_lecturers,
    topic_called,
    topics_in_use,
)
from hub.services.consents import set_consents
from hub.services.materials import (
    MaterialData,
    add_material,
    change_material,
    remove_orphans,
    replace_material,
    withdraw_material,
)
from hub.services.topics import TopicData, TopicWords, save_topic
from hub.transaction import unit_of_work
from tests.factories import make_user
from tests.talk_factories import make_lecturer, make_material, make_talk, make_topic

DAY = timedelta(days=1)
DATA = TopicData(
    "renting",
    {"en": TopicWords("Renting", "A flat of your own.", "Register **within 24 hours**.")},
    position=3,
)
PDF = b"%PDF-1.7\n1 0 obj"


def office(main: str = "ppt/presentation.xml", *others: str, declared: str = "") -> bytes:
    """An office file with nothing in it."""
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        if declared:
            archive.writestr("mimetype", declared)
        for name in ("[Content_Types].xml", main, *others):
            archive.writestr(name, "<x/>")
    return out.getvalue()


def save(topic, data, by) -> Topic:
    with unit_of_work():
        return save_topic(topic, data, by=by)


def files() -> list[str]:
    folder = Path(current_app.config["MATERIALS_DIR"])
    return sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []


# --- topics -------------------------------------------------------------------------------------


def test_topic_is_made_and_stands_on_the_trail(sue):
    topic = save(None, DATA, sue)
    assert (topic.slug, topic.version, topic.name, topic.checked_on) == (
        "renting", 1, "Renting", None,
    )  # fmt: skip
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.subject == "topic")).one()
    assert (entry.action, entry.actor_id, entry.after["version"]) == ("create", sue.id, 1)


def test_version_rises_when_a_text_changes_and_not_else(police):
    topic = save(None, DATA, police)
    save(topic, replace(DATA, position=9, active=False), police)
    assert topic.version == 1 and topic.position == 9 and not topic.active
    save(topic, replace(DATA, texts={"en": TopicWords("Renting", "New.")}), police)
    assert topic.version == 2
    both = {"en": TopicWords("Renting", "New."), "zh": TopicWords("租房")}
    save(topic, replace(DATA, texts=both), police)
    assert topic.version == 3 and set(topic.texts) == {"en", "zh"}
    save(topic, replace(DATA, texts={"zh": TopicWords("租房"), "en": TopicWords("")}), police)
    assert topic.version == 4 and set(topic.texts) == {"zh"}


def test_reading_through_today_sets_the_day_and_keeps_the_version(sue):
    topic = save(None, DATA, sue)
    save(topic, replace(DATA, read_through=True, valid_until=clock.today() + 365 * DAY), sue)
    assert (topic.checked_on, topic.version) == (clock.today(), 1)


def test_topic_whose_time_has_passed_needs_a_new_reading(sue, now):
    topic = save(None, replace(DATA, valid_until=clock.today() + DAY), sue)
    assert not needs_new_reading(topic, clock.today() + DAY)
    with clock.fixed_at(now + 2 * DAY):
        assert needs_new_reading(topic, clock.today())
        kept = replace(DATA, valid_until=topic.valid_until, position=1)
        save(topic, kept, sue)  # a day that stands there already
        with pytest.raises(InvalidInput):
            save(topic, replace(kept, read_through=True), sue)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"texts": {}}, None),
        ({"texts": {"en": TopicWords(" ")}}, None),
        ({"slug": "Renting a flat"}, "slug"),
        ({"slug": "traffic"}, "slug"),
        ({"valid_until": "yesterday"}, "valid_until"),
    ],
)
def test_topic_that_cannot_be_is_refused(sue, change, field):
    make_topic("traffic")
    if "valid_until" in change:
        change = {"valid_until": clock.today() - DAY}
    with pytest.raises(InvalidInput) as refused:
        save(None, replace(DATA, **change), sue)
    assert refused.value.field == field


def test_rule_20_only_the_subdistrict_and_the_police_keep_topics(alice, sue):
    lecturer, topic = make_lecturer("Carol"), make_topic()
    material = make_material(topic, sue)
    data = MaterialData("x", "en", True, clock.today())
    for user in (alice, lecturer):
        for change in (
            lambda u: save_topic(None, DATA, by=u),
            lambda u: save_topic(topic, DATA, by=u),
            lambda u: add_material(topic.id, data, "https://example.com/", by=u),
            lambda u: replace_material(material.id, data, "https://example.com/", by=u),
            lambda u: change_material(material.id, data, by=u),
            lambda u: withdraw_material(material.id, by=u),
        ):
            with pytest.raises(NotAllowed), unit_of_work():
                change(user)


def test_lists_are_in_their_order_and_the_public_one_knows_no_topic_out_of_use(sue):
    for number, (slug, active) in enumerate([("late", True), ("gone", False), ("early", True)]):
        save(None, replace(DATA, slug=slug, position=9 - number, active=active), sue)
    assert [t.slug for t in all_topics()] == ["early", "late", "gone"]
    assert [t.slug for t in topics_in_use()] == ["early", "late"]
    assert topic_called("gone") is None and topic_called("early") is not None


def test_next_talks_are_public_published_and_to_come(venue, alice, now):
    traffic, renting = make_topic("traffic"), make_topic("renting")
    shown = make_talk(venue, [traffic], alice)
    other = make_talk(venue, [renting], alice, starts_at=now + 5 * DAY)
    make_talk(venue, [traffic], alice, starts_at=now - 9 * DAY)
    make_talk(venue, [traffic], alice, status=EventStatus.DRAFT)
    make_talk(venue, [traffic], alice, status=EventStatus.CANCELLED)
    assert [e.id for e in next_talks()] == [shown.event_id, other.event_id]
    assert [e.id for e in next_talks(traffic.id)] == [shown.event_id]


# --- rule 19 ------------------------------------------------------------------------------------


def allow(user, *purposes: ConsentPurpose) -> None:
    with unit_of_work():
        set_consents(user, set(purposes), "en")


def test_rule_19_name_stands_while_consent_and_term_hold_and_goes_at_once(db_session):
    today, yes = clock.today(), ConsentPurpose.PUBLICATION
    carol, dora = make_lecturer("carol"), make_lecturer("dora")
    ended = make_lecturer("ended", starts_on=today - 90 * DAY, ends_on=today - DAY)
    coming = make_lecturer("coming", starts_on=today + DAY, ends_on=today + 90 * DAY)
    assert published_lecturers() == []
    allow(dora, ConsentPurpose.PHOTO)
    for user in (carol, ended, coming, make_user("plain", role=None)):
        allow(user, yes)
    assert published_lecturers() == ["Carol"]
    allow(carol)
    assert published_lecturers() == []
    allow(carol, yes)
    assert published_lecturers() == ["Carol"]
    with unit_of_work():
        suspension = Suspension(starts_on=today, ends_on=None, reason="?")
        carol.appointments[0].suspensions.append(suspension)
    assert published_lecturers() == []


def test_rule_19_only_the_first_name_is_shown(db_session):
    carol = make_lecturer("carol")
    allow(carol, ConsentPurpose.PUBLICATION)
    with unit_of_work():
        carol.name = "Carol Wanjiru Mwangi"
    assert published_lecturers() == ["Carol"]


# --- what a file is -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "ending"),
    [
        (PDF, "pdf"),
        (office(), "pptx"),
        (office("word/document.xml"), "docx"),
        (office("content.xml", declared=MEDIA_TYPES["odp"]), "odp"),
    ],
)
def test_document_is_known_by_its_content_whatever_its_name(body, ending):
    found = read_document(body, "../..\\evil<name>.exe")
    assert (found.ending, found.shown_name) == (ending, f"evilname.{ending}")
    assert found.media_type == MEDIA_TYPES[ending] and found.body == body


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html>", b"MZ\x90", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04 broken", b"x" + PDF,
        office("xl/workbook.xml"), office("content.xml", declared="application/epub+zip"),
        office("ppt/presentation.xml", "ppt/vbaProject.bin"),
        office("word/document.xml", "word/vbaData.xml"),
        office("content.xml", "Basic/Standard/Module1.xml", declared=MEDIA_TYPES["odp"]),
        PDF + b" " * MAX_BYTES,
    ],
)  # fmt: skip
def test_anything_else_is_refused(body):
    with pytest.raises(InvalidInput) as refused:
        read_document(body, "slides.pdf")
    assert refused.value.field == "file"


# --- materials ----------------------------------------------------------------------------------


def test_new_version_takes_the_place_of_the_old_one_which_is_kept(sue):
    topic = make_topic()
    old = make_material(topic, sue, read_document(PDF, "rules.pdf"))
    data = MaterialData("Leaflet", "en", True, clock.today())
    with unit_of_work():
        new = replace_material(old.id, data, read_document(PDF + b"2", "rules.pdf"), by=sue)
    assert (new.version, new.replaces_id) == (2, old.id)
    assert old.withdrawn_at is not None and {old.stored_name, new.stored_name} <= set(files())
    for change in (
        lambda: replace_material(old.id, data, "https://example.com/", by=sue),
        lambda: change_material(old.id, data, by=sue),
        lambda: withdraw_material(old.id, by=sue),
    ):
        with pytest.raises(WrongState), unit_of_work():
            change()
    actions = select(AuditEntry.action).where(AuditEntry.subject == "topic")
    assert list(db.session.scalars(actions.order_by(AuditEntry.id))) == [
        "add_material",
        "replace_material",
    ]


def test_file_of_a_refused_change_is_not_kept(sue):
    topic, before = make_topic(), files()
    with pytest.raises(HubError), unit_of_work():
        data = MaterialData("Leaflet", "en", True, clock.today())
        add_material(topic.id, data, read_document(PDF, "a.pdf"), by=sue)
        add_material(topic.id, replace(data, title=" "), "https://example.com/", by=sue)
    assert files() == before


def test_orphans_are_removed_after_a_day_and_nothing_that_a_row_names(sue, now):
    kept = make_material(make_topic(), sue, read_document(PDF, "a.pdf"))
    folder = Path(current_app.config["MATERIALS_DIR"])
    for name in ("old.pdf", "young.pptx", "foreign.txt", kept.stored_name):
        (folder / name).write_bytes(b"x")
        age = timedelta(hours=1 if name.startswith("young") else 25)
        os.utime(folder / name, ((now - age).timestamp(),) * 2)
    remove_orphans(really=False)
    assert "old.pdf" in files()
    assert remove_orphans() >= 1
    assert {"young.pptx", "foreign.txt", kept.stored_name} <= set(files())
    assert "old.pdf" not in files()
    for name in ("young.pptx", "foreign.txt"):
        (folder / name).unlink()


@pytest.mark.parametrize(
    "url",
    ["http://example.com/", "javascript:alert(1)", "https://", "//example.com", "https://a b.com/",
     "https://user:secret@example.com/", "https://[::1", "", "https://example.com/" + "x" * 500],
)  # fmt: skip
def test_link_that_is_no_plain_address_is_refused(sue, url):
    with pytest.raises(InvalidInput) as refused:
        make_material(make_topic(), sue, url)
    assert refused.value.field == "url"


@pytest.mark.parametrize(
    ("change", "field"),
    [({"title": " "}, "title"), ({"language": "tlh"}, "language"),
     ({"valid_until": 1}, "valid_until")],
)  # fmt: skip
def test_material_that_cannot_be_is_refused(sue, change, field):
    if "valid_until" in change:
        change = {"valid_until": clock.today() - DAY}
    with pytest.raises(InvalidInput) as refused:
        make_material(make_topic(), sue, **change)
    assert refused.value.field == field
    assert db.session.scalars(select(TopicMaterial)).first() is None


def test_rule_20_who_opens_a_material(sue, alice, police, now):
    today, topic = clock.today(), make_topic()
    lecturer, plain = make_lecturer("Carol"), make_user("rita", role=None)
    before = make_lecturer("Old", starts_on=today - 90 * DAY, ends_on=today - DAY)
    public = make_material(topic, sue, valid_until=today + DAY)
    inner = make_material(topic, sue, public=False)
    coming = make_material(topic, sue, valid_from=today + DAY)
    gone = make_material(topic, sue)
    with unit_of_work():
        withdraw_material(gone.id, by=sue)

    def opens(user, on=today) -> list[TopicMaterial]:
        every = (public, inner, coming, gone)
        return [m for m in every if can_open_material(user, m, topic=topic, on=on)]

    for user in (None, plain, before):
        assert opens(user) == [public]
        assert opens(user, today + 2 * DAY) == [coming]
    assert opens(lecturer) == [public, inner, coming]
    for user in (alice, police, sue):
        assert opens(user) == [public, inner, coming, gone]
    with unit_of_work():
        topic.active = False
    assert opens(None) == opens(lecturer) == [] and len(opens(alice)) == 4
