"""The programme of the sample data: what takes place where and when, relative to today.

Days are written ``(offset, weekday)``: the first such weekday from ``offset`` days after today
on, or that very day without a weekday. So a festival falls on a Saturday whenever it is loaded.
"""

from dataclasses import dataclass, field

from hub.demo.crowds import Demand
from hub.enums import EventKind

FESTIVAL, LAW_TALK, TRAINING = EventKind.FESTIVAL, EventKind.LAW_TALK, EventKind.TRAINING
DESK, CULTURE = EventKind.SERVICE_DESK, EventKind.CULTURE
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)

Day = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Plan:
    """One event. ``key`` names its words, ``venue`` its place (which names the community)."""

    key: str
    kind: EventKind
    venue: str
    day: Day
    begins: str
    minutes: int
    capacity: int
    languages: str = "zh en"
    demand: Demand = field(default_factory=Demand)
    party_limit: int = 4
    waiting_list: bool = True
    unlisted: bool = False
    draft: bool = False
    cancelled: bool = False
    opens_in_days: int | None = None
    closes_hours_before: int = 0


@dataclass(frozen=True, slots=True)
class SeriesPlan:
    """Sessions by a rule of RFC 5545. ``sessions`` gives each its own words, venue, capacity: those
    of the talks, which are planned one by one (hub/demo/talks.py)."""

    key: str
    first: Plan
    rule: str
    fills: tuple[float, ...] = ()
    sessions: tuple[tuple[str, str, int, str], ...] = ()


# Nine talks for the 1,500 new students of a term: 1,640 places.
TALKS = SeriesPlan(
    "series",
    Plan("registration", LAW_TALK, "great-hall", (-24, WED), "18:30", 90, 220, "zh en fr",
         party_limit=3, demand=Demand(0.9, withdrawals=6)),
    "FREQ=WEEKLY;BYDAY=WE;COUNT=9",
    fills=(0.9, 0.92, 0.95, 0.6, 0.5, 0.36, 0.3, 0.2, 0.15),
    sessions=(
        ("registration", "great-hall", 220, "zh en fr"),
        ("permit", "great-hall", 180, "zh en ru"),
        ("renting", "student-centre", 160, "zh en ar"),
        ("working", "student-centre", 180, "zh en ko"),
        ("money", "great-hall", 200, "zh en ur"),
        ("ebike", "great-hall", 180, "zh en vi"),
        ("drugs", "student-centre", 160, "en fr sw"),
        ("scams", "great-hall", 200, "zh en id"),
        ("together", "student-centre", 160, "zh en ar fr"),
    ),
)  # fmt: skip

SERIES = (
    SeriesPlan(
        "desk_series",
        Plan("desk", DESK, "service-hall", (-22, TUE), "14:00", 120, 12, "zh en fr ar ru",
             party_limit=2, closes_hours_before=2),
        "FREQ=WEEKLY;BYDAY=TU;COUNT=10",
        fills=(0.9, 1.0, 0.8, 1.0, 0.8, 0.5, 0.3, 0.2, 0.1, 0.0),
    ),
    SeriesPlan(
        "corner_series",
        Plan("corner", CULTURE, "heyuan-reading", (-16, FRI), "19:00", 90, 30,
             "zh en ko ar fr ru", party_limit=3),
        "FREQ=WEEKLY;BYDAY=FR;COUNT=8",
        fills=(0.8, 0.9, 0.7, 0.6, 0.4, 0.2, 0.1, 0.1),
    ),
    SeriesPlan(
        "training_series",
        Plan("training", TRAINING, "police", (-10, SAT), "09:30", 150, 24, "zh en",
             party_limit=1),
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA;COUNT=4",
        fills=(0.9, 0.8, 0.6, 0.5),
    ),
)  # fmt: skip

# Over: all of these were published, and people signed up.
PAST = (
    Plan("moon_evening", FESTIVAL, "square", (-33, SAT), "19:00", 120, 120, "zh en ko vi",
         Demand(0.8, withdrawals=4), party_limit=6),
    Plan("welcome_walk", CULTURE, "square", (-28, SUN), "10:00", 120, 25, "zh en fr",
         Demand(1.3, withdrawals=3)),
    Plan("paper_cutting", CULTURE, "xhs-studio", (-21, SUN), "14:00", 120, 20, "zh en",
         Demand(0.9)),
    Plan("clean_up", CULTURE, "creek-bridge", (-15, SAT), "09:00", 120, 60, "zh en sw",
         Demand(0.7), party_limit=6),
    Plan("first_aid", TRAINING, "xhs-clinic", (-12, THU), "18:30", 120, 18, "zh en",
         Demand(1.0)),
    Plan("spring_rolls", CULTURE, "heyuan-kitchen", (-9, SUN), "10:30", 120, 16, "zh en vi",
         Demand(1.4, withdrawals=2)),
)  # fmt: skip

COMING = (
    Plan("lease_desk", DESK, "pingfeng-house", (1, None), "15:00", 120, 10, "zh en ru kk",
         Demand(0.6), party_limit=2),
    Plan("taiji", CULTURE, "square", (1, None), "06:30", 60, 40, "zh en", Demand(0.4)),
    Plan("games", CULTURE, "old-courtyard", (2, None), "19:00", 150, 32, "zh en sw hi",
         Demand(0.6)),
    # Full, and many wait; some withdrew and others moved up.
    Plan("calligraphy", CULTURE, "xhs-studio", (3, SAT), "14:00", 120, 16, "zh en",
         Demand(1.9, withdrawals=3), party_limit=4),
    Plan("dialect", CULTURE, "tea-house", (2, THU), "16:00", 75, 15, "zh en", Demand(0.7)),
    # One place left, but the parties that wait are larger: they keep their place in the queue.
    Plan("tea_garden", CULTURE, "service-hall", (5, SUN), "08:30", 210, 20, "zh en ja",
         Demand(parties=(2, 1, 4, 2, 1, 3, 2, 2, 2, 3, 2, 4)), closes_hours_before=36),
    # Full, without a waiting list.
    Plan("kimchi", CULTURE, "heyuan-kitchen", (4, SAT), "09:00", 180, 20, "zh ko en",
         Demand(1.0), waiting_list=False),
    # Cancelled after people had signed up.
    Plan("night_walk", CULTURE, "creek-bridge", (3, FRI), "18:00", 150, 24, "zh en",
         Demand(0.8), cancelled=True),
    Plan("drums", CULTURE, "pingfeng-house", (4, SUN), "15:00", 120, 45, "en sw fr",
         Demand(0.8)),
    Plan("health_desk", DESK, "xhs-clinic", (5, THU), "16:00", 120, 24, "zh en ar ru",
         Demand(0.4), party_limit=3),
    Plan("arabic_calligraphy", CULTURE, "xhs-studio", (8, SAT), "14:00", 120, 16, "ar en zh",
         Demand(1.3, withdrawals=1)),
    Plan("ebike_desk", DESK, "pingfeng-yard", (6, SAT), "10:00", 180, 40, "zh en ur bn",
         Demand(0.5), party_limit=2),
    Plan("birds", CULTURE, "creek-bridge", (7, SUN), "06:30", 150, 20, "zh en", Demand(0.8)),
    Plan("neighbour_festival", FESTIVAL, "square", (10, SAT), "14:00", 240, 300,
         "zh en ko ar fr ru vi", Demand(0.55, withdrawals=5), party_limit=6),
    Plan("book_club", CULTURE, "heyuan-reading", (7, WED), "19:30", 75, 18, "zh en fa es",
         Demand(0.5)),
    Plan("repair", CULTURE, "dongmuwu-barn", (9, SUN), "13:30", 180, 30, "zh en de",
         Demand(0.3)),
    Plan("interpreters", TRAINING, "heyuan-reading", (8, MON), "18:30", 120, 24, "zh en",
         Demand(0.5), party_limit=1),
    Plan("plov", CULTURE, "heyuan-kitchen", (11, FRI), "18:00", 150, 36, "ru kk uz zh en",
         Demand(0.7)),
    Plan("women", CULTURE, "tea-house", (12, THU), "14:00", 120, 14, "zh en ar",
         Demand(0.6), party_limit=2),
    Plan("fire_drill", TRAINING, "xhs-studio", (12, SUN), "10:00", 90, 80, "zh en",
         Demand(0.2), party_limit=6),
    Plan("courtyard", FESTIVAL, "old-courtyard", (14, SUN), "17:00", 150, 60, "zh en it es",
         Demand(0.4), party_limit=6),
    Plan("batik", CULTURE, "xhs-studio", (15, SAT), "14:00", 150, 14, "id en zh",
         Demand(0.9)),
    Plan("market_cooking", CULTURE, "heyuan-kitchen", (15, SUN), "07:00", 210, 10, "zh en",
         Demand(0.8)),
    # Sign-up opens next week.
    Plan("football", FESTIVAL, "pingfeng-yard", (20, SUN), "13:00", 240, 84, "zh en pt es",
         party_limit=7, opens_in_days=7),
    Plan("mint_tea", CULTURE, "tea-house", (17, SAT), "15:00", 90, 20, "zh ar fr en",
         Demand(0.5)),
    Plan("landlords", LAW_TALK, "dongmuwu-barn", (16, TUE), "19:00", 90, 70, "zh",
         Demand(0.3)),
    Plan("sachets", CULTURE, "dongmuwu-barn", (18, WED), "14:30", 120, 24, "zh en",
         Demand(0.3)),
    Plan("rice_cakes", CULTURE, "dongmuwu-barn", (22, SAT), "09:30", 150, 40, "zh en lo th",
         Demand(0.4), party_limit=6),
    Plan("seals", CULTURE, "xhs-studio", (24, SUN), "14:00", 150, 12, "zh en", Demand(0.5)),
    Plan("capoeira", CULTURE, "pingfeng-yard", (25, FRI), "19:00", 90, 40, "pt en zh",
         Demand(0.2)),
    Plan("film_night", FESTIVAL, "old-courtyard", (27, SAT), "18:30", 130, 70, "zh en",
         Demand(0.2), party_limit=6),
    Plan("welcome_walk", CULTURE, "square", (30, SUN), "10:00", 120, 25, "zh en ne",
         Demand(0.2)),
    Plan("calligraphy", CULTURE, "xhs-studio", (31, SAT), "14:00", 120, 16, "zh en",
         Demand(0.6)),
    # Only for people who have the link.
    Plan("rehearsal", TRAINING, "police", (33, THU), "15:00", 150, 24, "zh en", Demand(0.3),
         party_limit=1, unlisted=True),
    Plan("taiji", CULTURE, "pingfeng-yard", (9, SAT), "06:30", 60, 40, "zh en ru",
         Demand(0.2)),
)  # fmt: skip

DRAFTS = (
    Plan("reunion", FESTIVAL, "heyuan-hall", (45, SAT), "17:30", 180, 100, "zh en",
         party_limit=6, draft=True),
    Plan("lanterns", CULTURE, "square", (50, SUN), "18:00", 150, 150, "zh en ko ru vi",
         party_limit=6, draft=True),
    Plan("photo_show", CULTURE, "pingfeng-house", (38, SAT), "10:00", 420, 200, "zh en",
         draft=True),
    Plan("first_aid", TRAINING, "xhs-clinic", (36, THU), "18:30", 120, 18, "zh en fr",
         draft=True),
)  # fmt: skip

# Today or, late in the evening, in about an hour: the story sets the time.
TONIGHT = Plan(
    "dumpling_night", FESTIVAL, "heyuan-hall", (0, None), "19:00", 120, 40, "zh en ko",
    Demand(0.85, withdrawals=2),
)  # fmt: skip

CANCELLATION = {
    "en": "The weather service warns of storms, and the paths of the wetland are closed. "
    "The owls will wait: a new date follows next month.",
    "zh": "气象部门发布大风预警，湿地步道关闭。猫头鹰会等我们，下个月另定日期。",
}
