"""Who issues and ends certificates, and why not."""

from collections.abc import Collection

from flask_babel import LazyString

from hub.enums import CertificateStatus
from hub.i18n import _l
from hub.models import Certificate, User
from hub.policies.people import can_manage_community, sees_all_people, why_not_decide_on


def can_certify(user: User | None, community_ids: Collection[int]) -> bool:
    """Staff of the subdistrict, and of a community in which the person has records (rule 20).

    ``community_ids`` are those communities.
    """
    return sees_all_people(user) or any(can_manage_community(user, c) for c in community_ids)


def why_not_certify(user: User, person: User) -> LazyString | None:
    """The reason why ``user`` cannot issue a certificate to ``person``, or None (rule 5)."""
    if person.erased_at is not None:
        return _l("This account was deleted.")
    return why_not_decide_on(user, person)


def why_not_revoke_certificate(user: User, certificate: Certificate) -> LazyString | None:
    """The reason why ``user`` cannot end the certificate, or None (rule 5)."""
    if certificate.status is CertificateStatus.SUPERSEDED:
        return _l("A newer certificate has replaced this one already.")
    if certificate.status is CertificateStatus.REVOKED:
        return _l("This certificate was revoked already.")
    return why_not_decide_on(user, certificate.user)
