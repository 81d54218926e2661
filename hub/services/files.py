"""A file lives and dies with the transaction of its row (evidence, materials of talks)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from hub import clock
from hub.extensions import db
from hub.integrations import files
from hub.integrations.files import Folder

WRITTEN, GONE = "files_written", "files_gone"
ORPHAN_SECONDS = 24 * 3600


def keep_file(folder: Folder, body: bytes, ending: str) -> str:
    """Write it, and take it away again if the transaction fails; returns its random name."""
    name = files.keep(folder, body, ending)
    db.session.info.setdefault(WRITTEN, []).append((folder, name))
    return name


def drop_file(folder: Folder, name: str) -> None:
    """Take it away once the transaction has committed."""
    db.session.info.setdefault(GONE, []).append((folder, name))


def remove_orphans_in(folder: Folder, known: Iterable[str | None], *, really: bool = True) -> int:
    """Remove files that are not ``known`` by any row and a day old; how many there are."""
    named = set(known)
    old = files.names_older_than(folder, ORPHAN_SECONDS, clock.now().timestamp())
    orphans = [name for name in old if name not in named]
    for name in orphans if really else ():
        files.remove(folder, name)
    return len(orphans)


@event.listens_for(Session, "after_commit")
def _committed(session: Any) -> None:
    session.info.pop(WRITTEN, None)
    for folder, name in session.info.pop(GONE, ()):
        files.remove(folder, name)


@event.listens_for(Session, "after_rollback")
def _rolled_back(session: Any) -> None:
    session.info.pop(GONE, None)
    for folder, name in session.info.pop(WRITTEN, ()):
        files.remove(folder, name)
