"""The forms of venues and communities."""

import re
from typing import Any

from wtforms import Form, StringField
from wtforms.validators import DataRequired, Length, Optional, Regexp, ValidationError

from hub.i18n import _, _l
from hub.models import Community, User, Venue
from hub.queries.places import managed_communities
from hub.services.places import VenueData
from hub.web.forms import ChoiceField, HubForm, language_rows, single_line, strip, with_languages

POSITION = re.compile(r"(-?\d{1,2}(?:\.\d{1,8})?)[,，\s]+(-?\d{1,3}(?:\.\d{1,8})?)\Z")


class NameRow(Form):
    """A name in one language."""

    name = StringField(
        _l("Name"),
        filters=[single_line],
        validators=[Length(max=120, message=_l("At most 120 characters."))],
    )


class PlaceRow(NameRow):
    """Name and address of a venue in one language."""

    address = StringField(
        _l("Address"),
        filters=[single_line],
        validators=[Length(max=250, message=_l("At most 250 characters."))],
    )

    def validate_name(self, field: StringField) -> None:
        if not field.data and self.address.data:
            raise ValidationError(_("Give a name in this language too, or empty the address."))


class VenueForm(HubForm):
    """``with_languages(VenueForm, PlaceRow)`` adds names and addresses."""

    community_id = ChoiceField(_l("Community"), coerce=int, choices=[])
    map_url = StringField(
        _l("Link to a map"),
        description=_l("Paste the link that a map shares, such as https://surl.amap.com/…"),
        filters=[strip],
        validators=[Length(max=500, message=_l("At most 500 characters."))],
    )
    position = StringField(
        _l("Position"),
        description=_l("Latitude, then longitude, such as 30.2412, 120.0518."),
        filters=[single_line],
        validators=[
            Optional(),
            Regexp(POSITION, message=_l("Latitude, then longitude, such as 30.2412, 120.0518.")),
        ],
    )


class CommunityForm(HubForm):
    """``with_languages(CommunityForm, NameRow)`` adds the names."""

    slug = StringField(
        _l("Short name for addresses"),
        description=_l("Small letters, digits and hyphens, such as heyuan-east."),
        filters=[strip],
        validators=[
            DataRequired(_l("Enter a short name.")),
            Regexp(
                r"[a-z][a-z0-9-]{1,39}\Z",
                message=_l("Small letters, digits and hyphens, such as heyuan-east."),
            ),
        ],
    )


def venue_form(user: User, venue: Venue | None = None) -> Any:
    """The form of a venue as it was sent, else as it is stored."""
    values: dict[str, Any] = {}
    if venue is not None:
        rows = {f"text_{c}": {"name": t.name, "address": t.address} for c, t in venue.texts.items()}
        values = {"community_id": venue.community_id, "map_url": venue.map_url, **rows}
        if venue.latitude is not None and venue.longitude is not None:
            values["position"] = f"{venue.latitude:.8g}, {venue.longitude:.9g}"
    form: Any = with_languages(VenueForm, PlaceRow)(data=values)
    form.community_id.choices = [(c.id, c.name) for c in managed_communities(user)]
    return form


def venue_data(form: Any, venue: Venue | None = None) -> VenueData:
    """What a valid form says; languages that it does not ask for keep their texts."""
    names = {c: t.name for c, t in venue.texts.items()} if venue is not None else {}
    addresses = {c: t.address for c, t in venue.texts.items()} if venue is not None else {}
    for code, row in language_rows(form).items():
        names[code], addresses[code] = row.form.name.data or "", row.form.address.data or ""
    place = POSITION.match(form.position.data or "")
    return VenueData(
        community_id=form.community_id.data,
        names=names,
        addresses=addresses,
        map_url=form.map_url.data or "",
        position=(float(place[1]), float(place[2])) if place else None,
    )


def community_form(community: Community | None = None) -> Any:
    """The form of a community as it was sent, else as it is stored."""
    values: dict[str, Any] = {}
    if community is not None:
        rows = {f"text_{c}": {"name": t.name} for c, t in community.texts.items()}
        values = {"slug": community.slug, **rows}
    return with_languages(CommunityForm, NameRow)(data=values)


def community_names(form: Any, community: Community | None = None) -> dict[str, str]:
    names = {c: t.name for c, t in community.texts.items()} if community is not None else {}
    names |= {code: row.form.name.data or "" for code, row in language_rows(form).items()}
    return names
