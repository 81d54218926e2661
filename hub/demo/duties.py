"""Duties of the sample data: a translation desk every Tuesday, the stalls of two festivals, and
tonight's tables; with offers, a waiting list, a swap, and measured hours behind them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial

from sqlalchemy import select

from hub import clock
from hub.demo.accounts import ASSISTANT, Staff
from hub.demo.assistants import Helpers
from hub.demo.places import Places
from hub.demo.timeline import Timeline
from hub.enums import LanguageLevel, Skill
from hub.extensions import db
from hub.models import Activity, Event, User
from hub.queries.duties import live_assignment
from hub.services import assignments, attendance
from hub.services.duties import DutyData, DutyWords, create_duties

Level = LanguageLevel
WEEKS_PAST, WEEKS = 6, 12
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stall:
    """One duty of an event: ``after`` and ``minutes`` count from the event's start."""

    key: str
    en: tuple[str, str]
    zh: tuple[str, str]
    after: int
    minutes: int
    people: int
    languages: tuple[tuple[str, Level], ...] = ()
    skills: frozenset[Skill] = frozenset()
    activity: str = "festival"


STALLS = (
    Stall("tea", ("Tea stall", "Pour Longjing and tell where it grows."),
          ("茶摊", "泡龙井，讲讲茶是哪里来的。"), 0, 120, 2),
    Stall("dumplings", ("Dumpling table", "Fold with the neighbours, watch the steamers."),
          ("包饺子", "和邻居一起包饺子，看好蒸锅。"), 0, 120, 3, skills=frozenset({Skill.COOKING})),
    Stall("translation", ("Translation point", "Help people who do not share a language."),
          ("翻译服务点", "帮语言不通的邻居沟通。"), 0, 120, 2,
          (("zh", Level.B1), ("en", Level.B1)), activity="translation"),
    Stall("photo", ("Photo corner", "Take pictures only of people who say yes."),
          ("拍照角", "征得同意才拍照。"), 0, 240, 1, skills=frozenset({Skill.PHOTO})),
    Stall("calligraphy", ("Calligraphy table", "Grind ink, show how to hold the brush."),
          ("书法台", "磨墨，教大家握笔。"), 120, 120, 2, (("zh", Level.B2),)),
    Stall("games", ("Games for children", "Shuttlecock, hoops and a rope."),
          ("儿童游戏区", "踢毽子、滚铁环、跳绳。"), 120, 120, 2,
          skills=frozenset({Skill.CHILDREN})),
    Stall("stage", ("Host on the stage", "Announce the groups in Chinese and English."),
          ("舞台主持", "用中英文报幕。"), 120, 120, 1, (("zh", Level.B2), ("en", Level.B1)),
          frozenset({Skill.STAGE})),
    Stall("packing", ("Packing up", "Benches, cups, rubbish: many hands, half an hour."),
          ("收摊", "收长凳、杯子和垃圾：人多半小时就好。"), 240, 40, 4),
)  # fmt: skip

DESK = Stall(
    "desk",
    ("Translation desk", "People bring letters, forms and questions. You translate, staff answer."),
    ("翻译服务台", "居民带着信件、表格和问题来，您翻译，工作人员解答。"),
    0, 120, 2, (("zh", Level.B1), ("en", Level.B1)), activity="translation",
)  # fmt: skip
TONIGHT = Stall(
    "tonight",
    ("Dumpling tables tonight", "Greet, seat and help to fold."),
    ("今晚的饺子桌", "迎接、带位、一起包。"),
    0, 120, 2,
)  # fmt: skip
RESERVE = "She cooks at home and learns fast; we asked her in person. 她在家常做饭，我们当面问过。"


class Duties:
    """Plans them on the timeline of the story."""

    def __init__(self, timeline: Timeline, staff: Staff, places: Places) -> None:
        self.timeline, self.staff, self.places = timeline, staff, places
        self.helpers = Helpers()

    def plan(self, events: dict[str, int], settled: timedelta) -> None:
        """``events`` (ids by key) is full when it is looked at."""
        now = self.timeline.now
        start = now - settled + HOUR
        self.timeline.at(start, partial(self.helpers.bring, self.staff, self.places))
        self.timeline.at(start + HOUR, self._open_desk)
        self.timeline.at(now - 60 * HOUR, partial(self._festival, events))
        self.timeline.at(now - 35 * DAY, partial(self._moon_evening, events))
        self.timeline.at(now - 28 * HOUR, partial(self._tonight, events))

    # --- the desk every Tuesday ---

    def _open_desk(self) -> None:
        today = clock.to_local(self.timeline.now).date()
        first = today - timedelta(days=(today.weekday() - 1) % 7, weeks=WEEKS_PAST)
        starts = clock.from_local(datetime.combine(first, time(14)))
        data = self._data(DESK, starts, self.places.venues["heyuan-reading"])
        made = create_duties(data, by=self.staff.of("heyuan"), times=WEEKS)
        pairs = (("yousra", "kofi"), ("aizhan", "lan"), ("yousra", "jiwoo"), ("omar", "kofi"))
        for week, duty in enumerate(made):
            came = pairs[week % len(pairs)]
            if duty.starts_at - DAY < self.timeline.now:
                for who in came:
                    self._at(duty.starts_at - 40 * HOUR, self._take, duty.id, who)
                self._attend(duty.id, duty.starts_at, duty.ends_at, came, forgets=week == 2)
            elif week <= WEEKS_PAST + 2:
                self._at(self.timeline.now - (30 - week) * HOUR, self._take, duty.id, came[0])
        coming = next(d for d in made if d.starts_at - DAY >= self.timeline.now)
        self._at(self.timeline.now - 8 * HOUR, self._offer, coming.id, "jiwoo")

    def _attend(
        self, duty_id: int, start: datetime, end: datetime, who: tuple[str, ...], *, forgets: bool
    ) -> None:
        """They come and go; where somebody ``forgets`` to check out, staff enter it next day."""
        for minutes, key in enumerate(who):
            self._at(start - (9 - 4 * minutes) * MINUTE, self._mark, attendance.check_in,
                     duty_id, key)  # fmt: skip
            if forgets and minutes:
                confirm = partial(self._confirm_end, duty_id, key, end - 10 * MINUTE)
                self._at(end + 20 * HOUR, confirm)
            else:
                self._at(end + (2 + 3 * minutes) * MINUTE, self._mark, attendance.check_out,
                         duty_id, key)  # fmt: skip

    # --- stalls ---

    def _moon_evening(self, events: dict[str, int]) -> None:
        """A festival that is over: three came, one did not."""
        event = db.session.get_one(Event, events["moon_evening"])
        tea = self._stall(STALLS[0], event)
        point = self._stall(STALLS[2], event)
        for duty_id, who in ((tea, ("priya", "bakary")), (point, ("aizhan", "omar"))):
            for key in who:
                self._take(duty_id, key)
        start = event.starts_at
        self._attend(tea, start, start + 2 * HOUR, ("priya",), forgets=False)
        self._attend(point, start, start + 2 * HOUR, ("aizhan", "omar"), forgets=False)
        self._at(start + HOUR, partial(self._no_show, tea, "bakary"))

    def _festival(self, events: dict[str, int]) -> None:
        """The stalls of the neighbour festival fill up, one tap after the other."""
        event = db.session.get_one(Event, events["neighbour_festival"])
        ids = {stall.key: self._stall(stall, event) for stall in STALLS}
        taken = (
            *(("tea", "priya"), ("tea", "bakary"), ("photo", "jiwoo"), ("photo", "kofi")),
            *(("translation", "aizhan"), ("translation", "omar"), ("stage", "omar")),
            *(("dumplings", "lan"), ("games", "priya"), ("packing", "lan")),
        )
        for number, (stall, who) in enumerate(taken):
            self._at(self.timeline.now - (50 - number) * HOUR, self._take, ids[stall], who)
        later: tuple[tuple[int, Callable[..., object], str, str], ...] = (
            (30, self._ask_swap, "translation", "omar"),
            (26, self._take_over, "translation", "kofi"),
            (24, self._ask_swap, "translation", "aizhan"),
            (22, self._offer, "games", "kofi"),
            (21, self._offer, "calligraphy", "lan"),
            (20, self._offer_all_the_same, "dumplings", "yousra"),
        )
        for hours, action, stall, who in later:
            self._at(self.timeline.now - hours * HOUR, action, ids[stall], who)
        self._at(self.timeline.now - 12 * HOUR, partial(self.helpers.goes_home, "bakary"))

    def _tonight(self, events: dict[str, int]) -> None:
        event = db.session.get_one(Event, events["dumpling_night"])
        duty_id = self._stall(TONIGHT, event)
        self._at(self.timeline.now - 20 * HOUR, self._take, duty_id, "yousra")
        self._at(self.timeline.now - 10 * HOUR, self._offer, duty_id, "lan")

    def _stall(self, stall: Stall, event: Event) -> int:
        """A duty of the event; it begins and ends on one day, however late the event is."""
        starts = event.starts_at + stall.after * MINUTE
        data = self._data(stall, starts, event.venue_id)
        midnight = clock.day_start(clock.to_local(starts).date() + DAY)
        data.ends_at = min(data.ends_at, midnight - MINUTE)
        data.event_id = event.id
        (duty,) = create_duties(data, by=self._staff_of(event.community_id))
        return duty.id

    def _data(self, stall: Stall, starts: datetime, venue_id: int) -> DutyData:
        activity = select(Activity.id).where(Activity.slug == stall.activity)
        return DutyData(
            venue_id=venue_id,
            activity_id=db.session.scalars(activity).one(),
            starts_at=starts,
            ends_at=starts + stall.minutes * MINUTE,
            people_needed=stall.people,
            texts={"en": DutyWords(*stall.en), "zh": DutyWords(*stall.zh)},
            languages=dict(stall.languages),
            skills=stall.skills,
        )

    # --- who does what ---

    def _at(self, moment: datetime, action: Callable[..., object], *facts: object) -> None:
        self.timeline.at(moment, partial(action, *facts))

    def _person(self, key: str) -> User:
        return self.staff.user(ASSISTANT) if key == "yousra" else self.helpers.user(key)

    def _staff_of(self, community_id: int) -> User:
        slugs = {number: slug for slug, number in self.places.communities.items()}
        return self.staff.of(slugs[community_id])

    def _take(self, duty_id: int, key: str) -> None:
        assignments.take_duty(duty_id, by=self._person(key))

    def _take_over(self, duty_id: int, key: str) -> None:
        assignments.take_over(duty_id, by=self._person(key))

    def _ask_swap(self, duty_id: int, key: str) -> None:
        assignments.ask_swap(self._mine(duty_id, key), by=self._person(key))

    def _offer(self, duty_id: int, key: str) -> None:
        assignments.offer_duty(duty_id, self._person(key).id, by=self.staff.office)

    def _offer_all_the_same(self, duty_id: int, key: str) -> None:
        assignments.offer_duty(
            duty_id, self._person(key).id, by=self.staff.office, override_reason=RESERVE
        )

    def _mark(self, verb: Callable[..., object], duty_id: int, key: str) -> None:
        verb(self._mine(duty_id, key), by=self._person(key))

    def _confirm_end(self, duty_id: int, key: str, ended_at: datetime) -> None:
        attendance.confirm_end(self._mine(duty_id, key), ended_at, by=self.staff.office)

    def _no_show(self, duty_id: int, key: str) -> None:
        attendance.mark_no_show(self._mine(duty_id, key), by=self.staff.office)

    def _mine(self, duty_id: int, key: str) -> int:
        found = live_assignment(duty_id, self._person(key).id)
        assert found is not None, f"{key} is not on duty {duty_id}"
        return found.id
