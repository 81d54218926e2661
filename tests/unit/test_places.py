"""Communities and venues."""

from dataclasses import replace

import pytest

from hub.exceptions import InvalidInput, NotAllowed
from hub.queries.places import all_communities, managed_communities, managed_venues
from hub.services.places import VenueData, save_community, save_venue
from hub.transaction import unit_of_work
from tests.factories import make_community, make_venue


def save(by, slug="heyuan-east", names=None, found=None):
    with unit_of_work():
        return save_community(found, slug, {"en": "Heyuan East"} if names is None else names, by=by)


def venue(by, data: VenueData, found=None):
    with unit_of_work():
        return save_venue(found, data, by=by)


@pytest.fixture
def hall(community_one) -> VenueData:
    return VenueData(
        community_one.id, {"en": " Hall ", "zh": "  "}, {"en": " 1 Road "}, "https://map.example/1"
    )


@pytest.fixture
def community_one(db_session):
    return make_community("one")


def test_community_keeps_the_names_that_were_given(ada):
    made = save(ada, names={"en": " Heyuan East ", "zh": "  "})
    assert (made.slug, {c: t.name for c, t in made.texts.items()}) == (
        "heyuan-east",
        {"en": "Heyuan East"},
    )


def test_community_is_renamed_and_its_other_name_removed(ada, community_one):
    save(ada, "one", {"en": "One!"}, community_one)
    assert {c: t.name for c, t in community_one.texts.items()} == {"en": "One!"}


@pytest.mark.parametrize("slug", ["", "a", "Heyuan", "he yuan", "9lives", "-a", "a" * 41, "和院"])
def test_community_with_an_unusable_short_name_is_refused(ada, slug):
    with pytest.raises(InvalidInput) as refused:
        save(ada, slug)
    assert refused.value.field == "slug"


def test_short_name_belongs_to_one_community(ada, community_one):
    with pytest.raises(InvalidInput) as refused:
        save(ada, "one")
    assert refused.value.field == "slug"
    save(ada, "one", found=community_one)


@pytest.mark.parametrize("names", [{}, {"en": " "}])
def test_community_without_a_name_is_refused(ada, names):
    with pytest.raises(InvalidInput) as refused:
        save(ada, names=names)
    assert refused.value.field == "texts"


@pytest.mark.parametrize("who", ["alice", "sue"])
def test_rule_20_only_administrators_make_communities(request, who):
    with pytest.raises(NotAllowed):
        save(request.getfixturevalue(who))


def test_venue_keeps_what_was_given(ada, hall, community_one):
    made = venue(ada, hall)
    assert {c: (t.name, t.address) for c, t in made.texts.items()} == {"en": ("Hall", "1 Road")}
    assert (made.community_id, made.map_url) == (community_one.id, "https://map.example/1")


def test_venue_is_changed(ada, hall):
    made = venue(ada, hall)
    venue(ada, replace(hall, names={"zh": "礼堂"}, addresses={}, map_url=""), made)
    assert {c: (t.name, t.address) for c, t in made.texts.items()} == {"zh": ("礼堂", "")}
    assert made.map_url == ""


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("texts", {"names": {}}),
        ("texts", {"names": {"en": " "}}),
        ("map_url", {"map_url": "javascript:alert(1)"}),
        ("map_url", {"map_url": "map.example/1"}),
    ],
)
def test_venue_that_can_not_be_used_is_refused_at_its_field(ada, hall, field, change):
    with pytest.raises(InvalidInput) as refused:
        venue(ada, replace(hall, **change))
    assert refused.value.field == field


def test_rule_20_staff_make_venues_in_their_community_only(hall, alice, sam, community):
    mine = replace(hall, community_id=community.id)
    assert venue(alice, mine).community_id == community.id
    with pytest.raises(NotAllowed):
        venue(sam, mine)


def test_rule_20_venue_is_neither_pushed_out_nor_pulled_in(hall, alice, community, sam):
    mine = venue(alice, replace(hall, community_id=community.id))
    foreign = make_community("far")
    with pytest.raises(NotAllowed):
        venue(alice, replace(hall, community_id=foreign.id), mine)
    with pytest.raises(NotAllowed):
        venue(sam, replace(hall, community_id=sam.roles[0].community_id), mine)


def test_rule_20_everybody_is_offered_what_they_manage(community, other_community, alice, sue):
    here, there = make_venue(community), make_venue(other_community)
    assert all_communities() == [community, other_community]
    assert managed_communities(alice) == [community]
    assert managed_communities(sue) == [community, other_community]
    assert managed_venues(alice) == [here]
    assert managed_venues(sue) == [here, there]
