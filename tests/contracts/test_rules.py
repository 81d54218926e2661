"""Every rule of the house that this code stands for has a test that names it (rule_NN)."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
ALL = set(range(1, 25))


def named() -> dict[int, set[str]]:
    """The tests by the rule in their name, or in that of their file."""
    found: dict[int, set[str]] = {}
    for path in TESTS.rglob("test_*.py"):
        whole_file = re.findall(r"rule_(\d\d)", path.name)
        for name, body in re.findall(
            r"^ *def (test_\w+)\(.*?\n(.*?)(?=^\S|\Z)", path.read_text(), re.M | re.S
        ):
            for number in re.findall(r"rule_(\d\d)", name) + whole_file:
                assert body.strip()
                found.setdefault(int(number), set()).add(f"{path.relative_to(TESTS)}::{name}")
    return found


def test_every_rule_has_a_test_that_names_it():
    assert ALL - set(named()) == set()


def test_no_test_names_a_rule_that_does_not_exist():
    assert set(named()) <= ALL


def test_rules_of_seats_and_the_queue_have_more_than_one():
    for number in (1, 2, 3, 4, 20, 23):
        assert len(named().get(number, ())) > 1, number
