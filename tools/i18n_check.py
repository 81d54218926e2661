"""``make i18n-check``: every language that the site offers is complete and current.

For each catalogue: its texts are those of the code as it is now, none is empty or fuzzy or left
over, placeholders and tags are those of the source, each plural form is there, and the compiled
file is the one that this catalogue gives. Each template folder must contribute a text.
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "translations"
SOURCE = "en"
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
TAG = re.compile(r"</?\w+[^>]*>")


def extracted() -> tuple[dict[object, str], set[str]]:
    """The texts of the code with a file that holds each, and the folders that hold any."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    texts: dict[object, str] = {}
    folders: set[str] = set()
    for filename, _line, message, _comments, _context in extract_from_dir(
        str(ROOT), methods, options, keywords=KEYWORDS
    ):
        texts[message] = filename
        folders.add(str(Path(filename).parent))
    return texts, folders


def problems_of(message: Message, plural_forms: int) -> Iterator[str]:
    """What is wrong with one translated text."""
    if message.fuzzy:
        yield "fuzzy"
    sources = message.id if isinstance(message.id, tuple) else (message.id,)
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    if not all(strings) or (len(sources) > 1 and len(strings) != plural_forms):
        yield "empty"
        return
    wanted = set(PLACEHOLDER.findall(sources[-1]))
    for string in strings:
        found = set(PLACEHOLDER.findall(string))
        # A form for one or for few may do without its number; nothing may be invented.
        if not found <= wanted or (len(sources) == 1 and found != wanted):
            yield f"placeholders {sorted(found)} instead of {sorted(wanted)}"
        if sorted(TAG.findall(string)) != sorted(TAG.findall(sources[-1])):
            yield "other tags than the source"
        if string.strip() != string:
            yield "blanks at an end"


def check(path: Path, texts: dict[object, str]) -> Iterator[str]:
    """Every problem of the catalogue at ``path``."""
    with path.open("rb") as file:
        catalogue: Catalog = read_po(file)
    present = {message.id: message for message in catalogue if message.id}
    for source in texts.keys() - present.keys():
        yield f"missing: {source!r} ({texts[source]})"
    for source in present.keys() - texts.keys():
        yield f"not in the code any more: {source!r}"
    for source in present.keys() & texts.keys():
        for problem in problems_of(present[source], catalogue.num_plurals):
            yield f"{problem}: {source!r}"
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    binary = path.with_suffix(".mo")
    if not binary.exists() or _said_in(binary.read_bytes()) != _said_in(compiled.getvalue()):
        yield "the compiled file is not current: make compile"


def _said_in(compiled: bytes) -> tuple[str, list[tuple[object, object]]]:
    """What a compiled catalogue says. Its header also holds the minute in which it was made."""
    catalogue = read_mo(BytesIO(compiled))
    return catalogue.plural_forms, [(text.id, text.string) for text in catalogue if text.id]


def main() -> int:
    sys.path.insert(0, str(ROOT))
    from hub.config import load_settings

    codes = load_settings(ROOT / "instance")["LANGUAGE_CODES"]
    texts, folders = extracted()
    found = [
        f"hub/templates/{folder.name}: no text to translate"
        for folder in sorted((ROOT / "hub" / "templates").iterdir())
        if folder.is_dir() and f"hub/templates/{folder.name}" not in folders
    ]
    for code in codes:
        if code == SOURCE:
            continue
        path = TRANSLATIONS / code / "LC_MESSAGES" / "messages.po"
        if not path.exists():
            found.append(f"{code}: there is no catalogue")
            continue
        found += [f"{code}: {problem}" for problem in check(path, texts)]
    for problem in found:
        print(problem)
    print(f"{len(texts)} texts, {', '.join(codes)}: {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
