"""Who gets what: every endpoint of the site for everybody, with the status that is expected.

A new endpoint without a row here fails. POSTs carry no token, so that "may" reads 422 (the form
with its words) or, where a page has nothing but a button, 303 back to that page; what a token
changes is the matter of test_csrf.py.
"""

import pytest
from flask import Flask

from hub import clock
from hub.enums import ConsentPurpose, EventKind
from hub.extensions import db
from hub.integrations.signing import mail_link_token
from hub.models import DoorHelper, User, Venue
from hub.services.accounts import invite
from hub.services.consents import set_consents
from hub.services.series import create_series
from hub.transaction import unit_of_work
from tests.browser import HOST, HubClient
from tests.factories import event_data, make_event, make_sign_up
from tests.people import EVE
from tests.service_factories import make_assistant

ROLES = (
    "anonymous", "resident", "door helper", "own staff", "other staff", "subdistrict staff",
    "police", "administrator",
)  # fmt: skip
ALL = len(ROLES)

EVERYBODY = (200,) * ALL
EVERYBODY_FORM = (422,) * ALL
EVERYBODY_BUTTON = (303,) * ALL
ACCOUNT = (303, *(200,) * 7)
ACCOUNT_FORM = (303, *(422,) * 7)
STAFF = (303, 404, 404, *(200,) * 5)
PLACES = (303, 404, 404, 200, 200, 200, 404, 200)
PLACES_FORM = (303, 404, 404, 422, 422, 422, 404, 422)
STAFF_FORM = (303, 404, 404, *(422,) * 5)
# What a mail looks like, where there is a row of the desk to show it with.
PREVIEW = (303, 404, 404, 200, 404, 200, 200, 200)
OWN = (303, 404, 404, 200, 404, 200, 404, 200)
OWN_FORM = (303, 404, 404, 422, 404, 422, 404, 422)
OWN_BUTTON = (303, 404, 404, 303, 404, 303, 404, 303)
DOOR = (303, 404, 200, 200, 404, 200, 404, 200)
CLOSED_TO_CAST = (303, *(404,) * 7)
COMMUNITY = (303, 404, 404, 200, 200, 200, 404, 200)
COMMUNITY_FORM = (303, 404, 404, 422, 422, 422, 404, 422)
SUBDISTRICT = (303, 404, 404, 404, 404, 200, 404, 200)
SUBDISTRICT_FORM = (303, 404, 404, 404, 404, 422, 404, 422)
ADMIN = (303, *(404,) * 6, 200)
ADMIN_FORM = (303, *(404,) * 6, 422)
OFFICE = (303, 404, 404, 404, 404, 200, 404, 200)
OFFICE_FORM = (303, 404, 404, 404, 404, 422, 404, 422)
# a lecturer's term: the police unit's too
LAW = (303, 404, 404, 200, 404, 200, 200, 200)
LAW_FORM = (303, 404, 404, 422, 404, 422, 422, 422)
LAW_BUTTON = (303, 404, 404, 303, 404, 303, 303, 303)
# who examines and qualifies lecturers
EXAMINERS = (303, 404, 404, 404, 404, 200, 200, 200)
EXAMINERS_FORM = (303, 404, 404, 404, 404, 422, 422, 422)
EXAMINERS_BUTTON = (303, 404, 404, 404, 404, 303, 303, 303)
# the resident is a lecturer, the door helper applied to be one
LEARNS = (303, 200, 200, *(404,) * 5)
LEARNS_FORM = (303, 422, 422, *(404,) * 5)
LEARNS_BUTTON = (303, 303, 303, *(404,) * 5)
# what belongs to the resident alone
MINE = (303, 200, *(404,) * 6)
MINE_FORM = (303, 422, *(404,) * 6)
# Flask-Security answers a form without its words with 200, and leads on with 302.
SECURITY = (302, *(200,) * 7)
NEWCOMER = (200, *(302,) * 7)
SENT_ON = (302,) * ALL
CLOSED = (404,) * ALL
NO_TERM = (303, *(404,) * 7)
# The resident of this cast is a lecturer, who serves; the duty and the records are of others.
SERVES = (303, 200, *(404,) * 6)
SERVES_FORM = (303, 422, *(404,) * 6)

# Nobody of the roles has served: a certificate is for its person, who is none of them.
NOBODYS = (303, *(404,) * 7)
# Whoever looks after communities; the police unit does not.
DESK = (303, 404, 404, 200, 200, 200, 404, 200)
DESK_FORM = (303, 404, 404, 422, 422, 422, 404, 422)

# Who keeps the topics of law talks: the subdistrict and the police unit.
TOPICS = (303, 404, 404, 404, 404, 200, 200, 200)
TOPICS_FORM = (303, 404, 404, 404, 404, 422, 422, 422)

ROWS: dict[tuple[str, str], tuple[int, ...]] = {
    ("GET", "site_css"): EVERYBODY,
    ("GET", "asset"): EVERYBODY,
    ("GET", "health.alive"): EVERYBODY,
    ("GET", "health.ready"): EVERYBODY,
    ("GET", "site.home"): EVERYBODY,
    ("GET", "site.privacy"): EVERYBODY,
    ("GET", "events.index"): EVERYBODY,
    ("GET", "events.month"): EVERYBODY,
    ("GET", "events.show"): EVERYBODY,
    ("GET", "signups.calendar_file"): EVERYBODY,
    ("POST", "signups.cancel"): EVERYBODY_FORM,
    ("GET", "signups.confirm_cancel"): EVERYBODY,
    ("POST", "signups.create"): EVERYBODY_FORM,
    ("GET", "signups.data"): EVERYBODY,
    ("POST", "signups.data"): EVERYBODY_FORM,
    ("GET", "signups.delete_data"): EVERYBODY,
    ("POST", "signups.delete_data"): EVERYBODY_FORM,
    ("POST", "signups.export_data"): EVERYBODY_BUTTON,
    ("GET", "signups.new"): EVERYBODY,
    ("POST", "signups.resize"): EVERYBODY_FORM,
    ("GET", "signups.show"): EVERYBODY,
    ("GET", "calendars.event_file"): EVERYBODY,
    ("GET", "calendars.subscribe"): EVERYBODY,
    ("GET", "feeds.public"): EVERYBODY,
    ("POST", "accounts.accept"): EVERYBODY_FORM,
    ("POST", "accounts.end"): EVERYBODY_BUTTON,
    ("POST", "accounts.end_others"): EVERYBODY_BUTTON,
    ("GET", "accounts.home"): EVERYBODY_BUTTON,
    ("GET", "accounts.security"): ACCOUNT,
    ("GET", "accounts.set_up"): EVERYBODY,
    ("POST", "accounts.take_up"): ACCOUNT_FORM,
    ("GET", "me.consents"): ACCOUNT,
    ("POST", "me.consents"): ACCOUNT_FORM,
    ("GET", "me.data"): ACCOUNT,
    ("GET", "me.delete"): ACCOUNT,
    ("POST", "me.delete"): ACCOUNT_FORM,
    ("POST", "me.export"): EVERYBODY_BUTTON,
    ("GET", "me.index"): ACCOUNT,
    ("GET", "me.messages"): ACCOUNT,
    ("POST", "me.messages"): ACCOUNT_FORM,
    ("GET", "mail_links.unsubscribe"): EVERYBODY,
    ("POST", "mail_links.unsubscribe"): EVERYBODY_FORM,
    ("POST", "mail_links.subscribe"): EVERYBODY_FORM,
    ("GET", "mail_links.cannot_come"): EVERYBODY,
    ("POST", "mail_links.cannot_come"): EVERYBODY_FORM,
    ("GET", "desk_messages.index"): STAFF,
    ("POST", "desk_messages.again"): OWN_BUTTON,
    ("GET", "desk_messages.previews"): STAFF,
    ("GET", "desk_messages.preview"): STAFF,
    ("GET", "desk_messages.preview_html"): PREVIEW,
    ("GET", "me.profile"): ACCOUNT,
    ("POST", "me.profile"): ACCOUNT_FORM,
    ("GET", "door.invite_helper"): OWN,
    ("POST", "door.invite_helper"): OWN_FORM,
    ("GET", "door.remove_helper"): OWN,
    ("POST", "door.remove_helper"): OWN_FORM,
    ("GET", "door.show"): DOOR,
    ("GET", "desk.today"): STAFF,
    ("GET", "desk_events.cancel"): OWN,
    ("POST", "desk_events.cancel"): OWN_FORM,
    ("GET", "desk_events.capacity"): OWN,
    ("POST", "desk_events.capacity"): OWN_FORM,
    ("POST", "desk_events.copy"): OWN_BUTTON,
    ("GET", "desk_events.edit"): OWN,
    ("POST", "desk_events.edit"): OWN_FORM,
    ("GET", "desk_events.index"): STAFF,
    ("GET", "desk_events.new"): STAFF,
    ("POST", "desk_events.new"): STAFF_FORM,
    ("GET", "desk_events.publish"): OWN,
    ("POST", "desk_events.publish"): OWN_FORM,
    ("POST", "desk_events.publish_series"): OWN_BUTTON,
    ("GET", "desk_events.series"): OWN,
    ("GET", "desk_events.show"): OWN,
    ("GET", "desk_signups.index"): OWN,
    ("GET", "desk_signups.new"): OWN,
    ("POST", "desk_signups.new"): OWN_FORM,
    ("GET", "desk_signups.print_list"): OWN,
    ("GET", "desk_signups.release"): OWN,
    ("POST", "desk_signups.release"): OWN_FORM,
    ("GET", "desk_signups.replace"): OWN,
    ("POST", "desk_signups.replace"): OWN_FORM,
    ("GET", "desk_people.index"): STAFF,
    ("GET", "desk_people.new_role"): ADMIN,
    ("POST", "desk_people.new_role"): ADMIN_FORM,
    ("GET", "desk_people.paper"): OWN,
    ("POST", "desk_people.paper"): OWN_FORM,
    ("GET", "desk_people.reset_second_step"): ADMIN,
    ("POST", "desk_people.reset_second_step"): ADMIN_FORM,
    ("GET", "desk_people.show"): OWN,
    ("GET", "desk_people.take"): ADMIN,
    ("POST", "desk_people.take"): ADMIN_FORM,
    ("GET", "desk_places.communities"): ADMIN,
    ("GET", "desk_places.community"): ADMIN,
    ("POST", "desk_places.community"): ADMIN_FORM,
    ("GET", "desk_places.delete_community"): ADMIN,
    ("POST", "desk_places.delete_community"): ADMIN_FORM,
    ("GET", "desk_places.new_community"): ADMIN,
    ("POST", "desk_places.new_community"): ADMIN_FORM,
    ("GET", "desk_places.new_venue"): PLACES,
    ("POST", "desk_places.new_venue"): PLACES_FORM,
    ("GET", "desk_places.venue"): OWN,
    ("POST", "desk_places.venue"): OWN_FORM,
    ("GET", "desk_places.venues"): PLACES,
    ("GET", "desk_admin.audit"): ADMIN,
    ("GET", "desk_admin.audit_export"): ADMIN,
    ("POST", "desk_admin.audit_export"): ADMIN_FORM,
    ("GET", "desk_admin.invitation"): ADMIN,
    ("GET", "desk_admin.invitation_revoke"): ADMIN,
    ("POST", "desk_admin.invitation_revoke"): ADMIN_FORM,
    ("GET", "desk_admin.invitations"): ADMIN,
    ("GET", "desk_admin.invite_new"): ADMIN,
    ("POST", "desk_admin.invite_new"): ADMIN_FORM,
    ("GET", "desk_admin.settings"): ADMIN,
    ("POST", "desk_admin.settings"): ADMIN_FORM,
    ("GET", "certificates.mine"): ACCOUNT,
    ("GET", "certificates.public"): EVERYBODY,
    ("GET", "certificates.show"): NOBODYS,
    ("GET", "certificates.verify"): EVERYBODY,
    ("GET", "desk_certificates.index"): STAFF,
    ("GET", "desk_certificates.inspection"): DESK,
    ("POST", "desk_certificates.inspection"): DESK_FORM,
    ("GET", "desk_certificates.new"): OWN,
    ("POST", "desk_certificates.new"): OWN_FORM,
    ("GET", "desk_certificates.revoke"): OWN,
    ("POST", "desk_certificates.revoke"): OWN_FORM,
    ("GET", "desk_certificates.show"): OWN,
    ("GET", "join.programme"): EVERYBODY,
    ("GET", "join.about"): (303, 303, *(200,) * 6),  # the resident has applied already
    ("POST", "join.about"): (303, 303, *(422,) * 6),
    ("GET", "join.questions"): MINE,
    ("POST", "join.questions"): MINE_FORM,
    ("GET", "join.check"): MINE,
    ("POST", "join.check"): MINE_FORM,
    ("GET", "join.application"): MINE,
    ("POST", "join.application"): MINE_FORM,
    ("GET", "join.withdraw"): MINE,
    ("POST", "join.withdraw"): MINE_FORM,
    ("POST", "join.accept"): MINE_FORM,
    ("GET", "join.appointment"): MINE,
    ("GET", "join.letter"): MINE,
    ("GET", "join.decline"): MINE,
    ("POST", "join.decline"): MINE_FORM,
    ("GET", "join.resign"): MINE,
    ("POST", "join.resign"): MINE_FORM,
    ("GET", "desk_applications.index"): STAFF,
    ("POST", "desk_applications.review"): OWN_FORM,
    ("GET", "desk_applications.show"): OWN,
    ("POST", "desk_applications.show"): OWN_FORM,
    ("GET", "desk_applications.approve"): OWN,
    ("POST", "desk_applications.approve"): OWN_FORM,
    ("GET", "desk_applications.decline"): OWN,
    ("POST", "desk_applications.decline"): OWN_FORM,
    ("GET", "desk_appointments.index"): STAFF,
    ("GET", "desk_appointments.show"): LAW,
    ("GET", "desk_appointments.letter"): LAW,
    ("GET", "desk_appointments.offer"): OWN,
    ("POST", "desk_appointments.offer"): OWN_FORM,
    ("GET", "desk_appointments.renew"): LAW,
    ("POST", "desk_appointments.renew"): LAW_FORM,
    ("GET", "desk_appointments.suspend"): LAW,
    ("POST", "desk_appointments.suspend"): LAW_FORM,
    ("GET", "desk_appointments.resume"): LAW,
    ("POST", "desk_appointments.resume"): LAW_FORM,
    ("GET", "desk_appointments.revoke"): LAW,
    ("POST", "desk_appointments.revoke"): LAW_FORM,
    ("GET", "desk_questions.index"): OFFICE,
    ("GET", "desk_questions.new"): OFFICE,
    ("POST", "desk_questions.new"): OFFICE_FORM,
    ("GET", "desk_questions.question"): OFFICE,
    ("POST", "desk_questions.question"): OFFICE_FORM,
    ("GET", "security.change_email"): SECURITY,
    ("POST", "security.change_email"): SECURITY,
    ("GET", "security.change_email_confirm"): SENT_ON,
    ("GET", "security.change_password"): SECURITY,
    ("POST", "security.change_password"): SECURITY,
    ("GET", "security.confirm_email"): SENT_ON,
    ("POST", "security.confirm_email"): SENT_ON,
    ("GET", "security.forgot_password"): EVERYBODY,
    ("POST", "security.forgot_password"): EVERYBODY_FORM,
    ("GET", "security.login"): NEWCOMER,
    ("POST", "security.login"): NEWCOMER,
    ("GET", "security.mf_recovery"): SENT_ON,
    ("POST", "security.mf_recovery"): SENT_ON,
    ("GET", "security.mf_recovery_codes"): SECURITY,
    ("POST", "security.mf_recovery_codes"): SECURITY,
    ("GET", "security.register"): NEWCOMER,
    ("POST", "security.register"): NEWCOMER,
    ("GET", "security.reset_password"): SENT_ON,
    ("POST", "security.reset_password"): SENT_ON,
    ("GET", "security.send_confirmation"): EVERYBODY,
    ("POST", "security.send_confirmation"): EVERYBODY_FORM,
    ("GET", "security.tf_select"): SENT_ON,
    ("POST", "security.tf_select"): SENT_ON,
    ("GET", "security.two_factor_rescue"): CLOSED,
    ("POST", "security.two_factor_rescue"): CLOSED,
    ("GET", "security.two_factor_setup"): SECURITY,
    ("POST", "security.two_factor_setup"): SECURITY,
    ("POST", "security.two_factor_setup_validate"): SENT_ON,
    ("GET", "security.two_factor_token_validation"): SENT_ON,
    ("POST", "security.two_factor_token_validation"): SENT_ON,
    ("GET", "security.us_setup"): CLOSED,
    ("POST", "security.us_setup"): CLOSED,
    ("POST", "security.us_setup_validate"): CLOSED,
    ("GET", "security.us_signin"): EVERYBODY,
    ("POST", "security.us_signin"): EVERYBODY_FORM,
    ("POST", "security.us_signin_send_code"): EVERYBODY_FORM,
    ("GET", "security.us_verify"): SENT_ON,
    ("POST", "security.us_verify"): SENT_ON,
    ("GET", "security.us_verify_link"): CLOSED,
    ("POST", "security.us_verify_send_code"): SENT_ON,
    ("GET", "security.verify"): CLOSED,
    ("POST", "security.verify"): CLOSED,
    ("GET", "security.wan_delete"): SENT_ON,
    ("POST", "security.wan_delete"): SENT_ON,
    ("GET", "security.wan_register"): SENT_ON,
    ("POST", "security.wan_register"): SENT_ON,
    ("POST", "security.wan_register_response"): SENT_ON,
    ("GET", "security.wan_signin"): EVERYBODY,
    ("POST", "security.wan_signin"): EVERYBODY,
    ("POST", "security.wan_signin_response"): SENT_ON,
    ("GET", "security.wan_verify"): SENT_ON,
    ("POST", "security.wan_verify"): SENT_ON,
    ("POST", "security.wan_verify_response"): SENT_ON,
    ("GET", "records.index"): SERVES,
    ("GET", "records.hours"): SERVES,
    ("GET", "records.new"): SERVES,
    ("POST", "records.new"): SERVES_FORM,
    ("GET", "records.show"): CLOSED_TO_CAST,
    ("GET", "records.edit"): CLOSED_TO_CAST,
    ("POST", "records.edit"): CLOSED_TO_CAST,
    ("GET", "records.correct"): CLOSED_TO_CAST,
    ("POST", "records.correct"): CLOSED_TO_CAST,
    ("GET", "records.delete"): CLOSED_TO_CAST,
    ("POST", "records.delete"): CLOSED_TO_CAST,
    ("GET", "records.picture"): OWN,
    ("GET", "desk_records.index"): COMMUNITY,
    ("POST", "desk_records.approve_ticked"): COMMUNITY_FORM,
    ("GET", "desk_records.new"): COMMUNITY,
    ("POST", "desk_records.new"): COMMUNITY_FORM,
    ("GET", "desk_records.show"): OWN,
    ("POST", "desk_records.approve"): OWN_FORM,
    ("GET", "desk_records.send_back"): OWN,
    ("POST", "desk_records.send_back"): OWN_FORM,
    ("GET", "desk_records.reject"): OWN,
    ("POST", "desk_records.reject"): OWN_FORM,
    ("GET", "desk_records.void"): OWN,
    ("POST", "desk_records.void"): OWN_FORM,
    ("GET", "desk_records.correct"): OWN,
    ("POST", "desk_records.correct"): OWN_FORM,
    ("GET", "desk_records.person"): OWN,
    ("GET", "desk_activities.index"): SUBDISTRICT,
    ("GET", "desk_activities.new"): SUBDISTRICT,
    ("POST", "desk_activities.new"): SUBDISTRICT_FORM,
    ("GET", "desk_activities.edit"): SUBDISTRICT,
    ("POST", "desk_activities.edit"): SUBDISTRICT_FORM,
    ("GET", "service.today"): SERVES,
    ("GET", "service.duties"): SERVES,
    ("GET", "service.duty"): NO_TERM,
    ("POST", "service.act"): NO_TERM,
    ("GET", "service.release"): NO_TERM,
    ("POST", "service.release"): NO_TERM,
    ("GET", "desk_talks.index"): STAFF,
    ("GET", "desk_talks.new"): STAFF,
    ("POST", "desk_talks.new"): STAFF_FORM,
    ("GET", "desk_talks.show"): LAW,
    ("GET", "desk_talks.edit"): LAW,
    ("POST", "desk_talks.edit"): LAW_FORM,
    ("POST", "desk_talks.offer"): LAW_BUTTON,
    ("GET", "desk_talks.new_series"): STAFF,
    ("POST", "desk_talks.new_series"): STAFF_FORM,
    ("GET", "desk_talks.series"): LAW,
    ("GET", "desk_talks.edit_series"): LAW,
    ("POST", "desk_talks.edit_series"): LAW_FORM,
    ("GET", "desk_talks.offer_all"): LAW,
    ("POST", "desk_talks.offer_all"): LAW_FORM,
    ("GET", "service.decline"): NO_TERM,
    ("POST", "service.decline"): NO_TERM,
    ("GET", "desk_duties.index"): STAFF,
    ("GET", "desk_duties.new"): STAFF,
    ("POST", "desk_duties.new"): STAFF_FORM,
    ("GET", "desk_duties.show"): OWN,
    ("GET", "desk_duties.edit"): OWN,
    ("POST", "desk_duties.edit"): OWN_FORM,
    ("GET", "desk_duties.cancel"): OWN,
    ("POST", "desk_duties.cancel"): OWN_FORM,
    ("GET", "desk_duties.offer"): OWN,
    ("POST", "desk_duties.offer"): OWN_FORM,
    ("POST", "desk_duties.act"): OWN_BUTTON,
    ("GET", "desk_duties.take_off"): OWN,
    ("POST", "desk_duties.take_off"): OWN_FORM,
    ("GET", "desk_duties.no_show"): OWN,
    ("POST", "desk_duties.no_show"): OWN_FORM,
    ("GET", "desk_duties.confirm_end"): OWN,
    ("POST", "desk_duties.confirm_end"): OWN_FORM,
    ("GET", "talks.index"): EVERYBODY,
    ("GET", "talks.topic"): EVERYBODY,
    ("GET", "talks.material"): EVERYBODY,
    ("GET", "talks.ask"): EVERYBODY,
    ("POST", "talks.ask"): EVERYBODY_FORM,
    ("GET", "talk_requests.show"): EVERYBODY,
    ("GET", "talk_requests.take_back"): EVERYBODY,
    ("POST", "talk_requests.take_back"): EVERYBODY_FORM,
    ("GET", "talk_requests.data"): EVERYBODY,
    ("POST", "talk_requests.data"): EVERYBODY_FORM,
    ("POST", "talk_requests.export_data"): EVERYBODY_BUTTON,
    ("GET", "talk_requests.delete_data"): EVERYBODY,
    ("POST", "talk_requests.delete_data"): EVERYBODY_FORM,
    ("GET", "desk_topics.index"): STAFF,
    ("GET", "desk_topics.show"): STAFF,
    ("GET", "desk_topics.new"): TOPICS,
    ("POST", "desk_topics.new"): TOPICS_FORM,
    ("GET", "desk_topics.edit"): TOPICS,
    ("POST", "desk_topics.edit"): TOPICS_FORM,
    ("GET", "desk_topics.new_material"): TOPICS,
    ("POST", "desk_topics.new_material"): TOPICS_FORM,
    ("GET", "desk_topics.edit_material"): TOPICS,
    ("POST", "desk_topics.edit_material"): TOPICS_FORM,
    ("GET", "desk_topics.replace_material"): TOPICS,
    ("POST", "desk_topics.replace_material"): TOPICS_FORM,
    ("GET", "desk_topics.withdraw_material"): TOPICS,
    ("POST", "desk_topics.withdraw_material"): TOPICS_FORM,
    ("GET", "desk_talk_requests.index"): STAFF,
    ("GET", "desk_talk_requests.show"): LAW,
    ("GET", "desk_talk_requests.plan"): LAW,
    ("POST", "desk_talk_requests.plan"): LAW_FORM,
    ("GET", "desk_talk_requests.decline"): LAW,
    ("POST", "desk_talk_requests.decline"): LAW_FORM,
    ("POST", "security.logout"): SENT_ON,
    ("GET", "desk_trainings.index"): STAFF,
    ("GET", "desk_trainings.show"): LAW,
    ("GET", "desk_trainings.edit"): LAW,
    ("POST", "desk_trainings.edit"): LAW_FORM,
    ("GET", "desk_trainings.invite"): LAW,
    ("POST", "desk_trainings.invite"): LAW_FORM,
    ("POST", "desk_trainings.note"): LAW_BUTTON,
    ("GET", "desk_trainings.walk_in"): LAW,
    ("POST", "desk_trainings.walk_in"): LAW_FORM,
    ("GET", "desk_trainings.assess"): EXAMINERS,
    ("POST", "desk_trainings.assess"): EXAMINERS_FORM,
    ("POST", "desk_trainings.grant"): EXAMINERS_BUTTON,
    ("GET", "desk_qualifications.index"): STAFF,
    ("GET", "desk_qualifications.show"): LAW,
    ("GET", "desk_qualifications.grant"): EXAMINERS,
    ("POST", "desk_qualifications.grant"): EXAMINERS_FORM,
    ("GET", "desk_qualifications.suspend"): EXAMINERS,
    ("POST", "desk_qualifications.suspend"): EXAMINERS_FORM,
    ("GET", "desk_qualifications.resume"): EXAMINERS,
    ("POST", "desk_qualifications.resume"): EXAMINERS_FORM,
    ("GET", "desk_qualifications.revoke"): EXAMINERS,
    ("POST", "desk_qualifications.revoke"): EXAMINERS_FORM,
    ("GET", "lecturing.index"): LEARNS,
    ("GET", "lecturing.training"): LEARNS,
    ("POST", "lecturing.enrol"): LEARNS_FORM,
    ("POST", "lecturing.decline"): LEARNS_FORM,
    ("GET", "lecturing.qualification"): MINE,
    ("GET", "lecturing.away"): LEARNS,
    ("POST", "lecturing.away"): LEARNS_FORM,
    ("POST", "lecturing.remove_away"): LEARNS_BUTTON,
    # after a talk
    ("GET", "talk_reports.report"): SERVES,
    ("POST", "talk_reports.report"): SERVES_FORM,
    ("GET", "desk_talk_reports.report"): LAW,
    ("POST", "desk_talk_reports.report"): LAW_FORM,
    ("GET", "desk_talk_questions.index"): STAFF,
    ("POST", "desk_talk_questions.act"): LAW_FORM,
    ("GET", "desk_coverage.index"): STAFF,
    ("GET", "desk_coverage.export"): STAFF,
    ("POST", "desk_coverage.export"): STAFF_FORM,
    # private calendars; who knows the address needs no log-in
    ("GET", "feeds.private"): EVERYBODY,
    ("POST", "calendars.make"): ACCOUNT_FORM,
    ("GET", "calendars.show"): MINE,
    ("GET", "calendars.rotate"): MINE,
    ("POST", "calendars.rotate"): MINE_FORM,
    ("GET", "calendars.revoke"): MINE,
    ("POST", "calendars.revoke"): MINE_FORM,
    # suggestions at the desk; theirs belongs to community one
    ("GET", "desk_suggestions.index"): COMMUNITY,
    ("GET", "desk_suggestions.show"): OWN,
    ("GET", "desk_suggestions.photo"): OWN,
    ("POST", "desk_suggestions.acknowledge"): OWN_FORM,
    ("POST", "desk_suggestions.start"): OWN_FORM,
    ("GET", "desk_suggestions.triage"): OWN,
    ("POST", "desk_suggestions.triage"): OWN_FORM,
    ("GET", "desk_suggestions.ask"): OWN,
    ("POST", "desk_suggestions.ask"): OWN_FORM,
    ("GET", "desk_suggestions.refer"): OWN,
    ("POST", "desk_suggestions.refer"): OWN_FORM,
    ("GET", "desk_suggestions.join"): OWN,
    ("POST", "desk_suggestions.join"): OWN_FORM,
    ("GET", "desk_suggestions.apart"): OWN,
    ("POST", "desk_suggestions.apart"): OWN_FORM,
    ("GET", "desk_suggestions.conclude"): OWN,
    ("POST", "desk_suggestions.conclude"): OWN_FORM,
    ("GET", "desk_suggestions.respond"): OWN,
    ("POST", "desk_suggestions.respond"): OWN_FORM,
    ("GET", "desk_suggestions.publish"): OWN,
    ("POST", "desk_suggestions.publish"): OWN_FORM,
    ("GET", "desk_suggestions.texts"): OWN,
    ("POST", "desk_suggestions.texts"): OWN_FORM,
    ("GET", "desk_suggestions.publicity"): OWN,
    ("POST", "desk_suggestions.publicity"): OWN_FORM,
    ("GET", "desk_response_templates.index"): SUBDISTRICT,
    ("GET", "desk_response_templates.new"): SUBDISTRICT,
    ("POST", "desk_response_templates.new"): SUBDISTRICT_FORM,
    ("GET", "desk_response_templates.edit"): SUBDISTRICT,
    ("POST", "desk_response_templates.edit"): SUBDISTRICT_FORM,
    ("GET", "desk_response_templates.delete"): SUBDISTRICT,
    ("POST", "desk_response_templates.delete"): SUBDISTRICT_FORM,
}
# What changed because somebody said so, and the figures of suggestions.
ROWS |= {
    ("GET", "changes.index"): EVERYBODY,
    ("GET", "changes.month"): EVERYBODY,
    ("GET", "changes.poster"): EVERYBODY,
    ("GET", "desk_suggestion_figures.index"): COMMUNITY,
    ("GET", "desk_suggestion_figures.export"): COMMUNITY,
    ("POST", "desk_suggestion_figures.export"): COMMUNITY_FORM,
}
# Suggestions: for everybody, behind a private link, and for those who collect them.
ROWS |= {
    ("GET", "suggestions.index"): EVERYBODY,
    ("GET", "suggestions.show"): EVERYBODY,
    ("GET", "suggestions.photo"): EVERYBODY,
    ("GET", "suggestions.new"): EVERYBODY,
    ("POST", "suggestions.new"): EVERYBODY_FORM,
    ("POST", "suggestions.similar"): EVERYBODY,
    ("GET", "suggestions.sent"): EVERYBODY,
    ("GET", "suggestions.sent_anonymous"): EVERYBODY,
    ("GET", "suggestions.follow"): EVERYBODY,
    ("POST", "suggestions.follow"): EVERYBODY_FORM,
    # with an account a button, without one a form
    ("POST", "suggestions.back"): (422, *(303,) * 7),
    ("GET", "suggestions.backing"): EVERYBODY,
    ("POST", "suggestions.backing"): EVERYBODY_FORM,
    ("GET", "suggestions.mine"): EVERYBODY,
    ("GET", "suggestions.own_photo"): EVERYBODY,
    ("POST", "suggestions.answer"): EVERYBODY_FORM,
    ("POST", "suggestions.judge"): EVERYBODY_FORM,
    ("GET", "suggestions.reopen"): EVERYBODY,
    ("POST", "suggestions.reopen"): EVERYBODY_FORM,
    ("POST", "suggestions.publishing"): EVERYBODY_BUTTON,
    ("GET", "suggestions.data"): EVERYBODY,
    ("POST", "suggestions.data"): EVERYBODY_FORM,
    ("POST", "suggestions.export_data"): EVERYBODY_BUTTON,
    ("GET", "suggestions.erase"): EVERYBODY,
    ("POST", "suggestions.erase"): EVERYBODY_FORM,
    ("GET", "me.suggestions"): ACCOUNT,
    ("GET", "collecting.index"): DESK,
    ("GET", "collecting.new"): DESK,
    ("POST", "collecting.new"): DESK_FORM,
    ("GET", "collecting.slip"): NOBODYS,  # the collector's alone
}
ROWS |= {  # surveys
    ("GET", "surveys.answer"): EVERYBODY,
    ("POST", "surveys.answer"): EVERYBODY_FORM,
    ("GET", "surveys.thanks"): EVERYBODY,
    ("GET", "surveys.of_event"): EVERYBODY,
    ("POST", "surveys.of_event"): EVERYBODY_FORM,
    ("GET", "door.survey"): DOOR,
    ("GET", "desk_surveys.index"): STAFF,
    ("GET", "desk_surveys.export"): STAFF,
    ("POST", "desk_surveys.export"): STAFF_FORM,
    ("GET", "desk_surveys.event"): OWN,
    ("GET", "desk_surveys.translate"): OWN,
    ("POST", "desk_surveys.translate"): OWN_FORM,
}


def endpoints(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, str(rule.endpoint))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def address(app: Flask, site, method: str, endpoint: str, **others: int) -> str:
    tokens = {
        "accounts": site.set_up, "security": "no.token", "talk_requests": site.request_token,
        "feeds": site.feed_token, "surveys": site.survey_token,
    }  # fmt: skip
    values = {
        "lang": "en",
        "event_id": site.event,
        "user_id": {"door": site.helper.id, "desk_duties": site.candidate}.get(
            endpoint.partition(".")[0], site.person
        ),
        "membership_id": site.role,
        "invitation_id": site.invitation,
        "log_in_id": 1,
        "sign_up_id": site.sign_up,
        "series_id": site.series,
        "venue_id": site.venue,
        "community_id": site.community,
        "certificate_id": site.certificate,
        "code": site.certificate_code,
        "token": tokens.get(endpoint.partition(".")[0], site.token),
        "filename": "js/app.js",
        "record_id": site.approved if endpoint == "desk_records.correct" else site.record,
        "picture_id": site.picture,
        "activity_id": site.activity,
        "duty_id": site.duty,
        "assignment_id": site.assignment,
        "step": "take",
        "mark": "check-in",
        "slug": site.topic_slug if endpoint.startswith("talks.") else "assistants",
        "topic_id": site.topic,
        "material_id": site.material,
        "request_id": site.talk_request,
        "application_id": site.application,
        "appointment_id": site.appointment,
        "question_id": site.question,
        "qualification_id": site.qualification,
        "language": "en",
        "message_id": 1,
        "kind": "confirmed",
        "absence_id": site.absence,
        "feed_id": site.feed,
        "answer_id": site.comment,
        "suggestion_id": site.desk_suggestion,
        "template_id": site.response_template,
        **others,
    }
    if endpoint.partition(".")[0] in ("desk_trainings", "lecturing"):
        values |= {"event_id": site.training, "sign_up_id": site.enrolled, "word": "came"}
    if endpoint.startswith("desk_qualifications."):
        values["user_id"] = site.resident.id
    if endpoint.startswith("desk_certificates."):
        values["user_id"] = site.served
    if endpoint.partition(".")[0] in ("talk_reports", "desk_talk_reports"):
        values["event_id"] = site.past_talk
    if endpoint == "desk_talk_questions.act":
        values |= {"question_id": site.asked, "step": "settle"}
    if endpoint.startswith("desk_talks."):
        values |= {"event_id": site.talk, "duty_id": site.talk_duty, "series_id": site.plan}
    if endpoint.startswith("mail_links."):
        values["token"] = mail_link_token(
            f"no:assignment:{site.assignment}"
            if endpoint.endswith("cannot_come")
            else f"off:user:{site.person}:reminders"
        )
    if endpoint.startswith("desk_surveys."):
        values["event_id"] = site.surveyed
    if endpoint.startswith("changes."):
        values |= {"year": 2026, "month": 11}
    if endpoint.startswith("suggestions."):
        values |= {"suggestion_id": site.public_suggestion, "choice": "allow"}
        own = {"backing": site.backing_token, "sent": site.slip_token}
        values["token"] = own.get(endpoint.partition(".")[2], site.mine_token)
    if endpoint == "collecting.slip":
        values["token"] = site.slip_token
    if endpoint == "desk_records.person":
        values["user_id"] = site.nadia.id
    rule = next(r for r in app.url_map.iter_rules(endpoint) if method in (r.methods or ()))
    unknown = rule.arguments - set(values)
    assert not unknown, f"{endpoint}: what stands for {unknown}?"
    wanted = {name: values[name] for name in rule.arguments}
    return app.url_map.bind(HOST).build(endpoint, wanted, method=method)


def test_every_endpoint_has_a_row_and_every_row_an_endpoint(app):
    assert endpoints(app) - set(ROWS) == set(), "endpoints without a row"
    assert set(ROWS) - endpoints(app) == set(), "rows without an endpoint"


def account_of(role: str, site, alice, sam, sue) -> User | None:
    cast = (None, site.resident, site.helper, alice, sam, sue, site.police, site.ada)
    return dict(zip(ROLES, cast, strict=True))[role]


def visit(client: HubClient, method: str, path: str) -> int:
    data = {} if method == "POST" else None
    return client.open(path, method=method, data=data, buffered=True).status_code


def _ends_the_session(row: tuple[tuple[str, str], tuple[int, ...]]) -> tuple[bool, bool]:
    """Flask-Security's pages come after ours, logging out comes last."""
    endpoint = row[0][1]
    return endpoint.startswith("security."), endpoint == "security.logout"


@pytest.mark.parametrize("role", ROLES)
def test_rule_20_everybody_gets_what_is_theirs(app, site, alice, sam, sue, role):
    client = EVE(app)
    account = account_of(role, site, alice, sam, sue)
    if account is not None:
        client.log_in(account)
    wrong = []
    for (method, endpoint), expected in sorted(ROWS.items(), key=_ends_the_session):
        if (method, endpoint) not in endpoints(app):
            continue  # the test above says so
        status = visit(client, method, address(app, site, method, endpoint))
        if status != expected[ROLES.index(role)]:
            wrong.append(f"{method} {endpoint}: {status}")
    assert wrong == []


@pytest.mark.parametrize("kind", EventKind)
def test_rule_20_police_run_law_talks_and_trainings_in_every_community(app, site, kind):
    """With the same answers as the staff of the place; of other kinds they see nothing."""
    event = make_event(venue=db.session.get_one(Venue, site.venue), kind=kind)
    booked = make_sign_up(event)
    with unit_of_work():
        helper = DoorHelper(event_id=event.id, user_id=site.helper.id, created_at=clock.now())
        db.session.add(helper)
        data = event_data(event.venue, kind=kind)
        series = create_series(data, "FREQ=WEEKLY;COUNT=2", by=site.ada)[0].series_id
    client = EVE(app).log_in(site.police)
    runs = kind in (EventKind.LAW_TALK, EventKind.TRAINING)
    ids = {"event_id": event.id, "sign_up_id": booked.id, "series_id": series}
    tried = 0
    for (method, endpoint), expected in ROWS.items():
        if endpoint.partition(".")[0] not in ("desk_events", "desk_signups", "door"):
            continue
        if expected[ROLES.index("other staff")] != 404:
            continue  # no page of one event
        status = visit(client, method, address(app, site, method, endpoint, **ids))
        own = expected[ROLES.index("own staff")]
        assert status == (own if runs else 404), f"{method} {endpoint}"
        tried += 1
    assert tried > 15


def test_rule_18_police_see_a_person_while_the_consent_holds(app, site):
    client = EVE(app).log_in(site.police)
    paths = [
        address(app, site, method, f"desk_people.{page}")
        for method, page in (("GET", "show"), ("GET", "paper"))
    ]
    for given in (False, True, False):
        person = db.session.get_one(User, site.person)
        with unit_of_work():
            set_consents(person, {ConsentPurpose.POLICE_TRAINERS} if given else set(), "en")
        statuses = [visit(client, "GET", path) for path in paths]
        assert statuses == [200 if given else 404, 404]


def test_rule_20_invitation_to_a_door_is_for_whoever_runs_the_event(app, site, alice, sam):
    """Also when somebody else wrote it."""
    with unit_of_work():
        written, _token = invite(None, by=site.ada, event_id=site.event)
    statuses = {}
    for user in (alice, sam, site.police, site.helper):
        client = EVE(app).log_in(user)
        ids = {"invitation_id": written.id}
        statuses[user.email] = [
            visit(client, method, address(app, site, method, endpoint, **ids))
            for method, endpoint in ROWS
            if endpoint in ("desk_admin.invitation", "desk_admin.invitation_revoke")
        ]
    own, *others = statuses.values()
    assert sorted(own) == [200, 200, 422]
    assert others == [[404] * 3] * 3


@pytest.mark.parametrize("role", ["other staff", "anonymous"])
def test_rule_20_what_may_not_be_seen_looks_like_what_is_not_there(app, site, sam, role):
    client = EVE(app)
    if role == "other staff":
        client.log_in(sam)
    for method, endpoint in ROWS:
        row = ROWS[method, endpoint]
        if row[ROLES.index("other staff")] != 404 or (method, endpoint) not in endpoints(app):
            continue
        path = address(app, site, method, endpoint)
        answer = client.open(path, method=method, data={} if method == "POST" else None)
        for secret in ("Dumplings", "Bob", "Heyuan", "Neighbours"):
            assert secret not in answer.text, f"{method} {endpoint} shows {secret}"


def test_rule_20_assistant_has_the_pages_of_service(app, site):
    """What the cast above may not: each of nadia's own, and none of somebody else's."""
    client, other = EVE(app).log_in(site.nadia), EVE(app).log_in(make_assistant("olga"))
    ids = {"edit": site.draft_record, "delete": site.draft_record, "correct": site.approved}
    for method, endpoint in ROWS:
        blueprint, _dot, page = endpoint.partition(".")
        if blueprint != "records":
            continue
        path = address(app, site, method, endpoint, record_id=ids.get(page, site.record))
        assert visit(client, method, path) == (200 if method == "GET" else 422), path
        shared = page in ("index", "hours", "new")
        assert (visit(other, method, path) == 404) != shared, path


def test_rule_20_sign_up_of_another_event_is_not_found(app, site):
    client = EVE(app).log_in(site.ada)
    for more in ("release", "replace"):
        client.get_page(f"/en/desk/events/{site.full}/sign-ups/{site.sign_up}/{more}", 404)
        client.post_page(f"/en/desk/events/{site.full}/sign-ups/{site.sign_up}/{more}", {}, 404)
