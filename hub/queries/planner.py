"""Who could give a talk, best first, and why: the planner proposes, staff offer (rules 5, 8, 9).

What SQL leaves over (hub/queries/lecturer_pool.py) is asked ``why_not_take`` again before it is
shown, so that the planner and the rule cannot drift apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from babel.dates import format_date, get_day_names
from babel.lists import format_list
from sqlalchemy import select

from hub import clock
from hub.extensions import db
from hub.i18n import LANGUAGES, _, current_language, language_name, ngettext
from hub.models import Duty, User
from hub.policies import Helper, overlap, why_not_take
from hub.queries.availability import helpers_of
from hub.queries.duties import load_topics
from hub.queries.lecturer_pool import Candidate, candidates_of
from hub.queries.talk_plans import offers_open


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody who can give the talk, and in words what speaks for them."""

    user: User
    duty: Duty
    load: int
    reasons: list[str]
    said_no: bool = False


def proposals(duty: Duty, by: User, limit: int = 5) -> list[Proposal]:
    """Who could give one talk, best first: fewest talks in its season, then whose free day it is,
    then who has waited longest. Whoever said no to it stands last."""
    load_topics([duty.id])
    able = candidates_of([duty], by)[duty.id]
    ranked = sorted(able, key=lambda c: c.rank(duty))
    found: list[Proposal] = []
    loads = [c.load(duty) for c in able]
    while ranked and len(found) < limit:
        chunk, ranked = ranked[:limit], ranked[limit:]
        for candidate, helper in _helpers(chunk, [duty]):
            if len(found) < limit and not why_not_take(duty, helper, clock.now()):
                reasons = _reasons(duty, candidate, helper, candidate.load(duty), loads)
                found.append(
                    Proposal(helper.user, duty, candidate.load(duty), reasons, candidate.said_no)
                )
    return found


def plan_for(duties: Sequence[Duty], by: User) -> dict[int, list[Proposal]]:
    """A proposal for every free place of these talks that is not offered yet, by duty.

    The talk with the fewest candidates comes first; loads are counted while proposing, and nobody
    is proposed for two talks at one time or for one that they said no to.
    """
    asked = offers_open([d.id for d in duties])
    missing = {d.id: max(d.people_missing - asked.get(d.id, 0), 0) for d in duties}
    load_topics([d.id for d in duties])
    able = {
        duty_id: [c for c in candidates if not c.said_no]
        for duty_id, candidates in candidates_of(duties, by).items()
    }
    chosen = _chosen(duties, able, missing)
    helpers = {
        helper.user.id: helper
        for _c, helper in _helpers([c for picked in chosen.values() for c in picked], duties)
    }
    more: dict[int, int] = {}
    plan: dict[int, list[Proposal]] = {}
    for duty in sorted(duties, key=lambda d: (d.starts_at, d.id)):
        loads = [c.load(duty) + more.get(c.user_id, 0) for c in able[duty.id]]
        plan[duty.id] = []
        for candidate in chosen[duty.id]:
            helper = helpers[candidate.user_id]
            if why_not_take(duty, helper, clock.now()):
                continue
            load = candidate.load(duty) + more.get(candidate.user_id, 0)
            reasons = _reasons(duty, candidate, helper, load, loads)
            plan[duty.id].append(Proposal(helper.user, duty, load, reasons))
            more[candidate.user_id] = more.get(candidate.user_id, 0) + 1
    return plan


def _chosen(
    duties: Sequence[Duty], able: dict[int, list[Candidate]], missing: dict[int, int]
) -> dict[int, list[Candidate]]:
    """Who is proposed for what: the hardest talk first."""
    chosen: dict[int, list[Candidate]] = {d.id: [] for d in duties}
    taken: dict[int, list[Duty]] = {}
    for duty in sorted(duties, key=lambda d: (len(able[d.id]), d.starts_at, d.id)):
        while len(chosen[duty.id]) < missing[duty.id]:
            left = [
                c
                for c in able[duty.id]
                if not any(d.id == duty.id or overlap(d, duty) for d in taken.get(c.user_id, ()))
            ]
            if not left:
                break
            best = min(left, key=lambda c: c.rank(duty, len(taken.get(c.user_id, ()))))
            chosen[duty.id].append(best)
            taken.setdefault(best.user_id, []).append(duty)
    return chosen


def _helpers(
    candidates: Sequence[Candidate], duties: Sequence[Duty]
) -> list[tuple[Candidate, Helper]]:
    """What the rule looks at, of each of them, in the same order."""
    if not candidates:
        return []
    ids = {c.user_id for c in candidates}
    users = {u.id: u for u in db.session.scalars(select(User).where(User.id.in_(ids))).unique()}
    start, end = min(d.starts_at for d in duties), max(d.ends_at for d in duties)
    helpers = {h.user.id: h for h in helpers_of(list(users.values()), start, end)}
    return [(c, helpers[c.user_id]) for c in candidates]


# --- in words -------------------------------------------------------------------------------------


def _reasons(
    duty: Duty, candidate: Candidate, helper: Helper, load: int, loads: list[int]
) -> list[str]:
    """``loads`` are those of everybody who could give this talk, the candidate included."""
    found = [_qualified_words(duty, helper)] if duty.topics else []
    found.append(_load_words(load, loads))
    if helper.is_free_on(duty.starts_at):
        names = get_day_names("wide", locale=LANGUAGES[current_language()].locale)
        day = names[clock.to_local(duty.starts_at).weekday()]
        found.append(_("Often free on %(day)s", day=day))
    if candidate.said_no:
        found.append(_("Said no to this talk, or gave it back"))
    return found


def _qualified_words(duty: Duty, helper: Helper) -> str:
    day, locale = clock.to_local(duty.starts_at).date(), LANGUAGES[current_language()].locale
    topics = {t.id for t in duty.topics}
    spoken = [row.language for row in duty.languages]
    holding = [
        q
        for q in helper.qualifications
        if q.topic_id in topics and q.language in spoken and q.is_valid(day)
    ]
    until = min((q.valid_until for q in holding), default=day)
    names = [language_name(code, current_language()) for code in spoken]
    return _(
        "Qualified for %(topics)s in %(languages)s until %(day)s",
        topics=format_list([t.name for t in duty.topics], locale=locale),
        languages=format_list(names, locale=locale),
        day=format_date(until, "long", locale=locale),
    )


def _load_words(load: int, loads: list[int]) -> str:
    others = len(loads) - 1
    if others < 1:
        return ngettext("%(num)d talk this season", "%(num)d talks this season", load)
    average = round((sum(loads) - load) / others, 1)
    return ngettext(
        "%(num)d talk this season; the others %(average)s on average",
        "%(num)d talks this season; the others %(average)s on average",
        load,
        average=f"{average:g}",
    )
