"""People: roles, programmes, languages, what they allow and ask."""

from enum import StrEnum

from flask_babel import LazyString

from hub.i18n import _l


class StaffRole(StrEnum):
    """What a membership lets a person do. Assistants and lecturers have none: theirs comes from
    an appointment that is active on the date."""

    STAFF = "staff"
    POLICE = "police"
    ADMIN = "admin"

    @property
    def label(self) -> LazyString:
        return {
            StaffRole.STAFF: _l("Staff"),
            StaffRole.POLICE: _l("Police unit"),
            StaffRole.ADMIN: _l("Administrator"),
        }[self]


class Programme(StrEnum):
    ASSISTANT = "assistant"
    LECTURER = "lecturer"

    @property
    def label(self) -> LazyString:
        return {
            Programme.ASSISTANT: _l("Foreign community assistant"),
            Programme.LECTURER: _l("Peer legal lecturer"),
        }[self]


class LanguageLevel(StrEnum):
    """CEFR levels; HSK stands beside them where people learnt Chinese (HSK 3.0 bands)."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"
    NATIVE = "native"

    @property
    def label(self) -> LazyString:
        return {
            LanguageLevel.A1: _l("A1 · first words (HSK 1)"),
            LanguageLevel.A2: _l("A2 · simple talk (HSK 2)"),
            LanguageLevel.B1: _l("B1 · everyday talk (HSK 3)"),
            LanguageLevel.B2: _l("B2 · fluent in most things (HSK 4)"),
            LanguageLevel.C1: _l("C1 · can interpret (HSK 5–6)"),
            LanguageLevel.C2: _l("C2 · nearly like a native (HSK 7–9)"),
            LanguageLevel.NATIVE: _l("Mother tongue"),
        }[self]


class ConsentPurpose(StrEnum):
    """What a person may allow separately (PIPL art. 23, 25, 29). Never ticked beforehand."""

    PUBLICATION = "publication"
    PHOTO = "photo"
    UNIVERSITY = "university"
    POLICE_TRAINERS = "police_trainers"

    @property
    def label(self) -> LazyString:
        return {
            ConsentPurpose.PUBLICATION: _l("My name on public pages"),
            ConsentPurpose.PHOTO: _l("Photos of me"),
            ConsentPurpose.UNIVERSITY: _l("Sharing with my university"),
            ConsentPurpose.POLICE_TRAINERS: _l("Sharing with the police trainers"),
        }[self]

    @property
    def text(self) -> LazyString:
        """What the person agrees to, word for word; raise CONSENT_VERSION when one changes."""
        return {
            ConsentPurpose.PUBLICATION: _l(
                "The community may show my name as a volunteer on its public pages. "
                "I can take this back at any time; my name then disappears at once."
            ),
            ConsentPurpose.PHOTO: _l(
                "The community may take photos of me at its events and show them in its reports "
                "and on its public pages. I can take this back at any time."
            ),
            ConsentPurpose.UNIVERSITY: _l(
                "The community may tell my university that I volunteer and how many hours, "
                "so that it can be recognised. I can take this back at any time."
            ),
            ConsentPurpose.POLICE_TRAINERS: _l(
                "The community may give my name, languages and contact to the police unit that "
                "trains lecturers, only for the training. I can take this back at any time."
            ),
        }[self]


CONSENT_VERSION = "2026-11"


class RequestKind(StrEnum):
    """What a person asked of their own data (PIPL art. 44 to 47)."""

    EXPORT = "export"
    CORRECT = "correct"
    DELETE = "delete"

    @property
    def label(self) -> LazyString:
        return {
            RequestKind.EXPORT: _l("Copy of the data"),
            RequestKind.CORRECT: _l("Correction"),
            RequestKind.DELETE: _l("Deletion"),
        }[self]


class Skill(StrEnum):
    """What a duty may need besides languages."""

    WRITING = "writing"
    COMPUTER = "computer"
    PHOTO = "photo"
    STAGE = "stage"
    MUSIC = "music"
    COOKING = "cooking"
    SPORT = "sport"
    CHILDREN = "children"
    FIRST_AID = "first_aid"

    @property
    def label(self) -> LazyString:
        return {
            Skill.WRITING: _l("Writing and filing"),
            Skill.COMPUTER: _l("Computers"),
            Skill.PHOTO: _l("Taking photos"),
            Skill.STAGE: _l("Speaking on a stage"),
            Skill.MUSIC: _l("Music or dance"),
            Skill.COOKING: _l("Cooking"),
            Skill.SPORT: _l("Sport"),
            Skill.CHILDREN: _l("Working with children"),
            Skill.FIRST_AID: _l("First aid"),
        }[self]
