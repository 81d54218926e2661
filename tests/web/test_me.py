"""One's own pages: sign-ups, profile, consents, data. Each person sees only their own."""

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import CONSENT_VERSION, ConsentPurpose, EventStatus, LanguageLevel, StaffRole
from hub.extensions import db
from hub.i18n import in_language
from hub.models import Consent, PersonLanguage, Profile, SignUp, User
from hub.queries.consents import has_consent
from hub.services.accounts import create_user
from hub.services.people import note_paper_seen
from hub.transaction import unit_of_work
from tests.browser import HubClient
from tests.factories import PASSWORD, local, make_event, make_sign_up, make_user
from tests.people import BOB, EVE
from tests.tables import changed, dump

PAGES = ("/en/me", "/en/me/profile", "/en/me/consents", "/en/me/data", "/en/me/data/delete")
CONSENTS = "form[action$='/consents']"
PROFILE = "form[action$='/profile']"


@pytest.fixture
def bob(db_session) -> User:
    with unit_of_work():
        return create_user(email=BOB.contact.value, name=BOB.name, password=PASSWORD, language="en")


@pytest.fixture
def browser(app, bob) -> HubClient:
    return EVE(app).log_in(bob)


def stale(browser: HubClient) -> None:
    """The log-in was long ago."""
    with browser.session_transaction() as session:
        session["fs_paa"] = 0


# --- who may ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_whoever_is_not_logged_in_is_asked_to(client, path):
    page = client.get_page(path, 303)
    assert "/en/account/login" in page.location
    assert path.partition("/en")[2].replace("/", "%2F") in page.location or path in page.location


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_kept_by_nobody(browser, path):
    headers = browser.get_page(path).response.headers
    assert headers["Cache-Control"] == "private, no-store"
    assert "noindex" in headers["X-Robots-Tag"]


@pytest.mark.parametrize("path", PAGES)
def test_looking_changes_nothing(browser, path):
    browser.get_page(path)
    before = dump()
    browser.get_page(path)
    browser.head(path)
    assert changed(before, dump()) == {}


@pytest.mark.parametrize("path", ["/en/me/data/export"])
def test_export_is_not_an_address_to_open(browser, path):
    browser.get_page(path, 405)


# --- my things ----------------------------------------------------------------------------


def test_my_sign_ups_stand_with_state_and_place(browser, venue):
    coming = make_event(venue=venue, capacity=1, title="Dumplings")
    make_sign_up(coming)
    make_sign_up(coming, BOB, 1)
    past = make_event(venue=venue, starts_at=local("2026-11-01 14:00"), title="Old talk")
    make_sign_up(past, BOB)
    off = make_event(venue=venue, title="Rained off", starts_at=local("2026-11-28 14:00"))
    make_sign_up(off, BOB)
    make_sign_up(make_event(venue=venue, title="Of others"))
    page = browser.get_page("/en/me")
    first, second = page.all("section")[:2]
    assert "Dumplings" in first.get_text()
    assert "number 1 on the waiting list" in " ".join(first.get_text().split())
    assert "Old talk" in second.get_text()
    assert "Of others" not in page.text
    browser.get_page(page.link("Dumplings"))


def test_cancelled_event_is_called_so(browser, venue, sue):
    from hub.services.events import cancel_event

    event = make_event(venue=venue)
    make_sign_up(event, BOB)
    with unit_of_work():
        cancel_event(event.id, {"en": "Rain."}, by=sue)
    assert db.session.get(type(event), event.id).status is EventStatus.CANCELLED
    assert "The event is cancelled" in browser.get_page("/en/me").text


def test_empty_page_teaches_and_asks_for_the_profile(browser):
    page = browser.get_page("/en/me")
    assert "Nothing planned yet" in page.text
    assert page.link("Complete my profile") == "/en/me/profile"
    assert page.link("Find an event") == "/en/events"


def test_thirty_sign_ups_cost_no_more_queries_than_one(browser, venue, count_queries):
    make_sign_up(make_event(venue=venue), BOB)
    one = count_queries(lambda: browser.get_page("/en/me"))
    for number in range(30):
        event = make_event(venue=venue, capacity=1)
        if number % 2:
            make_sign_up(event)
        make_sign_up(event, BOB)
    assert count_queries(lambda: browser.get_page("/en/me")) == one


@pytest.fixture
def count_queries(db_session):
    from sqlalchemy import event as sqla_event

    def count(act) -> int:
        seen = []

        def note(*args):
            seen.append(args[2])

        sqla_event.listen(db.engine, "before_cursor_execute", note)
        try:
            act()
        finally:
            sqla_event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    return count


# --- profile ------------------------------------------------------------------------------


def row(number: int, language: str, oral: str = "", written: str = "") -> dict[str, str]:
    parts = {"language": language, "oral": oral, "written": written}
    return {f"spoken_{number}-{part}": value for part, value in parts.items()}


def test_profile_is_saved_and_shown_again(browser, bob, community):
    page = browser.get_page("/en/me/profile")
    answer = browser.submit(
        page, PROFILE, name=" Bob  Kamau ", spoken_name="Bobby", school="ZJU", country="KE",
        community_id=community.id, phone="138 1234 5678", weekdays=[0, 6],
        **row(0, "sw", "native"), **row(1, "en", "C1", "B2"),
    )  # fmt: skip
    assert "Your profile is saved" in browser.follow(answer).text
    profile = db.session.get_one(Profile, bob.id)
    assert (profile.country, profile.phone, profile.weekdays, profile.community_id) == (
        "KE", "+8613812345678", 0b1000001, community.id,
    )  # fmt: skip
    assert {r.language: (r.oral, r.written) for r in profile.languages} == {
        "sw": (LanguageLevel.NATIVE, None),
        "en": (LanguageLevel.C1, LanguageLevel.B2),
    }
    again = browser.get_page("/en/me/profile")
    assert again.one("[name=name]")["value"] == "Bob Kamau"
    assert len(again.all("[name$='-language']")) == 3
    browser.submit(again, PROFILE)
    assert len(db.session.get_one(Profile, bob.id).languages) == 2


def test_names_that_grow_when_folded_fit(browser, bob):
    page = browser.get_page("/en/me/profile")
    browser.submit(page, PROFILE, name="ﷺ" * 120, spoken_name="ﷺ" * 120)  # 18 letters each
    assert len(db.session.get_one(Profile, bob.id).search_key) == 400


def test_profile_of_another_cannot_be_written(app, browser, bob):
    eve = make_user("eve", role=None)
    browser.submit(browser.get_page("/en/me/profile"), PROFILE, name="Robert")
    assert db.session.get_one(User, eve.id).name == "Eve"
    assert db.session.get(Profile, eve.id) is None


def test_levels_stand_with_cefr_and_hsk(browser):
    words = browser.get_page("/en/me/profile").one("[name='spoken_0-oral']").get_text()
    assert "B1" in words
    assert "HSK 3" in words


def test_each_field_says_why_and_until_when(browser):
    page = browser.get_page("/en/me/profile")
    hints = [tag.get_text() for tag in page.all(f"{PROFILE} .field__hint")]
    assert len(hints) == 9
    assert all("Deleted with your account." in hint for hint in hints)
    assert not [name for name in ("passport", "visa", "number_of") if page.has(f"[name*={name}]")]


def test_lines_are_added_and_removed_without_saving(browser, bob):
    page = browser.get_page("/en/me/profile")
    more = browser.submit(
        page, PROFILE, press="add", status=200, name="Robert", **row(0, "en", "C1")
    )
    assert len(more.all("[name$='-language']")) == 3
    assert more.one("[name=name]")["value"] == "Robert"
    more = browser.submit(more, PROFILE, press="add", status=200, **row(2, "sw", "native"))
    fewer = browser.submit(more, PROFILE, press="remove", status=200)  # the first line
    left = [tag["value"] for tag in fewer.all("[name$='-language'] option[selected]")]
    assert [value for value in left if value] == ["sw"]
    assert db.session.get(Profile, bob.id) is None
    browser.submit(fewer, PROFILE)
    assert list(db.session.scalars(select(PersonLanguage.language))) == ["sw"]


def test_enter_in_a_field_saves(browser):
    buttons = browser.get_page("/en/me/profile").all(f"{PROFILE} button")
    assert not buttons[0].get("name")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": " "}, "Enter your name."),
        ({"name": "x" * 121}, "At most 120 characters."),
        ({"phone": "bob@example.com"}, "This is no phone number."),
        ({"phone": "12"}, "This is no phone number."),
        (row(0, "", "C1"), "Choose the language"),
        (row(0, "en"), "Say how well"),
        ({**row(0, "en", "C1"), **row(1, "en", "C2")}, "stands here twice"),
    ],
)
def test_what_cannot_be_used_is_said_and_kept(browser, typed, words):
    page = browser.get_page("/en/me/profile")
    before = dump()
    wrong = browser.submit(page, PROFILE, status=422, school="Kept", **typed)
    assert words in wrong.one(".error-summary").get_text(" ")
    assert wrong.one("[name=school]")["value"] == "Kept"
    assert changed(before, dump()) == {}
    assert browser.submit(page, PROFILE, status=422, htmx=True, **typed).has("#profile-form")


@pytest.mark.parametrize(
    "forged",
    [{"country": "XX"}, {"community_id": "999"}, {"weekdays": "9"}, {"spoken_0-language": "xx"},
     {"spoken_0-oral": "D1"}, {"spoken_99-language": "en"}, {"name": "a\x00b"}],
)  # fmt: skip
def test_forged_fields_change_nothing(browser, bob, forged):
    page = browser.get_page("/en/me/profile")
    token = page.one(f"{PROFILE} [name=csrf_token]")["value"]
    data = {"csrf_token": token, "name": "Bob", "country": "", "community_id": "0"}
    browser.post_page("/en/me/profile", data | forged, 422)
    assert db.session.get(Profile, bob.id) is None


def test_profile_needs_its_token(browser, bob):
    browser.post_page("/en/me/profile", {"name": "Mallory"}, 422)
    assert db.session.get_one(User, bob.id).name == BOB.name


def test_rule_18_paper_seen_is_named_and_nothing_of_it(browser, bob, sue):
    with unit_of_work():
        note_paper_seen(bob, "passport", None, by=sue)
    assert "seen by Sue on Mon 23 Nov" in browser.get_page("/en/me/profile").text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_countries_stand_in_the_order_of_the_page(browser, language):
    names = [
        o.get_text() for o in browser.get_page(f"/{language}/me/profile").all("#country option")
    ]
    assert len(names) > 240
    wanted = {"en": ["Kazakhstan", "Kenya"], "zh": ["哈萨克斯坦", "肯尼亚"]}[language]
    places = [names.index(name) for name in wanted]
    assert places == sorted(places)
    assert len(set(names)) == len(names)


# --- consents -----------------------------------------------------------------------------


def test_rule_18_boxes_are_separate_and_unticked(browser):
    page = browser.get_page("/en/me/consents")
    boxes = page.all(f"{CONSENTS} input[type=checkbox]")
    assert [box["name"] for box in boxes] == [purpose.value for purpose in ConsentPurpose]
    assert not [box for box in boxes if box.has_attr("checked")]
    for purpose in ConsentPurpose:
        with in_language("en"):
            assert str(purpose.text) in page.text


def test_rule_19_giving_and_withdrawing_hold_at_once(browser, bob):
    page = browser.get_page("/en/me/consents")
    page = browser.follow(browser.submit(page, CONSENTS, publication=True, photo=True))
    assert "Allowed since Mon 23 Nov, 12:00 (version" in page.text
    assert has_consent(bob.id, ConsentPurpose.PHOTO)
    page = browser.follow(browser.submit(page, CONSENTS, photo=False))
    assert not has_consent(bob.id, ConsentPurpose.PHOTO)
    assert has_consent(bob.id, ConsentPurpose.PUBLICATION)
    assert "Taken back: Photos of me" in page.text
    assert "you took it back on Mon 23 Nov, 12:00" in page.text
    assert len(page.all(".timeline li")) == 3


def test_rule_18_words_are_kept_in_the_language_of_the_page(browser):
    page = browser.get_page("/zh/me/consents")
    browser.submit(page, CONSENTS, university=True)
    kept = db.session.scalars(select(Consent)).one()
    shown = page.one("#university-hint").get_text(strip=True)
    assert (kept.language, kept.text, kept.version) == ("zh", shown, CONSENT_VERSION)


def test_texts_that_changed_meanwhile_are_read_again(browser, monkeypatch):
    page = browser.get_page("/en/me/consents")
    monkeypatch.setattr("hub.services.consents.CONSENT_VERSION", "2027-01")
    again = browser.submit(page, CONSENTS, status=409, photo=True)
    assert "The texts have changed" in again.one(".error-summary").get_text()
    assert not again.has("input[type=checkbox][checked]")
    assert db.session.scalars(select(Consent)).all() == []


def test_earlier_text_holds_but_is_not_ticked(browser, bob):
    with unit_of_work():
        db.session.add(
            Consent(
                user_id=bob.id,
                purpose=ConsentPurpose.PHOTO,
                given=True,
                version="2020-01",
                language="en",
                text="An earlier text.",
                at=clock.now(),
            )
        )
    page = browser.get_page("/en/me/consents")
    assert "with an earlier text (version 2020-01)" in page.text
    assert not page.has("input[name=photo][checked]")


def test_consents_need_their_token(browser, bob):
    browser.post_page("/en/me/consents", {"photo": "y", "version": CONSENT_VERSION}, 422)
    assert not has_consent(bob.id, ConsentPurpose.PHOTO)


# --- deleting -----------------------------------------------------------------------------


def test_delete_page_says_what_happens(browser, event):
    make_sign_up(event, BOB)
    text = browser.get_page("/en/me/data/delete").text
    for words in ("nobody can undo it", "1 coming event is cancelled", "keep the number of people"):
        assert words in text


def test_rule_18_old_log_in_is_not_enough_to_delete(browser, bob):
    page = browser.get_page("/en/me/data/delete")
    stale(browser)
    token = page.one("main form [name=csrf_token]")["value"]
    answer = browser.post("/en/me/data/delete", data={"csrf_token": token})
    assert answer.status_code in (302, 303)
    assert "verify" in answer.headers["Location"]
    assert db.session.get_one(User, bob.id).erased_at is None
    assert browser.get("/en/me/data/delete").status_code in (302, 303)


def test_deleting_needs_its_token(browser, bob):
    browser.post_page("/en/me/data/delete", {}, 422)
    assert db.session.get_one(User, bob.id).erased_at is None


def test_last_administrator_is_refused_in_words(app, ada):
    browser = EVE(app).log_in(ada)
    page = browser.submit(browser.get_page("/en/me/data/delete"), "main form", status=409)
    assert "This is the last administrator" in page.one(".error-summary").get_text()
    assert db.session.get_one(User, ada.id).active


def test_one_of_two_administrators_may_go(app, ada):
    make_user("grace", role=StaffRole.ADMIN)
    browser = EVE(app).log_in(ada)
    browser.submit(browser.get_page("/en/me/data/delete"), "main form")
    assert db.session.get_one(User, ada.id).erased_at is not None


def test_other_devices_are_logged_out_too(app, browser, bob, event):
    make_sign_up(event, BOB)
    other = EVE(app).log_in(bob)
    browser.submit(browser.get_page("/en/me/data/delete"), "main form")
    other.get_page("/en/me", 303)
    assert db.session.scalars(select(SignUp)).one().user_id is None
