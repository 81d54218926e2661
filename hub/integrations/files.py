"""Files that people send, kept outside the web root under random names.

Each kind has a folder of its own (a setting), and endings that nothing else in it is taken for.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from flask import current_app


@dataclass(frozen=True, slots=True)
class Folder:
    """Where one kind of files lies: the setting that names it, and the endings of its files."""

    setting: str
    endings: tuple[str, ...]

    @property
    def path(self) -> Path:
        return Path(current_app.config[self.setting])


EVIDENCE = Folder("EVIDENCE_DIR", ("jpg",))
MATERIALS = Folder("MATERIALS_DIR", ("pdf", "pptx", "docx", "odp"))
SUGGESTIONS = Folder("SUGGESTIONS_DIR", ("jpg",))


def keep(folder: Folder, body: bytes, ending: str) -> str:
    """Write a file; returns the random name under which it lies there."""
    name = f"{secrets.token_hex(20)}.{ending}"
    folder.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder.path / name).write_bytes(body)
    return name


def date_file(folder: Folder, name: str, moment: float) -> None:
    """Let the file say that it was written at ``moment``, in seconds since 1970."""
    os.utime(folder.path / name, (moment, moment))


def read(folder: Folder, name: str) -> bytes | None:
    """The file of that name, or None if it is gone."""
    path = folder.path / name
    return path.read_bytes() if path.is_file() else None


def remove(folder: Folder, name: str) -> None:
    (folder.path / name).unlink(missing_ok=True)


def names_older_than(folder: Folder, seconds: float, now: float) -> list[str]:
    """Names of the files that were written longer ago; ``now`` in seconds since 1970."""
    if not folder.path.is_dir():
        return []
    found = [p for ending in folder.endings for p in folder.path.glob(f"*.{ending}")]
    return sorted(p.name for p in found if now - p.stat().st_mtime > seconds)
