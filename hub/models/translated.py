"""Things whose texts stand in several languages, one row a language."""

from typing import Generic, TypeVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from hub.i18n import current_language, fallback_chain


class LanguageRow:
    """Mixin of a table that holds the texts of one thing in one language."""

    language: Mapped[str] = mapped_column(String(8), primary_key=True)


Row = TypeVar("Row", bound=LanguageRow)


class Translated(Generic[Row]):
    """Mixin of a thing with ``texts``, a dict of rows by language code."""

    texts: Mapped[dict[str, Row]]

    def text(self, language: str | None = None) -> Row:
        """The texts in ``language`` (default: the one being written), else in the next best.

        Raises LookupError when there is none at all, which no service lets happen.
        """
        for code in fallback_chain(language or current_language()):
            if code in self.texts:
                return self.texts[code]
        raise LookupError(f"no text for {self!r}")
