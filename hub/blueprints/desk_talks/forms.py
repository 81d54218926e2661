"""The forms of talks and of their series at the desk."""

from datetime import UTC, datetime, timedelta
from typing import Any

from wtforms import BooleanField, Form, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from hub import clock
from hub.i18n import SPOKEN, _, _l, current_language, language_name
from hub.models import Event, Talk, TalkPlan, TalkRequest, User
from hub.policies import can_manage_talks_in
from hub.queries.places import usable_communities, usable_venues
from hub.queries.talk_plans import managed_plans, open_lecturer_duties
from hub.queries.topics import topics_in_use
from hub.services.talk_plans import MOST_PEOPLE, PlanData
from hub.services.talks import MOST_EXPECTED, MOST_LECTURERS, TalkData
from hub.web.forms import (
    ChoiceField,
    ChoicesField,
    DayField,
    HubForm,
    LocalTimeField,
    WholeNumberField,
    language_rows,
    one_of,
    paragraphs,
    single_line,
    with_languages,
)

WEEK = timedelta(weeks=1)
EVENING, LENGTH = timedelta(hours=18, minutes=30), timedelta(minutes=90)


class TalkForm(HubForm):
    """A talk: when, where, about what, and who is to speak."""

    seen = HiddenField()
    series_id = ChoiceField(_l("Series"), coerce=int, choices=[])
    starts_at = LocalTimeField(
        _l("Starts"), validators=[InputRequired(_l("Enter when it starts."))]
    )
    ends_at = LocalTimeField(_l("Ends"), validators=[InputRequired(_l("Enter when it ends."))])
    venue_id = ChoiceField(_l("Venue"), coerce=int, choices=[])
    school = StringField(
        _l("School"),
        description=_l("Whose students come. Empty: a talk for everybody."),
        filters=[single_line],
        validators=[Length(max=120, message=_l("At most 120 characters."))],
    )
    topic_ids = ChoicesField(
        _l("Topics"),
        coerce=int,
        choices=[],
        validators=[one_of(_l("Choose at least one topic from the list."))],
    )
    languages = ChoicesField(
        _l("Languages spoken"),
        choices=[],
        validators=[one_of(_l("Choose at least one language."))],
    )
    expected = WholeNumberField(
        _l("People expected"),
        default=160,
        validators=[
            InputRequired(_l("Enter a number.")),
            NumberRange(1, MOST_EXPECTED, _l("Between 1 and 100,000 people.")),
        ],
    )
    lecturers = WholeNumberField(
        _l("Lecturers needed"),
        default=1,
        validators=[
            InputRequired(_l("Enter a number.")),
            NumberRange(1, MOST_LECTURERS, _l("Between 1 and 20 lecturers.")),
        ],
    )
    each_language = BooleanField(
        _l("So many for each language"),
        description=_l("Otherwise every lecturer speaks all the languages of the talk."),
    )


class TitleRow(Form):
    title = StringField(
        _l("Title"),
        filters=[single_line],
        validators=[Length(max=200, message=_l("At most 200 characters."))],
    )


class PlanForm(HubForm):
    """A series; ``with_languages(PlanForm, TitleRow)`` adds its titles."""

    community_id = ChoiceField(_l("Community"), coerce=int, choices=[])
    audience = StringField(
        _l("For whom"),
        filters=[single_line],
        validators=[Length(max=200, message=_l("At most 200 characters."))],
    )
    target = WholeNumberField(
        _l("People to reach"),
        default=1500,
        validators=[
            InputRequired(_l("Enter a number.")),
            NumberRange(1, MOST_PEOPLE, _l("Between 1 and 1,000,000 people.")),
        ],
    )
    first_day = DayField(_l("First day"), validators=[InputRequired(_l("Choose a day."))])
    last_day = DayField(_l("Last day"), validators=[InputRequired(_l("Choose a day."))])
    schools = TextAreaField(
        _l("People to reach at each school"),
        description=_l("One school a line, with the number behind it: Zhejiang University = 600"),
        filters=[paragraphs],
        validators=[Length(max=4000, message=_l("At most 4,000 characters."))],
    )

    def validate_schools(self, field: TextAreaField) -> None:
        read_schools(field.data or "")


class OfferAllForm(HubForm):
    """Which of the proposals are offered; each is ``<duty>-<person>``."""

    pairs = ChoicesField(
        _l("Offer to"), choices=[], validators=[one_of(_l("Choose at least one person."))]
    )


def read_schools(typed: str) -> dict[str, int]:
    """People by school. Raises ValidationError with the line that cannot be read."""
    found: dict[str, int] = {}
    for line in filter(str.strip, typed.splitlines()):
        school, _equals, number = line.replace("＝", "=").rpartition("=")
        name, number = " ".join(school.split()), number.strip().replace(",", "")
        if not name or len(name) > 120 or not (number.isascii() and number.isdigit()):
            raise ValidationError(
                _("Write “School = number”. This cannot be read: %(line)s", line=line.strip()[:80])
            )
        if name in found:
            raise ValidationError(_("This school stands there twice: %(school)s", school=name))
        found[name] = int(number[:9])
    return found


def talk_form(user: User, talk: Talk | None = None, event: Event | None = None) -> Any:
    """The form of a talk as it was sent, else as it is stored; of an event that is no talk yet
    with its time and place."""
    values = _stored(event, talk) if event is not None else {}
    form: Any = TalkForm(data=values)
    if event is not None:
        del form.series_id
    _fill(form, user, talk, event)
    return form


def new_talk_form(
    user: User,
    series_id: int | None,
    after: Event | None,
    talk: Talk | None,
    asked: TalkRequest | None = None,
) -> Any:
    """An empty form; ``after`` a talk, the same one a week later; ``asked`` for, as it was."""
    values: dict[str, Any] = {"series_id": series_id or 0}
    if asked is not None:
        values |= _asked(asked)
    if after is not None:
        values |= _stored(after, talk)
        values |= {"starts_at": after.starts_at + WEEK, "ends_at": after.ends_at + WEEK}
        values |= {"series_id": series_id or after.series_id or 0}
    form: Any = TalkForm(data=values)
    plans = [(p.series_id, p.series.text().title) for p in managed_plans(user)]
    form.series_id.choices = [(0, _("None")), *plans]
    if form.series_id.data not in dict(form.series_id.choices) and not form.is_submitted():
        form.series_id.data = 0
    _fill(form, user, talk, None)
    return form


def _fill(form: Any, user: User, talk: Talk | None, event: Event | None) -> None:
    venues = [v for v in usable_venues(user) if can_manage_talks_in(user, v.community_id)]
    if event is not None:
        venues = [v for v in venues if v.community_id == event.community_id]
    several = len({v.community_id for v in venues}) > 1
    form.venue_id.choices = [
        (v.id, f"{v.name} ({v.community.name})" if several else v.name) for v in venues
    ]
    topics = topics_in_use(talk.topics if talk is not None else ())
    form.topic_ids.choices = [(t.id, t.name) for t in topics]
    display = current_language()
    named = [(code, language_name(code, display)) for code in SPOKEN]
    form.languages.choices = sorted(named, key=lambda c: (c[0] not in ("zh", "en"), c[1]))


def _asked(asked: TalkRequest) -> dict[str, Any]:
    """What a request says of the talk that may answer it: an evening of the wished day."""
    values: dict[str, Any] = {
        "school": asked.organisation,
        "expected": asked.people,
        "topic_ids": [topic.id for topic in asked.topics if topic.active],
        "languages": [code for code in asked.languages.split(",") if code],
    }
    if asked.wished_on is not None:
        start = clock.day_start(asked.wished_on) + EVENING
        values |= {"starts_at": start, "ends_at": start + LENGTH}
    return values


def _stored(event: Event, talk: Talk | None) -> dict[str, Any]:
    duties = open_lecturer_duties([event.id])[event.id]
    spoken = {frozenset(row.language for row in d.languages) for d in duties}
    return {
        "seen": event.changed_at.isoformat(),
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "venue_id": event.venue_id,
        "languages": list(event.languages),
        "school": talk.school if talk is not None else "",
        "expected": talk.expected if talk is not None else event.capacity,
        "topic_ids": [t.id for t in talk.topics] if talk is not None else [],
        "lecturers": max((d.people_needed for d in duties), default=1),
        "each_language": len(duties) > 1 and all(len(codes) == 1 for codes in spoken),
    }


def talk_data(form: Any) -> TalkData:
    """What a valid form says."""
    return TalkData(
        venue_id=form.venue_id.data,
        starts_at=form.starts_at.data,
        ends_at=form.ends_at.data,
        topic_ids=list(form.topic_ids.data or ()),
        languages=list(form.languages.data or ()),
        school=form.school.data or "",
        expected=form.expected.data,
        lecturers=form.lecturers.data,
        each_language=form.each_language.data,
        series_id=(form.series_id.data or None) if "series_id" in form else None,
    )


def seen_at(form: Any) -> datetime:
    """The ``changed_at`` on which the form was built; a forged one is older than everything."""
    try:
        seen = datetime.fromisoformat(form.seen.data or "")
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return seen if seen.tzinfo is not None else seen.replace(tzinfo=UTC)


def plan_form(user: User, plan: TalkPlan | None = None) -> Any:
    """The form of a series as it was sent, else as it is stored; a new one is of this half year."""
    today = clock.today()
    values: dict[str, Any] = {"first_day": today, "last_day": today + 26 * WEEK}
    if plan is not None:
        values = {
            **{name: getattr(plan, name) for name in ("audience", "target")},
            **{name: getattr(plan, name) for name in ("first_day", "last_day")},
            "schools": "\n".join(f"{row.school} = {row.people}" for row in plan.targets),
            **{f"text_{code}": {"title": t.title} for code, t in plan.series.texts.items()},
        }
    form: Any = with_languages(PlanForm, TitleRow)(data=values)
    if plan is not None:
        del form.community_id
    else:
        places = [c for c in usable_communities(user) if can_manage_talks_in(user, c.id)]
        form.community_id.choices = [(c.id, c.name) for c in places]
    return form


def plan_data(form: Any, community_id: int) -> PlanData:
    return PlanData(
        community_id=community_id,
        titles={code: row.form.title.data or "" for code, row in language_rows(form).items()},
        audience=form.audience.data or "",
        target=form.target.data,
        first_day=form.first_day.data,
        last_day=form.last_day.data,
        schools=read_schools(form.schools.data or ""),
    )
