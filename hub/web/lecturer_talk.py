"""What a lecturer reads of a talk on the page of its duty."""

from dataclasses import dataclass

from hub import clock
from hub.enums import Programme
from hub.models import Duty
from hub.queries.talk_plans import links_of, talks_of


@dataclass(frozen=True, slots=True)
class LecturerTalk:
    """``topics``: short name, name, and title and address of each link that helps with it."""

    topics: list[tuple[str, str, list[tuple[str, str]]]]
    school: str
    expected: int


def lecturer_talk(duty: Duty) -> LecturerTalk | None:
    """The talk of a lecturers' duty, in the languages in which this lecturer speaks."""
    if duty.programme is not Programme.LECTURER or duty.event_id is None:
        return None
    talk = talks_of([duty.event_id]).get(duty.event_id)
    if talk is None:
        return None
    day = clock.to_local(duty.starts_at).date()
    links = links_of(talk.topics, [row.language for row in duty.languages], day)
    return LecturerTalk(
        topics=[
            (topic.slug, topic.name, [(m.title, m.url) for m in links if m.topic_id == topic.id])
            for topic in talk.topics
        ],
        school=talk.school,
        expected=talk.expected,
    )
