"""Only a form of ours with its token changes anything; looking changes nothing."""

from urllib.parse import urljoin

import pytest
from bs4 import Tag

from tests.browser import Page
from tests.contracts.crawl import crawl, endpoint_of, fill_in
from tests.people import EVE
from tests.tables import changed, dump


@pytest.fixture
def walks(app, site, walk):
    """The whole site, as a visitor and as the administrator."""
    anybody, ada = EVE(app), EVE(app).log_in(site.ada)
    return [(anybody, walk["anybody"]), (ada, walk["ada"] + walk["anybody"])]


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


NO_TOKEN = ({}, {"csrf_token": ""}, {"csrf_token": "票"})


def test_every_form_of_the_site_without_its_token_changes_nothing(app, walks):
    tried = {"security.logout"}
    for client, starts in walks:
        before = dump()
        for (endpoint, target), (_page, form) in forms(app, client, starts).items():
            data = fill_in(form)
            assert data.pop("csrf_token"), f"{target} is sent without a token"
            for token in NO_TOKEN:
                answer = client.post(target, data=data | token)
                assert answer.status_code < 500, target
            htmx = client.post(target, data=data, headers={"HX-Request": "true"})
            assert htmx.status_code < 500, target
            assert changed(before, dump()) == {}, f"{target} changed something"
            tried.add(endpoint)
    assert tried == posting(app), "routes that take a POST, but have no form on any page"


def test_the_same_forms_with_their_token_do_change_something(app, walks):
    """The control of the test above: what it sends is not refused for another reason."""
    effective = set()
    client, starts = walks[1]
    found = forms(app, client, starts)
    ends = "replace release cancel"  # after these, others have nothing left to change
    for endpoint, target in sorted(found, key=lambda key: ends.find(key[0].rpartition(".")[2])):
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
        for name in ("capacity", "party_size"):
            data |= {name: ["1"]} if data.get(name) == ["2"] else {}
            data |= {name: ["12"]} if data.get(name) == ["10"] else {}
        client.post(target, data=data)
        if changed(before, dump()):
            effective.add(endpoint)
    # the site has its administrator, and who is logged in cannot log in
    missing = posting(app) - effective - {"security.login", "security.logout", "accounts.accept"}
    assert missing == set()


def test_looking_at_the_whole_site_changes_nothing(app, walks):
    for client, starts in walks:
        before = dump()
        walk = crawl(client, starts)
        assert changed(before, dump()) == {}
        assert len(walk.pages) > 15
        wrong = {url: code for url, code in walk.others.items() if code not in (200, 302, 303)}
        assert wrong == {}
