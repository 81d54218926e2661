"""Mails about suggestions: every kind in every language, whom they reach, what is still true."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import (
    MessageKind,
    MessageState,
    SuggestionEntryKind,
    SuggestionStatus,
    Verdict,
)
from hub.extensions import db
from hub.i18n import LANGUAGES
from hub.integrations.signing import backer_token, suggestion_token
from hub.models import Message, Suggestion, SuggestionEntry, User
from hub.queries.message_log import readers_of
from hub.queries.still_true import still_true
from hub.services.messages import queue_backer_mail, queue_note, queue_suggestion_mail
from hub.transaction import unit_of_work
from hub.web.mails import NothingToSay, write_mail
from hub.web.suggestion_mails import ABOUT_SUGGESTIONS, TO_BACKERS, TO_STAFF
from tests.factories import make_user
from tests.mails import html_of, text_of
from tests.people import EVE
from tests.voice_factories import make_backer, make_public, make_response, make_suggestion

K = MessageKind
S = SuggestionStatus
STATES = {
    K.SUGGESTION_RECEIVED: S.RECEIVED,
    K.SUGGESTION_ACKNOWLEDGED: S.ACKNOWLEDGED,
    K.SUGGESTION_QUESTION: S.IN_PROGRESS,
    K.SUGGESTION_ANSWERED: S.RESPONDED,
    K.SUGGESTION_REFERRED: S.REFERRED,
    K.SUGGESTION_JOINED: S.DUPLICATE,
}
TO_SUBMITTERS = [kind for kind in ABOUT_SUGGESTIONS if kind not in (*TO_STAFF, *TO_BACKERS)]
SAID = {"en": "Signs in English", "zh": "增设英文指示牌"}
ORIGINAL = {"en": "Please put up signs at the north gate.", "zh": "请在北门设置指示牌。"}


@pytest.fixture(params=["en", "zh"])
def language(request) -> str:
    return str(request.param)


@pytest.fixture
def staff(db_session) -> User:
    return make_user("alice")


def a_suggestion(kind: MessageKind, staff: User, language: str = "en", **fields) -> Suggestion:
    """In a state in which a mail of ``kind`` is true."""
    status = STATES.get(kind, S.DONE)
    if status is S.DUPLICATE:
        other = make_public(make_suggestion(status=S.TRIAGED, owner=staff), staff)
        fields["duplicate_of_id"] = other.id
    if status is S.REFERRED:
        fields |= {
            "referred_to": "12345",
            "reason": {"en": "It is theirs.", "zh": "归其管"}[language],
        }
    fields = {"name": "Mina & Söhne", "text_digest": f"{kind.value:x<64}"} | fields
    row = make_suggestion(
        ORIGINAL[language], status=status, owner=staff, language=language, **fields
    )
    with unit_of_work():
        if kind is K.SUGGESTION_QUESTION:
            row.paused_on = clock.today()
            asked = {"en": "Which gate?", "zh": "是哪个门？"}[language]
            row.entries.append(
                SuggestionEntry(kind=SuggestionEntryKind.QUESTION, text=asked, on=clock.today())
            )
    if status is S.DONE:
        make_public(row, staff)
    return row


def the_mail(app, row: Suggestion, kind: MessageKind, staff: User, **options):
    backer = make_follower(row) if kind in TO_BACKERS else None
    with unit_of_work():
        if backer is not None:
            queue_backer_mail(kind, backer)
        elif kind in TO_STAFF:
            queue_note(kind, staff, row.id)
        else:
            queue_suggestion_mail(kind, row)
    message = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    with app.test_request_context():
        return write_mail(message, **options)


def make_follower(row: Suggestion):
    reader = make_user(f"follower-{row.id}", role=None, language=row.language)
    return make_backer(row, reader, follows=True)


@pytest.mark.parametrize("kind", TO_SUBMITTERS)
def test_rule_24_mail_to_the_submitter_is_in_one_language(app, staff, kind, language):
    row = a_suggestion(kind, staff, language)
    mail = the_mail(app, row, kind, staff)
    subject, body = str(mail["Subject"]), text_of(mail)
    assert mail["To"] == "mina@example.com"
    assert row.number in subject
    assert "Mina & Söhne" in body
    assert body.splitlines()[1] == "", "the greeting stands by itself"
    assert f"http://hub.test/{language}/suggestions/mine/" in body or "/suggestions/" in body
    assert suggestion_token(row.code) in body
    own = re.sub(r"Mina & Söhne|http\S+|Linqiao|邻桥|12345", "", f"{subject} {body}")
    assert not re.search(r"[A-Za-z]{3,}" if language == "zh" else r"[\u4e00-\u9fff]", own), own
    assert not re.search(r"%\(|\{\{|\n{3}|: *\n *: ", body)
    assert mail["Content-Language"] == LANGUAGES[language].tag
    assert f'lang="{LANGUAGES[language].tag}"' in html_of(mail)


@pytest.mark.parametrize("kind", TO_BACKERS)
def test_rule_24_mail_to_whoever_stands_behind_it_is_in_one_language(app, staff, kind, language):
    row = a_suggestion(kind, staff, language)
    mail = the_mail(app, row, kind, staff)
    assert SAID[language] in str(mail["Subject"])
    body = text_of(mail)
    own = re.sub(r"Follower\S*|follower\S*|http\S+|Linqiao|邻桥", "", f"{mail['Subject']} {body}")
    assert not re.search(r"[A-Za-z]{3,}" if language == "zh" else r"[\u4e00-\u9fff]", own), own
    backer_id = db.session.scalars(select(Message.backer_id)).one()
    assert backer_token(backer_id) in body
    assert ORIGINAL[language] not in body, "what it said at first is not public"
    assert suggestion_token(row.code) not in body


@pytest.mark.parametrize("kind", TO_STAFF)
def test_mail_to_staff_names_the_suggestion_and_says_nothing_of_it(app, staff, kind, language):
    row = make_suggestion(ORIGINAL["en"], status=S.TRIAGED, owner=staff, due_on=date(2026, 11, 20))
    with unit_of_work():
        queue_note(kind, staff, row.id)
    message = db.session.scalars(select(Message)).one()
    with app.test_request_context():
        mail = write_mail(message, language=language)
    body = f"{mail['Subject']} {text_of(mail)}"
    assert row.number in body
    assert f"/{language}/desk/suggestions/{row.id}" in body
    for secret in (ORIGINAL["en"], row.contact, suggestion_token(row.code)):
        assert secret not in body


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (K.SUGGESTION_RECEIVED, "About: Signs and directions"),
        (K.SUGGESTION_ACKNOWLEDGED, "“Please put up signs at the north gate.”"),
        (K.SUGGESTION_QUESTION, "We ask: Which gate?"),
        (K.SUGGESTION_ANSWERED, "The answer: We have put up the signs."),
        (K.SUGGESTION_ANSWERED, "Result: Adopted"),
        (K.SUGGESTION_DONE, "This is what we did: Signs in English"),
        (K.SUGGESTION_REFERRED, "To: 12345"),
        (K.SUGGESTION_REFERRED, "The reason: It is theirs."),
        (K.SUGGESTION_JOINED, "See how that one goes on: http://hub.test/en/suggestions/"),
        (K.SUGGESTION_STILL_DONE, "We said: Signs in English"),
    ],
)
def test_mail_says_what_happened(app, staff, kind, words):
    row = a_suggestion(kind, staff)
    assert words in " ".join(text_of(the_mail(app, row, kind, staff)).split())


def test_rule_23_answer_is_quoted_in_the_language_it_was_made_in(app, staff):
    """Korean is no language of the interface yet: the frame is in the site's, the answer not."""
    row = make_suggestion(status=S.RECEIVED, language="ko")
    make_response(row, staff, ko="안내판을 설치했습니다.", zh="指示牌已经装好。")
    with unit_of_work():
        row.status, row.answered_on = S.ACKNOWLEDGED, clock.today()
    mail = the_mail(app, row, K.SUGGESTION_ANSWERED, staff)
    assert mail["Content-Language"] == "en"
    assert "안내판을 설치했습니다." in text_of(mail)
    assert "指示牌" not in text_of(mail)


def test_rule_20_preview_opens_nothing(app, staff):
    for kind in (K.SUGGESTION_DONE, K.SUGGESTION_NEWS):
        row = a_suggestion(kind, staff, code=f"BCDFGH{kind.value[-2:].upper()}")
        shown = the_mail(app, row, kind, staff, preview=True).as_string()
        assert suggestion_token(row.code) not in shown
        backer_id = db.session.scalars(select(Message.backer_id).order_by(Message.id)).all()[-1]
        assert backer_id is None or backer_token(backer_id) not in shown


def test_rule_18_nobody_is_written_to_whose_suggestion_is_erased(app, staff):
    row = make_suggestion()
    with unit_of_work():
        queue_suggestion_mail(K.SUGGESTION_RECEIVED, row)
        row.erased_on, row.contact = clock.today(), ""
    message = db.session.scalars(select(Message)).one()
    assert not still_true(message)
    with app.test_request_context(), pytest.raises(NothingToSay):
        write_mail(message)


def test_only_what_is_still_true_leaves(app, staff):
    def truth(kind: MessageKind, row: Suggestion, **more) -> bool:
        return still_true(Message(kind=kind, suggestion=row, **more))

    asked = a_suggestion(K.SUGGESTION_QUESTION, staff)
    assert truth(K.SUGGESTION_QUESTION, asked)
    done = a_suggestion(K.SUGGESTION_DONE, staff)
    assert truth(K.SUGGESTION_STILL_DONE, done) and truth(K.SUGGESTION_DONE, done)
    with unit_of_work():
        asked.paused_on, done.verdict = None, Verdict.SOLVED
    assert not truth(K.SUGGESTION_QUESTION, asked)
    assert not truth(K.SUGGESTION_STILL_DONE, done)
    assert truth(K.SUGGESTION_RECEIVED, done)


def test_news_is_for_who_follows_what_is_public(app, staff):
    row = a_suggestion(K.SUGGESTION_NEWS, staff)
    backer = make_follower(row)
    news = Message(kind=K.SUGGESTION_NEWS, backer=backer)
    confirm = Message(kind=K.SUGGESTION_CONFIRM, backer=backer)
    assert still_true(news) and not still_true(confirm)
    with unit_of_work():
        backer.confirmed_on = None
    assert still_true(confirm) and not still_true(news)
    with unit_of_work():
        backer.confirmed_on, row.public = clock.today(), False
    assert not still_true(news)


def test_overdue_is_told_only_while_it_is_and_only_to_who_may_see_it(app, staff, community):
    row = make_suggestion(status=S.TRIAGED, owner=staff, due_on=date(2026, 11, 20))
    note = Message(kind=K.SUGGESTION_OVERDUE, user=staff, user_id=staff.id, subject_id=row.id)
    assert still_true(note)
    helper = make_user("helper", role=None)
    assert not still_true(Message(kind=K.SUGGESTION_OVERDUE, user=helper, subject_id=row.id))
    with unit_of_work():
        row.due_on = clock.today() + timedelta(days=3)
    assert not still_true(note)


def test_all_mails_about_one_suggestion_are_one_thread(app, staff):
    row = a_suggestion(K.SUGGESTION_DONE, staff)
    threads = {
        the_mail(app, row, kind, staff)["References"]
        for kind in (K.SUGGESTION_RECEIVED, K.SUGGESTION_DONE, K.SUGGESTION_OWNED)
    }
    assert len(threads) == 1


def test_log_knows_who_got_it_and_what_it_was_about(app, staff):
    row = a_suggestion(K.SUGGESTION_DONE, staff)
    the_mail(app, row, K.SUGGESTION_DONE, staff)
    the_mail(app, row, K.SUGGESTION_NEWS, staff)
    messages = list(db.session.scalars(select(Message).order_by(Message.id)))
    assert {m.state for m in messages} == {MessageState.QUEUED}
    readers = readers_of(messages)
    assert readers.submitters == {row.id: ("Mina & Söhne", "mina@example.com")}
    assert list(readers.backed.values()) == [row.id]


@pytest.mark.parametrize("kind", ABOUT_SUGGESTIONS)
def test_staff_preview_each_kind_from_a_suggestion_of_theirs(app, staff, sam, kind):
    row = a_suggestion(kind, staff)
    if kind not in TO_BACKERS:
        make_public(row, staff)
    address = f"/en/desk/messages/preview/{kind.value}"
    page = EVE(app).log_in(staff).get_page(address)
    assert row.number in page.text or SAID["en"] in page.text
    assert suggestion_token(row.code) not in str(page.html)
    assert row.number not in EVE(app).log_in(sam).get_page(address).text
