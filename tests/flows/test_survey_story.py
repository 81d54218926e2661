"""From signing up to what people say: five neighbours answer, and the desk sees five (rule 17)."""

from datetime import timedelta

from hub import clock
from hub.enums import MessageKind, SignUpStatus
from hub.extensions import db
from hub.models import Message, SignUp
from hub.transaction import unit_of_work
from hub.web import worker
from hub.web.mails import write_mail
from tests.browser import HubClient
from tests.people import EVE


def test_neighbours_come_answer_and_are_heard(app, client: HubClient, event, alice):
    tickets = []
    for number in range(5):
        form = client.get_page(f"/en/events/{event.id}/sign-up")
        name, contact = f"Neighbour {number}", f"neighbour{number}@example.com"
        sent = client.submit(form, name=name, contact=contact, agreed=True)
        tickets.append(sent.location)
    assert "three taps" not in client.get_page(tickets[0]).text
    with unit_of_work():  # the door, until it has a page of its own
        for row in db.session.scalars(db.select(SignUp)):
            row.status = SignUpStatus.ATTENDED
    desk = EVE(app).log_in(alice)
    results = f"/en/desk/surveys/{event.id}"
    with clock.fixed_at(event.ends_at + timedelta(hours=3)):
        worker._queue_surveys()
        query = db.select(Message).where(Message.kind == MessageKind.EVENT_SURVEY)
        messages = list(db.session.scalars(query))
        assert len(messages) == 5
        with app.test_request_context():
            written = write_mail(messages[0])
        mail = written.get_body(("plain",)).get_content()
        db.session.rollback()
        assert "/en/surveys/" in mail and written["List-Unsubscribe-Post"]
        for number, ticket in enumerate(tickets):
            assert "Too few answers" in desk.get_page(results).text
            page = client.get_page(client.get_page(ticket).link("three taps"))
            client.submit(
                page,
                "#survey-form form",
                enjoyed="5" if number else "2",
                understood="3",
                again="3",
                comment="고맙습니다." if number == 3 else "",
                language="ko" if number == 3 else "en",
            )
        told = desk.get_page(results)
    assert "Too few answers" not in told.text and "고맙습니다." in told.text
    assert "80%" in told.text and "Neighbour" not in told.text
