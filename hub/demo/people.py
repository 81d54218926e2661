"""Visitors of the sample data: invented people who sign up."""

import random
import unicodedata
from functools import cache

from hub.demo.texts import HERE
from hub.integrations.contacts import parse_contact
from hub.services.signups import Person

# Letters that Unicode does not take apart into a plain one and a mark.
PLAIN = str.maketrans({"đ": "d", "Đ": "D", "ı": "i", "ł": "l", "ø": "o"})


@cache
def crowd() -> tuple[Person, ...]:
    """Everybody: students from many countries, and Chinese neighbours, always in one order."""
    people: list[Person] = []
    for line in (HERE / "people.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        country, _, names = line.partition(": ")
        for name in names.split(", "):
            people.append(_person(name, neighbour=country == "China", number=len(people)))
    return tuple(people)


def _person(name: str, *, neighbour: bool, number: int) -> Person:
    # Some students type a phone number, and some read Chinese better than English.
    by_phone = neighbour or number % 11 == 5
    typed = _phone(number) if by_phone else f"{_local_part(name)}@students.example"
    language = "zh" if neighbour or number % 13 == 7 else "en"
    return Person(name=name, contact=parse_contact(typed), language=language)


def _phone(number: int) -> str:
    """A mobile number of the series for satellite handsets: valid, and nobody's in the village."""
    return f"1740{number % 6}{100000 + 7 * number:06d}"


def _local_part(name: str) -> str:
    """``nguyen.thuy.linh``: the words in Latin letters, without marks and apostrophes."""
    bare = unicodedata.normalize("NFKD", name.translate(PLAIN))
    words = "".join(c for c in bare if c.isascii() and (c.isalpha() or c == " ")).lower().split()
    return ".".join(words)


def visitors(rng: random.Random) -> list[Person]:
    """Everybody, in the order in which they hear of an event."""
    people = list(crowd())
    rng.shuffle(people)
    return people
