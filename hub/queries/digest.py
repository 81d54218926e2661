"""What waits for somebody of the staff, as the first page of their desk says it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hub import clock
from hub.integrations.workdays import is_working_day
from hub.models import Event, User
from hub.policies import can_run_talks
from hub.queries.applications import count_waiting_applications
from hub.queries.duties import count_short_of_people
from hub.queries.events import events_on_day
from hub.queries.messages import Outbox, outbox_of
from hub.queries.records import Waiting, waiting_for
from hub.queries.suggestions import WaitingSuggestions, waiting_suggestions
from hub.queries.talk_plans import count_talks_that_lack
from hub.queries.talk_requests import count_waiting_requests

FROM, UNTIL = timedelta(hours=8), timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Digest:
    """``talks``: how many of the next two weeks lack a lecturer. ``duties``: how many of the next
    week miss people."""

    day: date
    events: list[Event]
    records: Waiting
    applications: int
    talk_requests: int
    talks: int
    duties: int
    suggestions: WaitingSuggestions
    outbox: Outbox

    @property
    def is_empty(self) -> bool:
        return not (
            self.events
            or self.records.number
            or self.applications
            or self.talk_requests
            or self.talks
            or self.duties
            or self.suggestions.number
            or self.suggestions.overdue
            or self.outbox.failed
            or self.outbox.bounced
        )


def digest_of(user: User) -> Digest:
    """What waits for ``user`` at this moment."""
    return Digest(
        day=clock.today(),
        events=events_on_day(user, clock.today()),
        records=waiting_for(user),
        applications=count_waiting_applications(user),
        talk_requests=count_waiting_requests(user) if can_run_talks(user) else 0,
        talks=count_talks_that_lack(user),
        duties=count_short_of_people(user),
        suggestions=waiting_suggestions(user),
        outbox=outbox_of(user),
    )


def digest_hours(moment: datetime) -> tuple[datetime, datetime] | None:
    """Between when and when the digest of this day leaves, if that is now: on working days."""
    day = clock.to_local(moment).date()
    first, last = clock.day_start(day) + FROM, clock.day_start(day) + UNTIL
    return (first, last) if is_working_day(day) and first <= moment < last else None
