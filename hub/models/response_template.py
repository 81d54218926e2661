"""Words that staff begin a response to a suggestion with."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, attribute_keyed_dict, mapped_column, relationship

from hub.enums import SuggestionOutcome
from hub.extensions import Model
from hub.models.translated import LanguageRow, Translated
from hub.models.types import choice


class ResponseTemplateText(LanguageRow, Model):
    __tablename__ = "response_template_texts"

    template_id: Mapped[int] = mapped_column(
        ForeignKey("response_templates.id", ondelete="CASCADE"), primary_key=True
    )
    text: Mapped[str] = mapped_column(Text)


class ResponseTemplate(Translated[ResponseTemplateText], Model):
    """Words that staff begin a response with."""

    __tablename__ = "response_templates"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    outcome: Mapped[SuggestionOutcome] = mapped_column(choice(SuggestionOutcome, "outcome"))

    texts: Mapped[dict[str, ResponseTemplateText]] = relationship(
        collection_class=attribute_keyed_dict("language"),
        cascade="all, delete-orphan",
        lazy="selectin",
    )
