"""Suggestions that say nearly the same, in any script; originals stay private (rules 15, 20)."""

from sqlalchemy import event

from hub.extensions import db
from hub.queries.similar import letter_pairs, likeness, similar_for_desk, similar_public
from tests.voice_factories import make_public, make_suggestion


def found(text) -> list[int]:
    return [s.suggestion.id for s in similar_public(text)]


def test_likeness_folds_case_width_blanks_and_points():
    same = letter_pairs("A bench, please!"), letter_pairs("ａ BENCH please")
    assert likeness(*same) == 1
    assert (
        likeness(letter_pairs("桥头缺少英文指示牌"), letter_pairs("请在桥头增设英文指示牌")) > 0.5
    )
    assert likeness(letter_pairs(""), letter_pairs("x")) == 0


def test_public_texts_are_found_in_each_language(alice):
    signs = make_public(
        make_suggestion(), alice, en="Signs in English at the gate", zh="大门口增设英文指示牌"
    )
    make_public(make_suggestion(), alice, en="A table tennis table", zh="增加乒乓球台")
    assert found("We need English signs at the gate") == [signs.id]
    assert found("门口要有英文指示牌") == [signs.id]
    assert found("xyz") == []
    assert found("") == []


def test_rule_15_originals_and_hidden_ones_are_never_compared(alice):
    make_suggestion("My neighbour plays the trumpet at night.")
    public = make_public(make_suggestion("My neighbour plays the drums at night."), alice)
    assert found("My neighbour plays the drums at night") == []
    assert found("Signs in English") == [public.id]


def test_best_five_the_most_similar_first(alice):
    for number in range(7):
        make_public(make_suggestion(), alice, en="A bench at the bus stop" + " x" * number, zh="椅")
    best = similar_public("A bench at the bus stop")
    assert len(best) == 5
    assert [s.score for s in best] == sorted((s.score for s in best), reverse=True)


def test_questions_to_the_database_do_not_grow_with_the_rows(alice):
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    numbers = []
    for _round in range(2):
        make_public(make_suggestion(), alice)
        db.session.expire_all()
        asked.clear()
        similar_public("Signs in English")
        numbers.append(len(asked))
    assert numbers[0] == numbers[1]


def test_rule_20_desk_compares_what_its_staff_may_see(alice, sue, community, other_community):
    words = "The lamp in front of house 12 is broken"
    here = make_suggestion(words, community=community)
    there = make_suggestion(words + "!", community=other_community)
    row = make_suggestion("Lamp broken in front of house 12", community=community)
    assert [s.suggestion.id for s in similar_for_desk(alice, row)] == [here.id]
    assert {s.suggestion.id for s in similar_for_desk(sue, row)} == {here.id, there.id}
