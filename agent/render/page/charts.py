"""Charts as inline SVG, each with a table that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.render.cut import cut
from agent.render.markup import Markup, element, joined
from agent.render.page.quotes import Quotes
from agent.render.page.sources import when
from agent.tables import Sourcing, TypeCell
from agent.wording import count
from vectorstore.article import Article
from vectorstore.chronology import sortable

# In units of the drawing, which is scaled to the page.
WIDTH, LINE, LABEL = 720, 24, 210
LABEL_LETTERS = 30


@dataclass(frozen=True, slots=True)
class Bar:
    """`shown` is the number as it is said; `share` from 0 to 1 is the length."""

    label: str
    share: float
    shown: str


def bars(name: str, title: str, items: Sequence[Bar], heads: tuple[str, str]) -> Markup:
    """Horizontal bars; `name` makes the ids on the page."""
    room = WIDTH - LABEL - 190
    longest = max((item.share for item in items), default=0.0) or 1.0
    rows = []
    for number, item in enumerate(items):
        y = number * LINE
        rows += [
            element("text", cut(item.label, LABEL_LETTERS), x=LABEL - 8, y=y + 16, text_anchor="end", class_="label"),
            element("rect", x=LABEL, y=y + 4, width=max(1, round(room * item.share / longest)), height=LINE - 9, class_="bar"),
            element("text", item.shown, x=LABEL + round(room * item.share / longest) + 6, y=y + 16, class_="number"),
        ]
    table = _table(title, heads, [(item.label, item.shown) for item in items])
    return _figure(name, title, rows, len(items) * LINE + 4, table)


def speaking(table: Sourcing) -> Markup | None:
    """Whose words are quoted, by type of source and by outlet. None where hardly anybody is."""
    total = sum(row.words for row in table.types)
    quoted = sorted((row for row in table.types if row.words), key=lambda row: (-row.words, row.source_type))
    if len(quoted) < 2:
        return None
    items = [Bar(row.source_type, row.words / total, f"{row.words:,} words, {round(100 * row.words / total)} %") for row in quoted]
    chart = bars("types", "Words quoted, by type of source", items, ("Type of source", "Quoted words"))
    heads = ("Outlet", *(row.source_type for row in table.types))
    rows = []
    for number, outlet in enumerate(table.outlets):
        cells = [row.cells[number] for row in table.types]
        rows.append((outlet, *(_quoted(cell) for cell in cells)))
    title = "By outlet: share of the words it quotes; in brackets, how often it gives somebody’s word without quoting"
    scroll = element("div", _table(title, heads, rows), class_="scroll", tabindex=0, role="region", aria_label=title)
    return joined(chart, element("details", element("summary", "By outlet"), scroll))


def _quoted(cell: TypeCell) -> str:
    told = f" ({cell.told})" if cell.told else ""
    return f"{cell.share} %{told}" if cell.words else told.strip() or "–"


def timeline(quotes: Quotes) -> Markup | None:
    """When each outlet published, an outlet a line. None where fewer than two articles have a date."""
    dated = [article for article in quotes.articles if article.published.value]
    if len(dated) < 2:
        return None
    moments = {article.article_id: _moment(article) for article in dated}
    first, last = min(moments.values()), max(moments.values())
    length = max((last - first).total_seconds(), 1.0)
    outlets = list(dict.fromkeys(article.outlet.value or "outlet unknown" for article in dated))
    room = WIDTH - LABEL - 30
    drawn: list[Markup] = []
    for day in _days(first, last):
        x = LABEL + 10 + round(room * (day - first).total_seconds() / length)
        drawn += [
            element("line", x1=x, x2=x, y1=0, y2=len(outlets) * LINE, class_="grid"),
            element("text", day.strftime("%d %b").lstrip("0"), x=x, y=len(outlets) * LINE + 16, text_anchor="middle", class_="number"),
        ]
    for row, outlet in enumerate(outlets):
        y = row * LINE + LINE // 2
        drawn += [
            element("line", x1=LABEL, x2=WIDTH - 10, y1=y, y2=y, class_="rule"),
            element("text", cut(outlet, LABEL_LETTERS), x=LABEL - 8, y=y + 5, text_anchor="end", class_="label"),
        ]
        for article in dated:
            if (article.outlet.value or "outlet unknown") == outlet:
                x = LABEL + 10 + round(room * (moments[article.article_id] - first).total_seconds() / length)
                drawn.append(element("circle", cx=x, cy=y, r=6 if "T" in (article.published.value or "") else 4, class_="dot"))
    rows = [(when(article.published.value), article.outlet.value or "unknown", article.title.value or "no headline") for article in dated]
    table = _table("Articles by time of publication", ("Published", "Outlet", "Headline"), rows)
    undated = len(quotes.articles) - len(dated)
    note = element("p", f"{count(undated, 'article')} without a known date left out.", class_="ours") if undated else None
    title = f"When the {count(len(outlets), 'outlet')} published; small dots where only the day is known, drawn at noon"
    return joined(_figure("timeline", title, drawn, len(outlets) * LINE + 24, table), note)


def _moment(article: Article) -> datetime:
    """In UTC; a day without a time is drawn at its noon."""
    known = sortable(article.published.value)
    return datetime.fromisoformat(known).replace(tzinfo=None) if "T" in known else datetime.fromisoformat(known) + timedelta(hours=12)


def _days(first: datetime, last: datetime) -> list[datetime]:
    """At most eight days to mark on the axis, with the same distance between them."""
    start = first.replace(hour=0, minute=0, second=0, microsecond=0)
    start += timedelta(days=1) if start < first else timedelta()
    days = max((last - start).days, 0)
    step = max(1, -(-days // 7))
    return [start + timedelta(days=number) for number in range(0, days + 1, step)] if start <= last else []


def _figure(name: str, title: str, drawn: Sequence[Markup], height: int, table: Markup) -> Markup:
    drawing = element(
        "svg",
        element("title", title, id=f"{name}-title"),
        drawn,
        viewBox=f"0 0 {WIDTH} {height}",
        role="img",
        aria_labelledby=f"{name}-title",
        class_="chart",
    )
    twin = element(
        "details",
        element("summary", "The same as a table"),
        element("div", table, class_="scroll", tabindex=0, role="region", aria_label=f"{title}, as a table"),
    )
    scroll = element("div", drawing, class_="scroll", tabindex=0, role="region", aria_label=title)
    return element("figure", scroll, element("figcaption", title), twin)


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
    head = element("thead", element("tr", (element("th", one, scope="col") for one in heads)))
    body = (element("tr", element("th", row[0], scope="row"), (element("td", one) for one in row[1:])) for row in rows)
    return element("table", element("caption", title), head, element("tbody", body))
