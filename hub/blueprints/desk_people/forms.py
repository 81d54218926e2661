"""The filter of the list of people, and the forms of one person's page."""

from datetime import date
from typing import Any

from flask import request
from wtforms.validators import Optional

from hub.enums import Programme, StaffRole
from hub.i18n import SPOKEN, _, _l, current_language, language_name, territory_name
from hub.models import User
from hub.policies import is_police, own_community_ids, sees_all_people
from hub.queries.people import PeopleFilter, countries_of
from hub.queries.places import all_communities
from hub.queries.topics import all_topics
from hub.services.people import PAPERS
from hub.web.audit_sentences import papers
from hub.web.forms import ChoiceField, DayField, HubForm, read_day, search_words
from hub.web.reason_field import reason_field


class PaperForm(HubForm):
    """That a paper was seen: which, and until when it is valid. No number, no copy."""

    paper = ChoiceField(
        _l("Which paper"), choices=lambda: [(code, papers()[code]) for code in PAPERS]
    )
    valid_until = DayField(
        _l("Valid until"),
        description=_l("Empty if the paper says nothing about it."),
        validators=[Optional()],
    )


class RoleForm(HubForm):
    """A role, and for staff the community in which it holds."""

    role = ChoiceField(_l("Role"), choices=lambda: [(r.value, r.label) for r in StaffRole])
    community_id = ChoiceField(
        _l("Community"),
        coerce=int,
        choices=[],
        description=_l("Only staff belong to one community. All others work in all of them."),
    )

    def offer_communities(self) -> None:
        self.community_id.choices = [
            (0, _("All communities (subdistrict)")),
            *((c.id, c.name) for c in all_communities()),
        ]


class ReasonForm(HubForm):
    """Why something is taken away from a person."""

    reason = reason_field()


def wanted_people(user: User) -> tuple[PeopleFilter, dict[str, Any]]:
    """What the address asks for, and the same as its query; what cannot be read is left out."""
    asked = request.args
    community = asked.get("community", "")
    programme, language = asked.get("programme", ""), asked.get("language", "")
    country = asked.get("country", "").upper()
    wanted = PeopleFilter(
        q=search_words(asked.get("q", "")),
        language=language if language in SPOKEN else "",
        country=country if len(country) == 2 and country.isalpha() else "",
        community_id=int(community) if community.isdecimal() and len(community) < 10 else None,
        programme=Programme(programme) if programme in list(Programme) else None,
        active_on=read_day(asked.get("day", "")),
        qualified_for="".join(c for c in asked.get("topic", "")[:40] if c.isalnum() or c == "-"),
    )
    if _sees_only_what_is_shared(user):
        wanted = PeopleFilter(q=wanted.q, language=wanted.language)
    args = {
        "q": wanted.q,
        "language": wanted.language,
        "country": wanted.country,
        "community": wanted.community_id,
        "programme": wanted.programme.value if wanted.programme else "",
        "day": _iso(wanted.active_on),
        "topic": wanted.qualified_for,
    }
    return wanted, {name: value for name, value in args.items() if value}


def filter_choices(user: User) -> dict[str, Any]:
    """What the filter of the list offers to ``user``."""
    here, wide = own_community_ids(user), sees_all_people(user)
    display = current_language()
    spoken = [(code, language_name(code, display)) for code in SPOKEN]
    countries = [(code, territory_name(code, display)) for code in countries_of(user)]
    narrow = _sees_only_what_is_shared(user)
    return {
        "wide": wide,
        "narrow": narrow,
        "communities": [c for c in all_communities() if wide or c.id in here],
        "spoken": sorted(spoken, key=lambda pair: (pair[0] not in ("zh", "en"), pair[1])),
        "countries": sorted(countries, key=lambda pair: pair[1]),
        "programmes": list(Programme),
        "topics": all_topics(),
    }


def _sees_only_what_is_shared(user: User) -> bool:
    """The police unit is given name, languages and contact, and finds people by no more."""
    return is_police(user) and not sees_all_people(user) and not own_community_ids(user)


def _iso(day: date | None) -> str:
    return day.isoformat() if day is not None else ""
