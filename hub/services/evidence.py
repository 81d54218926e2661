"""Pictures that go with records. A file lives and dies with the transaction of its row."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from hub import clock
from hub.exceptions import InvalidInput
from hub.extensions import db
from hub.i18n import _l
from hub.integrations import pictures
from hub.integrations.pictures import MEDIA_TYPE, Picture
from hub.models import EvidenceFile, ServiceRecord

MOST_PICTURES = 5
WRITTEN, GONE = "evidence_written", "evidence_gone"
ORPHAN_SECONDS = 24 * 3600


def add_pictures(record: ServiceRecord, sent: Iterable[Picture]) -> None:
    """Keep the pictures with ``record``. Raises InvalidInput when there are too many."""
    for picture in sent:
        if len(record.evidence) >= MOST_PICTURES:
            raise InvalidInput(_l("At most five pictures go with a record."), field="picture")
        name = pictures.keep(picture)
        db.session.info.setdefault(WRITTEN, []).append(name)
        record.evidence.append(
            EvidenceFile(
                stored_name=name,
                shown_name=picture.shown_name,
                media_type=MEDIA_TYPE,
                size=len(picture.body),
                created_at=clock.now(),
            )
        )
    db.session.flush()


def remove_pictures(record: ServiceRecord, ids: Iterable[int] | None = None) -> None:
    """Take pictures off ``record``, all of them or those with ``ids``; the files go at commit."""
    chosen = None if ids is None else set(ids)
    for row in list(record.evidence):
        if chosen is None or row.id in chosen:
            db.session.info.setdefault(GONE, []).append(row.stored_name)
            record.evidence.remove(row)
    db.session.flush()


def remove_orphans(*, really: bool = True) -> int:
    """Remove files that no row names and that are a day old; how many there are."""
    old = pictures.names_older_than(ORPHAN_SECONDS, clock.now().timestamp())
    known = set(db.session.scalars(select(EvidenceFile.stored_name)))
    orphans = [name for name in old if name not in known]
    for name in orphans if really else ():
        pictures.remove(name)
    return len(orphans)


@event.listens_for(Session, "after_commit")
def _committed(session: Any) -> None:
    session.info.pop(WRITTEN, None)
    for name in session.info.pop(GONE, ()):
        pictures.remove(name)


@event.listens_for(Session, "after_rollback")
def _rolled_back(session: Any) -> None:
    session.info.pop(GONE, None)
    for name in session.info.pop(WRITTEN, ()):
        pictures.remove(name)
