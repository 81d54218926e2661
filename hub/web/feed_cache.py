"""Feeds that were written before: the same marks, the same bytes (docs/decisions/0014)."""

import hashlib
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from flask import Flask, current_app
from werkzeug.http import generate_etag

KEPT_BYTES = 32 * 1024 * 1024  # in each process
KEPT_AS = "hub.feed_cache"


@dataclass(frozen=True, slots=True)
class Written:
    """A calendar as it was written for these marks."""

    marks: bytes
    body: bytes
    etag: str
    last_modified: datetime | None


class FeedCache:
    """The newest version of each address, the least used ones dropped beyond ``KEPT_BYTES``."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, Written] = OrderedDict()
        self._size = 0

    def find(self, address: Hashable, marks: bytes) -> Written | None:
        """What stands at ``address``, if nothing of it has changed since it was written."""
        with self._lock:
            found = self._kept.get(address)
            if found is None or found.marks != marks:
                return None
            self._kept.move_to_end(address)
            return found

    def keep(
        self, address: Hashable, marks: bytes, body: bytes, last_modified: datetime | None
    ) -> Written:
        written = Written(marks, body, generate_etag(body), last_modified)
        with self._lock:
            old = self._kept.pop(address, None)
            self._size += len(body) - (len(old.body) if old else 0)
            self._kept[address] = written
            while self._size > KEPT_BYTES:
                _address, dropped = self._kept.popitem(last=False)
                self._size -= len(dropped.body)
        return written


def init_app(app: Flask) -> None:
    app.extensions[KEPT_AS] = FeedCache()


def feed_cache() -> FeedCache:
    cache: FeedCache = current_app.extensions[KEPT_AS]
    return cache


def digest(marks: Sequence[tuple[object, ...]]) -> bytes:
    """A short name for the marks, in whatever order the database gave them."""
    return hashlib.sha256("\n".join(sorted(map(repr, marks))).encode()).digest()
