"""Pictures that go with records. A file lives and dies with the transaction of its row."""

from collections.abc import Iterable

from sqlalchemy import select

from hub import clock
from hub.exceptions import InvalidInput
from hub.extensions import db
from hub.i18n import _l
from hub.integrations.files import EVIDENCE
from hub.integrations.pictures import MEDIA_TYPE, Picture
from hub.models import EvidenceFile, ServiceRecord
from hub.services.files import drop_file, keep_file, remove_orphans_in

MOST_PICTURES = 5


def add_pictures(record: ServiceRecord, sent: Iterable[Picture]) -> None:
    """Keep the pictures with ``record``. Raises InvalidInput when there are too many."""
    for picture in sent:
        if len(record.evidence) >= MOST_PICTURES:
            raise InvalidInput(_l("At most five pictures go with a record."), field="picture")
        record.evidence.append(
            EvidenceFile(
                stored_name=keep_file(EVIDENCE, picture.body, "jpg"),
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
            drop_file(EVIDENCE, row.stored_name)
            record.evidence.remove(row)
    db.session.flush()


def remove_orphans(*, really: bool = True) -> int:
    """Remove pictures that no row names and that are a day old; how many there are."""
    known = db.session.scalars(select(EvidenceFile.stored_name))
    return remove_orphans_in(EVIDENCE, known, really=really)
