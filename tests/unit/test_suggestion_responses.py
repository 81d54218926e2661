"""Official responses, their templates and the public texts of suggestions (rules 5, 15, 18, 24)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import (
    MessageKind,
    Moderation,
    SuggestionCategory,
    SuggestionOutcome,
    SuggestionStatus,
)
from hub.exceptions import InvalidInput, NotAllowed, OwnCase, WrongState
from hub.extensions import db
from hub.models import Message, ResponseTemplate
from hub.services.response_templates import delete_template, save_template
from hub.services.suggestion_responses import publish_response, save_response
from hub.services.suggestion_texts import Wording, hide, moderate, save_texts, show_to_all
from hub.transaction import unit_of_work
from tests.voice_factories import make_public, make_suggestion

S = SuggestionStatus
O = SuggestionOutcome  # noqa: E741 - short, as S is
WORDS = {"zh": "好的，十二月装好。", "en": "Yes, in December."}
BOTH = {"zh": Wording("英文指示牌", "请装英文指示牌。"), "en": Wording("Signs", "Put up signs.")}


def do(change, *args, **kwargs):
    with unit_of_work():
        return change(*args, **kwargs)


def kinds() -> list[MessageKind]:
    return list(db.session.scalars(select(Message.kind).order_by(Message.id)))


@pytest.fixture
def row(community, alice):
    return make_suggestion(community=community, status=S.IN_PROGRESS, owner=alice)


def test_draft_is_written_several_times_then_published(row, alice):
    do(save_response, row.id, O.PARTLY, "", {"zh": "草稿"}, by=alice)
    draft = do(save_response, row.id, O.ADOPTED, "", WORDS, by=alice)
    assert (draft.version, row.response, row.status) == (1, None, S.IN_PROGRESS)
    do(publish_response, row.id, by=alice)
    assert row.response is draft
    assert (row.status, row.outcome, row.answered_on) == (S.RESPONDED, O.ADOPTED, clock.today())
    assert kinds() == [MessageKind.SUGGESTION_ANSWERED]
    with pytest.raises(WrongState), unit_of_work():
        publish_response(row.id, by=alice)


def test_response_needs_chinese_and_the_submitters_language(row, alice):
    with unit_of_work():
        row.language = "ko"
    do(save_response, row.id, O.ADOPTED, "", WORDS, by=alice)
    with pytest.raises(InvalidInput) as refused, unit_of_work():
        publish_response(row.id, by=alice)
    assert refused.value.field == "text_ko"
    do(save_response, row.id, O.ADOPTED, "", {"ko": "네."}, by=alice)
    with pytest.raises(InvalidInput) as refused, unit_of_work():
        publish_response(row.id, by=alice)
    assert refused.value.field == "text_zh"
    do(save_response, row.id, O.ADOPTED, "", {"ko": "네.", "zh": "好的。"}, by=alice)
    do(publish_response, row.id, by=alice)
    assert set(row.response.texts) == {"ko", "zh"}


def test_rule_15_not_adopted_needs_a_reason_and_concludes(row, alice):
    with pytest.raises(InvalidInput) as refused, unit_of_work():
        save_response(row.id, O.NOT_ADOPTED, " ", WORDS, by=alice)
    assert refused.value.field == "reason"
    do(save_response, row.id, O.NOT_ADOPTED, "The law forbids it.", WORDS, by=alice)
    do(publish_response, row.id, by=alice)
    assert (row.status, row.reason) == (S.NOT_ADOPTED, "The law forbids it.")
    assert row.concluded_on == clock.today()


def test_rule_15_correction_is_a_new_version(row, alice):
    do(save_response, row.id, O.ADOPTED, "", WORDS, by=alice)
    do(publish_response, row.id, by=alice)
    with clock.fixed_at(clock.now() + timedelta(days=2)):
        do(save_response, row.id, O.NOT_ADOPTED, "No room.", WORDS, by=alice)
        assert row.response.version == 1
        do(publish_response, row.id, by=alice)
    assert [r.version for r in row.responses] == [1, 2]
    assert (row.response.version, row.status) == (2, S.NOT_ADOPTED)
    assert row.answered_on == clock.today()  # the first one counts


def test_response_of_a_concluded_one_can_say_more_but_not_decide_otherwise(community, alice):
    row = make_suggestion(community=community, status=S.DONE, owner=alice)
    do(save_response, row.id, O.NOT_ADOPTED, "No.", WORDS, by=alice)
    with pytest.raises(WrongState), unit_of_work():
        publish_response(row.id, by=alice)
    do(save_response, row.id, O.ADOPTED, "", WORDS, by=alice)
    do(publish_response, row.id, by=alice)
    assert (row.status, row.response.version) == (S.DONE, 2)


def test_response_waits_until_somebody_works_on_it(community, alice):
    row = make_suggestion(community=community, status=S.TRIAGED, owner=alice)
    do(save_response, row.id, O.ADOPTED, "", WORDS, by=alice)
    with pytest.raises(WrongState), unit_of_work():
        publish_response(row.id, by=alice)
    new = make_suggestion(community=community)
    with pytest.raises(WrongState), unit_of_work():
        save_response(new.id, O.ADOPTED, "", WORDS, by=alice)


def test_rule_05_nobody_answers_their_own_suggestion(row, alice, sue, sam):
    do(save_response, row.id, O.ADOPTED, "", WORDS, by=alice)
    with unit_of_work():
        row.collected_by_id = sue.id
    for step in (
        lambda by: publish_response(row.id, by=by),
        lambda by: save_response(row.id, O.ADOPTED, "", WORDS, by=by),
        lambda by: save_texts(row.id, BOTH, by=by),
        lambda by: show_to_all(row.id, by=by),
        lambda by: hide(row.id, by=by),
        lambda by: moderate(row.id, Moderation.FIT, by=by),
    ):
        with pytest.raises(OwnCase), unit_of_work():
            step(sue)
        with pytest.raises(NotAllowed), unit_of_work():
            step(sam)


def test_response_publishing_lets_the_clock_go(row, alice):
    with unit_of_work():
        row.paused_on = clock.today()
    do(save_response, row.id, O.ADOPTED, "", WORDS, by=alice)
    do(publish_response, row.id, by=alice)
    assert row.paused_on is None


# --- public texts -------------------------------------------------------------------------------


def test_rule_18_shown_only_with_consent_and_texts(row, alice):
    with pytest.raises(WrongState), unit_of_work():
        show_to_all(row.id, by=alice)
    with unit_of_work():
        row.may_publish = True
    do(save_texts, row.id, {"zh": BOTH["zh"]}, by=alice)
    with pytest.raises(InvalidInput), unit_of_work():
        show_to_all(row.id, by=alice)
    do(save_texts, row.id, BOTH, by=alice)
    do(show_to_all, row.id, by=alice)
    assert (row.public, row.moderation) == (True, Moderation.FIT)
    assert (row.title, row.texts["zh"].by_id) == ("Signs", alice.id)
    with pytest.raises(InvalidInput), unit_of_work():
        save_texts(row.id, {"en": Wording("", "")}, by=alice)
    do(hide, row.id, by=alice)
    do(save_texts, row.id, {"en": Wording("", "")}, by=alice)
    assert set(row.texts) == {"zh"}


def test_unfit_one_is_hidden_and_stays_so(row, alice):
    make_public(row, alice)
    do(moderate, row.id, Moderation.UNFIT, by=alice)
    assert not row.public
    with pytest.raises(WrongState), unit_of_work():
        show_to_all(row.id, by=alice)


def test_rule_15_complaint_is_never_shown(row, alice):
    with unit_of_work():
        row.category, row.may_publish = SuggestionCategory.COMPLAINT, True
    do(save_texts, row.id, BOTH, by=alice)
    with pytest.raises(WrongState), unit_of_work():
        show_to_all(row.id, by=alice)


def test_texts_name_what_is_wrong_with_them(row, alice):
    for words, field in (
        (Wording("", "Said."), "text_en.title"),
        (Wording("T" * 121, ""), "text_en.title"),
        (Wording("T", "S" * 4001), "text_en.said"),
    ):
        with pytest.raises(InvalidInput) as refused, unit_of_work():
            save_texts(row.id, {"en": words}, by=alice)
        assert refused.value.field == field
    with pytest.raises(InvalidInput), unit_of_work():
        save_texts(row.id, {"tlh": Wording("nuqneH", "")}, by=alice)


def test_text_in_a_language_without_an_interface_is_the_title(row, alice):
    with unit_of_work():
        row.language = "bn"
    do(save_texts, row.id, {"bn": Wording("চিহ্ন", "চিহ্ন")}, by=alice)
    assert row.title == "চিহ্ন"


def test_photo_is_shown_only_if_there_is_one(row, alice):
    do(save_texts, row.id, BOTH, by=alice, photo_public=True)
    assert not row.photo_public
    with unit_of_work():
        row.photo_name = "a.jpg"
    do(save_texts, row.id, BOTH, by=alice, photo_public=True)
    assert row.photo_public


# --- templates ----------------------------------------------------------------------------------


def test_templates_are_kept_by_the_subdistrict(alice, sue):
    with pytest.raises(NotAllowed), unit_of_work():
        save_template(None, "Thanks", O.ADOPTED, WORDS, by=alice)
    template = do(save_template, None, " Thanks ", O.ADOPTED, WORDS, by=sue)
    assert (template.name, set(template.texts)) == ("Thanks", {"zh", "en"})
    for name, texts, field in (("", WORDS, "name"), ("Thanks", WORDS, "name"), ("New", {}, None)):
        with pytest.raises(InvalidInput) as refused, unit_of_work():
            save_template(None, name, O.ADOPTED, texts, by=sue)
        assert refused.value.field == field
    do(save_template, template.id, "Thanks", O.PARTLY, {"en": "In part."}, by=sue)
    assert (template.outcome, set(template.texts)) == (O.PARTLY, {"en"})
    do(delete_template, template.id, by=sue)
    assert db.session.scalars(select(ResponseTemplate)).all() == []
    with pytest.raises(NotAllowed), unit_of_work():
        delete_template(999, by=sue)
