"""The docs name what there is, and nothing that is not."""

import re
from pathlib import Path

import pytest

from hub.cli import hub_commands

ROOT = Path(__file__).resolve().parents[2]
DOCS = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/architecture.md",
    "docs/operations.md",
    "docs/glossary.md",
)
MADE = {"node_modules", "__pycache__"}  # and whatever begins with a dot


def read(name: str) -> str:
    path = ROOT / name
    assert path.is_file(), f"{name} is not written yet"
    return path.read_text()


def all_docs() -> str:
    return "\n".join(read(name) for name in DOCS)


def folders(place: Path) -> list[str]:
    return sorted(
        p.name for p in place.iterdir()
        if p.is_dir() and not p.name.startswith(".") and p.name not in MADE
    )  # fmt: skip


def names(folder: str, text: str, place: str = "") -> bool:
    """Whether ``text`` speaks of the folder as of one: ``bench/``, `bench`, hub/web."""
    inside = rf"|{place}/{folder}\b" if place else ""
    return bool(re.search(rf"(?<![\w-]){folder}/|`{folder}`{inside}", text))


def settings() -> set[str]:
    return set(re.findall(r'"(HUB_[A-Z_]+)"', (ROOT / "hub" / "config.py").read_text()))


def targets() -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+):.*##", (ROOT / "Makefile").read_text(), re.M))


@pytest.mark.parametrize("name", DOCS)
def test_doc_is_there_and_says_something(name):
    assert len(read(name).split()) > 100


@pytest.mark.parametrize("folder", folders(ROOT))
def test_docs_name_every_top_folder(folder):
    assert names(folder, all_docs())


@pytest.mark.parametrize("place", ["hub", "tests"])
def test_architecture_names_every_folder_inside(place):
    text = read("docs/architecture.md")
    assert [name for name in folders(ROOT / place) if not names(name, text, place)] == []


def test_architecture_names_no_folder_that_is_gone():
    named = set(re.findall(r"`((?:hub|tests|docs)/[\w/]+)/`", read("docs/architecture.md")))
    assert [name for name in sorted(named) if not (ROOT / name).is_dir()] == []


@pytest.mark.parametrize("setting", sorted(settings()))
def test_operations_describes_every_setting(setting):
    assert re.search(rf"\b{setting}\b", read("docs/operations.md"))


def test_docs_name_no_setting_that_is_gone():
    named = set(re.findall(r"\bHUB_[A-Z_]+\b", all_docs()))
    assert {n for n in named if not n.startswith("HUB_TEST_")} - settings() == set()


@pytest.mark.parametrize("command", sorted(hub_commands.commands))
def test_operations_describes_every_command(command):
    assert re.search(rf"hub {command}\b", read("docs/operations.md"))


def test_docs_name_no_command_that_is_gone():
    named = set(re.findall(r"\bflask (?:--app hub )?hub ([a-z-]+)", all_docs()))
    assert named - set(hub_commands.commands) == set()


@pytest.mark.parametrize("target", sorted(targets()))
def test_docs_name_every_make_target(target):
    assert re.search(rf"\bmake {target}\b", all_docs())


def test_docs_name_no_make_target_that_is_gone():
    named = set(re.findall(r"`make ([a-z][a-z0-9-]*)", all_docs()))
    named |= set(re.findall(r"^ *make ([a-z][a-z0-9-]*)", all_docs(), re.M))
    rules = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.M))
    assert named - rules == set()


@pytest.mark.parametrize("name", DOCS)
def test_links_between_docs_lead_somewhere(name):
    here = (ROOT / name).parent
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", read(name)):
        if "://" not in target and not target.startswith("mailto:"):
            assert (here / target).exists(), f"{name}: {target}"


def test_readme_says_how_to_see_it_in_the_first_screen():
    assert "make demo" in "\n".join(read("README.md").splitlines()[:40])
