"""The cast. Staff have accounts; neighbours have a name and a way to be reached.

alice   staff of community one
sam     staff of another community
sue     staff of the subdistrict: sees all communities
ada     administrator
bob     a student who reads English, by e-mail
carol   a lecturer who reads Chinese, by e-mail
dmitri  a neighbour with nothing but a phone
eve     a stranger: the browser of somebody who is not logged in
"""

from flask import Flask

from hub.enums import StaffRole
from hub.integrations.contacts import parse_contact
from hub.models import Community, User
from hub.services.signups import Person
from tests.browser import HubClient
from tests.factories import make_user

BOB = Person("Bob Kamau", parse_contact("bob@example.com"), "en")
CAROL = Person("卡罗尔", parse_contact("carol@example.com"), "zh")
DMITRI = Person("Dmitri Orlov", parse_contact("138 1234 5678"), "en")


def EVE(app: Flask) -> HubClient:
    """A fresh browser."""
    browser = app.test_client()
    assert isinstance(browser, HubClient)
    return browser


def alice(community: Community) -> User:
    return make_user("alice", community=community)


def sam(community: Community) -> User:
    return make_user("sam", community=community)


def sue() -> User:
    return make_user("sue")


def ada() -> User:
    return make_user("ada", role=StaffRole.ADMIN)


def pan() -> User:
    """The police unit that trains the lecturers."""
    return make_user("pan", role=StaffRole.POLICE)
