"""Two wishes in Korean, from the assistant's phone to "you said, we did", in a real Chromium."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.conftest import NOON
from tests.e2e import steps
from tests.e2e.conftest import DESKTOP, PHONE, Open, Watch
from tests.e2e.server import Site, running_site
from tests.e2e.test_people import follow, press, said
from tests.service_factories import make_assistant

SCRIPTS = pytest.mark.parametrize("js", [True, False], ids=["with scripts", "without scripts"])
SUE, JIWOO = "sue@staff.example.com", "jiwoo@staff.example.com"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a resident says in Korean, and what the office writes about it."""

    category: str
    korean: str
    answer: tuple[str, str]  # Korean, Chinese
    title: tuple[str, str]  # English, Chinese
    did: tuple[str, str]


FITNESS = Wish(
    "sport_and_culture",
    "운동 기구 설명이 중국어로만 되어 있어요. 여러 언어로 된 사용 안내가 있으면 좋겠어요.",
    ("기구마다 다섯 언어로 안내판을 설치하겠습니다.", "每件器材旁将设置五种语言的说明牌。"),
    ("Fitness guidance in several languages", "健身器材多语种使用指导"),
    ("A sign in five languages stands at each machine.", "每件器材旁都有五种语言的说明牌。"),
)
SIGNS = Wish(
    "signs",
    "동네 표지판이 한자로만 되어 있어서 길을 찾기 어렵습니다. 더 분명한 표지판을 세워 주세요.",
    ("영어와 그림이 있는 표지판을 세우겠습니다.", "将设置带英文和图标的指示牌。"),
    ("Clearer signs around the community", "社区指示牌更清楚"),
    ("Twenty-four new signs lead from all gates.", "二十四块新指示牌从各个门口指路。"),
)


@pytest.fixture
def voice(worker: str, js: bool) -> Iterator[Site]:
    """A site with an assistant and somebody of the subdistrict."""
    with running_site(f"voice_{worker}_{js}", NOON) as site:
        with site.database():
            community = factories.make_community("heyuan")
            factories.make_user("sue")
            make_assistant("jiwoo", community)
        yield site


def write_down(page: Page, wish: Wish) -> str:
    """The assistant writes it down for Min-seo; returns the claim code on the slip."""
    page.goto("/en/service/suggestions/new")
    page.locator("#text").fill(wish.korean)
    choose(page, "category", wish.category)
    page.locator("#community_id").select_option(label="Heyuan")
    page.locator("#language").select_option("ko")
    page.locator("#name").fill("김민서")
    page.locator("#may_publish").check()
    press(page, "Send it and print the slip")
    page.wait_for_url("**/slip/**")
    steps.heading(page, "Print this slip and give it away")
    expect(page.locator(".slip__code svg")).to_be_visible()
    return page.locator(".slip .voice-code").inner_text()


def choose(page: Page, name: str, value: str) -> None:
    """In a list or among buttons, whichever the form has."""
    radio = page.locator(f"input[name={name}][value={value}]")
    if radio.count():
        radio.check()
    else:
        page.locator(f"#{name}").select_option(value)


def answer(page: Page, wish: Wish) -> str:
    """From the list at the desk to the published answer; returns the address of the suggestion."""
    page.goto("/en/desk/suggestions")
    follow(page, wish.korean[:12])
    expect(page.locator("main")).to_contain_text(wish.korean)
    here = page.url
    press(page, "Acknowledge")
    said(page, "Acknowledged")
    follow(page, "Assign it")
    page.locator("main form[method=post] button[type=submit]").last.click()
    said(page, "Assigned")
    press(page, "Begin to work on it")
    said(page, "It is in progress now")
    follow(page, "Write a response")
    choose(page, "outcome", "adopted")
    page.locator("[name=text_ko]").fill(wish.answer[0])
    page.locator("[name=text_zh]").fill(wish.answer[1])
    press(page, "Save and look at it")
    press(page, "Publish")
    said(page, "Published")
    return here


def show_and_conclude(page: Page, here: str, wish: Wish) -> None:
    """Write it in English and Chinese, show it to all, and say what has changed."""
    page.goto(f"{here}/texts")
    for code, words in zip(("en", "zh"), wish.title, strict=True):
        page.locator(f"[name=text_{code}-title]").fill(words)
        page.locator(f"[name=text_{code}-said]").fill(words)
    press(page, "Save the texts")
    page.goto(f"{here}/publicity")
    choose(page, "choice", "show")
    press(page, "Save")
    said(page, "Noted")
    page.goto(here)
    follow(page, "Say what has changed")
    for code, words in zip(("en", "zh"), wish.did, strict=True):
        page.locator(f"[name=did_{code}]").fill(words)
    press(page, "It is done")
    said(page, "Done.")


def follow_by_code(page: Page, code: str) -> None:
    page.goto("/en/suggestions/follow")
    page.locator("#code").fill(code.lower())
    press(page, "Open it")
    page.wait_for_url("**/mine/**")


@SCRIPTS
def test_two_wishes_in_korean_change_something(
    voice: Site, open_page: Open, watch: Watch, js: bool
) -> None:
    jiwoo = open_page(voice, js=js, size=PHONE)
    steps.log_in(jiwoo, JIWOO, to="me")
    codes = {wish: write_down(jiwoo, wish) for wish in (FITNESS, SIGNS)}
    jiwoo.goto("/en/service/suggestions")
    expect(jiwoo.locator("main")).to_contain_text("Received")

    # The resident follows with nothing but the slip, and reads the answer in Korean.
    minseo = open_page(voice, js=js, size=PHONE)
    follow_by_code(minseo, codes[FITNESS])
    expect(minseo.locator("main")).to_contain_text(FITNESS.korean)
    private = minseo.url

    voice.moment = NOON + timedelta(days=1)
    sue = open_page(voice, js=js, size=DESKTOP)
    steps.log_in(sue, SUE, to="desk")
    addresses = {wish: answer(sue, wish) for wish in (FITNESS, SIGNS)}
    minseo.goto(private)
    for words in FITNESS.answer:
        expect(minseo.locator("main")).to_contain_text(words)
    minseo.goto("/en/changes")
    expect(minseo.locator("main")).to_contain_text("Nothing to tell yet")

    for wish, here in addresses.items():
        show_and_conclude(sue, here, wish)
    minseo.goto(private)
    expect(minseo.locator("main")).to_contain_text(FITNESS.did[0])

    # Everybody reads what was said and what was done, in Chinese too, and nobody's name.
    minseo.goto("/en/")
    follow(minseo, "You said, we did")
    steps.heading(minseo, "You said, we did")
    for wish in (FITNESS, SIGNS):
        expect(minseo.locator("main")).to_contain_text(wish.title[0])
        expect(minseo.locator("main")).to_contain_text(wish.did[0])
    expect(minseo.locator("main")).to_contain_text("Collected by a foreign community assistant")
    expect(minseo.locator("main")).not_to_contain_text("김민서")
    minseo.goto("/zh/changes/2026/11")
    for wish in (FITNESS, SIGNS):
        expect(minseo.locator("main")).to_contain_text(wish.did[1])
    minseo.goto("/zh/changes/2026/11/poster")
    expect(minseo.locator(".poster")).to_contain_text(SIGNS.did[0])
    expect(minseo.locator(".poster__code svg")).to_be_visible()
