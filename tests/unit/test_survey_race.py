"""Many answers at once: each place counts once, and lots are whole (rule 17)."""

import threading
from contextvars import copy_context
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from hub.extensions import db
from hub.models import SurveyAnswer, SurveySpent
from hub.queries.invariants import violations
from hub.services.surveys import give_answer
from hub.transaction import unit_of_work
from tests.factories import make_event
from tests.voice_factories import make_attended, said


@pytest.mark.usefixtures("loopback")
def test_rule_17_answers_at_once_count_once_each(app, venue, now):
    event = make_event(venue=venue, capacity=40, starts_at=now - timedelta(hours=3))
    parties = [make_attended(event, party_size=3).id for _number in range(4)]
    places = [(party, place) for party in parties for place in (1, 2, 3)] * 2  # each sent twice
    gate = threading.Barrier(len(places))
    counted: list[bool] = []
    faults: list[str] = []
    said_by_all = said()

    def at_once(party: int, place: int) -> None:
        with app.app_context():
            gate.wait()
            try:
                with unit_of_work():
                    counted.append(give_answer(party, place, said_by_all))
            except Exception as error:
                faults.append(repr(error))

    threads = [
        threading.Thread(target=copy_context().run, args=(at_once, *place)) for place in places
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    answers = db.session.scalar(select(func.count()).select_from(SurveyAnswer))
    shown = db.session.scalar(select(func.count()).where(SurveyAnswer.shown.is_(True)))
    spent = db.session.scalar(select(func.count()).select_from(SurveySpent))
    assert (faults, sum(counted), answers, spent, shown) == ([], 12, 12, 12, 10)
    assert list(violations()) == []
    db.session.remove()
    db.engine.dispose()  # one connection for each thread
