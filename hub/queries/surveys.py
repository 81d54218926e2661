"""Who of a party can still answer the survey. Only with the site's key can it be told at all."""

from collections.abc import Iterable

from sqlalchemy import select

from hub import clock
from hub.extensions import db
from hub.integrations.signing import survey_digests
from hub.models import SignUp, SurveySpent
from hub.policies.surveys import why_not_answer


def places_left(sign_up: SignUp) -> list[int]:
    """The places on the ticket, from 1, whose survey is not spent; by any key of the site."""
    return _places_left([sign_up])[sign_up.id]


def open_surveys(sign_ups: Iterable[SignUp]) -> set[int]:
    """The ids of those ``sign_ups`` of which somebody can answer now."""
    moment = clock.now()
    mine = {row.id: row for row in sign_ups if why_not_answer(row, 1, moment) is None}
    left = _places_left(list(mine.values()))
    return {number for number in mine if left[number]}


def _places_left(sign_ups: list[SignUp]) -> dict[int, list[int]]:
    digests = {
        (row.id, place): survey_digests(row.code, place)
        for row in sign_ups
        for place in range(1, row.party_size + 1)
    }
    every = [digest for found in digests.values() for digest in found]
    query = select(SurveySpent.digest).where(SurveySpent.digest.in_(every))
    spent = set(db.session.scalars(query)) if every else set()
    left: dict[int, list[int]] = {row.id: [] for row in sign_ups}
    for (number, place), found in digests.items():
        if spent.isdisjoint(found):
            left[number].append(place)
    return left
