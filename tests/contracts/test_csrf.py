"""Only a form of ours with its token changes anything; looking changes nothing."""

from urllib.parse import urljoin

import pytest
from bs4 import Tag

from hub.extensions import db
from tests.browser import HOST, Page
from tests.contracts.crawl import TYPED, crawl, endpoint_of, fill_in
from tests.people import EVE
from tests.tables import changed, dump


@pytest.fixture
def walks(app, site, walk):
    """The whole site, as a visitor and as the administrator."""
    anybody, ada = EVE(app), EVE(app).log_in(site.ada)
    nadia = EVE(app).log_in(site.nadia)
    return [
        (anybody, walk["anybody"]),
        (ada, walk["ada"] + walk["anybody"]),
        (nadia, walk["nadia"] + walk["anybody"]),
    ]


def posting(app) -> set[str]:
    return {
        str(rule.endpoint) for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())
    }


def forms(app, client, starts) -> dict[tuple[str, str], tuple[Page, Tag]]:
    """The POST forms that a walk comes by, each place once: (endpoint, address) → page, form."""
    found = {}
    for page, form in crawl(client, starts).forms("post"):
        target = urljoin(page.url, str(form.get("action") or page.url))
        endpoint, _values = endpoint_of(app, target, "POST")
        if endpoint != "security.logout":  # changes no table, and would end the walk
            found.setdefault((endpoint, target), (page, form))
    return found


# After these, others have nothing left to change, or nobody is logged in any more.
LAST = (
    "desk_appointments.suspend", "desk_appointments.revoke", "desk_applications.decline",
    "desk_signups.replace", "desk_signups.release", "desk_duties.cancel",
    "desk_events.cancel", "signups.cancel",
    "talk_requests.take_back", "desk_talk_requests.plan", "desk_talk_requests.decline",
    "talk_requests.delete_data", "desk_topics.withdraw_material",
    "signups.delete_data", "desk_admin.settings", "security.change_password",
    "security.two_factor_setup", "accounts.end_others", "accounts.end", "me.delete",
    "calendars.revoke",
    "desk_suggestions.start", "desk_suggestions.publish", "desk_suggestions.publicity",
    "desk_suggestions.refer", "desk_response_templates.delete",
    "suggestions.publishing", "suggestions.reopen", "suggestions.erase",
    "desk_certificates.new",  # it replaces what can be revoked before
)  # fmt: skip
NO_TOKEN = ({}, {"csrf_token": ""}, {"csrf_token": "票"})


# What a form elsewhere might send to a place whose fields it guesses.
BLIND = TYPED | {"confirm": "y", "code": "123456", "passcode": "123456", "credential": "{}"}


def addresses(app, endpoint: str) -> list[str]:
    """Where the endpoint's routes are, with the first of whatever they ask for."""
    adapter = app.url_map.bind(HOST)
    return [
        adapter.build(endpoint, {name: FIRST.get(name, 1) for name in rule.arguments}, "POST")
        for rule in app.url_map.iter_rules(endpoint)
        if "POST" in (rule.methods or ())
    ]


FIRST = {
    "lang": "en", "token": "token", "filename": "x", "step": "take", "mark": "check-in",
    "word": "came", "answer_id": "x", "choice": "allow",
}  # fmt: skip


def test_every_form_of_the_site_without_its_token_changes_nothing(app, walks):
    tried = {"security.logout"}
    for client, starts in walks:
        found = forms(app, client, starts)
        before = dump()
        for (endpoint, target), (_page, form) in found.items():
            data = fill_in(form)
            assert data.pop("csrf_token"), f"{target} is sent without a token"
            for token in NO_TOKEN:
                answer = client.post(target, data=data | token)
                assert answer.status_code < 500, target
            htmx = client.post(target, data=data, headers={"HX-Request": "true"})
            assert htmx.status_code < 500, target
            assert changed(before, dump()) == {}, f"{target} changed something"
            tried.add(endpoint)
    for client, _starts in walks:
        before = dump()
        # Forms of states that no walk comes by. A code out of turn logs out, as log-out does.
        for endpoint in posting(app) - tried - {"security.two_factor_token_validation"}:
            for target in addresses(app, endpoint):
                answer = client.post(target, data=BLIND)
                assert answer.status_code < 500, target
                assert changed(before, dump()) == {}, f"{target} changed something"


def test_the_same_forms_with_their_token_do_change_something(app, walks):
    """The control of the test above: what it sends is not refused for another reason."""
    effective = set()
    client, starts = walks[1]
    found = forms(app, client, starts)
    for endpoint, target in sorted(
        found, key=lambda key: LAST.index(key[0]) if key[0] in LAST else -1
    ):
        if endpoint in effective:
            continue
        before = dump()
        page, form = found[endpoint, target]
        fresh = client.get_page(page.url)  # what was sent before may have made the form stale
        same = [f for f in fresh.all("form[method=post]") if f.get("action") == form.get("action")]
        if not same:
            continue
        data = fill_in(same[0])
        data |= {"contact": [f"mina-{len(effective)}@example.com"]} if "contact" in data else {}
        if "once" in data:  # a suggestion: the same text is taken once a day
            data |= {"text": [f"A text for {len(effective)}, long enough."]}
        for name in ("capacity", "party_size"):
            data |= {name: ["1"]} if data.get(name) == ["2"] else {}
            data |= {name: ["12"]} if data.get(name) == ["10"] else {}
        client.post(target, data=data, buffered=True)
        if changed(before, dump()):
            effective.add(endpoint)
    # Flask-Security's own forms need a password or a code: tests/web/test_accounts*.py send them.
    ours = {e for e, _target in found if not e.startswith("security.")}
    # Sent as they stand these say nothing new, and the last administrator cannot leave; tests of
    # their own change them.
    same = {"me.consents", "me.messages", "me.profile", "desk_admin.settings", "me.delete"}
    # nothing is ticked; and nobody who is looked at has learnt what would be granted
    same |= {"desk_records.approve_ticked", "desk_trainings.invite", "desk_qualifications.grant"}
    # saved as they are; what is typed blindly is no list of schools
    same |= {"desk_talks.edit", "desk_talks.edit_series", "desk_talks.new_series"}
    same |= {"surveys.of_event"}  # nobody signed up with what is typed
    # no suggestion has the number that is typed blindly
    same |= {"desk_suggestions.join"}
    # they show something, and write nothing; or the button that says what is wished is not pressed
    same |= {"suggestions.similar", "suggestions.follow", "suggestions.back", "suggestions.judge"}
    assert ours - effective - same == set()
    assert len(ours) > 25


def test_looking_at_the_whole_site_changes_nothing(app, walks):
    for client, starts in walks:
        before = dump()
        walk = crawl(client, starts)
        after = dump()
        looks = [row for row in after["audit_entries"] if row not in before["audit_entries"]]
        columns = [column.name for column in db.metadata.tables["audit_entries"].columns]
        seen = [dict(zip(columns, row, strict=True)) for row in looks]
        # Opening the page of a person, or of a suggestion with somebody's contact on it, and
        # nothing else, is written down (decision 0008).
        viewed = {("view", "user"), ("view", "suggestion")}
        assert {(e["action"], e["subject"]) for e in seen} <= viewed
        assert len({(e["actor_id"], e["subject"], e["subject_id"]) for e in seen}) == len(seen)
        after["audit_entries"] = [row for row in after["audit_entries"] if row not in looks]
        assert changed(before, after) == {}
        assert len(walk.pages) > 15
        wrong = {url: code for url, code in walk.others.items() if code not in (200, 302, 303)}
        assert wrong == {}
