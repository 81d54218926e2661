"""The claim code of a suggestion, shown only right after it was made: a page, or a paper slip."""

from dataclasses import dataclass

from flask import abort, url_for

from hub.i18n import LANGUAGES, _, in_language
from hub.integrations.qr import to_svg
from hub.integrations.signing import claim_code, read_slip_token, suggestion_token, token_hash
from hub.models import Suggestion
from hub.queries.public_suggestions import suggestion_of_code
from hub.queries.settings import reader_language
from hub.web.filters import day
from hub.web.site import site_name
from hub.web.suggestion_cards import hear_by

SHOWN_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Slip:
    """``claim_code`` is None once the hour is over; ``groups`` is how it is read aloud."""

    row: Suggestion
    claim_code: str | None

    @property
    def groups(self) -> list[str]:
        code = self.claim_code or ""
        return [code[i : i + 4] for i in range(0, len(code), 4)]


def read_slip(token: str) -> Slip:
    """What the link of the page says, or 404 if it is forged or the data deleted."""
    said = read_slip_token(token, SHOWN_SECONDS)
    code, seed = said if said is not None else (None, None)
    row = suggestion_of_code(code)
    if row is None:
        abort(404)
    claim = claim_code(seed) if seed else None
    if claim is None or token_hash(claim) != row.claim_hash:
        return Slip(row, None)
    return Slip(row, claim)


@dataclass(frozen=True, slots=True)
class SlipWords:
    """What stands on the paper, in the language of whoever takes it along."""

    tag: str
    direction: str
    site: str
    title: str
    received: str
    number: str
    code: str
    how: str
    hear: str
    keep: str
    qr: str
    address: str


def slip_words(slip: Slip, base_url: str) -> SlipWords:
    """The slip in the resident's language if it is switched on, else in the site's first one."""
    row = slip.row
    language = LANGUAGES[reader_language(row.language)]
    follow = base_url + url_for("suggestions.follow", lang=language.code)
    private = base_url + url_for(
        "suggestions.mine", lang=language.code, token=suggestion_token(row.code or "")
    )
    with in_language(language.code):
        return SlipWords(
            tag=language.tag,
            direction=language.direction,
            site=site_name(language.code),
            title=_("Your suggestion has arrived"),
            received=_("Received on %(day)s", day=day(row.received_on)),
            number=_("Number %(number)s", number=row.number),
            code=_("Claim code"),
            how=_("See what comes of it: scan the square, or type the code at"),
            hear=_("You hear by %(day)s that it was read.", day=day(hear_by(row))),
            keep=_("Whoever has this slip can read and answer it: keep it to yourself."),
            qr=to_svg(private, title=_("Square of dots that opens your suggestion")),
            address=follow.partition("://")[2],
        )
