"""Comments of the survey in other languages, written by a person of the staff (rule 24)."""

from collections.abc import Mapping

from sqlalchemy import select

from hub.exceptions import InvalidInput, NotAllowed, WrongState
from hub.extensions import db
from hub.i18n import LANGUAGES, _l
from hub.models import SurveyAnswer, SurveyCommentText, User
from hub.policies import can_manage_event

MAX_TRANSLATION = 2000


def translate_comment(answer_id: str, texts: Mapping[str, str], *, by: User) -> SurveyAnswer:
    """Put translations, by language, beside a comment that is shown; no words take one away.

    Raises NotAllowed, WrongState or InvalidInput.
    """
    answer = db.session.scalar(
        select(SurveyAnswer).where(SurveyAnswer.id == answer_id).with_for_update(of=SurveyAnswer)
    )
    if answer is None or not answer.shown or not can_manage_event(by, answer.event):
        raise NotAllowed
    if not answer.comment:
        raise WrongState
    for language, words in texts.items():
        if language not in LANGUAGES or language == answer.language:
            raise InvalidInput(_l("Choose a language from the list."))
        if len(words) > MAX_TRANSLATION:
            raise InvalidInput(_l("At most 2,000 characters."), field=f"text_{language}.text")
        _put(answer, language, words, by)
    db.session.flush()
    return answer


def _put(answer: SurveyAnswer, language: str, words: str, by: User) -> None:
    present = answer.translations.get(language)
    if not words:
        answer.translations.pop(language, None)
    elif present is None:
        new = SurveyCommentText(language=language, text=words, by_id=by.id)
        answer.translations[language] = new
    elif present.text != words:
        present.text, present.by_id = words, by.id
