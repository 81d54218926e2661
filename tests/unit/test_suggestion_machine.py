"""Rules 5, 6 and 15 as a state machine: whatever staff and submitters do, in whatever order.

The model is the list of moves of domain.md; each step is done to the real services on a real
database, and refused exactly when it does not stand in that list.
"""

from datetime import date, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from hub import clock
from hub.enums import (
    SUGGESTION_MOVES,
    SuggestionCategory,
    SuggestionOutcome,
    SuggestionStatus,
    Verdict,
)
from hub.exceptions import HubError
from hub.extensions import db
from hub.models import AuditEntry, Suggestion, SuggestionResponse, User
from hub.policies.suggestions import due_day, is_overdue
from hub.queries.invariants import violations
from hub.services.suggestion_links import answer_question, judge, reopen
from hub.services.suggestion_responses import publish_response, save_response
from hub.services.suggestion_steps import (
    acknowledge,
    ask_submitter,
    conclude,
    join_duplicate,
    refer,
    start_work,
    take_apart,
    triage,
)
from hub.transaction import unit_of_work
from tests.factories import make_user
from tests.voice_factories import make_suggestion

S = SuggestionStatus
O = SuggestionOutcome  # noqa: E741 - short, as S is
PICKS = st.integers(0, 2)
WORDS = {"zh": "好的。", "en": "Yes."}
SIGNS = SuggestionCategory.SIGNS
NO_CHANGE: tuple[SuggestionStatus, ...] = (S.TRIAGED, S.IN_PROGRESS)  # assigned again
BEGIN = (S.RECEIVED, S.ACKNOWLEDGED, S.TRIAGED, S.IN_PROGRESS, S.RESPONDED)
REACHED: set[SuggestionStatus] = set()


class SuggestionMachine(RuleBasedStateMachine):
    @initialize(states=st.lists(st.sampled_from(BEGIN), min_size=3, max_size=3))
    def receive(self, states: list[SuggestionStatus]) -> None:
        self.staff = db.session.scalars(select(User).where(User.name == "Sue")).first()
        self.staff = self.staff or make_user("sue")
        self.day = clock.today()
        rows = [make_suggestion(status=state, owner=self.staff) for state in states]
        self.ids = [row.id for row in rows]
        self.states = {row.id: row.status for row in rows}
        self.first_answer: dict[int, date] = {}

    def _do(self, pick: int, step, *ends: SuggestionStatus, same: tuple = ()) -> bool:
        """Run ``step`` on one of them: it leads to one of ``ends``, or is refused and changes
        nothing. ``same``: the states in which it is possible and stays."""
        number = self.ids[pick]
        before = self.states[number]
        trail = _entries(number)
        moment = clock.day_start(self.day) + timedelta(hours=10)
        try:
            with clock.fixed_at(moment), unit_of_work():
                step(number)
        except HubError:
            assert _row(number).status is before
            assert _entries(number) == trail
            return False
        after = self.states[number] = _row(number).status
        allowed = SUGGESTION_MOVES[before]
        reached = {s for one in allowed for s in (one, *SUGGESTION_MOVES[one])}
        assert before in same or after in ends, (before, after)
        assert after is before or after in reached, (before, after)
        assert _entries(number) > trail  # rule 6
        REACHED.add(after)
        return True

    @rule(days=st.integers(1, 20))
    def time_passes(self, days: int) -> None:
        self.day += timedelta(days=days)

    @rule(pick=PICKS)
    def acknowledged(self, pick: int) -> None:
        possible = self.states[self.ids[pick]] is S.RECEIVED
        done = self._do(pick, lambda n: acknowledge(n, by=self.staff), S.ACKNOWLEDGED)
        assert done == possible

    @rule(pick=PICKS, reason=st.sampled_from(["", "Somebody else knows more."]))
    def assigned(self, pick: int, reason: str) -> None:
        state = self.states[self.ids[pick]]
        first = state in (S.ACKNOWLEDGED, S.REOPENED)
        again = state in NO_CHANGE and bool(reason)
        done = self._do(
            pick,
            lambda n: triage(n, SIGNS, self.staff.id, None, by=self.staff, reason=reason),
            S.TRIAGED,
            same=NO_CHANGE,
        )
        assert done == (first or again)

    @rule(pick=PICKS)
    def begun(self, pick: int) -> None:
        possible = self.states[self.ids[pick]] is S.TRIAGED
        done = self._do(pick, lambda n: start_work(n, by=self.staff), S.IN_PROGRESS)
        assert done == possible

    @rule(pick=PICKS)
    def asked(self, pick: int) -> None:
        row = _row(self.ids[pick])
        possible = row.status in NO_CHANGE and row.paused_on is None
        ask = self._do(pick, lambda n: ask_submitter(n, "Where?", by=self.staff), same=NO_CHANGE)
        assert ask == possible

    @rule(pick=PICKS)
    def answered_back(self, pick: int) -> None:
        before = _row(self.ids[pick])
        due, paused = before.due_on, before.paused_on
        done = self._do(pick, lambda n: answer_question(n, "There."), same=tuple(S))
        assert done == (paused is not None)
        if done:
            after = _row(self.ids[pick])
            assert due is not None
            assert after.due_on is not None
            assert after.due_on >= due  # the clock never runs backwards

    @rule(pick=PICKS, outcome=st.sampled_from(O), publish=st.booleans())
    def responded(self, pick: int, outcome: SuggestionOutcome, publish: bool) -> None:
        reason = "No room." if outcome is O.NOT_ADOPTED else ""

        def step(number: int) -> None:
            save_response(number, outcome, reason, WORDS, by=self.staff)
            if publish:
                publish_response(number, by=self.staff)

        self._do(pick, step, S.RESPONDED, S.NOT_ADOPTED, same=tuple(S))

    @rule(pick=PICKS)
    def done(self, pick: int) -> None:
        possible = self.states[self.ids[pick]] is S.RESPONDED
        assert self._do(pick, lambda n: conclude(n, WORDS, by=self.staff), S.DONE) == possible

    @rule(pick=PICKS)
    def handed_over(self, pick: int) -> None:
        possible = self.states[self.ids[pick]] is S.TRIAGED
        done = self._do(pick, lambda n: refer(n, "12345", "", "Theirs.", by=self.staff), S.REFERRED)
        assert done == possible

    @rule(pick=PICKS, other=PICKS)
    def joined(self, pick: int, other: int) -> None:
        step = lambda n: join_duplicate(n, self.ids[other], by=self.staff)  # noqa: E731
        if self._do(pick, step, S.DUPLICATE):
            row = _row(self.ids[pick])
            assert row.duplicate_of is not None
            assert row in row.duplicate_of.duplicates

    @rule(pick=PICKS)
    def taken_apart(self, pick: int) -> None:
        possible = self.states[self.ids[pick]] is S.DUPLICATE
        assert self._do(pick, lambda n: take_apart(n, by=self.staff), S.TRIAGED) == possible

    @rule(pick=PICKS)
    def opened_again(self, pick: int) -> None:
        possible = self.states[self.ids[pick]].is_final
        assert self._do(pick, lambda n: reopen(n, "Not yet."), S.REOPENED) == possible

    @rule(pick=PICKS, verdict=st.sampled_from(Verdict))
    def judged(self, pick: int, verdict: Verdict) -> None:
        self._do(pick, lambda n: judge(n, verdict, ""), same=(S.DONE,))

    @rule(pick=PICKS, outcome=st.sampled_from(O))
    def goes_on(self, pick: int, outcome: SuggestionOutcome) -> None:
        """The usual next step, so that the end is often reached."""
        state = self.states[self.ids[pick]]
        if state is S.RECEIVED:
            self.acknowledged(pick)
        elif state in (S.ACKNOWLEDGED, S.REOPENED):
            self.assigned(pick, "")
        elif state is S.TRIAGED:
            self.begun(pick)
        elif state is S.IN_PROGRESS:
            self.responded(pick, outcome, publish=True)
        elif state is S.RESPONDED:
            self.done(pick)

    @invariant()
    def final_ones_have_a_response_or_a_reason(self) -> None:
        for number in getattr(self, "ids", ()):
            row = _row(number)
            if row.status.is_final:
                assert row.response or row.reason or row.duplicate_of_id, row.status
                assert row.concluded_on is not None
                assert due_day(row) is None
            if row.paused_on is not None:
                assert not is_overdue(row, self.day)
            published = [r.version for r in row.responses if r.published_at is not None]
            assert published == list(range(1, len(published) + 1))

    @invariant()
    def days_stand_in_their_order(self) -> None:
        for number in getattr(self, "ids", ()):
            row = _row(number)
            known = [row.received_on, row.acknowledged_on, row.answered_on]
            days = [d for d in known if d is not None]
            assert days == sorted(days)
            assert row.received_on <= row.counted_on <= self.day
            if row.answered_on is not None:
                assert self.first_answer.setdefault(number, row.answered_on) == row.answered_on

    def teardown(self) -> None:
        assert not list(violations())


def _row(number: int) -> Suggestion:
    db.session.rollback()
    row = db.session.get(Suggestion, number)
    assert row is not None
    return row


def _entries(number: int) -> int:
    query = select(AuditEntry.id).where(
        AuditEntry.subject == "suggestion", AuditEntry.subject_id == number
    )
    return len(db.session.scalars(query).all())


def test_rule_15_whatever_is_done_a_suggestion_keeps_to_its_states(db_session):
    run_state_machine_as_test(
        SuggestionMachine,
        settings=settings(
            max_examples=20,
            stateful_step_count=30,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert set(S) - {S.RECEIVED} == REACHED
    drafts = select(SuggestionResponse.suggestion_id).where(
        SuggestionResponse.published_at.is_(None)
    )
    found = list(db.session.scalars(drafts))
    assert len(found) == len(set(found))  # one open draft each
