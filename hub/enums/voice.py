"""The voice of residents: surveys after events, suggestions and what becomes of them."""

from enum import StrEnum

from flask_babel import LazyString

from hub.i18n import _l


class SuggestionCategory(StrEnum):
    """What a suggestion is about. The last three are no suggestions: they are handed over to
    whoever must deal with them and are never public (rule 15)."""

    PUBLIC_SPACE = "public_space"
    SIGNS = "signs"
    SPORT_AND_CULTURE = "sport_and_culture"
    HOUSING = "housing"
    TRAFFIC = "traffic"
    SERVICES = "services"
    LANGUAGE = "language"
    OTHER = "other"
    COMPLAINT = "complaint"
    ACCUSATION = "accusation"
    RIGHTS = "rights"

    @property
    def label(self) -> LazyString:
        return CATEGORY_LABELS[self]

    @property
    def is_referred(self) -> bool:
        """Whether it goes to another body and never becomes public (rule 15)."""
        return self in REFERRED_CATEGORIES


C = SuggestionCategory
CATEGORY_LABELS = {
    C.PUBLIC_SPACE: _l("Streets, parks and cleanliness"),
    C.SIGNS: _l("Signs and directions"),
    C.SPORT_AND_CULTURE: _l("Sport, culture and festivals"),
    C.HOUSING: _l("Housing and neighbours"),
    C.TRAFFIC: _l("Traffic, bicycles and parking"),
    C.SERVICES: _l("Services of the office"),
    C.LANGUAGE: _l("Languages and translation"),
    C.OTHER: _l("Something else"),
    C.COMPLAINT: _l("A complaint about somebody"),
    C.ACCUSATION: _l("A report of something unlawful"),
    C.RIGHTS: _l("A claim to one’s rights"),
}
REFERRED_CATEGORIES = (C.COMPLAINT, C.ACCUSATION, C.RIGHTS)


class SuggestionStatus(StrEnum):
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    TRIAGED = "triaged"
    IN_PROGRESS = "in_progress"
    RESPONDED = "responded"
    DONE = "done"
    NOT_ADOPTED = "not_adopted"
    REFERRED = "referred"
    DUPLICATE = "duplicate"
    REOPENED = "reopened"

    @property
    def label(self) -> LazyString:
        return {
            SuggestionStatus.RECEIVED: _l("Received"),
            SuggestionStatus.ACKNOWLEDGED: _l("Acknowledged"),
            SuggestionStatus.TRIAGED: _l("Assigned"),
            SuggestionStatus.IN_PROGRESS: _l("In progress"),
            SuggestionStatus.RESPONDED: _l("Answered"),
            SuggestionStatus.DONE: _l("Done"),
            SuggestionStatus.NOT_ADOPTED: _l("Not adopted"),
            SuggestionStatus.REFERRED: _l("Referred"),
            SuggestionStatus.DUPLICATE: _l("Joined with another one"),
            SuggestionStatus.REOPENED: _l("Opened again"),
        }[self]

    @property
    def is_final(self) -> bool:
        """Whether nobody works on it any more; its submitter may open it again."""
        return self in FINAL_SUGGESTION


S = SuggestionStatus
FINAL_SUGGESTION = (S.DONE, S.NOT_ADOPTED, S.REFERRED, S.DUPLICATE)
# Which step leads where; what does not stand here is refused.
SUGGESTION_MOVES: dict[SuggestionStatus, tuple[SuggestionStatus, ...]] = {
    S.RECEIVED: (S.ACKNOWLEDGED,),
    S.ACKNOWLEDGED: (S.TRIAGED,),
    S.TRIAGED: (S.IN_PROGRESS, S.REFERRED, S.DUPLICATE),
    S.IN_PROGRESS: (S.RESPONDED,),
    S.RESPONDED: (S.DONE, S.NOT_ADOPTED),
    S.DONE: (S.REOPENED,),
    S.NOT_ADOPTED: (S.REOPENED,),
    S.REFERRED: (S.REOPENED,),
    S.DUPLICATE: (S.REOPENED, S.TRIAGED),  # joined by mistake: taken apart again
    S.REOPENED: (S.TRIAGED,),
}


class SuggestionIdentity(StrEnum):
    """How its submitter can be reached: an account or a contact, only by the claim code, or not
    at all."""

    CONTACT = "contact"
    CODE = "code"
    ANONYMOUS = "anonymous"

    @property
    def label(self) -> LazyString:
        return {
            SuggestionIdentity.CONTACT: _l("By e-mail or phone"),
            SuggestionIdentity.CODE: _l("Only with a code on a slip"),
            SuggestionIdentity.ANONYMOUS: _l("Not at all: stay anonymous"),
        }[self]


class Moderation(StrEnum):
    """Whether a person has looked if a suggestion may be shown to all."""

    UNCHECKED = "unchecked"
    FIT = "fit"
    UNFIT = "unfit"

    @property
    def label(self) -> LazyString:
        return {
            Moderation.UNCHECKED: _l("Not looked at yet"),
            Moderation.FIT: _l("May be shown to all"),
            Moderation.UNFIT: _l("Not fit to be shown"),
        }[self]


class SuggestionOutcome(StrEnum):
    ADOPTED = "adopted"
    PARTLY = "partly"
    NOT_ADOPTED = "not_adopted"

    @property
    def label(self) -> LazyString:
        return {
            SuggestionOutcome.ADOPTED: _l("Adopted"),
            SuggestionOutcome.PARTLY: _l("Partly adopted"),
            SuggestionOutcome.NOT_ADOPTED: _l("Not adopted"),
        }[self]


class SuggestionEntryKind(StrEnum):
    """What was written between the office and the submitter beside the responses."""

    QUESTION = "question"
    ANSWER = "answer"
    REOPENED = "reopened"
    VERDICT = "verdict"

    @property
    def label(self) -> LazyString:
        return {
            SuggestionEntryKind.QUESTION: _l("Question of the office"),
            SuggestionEntryKind.ANSWER: _l("Answer to it"),
            SuggestionEntryKind.REOPENED: _l("Opened again because"),
            SuggestionEntryKind.VERDICT: _l("Is it really done?"),
        }[self]


class Verdict(StrEnum):
    """What the submitter says four weeks after it was said to be done."""

    SOLVED = "solved"
    PARTLY = "partly"
    NOT_SOLVED = "not_solved"

    @property
    def label(self) -> LazyString:
        return {
            Verdict.SOLVED: _l("Yes, it is done"),
            Verdict.PARTLY: _l("Partly"),
            Verdict.NOT_SOLVED: _l("No, it is not"),
        }[self]


class SurveyQuestion(StrEnum):
    """The three taps of the survey after an event: a column each of ``SurveyAnswer``."""

    ENJOYED = "enjoyed"
    UNDERSTOOD = "understood"
    AGAIN = "again"

    @property
    def label(self) -> LazyString:
        return {
            SurveyQuestion.ENJOYED: _l("How was it?"),
            SurveyQuestion.UNDERSTOOD: _l("Could you follow what was said?"),
            SurveyQuestion.AGAIN: _l("Would you come again?"),
        }[self]

    @property
    def choices(self) -> dict[int, LazyString]:
        """The answers by the number that is stored, the best one first."""
        return {
            SurveyQuestion.ENJOYED: {
                5: _l("Very good"),
                4: _l("Good"),
                3: _l("All right"),
                2: _l("Not so good"),
                1: _l("Bad"),
            },
            SurveyQuestion.UNDERSTOOD: {3: _l("Yes"), 2: _l("In part"), 1: _l("No")},
            SurveyQuestion.AGAIN: {3: _l("Yes"), 2: _l("Perhaps"), 1: _l("No")},
        }[self]
