"""The forms of topics and materials."""

from typing import Any

from flask import request
from flask_wtf.file import FileField
from wtforms import BooleanField, Form, StringField, TextAreaField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)

from hub import clock
from hub.exceptions import InvalidInput
from hub.i18n import _, _l, current_language
from hub.integrations.documents import MAX_BYTES, Document, read_document
from hub.models import Topic, TopicMaterial
from hub.policies import can_keep_topics
from hub.services.materials import MaterialData
from hub.services.topics import TopicData, TopicWords, words_of
from hub.web.access import actor
from hub.web.forms import (
    ChoiceField,
    DayField,
    HubForm,
    WholeNumberField,
    language_rows,
    paragraphs,
    single_line,
    strip,
    with_languages,
)
from hub.web.spoken import spoken_choices

# Above what is accepted, so that a file that is too large is refused by a form which keeps all
# that was typed.
MOST_SENT = 64 * 1024 * 1024


def allow_documents() -> None:
    """Let those who keep the topics send more than a form of words."""
    if can_keep_topics(actor()):
        request.max_content_length = MOST_SENT


class TopicRow(Form):
    """What a topic says in one language."""

    name = StringField(
        _l("Name"),
        filters=[single_line],
        validators=[Length(max=120, message=_l("At most 120 characters."))],
    )
    summary = TextAreaField(
        _l("In one sentence"),
        filters=[single_line],
        validators=[Length(max=300, message=_l("At most 300 characters."))],
    )
    essentials = TextAreaField(
        _l("What a newcomer must know"),
        description=_l("Markdown: an empty line between paragraphs, “- ” before points of a list."),
        filters=[paragraphs],
        validators=[Length(max=20_000, message=_l("At most 20,000 characters."))],
    )

    def validate_name(self, field: StringField) -> None:
        if not field.data and (self.summary.data or self.essentials.data):
            raise ValidationError(
                _("Give a name in this language too, or empty the other boxes of it.")
            )


class TopicForm(HubForm):
    """``with_languages(TopicForm, TopicRow)`` adds the texts."""

    slug = StringField(
        _l("Short name for addresses"),
        description=_l("Small letters, digits and hyphens, such as renting. It stays as it is."),
        filters=[strip],
        validators=[
            DataRequired(_l("Enter a short name.")),
            Regexp(
                r"[a-z][a-z0-9-]{1,39}\Z",
                message=_l("Small letters, digits and hyphens, such as renting."),
            ),
        ],
    )
    position = WholeNumberField(
        _l("Place in the list"),
        description=_l("Topics with smaller numbers come first."),
        validators=[
            InputRequired(_l("Enter a number.")),
            NumberRange(0, 9999, _l("Between 0 and 9,999.")),
        ],
    )
    active = BooleanField(_l("In use: talks can be about it"))
    valid_until = DayField(
        _l("Valid until"),
        description=_l("After this day the desk is told that it needs a new reading."),
        validators=[Optional()],
    )
    read_through = BooleanField(_l("I have read it through today, and it is right"))


class MaterialForm(HubForm):
    """What a material is called, for whom it is and when it holds."""

    title = StringField(
        _l("Title"),
        filters=[single_line],
        validators=[
            DataRequired(_l("Give it a title.")),
            Length(max=200, message=_l("At most 200 characters.")),
        ],
    )
    language = ChoiceField(_l("Language"), choices=spoken_choices)
    public = BooleanField(_l("Public: everybody can open it"))
    valid_from = DayField(_l("Valid from"), validators=[InputRequired(_l("Choose a day."))])
    valid_until = DayField(
        _l("Valid until"),
        description=_l("Empty: until it is withdrawn."),
        validators=[Optional()],
    )


class NewMaterialForm(MaterialForm):
    """The same, with the file or the link itself."""

    file = FileField(
        _l("File"), description=_l("PDF, PPTX, DOCX or ODP without macros, up to 20 MB.")
    )
    url = StringField(
        _l("Or a link"),
        description=_l("A whole address that starts with https://"),
        filters=[strip],
        validators=[Length(max=500, message=_l("At most 500 characters."))],
    )

    source: Document | str = ""

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if bool(self.file.data) == bool(self.url.data):
            self.file.errors = [*self.file.errors, _("Choose a file or give a link: one of them.")]
            return False
        if self.url.data:
            self.source = self.url.data
        return valid

    def validate_file(self, field: Any) -> None:
        if not field.data:
            return
        try:
            sent = field.data.stream.read(MAX_BYTES + 1)
            self.source = read_document(sent, field.data.filename or "")
        except InvalidInput as error:
            raise ValidationError(str(error.message)) from None


def topic_form(topic: Topic | None) -> Any:
    """The form as it was sent, else as the topic is stored."""
    values: dict[str, Any] = {"active": True, "position": 100}
    if topic is not None:
        values = {
            "position": topic.position,
            "active": topic.active,
            "valid_until": topic.valid_until,
        }
        for code, row in topic.texts.items():
            values[f"text_{code}"] = {
                "name": row.name,
                "summary": row.summary,
                "essentials": row.essentials,
            }
    form: Any = with_languages(TopicForm, TopicRow)(data=values)
    if topic is not None:
        del form.slug
    return form


def topic_data(form: Any, topic: Topic | None) -> TopicData:
    """What a valid form says; languages that it does not ask for keep their texts."""
    texts = words_of(topic) if topic is not None else {}
    for code, row in language_rows(form).items():
        said = (row.form.name.data, row.form.summary.data, row.form.essentials.data)
        texts[code] = TopicWords(*(words or "" for words in said))
    return TopicData(
        slug=topic.slug if topic is not None else form.slug.data,
        texts=texts,
        position=form.position.data,
        active=form.active.data,
        valid_until=form.valid_until.data,
        read_through=form.read_through.data,
    )


def material_form(kind: type[MaterialForm], material: TopicMaterial | None = None) -> Any:
    """The form as it was sent, else of ``material``, else an empty one of today."""
    values: dict[str, Any] = {"valid_from": clock.today(), "language": current_language()}
    if material is not None:
        values |= {
            "title": material.title,
            "language": material.language,
            "public": material.public,
        }
        if kind is MaterialForm:
            values |= {"valid_from": material.valid_from, "valid_until": material.valid_until}
    return kind(data=values)


def material_data(form: Any) -> MaterialData:
    return MaterialData(
        title=form.title.data,
        language=form.language.data,
        public=form.public.data,
        valid_from=form.valid_from.data,
        valid_until=form.valid_until.data,
    )
