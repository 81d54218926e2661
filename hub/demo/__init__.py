"""Sample data: a subdistrict in full swing, relative to today, made through the real services.

All people are invented, all addresses end in ``.example`` (RFC 2606) and reach nobody.
"""

from collections.abc import Callable

from sqlalchemy import select

from hub import clock
from hub.demo.accounts import demo_accounts, has_demo_accounts, say_accounts
from hub.demo.bulk import load_bulk
from hub.demo.story import load_story
from hub.exceptions import WrongState
from hub.extensions import db
from hub.models import Event, User

__all__ = ["demo_accounts", "has_demo_accounts", "is_empty", "load_demo", "say_accounts"]


def is_empty() -> bool:
    """Whether nobody has an account and nothing is planned, so that sample data does no harm."""
    return not any(db.session.scalar(select(select(table.id).exists())) for table in (Event, User))


def load_demo(*, seed: int, scale: str | None, say: Callable[[str], None]) -> None:
    """Fill the empty, migrated database. ``scale``: None for the story, ``1x`` or ``10x`` to
    measure with (a tenth of the sizes of domain.md, or all of them).

    The same seed at the same moment gives the same rows, apart from random codes, uids, keys and
    hashes. Raises WrongState when there are events or users.
    """
    if not is_empty():
        raise WrongState("The database is in use: sample data goes only into an empty one.")
    with clock.fixed_at(clock.now()):  # "today" must not move while the data is being made
        if scale is None:
            load_story(seed, say)
        else:
            load_bulk(seed, scale, say)
    say_accounts(say)
