"""The layers of the house, read from the source: imports go downwards only, files stay small."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
HUB = ROOT / "hub"

LAYERS = (
    ("enums", "exceptions", "clock", "extensions", "i18n", "config"),
    ("models",),
    ("policies", "queries", "integrations"),
    ("services", "transaction", "demo"),
    ("web",),
    ("blueprints", "cli"),
    ("__init__",),  # create_app binds everything
)
LAYER = {name: number for number, names in enumerate(LAYERS) for name in names}
OF_THE_WEB = {"request", "session", "flash", "url_for", "g", "redirect", "abort", "render_template"}

SOURCES = sorted(p for p in HUB.rglob("*.py") if "migrations" not in p.parts)
LOWER = [p for p in SOURCES if 1 <= LAYER[p.relative_to(HUB).parts[0].removesuffix(".py")] <= 3]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def part_of(path: Path) -> str:
    """The package or module of ``hub`` that the file belongs to."""
    return path.relative_to(HUB).parts[0].removesuffix(".py")


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), name(path))


def imports(path: Path) -> Iterator[tuple[int, str, str]]:
    """Line, module and imported name of every import, those inside functions included."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}:{node.lineno}: imports are absolute"
            yield from ((node.lineno, node.module or "", alias.name) for alias in node.names)


def imported_parts(path: Path) -> Iterator[tuple[int, str]]:
    """Line and part of ``hub`` for every import of our own code."""
    for line, module, imported in imports(path):
        if module == "hub":
            yield line, imported if imported in LAYER else "__init__"
        elif module.startswith("hub."):
            yield line, module.split(".")[1]


def functions(path: Path, *, routes: bool = False) -> Iterator[tuple[str, int]]:
    """Name and number of lines of each function, without signature, decorators and docstring.

    With ``routes`` only those that answer at an address: they are decorated.
    """
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef) and (node.decorator_list or not routes):
            body = node.body
            if ast.get_docstring(node) is not None:
                body = body[1:]
            if body:
                yield node.name, (node.end_lineno or 0) - body[0].lineno + 1


def test_every_part_of_the_hub_has_its_layer():
    assert {part_of(p) for p in SOURCES} <= set(LAYER)


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_imports_go_downwards_only(path):
    layer = LAYER[part_of(path)]
    upwards = [f"line {line}: {part}" for line, part in imported_parts(path) if LAYER[part] > layer]
    assert not upwards, f"{name(path)} is layer {layer}"


@pytest.mark.parametrize("path", sorted((HUB / "blueprints").rglob("*.py")), ids=name)
def test_blueprints_never_import_each_other(path):
    area = path.parent.name
    if area == "blueprints":
        return  # the site map
    foreign = [
        f"line {line}: {module}"
        for line, module, _name in imports(path)
        if module.startswith("hub.blueprints") and module.split(".")[2:3] != [area]
    ]
    assert not foreign


@pytest.mark.parametrize("path", LOWER, ids=name)
def test_lower_layers_know_nothing_of_requests(path):
    known = [
        f"line {line}: {module}.{imported}"
        for line, module, imported in imports(path)
        if (module == "flask" and imported in OF_THE_WEB)
        or module.split(".")[0] in ("flask_login", "flask_wtf", "wtforms", "werkzeug")
        or imported == "current_user"
    ]
    assert not known


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_only_the_unit_of_work_commits(path):
    commits = [
        node.lineno
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]
    assert bool(commits) == (part_of(path) == "transaction")


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_time_comes_from_the_clock(path):
    if part_of(path) == "clock":
        return
    asked = [
        node.lineno
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute)
        and node.attr in ("now", "utcnow", "today")
        and ast.unparse(node.value) in ("datetime", "date", "datetime.datetime")
    ]
    assert not asked


# --- sizes ----------------------------------------------------------------------------------


def too_large(sizes: Iterator[tuple[str, int]], budget: int) -> list[str]:
    return [f"{what}: {size} lines, {budget} allowed" for what, size in sizes if size > budget]


def lines(pattern: str, *, under: Path = HUB) -> Iterator[tuple[str, int]]:
    for path in sorted(under.rglob(pattern)):
        if "migrations" not in path.parts:
            yield name(path), len(path.read_text().splitlines())


def test_modules_have_at_most_300_lines():
    assert not too_large(lines("*.py"), 300)


def test_create_app_module_has_at_most_60_lines():
    assert len((HUB / "__init__.py").read_text().splitlines()) <= 60


@pytest.mark.parametrize(
    ("places", "routes", "budget"),
    [(("services", "queries", "web", "blueprints"), False, 40), (("blueprints", "cli"), True, 20)],
)
def test_functions_stay_short(places, routes, budget):
    sizes = (
        (f"{name(path)}:{function}", size)
        for path in SOURCES
        if part_of(path) in places
        for function, size in functions(path, routes=routes)
    )
    assert not too_large(sizes, budget)


def test_templates_have_at_most_120_lines():
    assert not too_large(lines("*.html"), 120)


def test_fragments_have_at_most_50_lines():
    assert not too_large(lines("_*.html"), 50)


def test_style_sheets_of_components_have_at_most_150_lines():
    assert not too_large(lines("*.css", under=HUB / "static" / "css" / "components"), 150)
