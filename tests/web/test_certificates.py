"""Certificates on the site: issued at the desk, shown to their person, checked by everybody."""

from datetime import date

import pytest

from hub.enums import CertificateStatus, MessageKind, RecordStatus
from hub.extensions import db
from hub.integrations.signing import new_certificate_code
from hub.models import Certificate, Message, User
from hub.services.certificates import issue_certificate, revoke_certificate
from hub.services.privacy import erase_user
from hub.transaction import unit_of_work
from hub.web.certificate_paper import hours_words, masked, paper
from hub.web.mails import write_mail
from tests.factories import local, make_user
from tests.mails import text_of
from tests.people import EVE
from tests.service_factories import make_assistant, make_record

SINCE, UNTIL = date(2026, 11, 1), date(2026, 11, 23)
REASON = "The hours were entered twice."


@pytest.fixture
def bob(community) -> User:
    user = make_assistant("bob", community)
    with unit_of_work():
        user.name = "Bob Smith"
    return user


@pytest.fixture
def records(bob, community, alice) -> int:
    """Three approved ones of 90 minutes, and one that waits."""
    for day in (10, 11, 12):
        make_record(
            bob,
            community,
            starts_at=local(f"2026-11-{day} 14:00"),
            status=RecordStatus.APPROVED,
            decided_by=alice,
        )
    make_record(bob, community, starts_at=local("2026-11-13 14:00"), minutes=60)
    return 3


@pytest.fixture
def certificate(bob, records, alice) -> Certificate:
    with unit_of_work():
        return issue_certificate(bob, SINCE, UNTIL, by=alice)


def revoke(certificate: Certificate, by: User) -> None:
    with unit_of_work():
        revoke_certificate(certificate.id, REASON, by=by)


# --- at the desk ------------------------------------------------------------------------------


def test_staff_see_what_it_will_contain_and_issue_it(app, bob, records, alice):
    client = EVE(app).log_in(alice)
    person = client.get_page(f"/en/desk/people/{bob.id}")
    page = client.get_page(person.link("Issue a certificate"))
    assert "3 approved records, 4 hours 30 minutes in all" in page.text
    assert "Not approved yet" in page.text
    assert "Waiting for approval" in page.text
    page = client.submit(page, "main form[method=get]", since="2026-11-12", until="2026-11-12")
    assert "1 approved record, 1 hour 30 minutes in all" in page.text
    shown = client.follow(client.submit(page))
    assert "The certificate is issued" in shown.text
    issued = db.session.get_one(Certificate, 1)
    assert (issued.period_from, issued.minutes) == (date(2026, 11, 12), 90)
    assert issued.number in shown.text


def test_presets_are_this_year_and_the_last_term(app, bob, records, alice):
    page = EVE(app).log_in(alice).get_page(f"/en/desk/certificates/new/{bob.id}")
    assert "since=2026-01-01&until=2026-11-23" in page.link("This year")
    assert "since=2026-10-24&until=2026-11-23" in page.link("Last term")


def test_older_certificate_is_offered_for_replacement(app, bob, certificate, alice):
    client = EVE(app).log_in(alice)
    page = client.get_page(f"/en/desk/certificates/new/{bob.id}")
    assert page.one("input[name=supersedes]").has_attr("checked")
    client.submit(page, status=303)
    assert certificate.status is CertificateStatus.SUPERSEDED
    old = client.get_page(f"/en/desk/certificates/{certificate.id}")
    assert old.link("Open the newer one").endswith("/certificates/2")
    page = client.get_page(f"/en/desk/certificates/new/{bob.id}")
    client.submit(page, supersedes=[])
    assert db.session.get_one(Certificate, 2).status is CertificateStatus.ISSUED


def test_empty_period_offers_no_button(app, bob, community, alice):
    make_record(bob, community)
    page = EVE(app).log_in(alice).get_page(f"/en/desk/certificates/new/{bob.id}")
    assert "There is no approved record in this period." in page.text
    assert not page.has("main form[method=post]")


def test_refusal_is_said_in_the_form(app, bob, records, alice):
    client = EVE(app).log_in(alice)
    page = client.get_page(f"/en/desk/certificates/new/{bob.id}?since=2026-11-01&until=2026-11-30")
    refused = client.submit(page, status=422)
    assert "The period ends today at the latest." in refused.text


@pytest.mark.parametrize("day", ["", "yesterday", "2026-13-40"])
def test_day_that_is_none_is_said_in_the_form(app, bob, records, alice, day):
    client = EVE(app).log_in(alice)
    token = client.get_page(f"/en/desk/certificates/new/{bob.id}").one("main [name=csrf_token]")
    data = {"since": day, "until": "2026-11-23", "csrf_token": token["value"]}
    page = client.post_page(f"/en/desk/certificates/new/{bob.id}", data, 422)
    assert page.has(".error-summary")


def test_rule_05_own_page_says_why_not(app, alice, community, sue):
    make_record(
        alice,
        community,
        starts_at=local("2026-11-10 14:00"),
        status=RecordStatus.APPROVED,
        decided_by=sue,
    )
    page = EVE(app).log_in(alice).get_page(f"/en/desk/certificates/new/{alice.id}")
    assert "Nobody decides on their own case" in page.text
    assert not page.has("main form[method=post]")


def test_rule_20_desk_of_another_place_finds_nothing(app, bob, certificate, sam):
    client = EVE(app).log_in(sam)
    for path in (f"new/{bob.id}", f"{certificate.id}", f"{certificate.id}/revoke", "99"):
        client.get_page(f"/en/desk/certificates/{path}", 404)
    assert "No certificate yet" in client.get_page("/en/desk/certificates").text


def test_revoking_asks_why_and_tells(app, bob, certificate, alice):
    client = EVE(app).log_in(alice)
    page = client.get_page(f"/en/desk/certificates/{certificate.id}")
    page = client.get_page(page.link("Revoke…"))
    assert "Say why." in client.submit(page, status=422).text
    shown = client.follow(client.submit(page, reason=REASON))
    assert REASON in shown.text
    assert not shown.all("a.button--danger")
    again = client.get_page(f"/en/desk/certificates/{certificate.id}/revoke")
    assert "This certificate was revoked already." in again.text


def test_list_is_searched_and_comes_as_fragment(app, bob, certificate, alice):
    client = EVE(app).log_in(alice)
    assert "Bob Smith" in client.get_page("/en/desk/certificates").text
    assert "Bob Smith" in client.get_page(f"/en/desk/certificates?q={certificate.number}").text
    assert "Nothing found" in client.get_page("/en/desk/certificates?q=nobody").text
    part = client.get_page("/en/desk/certificates?q=bob", htmx=True)
    assert part.has("#certificate-list") and not part.has("h1")


# --- its person -------------------------------------------------------------------------------


def test_person_sees_their_certificates(app, bob, certificate, alice):
    client = EVE(app).log_in(bob)
    page = client.get_page("/en/service/certificates")
    assert "4 hours 30 minutes" in page.text
    shown = client.get_page(page.link("4 hours 30 minutes"))
    for words in (certificate.number, "Bob Smith", "Translated at the desk.", "2026-11-10"):
        assert words in shown.text
    assert shown.one("svg.qr")
    revoke(certificate, alice)
    assert REASON in client.get_page(f"/en/service/certificates/{certificate.id}").text


def test_person_without_one_reads_how_to_get_one(app, bob):
    page = EVE(app).log_in(bob).get_page("/en/service/certificates")
    assert "Ask the office" in page.text


def test_rule_20_certificates_of_others_are_not_found(app, certificate, alice):
    client = EVE(app).log_in(make_user("carol", role=None))
    client.get_page(f"/en/service/certificates/{certificate.id}", 404)
    EVE(app).log_in(alice).get_page(f"/en/service/certificates/{certificate.id}", 404)
    EVE(app).get_page("/en/service/certificates", 303)


def test_rule_14_paper_says_time_content_and_recording_unit(app, certificate):
    with app.test_request_context("/en/"):
        made = paper(certificate)
    assert [row.minutes for row in made.rows] == [90, 90, 90]
    assert "4 hours 30 minutes" in [said.words for said in made.total]
    assert {said.tag for said in made.unit} == {"zh-Hans", "en"}
    assert made.holder == "Bob Smith"
    assert not made.has_annex


def test_long_certificate_is_summed_by_activity_with_an_annex(app, bob, community, alice):
    for day in range(1, 21):
        make_record(
            bob,
            community,
            starts_at=local(f"2026-10-{day:02} 14:00"),
            status=RecordStatus.APPROVED,
            decided_by=alice,
        )
    with unit_of_work():
        issued = issue_certificate(bob, date(2026, 10, 1), UNTIL, by=alice)
    page = EVE(app).log_in(bob).get_page(f"/en/service/certificates/{issued.id}")
    first, annex = page.all(".certificate")
    assert len(first.select("tbody tr")) == 1
    assert len(annex.select("tbody tr")) == 20
    assert "30 hours" in first.get_text(" ")


# --- everybody --------------------------------------------------------------------------------


def test_rule_14_public_page_tells_only_what_it_may(app, certificate, alice, client):
    page = client.get_page(f"/en/certificates/{certificate.number}")
    for told in ("is valid", "B** S****", "4 hours 30 minutes", "1 November 2026", "Liuxia"):
        assert told.lower() in page.text.lower()
    for secret in ("Bob", "Smith", "Translated", "Community hall", "Alice", "2026-11-10"):
        assert secret not in page.text
    assert "noindex" in page.response.headers["X-Robots-Tag"]
    revoke(certificate, alice)
    page = client.get_page(f"/en/certificates/{certificate.number}")
    assert "was revoked" in page.text
    assert REASON not in page.text


def test_public_page_of_a_superseded_one_says_so(app, certificate, bob, alice, client):
    with unit_of_work():
        newer = issue_certificate(bob, SINCE, UNTIL, by=alice, supersedes=[certificate.id])
    page = client.get_page(f"/zh/certificates/{certificate.code.lower()}")
    assert page.has(".notice--warning")
    assert newer.number not in page.text


def test_rule_18_public_page_after_the_account_is_deleted(app, certificate, bob, client):
    with unit_of_work():
        erase_user(db.session.get_one(User, bob.id))
    page = client.get_page(f"/en/certificates/{certificate.number}")
    assert "The name was deleted" in page.text
    assert "4 hours 30 minutes" in page.text


def test_code_is_typed_into_a_form(app, certificate, client):
    footer = client.get_page("/en/").link("Check a certificate")
    form = client.get_page(footer)
    sent = client.submit(form, "main form", code=f" {certificate.number.lower()} ", status=303)
    assert "is valid" in client.follow(sent).text
    assert "16 letters" in client.submit(form, "main form", code="K7", status=422).text


def test_guessed_code_is_not_found_in_a_friendly_way(app, certificate, client):
    page = client.get_page(f"/en/certificates/{new_certificate_code()}", 404)
    assert "There is no certificate with this code" in page.text
    assert page.one("input[name=code]")
    client.get_page("/en/certificates/%00%F0%9F%98%80", 404)


def test_guessing_is_limited_and_checking_is_not(app, certificate, client, rate_limits):
    for _ in range(20):
        client.get_page(f"/en/certificates/{new_certificate_code()}", 404)
    client.get_page(f"/en/certificates/{new_certificate_code()}", 429)


def test_checking_right_codes_is_not_limited(app, certificate, client, rate_limits):
    for _ in range(25):
        client.get_page(f"/en/certificates/{certificate.number}")


def test_address_of_the_qr_code_leads_on_in_the_visitors_language(app, certificate, client):
    page = client.get_page(f"/certificates/{certificate.number}", 302)
    assert page.location.endswith(f"/en/certificates/{certificate.number}")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Amal Eddine", "A*** E*****"),
        ("王小明", "王**"),
        ("王明", "王*"),
        ("محمد علي", "م*** ع**"),
        ("Pele", "P***"),
        ("王", "*"),
        ("古丽米热·阿卜杜", "古***·阿**"),
        ("Jean-Luc O", "J***-L** *"),
        ("E\u0301mile", "É****"),
        ("", ""),
    ],
)
def test_rule_14_names_are_masked(name, shown):
    assert masked(name) == shown


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(1, "1 minute"), (60, "1 hour"), (150, "2 hours 30 minutes"), (121, "2 hours 1 minute")],
)
def test_hours_are_said_as_people_say_them(app, minutes, words):
    with app.test_request_context("/en/"):
        assert hours_words(minutes) == words


# --- mails ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_rule_23_mails_are_in_the_language_of_their_reader(app, community, alice, language):
    user = make_user("wang", role=None, language=language)
    make_record(
        user,
        community,
        starts_at=local("2026-11-10 14:00"),
        status=RecordStatus.APPROVED,
        decided_by=alice,
    )
    with unit_of_work():
        issued = issue_certificate(user, SINCE, UNTIL, by=alice)
    revoke(issued, alice)
    for kind in (MessageKind.CERTIFICATE_ISSUED, MessageKind.CERTIFICATE_REVOKED):
        note = db.session.scalars(db.select(Message).where(Message.kind == kind)).one()
        with app.test_request_context():
            mail = write_mail(note)
        assert mail["Subject"]
        body = text_of(mail)
        assert f"/{language}/service/certificates/{issued.id}" in body
        assert "2026-11-01" in body
        assert (REASON in body) == (kind is MessageKind.CERTIFICATE_REVOKED)
        assert "%(" not in body
