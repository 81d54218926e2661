"""What happened, played in the order in which it happened, with the clock at each moment."""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

from hub import clock
from hub.transaction import unit_of_work

BATCH = 60  # actions in one transaction: it is their number that costs time, not their size

Action = Callable[[], object]


class Timeline:
    """Actions with their moments. Playing one may plan others, at its own moment or later."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._heap: list[tuple[datetime, int, Action]] = []
        self._ties = count()  # first planned, first done; actions themselves do not compare

    def at(self, moment: datetime, action: Action) -> None:
        """Plan ``action``. What has not happened by now never happens here."""
        if moment <= self.now:
            heapq.heappush(self._heap, (moment, next(self._ties), action))

    def play(self) -> int:
        """Do everything in order; returns how much was done."""
        done = 0
        while self._heap:
            with unit_of_work():
                for _ in range(min(BATCH, len(self._heap))):
                    moment, _tie, action = heapq.heappop(self._heap)
                    with clock.fixed_at(moment):
                        action()
                    done += 1
        return done
