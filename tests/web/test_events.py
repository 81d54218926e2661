"""Finding an event: list, month, and the event's own page."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hub import clock
from hub.enums import EventKind, EventStatus, Visibility
from hub.services.event_data import Words
from hub.services.events import publish_event
from hub.services.series import create_series
from hub.transaction import unit_of_work
from tests.browser import Page
from tests.factories import event_data, local, make_event, make_sign_up, make_venue

OFF = EventStatus.CANCELLED


def titles(page: Page) -> list[str]:
    return [tag.get_text() for tag in page.all(".event-card__title")]


# --- list ---------------------------------------------------------------------------------


def test_list_is_in_order_of_start_and_without_what_is_not_public(client, venue, now):
    make_event(venue=venue, title="Second", starts_at=now + timedelta(days=2))
    make_event(venue=venue, title="First", starts_at=now + timedelta(days=1))
    make_event(venue=venue, title="Running", starts_at=now - timedelta(hours=1))
    make_event(venue=venue, title="Off", starts_at=now + timedelta(days=3), status=OFF)
    make_event(venue=venue, title="Over", starts_at=now - timedelta(days=1))
    make_event(venue=venue, title="Draft", status=EventStatus.DRAFT)
    make_event(venue=venue, title="Hidden", visibility=Visibility.UNLISTED)
    page = client.get_page("/en/events")
    assert titles(page) == ["Running", "First", "Second", "Off"]
    assert page.one(".event-card--cancelled .state-cancelled").get_text() == "Cancelled"


def test_list_of_an_empty_site_teaches(client):
    assert "Nothing is planned yet" in client.get_page("/en/events").text


def test_list_without_a_hit_offers_to_show_all(client, event):
    page = client.get_page("/en/events?q=nothing+like+this")
    assert "No event fits" in page.text
    assert titles(client.get_page(page.link("Show all events"))) == [event.title]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=dragon", ["Dragon boats"]),
        ("q=DRAGON+boats", ["Dragon boats"]),
        ("q=ｄｒａｇｏｎ", ["Dragon boats"]),
        ("q=龙舟", ["Dragon boats"]),
        ("q=100%25", []),
        ("q=_", []),
        ("kind=festival", ["Dragon boats"]),
        ("community=dongyue", ["Dragon boats"]),
        ("language=ar", ["Dragon boats"]),
        ("day=2026-12-05", ["Dragon boats"]),
        ("day=2026-12-06", []),
        ("kind=festival&language=zh", []),
        ("kind=law_talk", ["Tenancy law"]),
        ("language=zh", ["Tenancy law"]),
    ],
)
def test_list_is_narrowed(client, venue, other_community, query, found):
    dragons = {"en": Words("Dragon boats", "Row with us."), "zh": Words("龙舟")}
    make_event(
        venue=make_venue(other_community), texts=dragons, kind=EventKind.FESTIVAL,
        languages=["ar"], starts_at=local("2026-12-05 09:00"),
    )  # fmt: skip
    make_event(venue=venue, title="Tenancy law", kind=EventKind.LAW_TALK, languages=["zh"])
    assert titles(client.get_page(f"/en/events?{query}")) == found


@pytest.mark.parametrize(
    "query",
    [
        "kind=nonsense",
        "language=xx",
        "day=tomorrow",
        "day=0000-00-00",
        "day=9999-12-31",
        "after=nonsense",
        "after=ffffffffffffffffffffffffff-1",
        "after=1-ffffffffffffffffffff",
        "after=-",
        "q=%00",
        "kind=%00&community=%00&language=%00&day=%00&after=%00",
        "unknown=1",
    ],
)
def test_list_leaves_out_a_filter_that_cannot_be_read(client, event, query):
    assert titles(client.get_page(f"/en/events?{query}")) == [event.title]


def test_list_takes_any_words(client, event):
    client.get_page("/en/events?q=%ff%fe&community=%27%22%3E%3Cscript%3E")
    client.get_page("/en/events?q=" + "dumplings+" * 200)
    client.get_page("/en/events?q=" + "%F0%9F%A5%9F" * 500)


def test_filter_form_keeps_what_was_chosen_and_its_address(client, event, community):
    page = client.get_page("/en/events")
    answer = client.submit(
        page, "main form[role=search]", q="dumplings", kind="culture", community="heyuan",
        language="zh", day="2026-11-24",
    )  # fmt: skip
    assert titles(answer) == [event.title]
    assert answer.one("#q")["value"] == "dumplings"
    assert answer.one("#day")["value"] == "2026-11-24"
    for name, value in (("kind", "culture"), ("community", "heyuan"), ("language", "zh")):
        assert answer.one(f"#{name} option[selected]")["value"] == value
    form = answer.one("main form[role=search]")
    assert (form["method"], form["action"]) == ("get", form["hx-get"])
    assert form["hx-push-url"] == "true"


def test_what_was_searched_is_shown_as_text(client):
    page = client.get_page("/en/events?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert page.one("#q")["value"] == '"><script>alert(1)</script>'
    assert "<script>alert" not in page.response.text


def test_list_pages_by_cursor_without_gap_or_repeat(client, venue, now):
    for number in range(45):  # many start at the same moment: the id decides
        start = now + timedelta(days=1 + number // 10)
        make_event(venue=venue, title=f"Talk {number}", starts_at=start)
    page = client.get_page("/en/events?q=talk")
    seen = titles(page)
    assert len(seen) == 20
    while page.has("a[rel=next]"):
        address = str(page.one("a[rel=next]")["href"])
        assert "q=talk" in address
        page = client.get_page(address)
        seen += titles(page)
    assert seen == [f"Talk {number}" for number in range(45)]
    assert titles(client.get_page(page.link("From the start"))) == seen[:20]


def test_list_for_htmx_is_the_list_alone(client, event):
    part = client.get_page("/en/events?q=dumplings", htmx=True)
    assert "<html" not in part.response.text
    assert part.one("#event-list .event-card__title").get_text() == event.title
    assert "HX-Request" in part.response.headers["Vary"]


@pytest.mark.parametrize(
    "headers",
    [{"HX-History-Restore-Request": "true"}, {"HX-Request-Type": "full"}],
)
def test_a_history_restore_gets_the_whole_page(client, event, headers):
    page = client.get_page("/en/events", htmx=True, **headers)
    assert page.has("html > head > title")
    assert page.has("h1")


# --- month --------------------------------------------------------------------------------


def test_month_shows_each_event_on_its_day_in_hangzhou(client, venue):
    make_event(venue=venue, title="Late", starts_at=local("2026-11-30 23:30"))
    make_event(venue=venue, title="Early", starts_at=local("2026-12-01 00:10"))
    november = client.get_page("/en/events/month?month=2026-11")
    day = november.one("time[datetime='2026-11-30']").find_parent("td")
    assert "23:30 Late" in day.get_text(" ")
    assert "Early" not in november.one("table").get_text()
    december = client.get_page(november.one("a[rel=next]")["href"])
    assert "Early" in december.one("time[datetime='2026-12-01']").find_parent("td").get_text()
    assert "Late" not in december.one("table").get_text()


def test_month_is_this_one_and_marks_today(client):
    page = client.get_page("/en/events/month")
    assert page.one("[aria-current=date]")["datetime"] == "2026-11-23"
    assert "November 2026" in page.one("caption").get_text()


def test_month_shows_past_and_cancelled_but_nothing_hidden(client, venue, now):
    make_event(venue=venue, title="Over", starts_at=now - timedelta(days=3))
    make_event(venue=venue, title="Off", status=EventStatus.CANCELLED)
    make_event(venue=venue, title="Draft", status=EventStatus.DRAFT)
    make_event(venue=venue, title="Hidden", visibility=Visibility.UNLISTED)
    words = client.get_page("/en/events/month").one("table").get_text(" ")
    assert "Over" in words
    assert "Cancelled" in words
    assert "Draft" not in words
    assert "Hidden" not in words


@pytest.mark.parametrize("month", ["", "x", "2026-13", "0001-01", "9999-12", "%00", "2026-12-01"])
def test_month_that_cannot_be_read_is_this_one(client, month):
    page = client.get_page(f"/en/events/month?month={month}")
    assert "November 2026" in page.one("caption").get_text()


def test_month_keeps_the_filter_when_turned(client, venue):
    make_event(venue=venue, title="Feast", kind=EventKind.FESTIVAL)
    make_event(venue=venue, title="Talk", kind=EventKind.LAW_TALK)
    page = client.get_page("/en/events/month?kind=festival")
    assert "Talk" not in page.one("table").get_text()
    for link in page.all("nav.pager a, nav.tabs a"):
        assert "kind=festival" in link["href"]
    assert page.one("input[name=month]")["value"] == "2026-11"


def test_month_for_htmx_is_the_month_alone(client, event):
    part = client.get_page("/en/events/month", htmx=True)
    assert "<html" not in part.response.text
    assert part.has("#event-month table")


# --- one event ----------------------------------------------------------------------------


def test_event_says_when_where_who_and_how_many_places(client, event):
    page = client.get_page(f"/en/events/{event.id}")
    assert page.one("h1").get_text() == "Dumplings for all"
    facts = page.one("#event-facts").get_text(" ")
    for words in (
        "Tue 24 Nov, 14:00–16:00", "Neighbours' Hall", "12 Xixi Road", "Chinese · English",
        "Heyuan", "10 of 10 places left",
    ):  # fmt: skip
        assert words in " ".join(facts.split())
    assert page.one(".prose strong").get_text() == "a friend"
    assert page.link("Sign up") == f"/en/events/{event.id}/sign-up"
    assert page.link("Add to my calendar") == f"/en/calendars/events/{event.id}.ics"


def test_rule_21_times_are_those_of_hangzhou(client, venue):
    event = make_event(venue=venue, starts_at=local("2026-12-31 23:30"))
    page = client.get_page(f"/en/events/{event.id}")
    assert "Thu 31 Dec, 23:30 to Fri 1 Jan 2027, 01:30" in page.text
    assert page.one("#event-facts time")["datetime"] == "2026-12-31T15:30:00+00:00"


def test_event_in_another_language_than_its_text_says_so(client, venue):
    event = make_event(venue=venue, texts={"zh": Words("包饺子", "来吃。", "带上朋友。")})
    page = client.get_page(f"/en/events/{event.id}")
    assert "only in Chinese" in page.text
    assert page.one("h1").find_parent(attrs={"lang": True})["lang"] == "zh-Hans"
    assert page.one("html")["lang"] == "en"
    assert page.one("div.prose")["lang"] == "zh-Hans"


def test_markdown_of_an_event_is_harmless(client, venue):
    words = "<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![i](http://a/b.png)\n\n# Big"
    event = make_event(venue=venue, texts={"en": Words("<b>Bold</b>", "<i>s</i>", words)})
    page = client.get_page(f"/en/events/{event.id}")
    assert page.one("h1").get_text() == "<b>Bold</b>"
    assert not page.has(".prose script, .prose img, .prose h1, .prose a[href^='javascript']")
    assert "&lt;b&gt;Bold" in client.get_page("/en/events").response.text


PHASES = {
    "waiting": ("Full. 1 party is waiting.", "Join the waiting list"),
    "full": ("All 2 places are taken", None),
    "not_yet": ("Sign-up has not opened yet.", None),
    "closed": ("Sign-up has closed.", None),
    "ended": ("This event is over.", None),
    "cancelled": ("Heavy rain.", None),
}


@pytest.mark.parametrize("phase", PHASES)
def test_event_says_its_state_in_words_and_offers_what_is_possible(client, venue, now, phase):
    event = an_event_in(phase, venue, now)
    page = client.get_page(f"/en/events/{event.id}")
    words, button = PHASES[phase]
    assert words in page.text
    offered = [a.get_text() for a in page.all(f"a[href='/en/events/{event.id}/sign-up']")]
    assert offered == ([button] if button else [])


def an_event_in(phase, venue, now):
    """An event that offers ``phase`` to a newcomer."""
    if phase == "ended":
        return make_event(venue=venue, starts_at=now - timedelta(days=1))
    if phase == "cancelled":
        return make_event(venue=venue, status=EventStatus.CANCELLED)
    if phase == "not_yet":
        return make_event(venue=venue, sign_up_opens_at=now + timedelta(hours=1))
    if phase == "closed":
        return make_event(venue=venue, sign_up_closes_at=now - timedelta(hours=1))
    event = make_event(venue=venue, capacity=2, has_waiting_list=phase == "waiting")
    make_sign_up(event, party_size=2)
    if phase == "waiting":
        make_sign_up(event, party_size=1)
    return event


@pytest.mark.parametrize(
    "number",
    ["0", "-1", "999", "2147483648", "99999999999999999999", "1.0", "1e3", "٤٢", "1٢", "%00", "x"],
)
def test_unknown_event_is_not_found(client, event, number):
    for path in (f"/en/events/{number}", f"/en/events/{number}/sign-up"):
        page = client.get_page(path, 404)
        assert "Nothing here" in page.text


def test_rule_20_draft_is_seen_by_those_who_manage_it_alone(app, client, venue, alice, sam, sue):
    draft = make_event(venue=venue, status=EventStatus.DRAFT)
    path = f"/en/events/{draft.id}"
    client.get_page(path, 404)
    app.test_client().log_in(sam).get_page(path, 404)
    assert "This is a draft" in app.test_client().log_in(alice).get_page(path).text
    assert "This is a draft" in app.test_client().log_in(sue).get_page(path).text


def test_unlisted_event_opens_with_its_address_and_asks_not_to_be_indexed(client, venue):
    event = make_event(venue=venue, visibility=Visibility.UNLISTED)
    page = client.get_page(f"/en/events/{event.id}")
    assert page.one("meta[name=robots]")["content"] == "noindex"


def test_public_event_may_be_indexed(client, event):
    assert not client.get_page(f"/en/events/{event.id}").has("meta[name=robots]")


def test_event_leads_those_who_manage_it_to_the_desk(app, client, event, alice, sam):
    path, words = f"/en/events/{event.id}", "Open at the desk"
    assert words not in client.get_page(path).text
    assert words not in app.test_client().log_in(sam).get_page(path).text
    assert words in app.test_client().log_in(alice).get_page(path).text


def test_event_of_a_series_names_its_other_dates(client, venue, alice):
    data = replace(event_data(venue), texts={"en": Words("Weekly desk")})
    with unit_of_work():
        sessions = create_series(data, "FREQ=WEEKLY;COUNT=4", by=alice)
        numbers = [session.id for session in sessions]
    for number in numbers[:3]:  # the fourth stays a draft
        with unit_of_work():
            publish_event(number, by=alice)
    page = client.get_page(f"/en/events/{numbers[0]}")
    others = [a["href"] for a in page.all("section[aria-labelledby=sessions] .event-card a")]
    assert others == [f"/en/events/{number}" for number in numbers[1:3]]
    with clock.fixed_at(clock.now() + timedelta(days=9)):
        page = client.get_page(f"/en/events/{numbers[2]}")
    assert not page.has("section[aria-labelledby=sessions]")
