"""The activities that records are about: what counts as service (Decree 67), and what not."""

from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import select

from hub.exceptions import InvalidInput, NotAllowed, WrongState
from hub.extensions import db
from hub.i18n import _l
from hub.models import Activity, ActivityText, User
from hub.policies import sees_all_people
from hub.queries.records import is_recorded
from hub.services import audit

# slug, whether it counts, English, Chinese. Training and paid time are on the list so that
# people read why they do not count.
DEFAULTS = (
    ("translation", True, "Translation and interpreting", "翻译与口译"),
    ("filing", True, "Filing and paperwork", "资料整理与归档"),
    ("festival", True, "Helping at a festival or event", "节庆与活动协助"),
    ("suggestions", True, "Collecting suggestions", "收集意见建议"),
    ("policy_talk", True, "Policy and law talk", "政策与普法宣讲"),
    ("visit", True, "Visiting neighbours", "走访邻里"),
    ("training", False, "Training", "参加培训"),
    ("paid", False, "Paid work", "有偿工作"),
)


@dataclass(frozen=True, slots=True)
class ActivityData:
    """All that the form of an activity holds; names by language."""

    names: dict[str, str]
    counts: bool = True
    active: bool = True
    position: int = 0


def seed_activities() -> int:
    """Write the usual activities if there are none; returns how many were written."""
    if db.session.scalar(select(select(Activity.id).exists())):
        return 0
    for position, (slug, counts, en, zh) in enumerate(DEFAULTS, start=1):
        activity = Activity(slug=slug, counts=counts, position=position * 10)
        activity.texts = {
            code: ActivityText(language=code, name=name) for code, name in (("en", en), ("zh", zh))
        }
        db.session.add(activity)
    db.session.flush()
    return len(DEFAULTS)


def save_activity(activity: Activity | None, data: ActivityData, *, by: User) -> Activity:
    """Make an activity, or change one. Raises NotAllowed, InvalidInput or WrongState."""
    if not sees_all_people(by):
        raise NotAllowed
    names = {code: name.strip() for code, name in data.names.items() if name.strip()}
    if not names:
        raise InvalidInput(_l("Give a name in at least one language."))
    if activity is not None and activity.counts != data.counts and is_recorded(activity.id):
        raise WrongState(
            _l(
                "Records are about this activity: whether it counts cannot change any more. "
                "Take it out of use and make a new one."
            )
        )
    action = "create" if activity is None else "update"
    activity = activity or Activity(slug=f"own-{uuid4().hex[:12]}")
    before = _facts(activity) if action == "update" else {}
    activity.counts, activity.active = data.counts, data.active
    activity.position = data.position
    rows = {code: activity.texts.get(code) or ActivityText(language=code) for code in names}
    for code, name in names.items():
        rows[code].name = name
    activity.texts = rows
    db.session.add(activity)
    db.session.flush()
    audit.record(action, "activity", activity.id, by=by, before=before, after=_facts(activity))
    return activity


def _facts(activity: Activity) -> dict[str, object]:
    return {
        "names": {code: row.name for code, row in sorted(activity.texts.items())},
        "counts": activity.counts,
        "active": activity.active,
    }
