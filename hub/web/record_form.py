"""The form of a service record: a person's own, and the desk's."""

from datetime import datetime, time
from typing import Any

from flask import request
from flask_wtf.file import FileField
from wtforms import TextAreaField, TimeField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
)

from hub import clock
from hub.i18n import SPOKEN, _, _l, current_language, language_name
from hub.integrations.pictures import Picture
from hub.models import Community, ServiceRecord, User
from hub.queries.records import all_activities, recent_events
from hub.services.record_checks import MOST_SERVED, RecordData
from hub.services.records import FROM_DUTY, data_of
from hub.web.access import actor
from hub.web.filters import day as day_words
from hub.web.forms import ChoiceField, ChoicesField, DayField, HubForm, WholeNumberField, paragraphs
from hub.web.picture_field import MOST_SENT, read_picture

OF_THE_DUTY = ("activity_id", "community_id", "event_id", "day", "starts", "ends")


class ClockField(TimeField):
    """A time of the day, ``14:30``; what cannot be one is an error in our words."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        typed = valuelist[0].strip() if valuelist else ""
        if typed:
            try:
                self.data = time.fromisoformat(typed).replace(second=0, microsecond=0, tzinfo=None)
            except ValueError:
                raise ValueError(_("Enter a time between 00:00 and 23:59.")) from None


class RecordForm(HubForm):
    """What was done, when, for whom. ``record_form`` fills in the choices."""

    activity_id = ChoiceField(_l("What kind of service"), coerce=int, choices=[])
    day = DayField(_l("Day"), validators=[DataRequired(_l("Enter the day."))])
    starts = ClockField(_l("From"), validators=[InputRequired(_l("Enter when it began."))])
    ends = ClockField(_l("To"), validators=[InputRequired(_l("Enter when it ended."))])
    community_id = ChoiceField(_l("Community"), coerce=int, choices=[])
    content = TextAreaField(
        _l("What was done"),
        description=_l("A sentence or two. Leave out the names of those you helped."),
        filters=[paragraphs],
        validators=[Length(max=2000, message=_l("At most 2,000 characters."))],
    )
    people_served = WholeNumberField(
        _l("How many people you helped"),
        validators=[Optional(), NumberRange(0, MOST_SERVED, _l("Between 0 and 10,000 people."))],
    )
    language = ChoiceField(_l("Language that you used"), choices=[], default="")
    event_id = ChoiceField(_l("At an event"), coerce=int, choices=[], default=0)
    picture = FileField(
        _l("Picture as evidence"),
        description=_l(
            "JPEG, PNG or WebP, up to 8 MB. Only you and the staff who approve see it; "
            "place and camera are taken out."
        ),
    )
    drop = ChoicesField(_l("Take these pictures off"), coerce=int, choices=[])

    pictures: tuple[Picture, ...] = ()

    def validate_picture(self, field: Any) -> None:
        if not field.data:
            return
        self.pictures = (read_picture(field),)


class DeskRecordForm(RecordForm):
    """The same, entered by staff for somebody."""

    user_id = ChoiceField(_l("Who did it"), coerce=int, choices=[])


def allow_pictures() -> None:
    """Let somebody who is logged in send more than a form of words."""
    if actor() is not None:
        request.max_content_length = MOST_SENT


def record_form(
    user: User,
    communities: list[Community],
    *,
    record: ServiceRecord | None = None,
    repeat: ServiceRecord | None = None,
    kind: type[RecordForm] = RecordForm,
) -> Any:
    """The form as it was sent, else of ``record``, else of what ``repeat`` was, but today."""
    form: Any = kind(data=_start(user, communities, record, repeat))
    activities = [a for a in all_activities() if a.active or _is_of(record, a.id)]
    form.activity_id.choices = [
        (a.id, a.name if a.counts else _("%(name)s (does not count)", name=a.name))
        for a in activities
    ]
    form.community_id.choices = [(c.id, c.name) for c in communities]
    names = [(code, language_name(code, current_language())) for code in SPOKEN]
    names.sort(key=lambda pair: (pair[0] not in ("zh", "en"), pair[1]))
    form.language.choices = [("", _("Not important")), *names]
    found = recent_events([c.id for c in communities])
    if record is not None and record.event is not None and record.event not in found:
        found.insert(0, record.event)
    form.event_id.choices = [
        (0, _("No event")),
        *((e.id, f"{day_words(e.starts_at)} · {e.title}") for e in found),
    ]
    pictures = record.evidence if record is not None else []
    form.drop.choices = [(p.id, p.shown_name) for p in pictures]
    if not pictures:
        del form.drop
    return form


def without_duty(form: Any) -> Any:
    """Of what was measured only words and pictures can be typed."""
    for name in OF_THE_DUTY:
        del form[name]
    return form


def record_data(form: Any, record: ServiceRecord | None = None) -> RecordData:
    """What a valid form says; what it does not ask for stays as in ``record``."""
    words = {
        "content": form.content.data or "",
        "people_served": form.people_served.data,
        "language": form.language.data,
    }
    if "day" not in form:
        assert record is not None
        kept = data_of(record)
        return RecordData(
            kept.activity_id, kept.community_id, kept.starts_at, kept.ends_at,
            event_id=kept.event_id, **words,
        )  # fmt: skip
    return RecordData(
        activity_id=form.activity_id.data,
        community_id=form.community_id.data,
        starts_at=clock.from_local(datetime.combine(form.day.data, form.starts.data)),
        ends_at=clock.from_local(datetime.combine(form.day.data, form.ends.data)),
        event_id=form.event_id.data or None,
        **words,
    )


def dropped(form: Any) -> list[int]:
    """Ids of the pictures that are to go."""
    return list(form.drop.data or []) if "drop" in form else []


def _start(
    user: User,
    communities: list[Community],
    record: ServiceRecord | None,
    repeat: ServiceRecord | None,
) -> dict[str, Any]:
    """What stands in the form before anybody types."""
    source = record or repeat
    if source is None:
        offered = {c.id for c in communities}
        homes = [a.community_id for a in user.appointments if a.is_active(clock.today())]
        home = next((i for i in homes if i in offered), None)
        return {"day": clock.today(), "community_id": home}
    start, end = clock.to_local(source.starts_at), clock.to_local(source.ends_at)
    values: dict[str, Any] = {
        "activity_id": source.activity_id,
        "community_id": source.community_id,
        "day": start.date() if record is not None else clock.today(),
        "starts": start.time().replace(second=0, microsecond=0),
        "ends": end.time().replace(second=0, microsecond=0),
        "content": source.content,
        "people_served": source.people_served,
        "language": source.language,
    }
    if record is not None:
        values["event_id"] = record.event_id or 0
    return values


def _is_of(record: ServiceRecord | None, activity_id: int) -> bool:
    return record is not None and record.activity_id == activity_id


def is_from_duty(record: ServiceRecord) -> bool:
    return record.provenance in FROM_DUTY
