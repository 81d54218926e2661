"""Communities and venues of the sample data.

EXAMPLES: the communities carry names that sound like Liuxia, the venues, addresses and points on
the map are made up nearby. Nobody has to be able to find them.
"""

from dataclasses import dataclass
from urllib.parse import quote

from hub.demo.accounts import ADMIN, STAFF, Staff
from hub.models import Venue
from hub.services.places import VenueData, save_community, save_venue

# slug: (English, Chinese). The subdistrict office holds events of its own.
COMMUNITIES: dict[str, tuple[str, str]] = {
    "liuxia": ("Liuxia Subdistrict Office", "留下街道办事处"),
    "heyuan": ("Heyuan Community", "和苑社区"),
    "pingfeng": ("Pingfeng Community", "屏峰社区"),
    "xiaoheshan": ("Xiaoheshan Community", "小和山社区"),
    "chashijie": ("Tea Market Street Community", "茶市街社区"),
    "dongmuwu": ("Dongmuwu Community", "东穆坞社区"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A venue: key, slug of its community, latitude and longitude (WGS 84), names, addresses."""

    key: str
    community: str
    latitude: float
    longitude: float
    en: tuple[str, str]
    zh: tuple[str, str]

    @property
    def map_url(self) -> str:
        """A link to Amap, which turns WGS 84 into the coordinates of Chinese maps by itself."""
        point = f"{self.longitude:.4f},{self.latitude:.4f}"
        name = quote(self.zh[0], safe="")
        return f"https://uri.amap.com/marker?position={point}&name={name}&coordinate=wgs84"


PLACES = (
    Place("service-hall", "liuxia", 30.2436, 120.0471,
          ("Subdistrict service hall, 1st floor", "88 Liuhe Road, Liuxia Subdistrict"),
          ("街道便民服务大厅一楼", "留下街道留和路88号")),
    Place("police", "liuxia", 30.2441, 120.0493,
          ("Liuxia police station, training room", "12 Tea Market Street"),
          ("留下派出所培训室", "茶市街12号")),
    Place("square", "liuxia", 30.2428, 120.0502,
          ("Liuxia culture square", "Tea Market Street, beside the old bridge"),
          ("留下文化广场", "茶市街老桥旁")),
    Place("great-hall", "liuxia", 30.2259, 120.0398,
          ("Xiaoheshan campus, great lecture hall", "Liuhe Road, Xiaoheshan, east gate"),
          ("小和山校区大报告厅", "小和山留和路东门")),
    Place("student-centre", "liuxia", 30.2281, 120.0421,
          ("International student centre, hall B", "Liuhe Road, Xiaoheshan, building 7"),
          ("国际学生中心B厅", "小和山留和路7号楼")),
    Place("heyuan-hall", "heyuan", 30.2467, 120.0524,
          ("Heyuan neighbours' hall", "21 Heyuan Lane, ground floor, step-free"),
          ("和苑邻里会堂", "和苑路21号一层（无障碍）")),
    Place("heyuan-reading", "heyuan", 30.2469, 120.0527,
          ("Heyuan reading room", "21 Heyuan Lane, 2nd floor, lift"),
          ("和苑社区阅览室", "和苑路21号二层（有电梯）")),
    Place("heyuan-kitchen", "heyuan", 30.2465, 120.0521,
          ("Heyuan shared kitchen", "23 Heyuan Lane"),
          ("和苑共享厨房", "和苑路23号")),
    Place("pingfeng-house", "pingfeng", 30.2224, 120.0369,
          ("Pingfeng international house", "6 Pingfeng Village, by the bus terminus"),
          ("屏峰国际邻里之家", "屏峰村6号，公交终点站旁")),
    Place("pingfeng-yard", "pingfeng", 30.2219, 120.0374,
          ("Pingfeng sports yard", "Pingfeng Village, behind the clinic"),
          ("屏峰运动场", "屏峰村卫生站后面")),
    Place("xhs-studio", "xiaoheshan", 30.2307, 120.0445,
          ("Xiaoheshan craft studio", "40 Xiaoheshan Road, 3rd floor"),
          ("小和山手作工坊", "小和山路40号三层")),
    Place("xhs-clinic", "xiaoheshan", 30.2312, 120.0452,
          ("Xiaoheshan health station", "44 Xiaoheshan Road"),
          ("小和山卫生服务站", "小和山路44号")),
    Place("old-courtyard", "chashijie", 30.2433, 120.0511,
          ("Old courtyard", "35 Tea Market Street, through the stone gate"),
          ("茶市街老天井", "茶市街35号，进石库门")),
    Place("tea-house", "chashijie", 30.2430, 120.0508,
          ("Tea Market Street tea room", "29 Tea Market Street"),
          ("茶市街茶室", "茶市街29号")),
    Place("creek-bridge", "dongmuwu", 30.2352, 120.0588,
          ("Stone bridge at the creek", "Dongmuwu, meeting point under the camphor tree"),
          ("东穆坞石桥", "东穆坞，樟树下集合")),
    Place("dongmuwu-barn", "dongmuwu", 30.2347, 120.0581,
          ("Dongmuwu village barn", "18 Dongmuwu"),
          ("东穆坞村礼堂", "东穆坞18号")),
)  # fmt: skip


class Places:
    """The communities and venues in the database, by slug and key."""

    def __init__(self) -> None:
        self.communities: dict[str, int] = {}
        self.venues: dict[str, int] = {}

    def found(self, staff: Staff) -> None:
        """Make all of them, and hire who works there."""
        staff.hire(ADMIN)
        for slug, (en, zh) in COMMUNITIES.items():
            community = save_community(None, slug, {"en": en, "zh": zh}, by=staff.admin)
            self.communities[slug] = community.id
        for account in STAFF:
            if account is not ADMIN:
                staff.hire(account, self.communities.get(account.community))
        for place in PLACES:
            self.venues[place.key] = self._open(place, staff).id

    def _open(self, place: Place, staff: Staff) -> Venue:
        data = VenueData(
            community_id=self.communities[place.community],
            names={"en": place.en[0], "zh": place.zh[0]},
            addresses={"en": place.en[1], "zh": place.zh[1]},
            map_url=place.map_url,
            position=(place.latitude, place.longitude),
        )
        return save_venue(None, data, by=staff.office)
