"""People at the desk: list, page, papers, roles."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import event as sqlalchemy_event

from hub import clock
from hub.enums import ConsentPurpose, LanguageLevel, Programme, StaffRole
from hub.extensions import db
from hub.models import Appointment, AuditEntry, Community, PaperSeen, User
from hub.services.consents import set_consents
from hub.services.people import ProfileData, save_profile
from hub.transaction import unit_of_work
from tests.accounts import set_up_app
from tests.browser import HubClient
from tests.factories import make_event, make_sign_up, make_user, make_venue
from tests.people import EVE
from tests.tables import changed, dump

PEOPLE = "/en/desk/people"


def resident(name: str, /, **profile: object) -> User:
    user = make_user(name, role=None)
    with unit_of_work():
        save_profile(user, ProfileData(**({"name": user.name} | profile)), by=user)
    return user


@pytest.fixture
def rita(community: Community) -> User:
    return resident(
        "rita",
        name="Rita Otieno",
        spoken_name="丽塔",
        school="ZJUT",
        country="KE",
        phone="+8613812345678",
        community_id=community.id,
        weekdays=frozenset({0, 5}),
        languages={"sw": (LanguageLevel.NATIVE, LanguageLevel.B2)},
    )


def paths(person: User) -> list[str]:
    here = f"{PEOPLE}/{person.id}"
    return [PEOPLE, here, f"{here}/papers"]


# --- who may look --------------------------------------------------------------------------------


def test_anonymous_is_sent_to_log_in(client: HubClient, rita: User) -> None:
    for path in [*paths(rita), f"{PEOPLE}/{rita.id}/roles/new"]:
        assert "/account/login" in client.get_page(path, 303).location
        assert client.get(path, headers={"HX-Request": "true"}).status_code == 401


def test_rule_20_resident_has_no_desk(client: HubClient, rita: User) -> None:
    client.log_in(rita)
    for path in [*paths(rita), f"{PEOPLE}/{rita.id}/roles/new"]:
        client.get_page(path, 404)
        client.post_page(path, {}, 405 if path in paths(rita)[:2] else 404)


def test_rule_20_staff_see_only_their_own_people(
    client: HubClient, rita: User, alice: User, sam: User
) -> None:
    page = client.log_in(sam).get_page(PEOPLE)
    assert "Rita" not in page.text and "Sam" in page.text
    for path in paths(rita)[1:]:
        client.get_page(path, 404)
    client.post_page(paths(rita)[2], {"paper": "passport"}, 404)
    client.get_page(f"{PEOPLE}/999", 404)
    other = EVE(client.application).log_in(alice)
    assert "Rita Otieno" in other.get_page(PEOPLE).text
    other.get_page(f"{PEOPLE}/{rita.id}")
    other.get_page(f"{PEOPLE}/{sam.id}", 404)


@pytest.mark.parametrize("who", ["alice", "sue"])
def test_rule_20_roles_are_for_administrators(
    client: HubClient, rita: User, alice: User, who: str, request: pytest.FixtureRequest
) -> None:
    staff = request.getfixturevalue(who)
    client.log_in(staff)
    page = client.get_page(f"{PEOPLE}/{rita.id}")
    assert "Give a role" not in page.text
    membership = alice.roles[0].id
    for path in (f"{rita.id}/roles/new", f"{alice.id}/roles/{membership}/take"):
        client.get_page(f"{PEOPLE}/{path}", 404)
        client.post_page(f"{PEOPLE}/{path}", {"reason": "because"}, 404)


# --- the list ------------------------------------------------------------------------------------


def test_list_says_who_people_are(client: HubClient, rita: User, alice: User) -> None:
    page = client.log_in(alice).get_page(PEOPLE)
    row = page.one(f"#person-{rita.id}").get_text(" ")
    for words in ("Rita Otieno", "丽塔", "Swahili", "Kenya", "Heyuan"):
        assert words in row
    assert page.one(".desk-nav [aria-current]").get_text(strip=True) == "People"
    assert "+86138" not in page.text  # no contacts in the list


def test_search_as_one_types_is_the_same_list(client: HubClient, rita: User, ada: User) -> None:
    resident("paul", name="Paul")
    page = client.log_in(ada).get_page(PEOPLE)
    found = client.submit(page, "main form", q="丽塔")
    assert "Rita" in found.text and "Paul" not in found.text
    fragment = client.get_page(f"{PEOPLE}?q=rita&country=KE", htmx=True)
    assert not fragment.has("h1") and fragment.has("#people-list")
    whole = client.get_page(f"{PEOPLE}?q=rita&country=KE")
    assert str(fragment.one("#people-list")) == str(whole.one("#people-list"))
    assert whole.one("#country option[selected]")["value"] == "KE"


@pytest.mark.parametrize(
    "query",
    [
        "language=sw",
        "country=ke",
        "community={community}",
        "programme=assistant&day=2026-11-23",
        "q=rita",
    ],
)
def test_each_filter_finds_and_excludes(
    client: HubClient, rita: User, ada: User, community: Community, query: str
) -> None:
    resident("paul", name="Paul", country="FR", languages={"fr": (LanguageLevel.B1, None)})
    with unit_of_work():
        db.session.add(
            Appointment(
                user_id=rita.id,
                programme=Programme.ASSISTANT,
                starts_on=date(2026, 1, 1),
                ends_on=date(2026, 12, 31),
                accepted_at=clock.now(),
                created_at=clock.now(),
            )
        )
    page = client.log_in(ada).get_page(f"{PEOPLE}?{query.format(community=community.id)}")
    assert "Rita" in page.text and "Paul" not in page.one("#people-list").get_text()


@pytest.mark.parametrize(
    "query",
    [
        "after=x&community=x&programme=x&day=x&language=x&country=x1",
        "after=99999999999&community=99999999999",
        "q=%00%ff&day=9999-12-31&country=%E4%B8%AD%E5%9B%BD",
        "after=²&community=²",
    ],
)
def test_nonsense_in_the_address_is_left_out(client: HubClient, ada: User, query: str) -> None:
    client.log_in(ada).get_page(f"{PEOPLE}?{query}")


def test_empty_list_teaches(client: HubClient, ada: User) -> None:
    page = client.log_in(ada).get_page(f"{PEOPLE}?q=nobody-of-this-name")
    assert "Nobody fits" in page.text and page.link("Show all")


def test_list_has_pages(client: HubClient, ada: User) -> None:
    for number in range(31):
        make_user(f"n{number}", role=None)
    page = client.log_in(ada).get_page(PEOPLE)
    assert len(page.all("#people-list > ul > li")) == 30
    page = client.get_page(page.one("a[rel=next]")["href"])
    assert len(page.all("#people-list > ul > li")) == 2
    client.get_page(page.link("From the start"))


def test_list_costs_the_same_for_one_and_for_thirty(
    app: Flask, client: HubClient, rita: User, alice: User, community: Community
) -> None:
    client.log_in(alice)

    def queries() -> int:
        seen: list[str] = []

        def note(*args: object) -> None:
            seen.append(str(args[2]))

        sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
        client.get_page(PEOPLE)
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    few = queries()
    for number in range(28):
        resident(f"n{number}", community_id=community.id, languages={"fr": (None, None)})
    assert queries() == few


# --- one person ----------------------------------------------------------------------------------


def test_page_of_a_person(client: HubClient, rita: User, alice: User, community: Community) -> None:
    event = make_event(venue=make_venue(community))
    make_sign_up(event, contact=rita.email)
    with unit_of_work():
        db.session.add(
            Appointment(
                user_id=rita.id,
                programme=Programme.LECTURER,
                community_id=community.id,
                starts_on=date(2026, 1, 1),
                ends_on=date(2026, 12, 31),
                accepted_at=clock.now(),
                created_at=clock.now(),
            )
        )
    page = client.log_in(alice).get_page(f"{PEOPLE}/{rita.id}")
    for words in (
        *("Rita Otieno", "丽塔", "Kenya", "ZJUT", "+8613812345678", "rita@staff.example.com"),
        *("Mother tongue", "B2", "Mon", "Sat", "Peer legal lecturer", event.title),
        *("The account was made.", "The profile was changed."),
    ):
        assert words in page.text, words
    assert "Tue" not in page.one("#person-facts").get_text()
    assert page.response.headers["Cache-Control"] == "private, no-store"


def test_page_of_somebody_without_a_profile(client: HubClient, ada: User) -> None:
    person = make_user("newcomer", role=None)
    page = client.log_in(ada).get_page(f"{PEOPLE}/{person.id}")
    assert "has not filled in a profile" in page.text
    assert "no desk" in page.text


def test_rule_06_looking_is_logged_once_a_day(client: HubClient, rita: User, alice: User) -> None:
    client.log_in(alice)
    client.get_page(PEOPLE)
    before = dump()
    for _ in range(3):
        client.get_page(f"{PEOPLE}/{rita.id}")
    after = dump()
    assert set(changed(before, after)) == {"audit_entries"}
    views = db.session.query(AuditEntry).filter_by(action="view").all()
    assert [(v.actor_id, v.subject, v.subject_id) for v in views] == [(alice.id, "user", rita.id)]


def test_own_page_is_not_logged_and_decides_nothing(client: HubClient, ada: User) -> None:
    page = client.log_in(ada).get_page(f"{PEOPLE}/{ada.id}")
    assert "Nobody decides on their own case" in page.text
    assert "Give a role" not in page.text and "Take away" not in page.text
    assert db.session.query(AuditEntry).filter_by(action="view").count() == 0


# --- papers --------------------------------------------------------------------------------------


def test_paper_is_noted(client: HubClient, rita: User, alice: User) -> None:
    page = client.log_in(alice).get_page(f"{PEOPLE}/{rita.id}")
    page = client.get_page(page.link("Note a paper"))
    assert "number" not in {tag["name"] for tag in page.all("main input, main select")}
    page = client.follow(client.submit(page, paper="student_card", valid_until="2027-06-30"))
    assert "Student card" in page.text
    assert "Seen by Alice on Mon 23 Nov" in page.text
    assert "30 Jun 2027" in page.text
    assert db.session.query(PaperSeen).one().valid_until == date(2027, 6, 30)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"valid_until": "2026-11-22"}, "not valid any more"),
        ({"valid_until": "soon"}, "Enter a day"),
        ({"paper": "tattoo"}, "Choose one from the list."),
    ],
)
def test_paper_that_cannot_be_noted_keeps_the_form(
    client: HubClient, rita: User, alice: User, typed: dict[str, str], words: str
) -> None:
    page = client.log_in(alice).get_page(f"{PEOPLE}/{rita.id}/papers")
    token = page.one("main [name=csrf_token]")["value"]
    data = {"csrf_token": token, "paper": "passport"} | typed
    page = client.post_page(f"{PEOPLE}/{rita.id}/papers", data, 422)
    assert words in page.one(".error-summary").get_text()
    assert db.session.query(PaperSeen).count() == 0


def test_rule_05_own_paper_is_refused(client: HubClient, alice: User) -> None:
    client.log_in(alice)
    url = f"{PEOPLE}/{alice.id}/papers"
    page = client.get_page(url)
    assert "Nobody decides on their own case" in page.text and not page.has("main form")
    token = client.get_page("/en/desk/events/new").html.select_one("[name=csrf_token]")["value"]
    page = client.post_page(url, {"csrf_token": token, "paper": "passport"}, 409)
    assert "Nobody decides on their own case" in page.one(".error-summary").get_text()
    assert db.session.query(PaperSeen).count() == 0


# --- roles ---------------------------------------------------------------------------------------


def test_role_is_given_and_taken(
    client: HubClient, rita: User, ada: User, community: Community
) -> None:
    page = client.log_in(ada).get_page(f"{PEOPLE}/{rita.id}")
    page = client.get_page(page.link("Give a role"))
    page = client.follow(client.submit(page, role="staff", community_id=community.id))
    assert "Staff, Heyuan" in page.text and "A role was given." in page.text
    assert "Community: Heyuan" in page.text
    confirm = client.get_page(page.link("Take away"))
    assert "Staff, Heyuan" in confirm.text
    refused = client.submit(confirm, status=422, reason="  ")
    assert "Say why." in refused.one(".error-summary").get_text()
    page = client.follow(client.submit(confirm, reason="She moved to Dongyue."))
    assert "She moved to Dongyue." in page.text
    assert db.session.get(User, rita.id).roles == []


def test_role_form_refuses_what_makes_no_sense(
    client: HubClient, rita: User, ada: User, community: Community
) -> None:
    url = f"{PEOPLE}/{rita.id}/roles/new"
    page = client.log_in(ada).get_page(url)
    page = client.submit(page, status=422, role="admin", community_id=community.id)
    assert "Only staff belong to one community." in page.one(".error-summary").get_text()
    assert page.one("#role option[selected]")["value"] == "admin"
    client.submit(page, role="admin", community_id=0)
    page = client.get_page(url)
    page = client.submit(page, status=409, role="admin", community_id=0)
    assert "has this role already" in page.one(".error-summary").get_text()


def test_rule_05_administrator_cannot_change_themselves(client: HubClient, ada: User) -> None:
    make_user("grace", role=StaffRole.ADMIN)
    client.log_in(ada)
    token = client.get_page("/en/desk/events/new").html.select_one("[name=csrf_token]")["value"]
    membership = ada.roles[0].id
    before = dump()
    for path, data in (
        ("roles/new", {"role": "staff", "community_id": 0}),
        (f"roles/{membership}/take", {"reason": "tired"}),
    ):
        url = f"{PEOPLE}/{ada.id}/{path}"
        page = client.get_page(url)
        assert "Nobody decides on their own case" in page.text and not page.has("main form")
        page = client.post_page(url, {"csrf_token": token} | data, 409)
        assert "Nobody decides on their own case" in page.one(".error-summary").get_text()
    assert changed(before, dump()) == {}


def test_last_administrator_stays(client: HubClient, ada: User) -> None:
    grace = make_user("grace", role=StaffRole.ADMIN)
    client.log_in(ada)
    page = client.get_page(f"{PEOPLE}/{grace.id}/roles/{grace.roles[0].id}/take")
    with unit_of_work():  # while the page is open, ada herself loses the role
        db.session.delete(db.session.get(User, ada.id).roles[0])
    before = dump()
    client.submit(page, status=404, reason="she left")
    assert changed(before, dump()) == {}


def test_rule_20_role_of_another_person_is_not_found(
    client: HubClient, rita: User, alice: User, ada: User
) -> None:
    client.log_in(ada)
    url = f"{PEOPLE}/{rita.id}/roles/{alice.roles[0].id}/take"
    client.get_page(url, 404)
    client.post_page(url, {"reason": "because"}, 404)
    client.get_page(f"{PEOPLE}/{rita.id}/roles/999/take", 404)


def test_stale_form_keeps_what_was_typed(client: HubClient, alice: User, ada: User) -> None:
    url = f"{PEOPLE}/{alice.id}/roles/{alice.roles[0].id}/take"
    page = client.log_in(ada).post_page(url, {"reason": "She moved."}, 422)
    assert page.one("[name=reason]").get_text().strip() == "She moved."
    assert len(db.session.get(User, alice.id).roles) == 1


# --- the police unit -----------------------------------------------------------------------------


def test_police_unit_makes_a_law_talk_anywhere(client: HubClient, community: Community) -> None:
    venue = make_venue(community)
    client.log_in(make_user("pol", role=StaffRole.POLICE))
    page = client.get_page("/en/desk/events/new")
    kinds = [option["value"] for option in page.all("#kind option")]
    assert kinds == ["law_talk", "training"]
    typed = {"starts_at": "2026-12-05T14:00", "ends_at": "2026-12-05T16:00"}
    page = client.follow(client.submit(page, **typed, **{"text_en-title": "Know the law"}))
    assert page.one("h1").get_text() == "Know the law"
    client.get_page("/en/desk")
    festival = make_event(venue=venue)
    client.get_page(f"/en/desk/events/{festival.id}", 404)
    client.get_page(f"/en/desk/events/{festival.id}/sign-ups", 404)
    assert festival.title not in client.get_page("/en/desk/events").text
    assert "/en/desk/venues" not in str(client.get_page("/en/desk").html)
    for path in ("venues", "venues/new", f"venues/{venue.id}/edit"):
        client.get_page(f"/en/desk/{path}", 404)


def test_police_unit_is_not_sent_to_add_a_venue(client: HubClient, community: Community) -> None:
    client.log_in(make_user("pol", role=StaffRole.POLICE))
    for path in ("desk", "desk/events/new"):
        page = client.get_page(f"/en/{path}")
        assert "the staff of the community to add" in page.text
        assert not page.has("a[href*='/desk/venues']")


def test_police_unit_runs_a_series(client: HubClient, community: Community) -> None:
    make_venue(community)
    client.log_in(make_user("pol", role=StaffRole.POLICE))
    page = client.get_page("/en/desk/events/new")
    typed = {"starts_at": "2026-12-05T14:00", "ends_at": "2026-12-05T16:00"}
    typed |= {"repeat": "weekly", "times": "3", "text_en-title": "Know the law"}
    page = client.follow(client.submit(page, **typed))
    assert len(page.all(".desk-list > li")) == 3


def test_rule_18_police_unit_gets_name_languages_and_contact(client: HubClient, rita: User) -> None:
    police = make_user("pol", role=StaffRole.POLICE)
    url = f"{PEOPLE}/{rita.id}"
    client.log_in(police)
    client.get_page(url, 404)
    with unit_of_work():
        set_consents(db.session.get(User, rita.id), {ConsentPurpose.POLICE_TRAINERS}, "en")
    page = client.get_page(f"{PEOPLE}?country=FR&community=999&programme=lecturer")
    row = page.one(f"#person-{rita.id}").get_text()
    assert "Rita Otieno" in row and "Swahili" in row
    assert "Kenya" not in page.text and "Heyuan" not in page.text
    page = client.get_page(url)
    for words in ("Rita Otieno", "Swahili", "rita@staff.example.com", "+8613812345678"):
        assert words in page.text
    for words in ("Kenya", "ZJUT", "Heyuan", "Papers seen", "What was decided", "Free on"):
        assert words not in page.text
    client.get_page(f"{url}/papers", 404)
    client.post_page(f"{url}/papers", {"paper": "passport"}, 404)


# --- a lost second step --------------------------------------------------------------------------


def test_lost_second_step_is_reset_from_the_persons_page(
    client: HubClient, rita: User, ada: User
) -> None:
    here = f"{PEOPLE}/{rita.id}"
    client.log_in(ada)
    assert "Reset the second step" not in client.get_page(here).text
    set_up_app(rita)
    page = client.get_page(client.get_page(here).link("Reset the second step"))
    refused = client.submit(page, status=422, reason=" ")
    assert refused.one(".error-summary a")["href"] == "#reason"
    done = client.follow(client.submit(page, status=303, reason="The phone is lost."))
    assert "The second step is reset." in done.text
    assert "Reset the second step" not in done.text
    assert "The phone is lost." in done.text  # on the trail
    again = client.submit(page, status=409, reason="Once more.")
    assert "This person has set up no second step." in again.text
    EVE(client.application).log_in(rita)  # the password alone


def test_rule_05_own_second_step_is_for_a_colleague(client: HubClient, ada: User) -> None:
    client.log_in(ada)
    set_up_app(ada)
    here = f"{PEOPLE}/{ada.id}"
    assert f"{here}/second-step/reset" not in str(client.get_page(here).html)
    page = client.get_page(f"{here}/second-step/reset")
    assert "Nobody decides on their own case." in page.text
    assert not page.has("main form")


@pytest.mark.parametrize("who", ["alice", "sue"])
def test_rule_20_second_step_is_reset_by_administrators(
    client: HubClient, rita: User, who: str, request: pytest.FixtureRequest
) -> None:
    set_up_app(rita)
    client.log_in(request.getfixturevalue(who))
    assert "Reset the second step" not in client.get_page(f"{PEOPLE}/{rita.id}").text
    client.get_page(f"{PEOPLE}/{rita.id}/second-step/reset", 404)
    client.post_page(f"{PEOPLE}/{rita.id}/second-step/reset", {"reason": "because"}, 404)
