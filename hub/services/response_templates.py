"""Words that staff begin a response with; the subdistrict keeps them."""

from collections.abc import Mapping

from sqlalchemy import select

from hub.enums import SuggestionOutcome
from hub.exceptions import InvalidInput, NotAllowed
from hub.extensions import db
from hub.i18n import LANGUAGES, _l
from hub.models import ResponseTemplate, ResponseTemplateText, User
from hub.policies import sees_all_people
from hub.services import audit

MOST_NAME, MOST_WORDS = 80, 4000


def save_template(
    template_id: int | None,
    name: str,
    outcome: SuggestionOutcome,
    texts: Mapping[str, str],
    *,
    by: User,
) -> ResponseTemplate:
    """Make one (``template_id`` None) or change it. Raises NotAllowed or InvalidInput."""
    template = _template(template_id, by)
    name = _name(name, template.id)
    written = {code: text.strip() for code, text in texts.items() if text.strip()}
    if not written:
        raise InvalidInput(_l("Write the words in one language at least."))
    for code, text in written.items():
        if code not in LANGUAGES:
            raise InvalidInput(_l("Choose only from the list."))
        if len(text) > MOST_WORDS:
            raise InvalidInput(_l("At most 4,000 characters."), field=f"text_{code}")
    template.name, template.outcome = name, outcome
    for code in set(template.texts) - set(written):
        del template.texts[code]
    for code, text in written.items():
        if code in template.texts:
            template.texts[code].text = text
        else:
            template.texts[code] = ResponseTemplateText(language=code, text=text)
    db.session.add(template)
    db.session.flush()
    action = "create" if template_id is None else "update"
    audit.record(action, "response_template", template.id, by=by, after={"outcome": outcome})
    return template


def delete_template(template_id: int, *, by: User) -> None:
    """Responses that began with it stay as they are. Raises NotAllowed."""
    template = _template(template_id, by)
    db.session.delete(template)
    db.session.flush()
    audit.record("delete", "response_template", template_id, by=by)


def _template(template_id: int | None, by: User) -> ResponseTemplate:
    if not sees_all_people(by):
        raise NotAllowed
    if template_id is None:
        return ResponseTemplate()
    template = db.session.get(ResponseTemplate, template_id, with_for_update=True)
    if template is None:
        raise NotAllowed
    return template


def _name(name: str, own_id: int | None) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidInput(_l("Give it a name."), field="name")
    if len(name) > MOST_NAME:
        raise InvalidInput(_l("At most 80 characters."), field="name")
    taken = db.session.scalar(select(ResponseTemplate.id).where(ResponseTemplate.name == name))
    if taken is not None and taken != own_id:
        raise InvalidInput(_l("There is one with this name already."), field="name")
    return name
