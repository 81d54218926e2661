"""The mails about duties, from what really happens, in both languages."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub.enums import AssignmentStatus, MessageKind
from hub.extensions import db
from hub.models import Message
from hub.services import assignments as work
from hub.services.duties import cancel_duty, update_duty
from hub.transaction import unit_of_work
from hub.web.mails import write_mail
from tests.factories import local
from tests.mails import text_of
from tests.service_factories import make_assignment, make_assistant, make_duty
from tests.unit.test_duties import data_of

START = local("2026-11-26 14:00")
SUBJECTS = {
    MessageKind.DUTY_OFFERED: "We ask you for a duty: Tea stall",
    MessageKind.DUTY_CONFIRMED: "A place has become free, you are on the duty: Tea stall",
    MessageKind.DUTY_CHANGED: "Changed duty: Tea stall",
    MessageKind.DUTY_CANCELLED: "Cancelled duty: Tea stall",
    MessageKind.DUTY_SWAPPED: "Somebody has taken over your duty: Tea stall",
    MessageKind.DUTY_ACCEPTED: "You are on the duty: Tea stall",
    MessageKind.DUTY_RELEASED: "You gave a duty back: Tea stall",
}


def bring_about(kind: MessageKind, duty, bob, carol, staff) -> None:
    if kind is MessageKind.DUTY_OFFERED:
        work.offer_duty(duty.id, bob.id, by=staff)
        return
    if kind is MessageKind.DUTY_CONFIRMED:
        held = work.take_duty(duty.id, by=carol)
        work.take_duty(duty.id, by=bob)
        work.release_duty(held.id, "", by=carol)
        return
    held = work.take_duty(duty.id, by=bob)
    if kind is MessageKind.DUTY_ACCEPTED:
        return
    if kind is MessageKind.DUTY_RELEASED:
        work.release_duty(held.id, "", by=bob)
    elif kind is MessageKind.DUTY_CHANGED:
        data = data_of(duty)
        data.starts_at, data.ends_at = START + timedelta(hours=1), START + timedelta(hours=2)
        update_duty(duty.id, data, by=staff)
    elif kind is MessageKind.DUTY_CANCELLED:
        cancel_duty(duty.id, "大雨 Heavy rain.", by=staff)
    else:
        work.ask_swap(held.id, by=bob)
        work.take_over(duty.id, by=carol)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", SUBJECTS)
def test_rule_23_each_mail_says_what_when_and_where(app, venue, alice, community, kind, language):
    bob, carol = make_assistant("bob", community), make_assistant("carol", community)
    duty = make_duty(venue, alice, starts_at=START, title="Tea stall")
    with unit_of_work():
        bob.language = language
    with unit_of_work():
        bring_about(kind, duty, bob, carol, alice)
    his = select(Message).where(Message.user_id == bob.id, Message.kind == kind)
    (message,) = db.session.scalars(his)
    with app.test_request_context():
        mail = write_mail(message)
    body = text_of(mail)
    assert mail["To"] == bob.email
    assert f"/{language}/service/duties/{duty.id}" in body
    if language == "en":
        assert mail["Subject"] == SUBJECTS[kind]
        assert "Neighbours' Hall" in body and "Thu 26 Nov" in body
        assert ("planned for Thu 26 Nov, 14:00–16:00" in body) == (kind is MessageKind.DUTY_CHANGED)
    else:
        assert "翻译服务台" in mail["Subject"] and "邻里中心" in body
    assert ("大雨 Heavy rain." in body) == (kind is MessageKind.DUTY_CANCELLED)


def test_who_is_taken_off_reads_that_it_is_only_them(app, venue, alice, community):
    bob = make_assistant("bob", community)
    duty = make_duty(venue, alice, starts_at=START, title="Tea stall")
    held = make_assignment(duty, bob, AssignmentStatus.CONFIRMED)
    with unit_of_work():
        work.take_off(held.id, "The stall is smaller.", by=alice)
    (message,) = db.session.scalars(select(Message))
    with app.test_request_context():
        mail = write_mail(message)
    assert mail["Subject"] == "You are not on this duty any more: Tea stall"
    assert "The stall is smaller." in text_of(mail)
