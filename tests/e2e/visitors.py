"""Who looks at the pages of the demo site, and what looks different to them than to the others."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from flask import current_app, url_for
from flask_security.recoverable import generate_reset_password_token
from sqlalchemy import select

from hub import clock
from hub.demo import accounts as demo
from hub.enums import (
    ApplicationStatus,
    AssignmentStatus,
    CertificateStatus,
    ConsentPurpose,
    LanguageLevel,
    Programme,
    RecordStatus,
    SignUpPhase,
    SignUpStatus,
    StaffRole,
    SuggestionCategory,
    SuggestionIdentity,
    SuggestionOutcome,
    SuggestionStatus,
    TalkRequestStatus,
)
from hub.extensions import db
from hub.integrations.signing import (
    backer_token,
    mail_link_token,
    read_ticket_token,
    slip_token,
    suggestion_token,
    survey_token,
    talk_request_token,
    ticket_token,
)
from hub.models import (
    Assignment,
    Backer,
    Community,
    DoorHelper,
    Duty,
    Event,
    Passkey,
    SignUp,
    Suggestion,
    SurveyAnswer,
    TalkRequest,
    Topic,
    TopicMaterial,
    User,
    Venue,
)
from hub.policies import sign_up_phase
from hub.queries.applications import applications_of
from hub.queries.certificates import certificates_of
from hub.queries.duties import live_assignments
from hub.queries.feeds import own_feeds
from hub.queries.people import qualifications_of
from hub.queries.records import records_of
from hub.queries.surveys import open_surveys, places_left
from hub.services.accounts import accept_invitation_as, create_user, invite, revoke_invitation
from hub.services.consents import set_consents
from hub.services.people import ProfileData, save_profile
from hub.services.response_templates import save_template
from hub.services.suggestions import Saying, submit_suggestion
from hub.transaction import unit_of_work
from tests import factories
from tests.accounts import recovery_codes, set_up_app
from tests.browser import HubClient
from tests.e2e.server import Site
from tests.service_factories import make_application, make_appointment
from tests.talk_factories import (
    make_assessment,
    make_lecturing,
    make_material,
    make_past_talk,
    make_plan,
    make_report,
    make_study,
    make_talk,
    make_talk_request,
    make_topic,
    make_training,
)
from tests.voice_factories import make_public, make_response, make_suggestion

# Answers that are no page of their own: files, redirects, and the doors that the site keeps shut
# (hub/web/guards.py). The link of an invitation and that of a new password are looked at below.
NO_PAGES = {
    *("asset", "site_css", "feeds.public", "calendars.event_file", "signups.calendar_file"),
    "feeds.private",
    "accounts.home",
    *("security.confirm_email", "security.change_email_confirm", "security.wan_delete"),
    *("security.us_setup", "security.us_verify_link", "security.verify"),
    "security.two_factor_rescue",
    "records.picture",
    *("health.alive", "health.ready"),
    "talks.material",
    *("suggestions.photo", "suggestions.own_photo", "desk_suggestions.photo"),
    "desk_messages.preview_html",  # in the frame of desk_messages.preview
}
LONG_NAME = "古丽米热·阿卜杜热合曼·买买提依明 Gulmire Abdurahman"
Addresses = dict[str, str]


@dataclass(slots=True)
class Visitor:
    """Somebody, the cookies of their browser, and an English address for each kind of page."""

    name: str
    pages: Addresses
    cookies: dict[str, str] = field(default_factory=dict)


def visitors(site: Site, admin_pages: Addresses) -> list[Visitor]:
    """Everybody. Adds to the sample data what it has no example of."""
    with site.database():
        cast = _Cast(site)
        with site.app.test_request_context("/en/", base_url=site.url):
            people = [
                Visitor("admin", admin_pages | _desk_pages(cast), cast.log_in(demo.ADMIN)),
                Visitor("visitor", _outside(cast)),
            ]
            for name, account, pages in (
                ("pingfeng", demo.PINGFENG, _community_desk),
                ("police", demo.POLICE, _community_desk),
                (
                    "assistant",
                    demo.ASSISTANT,
                    lambda cast: (
                        _assistant(cast)
                        | _certified(cast)
                        | _service(cast)
                        | _volunteer(cast)
                        | _collecting(cast)
                    ),
                ),
                ("resident", demo.RESIDENT, _applicant),
                ("lecturer", demo.LECTURER, _lecturer),
                ("helper", demo.HELPER, _door),
            ):
                people.append(Visitor(name, pages(cast), cast.log_in(account)))
            people += [
                Visitor(
                    "long name",
                    _mine(cast) | _invited(cast) | _newcomer(cast),
                    cast.enter(cast.long_name),
                ),
                Visitor("nobody yet", _mine(cast), cast.enter(cast.new)),
                Visitor("guarded", GUARDED, cast.enter(cast.guarded, _give_recovery_code)),
                Visitor("half way", HALF_WAY, cast.enter(cast.guarded, _stop_half_way)),
                Visitor("with an app", WITH_AN_APP, cast.enter(cast.guarded, _choose_the_app)),
                Visitor(
                    "with a passkey", WITH_A_PASSKEY, cast.enter(cast.guarded, _choose_the_passkey)
                ),
            ]
    return people


class _Cast:
    """People and things that the sample data does not have. Rows are kept by id."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.admin = _user(demo.ADMIN.email)
        self.new = self._account("new", "Ng")
        self.long_name = self._account(
            "a-rather-long-address.of-somebody.with-a-long-name", LONG_NAME
        )
        self.guarded = self._account("guarded", "Camille Dubois-Laurent")
        self._tell_everything(self.long_name)
        self._guard(self.guarded)
        self.invitations, self.token = self._invite()
        self.draft = make_application(self.long_name, ApplicationStatus.DRAFT).id
        self.offer = make_appointment(
            self.long_name, programme=Programme.LECTURER, accepted=False
        ).id
        self.silent, self.plan = self._give_talks()
        self.training = self._train(_user(demo.LECTURER.email))
        self.empty = factories.make_community("empty", en="A new community", zh="新社区").id

    def _train(self, lecturer: User) -> int:
        """A training that is on, to which the lecturer came and where she passed; its event."""
        topics = list(db.session.scalars(select(Topic).order_by(Topic.id).limit(2)))
        venue = db.session.scalars(select(Venue).order_by(Venue.id)).first()
        assert venue is not None
        start = clock.now() - timedelta(minutes=20)
        training = make_training(venue, topics, starts_at=start, hours=2)
        event_id, topic = training.event_id, training.topics[0]
        factories.make_sign_up(training.event)
        make_study(lecturer, training)
        make_assessment(lecturer, training, topic, "ru", by=self.admin)
        return event_id

    def _account(self, address: str, name: str) -> User:
        with unit_of_work():
            return create_user(
                email=f"{address}@example.com",
                name=name,
                password=factories.PASSWORD,
                language="en",
            )

    def _tell_everything(self, user: User) -> None:
        level, everything = LanguageLevel, set(ConsentPurpose)
        data = ProfileData(
            name=user.name,
            spoken_name="古丽",
            school="Zhejiang University of Science and Technology, International Education",
            country="CN",
            phone="+8613812345678",
            weekdays=frozenset(range(7)),
            languages={
                "zh": (level.NATIVE, level.NATIVE), "en": (level.B2, level.B1),
                "ar": (level.A2, None), "fr": (level.A1, None), "ru": (level.B1, level.A2),
            },
        )  # fmt: skip
        with unit_of_work():
            save_profile(user, data, by=user)
        with unit_of_work():
            set_consents(user, everything, "zh")
        with unit_of_work():
            set_consents(user, everything - {ConsentPurpose.PHOTO}, "en")

    def _guard(self, user: User) -> None:
        """An app, recovery codes and two passkeys."""
        set_up_app(user)
        self.recovery = recovery_codes(user)
        moment = clock.now()
        with unit_of_work():
            user.fs_webauthn_user_handle = "0" * 32
            for number, (name, usage) in enumerate(
                (("my phone", "first"), ("key ring", "secondary"))
            ):
                db.session.add(
                    Passkey(
                        user_id=user.id, credential_id=bytes([number] * 16), public_key=b"0",
                        transports=[], backup_state=False, device_type="single_device", name=name,
                        usage=usage, create_datetime=moment, lastuse_datetime=moment,
                    )
                )  # fmt: skip

    def _invite(self) -> tuple[dict[str, int], str]:
        """An invitation in each state, and the token of the open one."""
        admin, ids = self.admin, {}
        with clock.fixed_at(clock.now() - timedelta(days=9)), unit_of_work():
            ids["expired"] = invite(StaffRole.POLICE, by=admin)[0].id
        heyuan = db.session.scalars(select(Community.id).order_by(Community.id)).first()
        with unit_of_work():
            used, token = invite(StaffRole.STAFF, by=admin, community_id=heyuan)
            ids["used"] = used.id
            accept_invitation_as(token, self.guarded)
        with unit_of_work():
            revoked, _token = invite(StaffRole.ADMIN, by=admin, email="somebody@example.com")
            ids["revoked"] = revoked.id
            revoke_invitation(revoked.id, by=admin)
        with unit_of_work():
            written, token = invite(StaffRole.STAFF, by=admin, community_id=heyuan)
            ids["open"] = written.id
        return ids, token

    def _give_talks(self) -> tuple[int, int]:
        """Two talks that are over: one is reported, the other not. Also a series."""
        venue = db.session.scalars(select(Venue).order_by(Venue.id)).first()
        assert venue is not None
        topics = [make_topic("helmets", "Helmets"), make_topic("deposits", "Deposits")]
        silent = make_past_talk(venue, topics, self.admin)
        make_lecturing(silent, _user(demo.LECTURER.email))
        told = make_past_talk(venue, topics, self.admin)
        make_report(told, self.admin, questions=["May I ride an e-bike without a helmet?"])
        asked = make_talk(venue, topics, self.admin, starts_at=clock.now() + timedelta(days=40))
        offered = make_lecturing(asked, _user(demo.LECTURER.email), AssignmentStatus.OFFERED)
        self.offered = offered.duty_id
        plan = make_plan(venue.community, self.admin)
        with unit_of_work():
            for talk in (silent, told):
                db.session.get_one(Event, talk.event_id).series_id = plan.series_id
        return silent.event_id, plan.series_id

    def log_in(self, account: demo.Account) -> dict[str, str]:
        return self.enter(_user(account.email), password=account.password)

    def enter(
        self,
        user: User,
        second: Callable[["_Cast", HubClient], None] | None = None,
        password: str = factories.PASSWORD,
    ) -> dict[str, str]:
        """The cookies of a browser in which ``user`` logged in."""
        browser = self.site.app.test_client()
        assert isinstance(browser, HubClient)
        if second is None:
            browser.log_in(user, password)
        else:
            page = browser.get_page("/en/account/login")
            typed = {"email": user.email, "password": unicodedata.normalize("NFC", password)}
            browser.submit(page, "main form", status=302, **typed)
            second(self, browser)
        name = str(current_app.config["SESSION_COOKIE_NAME"])
        return {c.key: c.value for c in browser._cookies.values() if c.key == name}


def _give_recovery_code(cast: _Cast, browser: HubClient) -> None:
    _choose_the_app(cast, browser)
    page = browser.get_page("/en/account/mf-recovery")
    browser.submit(page, "main form", status=302, code=cast.recovery[0])


def _stop_half_way(cast: _Cast, browser: HubClient) -> None:
    """The password was right; the second step is still to come."""


def _choose_the_app(cast: _Cast, browser: HubClient) -> None:
    _choose(browser, "authenticator")


def _choose_the_passkey(cast: _Cast, browser: HubClient) -> None:
    _choose(browser, "webauthn")


def _choose(browser: HubClient, which: str) -> None:
    page = browser.get_page("/en/account/tf-select")
    browser.submit(page, f"main form:has([value={which}])", status=302)


def _user(email: str) -> User:
    return db.session.scalars(select(User).where(User.email == email)).one()


def _desk_pages(cast: _Cast) -> Addresses:
    """What an administrator sees of people, invitations and communities, in each state."""
    assistant, office = _user(demo.ASSISTANT.email), _user(demo.OFFICE.email)
    heyuan = db.session.scalars(select(Community.id).order_by(Community.id)).first()
    pages = {
        "desk_messages.index": "/en/desk/messages",
        "desk_messages.index trouble": "/en/desk/messages?state=trouble",
        "desk_messages.index none": "/en/desk/messages?q=nobody+at+all",
        "desk_messages.previews": "/en/desk/messages/preview",
        "desk_messages.preview": "/en/desk/messages/preview/event_changed?text=zh",
        "desk_people.index none": url_for("desk_people.index", lang="en", q="nobody at all"),
        "desk_people.index found": url_for("desk_people.index", lang="en", programme="assistant"),
        "desk_admin.audit none": url_for("desk_admin.audit", lang="en", who="nobody at all"),
        "desk_admin.audit found": url_for("desk_admin.audit", lang="en", subject="user"),
        "desk_places.delete_community": _community(cast.empty),
        **_people_on_duties(),
        "desk_places.delete_community used": _community(heyuan),
    }
    for state, user in {"volunteer": assistant, "staff": office, "long": cast.long_name}.items():
        for page in ("show", "new_role", "paper"):
            address = url_for(f"desk_people.{page}", lang="en", user_id=user.id)
            pages[f"desk_people.{page} {state}"] = address
    term = assistant.appointments[0].id
    for page in ("show", "letter", "renew", "suspend", "resume", "revoke"):
        pages[f"desk_appointments.{page}"] = url_for(
            f"desk_appointments.{page}", lang="en", appointment_id=term
        )
    for state, user in {"": office, " own": cast.admin}.items():
        pages[f"desk_people.take{state}"] = url_for(
            "desk_people.take", lang="en", user_id=user.id, membership_id=user.roles[0].id
        )
    for state, user in {"": cast.guarded, " own": cast.admin, " none": office}.items():
        address = url_for("desk_people.reset_second_step", lang="en", user_id=user.id)
        pages[f"desk_people.reset_second_step{state}"] = address
    pages["desk_people.show guarded"] = url_for(
        "desk_people.show", lang="en", user_id=cast.guarded.id
    )
    pages |= _service_at_the_desk(assistant) | _talks_at_the_desk() | _after_talks(cast)
    pages |= _suggestions_at_the_desk()
    pages |= _lecturers_at_the_desk(cast) | _surveys_at_the_desk()
    for state, number in cast.invitations.items():
        for page in ("invitation", "invitation_revoke"):
            address = url_for(f"desk_admin.{page}", lang="en", invitation_id=number)
            pages[f"desk_admin.{page} {state}"] = address
    return pages


def _after_talks(cast: _Cast) -> Addresses:
    """What the desk sees of talks that are over."""
    report = url_for("desk_talk_reports.report", lang="en", event_id=cast.silent)
    return {
        "desk_talk_reports.report": report,
        "desk_talk_questions.index": "/en/desk/talk-questions",
        "desk_talk_questions.index none": "/en/desk/talk-questions?view=settled",
        "desk_coverage.index": "/en/desk/coverage",
        "desk_coverage.index none": "/en/desk/coverage?since=2020-01-01&until=2020-01-02",
        "desk_coverage.index series": f"/en/desk/coverage?series={cast.plan}",
        "desk_coverage.export": f"/en/desk/coverage/export?series={cast.plan}",
    }


def _people_on_duties() -> Addresses:
    """Pages to which a roster leads only at certain times."""
    found = db.session.scalars(
        select(Assignment)
        .where(Assignment.status == AssignmentStatus.CONFIRMED)
        .order_by(Assignment.id)
    ).first()
    assert found is not None
    ids = {"duty_id": found.duty_id, "assignment_id": found.id}
    return {
        f"desk_duties.{page}": url_for(f"desk_duties.{page}", lang="en", **ids)
        for page in ("no_show", "confirm_end", "take_off")
    }


def _service_at_the_desk(assistant: User) -> Addresses:
    """Decisions about what an assistant did, and may be asked to do."""
    record = next(r for r in records_of(assistant.id) if r.status is RecordStatus.APPROVED)
    valid = next(c for c in certificates_of(assistant.id) if c.status is CertificateStatus.ISSUED)
    duties = select(Duty).where(Duty.starts_at > clock.now()).order_by(Duty.starts_at.desc())
    duty = db.session.scalars(duties.limit(1)).unique().one()
    return {
        "desk_records.void": url_for("desk_records.void", lang="en", record_id=record.id),
        "desk_records.correct": url_for("desk_records.correct", lang="en", record_id=record.id),
        "desk_certificates.new": url_for("desk_certificates.new", lang="en", user_id=assistant.id),
        "desk_certificates.revoke": url_for(
            "desk_certificates.revoke", lang="en", certificate_id=valid.id
        ),
        "desk_appointments.offer": url_for(
            "desk_appointments.offer", lang="en", user_id=assistant.id
        ),
        "desk_duties.offer": url_for(
            "desk_duties.offer", lang="en", duty_id=duty.id, user_id=assistant.id
        ),
    }


def _lecturers_at_the_desk(cast: _Cast) -> Addresses:
    """A training that is on, and what is decided about a qualification."""
    here = url_for("desk_trainings.show", lang="en", event_id=cast.training)
    row = qualifications_of(_user(demo.LECTURER.email))[0]
    there = url_for("desk_qualifications.show", lang="en", qualification_id=row.id)
    pages = {f"desk_qualifications.{p}": f"{there}/{p}" for p in ("suspend", "resume", "revoke")}
    pages |= {f"desk_trainings.{p}": f"{here}/{p}" for p in ("edit", "invite", "assess")}
    return pages | {
        "desk_trainings.index": "/en/desk/trainings",
        "desk_trainings.show": here,
        "desk_trainings.walk_in": f"{here}/walk-in",
        "desk_qualifications.index": "/en/desk/qualifications",
        "desk_qualifications.index none": "/en/desk/qualifications?q=nobody-at-all",
        "desk_qualifications.show": there,
        "desk_qualifications.grant": url_for(
            "desk_qualifications.grant",
            lang="en",
            user_id=row.user_id,
            topic_id=row.topic_id,
            language="fr",
        ),
    }


def _lecturer(cast: _Cast) -> Addresses:
    """One's own way to a qualification, and the report of a talk that one gave."""
    row = qualifications_of(_user(demo.LECTURER.email))[0]
    return {
        "lecturing.index": "/en/lecturing",
        "lecturing.away": "/en/lecturing/away",
        "lecturing.training": url_for("lecturing.training", lang="en", event_id=cast.training),
        "lecturing.qualification": url_for(
            "lecturing.qualification", lang="en", qualification_id=row.id
        ),
        "talk_reports.report": url_for("talk_reports.report", lang="en", event_id=cast.silent),
        "service.decline": url_for("service.decline", lang="en", duty_id=cast.offered),
    }


def _community(number: int | None) -> str:
    return url_for("desk_places.delete_community", lang="en", community_id=number)


def _community_desk(cast: _Cast) -> Addresses:
    """The desk of those who see only a part of it."""
    lecturer = _user(demo.LECTURER.email)
    return {
        "desk.today": "/en/desk",
        "desk_events.index": "/en/desk/events",
        "desk_events.new": "/en/desk/events/new",
        "desk_people.index": "/en/desk/people",
        "desk_people.show": url_for("desk_people.show", lang="en", user_id=lecturer.id),
    }


def _mine(cast: _Cast) -> Addresses:
    """One's own pages."""
    return {
        "me.index": "/en/me",
        "me.profile": "/en/me/profile",
        "me.consents": "/en/me/consents",
        "me.data": "/en/me/data",
        "me.delete": "/en/me/data/delete",
        "me.messages": "/en/me/messages",
        "me.suggestions": "/en/me/suggestions",
        "accounts.security": "/en/account/security",
        "security.change_password": "/en/account/change",
    }


def _calendars(user: User) -> Addresses:
    """One's private calendar, and what can be done with it."""
    feed = own_feeds(user)[0]
    return {
        f"calendars.{page}": url_for(f"calendars.{page}", lang="en", feed_id=feed.id)
        for page in ("show", "rotate", "revoke")
    }


def _certified(cast: _Cast) -> Addresses:
    """One's own pages, and the certificates of one's service."""
    user = _user(demo.ASSISTANT.email)
    pages = _mine(cast) | {"certificates.mine": "/en/service/certificates"}
    for certificate in certificates_of(user.id):
        name = f"certificates.show {certificate.status}"
        pages[name] = url_for("certificates.show", lang="en", certificate_id=certificate.id)
    return pages


def _service(cast: _Cast) -> Addresses:
    """An assistant's own records: the lists, the form, and one record of each state."""
    user = _user(demo.ASSISTANT.email)
    pages = {
        "records.index": "/en/service/records",
        "records.hours": "/en/service/hours",
        "records.new": "/en/service/records/new",
        "records.new repeated": "/en/service/records/new?repeat=1",
    }
    records = {record.status: record.id for record in records_of(user.id)}
    for status, number in records.items():
        pages[f"records.show {status}"] = f"/en/service/records/{number}"
    steps = {"correct": "APPROVED", "edit": "RETURNED", "delete": "DRAFT"}
    for page, name in steps.items():
        status = RecordStatus[name]
        pages[f"records.{page}"] = f"/en/service/records/{records[status]}/{page}"
    return pages


def _assistant(cast: _Cast) -> Addresses:
    """One's own pages, and those of one's service: a duty of each kind."""
    user = _user(demo.ASSISTANT.email)
    pages = _mine(cast) | {"service.today": "/en/service", "service.duties": "/en/service/duties"}
    for assignment in live_assignments(user):
        duty_id, state = assignment.duty_id, assignment.status.value
        pages[f"service.duty {state}"] = url_for("service.duty", lang="en", duty_id=duty_id)
        address = url_for("service.release", lang="en", duty_id=duty_id)
        pages[f"service.release {state}"] = address
        token = mail_link_token(f"no:assignment:{assignment.id}")
        pages[f"mail_links.cannot_come {state}"] = f"/en/mail/no/{token}"
    token = mail_link_token(f"off:user:{user.id}:offers")
    return pages | {"mail_links.unsubscribe account": f"/en/mail/off/{token}"}


def _volunteer(cast: _Cast) -> Addresses:
    """The pages of somebody with a term."""
    user = _user(demo.ASSISTANT.email)
    here = url_for("join.appointment", lang="en", appointment_id=user.appointments[0].id)
    return (
        _mine(cast)
        | _calendars(user)
        | {
            "join.appointment": here,
            "join.letter": f"{here}/letter",
            "join.resign": f"{here}/resign",
        }
    )


def _applicant(cast: _Cast) -> Addresses:
    """The pages of somebody whose application was sent."""
    number = applications_of(_user(demo.RESIDENT.email))[0].id
    here = url_for("join.application", lang="en", application_id=number)
    return _mine(cast) | {"join.application": here, "join.withdraw": f"{here}/withdraw"}


def _newcomer(cast: _Cast) -> Addresses:
    """The steps of a draft, and an offer that waits for an answer."""
    here = url_for("join.application", lang="en", application_id=cast.draft)
    offer = url_for("join.appointment", lang="en", appointment_id=cast.offer)
    return {
        "join.programme": "/en/join/assistants",
        "join.about": "/en/join/assistants/apply",
        "join.questions": f"{here}/questions",
        "join.check": f"{here}/check",
        "join.application draft": here,
        "join.appointment offered": offer,
        "join.decline": f"{offer}/decline",
    }


def _door(cast: _Cast) -> Addresses:
    """The door of the one event, for somebody who may see no more of it."""
    helper = _user(demo.HELPER.email)
    event_id = db.session.scalars(
        select(DoorHelper.event_id).where(DoorHelper.user_id == helper.id)
    ).one()
    here = url_for("door.show", lang="en", event_id=event_id)
    return {
        "me.index": "/en/me",
        "door.show": here,
        "door.show none": f"{here}?q=nobody-at-all",
        "error 404": "/en/desk",
    }


def _outside(cast: _Cast) -> Addresses:
    """What somebody sees who is not logged in."""
    resident = _user(demo.RESIDENT.email)
    token = generate_reset_password_token(resident)
    ticket = ticket_token(
        db.session.scalars(
            select(SignUp)
            .where(SignUp.status == SignUpStatus.CONFIRMED, SignUp.user_id.is_(None))
            .order_by(SignUp.id)
        )
        .unique()
        .all()[-1]
        .code
    )
    off = mail_link_token(f"off:ticket:{read_ticket_token(ticket)}")
    events = db.session.scalars(select(Event).order_by(Event.starts_at))
    event = next(e for e in events if sign_up_phase(e, clock.now()) is SignUpPhase.OPEN)
    return {
        "site.home": "/en/",
        "certificates.verify": "/en/certificates",
        "events.show": url_for("events.show", lang="en", event_id=event.id),
        "signups.data": url_for("signups.data", lang="en", token=ticket),
        "mail_links.unsubscribe": url_for("mail_links.unsubscribe", lang="en", token=off),
        "signups.delete_data": url_for("signups.delete_data", lang="en", token=ticket),
        "accounts.set_up": url_for("accounts.set_up", lang="en", token=cast.token),
        "accounts.set_up gone": url_for("accounts.set_up", lang="en", token="gone"),
        **_talks(cast),
        **_surveys(),
        **_suggestions(cast),
        "security.login": "/en/account/login",
        "security.register": "/en/account/register",
        "security.send_confirmation": "/en/account/confirm",
        "security.forgot_password": "/en/account/reset",
        "security.reset_password": f"/en/account/reset/{token}",
        "security.us_signin": "/en/account/us-signin",
        "security.wan_signin": "/en/account/wan-signin",
    }


def _talks(cast: _Cast) -> Addresses:
    """Law talks for everybody, and the private pages of a request that waits."""
    asked = _some_request()
    pages = ("show", "take_back", "data", "delete_data")
    return {
        "talks.index": "/en/talks",
        "talks.ask": "/en/talks/ask",
        "talks.topic": url_for("talks.topic", lang="en", slug=_some_topic().slug),
        **{
            f"talk_requests.{page}": url_for(
                f"talk_requests.{page}", lang="en", token=talk_request_token(asked.code)
            )
            for page in pages
        },
    }


def _surveys() -> Addresses:
    """The three questions of parties that came: open, answered by one of them, by all, too late."""
    came = select(SignUp).where(SignUp.status == SignUpStatus.ATTENDED).order_by(SignUp.id.desc())
    parties = list(db.session.scalars(came).unique())
    still = open_surveys(parties)
    pages, left = {}, {party.id: len(places_left(party)) for party in parties}
    for page, fits in {
        "answer": [p for p in parties if p.id in still and left[p.id] == p.party_size],
        "answer over": [p for p in parties if p.id not in still and left[p.id]],
        "thanks": [p for p in parties if p.id in still and left[p.id] < p.party_size],
        "thanks all": [p for p in parties if not left[p.id]],
    }.items():
        address = url_for(f"surveys.{page.split()[0]}", lang="en", token=survey_token(fits[0].code))
        pages[f"surveys.{page}"] = address
    over = min(parties, key=lambda party: party.event.starts_at).event_id
    now = next(p for p in parties if p.id in still).event_id
    return pages | {
        "surveys.of_event": url_for("surveys.of_event", lang="en", event_id=now),
        "surveys.of_event over": url_for("surveys.of_event", lang="en", event_id=over),
    }


def _surveys_at_the_desk() -> Addresses:
    """What people say, with and without answers; and a code to hold out at the door."""
    written = select(SurveyAnswer).where(SurveyAnswer.shown, SurveyAnswer.comment != "")
    answer = db.session.scalars(written.order_by(SurveyAnswer.id)).first()
    assert answer is not None
    here = {"lang": "en", "event_id": answer.event_id}
    came = select(SignUp).where(SignUp.status == SignUpStatus.ATTENDED).order_by(SignUp.id.desc())
    party = db.session.scalars(came).unique().first()
    assert party is not None
    coming = db.session.scalars(select(Event.id).order_by(Event.starts_at.desc())).first()
    return {
        "desk_surveys.index": "/en/desk/surveys",
        "desk_surveys.index none": "/en/desk/surveys?since=2020-01-01&until=2020-01-02",
        "desk_surveys.event": url_for("desk_surveys.event", **here),
        "desk_surveys.event none": url_for("desk_surveys.event", lang="en", event_id=coming),
        "desk_surveys.translate": url_for("desk_surveys.translate", answer_id=answer.id, **here),
        "desk_surveys.export": "/en/desk/surveys/export",
        "door.survey": url_for(
            "door.survey", lang="en", event_id=party.event_id, sign_up_id=party.id
        ),
    }


def _suggestions(cast: _Cast) -> Addresses:
    """The private page of a suggestion in each state, the public one, and the slip."""
    pages = {}
    coded = select(Suggestion).where(Suggestion.code.is_not(None), Suggestion.erased_on.is_(None))
    for row in db.session.scalars(coded.order_by(Suggestion.id)).unique():
        state = "asked" if row.paused_on is not None else row.status.value
        address = url_for("suggestions.mine", lang="en", token=suggestion_token(row.code or ""))
        pages[f"suggestions.mine {state}"] = address
        pages |= {f"suggestions.{page}": f"{address}/{page}" for page in ("data", "erase")}
        if row.status.is_final:
            pages["suggestions.reopen"] = f"{address}/reopen"
    shown = select(Suggestion).where(Suggestion.public.is_(True)).order_by(Suggestion.id)
    row = db.session.scalars(shown).unique().first() or make_public(
        make_suggestion(), _user(demo.ADMIN.email)
    )
    with unit_of_work():
        backer = Backer(
            suggestion_id=row.id, contact_key="visitor", email="visitor@example.com",
            language="en", me_too=True, made_on=clock.today(),
        )  # fmt: skip
        db.session.add(backer)
        db.session.flush()
        saying = Saying(
            "A text that nobody else has sent so far.", SuggestionCategory.OTHER, "en",
            SuggestionIdentity.CODE,
        )  # fmt: skip
        made = submit_suggestion(saying, by=None)
        slip = slip_token(made.suggestion.code or "", made.seed or "")
    return pages | {
        "suggestions.index": "/en/suggestions",
        "suggestions.index none": "/en/suggestions?q=nobody-at-all",
        "suggestions.new": "/en/suggestions/new",
        "suggestions.follow": "/en/suggestions/follow",
        "suggestions.show": url_for("suggestions.show", lang="en", suggestion_id=row.id),
        "suggestions.backing": url_for(
            "suggestions.backing", lang="en", token=backer_token(backer.id)
        ),
        "suggestions.sent": url_for("suggestions.sent", lang="en", token=slip),
        "suggestions.sent_anonymous": "/en/suggestions/sent",
    }


def _collecting(cast: _Cast) -> Addresses:
    """What an assistant wrote down for somebody, and the slip."""
    user = _user(demo.ASSISTANT.email)
    with unit_of_work():
        saying = Saying(
            "Another text that nobody has sent so far.", SuggestionCategory.SIGNS, "zh",
            SuggestionIdentity.CODE, name=LONG_NAME, collected=True,
        )  # fmt: skip
        made = submit_suggestion(saying, by=user)
        slip = slip_token(made.suggestion.code or "", made.seed or "")
    return {
        "collecting.index": "/en/service/suggestions",
        "collecting.new": "/en/service/suggestions/new",
        "collecting.slip": url_for("collecting.slip", lang="en", token=slip),
    }


def _talks_at_the_desk() -> Addresses:
    """Topics, a material and a request, as those see them who may change them."""
    topic, asked = _some_topic(), _some_request()
    material = db.session.scalars(
        select(TopicMaterial).order_by(TopicMaterial.id)
    ).first() or make_material(topic, _user(demo.ADMIN.email))
    ids = {"topic_id": topic.id, "material_id": material.id}
    pages = {"desk_topics.index": "/en/desk/topics", "desk_topics.new": "/en/desk/topics/new"}
    for page in ("show", "edit", "new_material"):
        pages[f"desk_topics.{page}"] = url_for(f"desk_topics.{page}", lang="en", topic_id=topic.id)
    for page in ("edit_material", "replace_material", "withdraw_material"):
        pages[f"desk_topics.{page}"] = url_for(f"desk_topics.{page}", lang="en", **ids)
    for page in ("show", "plan", "decline"):
        pages[f"desk_talk_requests.{page}"] = url_for(
            f"desk_talk_requests.{page}", lang="en", request_id=asked.id
        )
    return pages | {"desk_talk_requests.index": "/en/desk/talk-requests"}


def _suggestions_at_the_desk() -> Addresses:
    """One in each state, and the small pages of those for whose state they are."""
    owner = _user(demo.PINGFENG.email)
    pages = {
        "desk_suggestions.index": "/en/desk/suggestions",
        "desk_suggestions.index none": "/en/desk/suggestions?q=nobody-at-all",
        "desk_response_templates.index": "/en/desk/response-templates",
        "desk_response_templates.new": "/en/desk/response-templates/new",
    }
    small = {
        SuggestionStatus.TRIAGED: ("triage", "ask", "refer", "join"),
        SuggestionStatus.IN_PROGRESS: ("respond", "publish", "texts", "publicity"),
        SuggestionStatus.RESPONDED: ("conclude",),
        SuggestionStatus.DUPLICATE: ("apart",),
    }
    root = make_suggestion(status=SuggestionStatus.DONE, owner=owner)
    for status in SuggestionStatus:
        joined = root.id if status is SuggestionStatus.DUPLICATE else None
        row = make_suggestion(
            status=status, owner=owner, duplicate_of_id=joined, name=LONG_NAME, place="西门" * 90
        )
        if status is SuggestionStatus.IN_PROGRESS:
            make_response(row, owner, published=False)
        here = url_for("desk_suggestions.show", lang="en", suggestion_id=row.id)
        pages[f"desk_suggestions.show {status.value}"] = here
        pages |= {f"desk_suggestions.{page}": f"{here}/{page}" for page in small.get(status, ())}
    with unit_of_work():
        words = save_template(
            None, "A name", SuggestionOutcome.ADOPTED, {"en": "Thanks."},
            by=_user(demo.ADMIN.email),
        )  # fmt: skip
    here = url_for("desk_response_templates.edit", lang="en", template_id=words.id)
    return pages | {
        "desk_response_templates.edit": here,
        "desk_response_templates.delete": f"{here}/delete",
    }


def _some_topic() -> Topic:
    active = select(Topic).where(Topic.active.is_(True)).order_by(Topic.id)
    found = db.session.scalars(active).first()
    return found or make_topic()


def _some_request() -> TalkRequest:
    """One that waits."""
    waits = select(TalkRequest).where(TalkRequest.status == TalkRequestStatus.RECEIVED)
    found = db.session.scalars(waits.order_by(TalkRequest.id)).first()
    return found or make_talk_request(topics=[_some_topic().id], languages=["en", "ru"])


def _invited(cast: _Cast) -> Addresses:
    """Somebody with an account opens the link of an invitation."""
    return {"accounts.set_up mine": url_for("accounts.set_up", lang="en", token=cast.token)}


def _account_pages(**paths: str) -> Addresses:
    return {f"security.{name}": f"/en/account/{path}" for name, path in paths.items()}


# The safety of an account that has everything.
GUARDED = {"accounts.security": "/en/account/security"} | _account_pages(
    two_factor_setup="tf-setup",
    mf_recovery_codes="mf-recovery-codes",
    wan_register="wan-register",
    us_verify="us-verify",
    wan_verify="wan-verify",
)
# Between the password and the second step.
HALF_WAY = _account_pages(tf_select="tf-select")
WITH_AN_APP = _account_pages(two_factor_token_validation="tf-validate", mf_recovery="mf-recovery")
WITH_A_PASSKEY = _account_pages(wan_signin="wan-signin")
