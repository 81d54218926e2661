"""Topics of law talks: what a newcomer must know, kept by the subdistrict and the police unit."""

import re
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from hub import clock
from hub.exceptions import InvalidInput, NotAllowed
from hub.extensions import db
from hub.i18n import _l
from hub.models import Topic, TopicText, User
from hub.policies import can_keep_topics
from hub.services import audit

SLUG = r"[a-z][a-z0-9-]{1,39}"


@dataclass(frozen=True, slots=True)
class TopicWords:
    """What a topic says in one language; ``essentials`` is Markdown."""

    name: str
    summary: str = ""
    essentials: str = ""


@dataclass(frozen=True, slots=True)
class TopicData:
    """All that the form of a topic holds. ``read_through``: somebody has read it today, and it is
    right."""

    slug: str
    texts: dict[str, TopicWords] = field(default_factory=dict)
    position: int = 0
    active: bool = True
    valid_until: date | None = None
    read_through: bool = False


def save_topic(topic: Topic | None, data: TopicData, *, by: User) -> Topic:
    """Make a topic, or change one; its version rises when a text changes. The short name stays
    as it was made: addresses hold it.

    Raises NotAllowed or InvalidInput.
    """
    if not can_keep_topics(by):
        raise NotAllowed
    words = {code: row for code, row in data.texts.items() if row.name.strip()}
    if not words:
        raise InvalidInput(_l("Give a name in at least one language."))
    _check_valid_until(topic, data)
    action = "update"
    before: dict[str, object] = {}
    if topic is None:
        action, topic = "create", Topic(slug=_free_slug(data.slug), version=1, texts={})
        topic.changed_at = clock.now()
    else:
        topic = db.session.get_one(Topic, topic.id, with_for_update=True)
        before = _facts(topic)
        if words != words_of(topic):
            topic.version += 1
            topic.changed_at = clock.now()
    topic.texts = {code: _written(topic, code, row) for code, row in words.items()}
    topic.position, topic.active, topic.valid_until = data.position, data.active, data.valid_until
    if data.read_through:
        topic.checked_on = clock.today()
    db.session.add(topic)
    db.session.flush()
    after = {name: fact for name, fact in _facts(topic).items() if before.get(name) != fact}
    before = {name: fact for name, fact in before.items() if name in after}
    audit.record(action, "topic", topic.id, by=by, before=before, after=after)
    return topic


def words_of(topic: Topic) -> dict[str, TopicWords]:
    """What it says now, by language."""
    return {
        code: TopicWords(row.name, row.summary, row.essentials) for code, row in topic.texts.items()
    }


def _written(topic: Topic, code: str, words: TopicWords) -> TopicText:
    row = topic.texts.get(code) or TopicText(language=code)
    row.name, row.summary, row.essentials = words.name, words.summary, words.essentials
    return row


def _free_slug(slug: str) -> str:
    if not re.fullmatch(SLUG, slug):
        raise InvalidInput(_l("Small letters, digits and hyphens, such as renting."), field="slug")
    if db.session.scalars(select(Topic.id).where(Topic.slug == slug)).first() is not None:
        raise InvalidInput(_l("Another topic has this short name."), field="slug")
    return slug


def _check_valid_until(topic: Topic | None, data: TopicData) -> None:
    """A day that has passed can only be one that stands there already."""
    kept = topic is not None and topic.valid_until == data.valid_until and not data.read_through
    if data.valid_until is not None and data.valid_until < clock.today() and not kept:
        raise InvalidInput(_l("Choose a day from today on, or none."), field="valid_until")


def _facts(topic: Topic) -> dict[str, object]:
    return {
        "version": topic.version,
        "languages": sorted(topic.texts),
        "active": topic.active,
        "checked_on": topic.checked_on.isoformat() if topic.checked_on else None,
        "valid_until": topic.valid_until.isoformat() if topic.valid_until else None,
    }
