"""Reads of the consent ledger."""

from sqlalchemy import select

from hub.enums import ConsentPurpose
from hub.extensions import db
from hub.models import Consent


def has_consent(user_id: int, purpose: ConsentPurpose) -> bool:
    """Whether the person allows ``purpose`` now: what every public page asks first (rule 19)."""
    newest = db.session.scalars(
        select(Consent.given)
        .where(Consent.user_id == user_id, Consent.purpose == purpose)
        .order_by(Consent.id.desc())
        .limit(1)
    ).first()
    return newest is True


def newest_lines(user_id: int) -> dict[ConsentPurpose, Consent]:
    """The line of each purpose that holds; a purpose that was never decided on has none."""
    lines = db.session.scalars(
        select(Consent).where(Consent.user_id == user_id).order_by(Consent.id)
    )
    return {line.purpose: line for line in lines}


def live_consents(user_id: int) -> set[ConsentPurpose]:
    """What the person allows now."""
    return {purpose for purpose, line in newest_lines(user_id).items() if line.given}


def consent_history(user_id: int) -> list[Consent]:
    """Every line of the person's ledger, newest first."""
    return list(
        db.session.scalars(
            select(Consent).where(Consent.user_id == user_id).order_by(Consent.id.desc())
        )
    )
