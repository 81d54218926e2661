"""Who gets what: every endpoint of the site for everybody, with the status that is expected.

A new endpoint without a row here fails. POSTs carry no token, so that "may" reads 422 (the form
with its words) or, where a page has nothing but a button, 303 back to that page; what a token
changes is the matter of test_csrf.py.
"""

import pytest
from flask import Flask

from tests.browser import HOST
from tests.people import EVE

ROLES = ("anonymous", "own staff", "other staff", "subdistrict staff", "administrator")

EVERYBODY = (200, 200, 200, 200, 200)
EVERYBODY_FORM = (422, 422, 422, 422, 422)
STAFF = (303, 200, 200, 200, 200)
STAFF_FORM = (303, 422, 422, 422, 422)
OWN = (303, 200, 404, 200, 200)
OWN_FORM = (303, 422, 404, 422, 422)
OWN_BUTTON = (303, 303, 404, 303, 303)
ADMIN = (303, 404, 404, 404, 200)
ADMIN_FORM = (303, 404, 404, 404, 422)

ROWS: dict[tuple[str, str], tuple[int, ...]] = {
    ("GET", "site_css"): EVERYBODY,
    ("GET", "asset"): EVERYBODY,
    ("GET", "site.home"): EVERYBODY,
    ("GET", "site.privacy"): EVERYBODY,
    ("GET", "events.index"): EVERYBODY,
    ("GET", "events.month"): EVERYBODY,
    ("GET", "events.show"): EVERYBODY,
    ("GET", "signups.new"): EVERYBODY,
    ("POST", "signups.create"): EVERYBODY_FORM,
    ("GET", "signups.show"): EVERYBODY,
    ("POST", "signups.resize"): EVERYBODY_FORM,
    ("GET", "signups.confirm_cancel"): EVERYBODY,
    ("POST", "signups.cancel"): EVERYBODY_FORM,
    ("GET", "signups.calendar_file"): EVERYBODY,
    ("GET", "calendars.subscribe"): EVERYBODY,
    ("GET", "calendars.event_file"): EVERYBODY,
    ("GET", "feeds.public"): EVERYBODY,
    ("GET", "accounts.set_up"): EVERYBODY,
    ("POST", "accounts.accept"): EVERYBODY_FORM,
    ("GET", "security.login"): (200, 302, 302, 302, 302),
    ("POST", "security.login"): (200, 302, 302, 302, 302),
    ("GET", "desk.today"): STAFF,
    ("GET", "desk_events.index"): STAFF,
    ("GET", "desk_events.new"): STAFF,
    ("POST", "desk_events.new"): STAFF_FORM,
    ("GET", "desk_events.show"): OWN,
    ("GET", "desk_events.edit"): OWN,
    ("POST", "desk_events.edit"): OWN_FORM,
    ("POST", "desk_events.copy"): OWN_BUTTON,
    ("GET", "desk_events.publish"): OWN,
    ("POST", "desk_events.publish"): OWN_FORM,
    ("GET", "desk_events.cancel"): OWN,
    ("POST", "desk_events.cancel"): OWN_FORM,
    ("GET", "desk_events.capacity"): OWN,
    ("POST", "desk_events.capacity"): OWN_FORM,
    ("GET", "desk_events.series"): OWN,
    ("POST", "desk_events.publish_series"): OWN_BUTTON,
    ("GET", "desk_signups.index"): OWN,
    ("GET", "desk_signups.print_list"): OWN,
    ("GET", "desk_signups.new"): OWN,
    ("POST", "desk_signups.new"): OWN_FORM,
    ("GET", "desk_signups.release"): OWN,
    ("POST", "desk_signups.release"): OWN_FORM,
    ("GET", "desk_signups.replace"): OWN,
    ("POST", "desk_signups.replace"): OWN_FORM,
    ("GET", "desk_places.venues"): STAFF,
    ("GET", "desk_places.new_venue"): STAFF,
    ("POST", "desk_places.new_venue"): STAFF_FORM,
    ("GET", "desk_places.venue"): OWN,
    ("POST", "desk_places.venue"): OWN_FORM,
    ("GET", "desk_places.communities"): ADMIN,
    ("GET", "desk_places.new_community"): ADMIN,
    ("POST", "desk_places.new_community"): ADMIN_FORM,
    ("GET", "desk_places.community"): ADMIN,
    ("POST", "desk_places.community"): ADMIN_FORM,
    # last: it ends the session
    ("POST", "security.logout"): (302, 302, 302, 302, 302),
}


def endpoints(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, str(rule.endpoint))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def address(app: Flask, site, method: str, endpoint: str) -> str:
    values = {
        "lang": "en",
        "event_id": site.event,
        "sign_up_id": site.sign_up,
        "series_id": site.series,
        "venue_id": site.venue,
        "community_id": site.community,
        "token": site.set_up if endpoint.startswith("accounts.") else site.token,
        "filename": "js/app.js",
    }
    rule = next(r for r in app.url_map.iter_rules(endpoint) if method in (r.methods or ()))
    unknown = rule.arguments - set(values)
    assert not unknown, f"{endpoint}: what stands for {unknown}?"
    wanted = {name: values[name] for name in rule.arguments}
    return app.url_map.bind(HOST).build(endpoint, wanted, method=method)


def test_every_endpoint_has_a_row_and_every_row_an_endpoint(app):
    assert endpoints(app) - set(ROWS) == set(), "endpoints without a row"
    assert set(ROWS) - endpoints(app) == set(), "rows without an endpoint"


@pytest.mark.parametrize("role", ROLES)
def test_rule_20_everybody_gets_what_is_theirs(app, site, alice, sam, sue, role):
    client = EVE(app)
    account = dict(zip(ROLES, (None, alice, sam, sue, site.ada), strict=True))[role]
    if account is not None:
        client.log_in(account)
    wrong = []
    for (method, endpoint), expected in ROWS.items():
        if (method, endpoint) not in endpoints(app):
            continue  # the test above says so
        path = address(app, site, method, endpoint)
        answer = client.open(
            path, method=method, data={} if method == "POST" else None, buffered=True
        )
        if answer.status_code != expected[ROLES.index(role)]:
            wrong.append(f"{method} {endpoint}: {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize("role", ["other staff", "anonymous"])
def test_rule_20_what_may_not_be_seen_looks_like_what_is_not_there(app, site, sam, role):
    client = EVE(app)
    if role == "other staff":
        client.log_in(sam)
    for method, endpoint in ROWS:
        row = ROWS[method, endpoint]
        if row[2] != 404 or (method, endpoint) not in endpoints(app):
            continue
        path = address(app, site, method, endpoint)
        answer = client.open(path, method=method, data={} if method == "POST" else None)
        for secret in ("Dumplings", "Bob", "Heyuan", "Neighbours"):
            assert secret not in answer.text, f"{method} {endpoint} shows {secret}"


def test_rule_20_sign_up_of_another_event_is_not_found(app, site):
    client = EVE(app).log_in(site.ada)
    for more in ("release", "replace"):
        client.get_page(f"/en/desk/events/{site.full}/sign-ups/{site.sign_up}/{more}", 404)
        client.post_page(f"/en/desk/events/{site.full}/sign-ups/{site.sign_up}/{more}", {}, 404)
