"""Signed values that leave the site and come back (itsdangerous).

A ticket's private link is its code with a signature under the site's key, so that the link can be
sent again at any time while the database holds nothing that opens a ticket.
"""

import hashlib
import hmac
import secrets
import unicodedata

from flask import current_app
from itsdangerous import BadSignature, SignatureExpired, Signer, TimestampSigner

# Crockford's base 32 without vowels: read aloud without mistakes, and it spells nothing.
CODE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
# Of two that look alike, certificates use only the letter: 25^16 is more than 74 bits.
CERTIFICATE_ALPHABET = "".join(c for c in CODE_ALPHABET if c not in "258")
CERTIFICATE_CODE_LENGTH = 16
CLAIM_CODE_LENGTH = 12
READ_AS = str.maketrans("258O01ILU" + "ВСНКМРТХУ", "ZSBQQ777V" + "BCHKMPTXY")


def _keys() -> list[str]:
    """Old keys first: itsdangerous signs with the last and accepts all."""
    fallbacks: list[str] = current_app.config["SECRET_KEY_FALLBACKS"]
    return [*fallbacks, current_app.config["SECRET_KEY"]]


def new_code() -> str:
    """A random ticket code, 28^8 ≈ 3.8·10^11 possibilities."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def new_certificate_code() -> str:
    """A random code of a certificate, which is public to whoever holds the paper."""
    return "".join(secrets.choice(CERTIFICATE_ALPHABET) for _ in range(CERTIFICATE_CODE_LENGTH))


def read_certificate_code(typed: str) -> str | None:
    """The code that somebody copied from paper, or None if it cannot be one.

    Case, width, blanks, dashes and what looks alike (0 and Q, 5 and S, Cyrillic В) do not count.
    """
    return _read_aloud(typed, CERTIFICATE_CODE_LENGTH)


def _read_aloud(typed: str, length: int) -> str | None:
    plain = unicodedata.normalize("NFKC", typed[:100]).upper()
    code = "".join(c for c in plain if c.isalnum()).translate(READ_AS)
    if len(code) != length or set(code) - set(CERTIFICATE_ALPHABET):
        return None
    return code


def claim_code(seed: str) -> str:
    """The claim code that comes from ``seed`` under the site's key: 25^12, more than 55 bits. It is
    stored nowhere; whoever sends the same form again is told the same code."""
    said = hmac.new(_keys()[-1].encode(), f"claim:{seed}".encode(), hashlib.sha256).digest()
    number = int.from_bytes(said, "big")
    letters = []
    for _place in range(CLAIM_CODE_LENGTH):
        number, place = divmod(number, len(CERTIFICATE_ALPHABET))
        letters.append(CERTIFICATE_ALPHABET[place])
    return "".join(letters)


def read_claim_code(typed: str) -> str | None:
    """The claim code that somebody copied from a slip, or None if it cannot be one."""
    return _read_aloud(typed, CLAIM_CODE_LENGTH)


def _signer(purpose: str) -> Signer:
    """Each purpose has a key of its own: a token for one thing opens nothing else."""
    return Signer(_keys(), salt=purpose, key_derivation="hmac", digest_method=hashlib.sha256)


def _read(purpose: str, token: str) -> str | None:
    """What was signed, or None if the signature is not ours. Compares in constant time."""
    try:
        return _signer(purpose).unsign(token).decode()
    except BadSignature:
        return None


def ticket_token(code: str) -> str:
    """The token of the private link of the ticket with ``code``."""
    return _signer("ticket").sign(code).decode()


def read_ticket_token(token: str) -> str | None:
    """The code in ``token``, or None if it is forged."""
    return _read("ticket", token)


def talk_request_token(code: str) -> str:
    """The token of the private link of the request for a talk with ``code``."""
    return _signer("talk-request").sign(code).decode()


def read_talk_request_token(token: str) -> str | None:
    """The code in ``token``, or None if it is forged."""
    return _read("talk-request", token)


def suggestion_token(code: str) -> str:
    """The token of the private link of the suggestion with ``code``."""
    return _signer("suggestion").sign(code).decode()


def read_suggestion_token(token: str) -> str | None:
    """The code in ``token``, or None if it is forged."""
    return _read("suggestion", token)


def backer_token(backer_id: int) -> str:
    """The token of the link with which somebody confirms that they stand behind a suggestion."""
    return _signer("backer").sign(str(backer_id)).decode()


def read_backer_token(token: str) -> int | None:
    """The id in ``token``, or None if it is forged."""
    said = _read("backer", token)
    return int(said) if said is not None else None


def slip_token(code: str, seed: str) -> str:
    """The token of the page that shows a claim code right after it was made (``claim_code``)."""
    return _slip_signer().sign(f"{code}:{seed}").decode()


def read_slip_token(token: str, max_age: int) -> tuple[str, str | None] | None:
    """The suggestion's code, and what its claim code comes from if the token is not older than
    ``max_age`` seconds; None if it is forged."""
    signer = _slip_signer()
    try:
        code, _colon, seed = signer.unsign(token).decode().partition(":")
        signer.unsign(token, max_age=max_age)
    except SignatureExpired:
        return code, None
    except BadSignature:
        return None
    return code, seed


def _slip_signer() -> TimestampSigner:
    return TimestampSigner(
        _keys(), salt="slip", key_derivation="hmac", digest_method=hashlib.sha256
    )


def survey_token(code: str) -> str:
    """The token of the survey link of the ticket with ``code``: it opens the survey only."""
    return _signer("survey").sign(code).decode()


def read_survey_token(token: str) -> str | None:
    """The ticket's code in ``token``, or None if it is forged."""
    return _read("survey", token)


def survey_digests(code: str, place: int) -> list[str]:
    """What is kept when the ``place``-th attendee of a ticket has answered, the present key's
    first. Without a key it cannot be told whose it is."""
    said = f"survey-spent:{code}:{place}".encode()
    return [hmac.new(key.encode(), said, hashlib.sha256).hexdigest() for key in reversed(_keys())]


def contact_digest(contact_key: str) -> str:
    """A contact that is only ever compared: its hash under the site's first key."""
    said = f"backer:{contact_key}".encode()
    return hmac.new(_keys()[0].encode(), said, hashlib.sha256).hexdigest()


def mail_link_token(purpose: str) -> str:
    """The token of a link in a mail that needs no log-in: ``off:user:12:reminders``."""
    return _signer("mail-link").sign(purpose).decode()


def read_mail_link_token(token: str) -> str | None:
    """The purpose in ``token``, or None if it is forged."""
    return _read("mail-link", token)


def _form_signer() -> TimestampSigner:
    return TimestampSigner(
        _keys(), salt="form-shown", key_derivation="hmac", digest_method=hashlib.sha256
    )


def form_stamp(purpose: str) -> str:
    """A signed note that a form for ``purpose`` was shown now."""
    return _form_signer().sign(purpose).decode()


def form_age(stamp: str, purpose: str, max_age: int) -> float | None:
    """Seconds since the form was shown, or None if ``stamp`` is forged, foreign or too old."""
    signer = _form_signer()
    try:
        value, shown_at = signer.unsign(stamp, max_age=max_age, return_timestamp=True)
    except (BadSignature, SignatureExpired):
        return None
    if value.decode() != purpose:
        return None
    return float(signer.get_timestamp()) - shown_at.timestamp()


def new_token() -> str:
    """A random secret for a link, 192 bits."""
    return secrets.token_urlsafe(24)


def token_hash(token: str) -> str:
    """What is kept of a link's secret. Random input needs no salt or stretching."""
    return hashlib.sha256(token.encode()).hexdigest()
