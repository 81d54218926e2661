"""What htmx is given is what the page holds in the same place."""

import ast
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from tests.people import EVE

BLUEPRINTS = Path(__file__).resolve().parents[2] / "hub" / "blueprints"


def fragments() -> set[str]:
    """The templates that routes name as the fragment of a page."""
    found = set()
    for path in BLUEPRINTS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "render":
                named = [k.value for k in node.keywords if k.arg == "fragment"]
                fragment = node.args[1] if len(node.args) > 1 else (named or [None])[0]
                if isinstance(fragment, ast.Constant) and fragment.value is not None:
                    found.add(fragment.value)
                elif fragment is not None and not isinstance(fragment, ast.Constant):
                    raise AssertionError(f"{path}: name the fragment as a text")
    return found


# fragment → (address, what is sent to it; None: it is only looked at)
ROWS = {
    "events/_event_list.html": ("/en/events?q=dumplings", None),
    "events/_month.html": ("/en/events/month?month=2026-11", None),
    "signups/_sign_up_form.html": (
        "/en/events/{event}/sign-up",
        {"name": "Mina", "party_size": 99},
    ),
    "signups/_already.html": ("/en/events/{event}/sign-up", "twice"),
    "signups/_ticket.html": ("/en/tickets/{token}", None),
    "desk/events/_list.html": ("/en/desk/events?view=drafts", None),
    "desk/signups/_list.html": ("/en/desk/events/{event}/sign-ups?q=bob", None),
    "desk/duties/_list.html": ("/en/desk/duties", None),
    "desk/people/_list.html": ("/en/desk/people?q=paul", None),
    "desk/applications/_list.html": ("/en/desk/applications?programme=assistant", None),
    "desk/appointments/_list.html": ("/en/desk/appointments?view=ending", None),
    "desk/admin/_audit.html": ("/en/desk/audit?subject=event", None),
    "desk/messages/_list.html": ("/en/desk/messages?q=bob", None),
    "desk/admin/_invitations.html": ("/en/desk/invitations", None),
    "desk/certificates/_list.html": ("/en/desk/certificates?q=stella", None),
    "desk/door/_list.html": ("/en/door/{event}?q=bob", None),
    "signups/_data_name.html": ("/en/tickets/{token}/data", {"name": ""}),
    "records/_form.html": ("/en/service/records/new", {"content": "Helped."}),
    "desk/records/_form.html": ("/en/desk/records/new", {"content": "Helped."}),
    "me/_consents_form.html": ("/en/me/consents", {"version": "none"}),
    "talks/_ask_form.html": ("/en/talks/ask", {"people": "0"}),
    "desk/qualifications/_list.html": ("/en/desk/qualifications?view=valid", None),
    "talk_reports/_form.html": ("/en/service/talks/{past_talk}/report", {"headcount": "many"}),
    "desk/talk_questions/_list.html": ("/en/desk/talk-questions?view=settled", None),
    "me/_profile_form.html": ("/en/me/profile", {"name": ""}),
    "desk/surveys/_results.html": ("/en/desk/surveys?kind=culture", None),
    "desk/suggestions/_list.html": ("/en/desk/suggestions?q=signs", None),
    "suggestions/_list.html": ("/en/suggestions?q=signs", None),
    "suggestions/_similar.html": ("/en/suggestions/new", None),
}


def test_every_fragment_has_a_row():
    assert fragments() == set(ROWS)


@pytest.mark.parametrize("fragment", ROWS)
def test_fragment_is_that_part_of_the_page(app, site, fragment):
    client = EVE(app)
    if fragment.startswith(("desk/", "me/")):
        client.log_in(site.ada)
    if fragment.startswith("records/"):
        client.log_in(site.nadia)
    if fragment.startswith("talk_reports/"):
        client.log_in(site.resident)
    address, sent = ROWS[fragment]
    url = address.format(event=site.event, token=site.token, past_talk=site.past_talk)
    if sent is None:
        page, part = client.get_page(url), client.get_page(url, htmx=True)
    elif sent == "twice":
        form = client.get_page(url)
        typed = {"name": "Bob", "contact": "bob@example.com", "agreed": True}
        page = client.submit(form, "form[action$='/sign-up']", status=200, **typed)
        part = client.submit(form, "form[action$='/sign-up']", status=200, htmx=True, **typed)
    else:
        page, part = client.post_page(url, sent, 422), client.post_page(url, sent, 422, htmx=True)
    assert "<html" not in part.response.text
    root, *others = [node for node in bare(part.html).body.children if isinstance(node, Tag)]
    assert all(node.has_attr("hx-swap-oob") for node in others)
    assert root.get("id"), f"{fragment} has no id"
    whole = bare(page.html).select(f"#{root['id']}")
    assert len(whole) == 1
    assert " ".join(str(whole[0]).split()) == " ".join(str(root).split())


def bare(html: BeautifulSoup) -> BeautifulSoup:
    """Without what is new in every answer."""
    for tag in html.select("[name=csrf_token], [name=shown]"):
        tag["value"] = ""
    return html
