"""What people said after the events of the sample data: taps, and comments in their languages."""

import random
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from hub import clock
from hub.demo.accounts import Staff
from hub.enums import EventKind, EventStatus, SignUpStatus, SurveyQuestion
from hub.extensions import db
from hub.models import Event, SignUp, SurveyAnswer
from hub.services.survey_comments import translate_comment
from hub.services.surveys import Said, events_with_a_rest, give_answer, show_rest

Q = SurveyQuestion
LIKED = {
    EventKind.FESTIVAL: (60, 28, 8, 3, 1),
    EventKind.LAW_TALK: (34, 36, 20, 7, 3),
    EventKind.SERVICE_DESK: (48, 34, 12, 4, 2),
    EventKind.CULTURE: (52, 33, 10, 4, 1),
}
FOLLOWED = {EventKind.LAW_TALK: (58, 33, 9)}
CAME, ANSWERS, MOST, FULLEST = 0.88, 0.62, 36, 60
TRANSLATED = 4


@dataclass(frozen=True, slots=True)
class Remark:
    language: str
    words: str
    english: str = ""
    chinese: str = ""


REMARKS = (
    Remark("en", "My first time at something like this. I made two friends in the queue."),
    Remark("en", "Please start ten minutes later, the bus from the campus is never on time."),
    Remark("zh", "很热闹，孩子们玩得很开心，希望每个月都有。"),
    Remark("zh", "场地有点小，后面听不太清楚。"),
    Remark("ko", "통역해 주신 분 덕분에 편하게 참여했어요. 다음에도 꼭 올게요.",
           "Thanks to the interpreter I could join in easily. I will surely come again.",
           "多亏翻译，我参加得很轻松，下次一定再来。"),
    Remark("ko", "안내문이 중국어로만 되어 있어서 입구를 찾기 어려웠어요.",
           "The signs were only in Chinese, so the entrance was hard to find.",
           "指示牌只有中文，入口不好找。"),
    Remark("fr", "Très bien organisé, mais il manquait des chaises pour les personnes âgées.",
           "Very well organised, but chairs for the elderly were missing.",
           "组织得很好，就是缺少给老人坐的椅子。"),
    Remark("ar", "شكراً جزيلاً، شعرت بأنني جزء من الحي.",
           "Thank you very much, I felt part of the neighbourhood.",
           "非常感谢，我觉得自己是社区的一员。"),
    Remark("ru", "Было полезно, но хотелось бы больше времени на вопросы.",
           "It was useful, but I would have liked more time for questions.",
           "很有用，但希望提问的时间再长一些。"),
    Remark("vi", "Vui lắm! Lần sau cho mình giúp một tay nhé.",
           "Great fun! Let me lend a hand next time.",
           "很开心！下次让我也来帮忙吧。"),
)  # fmt: skip


def tell_surveys(seed: int, staff: Staff) -> None:
    """Who came to what is over, and what they said of it; at the end of the story."""
    for event in _past_events():
        rng = random.Random(f"{seed}:survey:{event.id}")
        came = _note_who_came(event, rng)
        remarks = rng.sample(REMARKS, 7)
        with clock.fixed_at(min(clock.now(), event.ends_at + timedelta(hours=3))):
            for sign_up in came[:MOST]:
                if rng.random() < ANSWERS:
                    give_answer(sign_up.id, 1, _said(event, remarks, rng))
    for event_id in events_with_a_rest():
        show_rest(event_id)
    _translate(staff)


def _past_events() -> list[Event]:
    """But for trainings, whose attendance is noted elsewhere, and talks too full for a story."""
    query = select(Event).where(
        Event.status == EventStatus.PUBLISHED,
        Event.ends_at < clock.now() - timedelta(hours=4),
        Event.kind != EventKind.TRAINING,
    )
    return list(db.session.scalars(query.order_by(Event.starts_at, Event.id)))


def _note_who_came(event: Event, rng: random.Random) -> list[SignUp]:
    """Most of those with a place. Of a law talk that counted heads only some were checked in."""
    query = select(SignUp).where(
        SignUp.event_id == event.id, SignUp.status == SignUpStatus.CONFIRMED
    )
    came = []
    for sign_up in db.session.scalars(query.order_by(SignUp.id).limit(FULLEST)):
        if rng.random() < CAME:
            sign_up.status = SignUpStatus.ATTENDED
            came.append(sign_up)
        elif event.kind is not EventKind.LAW_TALK:
            sign_up.status = SignUpStatus.NO_SHOW
    db.session.flush()
    return came


def _said(event: Event, remarks: list[Remark], rng: random.Random) -> Said:
    """Taps that fit the kind of event, and one of ``remarks`` in some of them."""
    liked = rng.choices((5, 4, 3, 2, 1), LIKED[event.kind])[0]
    followed = rng.choices((3, 2, 1), FOLLOWED.get(event.kind, (72, 23, 5)))[0]
    again = rng.choices((3, 2, 1), (80, 17, 3) if liked > 3 else (25, 45, 30))[0]
    taps = {Q.ENJOYED: liked, Q.UNDERSTOOD: followed, Q.AGAIN: again}
    if remarks and rng.random() < 0.3:
        remark = remarks.pop()
        return Said(taps, remark.language, remark.words)
    return Said(taps, rng.choices(("en", "zh", "ko"), (55, 35, 10))[0])


def _translate(staff: Staff) -> None:
    """Somebody at the office has put the first few into both languages."""
    known = {remark.words: remark for remark in REMARKS if remark.english}
    query = select(SurveyAnswer).where(
        SurveyAnswer.shown.is_(True), SurveyAnswer.comment.in_(list(known))
    )
    for answer in db.session.scalars(query.order_by(SurveyAnswer.id).limit(TRANSLATED)):
        remark = known[answer.comment]
        texts = {"en": remark.english, "zh": remark.chinese}
        translate_comment(answer.id, texts, by=staff.office)
