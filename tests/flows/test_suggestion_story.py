"""A suggestion from the form to the verdict: what its submitter sees at each step of the office."""

import pytest
from sqlalchemy import select

from hub.enums import SuggestionCategory, SuggestionOutcome
from hub.extensions import db
from hub.integrations.signing import backer_token, suggestion_token
from hub.models import Backer, Suggestion, User
from hub.services.suggestion_responses import publish_response, save_response
from hub.services.suggestion_steps import (
    acknowledge,
    ask_submitter,
    conclude,
    start_work,
    triage,
)
from hub.services.suggestion_texts import Wording, save_texts, show_to_all
from hub.transaction import unit_of_work
from tests.people import EVE


@pytest.fixture
def desk(sue):
    """Does one step of the office."""

    def step(service, *said, **more):
        with unit_of_work():
            return service(*said, by=db.session.get_one(User, sue.id), **more)

    return step


def test_rule_15_from_the_form_to_the_verdict(client, sue, desk):
    page = client.get_page("/en/suggestions/new")
    sent = client.submit(
        page, "#suggest", text="Put signs in English at the gate, please.", category="signs",
        contact="mina@example.com", may_publish=True,
    )  # fmt: skip
    client.follow(sent)
    row = db.session.scalars(select(Suggestion)).unique().one()
    number, mine = row.id, f"/en/suggestions/mine/{suggestion_token(row.code)}"

    def heading() -> str:
        return client.get_page(mine).one("h1").get_text()

    assert heading() == "It has arrived"
    desk(acknowledge, number)
    assert heading() == "The office has read it"
    desk(triage, number, SuggestionCategory.SIGNS, sue.id, None)
    assert heading() == "Somebody is in charge of it"
    desk(start_work, number)
    desk(ask_submitter, number, "Which gate?")
    asked = client.get_page(mine)
    assert asked.one("h1").get_text() == "The office has a question"
    client.submit(asked, "form[action$='/answer']", text="The north gate.")
    assert heading() == "Somebody works on it"
    texts = {"en": "We put them up.", "zh": "我们来装。"}
    desk(save_response, number, SuggestionOutcome.ADOPTED, "", texts)
    desk(publish_response, number)
    assert heading() == "You have an answer"
    assert "我们来装。" in client.get_page(mine).text
    words = {"en": Wording("Signs", "English signs"), "zh": Wording("指示牌", "英文指示牌")}
    desk(save_texts, number, words)
    desk(show_to_all, number)
    assert "Signs" in client.get_page("/en/suggestions").text
    desk(conclude, number, {"en": "Three signs stand there.", "zh": "已装三块。"})
    done = client.get_page(mine)
    assert done.one("h1").get_text() == "It is done"
    client.submit(done, "form[action$='/verdict']", verdict="not_solved")
    again = client.get_page(client.get_page(mine).link("Ask for another look"))
    client.submit(again, text="One is missing.")
    assert heading() == "It is looked at again"


def test_follower_hears_and_leaves(app, client, sue, desk):
    page = client.get_page("/en/suggestions/new")
    client.submit(
        page, "#suggest", text="Put signs in English at the gate, please.", category="signs",
        identity="code", may_publish=True,
    )  # fmt: skip
    number = db.session.scalars(select(Suggestion.id)).one()
    words = {"en": Wording("Signs", "English signs"), "zh": Wording("指示牌", "英文指示牌")}
    desk(acknowledge, number)
    desk(save_texts, number, words)
    desk(show_to_all, number)
    omar = EVE(app)
    shown = omar.get_page(f"/en/suggestions/{number}")
    omar.submit(shown, "#back form", contact="omar@example.com", follows=True)
    token = backer_token(db.session.scalars(select(Backer.id)).one())
    omar.submit(omar.get_page(f"/en/suggestions/backing/{token}"))
    assert "1 person says “me too”" in omar.get_page(f"/en/suggestions/{number}").text
    leave = omar.get_page(f"/en/suggestions/backing/{token}")
    omar.submit(leave, me_too=False, follows=False)
    assert "Nobody has said “me too” yet." in omar.get_page(f"/en/suggestions/{number}").text
