"""Series of law talks with a target: made and changed (rule 20)."""

from dataclasses import dataclass, field
from datetime import date

from hub import clock
from hub.exceptions import InvalidInput, NotAllowed
from hub.extensions import db
from hub.i18n import _l
from hub.models import Series, SeriesText, TalkPlan, TalkTarget, User
from hub.policies import can_manage_talks_in
from hub.services import audit

MOST_PEOPLE = 1_000_000


@dataclass(slots=True)
class PlanData:
    """All that the form of a series holds; titles by language, people by school. Both days of
    the season are included."""

    community_id: int
    titles: dict[str, str]
    target: int
    first_day: date
    last_day: date
    audience: str = ""
    schools: dict[str, int] = field(default_factory=dict)


def plan_series(data: PlanData, *, by: User) -> TalkPlan:
    """A new series of talks, still without a session. Raises NotAllowed or InvalidInput."""
    _check(data, by)
    series = Series(community_id=data.community_id, rule="")
    db.session.add(series)
    db.session.flush()
    plan = TalkPlan(series_id=series.id, created_by_id=by.id, created_at=clock.now())
    plan.series = series
    _write(plan, data)
    db.session.add(plan)
    db.session.flush()
    audit.record("create", "talk_plan", series.id, by=by, after=_facts(plan))
    return plan


def update_series(series_id: int, data: PlanData, *, by: User) -> TalkPlan:
    """Change a series; its sessions stay as they are. Raises NotAllowed or InvalidInput."""
    plan = db.session.get(TalkPlan, series_id)
    if plan is None or not can_manage_talks_in(by, plan.series.community_id):
        raise NotAllowed
    data.community_id = plan.series.community_id
    _check(data, by)
    before = _facts(plan)
    _write(plan, data)
    db.session.flush()
    if _facts(plan) != before:
        audit.record("update", "talk_plan", series_id, by=by, before=before, after=_facts(plan))
    return plan


def _check(data: PlanData, by: User) -> None:
    if not can_manage_talks_in(by, data.community_id):
        raise NotAllowed
    if not any(title.strip() for title in data.titles.values()):
        raise InvalidInput(_l("Give the series a title in at least one language."))
    if data.last_day < data.first_day:
        raise InvalidInput(_l("The last day lies before the first one."), field="last_day")
    if not 1 <= data.target <= MOST_PEOPLE:
        raise InvalidInput(_l("Between 1 and 1,000,000 people."), field="target")
    if any(not 0 <= people <= MOST_PEOPLE for people in data.schools.values()):
        raise InvalidInput(_l("Between 0 and 1,000,000 people for each school."), field="schools")


def _write(plan: TalkPlan, data: PlanData) -> None:
    for code, title in data.titles.items():
        if not title.strip():
            plan.series.texts.pop(code, None)
            continue
        text = plan.series.texts.setdefault(code, SeriesText(language=code))
        text.title = title.strip()
    plan.audience, plan.target = data.audience.strip(), data.target
    plan.first_day, plan.last_day = data.first_day, data.last_day
    present = {target.school: target for target in plan.targets}
    plan.targets = [present.get(s) or TalkTarget(school=s) for s in sorted(data.schools)]
    for target in plan.targets:
        target.people = data.schools[target.school]


def _facts(plan: TalkPlan) -> dict[str, object]:
    return {
        "community_id": plan.series.community_id,
        "audience": plan.audience,
        "target": plan.target,
        "first_day": plan.first_day.isoformat(),
        "last_day": plan.last_day.isoformat(),
        "schools": {row.school: row.people for row in plan.targets},
        "titles": {code: row.title for code, row in sorted(plan.series.texts.items())},
    }
