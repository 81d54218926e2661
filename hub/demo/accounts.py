"""The accounts of the people who work in the sample data, with passwords that are no secret."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from hub.enums import StaffRole
from hub.extensions import db
from hub.models import User
from hub.services.accounts import create_user


@dataclass(frozen=True, slots=True)
class Account:
    """``community``: the slug of the only one the person works in, if there is only one."""

    words: str
    email: str
    password: str
    name: str
    language: str
    role: StaffRole | None = StaffRole.STAFF
    community: str = ""


ADMIN = Account(
    "administrator", "admin@linqiao.example", "lantern-harbour-1", "顾明 Gu Ming", "zh",
    StaffRole.ADMIN,
)  # fmt: skip
OFFICE = Account(
    "subdistrict staff, all communities", "office@linqiao.example", "bamboo-bridge-1",
    "沈玉兰 Shen Yulan", "zh",
)  # fmt: skip
HEYUAN = Account(
    "staff of Heyuan community only", "heyuan@linqiao.example", "persimmon-tree-1",
    "陈思远 Chen Siyuan", "zh", community="heyuan",
)  # fmt: skip
PINGFENG = Account(
    "staff of Pingfeng community only", "pingfeng@linqiao.example", "tea-mountain-1",
    "Lindiwe Dube 林迪薇", "en", community="pingfeng",
)  # fmt: skip

POLICE = Account(
    "police unit, law talks and trainings", "police@linqiao.example", "river-lantern-1",
    "周建国 Zhou Jianguo", "zh", StaffRole.POLICE,
)  # fmt: skip
ASSISTANT = Account(
    "foreign community assistant", "assistant@linqiao.example", "kimchi-dumpling-1",
    "Yousra Benjelloun", "en", None,
)  # fmt: skip
LECTURER = Account(
    "peer legal lecturer", "lecturer@linqiao.example", "night-bicycle-1",
    "Tatiana Morozova", "en", None,
)  # fmt: skip
HELPER = Account(
    "helper at one door", "helper@linqiao.example", "morning-gate-1", "Kwame Asante", "en", None,
)  # fmt: skip
RESIDENT = Account(
    "resident with an account", "resident@linqiao.example", "green-market-1",
    "Mina Karimi", "en", None,
)  # fmt: skip

STAFF = (ADMIN, OFFICE, HEYUAN, PINGFENG, POLICE)
OTHERS = (ASSISTANT, LECTURER, HELPER, RESIDENT)
ACCOUNTS = (*STAFF, *OTHERS)


def demo_accounts() -> list[tuple[str, str, str, str]]:
    """(what the person is, e-mail address, password, name) of each account."""
    return [(a.words, a.email, a.password, a.name) for a in ACCOUNTS]


def has_demo_accounts() -> bool:
    """Whether somebody who read this file could log in."""
    addresses = [account.email for account in ACCOUNTS]
    return bool(
        db.session.scalar(select(select(User.id).where(User.email.in_(addresses)).exists()))
    )


def say_accounts(say: Callable[[str], None]) -> None:
    """One line an account, for whoever looks at the sample data."""
    say("Log in as (sample accounts, never for a real site):")
    for words, email, password, name in demo_accounts():
        say(f"    {email:26} {password:20} {words} ({name})")


class Staff:
    """The accounts in the database. They are kept by id: rows expire with each unit of work."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}

    def hire(self, account: Account, community_id: int | None = None) -> User:
        user = create_user(
            email=account.email,
            name=account.name,
            password=account.password,
            language=account.language,
            role=account.role,
            community_id=community_id,
        )
        self._ids[account.community or account.words] = user.id
        return user

    def user(self, account: Account) -> User:
        return db.session.get_one(User, self._ids[account.community or account.words])

    @property
    def admin(self) -> User:
        return self.user(ADMIN)

    @property
    def office(self) -> User:
        return self.user(OFFICE)

    def of(self, community: str) -> User:
        """Who works for the community with this slug: its own staff, else the office."""
        user_id = self._ids.get(community)
        return db.session.get_one(User, user_id) if user_id else self.office
