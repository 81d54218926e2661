"""The browser of the tests sees what is wrong with a page: each of its checks can fail."""

import pytest
from flask import Flask, redirect, request

from tests.browser import HubClient

GOOD = """<!doctype html><html lang="en" dir="ltr"><head><title>A page</title></head><body>
<a href="#main">Skip</a><main id="main"><h1>A page</h1>{}</main></body></html>"""
FORM = """<form method="post" action="/send"><input type="hidden" name="csrf_token" value="t">
<label for="name">Name</label><input id="name" name="name" value="Bob">
<label><input type="checkbox" name="agreed" value="y"> Agreed</label>
<label><input type="checkbox" name="kind" value="a" checked> A</label>
<label><input type="checkbox" name="kind" value="b"> B</label>
<label>Size<select name="size"><option>1<option selected>2</select></label>
<label>Words<textarea name="words">
so far</textarea></label>
<button name="step" value="save">Save</button>
<button name="step2" value="x">Other</button></form>"""


@pytest.fixture
def browser() -> HubClient:
    app = Flask("pages", static_folder=None)
    app.test_client_class = HubClient
    app.testing = True
    app.body = ""

    @app.get("/")
    def page() -> str:
        return app.body

    @app.post("/send")
    def send():
        app.sent = request.form.to_dict(flat=False)
        return redirect("/", 303)

    return app.test_client()


def look(browser: HubClient, body: str):
    browser.application.body = body
    return browser.get_page("/")


def test_good_page_is_good(browser):
    page = look(browser, GOOD.format('<a href="https://a.example/">Out</a>' + FORM))
    assert page.one("h1").get_text() == "A page"
    assert page.link("Out") == "https://a.example/"


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (GOOD.format("<h1>Another</h1>"), "2 h1"),
        (GOOD.replace("h1", "h2").format(""), "0 h1"),
        (GOOD.replace(' lang="en"', "").format(""), "no lang"),
        (GOOD.replace(' dir="ltr"', "").format(""), "no dir"),
        (GOOD.replace("<title>A page</title>", "").format(""), "no title"),
        (GOOD.format("<input name=x>"), "no label"),
        (GOOD.format("<select name=x></select>"), "no label"),
        (GOOD.format('<label for="y">Y</label><textarea id="x"></textarea>'), "no label"),
        (GOOD.format("<button></button>"), "no label"),
        (GOOD.format('<a href="/"></a>'), "no label"),
        (GOOD.format("<p id=x></p><p id=x></p>"), "stands twice"),
        (GOOD.format("<form method=post action=/send></form>"), "csrf_token"),
        (GOOD.format('<a href="/nowhere">x</a>'), "leads nowhere"),
        (GOOD.format('<a href="#nowhere">x</a>'), "leads nowhere"),
        (GOOD.format('<a href="/send">x</a>'), "leads nowhere"),
        (GOOD.format('<a href="javascript:x()">x</a>'), "inline"),
        (GOOD.format('<div hx-get="/nowhere"></div>'), "leads nowhere"),
        (GOOD.format('<form action="/nowhere"></form>'), "leads nowhere"),
        (GOOD.format("<script>x</script>"), "inline"),
        (GOOD.format("<style>x</style>"), "inline"),
        (GOOD.format('<p style="color:red">x</p>'), "inline"),
        (GOOD.format('<p onclick="x">x</p>'), "inline"),
        (GOOD.format('<p hx-on:click="x">x</p>'), "inline"),
        (GOOD.format('<img src="data:x">'), "without alt"),
        (GOOD.format('<p aria-describedby="gone">x</p>'), "points nowhere"),
    ],
)
def test_bad_page_is_named_bad(browser, body, complaint):
    with pytest.raises(AssertionError, match=complaint):
        look(browser, body)


def test_unexpected_status_is_told_with_the_words_of_the_page(browser):
    with pytest.raises(AssertionError, match="answered 404 instead of 200"):
        browser.get_page("/nowhere")


def test_form_is_sent_as_a_browser_would(browser):
    page = look(browser, GOOD.format(FORM))
    after = browser.submit(page, words="more", press="step")
    assert (after.status, after.location) == (303, "/")
    assert browser.application.sent == {
        "csrf_token": ["t"],
        "name": ["Bob"],
        "kind": ["a"],
        "size": ["2"],
        "words": ["more"],
        "step": ["save"],
    }
    browser.follow(after)


def test_boxes_are_ticked_and_text_is_kept(browser):
    page = look(browser, GOOD.format(FORM))
    browser.submit(page, agreed=True, kind=["b"], size=1)
    sent = browser.application.sent
    assert (sent["agreed"], sent["kind"], sent["size"], sent["words"]) == (
        ["y"],
        ["b"],
        ["1"],
        ["so far"],
    )


@pytest.mark.parametrize("values", [{"nothing": 1}, {"size": 3}])
def test_what_the_form_does_not_offer_can_not_be_sent(browser, values):
    page = look(browser, GOOD.format(FORM))
    with pytest.raises(AssertionError):
        browser.submit(page, **values)


def test_pages_of_the_site_pass_and_a_visitor_signs_up(client, event):
    page = client.get_page(f"/en/events/{event.id}/sign-up")
    done = client.submit(page, name="Bob", contact="bob@example.com", party_size=2, agreed=True)
    assert "/en/tickets/" in done.location
    client.follow(done)
    assert event.seats_taken == 2


def test_staff_log_in_through_the_form(client, alice):
    client.log_in(alice)
    with client.session_transaction() as session:
        assert session["_user_id"] == alice.fs_uniquifier


def test_two_browsers_do_not_share_a_person(app, client, alice):
    client.log_in(alice)
    stranger = app.test_client()
    with stranger.session_transaction() as session:
        assert "_user_id" not in session
    assert stranger.get("/en/desk").status_code == 303
