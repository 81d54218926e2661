"""Materials of a topic: files and links by language; a new version is a new row."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from sqlalchemy import select

from hub import clock
from hub.exceptions import InvalidInput, NotAllowed, WrongState
from hub.extensions import db
from hub.i18n import SPOKEN, _l
from hub.integrations.documents import Document
from hub.integrations.files import MATERIALS
from hub.models import TopicMaterial, User
from hub.policies import can_keep_topics, why_not_change_material
from hub.services import audit
from hub.services.files import keep_file, remove_orphans_in


@dataclass(frozen=True, slots=True)
class MaterialData:
    """What the form of a material says beside the file or the link itself."""

    title: str
    language: str
    public: bool
    valid_from: date
    valid_until: date | None = None


def add_material(
    topic_id: int, data: MaterialData, source: Document | str, *, by: User
) -> TopicMaterial:
    """Put a document or a link (https) beside a topic. Raises NotAllowed or InvalidInput."""
    if not can_keep_topics(by):
        raise NotAllowed
    material = TopicMaterial(topic_id=topic_id, version=1)
    _write(material, data, source, by=by)
    _note("add_material", material, by=by)
    return material


def replace_material(
    material_id: int, data: MaterialData, source: Document | str, *, by: User
) -> TopicMaterial:
    """A new version takes the place of the old one, which is withdrawn and kept: talks say which
    one they used. Raises NotAllowed, WrongState or InvalidInput."""
    old = _changeable(material_id, by)
    material = TopicMaterial(topic_id=old.topic_id, version=old.version + 1, replaces_id=old.id)
    _write(material, data, source, by=by)
    old.withdrawn_at = clock.now()
    db.session.flush()
    _note("replace_material", material, by=by)
    return material


def change_material(material_id: int, data: MaterialData, *, by: User) -> TopicMaterial:
    """Change its title, language, validity, or who sees it. Raises NotAllowed, WrongState or
    InvalidInput."""
    material = _changeable(material_id, by)
    _fill(material, data)
    db.session.flush()
    _note("change_material", material, by=by)
    return material


def withdraw_material(material_id: int, *, by: User) -> TopicMaterial:
    """It is not used any more; what used it still names it. Raises NotAllowed or WrongState."""
    material = _changeable(material_id, by)
    material.withdrawn_at = clock.now()
    db.session.flush()
    _note("withdraw_material", material, by=by)
    return material


def remove_orphans(*, really: bool = True) -> int:
    """Remove documents that no row names and that are a day old; how many there are."""
    known = db.session.scalars(select(TopicMaterial.stored_name))
    return remove_orphans_in(MATERIALS, known, really=really)


def _changeable(material_id: int, by: User) -> TopicMaterial:
    if not can_keep_topics(by):
        raise NotAllowed
    material = db.session.get_one(TopicMaterial, material_id, with_for_update=True)
    if reason := why_not_change_material(material):
        raise WrongState(reason)
    return material


def _write(
    material: TopicMaterial, data: MaterialData, source: Document | str, *, by: User
) -> None:
    _fill(material, data)
    if isinstance(source, Document):
        material.url = ""
        material.stored_name = keep_file(MATERIALS, source.body, source.ending)
        material.shown_name, material.media_type = source.shown_name, source.media_type
        material.size = len(source.body)
    else:
        material.url = _checked_link(source)
    material.created_by_id, material.created_at = by.id, clock.now()
    db.session.add(material)
    db.session.flush()


def _fill(material: TopicMaterial, data: MaterialData) -> None:
    if not data.title.strip():
        raise InvalidInput(_l("Give it a title."), field="title")
    if data.language not in SPOKEN:
        raise InvalidInput(_l("Choose one from the list."), field="language")
    if data.valid_until is not None and data.valid_until < data.valid_from:
        raise InvalidInput(_l("The last day lies before the first one."), field="valid_until")
    material.title, material.language = data.title.strip(), data.language
    material.public = data.public
    material.valid_from, material.valid_until = data.valid_from, data.valid_until


def _checked_link(url: str) -> str:
    """The address, if it is a plain one on the web. Raises InvalidInput(field="url")."""
    refusal = InvalidInput(
        _l("The link must be a whole address that starts with https://"), field="url"
    )
    try:
        parts = urlsplit(url)
        known = parts.scheme == "https" and bool(parts.hostname) and parts.username is None
    except ValueError:
        raise refusal from None
    if not known or len(url) > 500 or any(c.isspace() or not c.isprintable() for c in url):
        raise refusal
    return url


def _note(action: str, material: TopicMaterial, *, by: User) -> None:
    after: dict[str, object] = {
        "material": material.id,
        "version": material.version,
        "language": material.language,
        "public": material.public,
    }
    audit.record(action, "topic", material.topic_id, by=by, after=after)
