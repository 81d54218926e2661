"""Law talks in words: a line of a list, and a lecturers' place with who is on it or could be."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from flask import url_for

from hub import clock
from hub.enums import AssignmentStatus, EventStatus
from hub.i18n import _, current_language, language_name, ngettext
from hub.models import Duty, Event, Topic, User
from hub.policies import Helper, why_not_change_duty
from hub.queries.availability import helpers_of
from hub.queries.duties import assignments_of, unsure_duties
from hub.queries.lecturer_pool import why_nobody
from hub.queries.planner import Proposal, plan_for, proposals
from hub.queries.talk_plans import RED_DAYS, offers_open, open_lecturer_duties, talks_of
from hub.web.cards import foreign_tag
from hub.web.duty_cards import RosterRow, needs_words, people_words, roster_row
from hub.web.filters import period

S = AssignmentStatus
GONE = (S.DECLINED, S.WITHDRAWN, S.RELEASED, S.CANCELLED)
SOON = timedelta(days=RED_DAYS)


@dataclass(frozen=True, slots=True)
class TalkCard:
    """One talk of the desk. ``red``: published, near, and nobody gives it (or one is missing)."""

    id: int
    url: str
    title: str
    title_lang: str | None
    when: str
    place: str
    topics: list[str]
    languages: list[str]
    school: str
    expected: int
    state: str
    state_label: str
    lecturers: str
    missing: int
    offered: int
    red: bool
    unsure: bool
    planned: bool
    live: bool


def talk_cards(events: Sequence[Event]) -> list[TalkCard]:
    """With as many questions to the database for one as for many."""
    if not events:
        return []
    ids = [event.id for event in events]
    talks, duties = talks_of(ids), open_lecturer_duties(ids)
    every = [duty for found in duties.values() for duty in found]
    asked, unsure = offers_open([d.id for d in every]), unsure_duties(every)
    return [
        _card(
            event,
            duties[event.id],
            topics=talks[event.id].topics if event.id in talks else (),
            school=talks[event.id].school if event.id in talks else "",
            expected=talks[event.id].expected if event.id in talks else 0,
            planned=event.id in talks,
            offered=sum(asked.get(d.id, 0) for d in duties[event.id]),
            unsure=any(d.id in unsure for d in duties[event.id]),
        )
        for event in events
    ]


def _card(
    event: Event,
    duties: Sequence[Duty],
    *,
    topics: Sequence[Topic],
    school: str,
    expected: int,
    planned: bool,
    offered: int,
    unsure: bool,
) -> TalkCard:
    text, moment, display = event.text(), clock.now(), current_language()
    needed, taken = sum(d.people_needed for d in duties), sum(d.people_taken for d in duties)
    missing = needed - taken if needed else 1
    over = event.has_ended(moment)
    near = not over and event.starts_at <= moment + SOON
    ended = over and event.status is EventStatus.PUBLISHED
    return TalkCard(
        id=event.id,
        url=url_for("desk_talks.show", event_id=event.id),
        title=text.title,
        title_lang=foreign_tag(text.language),
        when=period(event.starts_at, event.ends_at),
        place=event.venue.name,
        topics=[topic.name for topic in topics],
        languages=[language_name(code, display) for code in event.languages],
        school=school,
        expected=expected,
        state="ended" if ended else event.status.value,
        state_label=_("Over") if ended else str(event.status.label),
        lecturers=ngettext(
            "%(taken)s of %(needed)s lecturer",
            "%(taken)s of %(needed)s lecturers",
            needed,
            taken=taken,
            needed=needed,
        ),
        missing=0 if over or event.status is EventStatus.CANCELLED else missing,
        offered=offered,
        red=near and missing > 0 and event.status is EventStatus.PUBLISHED,
        unsure=unsure,
        planned=planned,
        live=not over and event.status is not EventStatus.CANCELLED,
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A lecturers' place of a talk: who is on it, who was, and who could be asked."""

    duty: Duty
    languages: str
    people_words: str
    open: bool
    rows: list[RosterRow] = field(default_factory=list)
    gone: list[RosterRow] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    why_nobody: str = ""


def place_of(duty: Duty, by: User) -> Place:
    people = assignments_of(duty.id)
    found = helpers_of([a.user for a in people], duty.starts_at, duty.ends_at)
    helpers: dict[int, Helper] = {h.user.id: h for h in found}
    rows = [roster_row(a, helpers[a.user_id], by.id) for a in people]
    asked = sum(a.status is S.OFFERED for a in people)
    wanted = why_not_change_duty(duty, clock.now()) is None and duty.people_missing > 0
    proposed = proposals(duty, by) if wanted else []
    return Place(
        duty=duty,
        languages=", ".join(needs_words(duty)),
        people_words=people_words(duty),
        open=wanted,
        rows=[row for row in rows if row.assignment.status not in GONE],
        gone=[row for row in rows if row.assignment.status in GONE],
        proposals=proposed,
        why_nobody=why_nobody(duty, by) if wanted and not proposed and not asked else "",
    )


@dataclass(frozen=True, slots=True)
class PlannedTalk:
    """A talk of a series with what the planner proposes for it."""

    card: TalkCard
    proposals: list[Proposal]
    why_nobody: str


def planned_talks(cards: Sequence[TalkCard], by: User) -> list[PlannedTalk]:
    """For the talks that are to come and have a place that is neither taken nor offered."""
    open_cards = [c for c in cards if c.live and c.planned and c.missing > c.offered]
    duties = open_lecturer_duties([c.id for c in open_cards])
    every = [d for found in duties.values() for d in found if d.people_missing > 0]
    plan, asked = plan_for(every, by), offers_open([d.id for d in every])
    found = []
    for card in open_cards:
        places = [d for d in duties[card.id] if d.people_missing > asked.get(d.id, 0)]
        empty = [d for d in places if not plan[d.id]]
        found.append(
            PlannedTalk(
                card=card,
                proposals=[p for d in places for p in plan[d.id]],
                why_nobody=why_nobody(empty[0], by) if empty else "",
            )
        )
    return found
