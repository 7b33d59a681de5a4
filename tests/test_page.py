"""The page of a brief, in a real browser: readable, reachable by keyboard, inert, and silent towards the network."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html

from agent.brief import Brief, make_brief
from agent.render.page import brief_page
from agent.statement import Ledger
from vectorstore.article import Article, Field
from vectorstore.embed import Embedder
from vectorstore.origin import find_origins
from vectorstore.readers import Read, find_files, read_file

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)

WIRE = (
    "At least {} people were injured when a fire destroyed the customs hall of the ferry terminal in Varn on Friday night, the "
    "coastguard said. Small boats carried 212 passengers of the ferry Norwind to safety. “We had eleven minutes before the roof "
    "went,” said Captain Ida Moll of the coastguard. The port office closed the terminal for three weeks. The cause of the fire was "
    "not known, and the operator Norline did not answer questions about the wiring of the hall on Saturday morning."
)
OTHER = (
    "A fire destroyed the customs hall of the Varn ferry terminal on Friday night, and at least {} people were injured, according to "
    "the coastguard. The 212 passengers of the ferry Norwind were carried to safety in small boats. In January an inspector, Per Aldo, "
    "had warned the operator Norline in a letter that the wiring of the hall was older than 40 years. “We asked for the letter twice,” "
    "said Lis Brandt, the mayor, who wants to see it before the town council meets on Tuesday."
)
EVIL = '<script>document.title="owned"</script><img src=x onerror="document.title=\'owned\'"> <a href="javascript:alert(1)">go</a>'
MORE_EVIL = '"><svg onload=alert(2)> </style></script><script>alert(3)</script> {{7*7}} ]]> <!-- &lt;b&gt;'


def article(outlet: str | None, text: str, title: str | None = "Fire in Varn", day: str | None = "2025-03-14", **more: str) -> Article:
    known = {"title": title, "outlet": outlet, "published": day, **more}
    return Article(text, **{name: Field(value, "given", name) for name, value in known.items() if value})


def brief_on(embedder: Embedder, *articles: Article) -> Brief:
    return make_brief(articles, find_origins(articles), embedder.embed, Ledger())


@dataclass
class Opened:
    """A page in the browser, with what it asked for and complained of."""

    page: Any
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def run(self, script: str) -> Any:
        return self.page.evaluate(script)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt-get install chromium (.ci/run does)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    contexts = []

    def opened(brief: Brief, width: int = 1280, **options: Any) -> Opened:
        file = tmp_path / "brief.html"
        file.write_text(brief_page(brief), encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        shown = Opened(context.new_page())
        shown.page.on("request", lambda request: shown.asked.append(request.url))
        shown.page.on("console", lambda message: shown.said.append(message.text))
        shown.page.on("pageerror", lambda error: shown.said.append(str(error)))
        shown.page.on("dialog", lambda dialog: (shown.said.append("a dialog"), dialog.dismiss()))
        shown.page.goto(file.as_uri())
        assert shown.asked == [file.as_uri()]
        return shown

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def two(minilm: Embedder) -> Brief:
    return brief_on(
        minilm,
        article("Post", WIRE.format("four"), url="https://post.example/fire", day="2025-03-14T09:10:00+01:00"),
        article("Courier", OTHER.format("eleven"), day="2025-03-15T12:00:00+01:00"),
        article("Metro", WIRE.format("four"), day="2025-03-14T10:00:00+01:00"),
        article("Herald", OTHER.format("eleven").replace("Friday night", "the night to Saturday"), day="2025-03-16"),
    )


@pytest.fixture(scope="module")
def evil(minilm: Embedder) -> Brief:
    hostile = f" The words {EVIL} were painted on 14 walls of the customs hall in Varn, the mayor Lis Brandt said. {MORE_EVIL} stood there."
    return brief_on(
        minilm,
        article(f"Post {EVIL}", WIRE.format("four") + hostile, title=MORE_EVIL, url="javascript:alert(4)", author=EVIL),
        article("Courier\u202egnp", OTHER.format("eleven") + hostile, title=f"\u202e{EVIL}", url="https://user:word@courier.example/"),
    )


def violations(shown: Opened) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(shown.page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]} ({one['nodes'][0]['failureSummary'][:160]})" for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_it_is_accessible(show: Callable[..., Opened], two: Brief, scheme: str, width: int) -> None:
    shown = show(two, width, color_scheme=scheme)
    shown.run("for (const one of document.querySelectorAll('details')) one.open = true")
    assert violations(shown) == []
    assert shown.run("document.documentElement.scrollWidth") <= width
    assert shown.said == []


def test_a_keyboard_leads_from_a_line_to_its_words_in_the_article(show: Callable[..., Opened], two: Brief) -> None:
    shown = show(two)
    for _ in range(60):
        shown.page.keyboard.press("Tab")
        if shown.run("document.activeElement.matches('td.cell a')"):
            break
    quote = shown.run("document.activeElement.getAttribute('href')")
    assert quote.startswith("#q")
    shown.page.keyboard.press("Enter")
    assert shown.run("location.hash") == quote
    there = shown.run("document.activeElement.getBoundingClientRect().top")
    assert 0 <= there < 900
    assert shown.run("document.activeElement.nextElementSibling.tagName") == "MARK"
    assert shown.run("document.activeElement.closest('article') !== null")


def test_nothing_of_an_article_becomes_markup(show: Callable[..., Opened], evil: Brief) -> None:
    shown = show(evil)
    shown.page.wait_for_timeout(100)
    assert shown.said == []
    assert "owned" not in shown.run("document.title")[:6]
    assert shown.run("document.querySelectorAll('img, iframe, object, embed, link, base, [onload], [onerror], svg svg').length") == 0
    assert shown.run("document.scripts.length") == 1
    links = shown.run("Array.from(document.links, (one) => one.getAttribute('href'))")
    assert [one for one in links if not one.startswith("#")] == []
    assert EVIL in shown.run("document.body.textContent")


def test_the_policy_lets_nothing_be_loaded_or_run(show: Callable[..., Opened], two: Brief) -> None:
    shown = show(two)
    shown.run(
        """const one = document.createElement("script"); one.textContent = "document.title = 'owned'"; document.body.append(one);
        const other = new Image(); other.src = "http://127.0.0.1:9/x.png"; document.body.append(other);
        document.body.setAttribute("style", "display: none"); fetch("http://127.0.0.1:9/").catch(() => 0)"""
    )
    shown.page.wait_for_timeout(200)
    assert shown.run("document.title") != "owned"
    assert shown.run("getComputedStyle(document.body).display") != "none"
    assert all(text.startswith(("Refused", "Loading", "Applying", "Executing", "Connecting", "Fetch")) for text in shown.said), shown.said
    assert len(shown.said) >= 4


def test_without_a_script_everything_is_there(show: Callable[..., Opened], two: Brief, tmp_path: Path) -> None:
    shown = show(two, java_script_enabled=False)
    tree = lxml_html.fromstring((tmp_path / "brief.html").read_text(encoding="utf-8"))
    assert not shown.page.locator("#filter").is_visible()
    assert shown.page.locator("#matrix td.cell").first.is_visible()
    assert "11" in "".join(tree.itertext()) or "eleven" in "".join(tree.itertext())


def test_charts_draw_what_their_tables_say(show: Callable[..., Opened], two: Brief) -> None:
    shown = show(two)
    shown.run("for (const one of document.querySelectorAll('figure details')) one.open = true")
    assert shown.run("document.querySelectorAll('svg :is(rect, circle, line, text) > *').length") == 0
    dots = shown.page.locator("#timeline circle")
    rows = shown.page.locator("#timeline tbody tr")
    assert dots.count() == rows.count() == 4
    assert all(dots.nth(number).is_visible() for number in range(4))


def test_the_filter_hides_what_an_outlet_has_not(show: Callable[..., Opened], two: Brief) -> None:
    shown = show(two)
    visible = "Array.from(document.querySelectorAll('.finding')).filter((one) => !one.hidden).length"
    all_of_it = shown.run(visible)
    shown.page.locator("#of-outlet").select_option(label="Courier")
    some = shown.run(visible)
    assert 0 < some < all_of_it
    assert shown.page.locator("#of-all").inner_text() == f"{some} of {all_of_it}"
    shown.page.locator("#of-words").fill("no such words")
    assert shown.run(visible) == 0
    shown.page.locator("#of-words").fill("")
    shown.page.locator("#of-outlet").select_option(value="")
    assert shown.run(visible) == all_of_it


def test_it_prints_on_a4(show: Callable[..., Opened], two: Brief) -> None:
    shown = show(two, width=688)  # an A4 page between our margins, in CSS pixels
    shown.page.emulate_media(media="print")
    assert shown.run("document.documentElement.scrollWidth") <= 688
    assert not shown.page.locator("nav").is_visible()
    paper = shown.page.pdf(format="A4", prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 12


def test_every_link_on_the_page_has_its_place_and_every_id_is_one(two: Brief, evil: Brief) -> None:
    for brief in (two, evil):
        tree = lxml_html.fromstring(brief_page(brief))
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids))
        assert {href[1:] for href in tree.xpath("//@href") if href.startswith("#")} <= set(ids)


def test_what_hides_in_a_text_is_shown_by_name(evil: Brief) -> None:
    page = brief_page(evil)
    assert "\u202e" not in page
    assert "⟨U+202E⟩" in page


def edge(minilm: Embedder, name: str) -> Brief:
    rtl = "اندلع حريق في محطة العبّارات في فارن ليلة الجمعة وأصيب أربعة أشخاص بجروح كما قال خفر السواحل. " * 8
    cjk = "周五晚上，瓦恩渡轮码头发生火灾，海岸警卫队称至少有四人受伤。 港口办公室将码头关闭三周。 " * 30
    cases: dict[str, list[Article]] = {
        "nothing": [],
        "one article": [article("Post", WIRE.format("four"))],
        "nothing known": [article(None, text.format("four"), title=None, day=None) for text in (WIRE, OTHER)],
        "one origin": [article(name, WIRE.format("four")) for name in ("Post", "Metro", "Radio")],
        "long titles": [article(name, text, title="Wordwordword" * 42) for name, text in (("Post", WIRE), ("Courier", OTHER))],
        "other scripts": [
            article("صحيفة المرفأ", rtl, title="حريق في فارن", language="ar"),
            article("港口报", cjk, title="瓦恩火灾", language="zh"),
            article("Post", WIRE.format("four")),
            article("Courier", OTHER.format("four")),
        ],
        "many outlets": [
            article(f"Outlet {number} of the Northern Islands", (WIRE if number % 2 else OTHER).format("four") + f" Row {number}.")
            for number in range(24)
        ],
    }
    return brief_on(minilm, *cases[name])


EDGES = ["nothing", "one article", "nothing known", "one origin", "long titles", "other scripts", "many outlets"]


@pytest.mark.parametrize("name", EDGES)
def test_an_unusual_event_has_a_page_that_holds(show: Callable[..., Opened], minilm: Embedder, name: str) -> None:
    shown = show(edge(minilm, name), 320)
    assert shown.run("document.documentElement.scrollWidth") <= 320
    assert violations(shown) == []
    assert shown.said == []
    if name == "other scripts":
        assert shown.run("document.querySelectorAll('[dir=rtl][lang=ar]').length") > 0


def test_the_example_in_the_docs_is_of_this_renderer_and_this_sample() -> None:
    """Where its findings differ from today's, docs/make_example.py makes it anew; what it rests on must be there as it is."""
    docs, sample = Path(__file__).parent.parent / "docs", Path(__file__).parent.parent / "vectorstore" / "sample"
    tree = lxml_html.fromstring((docs / "example-brief.html").read_text(encoding="utf-8"))
    advice = "run: python docs/make_example.py"
    assert tree.findtext(".//style") == (Path(brief_page.__code__.co_filename).parent / "page.css").read_text("utf-8"), advice
    assert tree.findtext(".//script") == (Path(brief_page.__code__.co_filename).parent / "page.js").read_text("utf-8"), advice
    texts = {read.article.text_id: read.article.text for file in find_files(sample) for read in read_file(file) if isinstance(read, Read)}
    hashes = [code.text for code in tree.findall(".//section[@id='manifest']//code") if len(code.text) == 64]
    assert len(hashes) == 9
    assert set(hashes) <= set(texts), advice
    words = " ".join(" ".join(text.split()) for text in texts.values())
    quoted = [quote.text_content().removesuffix(" […]") for quote in tree.xpath("//a[@class='words']/q")]
    assert len(quoted) > 100
    assert [quote for quote in quoted if quote not in words] == []
    assert (docs / "example-brief.png").stat().st_size < 300_000
