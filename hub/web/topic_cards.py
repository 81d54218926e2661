"""Topics and their materials made ready for pages."""

from dataclasses import dataclass
from datetime import date

from flask import url_for

from hub import clock
from hub.i18n import LANGUAGES, SPOKEN, _, current_language, language_name
from hub.models import Topic, TopicMaterial
from hub.policies import needs_new_reading, why_not_change_material
from hub.web.cards import foreign_tag
from hub.web.filters import day


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic in the desk's list, all in words."""

    id: int
    name: str
    name_tag: str | None
    active: bool
    due: bool
    version: str
    checked: str
    valid: str
    languages: str
    materials: int


@dataclass(frozen=True, slots=True)
class MaterialCard:
    """A material: ``url`` is that of its link, or of its download; ``kind`` is ``PDF · 1.2 MB``."""

    id: int
    title: str
    language: str
    kind: str
    url: str
    is_link: bool
    version: str
    valid: str
    public: bool
    state: str
    state_words: str
    changeable: bool


def topic_row(topic: Topic, materials: int) -> TopicRow:
    text = topic.text()
    return TopicRow(
        id=topic.id,
        name=text.name,
        name_tag=foreign_tag(text.language),
        active=topic.active,
        due=needs_new_reading(topic, clock.today()),
        version=_("Version %(number)s", number=topic.version),
        checked=checked_words(topic),
        valid=_("valid until %(day)s", day=day(topic.valid_until)) if topic.valid_until else "",
        languages=" · ".join(LANGUAGES[c].name for c in LANGUAGES if c in topic.texts),
        materials=materials,
    )


def checked_words(topic: Topic) -> str:
    if topic.checked_on is None:
        return _("not read through yet")
    return _("read through on %(day)s", day=day(topic.checked_on))


def material_card(material: TopicMaterial) -> MaterialCard:
    state, words = _state(material, clock.today())
    link = bool(material.url)
    return MaterialCard(
        id=material.id,
        title=material.title,
        language=language_name(material.language, current_language()),
        kind=_("Link") if link else _kind(material),
        url=material.url if link else url_for("talks.material", material_id=material.id),
        is_link=link,
        version=_("Version %(number)s", number=material.version),
        valid=_validity(material),
        public=material.public,
        state=state,
        state_words=words,
        changeable=why_not_change_material(material) is None,
    )


def reader_first(materials: list[TopicMaterial]) -> list[TopicMaterial]:
    """Those in the language of the page first, then English and Chinese, then the others."""
    first = [current_language(), "en", "zh", *SPOKEN]
    return sorted(materials, key=lambda m: (first.index(m.language), m.title, m.id))


def by_language(materials: list[TopicMaterial]) -> list[tuple[str, list[MaterialCard]]]:
    """The name of each language with its materials, the newest version of each first."""
    groups: dict[str, list[MaterialCard]] = {}
    for material in reader_first(materials):
        card = material_card(material)
        groups.setdefault(card.language, []).append(card)
    return [
        (name, sorted(cards, key=lambda c: (c.state == "withdrawn", -c.id)))
        for name, cards in groups.items()
    ]


def _kind(material: TopicMaterial) -> str:
    ending = (material.stored_name or "").rpartition(".")[2].upper()
    return f"{ending} · {size_words(material.size)}"


def size_words(size: int) -> str:
    """``size`` in bytes as people say it."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def _validity(material: TopicMaterial) -> str:
    first = day(material.valid_from)
    if material.valid_until is None:
        return _("from %(first)s on", first=first)
    return _("from %(first)s to %(last)s", first=first, last=day(material.valid_until))


def _state(material: TopicMaterial, today: date) -> tuple[str, str]:
    if material.withdrawn_at is not None:
        return "withdrawn", _("Taken out of use")
    if today < material.valid_from:
        return "waiting", _("Begins later")
    if not material.holds(today):
        return "ended", _("Expired")
    return "open", _("Valid")
