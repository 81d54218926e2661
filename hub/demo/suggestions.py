"""Suggestions of the sample data, in every state: what people said, and what the office did.

The words stand in texts/suggestions.toml. Numbers of suggestions and claim codes are random here
as everywhere: nothing may tell in which order they came (rule 16).
"""

import random
import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from hub import clock
from hub.demo.accounts import ASSISTANT, RESIDENT, Staff
from hub.demo.assistants import Helpers
from hub.demo.people import crowd
from hub.demo.places import Places
from hub.demo.texts import HERE
from hub.demo.timeline import Timeline
from hub.enums import (
    ContactKind,
    SuggestionCategory,
    SuggestionIdentity,
    SuggestionOutcome,
    Verdict,
)
from hub.extensions import db
from hub.integrations.contacts import Contact, parse_contact
from hub.integrations.signing import contact_digest
from hub.models import Backer, User
from hub.services.backers import ask_to_back, confirm_backing
from hub.services.response_templates import save_template
from hub.services.suggestion_clock import ask_if_done, escalate_overdue
from hub.services.suggestion_links import answer_question, judge, reopen
from hub.services.suggestion_responses import publish_response, save_response
from hub.services.suggestion_steps import (
    acknowledge,
    ask_submitter,
    conclude,
    join_duplicate,
    refer,
    start_work,
    triage,
)
from hub.services.suggestion_texts import Wording, save_texts, show_to_all
from hub.services.suggestions import Saying, submit_suggestion

DAY = timedelta(days=1)
OPENS = timedelta(hours=9, minutes=20)  # when somebody at the desk looks at the first one
SHOWN_IN = ("en", "zh")
WATCHED = 60  # days before today on which the worker looks after them

Story = dict[str, Any]


def told() -> dict[str, list[Story]]:
    """What stands in the file."""
    return tomllib.loads((HERE / "suggestions.toml").read_text("utf-8"))


class Suggestions:
    """Plans all of them on the timeline."""

    def __init__(
        self, timeline: Timeline, staff: Staff, places: Places, helpers: Helpers, seed: int
    ) -> None:
        self.timeline, self.staff, self.places = timeline, staff, places
        self.helpers, self.seed = helpers, seed
        self._ids: dict[str, int] = {}
        self._today = clock.to_local(timeline.now).date()

    def plan(self, founded: timedelta) -> None:
        file = told()
        opened = self.timeline.now - founded
        self.timeline.at(opened, partial(self._write_templates, file["template"]))
        for number, story in enumerate(file["suggestion"]):
            came = self._moment(story["days"], number)
            self.timeline.at(came, partial(self._say, story))
            for order, (step, days) in enumerate(story["steps"].items(), start=1):
                act: Callable[[Story], object] = getattr(self, f"_{step}")
                moment = self._moment(story["days"] - days, number) + order * timedelta(minutes=9)
                self.timeline.at(moment, partial(act, story))
        for days in range(WATCHED):
            morning = self._moment(days, 0) - timedelta(minutes=20)
            self.timeline.at(morning, escalate_overdue)
            self.timeline.at(morning, ask_if_done)

    def _moment(self, days_ago: int, number: int) -> datetime:
        """Some minutes apart, as somebody at a desk goes through them."""
        return clock.day_start(self._today - days_ago * DAY) + OPENS + number * timedelta(minutes=4)

    # --- what people do --------------------------------------------------------------------------

    def _say(self, story: Story) -> None:
        by = self._author(story)
        identity, contact = _reach(story)
        place = self.places.communities.get(story["community"])
        saying = Saying(
            text=story["text"],
            category=SuggestionCategory(story["category"]),
            language=story["language"],
            identity=identity,
            contact=contact,
            name=story["who"],
            community_id=place,
            place=story.get("place", ""),
            may_publish="en" in story,
            collected="by" in story,
        )
        self._ids[story["key"]] = submit_suggestion(saying, by=by).suggestion.id

    def _reply(self, story: Story) -> None:
        answer_question(self._id(story), story["reply"])

    def _reopen(self, story: Story) -> None:
        reopen(self._id(story), story["reopening"])

    def _judge(self, story: Story) -> None:
        judge(self._id(story), Verdict(story["verdict"]), story.get("verdict_text", ""))

    def _me_too(self, story: Story) -> None:
        """People with an address, each through the link in their mail."""
        reachable = [p for p in crowd() if p.contact.kind is ContactKind.EMAIL]
        rng = random.Random(f"{self.seed}:{story['key']}")
        for number, person in enumerate(rng.sample(reachable, story["me_too"])):
            wishes = {"me_too": True, "follows": number % 4 == 0}
            ask_to_back(self._id(story), person.contact, language=person.language, **wishes)
            key = contact_digest(person.contact.key)
            query = select(Backer.id).where(
                Backer.suggestion_id == self._id(story), Backer.contact_key == key
            )
            confirm_backing(db.session.scalars(query).one(), **wishes)

    # --- what the office does --------------------------------------------------------------------

    def _acknowledge(self, story: Story) -> None:
        acknowledge(self._id(story), by=self.staff.office)

    def _triage(self, story: Story) -> None:
        days = story.get("due")
        due = self._today - (story["days"] - days) * DAY if days is not None else None
        category = SuggestionCategory(story["category"])
        triage(self._id(story), category, self._owner(story).id, due, by=self.staff.office)

    def _start(self, story: Story) -> None:
        start_work(self._id(story), by=self._owner(story))

    def _ask(self, story: Story) -> None:
        ask_submitter(self._id(story), story["question"], by=self._owner(story))

    def _answer(self, story: Story) -> None:
        outcome = SuggestionOutcome(story["outcome"])
        owner, number = self._owner(story), self._id(story)
        save_response(number, outcome, story.get("reason", ""), story["answer"], by=owner)
        publish_response(number, by=owner)

    def _show(self, story: Story) -> None:
        words = {code: Wording(story[code]["title"], story[code]["said"]) for code in SHOWN_IN}
        save_texts(self._id(story), words, by=self._owner(story))
        show_to_all(self._id(story), by=self._owner(story))

    def _conclude(self, story: Story) -> None:
        changes = {code: story[code]["did"] for code in SHOWN_IN}
        conclude(self._id(story), changes, by=self._owner(story))

    def _refer(self, story: Story) -> None:
        to, reference, reason = story["to"], story["reference"], story["reason"]
        refer(self._id(story), to, reference, reason, by=self._owner(story))

    def _join(self, story: Story) -> None:
        join_duplicate(self._id(story), self._ids[story["joins"]], by=self._owner(story))

    def _write_templates(self, templates: list[Story]) -> None:
        for one in templates:
            texts = {code: one[code] for code in SHOWN_IN}
            outcome = SuggestionOutcome(one["outcome"])
            save_template(None, one["name"], outcome, texts, by=self.staff.office)

    # --- who is who ------------------------------------------------------------------------------

    def _id(self, story: Story) -> int:
        return self._ids[story["key"]]

    def _owner(self, story: Story) -> User:
        return self.staff.of(story["community"])

    def _author(self, story: Story) -> User | None:
        """Whose account it is sent from: an assistant's, the resident's or nobody's."""
        if story["contact"] == "account":
            return self.staff.user(RESIDENT)
        key = story.get("by")
        if key is None:
            return None
        return self.staff.user(ASSISTANT) if key == "assistant" else self.helpers.user(key)


def _reach(story: Story) -> tuple[SuggestionIdentity, Contact | None]:
    match story["contact"]:
        case "anonymous":
            return SuggestionIdentity.ANONYMOUS, None
        case "code":
            return SuggestionIdentity.CODE, None
        case "account":
            return SuggestionIdentity.CONTACT, None
        case address:
            return SuggestionIdentity.CONTACT, parse_contact(address)
