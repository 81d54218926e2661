"""Duties in words: a line of a list, what a duty needs, why somebody fits or does not."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from hub import clock
from hub.enums import AssignmentStatus, EventStatus, LanguageLevel, Programme
from hub.i18n import _, current_language, language_name, ngettext
from hub.models import Assignment, Duty
from hub.policies import Helper, Step, level_words, why_not_step, why_not_take
from hub.web.cards import foreign_tag
from hub.web.filters import period, weekday_name

S = AssignmentStatus


@dataclass(frozen=True, slots=True)
class DutyCard:
    """One duty of a list, all in words; ``mine`` is what the reader has to do with it."""

    id: int
    url: str
    title: str
    title_lang: str | None
    when: str
    place: str
    community: str
    activity: str
    needs: list[str]
    people_words: str
    missing: int
    cancelled: bool
    mine: Assignment | None = None
    obstacles: Sequence[str] = ()
    swap: bool = False


def duty_card(
    duty: Duty,
    url: str,
    *,
    mine: Assignment | None = None,
    obstacles: Sequence[str] = (),
    swap: bool = False,
) -> DutyCard:
    text = duty.text()
    return DutyCard(
        id=duty.id,
        url=url,
        title=text.title,
        title_lang=foreign_tag(text.language),
        when=period(duty.starts_at, duty.ends_at),
        place=duty.venue.name,
        community=duty.community.name,
        activity=duty.activity.name,
        needs=needs_words(duty),
        people_words=people_words(duty),
        missing=duty.people_missing,
        cancelled=duty.cancelled_at is not None,
        mine=mine,
        obstacles=obstacles,
        swap=swap,
    )


def own_card(
    duty: Duty, helper: Helper, mine: Assignment | None = None, *, swap: bool = False
) -> DutyCard:
    """A duty as an assistant sees it, with why not; what staff passed with a reason is left out."""
    passed = mine is not None and mine.override_reason != ""
    found = [o for o in why_not_take(duty, helper, clock.now()) if o.firm or not passed]
    return duty_card(
        duty,
        url_for("service.duty", duty_id=duty.id),
        mine=mine,
        obstacles=[str(o.words) for o in found],
        swap=swap,
    )


def desk_duty_cards(duties: Sequence[Duty]) -> list[DutyCard]:
    return [duty_card(d, url_for("desk_duties.show", duty_id=d.id)) for d in duties]


def public_event(duty: Duty) -> tuple[str, str] | None:
    """Title and address of the duty's event, if everybody may see it."""
    if duty.event is None or duty.event.status is not EventStatus.PUBLISHED:
        return None
    return duty.event.title, url_for("events.show", event_id=duty.event.id)


def people_words(duty: Duty) -> str:
    """``1 of 3 people``."""
    return ngettext(
        "%(taken)s of %(needed)s person",
        "%(taken)s of %(needed)s people",
        duty.people_needed,
        taken=duty.people_taken,
        needed=duty.people_needed,
    )


def needs_words(duty: Duty) -> list[str]:
    """``Arabic B2``, ``Taking photos``; for lecturers only ``Arabic``."""
    if duty.programme is Programme.LECTURER:
        return [language_name(row.language, current_language()) for row in duty.languages]
    spoken = [_spoken(row.language, row.level) for row in duty.languages]
    return [*spoken, *(str(row.skill.label) for row in duty.skills)]


def _spoken(code: str, level: LanguageLevel) -> str:
    name = language_name(code, current_language())
    return _("%(language)s %(level)s", language=name, level=level_words(level))


def match_words(helper: Helper, duty: Duty) -> list[str]:
    """``speaks Arabic B2, English C1``, ``often free on Sat``, ``2 duties this month``."""
    needed = [row.language for row in duty.languages]
    shown = [c for c in needed if c in helper.languages] or sorted(helper.languages)[:4]
    spoken = ", ".join(_spoken(code, helper.languages[code]) for code in shown)
    found = [_("speaks %(languages)s", languages=spoken)] if spoken else []
    found += [str(row.skill.label) for row in duty.skills if row.skill in helper.skills]
    day = weekday_name(clock.to_local(duty.starts_at).weekday())
    if helper.is_free_on(duty.starts_at):
        found.append(_("often free on %(day)s", day=day))
    elif helper.weekdays:
        found.append(_("did not name %(day)s as a free day", day=day))
    if helper.this_month:
        found.append(
            ngettext("%(num)d duty that month", "%(num)d duties that month", helper.this_month)
        )
    else:
        found.append(_("no duty that month"))
    return found


@dataclass(frozen=True, slots=True)
class RosterRow:
    """Somebody on a duty, with what can be done with them and what is not as it should be."""

    assignment: Assignment
    name: str
    flags: list[str]
    steps: set[str]
    myself: bool


STAFF_STEPS = (
    *(Step.WITHDRAW_OFFER, Step.TAKE_OFF, Step.CHECK_IN, Step.CHECK_OUT, Step.CONFIRM_END),
    Step.NO_SHOW,
)


def roster_row(assignment: Assignment, helper: Helper, by_id: int) -> RosterRow:
    """Flags say what does not hold any more for who is to come (rule 8)."""
    moment, duty = clock.now(), assignment.duty
    open_states = (S.OFFERED, S.REQUESTED, S.CONFIRMED)
    to_come = assignment.status in open_states and duty.ends_at > moment
    found = why_not_take(duty, helper, moment) if to_come and duty.cancelled_at is None else []
    return RosterRow(
        assignment=assignment,
        name=assignment.user.name,
        flags=[str(o.words) for o in found],
        steps={s.value for s in STAFF_STEPS if why_not_step(assignment, s, moment) is None},
        myself=assignment.user_id == by_id,
    )


@dataclass(frozen=True, slots=True)
class Match:
    """Somebody who could do it: what speaks for them, what is missing."""

    user_id: int
    name: str
    words: list[str]
    missing: list[str]
    firm: bool


def matches(duty: Duty, helpers: Sequence[Helper]) -> list[Match]:
    """Who fits best first: can be asked, nothing missing, free that day, few duties that month."""
    moment = clock.now()

    def rank(helper: Helper, match: Match) -> tuple[bool, int, bool, int, str]:
        free = helper.is_free_on(duty.starts_at)
        return match.firm, len(match.missing), not free, helper.this_month, match.name

    found = []
    for helper in helpers:
        obstacles = why_not_take(duty, helper, moment)
        match = Match(
            user_id=helper.user.id,
            name=helper.user.name,
            words=match_words(helper, duty),
            missing=[str(o.words) for o in obstacles],
            firm=any(o.firm for o in obstacles),
        )
        found.append((rank(helper, match), match))
    return [match for _rank, match in sorted(found, key=lambda pair: pair[0])]
