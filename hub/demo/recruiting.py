"""People who apply: two became assistant and lecturer, three are at other points of the way."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import cycle

from hub import clock
from hub.demo.accounts import ASSISTANT, HELPER, POLICE, RESIDENT, Account, Staff
from hub.demo.places import Places
from hub.demo.timeline import Timeline
from hub.enums import Programme, QuestionKind
from hub.models import User
from hub.queries.applications import asked_questions
from hub.services.applications import (
    save_answers,
    save_draft,
    submit_application,
    write_to_staff,
)
from hub.services.offers import accept_offer
from hub.services.reviews import Approval, approve_application, start_review, write_to_applicant

TERM = timedelta(days=300)
LONG = {
    Programme.ASSISTANT: "When I came, a neighbour helped me at the clinic. I would like to do the "
    "same for others. I speak their languages, and my Chinese is good enough to ask again.",
    Programme.LECTURER: "Fraud. Two of my friends lent their bank cards and did not know that it "
    "is a crime. They would have listened to somebody like them.",
}
SHORT = ("About three hours a week.", "Until next July, when I graduate.")


def appoint(user: User, programme: Programme, community_id: int | None, staff: Staff) -> None:
    """The whole way on one day: application, review, approval, acceptance with its letter."""
    number = apply(user, programme, community_id)
    start_review(number, by=staff.office)
    today = clock.today()
    offer = approve_application(
        number, Approval(community_id, today, today + TERM), by=staff.office
    )
    accept_offer(offer.id, by=user)


def apply(user: User, programme: Programme, community_id: int | None) -> int:
    """Fill in the form and send it; returns the application's id."""
    application = save_draft(programme, community_id, user.language, by=user)
    said = {
        QuestionKind.LONG: cycle([LONG[programme]]),
        QuestionKind.SHORT: cycle(SHORT),
        QuestionKind.YES_NO: cycle(["yes"]),
    }
    typed = {q.id: next(said[q.kind]) for q in asked_questions(programme) if q.required}
    save_answers(application.id, typed, by=user)
    return submit_application(application.id, by=user).id


def plan_applications(timeline: Timeline, staff: Staff, places: Places) -> None:
    """Three who wait: one unread, one asked something, one under review by the police unit."""
    steps: tuple[tuple[int, Callable[[Staff, Places], None]], ...] = (
        (6 * 24, _resident_applies),
        (4 * 24, _assistant_wants_to_speak),
        (52, _helper_applies),
    )
    for hours_ago, step in steps:
        timeline.at(timeline.now - timedelta(hours=hours_ago), partial(step, staff, places))


def _resident_applies(staff: Staff, places: Places) -> None:
    """Mina is asked about her free days, and answers; then about her term."""
    here = places.communities["heyuan"]
    mina, number = _sent(staff, RESIDENT, Programme.ASSISTANT, here)
    colleague = staff.of("heyuan")
    start_review(number, by=colleague)
    write_to_applicant(
        number, "Thank you, Mina! Could you come on Tuesday afternoons?", asks=True, by=colleague
    )
    write_to_staff(number, "Yes, after 14:00. On Fridays too.", by=mina)
    write_to_applicant(
        number,
        "Very good. Please show us your residence permit at the counter. When can you come?",
        asks=True,
        by=colleague,
    )


def _assistant_wants_to_speak(staff: Staff, places: Places) -> None:
    """Yousra would like to give talks too; the police unit looks into it."""
    _user, number = _sent(staff, ASSISTANT, Programme.LECTURER, None)
    start_review(number, by=staff.user(POLICE))


def _helper_applies(staff: Staff, places: Places) -> None:
    """Nobody has read Kwame's yet."""
    _sent(staff, HELPER, Programme.ASSISTANT, places.communities["xiaoheshan"])


def _sent(
    staff: Staff, account: Account, programme: Programme, community_id: int | None
) -> tuple[User, int]:
    user = staff.user(account)
    return user, apply(user, programme, community_id)
