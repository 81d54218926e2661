"""Certificates: issued from approved records, replaced, revoked (rules 5, 12, 14)."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import lazyload

from hub import clock
from hub.enums import CertificateStatus, MessageKind
from hub.exceptions import InvalidInput, NotAllowed, OwnCase, WrongState
from hub.extensions import db
from hub.i18n import _l
from hub.integrations.signing import new_certificate_code
from hub.models import Certificate, CertificateRecord, ServiceRecord, User
from hub.policies import can_certify, why_not_certify, why_not_decide_on
from hub.queries.certificates import approved_records, overlapping, record_communities
from hub.queries.settings import site_settings
from hub.services import audit
from hub.services.messages import queue_note
from hub.services.people import lock_user


def issue_certificate(
    user: User, since: date, until: date, *, by: User, supersedes: Collection[int] = ()
) -> Certificate:
    """Certify the approved records of ``user`` on the days from ``since`` to ``until``.

    ``supersedes``: ids of the person's valid certificates of overlapping periods that the new one
    replaces. Raises NotAllowed, OwnCase (rule 5), InvalidInput or WrongState.
    """
    lock_user(user, key_share=True)  # one certificate of a person at a time
    if not can_certify(by, record_communities(user.id)):
        raise NotAllowed
    if reason := why_not_certify(by, user):
        raise (WrongState if user.erased_at is not None else OwnCase)(reason)
    _check_period(since, until)
    # A record that somebody is voiding is waited for; one that is here waits for us (rule 14).
    records = db.session.scalars(
        approved_records(user.id, since, until)
        .options(lazyload("*"))
        .with_for_update(key_share=True, of=ServiceRecord)
        .execution_options(populate_existing=True)
    ).all()
    if not records:
        raise InvalidInput(_l("There is no approved record in this period."), field="until")
    old = _to_replace(user, since, until, supersedes)
    certificate = _write(user, since, until, records, by=by)
    for other in old:
        end_certificate(
            other, CertificateStatus.SUPERSEDED, "", by=by, superseded_by_id=certificate.id
        )
    queue_note(
        MessageKind.CERTIFICATE_ISSUED,
        user,
        certificate.id,
        since=since.isoformat(),
        until=until.isoformat(),
        minutes=str(certificate.minutes),
    )
    return certificate


def revoke_certificate(certificate_id: int, reason: str, *, by: User) -> Certificate:
    """Take a certificate back and tell its person why.

    Raises NotAllowed, OwnCase (rule 5), InvalidInput without a reason, or WrongState.
    """
    certificate = db.session.get_one(Certificate, certificate_id)
    if not can_certify(by, record_communities(certificate.user_id)):
        raise NotAllowed
    if why_not := why_not_decide_on(by, certificate.user):
        raise OwnCase(why_not)
    _revoke(certificate, reason, by=by)
    return certificate


def revoke_certificates_with(record: ServiceRecord, reason: str, *, by: User) -> list[Certificate]:
    """Revoke the valid certificates that count ``record``, which is approved no more (rule 12).

    Call it after the record's own change is flushed: whoever issues then waits, or was first.
    """
    db.session.flush()
    valid = db.session.scalars(
        select(Certificate)
        .join(CertificateRecord, CertificateRecord.certificate_id == Certificate.id)
        .where(
            CertificateRecord.record_id == record.id,
            Certificate.status == CertificateStatus.ISSUED,
        )
        .order_by(Certificate.id)
    ).all()
    for certificate in valid:
        _revoke(certificate, reason, by=by)
    return list(valid)


def end_certificate(
    certificate: Certificate,
    status: CertificateStatus,
    reason: str,
    *,
    by: User,
    superseded_by_id: int | None = None,
) -> None:
    """From issued to superseded or revoked (with a reason). Raises WrongState or InvalidInput."""
    certificate = db.session.execute(
        select(Certificate)
        .where(Certificate.id == certificate.id)
        .options(lazyload("*"))
        .with_for_update(of=Certificate)
        .execution_options(populate_existing=True)
    ).scalar_one()
    if certificate.status is not CertificateStatus.ISSUED or status is CertificateStatus.ISSUED:
        raise WrongState
    if status is CertificateStatus.REVOKED:
        reason = audit.needed_reason(reason)
    certificate.status, certificate.reason = status, reason
    certificate.ended_at, certificate.superseded_by_id = clock.now(), superseded_by_id
    db.session.flush()
    audit.record(
        status.value,
        "certificate",
        certificate.id,
        by=by,
        before={"status": CertificateStatus.ISSUED},
        after={"status": status, "superseded_by_id": superseded_by_id},
        reason=certificate.reason,
    )


def erase_certificates_of(user: User) -> None:
    """The name leaves the certificates of a person who is deleted; what was served stays."""
    db.session.execute(
        update(Certificate).where(Certificate.user_id == user.id).values(holder_name="")
    )


def _revoke(certificate: Certificate, reason: str, *, by: User) -> None:
    end_certificate(certificate, CertificateStatus.REVOKED, reason, by=by)
    queue_note(
        MessageKind.CERTIFICATE_REVOKED,
        certificate.user,
        certificate.id,
        reason=certificate.reason,
        since=certificate.period_from.isoformat(),
        until=certificate.period_until.isoformat(),
    )


def _check_period(since: date, until: date) -> None:
    if until < since:
        raise InvalidInput(_l("The last day comes before the first."), field="until")
    if until > clock.today():
        raise InvalidInput(_l("The period ends today at the latest."), field="until")


def _to_replace(
    user: User, since: date, until: date, wanted: Collection[int]
) -> Sequence[Certificate]:
    """The certificates named in ``wanted``, if they may be replaced by one of this period."""
    found = db.session.scalars(
        overlapping(user.id, since, until).where(Certificate.id.in_(wanted))
    ).all()
    if len(found) != len(set(wanted)):
        raise WrongState
    return found


def _write(
    user: User, since: date, until: date, records: Sequence[ServiceRecord], *, by: User
) -> Certificate:
    settings = site_settings()
    certificate = Certificate(
        code=new_certificate_code(),
        user_id=user.id,
        holder_name=user.name,
        period_from=since,
        period_until=until,
        minutes=sum(record.minutes for record in records),
        snapshot={
            "recording_unit": dict(settings.recording_unit),
            "wording": dict(settings.certificate_wording),
            "records": [_kept(record) for record in records],
        },
        issued_at=clock.now(),
        issued_by_id=by.id,
        records=[CertificateRecord(record_id=record.id) for record in records],
    )
    db.session.add(certificate)
    db.session.flush()
    facts = {"since": str(since), "until": str(until), "minutes": certificate.minutes}
    audit.record(
        "issue", "certificate", certificate.id, by=by, after={"rows": len(records), **facts}
    )
    return certificate


def _kept(record: ServiceRecord) -> dict[str, object]:
    """What Decree 67 art. 10 asks of a record, as it is now."""
    start, end = clock.to_local(record.starts_at), clock.to_local(record.ends_at)
    titles = record.event.texts if record.event is not None else {}
    return {
        "id": record.id,
        "date": start.date().isoformat(),
        "starts": start.strftime("%H:%M"),
        "ends": end.strftime("%H:%M"),
        "minutes": record.minutes,
        "activity": {code: text.name for code, text in record.activity.texts.items()},
        "place": record.place,
        "content": record.content,
        "organising_unit": record.organising_unit,
        "in_charge": record.in_charge.name if record.in_charge is not None else "",
        "event": {code: text.title for code, text in titles.items()},
    }
