"""Signing up without an account: what works, what is refused, and that nothing typed is lost."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from hub import clock
from hub.enums import EventStatus, MessageKind, SignUpStatus
from hub.extensions import db
from hub.integrations import signing
from hub.models import Event, Message, SignUp
from hub.services.event_data import data_of
from hub.services.events import cancel_event, update_event
from hub.transaction import unit_of_work
from tests.browser import HubClient, Page
from tests.factories import make_event, make_sign_up
from tests.people import BOB, EVE
from tests.tables import dump
from tests.web.test_events import an_event_in

MINA = {"name": "Mina Rashid", "contact": "mina@example.com", "agreed": True}
FORM = "form[action$='/sign-up']"


def open_form(client: HubClient, event: Event) -> Page:
    return client.get_page(f"/en/events/{event.id}/sign-up")


def the_sign_up() -> SignUp:
    return db.session.scalars(select(SignUp)).one()


def number_of(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def assert_kept(page: Page, **typed: str) -> None:
    """The form still holds what was typed."""
    for name, value in typed.items():
        assert page.one(f"{FORM} [name={name}]")["value"] == value
    assert page.one(f"{FORM} [name=agreed]").has_attr("checked")


# --- it works -----------------------------------------------------------------------------


def test_sign_up_leads_to_the_ticket(client, event):
    answer = client.submit(open_form(client, event), FORM, party_size="3", **MINA)
    ticket = client.follow(answer)
    booked = the_sign_up()
    assert "Your place is confirmed" in ticket.one("h1").get_text()
    assert "We keep 3 places for you" in ticket.text
    assert booked.number in ticket.text
    assert (booked.name, booked.contact, booked.party_size, booked.language, booked.status) == (
        "Mina Rashid", "mina@example.com", 3, "en", SignUpStatus.CONFIRMED,
    )  # fmt: skip
    assert booked.privacy_version
    assert db.session.get_one(Event, event.id).seats_taken == 3
    assert [m.kind for m in db.session.scalars(select(Message))] == [MessageKind.CONFIRMED]


def test_sign_up_by_htmx_sends_the_browser_to_the_ticket(client, event):
    answer = client.submit(open_form(client, event), FORM, htmx=True, **MINA)
    assert "Location" not in answer.response.headers
    assert "/en/tickets/" in answer.response.headers["HX-Redirect"]
    assert "Your place is confirmed" in client.follow(answer).text


def test_sign_up_with_a_phone_number_writes_no_mail(client, event):
    answer = client.submit(
        open_form(client, event), FORM, name="Dmitri", contact="138 1234 5678", agreed=True
    )
    assert "we cannot send it to a phone number" in client.follow(answer).text
    assert the_sign_up().contact == "+8613812345678"
    assert number_of(Message) == 0


def test_sign_up_keeps_the_language_that_was_chosen(client, event):
    client.submit(open_form(client, event), FORM, language="zh", **MINA)
    assert the_sign_up().language == "zh"


def test_form_offers_the_language_of_the_page(client, event):
    page = client.get_page(f"/zh/events/{event.id}/sign-up")
    assert page.one("select[name=language] option[selected]")["value"] == "zh"


def test_rule_18_form_says_what_for_and_until_when(client, event, app):
    page = open_form(client, event)
    day = clock.to_local(event.ends_at + timedelta(days=app.config["RETENTION_DAYS"]))
    assert f"deleted on {day:%a} {day.day} {day:%b %Y}" in page.text
    assert not page.one("[name=agreed]").has_attr("checked")


def test_party_that_does_not_fit_waits_and_is_told_its_place(client, venue):
    event = make_event(venue=venue, capacity=2)
    make_sign_up(event, party_size=1)
    make_sign_up(event, party_size=2)
    page = open_form(client, event)
    ticket = client.follow(client.submit(page, FORM, party_size="2", **MINA))
    assert "You are number 2 on the waiting list" in ticket.one("h1").get_text()
    assert db.session.get_one(Event, event.id).parties_waiting == 2


def test_full_event_offers_the_waiting_list(client, venue):
    event = make_event(venue=venue, capacity=1)
    make_sign_up(event)
    page = open_form(client, event)
    assert page.one("h1").get_text() == "Join the waiting list"
    assert "first come, first served" in page.text


def test_blanks_and_line_breaks_in_a_name_become_one(client, event):
    typed = MINA | {"name": "  Mina\r\n\tRashid  ", "contact": " Mina@Example.COM "}
    client.submit(open_form(client, event), FORM, **typed)
    assert (the_sign_up().name, the_sign_up().contact_key) == ("Mina Rashid", "mina@example.com")


# --- what was typed cannot be used --------------------------------------------------------

WRONG = {
    "no name": ({"name": ""}, "name", "Enter your name."),
    "blank name": ({"name": " \t "}, "name", "Enter your name."),
    "long name": ({"name": "x" * 81}, "name", "At most 80 characters."),
    "NUL in the name": ({"name": "Mi\0na"}, "name", "characters that cannot be used"),
    "escape in the name": ({"name": "Mi\x1bna"}, "name", "characters that cannot be used"),
    "no contact": ({"contact": ""}, "contact", "Enter an e-mail address or a phone number."),
    "half an address": ({"contact": "mina@"}, "contact", "not a complete e-mail address"),
    "two addresses": ({"contact": "a@example.com,b@example.com"}, "contact", "not a complete"),
    "a header": ({"contact": "a@example.com\r\nBcc: b@example.com"}, "contact", "not a complete"),
    "NUL in the contact": ({"contact": "a\0@example.com"}, "contact", "cannot be used"),
    "long contact": ({"contact": "x" * 250 + "@example.com"}, "contact", "At most 254"),
    "short number": ({"contact": "12345"}, "contact", "phone number"),
    "party of none": ({"party_size": "0"}, "party_size", "between 1 and 20"),
    "negative party": ({"party_size": "-3"}, "party_size", "between 1 and 20"),
    "party above the limit": ({"party_size": "5"}, "party_size", "Between 1 and 4 people"),
    "party above all limits": ({"party_size": "21"}, "party_size", "between 1 and 20"),
    "party of 20 digits": ({"party_size": "9" * 20}, "party_size", "between 1 and 20"),
    "party of 5000 digits": ({"party_size": "9" * 5000}, "party_size", "Enter a whole number."),
    "party in words": ({"party_size": "three"}, "party_size", "Enter a whole number."),
    "half a person": ({"party_size": "1.5"}, "party_size", "Enter a whole number."),
    "no number": ({"party_size": ""}, "party_size", "Enter a number."),
    "not agreed": ({"agreed": False}, "agreed", "Without this we cannot keep a place"),
}


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
@pytest.mark.parametrize("case", WRONG)
def test_wrong_input_is_refused_at_its_field_and_the_rest_is_kept(client, event, case, htmx):
    typed, field, words = WRONG[case]
    before = dump()
    page = client.submit(open_form(client, event), FORM, status=422, htmx=htmx, **(MINA | typed))
    assert dump() == before
    assert words in page.one(f"#{field}-error").get_text()
    assert page.one(f".error-summary a[href='#{field}']")
    assert page.one(f"{FORM} [name={field}]")["aria-invalid"] == "true"
    for name in {"name", "contact"} - {field}:
        assert page.one(f"{FORM} [name={name}]")["value"] == MINA[name]
    assert ("<html" in page.response.text) is not htmx


@pytest.mark.parametrize("language", ["xx", "", "en\0", "en,zh"])
def test_unknown_language_is_refused(client, event, language):
    page = open_form(client, event)
    sent = fields(page) | {"language": language}
    before = dump()
    client.post_page(f"/en/events/{event.id}/sign-up", sent, 422)
    assert dump() == before


def fields(page: Page, **typed: str) -> dict[str, str]:
    """The fields of the sign-up form, filled in for Mina."""
    inputs = {str(tag["name"]): str(tag.get("value", "")) for tag in page.all(f"{FORM} input")}
    return inputs | {"name": "Mina Rashid", "contact": "mina@example.com", "language": "en"} | typed


@pytest.mark.parametrize("code", ["xx", "ru", "EN", "%00"])
def test_language_that_is_not_spoken_here_is_not_found(client, event, code):
    path = f"/{code}/events/{event.id}/sign-up"
    client.get_page(path, 404)
    before = dump()
    assert client.post(path, data=MINA).status_code in (404, 405)
    assert dump() == before


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_name_of_ten_megabytes_is_too_much(client, event, htmx):
    sent = fields(open_form(client, event), name="x" * 10_000_000)
    before = dump()
    page = client.post_page(f"/en/events/{event.id}/sign-up", sent, 413, htmx=htmx)
    assert "Shorten it and send it again" in page.text
    assert dump() == before


def test_name_of_half_a_megabyte_is_too_much_or_too_long(client, event):
    path = f"/en/events/{event.id}/sign-up"
    sent = fields(open_form(client, event), name="x" * 600_000)
    before = dump()
    assert client.post(path, data=sent).status_code == 422
    head = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n'
    body = head + b"x" * 600_000 + b"\r\n--x--\r\n"
    answer = client.post(path, data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert dump() == before


def test_garbage_instead_of_a_form_is_refused(client, event):
    path = f"/en/events/{event.id}/sign-up"
    before = dump()
    for kind in ("application/json", "multipart/form-data", "multipart/form-data; boundary=x", ""):
        answer = client.post(path, data=b"\xff\x00{garbage", content_type=kind)
        assert answer.status_code in (400, 422), kind
    assert dump() == before


# --- guards -------------------------------------------------------------------------------


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
@pytest.mark.parametrize("token", ["", "forged", "验证码", "\udcff", "x" * 5000, "\0"])
def test_forged_token_is_refused_and_the_form_works_again(client, event, token, htmx):
    page = open_form(client, event)
    sent = fields(page, agreed="y")
    sent["csrf_token"] = token.encode("utf-8", "surrogateescape")
    before = dump()
    refused = client.post_page(f"/en/events/{event.id}/sign-up", sent, 422, htmx=htmx)
    assert dump() == before
    problems = [tag.get_text() for tag in refused.all(".error-summary li")]
    assert problems == ["This form was open for too long. Your text is kept: send it again."]
    assert_kept(refused, name="Mina Rashid", contact="mina@example.com")
    client.submit(refused, FORM)
    assert the_sign_up().name == "Mina Rashid"


def test_token_of_another_browser_is_refused(app, client, event):
    stranger = fields(open_form(EVE(app), event), agreed="y")
    open_form(client, event)
    client.post_page(f"/en/events/{event.id}/sign-up", stranger, 422)
    assert number_of(SignUp) == 0


def test_form_without_its_cookie_is_refused_and_kept(client, event):
    page = open_form(client, event)
    client.delete_cookie(client.application.config["SESSION_COOKIE_NAME"])
    refused = client.submit(page, FORM, status=422, **MINA)
    assert "open for too long" in refused.text
    assert_kept(refused, name="Mina Rashid", contact="mina@example.com")
    client.submit(refused, FORM)
    assert number_of(SignUp) == 1


def test_expired_token_is_refused_and_kept(app, client, event, monkeypatch):
    page = open_form(client, event)
    monkeypatch.setitem(app.config, "WTF_CSRF_TIME_LIMIT", -1)
    refused = client.submit(page, FORM, status=422, **MINA)
    assert "open for too long" in refused.text
    assert_kept(refused, name="Mina Rashid", contact="mina@example.com")
    monkeypatch.undo()
    client.submit(refused, FORM)
    assert number_of(SignUp) == 1


def stamp(app, hours: float, purpose: str = "SignUpForm") -> str:
    """A form's time stamp of some hours ago."""
    with app.test_request_context():
        signer = signing._form_signer()
        signer.get_timestamp = lambda: int(time.time() - hours * 3600)
        return signer.sign(purpose).decode()


def test_form_of_yesterday_is_refused_and_works_when_sent_again(app, client, event):
    page = open_form(client, event)
    page.one("[name=shown]")["value"] = stamp(app, hours=13)
    refused = client.submit(page, FORM, status=422, **MINA)
    assert "open for too long" in refused.text
    assert_kept(refused, name="Mina Rashid", contact="mina@example.com")
    client.submit(refused, FORM)
    assert number_of(SignUp) == 1


def test_form_that_was_open_for_hours_is_taken(app, client, event):
    page = open_form(client, event)
    page.one("[name=shown]")["value"] = stamp(app, hours=11)
    client.submit(page, FORM, **MINA)


@pytest.mark.parametrize("forged", ["", "forged", "SignUpForm", "时间", "\0"])
def test_forged_time_stamp_is_refused(client, event, forged):
    page = open_form(client, event)
    page.one("[name=shown]")["value"] = forged
    client.submit(page, FORM, status=422, **MINA)
    assert number_of(SignUp) == 0


def test_time_stamp_of_another_form_is_refused(app, client, event):
    page = open_form(client, event)
    page.one("[name=shown]")["value"] = stamp(app, 1, "OtherForm")
    client.submit(page, FORM, status=422, **MINA)
    assert number_of(SignUp) == 0


def test_form_that_comes_back_at_once_is_asked_to_look_again(app, client, event, monkeypatch):
    monkeypatch.setitem(app.config, "FORM_MIN_SECONDS", 60.0)
    before = dump()
    refused = client.submit(open_form(client, event), FORM, status=422, **MINA)
    assert "That was very quick" in refused.text
    assert dump() == before
    assert_kept(refused, name="Mina Rashid", contact="mina@example.com")


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_trap_for_machines(client, event, htmx):
    page = open_form(client, event)
    trap = page.one("[name=website]")
    assert trap.find_parent(attrs={"aria-hidden": "true"})
    assert trap["tabindex"] == "-1"
    before = dump()
    refused = client.submit(
        page, FORM, status=422, htmx=htmx, website="http://spam.example", **MINA
    )
    assert "trap for machines" in refused.text
    assert dump() == before


# --- rules refuse -------------------------------------------------------------------------


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_event_that_fills_while_the_form_is_open_says_so(client, venue, htmx):
    event = make_event(venue=venue, capacity=2, has_waiting_list=False)
    page = open_form(client, event)
    make_sign_up(event, party_size=2)
    before = dump()
    refused = client.submit(page, FORM, status=409, htmx=htmx, **MINA)
    assert dump() == before
    assert "All places are taken, and there is no waiting list." in refused.text
    assert_kept(refused, name="Mina Rashid", contact="mina@example.com")


def test_party_larger_than_what_is_left_is_told_so(client, venue):
    event = make_event(venue=venue, capacity=3, has_waiting_list=False)
    make_sign_up(event, party_size=2)
    before = dump()
    refused = client.submit(open_form(client, event), FORM, status=409, party_size="2", **MINA)
    assert "not enough free places" in refused.one("#party_size-error").get_text()
    assert dump() == before
    client.submit(refused, FORM, party_size="1")
    assert db.session.get_one(Event, event.id).seats_taken == 3


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
@pytest.mark.parametrize("phase", ["cancelled", "closed", "not_yet", "ended", "full"])
def test_form_of_an_event_that_takes_nobody_is_refused(client, venue, now, phase, htmx):
    open_one = make_event(venue=venue)
    sent = fields(open_form(client, open_one), agreed="y")
    event = an_event_in(phase, venue, now)
    before = dump()
    page = client.post_page(f"/en/events/{event.id}/sign-up", sent, 409, htmx=htmx)
    assert dump() == before
    assert page.one(".error-summary li").get_text().strip()
    assert_kept(page, name="Mina Rashid", contact="mina@example.com")


@pytest.mark.parametrize("phase", ["cancelled", "closed", "not_yet", "ended", "full"])
def test_page_of_an_event_that_takes_nobody_says_why_instead_of_a_form(client, venue, now, phase):
    page = open_form(client, an_event_in(phase, venue, now))
    assert page.one("h1").get_text() == "Sign-up is not possible now"
    assert page.one(".notice--warning").get_text().strip()
    assert not page.has(FORM)
    assert page.link("See other events") == "/en/events"


def test_draft_has_no_form(client, venue):
    draft = make_event(venue=venue, status=EventStatus.DRAFT)
    path = f"/en/events/{draft.id}/sign-up"
    client.get_page(path, 404)
    before = dump()
    client.post_page(path, MINA, 404)
    assert dump() == before


def test_event_cancelled_while_the_form_is_open(client, event, alice):
    page = open_form(client, event)
    with unit_of_work():
        cancel_event(event.id, {"en": "Flood."}, by=alice)
    refused = client.submit(page, FORM, status=409, **MINA)
    assert "This event is cancelled." in refused.text
    assert number_of(SignUp) == 0


def test_window_is_closed_to_the_minute(client, venue, now):
    event = make_event(venue=venue, sign_up_closes_at=now + timedelta(hours=1))
    page = open_form(client, event)
    with clock.fixed_at(now + timedelta(hours=1)):
        client.submit(page, FORM, status=409, **MINA)
    with clock.fixed_at(now + timedelta(minutes=59, seconds=59)):
        client.submit(page, FORM, **MINA)


def test_party_limit_that_sank_while_the_form_is_open(client, event, alice):
    page = open_form(client, event)
    data = data_of(event)
    data.party_limit = 2
    with unit_of_work():
        update_event(event.id, data, by=alice)
    refused = client.submit(page, FORM, status=422, party_size="3", **MINA)
    assert "Between 1 and 2 people" in refused.text
    assert refused.one("[name=party_size]")["max"] == "2"


# --- rule 2: again ------------------------------------------------------------------------


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_rule_02_double_click_is_one_sign_up_and_a_kind_answer(client, event, htmx):
    page = open_form(client, event)
    first = client.submit(page, FORM, htmx=htmx, **MINA)
    assert first.location
    second = client.submit(page, FORM, status=200, htmx=htmx, **MINA)
    assert "signed up for the event already" in second.text
    assert number_of(SignUp) == 1
    assert db.session.get_one(Event, event.id).seats_taken == 1


@pytest.mark.parametrize(
    "contact", ["bob@example.com", "BOB@example.com", "ｂｏｂ@example.com", " bob@EXAMPLE.com "]
)
def test_rule_02_answer_shows_nothing_of_the_first(client, event, contact):
    booked = make_sign_up(event, BOB, 3)
    code, number, token = booked.code, booked.number, signing.ticket_token(booked.code)
    before = client.submit(
        open_form(client, event), FORM, status=200, name="Somebody", contact=contact, agreed=True
    )
    for secret in ("Kamau", "Bob", code, number, token, "/tickets/", "3 people", "bob@"):
        assert secret not in before.response.text, secret
    assert "We send the private link" in before.text
    assert number_of(SignUp) == 1


def test_rule_02_answer_is_the_same_whatever_the_first_is(client, venue):
    """Confirmed or waiting, party of one or two: the answer cannot tell."""
    event = make_event(venue=venue, capacity=2)
    make_sign_up(event, contact="one@example.com", party_size=2)
    make_sign_up(event, contact="two@example.com", party_size=1)
    answers = set()
    for contact in ("one@example.com", "two@example.com"):
        page = open_form(client, event)
        sent = MINA | {"contact": contact}
        answers.add(str(client.submit(page, FORM, status=200, **sent).one("main")))
    assert len(answers) == 1


def test_rule_02_link_is_sent_again_once_in_ten_minutes(client, event, now):
    make_sign_up(event, BOB)
    typed = {"name": "Bob", "contact": "bob@example.com", "agreed": True}

    def links() -> int:
        kind = Message.kind == MessageKind.LINK_AGAIN
        return db.session.scalar(select(func.count()).select_from(Message).where(kind))

    for minutes, sent in ((0, 1), (1, 1), (9.9, 1), (10, 2), (19, 2), (20.5, 3)):
        with clock.fixed_at(now + timedelta(minutes=minutes)):
            client.submit(open_form(client, event), FORM, status=200, **typed)
        assert links() == sent, minutes


def test_rule_02_phone_is_told_where_its_link_is(client, event):
    make_sign_up(event, contact="+86 138 1234 5678")
    typed = {"name": "Dmitri", "contact": "13812345678", "agreed": True}
    page = client.submit(open_form(client, event), FORM, status=200, **typed)
    assert "Use the private link that you saved" in page.text
    assert number_of(Message) == 0


def test_rule_02_full_or_closed_event_answers_a_known_contact_kindly(client, venue, now):
    event = make_event(venue=venue, capacity=1, has_waiting_list=False)
    page = open_form(client, event)
    make_sign_up(event, BOB)
    typed = {"name": "Bob", "contact": "bob@example.com", "agreed": True}
    assert "already" in client.submit(page, FORM, status=200, **typed).text


def test_rule_02_whoever_cancelled_can_sign_up_again(client, event):
    page = client.follow(client.submit(open_form(client, event), FORM, **MINA))
    client.submit(client.get_page(page.link("I can’t come")))
    client.follow(client.submit(open_form(client, event), FORM, **MINA))
    statuses = list(db.session.scalars(select(SignUp.status).order_by(SignUp.id)))
    assert statuses == [SignUpStatus.CANCELLED, SignUpStatus.CONFIRMED]


# --- limits -------------------------------------------------------------------------------


def test_sixty_sign_ups_a_minute_from_one_address_pass_and_no_more(client, event, rate_limits):
    path = f"/en/events/{event.id}/sign-up"
    answers = [client.post(path, data={}).status_code for _ in range(61)]
    assert answers[:60] == [422] * 60
    assert answers[60] == 429
    page = client.post_page(path, {}, 429)
    assert "Wait a minute, then try again" in page.text
    part = client.post_page(path, {}, 429, htmx=True)
    assert "<html" not in part.response.text
    assert client.get(path).status_code == 200  # looking is free
    elsewhere = client.post(path, data={}, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.status_code == 422
