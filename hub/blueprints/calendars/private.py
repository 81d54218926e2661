"""One's own private calendars: made, given a new address, removed. An address is shown once."""

from flask import Response, abort, flash, url_for

from hub.blueprints.calendars.forms import address_form, feed_form
from hub.blueprints.calendars.routes import calendars, subscribe_page
from hub.enums import FeedKind
from hub.extensions import db
from hub.i18n import _
from hub.models import CalendarFeed
from hub.services.feeds import make_feed, revoke_feed, rotate_feed
from hub.web.access import account_only, the_actor
from hub.web.changes import try_change
from hub.web.feed_links import forget_address, keep_address, kept_link
from hub.web.forms import ActionForm
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other


@calendars.post("/private")
@account_only
def make() -> Response:
    user = the_actor()
    form = feed_form(user)

    def write() -> tuple[int, str, dict[str, str]]:
        kind = FeedKind(form.kind.data)
        feed, token = make_feed(kind, form.name.data or "", by=user)
        return feed.id, token, form.filters(kind)

    made = try_change(form, write)
    if made.result is None:
        return subscribe_page(user, form, made.status)
    keep_address(*made.result)
    return see_other(url_for(".show", feed_id=made.result[0]))


@calendars.get("/private/<id:feed_id>")
@account_only
def show(feed_id: int) -> Response:
    """The calendar, and right after it was made its address: this once, and never again."""
    feed = _own_feed(feed_id)
    page = render("calendars/private.html", feed=feed, link=kept_link(feed_id))
    return keep_private(page)


@calendars.route("/private/<id:feed_id>/rotate", methods=["GET", "POST"])
@account_only
def rotate(feed_id: int) -> Response:
    feed, user = _own_feed(feed_id), the_actor()
    form, kind = address_form(feed.kind, user), feed.kind
    done = try_change(form, lambda: rotate_feed(feed_id, by=user)[1])
    if done.result is not None:
        keep_address(feed_id, done.result, form.filters(kind))
        return see_other(url_for(".show", feed_id=feed_id))
    feed = _own_feed(feed_id)
    return keep_private(render("calendars/rotate.html", None, done.status, feed=feed, form=form))


@calendars.route("/private/<id:feed_id>/revoke", methods=["GET", "POST"])
@account_only
def revoke(feed_id: int) -> Response:
    _own_feed(feed_id)
    user, form = the_actor(), ActionForm()
    done = try_change(form, lambda: revoke_feed(feed_id, by=user).id)
    if done.done:
        forget_address()
        flash(_("The calendar is removed. Its address opens nothing any more."), "success")
        return see_other(url_for(".subscribe"))
    feed = _own_feed(feed_id)
    return keep_private(render("calendars/revoke.html", None, done.status, feed=feed, form=form))


def _own_feed(feed_id: int) -> CalendarFeed:
    """The visitor's own live calendar, or 404 (rule 20)."""
    feed = db.session.get(CalendarFeed, feed_id)
    if feed is None or feed.user_id != the_actor().id or feed.revoked_at is not None:
        abort(404)
    return feed
