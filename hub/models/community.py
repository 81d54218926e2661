"""Communities: the parts of the subdistrict that run events, and their venues."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, attribute_keyed_dict, mapped_column, relationship

from hub.extensions import Model
from hub.models.translated import LanguageRow, Translated


class CommunityText(LanguageRow, Model):
    __tablename__ = "community_texts"

    community_id: Mapped[int] = mapped_column(
        ForeignKey("communities.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(120))


class Community(Translated[CommunityText], Model):
    """A community (社区) or an office of the subdistrict itself."""

    __tablename__ = "communities"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    texts: Mapped[dict[str, CommunityText]] = relationship(
        collection_class=attribute_keyed_dict("language"),
        cascade="all, delete-orphan",
        lazy="selectin",
    )

    @property
    def name(self) -> str:
        return self.text().name


class VenueText(LanguageRow, Model):
    __tablename__ = "venue_texts"

    venue_id: Mapped[int] = mapped_column(
        ForeignKey("venues.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(250), default="")


class Venue(Translated[VenueText], Model):
    """A place where events happen."""

    __tablename__ = "venues"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), index=True)
    map_url: Mapped[str] = mapped_column(String(500), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    community: Mapped[Community] = relationship(lazy="joined")
    texts: Mapped[dict[str, VenueText]] = relationship(
        collection_class=attribute_keyed_dict("language"),
        cascade="all, delete-orphan",
        lazy="selectin",
    )

    @property
    def name(self) -> str:
        return self.text().name
