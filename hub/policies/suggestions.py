"""Suggestions: who answers them, which step is possible, when one is due (rules 5, 15, 16)."""

from datetime import date, timedelta

from flask_babel import LazyString

from hub.enums import (
    SUGGESTION_MOVES,
    Moderation,
    Programme,
    SuggestionIdentity,
    SuggestionStatus,
)
from hub.i18n import _l
from hub.integrations.workdays import add_working_days
from hub.models import Suggestion, User
from hub.policies.people import (
    can_manage_community,
    is_active_in,
    manages_communities,
    sees_all_people,
)

ACKNOWLEDGE_WORKING_DAYS = 3
ACKNOWLEDGE_AT_MOST = timedelta(days=15)
ANSWER_WORKING_DAYS = 15  # what triage proposes
ASKED_AFTER = timedelta(weeks=4)  # whether what is said to be done is done

S = SuggestionStatus
RUNNING_CLOCK = (S.TRIAGED, S.IN_PROGRESS)


def can_handle_suggestions(user: User | None) -> bool:
    """Whether there are suggestions at the person's desk: staff, not the police unit."""
    return manages_communities(user)


def can_manage_suggestion(user: User | None, suggestion: Suggestion) -> bool:
    """Staff of its community; one about no community or all of them: the subdistrict (rule 20)."""
    if suggestion.community_id is None:
        return sees_all_people(user)
    return can_manage_community(user, suggestion.community_id)


def can_collect_suggestions(user: User | None, on: date) -> bool:
    """Who writes a suggestion down for somebody else: assistants with a term, and staff."""
    return is_active_in(user, Programme.ASSISTANT, on) or manages_communities(user)


def is_own_suggestion(user: User, suggestion: Suggestion) -> bool:
    """Whether they made it or wrote it down for somebody (rule 5)."""
    return user.id in (suggestion.user_id, suggestion.collected_by_id)


def why_not_move(
    user: User | None, suggestion: Suggestion, to: SuggestionStatus
) -> LazyString | None:
    """The reason why ``user`` (None: its submitter) cannot take it to ``to``, or None."""
    if user is not None and is_own_suggestion(user, suggestion):
        return _l("You made or wrote down this suggestion yourself: a colleague decides about it.")
    if to in SUGGESTION_MOVES[suggestion.status]:
        return None
    if suggestion.status.is_final:
        return _l("This suggestion is concluded. Only its submitter can open it again.")
    return _l("This step is not possible now. Look at where the suggestion stands.")


def why_not_ask_submitter(user: User, suggestion: Suggestion) -> LazyString | None:
    """The reason why nothing can be asked back, or None."""
    if is_own_suggestion(user, suggestion):
        return _l("You made or wrote down this suggestion yourself: a colleague decides about it.")
    if suggestion.identity is SuggestionIdentity.ANONYMOUS or suggestion.erased_on is not None:
        return _l("Nobody can be asked: it was made without a name.")
    if suggestion.paused_on is not None:
        return _l("A question is open already. Wait for its answer.")
    if suggestion.status not in RUNNING_CLOCK:
        return _l("Assign it first: the clock can stand still only while it runs.")
    return None


def why_not_public(suggestion: Suggestion) -> LazyString | None:
    """The reason why it cannot be shown to all, or None (rules 15, 18)."""
    if suggestion.category.is_referred:
        return _l("Complaints, reports and claims are handed over and never shown.")
    if not suggestion.may_publish:
        return _l("Its submitter did not allow that it is shown.")
    if suggestion.moderation is Moderation.UNFIT:
        return _l("A colleague found it not fit to be shown.")
    return None


def why_not_reopen(suggestion: Suggestion) -> LazyString | None:
    """The reason why its submitter cannot open it again, or None."""
    if suggestion.erased_on is not None:
        return _l("This data has been deleted already.")
    if not suggestion.status.is_final:
        return _l("This suggestion is still being worked on.")
    return None


def why_not_judge(suggestion: Suggestion) -> LazyString | None:
    """The reason why its submitter is not asked whether it is done, or None."""
    if suggestion.status is not S.DONE:
        return _l("Nobody has said yet that this is done.")
    if suggestion.verdict is not None:
        return _l("You have told us already. Thank you.")
    return None


def acknowledge_by(counted_on: date) -> date:
    """The day by which it should be acknowledged: within three working days, and never later
    than 15 days after it came, however long a holiday is (rule 15)."""
    return min(
        add_working_days(counted_on, ACKNOWLEDGE_WORKING_DAYS), counted_on + ACKNOWLEDGE_AT_MOST
    )


def usual_due(today: date) -> date:
    """By when an answer is due, if nobody says otherwise."""
    return add_working_days(today, ANSWER_WORKING_DAYS)


def due_day(suggestion: Suggestion) -> date | None:
    """The day on which the next step is due; None while nobody has to do anything, or while its
    submitter is asked for something."""
    if suggestion.status in (S.RECEIVED, S.REOPENED):
        return acknowledge_by(suggestion.counted_on)
    if suggestion.status is S.ACKNOWLEDGED:
        begun = suggestion.acknowledged_on or suggestion.counted_on
        return add_working_days(begun, ACKNOWLEDGE_WORKING_DAYS)
    if suggestion.status in RUNNING_CLOCK and suggestion.paused_on is None:
        return suggestion.due_on
    return None


def is_overdue(suggestion: Suggestion, today: date) -> bool:
    """Derived, never stored (rule 15)."""
    due = due_day(suggestion)
    return due is not None and due < today


def why_not_answer(suggestion: Suggestion) -> LazyString | None:
    """The reason why its submitter has nothing to answer, or None."""
    if suggestion.erased_on is not None:
        return _l("This data has been deleted already.")
    if suggestion.paused_on is None:
        return _l("No question is open now.")
    return None


def why_not_back(user: User | None, suggestion: Suggestion) -> LazyString | None:
    """The reason why ``user`` (None: somebody without an account) cannot say "me too", or None."""
    if user is not None and suggestion.user_id == user.id:
        return _l("This is your own suggestion. You hear of it anyway.")
    return None


# --- what staff do with it ---------------------------------------------------------------------

# In which states an official response can be written, and in which one be published.
ANSWERABLE = (S.TRIAGED, S.IN_PROGRESS, S.RESPONDED, S.DONE, S.NOT_ADOPTED)
PUBLISHABLE = (S.IN_PROGRESS, S.RESPONDED, S.DONE, S.NOT_ADOPTED)
TRIAGE_AGAIN = RUNNING_CLOCK


def why_not_handle(user: User, suggestion: Suggestion) -> LazyString | None:
    """The reason why a colleague has to do it, or None (rule 5)."""
    if is_own_suggestion(user, suggestion):
        return _l("You made or wrote down this suggestion yourself: a colleague decides about it.")
    return None


def why_not_triage(user: User, suggestion: Suggestion) -> LazyString | None:
    """The reason why it cannot be assigned, for the first time or to somebody else, or None."""
    if suggestion.status in TRIAGE_AGAIN:
        return why_not_handle(user, suggestion)
    if suggestion.status is S.DUPLICATE:
        return _l("It is joined with another one. Take the two apart first.")
    return why_not_move(user, suggestion, S.TRIAGED)


def why_not_respond(user: User, suggestion: Suggestion) -> LazyString | None:
    """The reason why no official response can be written, or None."""
    if reason := why_not_handle(user, suggestion):
        return reason
    if suggestion.status not in ANSWERABLE:
        return _l("Assign it first: then a response can be written.")
    return None


def why_not_publish(user: User, suggestion: Suggestion) -> LazyString | None:
    """The reason why its response cannot be published, or None."""
    if reason := why_not_handle(user, suggestion):
        return reason
    if suggestion.status not in PUBLISHABLE:
        return _l("Begin to work on it first: then the response can be published.")
    return None


def why_not_take_apart(user: User, suggestion: Suggestion) -> LazyString | None:
    """The reason why it cannot be taken apart from the one it was joined with, or None."""
    if suggestion.status is not S.DUPLICATE:
        return why_not_handle(user, suggestion) or _l("It is not joined with another one.")
    return why_not_move(user, suggestion, S.TRIAGED)


def why_not_show(user: User, suggestion: Suggestion) -> LazyString | None:
    """The reason why staff cannot show it to all, or None (rules 5, 15, 18)."""
    return why_not_handle(user, suggestion) or why_not_public(suggestion)
