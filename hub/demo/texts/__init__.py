"""The words of the sample data, in files that people who do not program can edit.

A file holds blocks: ``=== key``, then for each language ``--- code``, a title, a line of summary,
an empty line and a description in Markdown.
"""

from functools import cache
from pathlib import Path

from hub.services.event_data import Words

HERE = Path(__file__).parent


def words_of(key: str) -> dict[str, Words]:
    """What the event, series or note called ``key`` says, by language. Raises KeyError."""
    return dict(_all_words()[key])


def with_note(words: dict[str, Words]) -> dict[str, Words]:
    """The words of a law talk, with the reminder that a talk is no legal advice."""
    notes = words_of("note")
    return {
        code: Words(w.title, w.summary, f"{w.description}\n\n*{notes[code].summary}*")
        for code, w in words.items()
    }


@cache
def _all_words() -> dict[str, dict[str, Words]]:
    found: dict[str, dict[str, Words]] = {}
    for file in sorted(HERE.glob("*.txt")):
        if file.name == "people.txt":
            continue
        for block in file.read_text("utf-8").split("=== ")[1:]:
            key, _, rest = block.partition("\n")
            found[key.strip()] = dict(_language(part) for part in rest.split("--- ")[1:])
    return found


def _language(part: str) -> tuple[str, Words]:
    code, _, rest = part.partition("\n")
    title, _, rest = rest.partition("\n")
    summary, _, description = rest.partition("\n")
    return code.strip(), Words(title.strip(), summary.strip(), description.strip())
