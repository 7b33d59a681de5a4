"""The events of one library: places the articles that came or changed, names the events, lists them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from vectorstore.article import Article, digest
from vectorstore.catalog import Catalog
from vectorstore.chronology import order
from vectorstore.events.event import Event
from vectorstore.events.grouping import Regrouped, regroup
from vectorstore.events.likeness import CROWD_TO, Floats, Known, Surroundings
from vectorstore.events.store import TITLE_TEXT, EventStore, Member, Waiting
from vectorstore.events.title import Candidate, first_words, most_telling
from vectorstore.events.traits import LEAD_CHARACTERS, traits_of
from vectorstore.scope import Scope

# Articles placed in one transaction: as many as have so many likenesses to all that they are compared with (80 MB), within bounds.
CELLS, FEWEST, MOST = 20_000_000, 50, 1_000
# A title is chosen among so many of an event's articles, those nearest to its middle.
TITLES_COMPARED = 60


class EventKeeper:
    """`place` is for the writer, everything else for readers too."""

    def __init__(self, catalog: Catalog):
        self._catalog = catalog
        self._store = EventStore(catalog.database)

    def place(self) -> int:
        """Places every article that came or changed since the last time; returns how many. Killed in between, it goes on the next time."""
        count = 0
        while self._store.any_waiting():
            with self._catalog.transaction():
                days = self._store.days_waiting(MOST)
                compared = len(days) + self._store.count_placed(days)
                waiting = self._store.waiting(min(max(CELLS // compared, FEWEST), MOST))
                _Placing(self._catalog, self._store, waiting).run()
                self._store.drop_empty()
                count += len(waiting)
        return count

    def place_all_anew(self) -> None:
        """At the next `place`: after the vectors have changed. Call it inside a transaction."""
        self._store.place_all_anew()

    def present_id(self, event_id: str) -> str | None:
        """The id under which an event that has or had this one is listed now."""
        found = self._store.event_called(event_id)
        return found[1] if found else None

    def events(self, scope: Scope | None = None) -> list[Event]:
        """Those with an article in scope, whole, the largest first. An article that is not placed yet is an event of its own.

        As of a day, an event is what stood of it then, under a headline of that time; which articles belong together is known from today.
        """
        with self._catalog.snapshot():
            members, then = self._store.listed(), None
            if scope is not None and scope.as_of is not None:
                then = {article.article_id: article for article in self._catalog.articles(Scope(as_of=scope.as_of))}
                members = [_as_it_was(member, then[member.article_id]) for member in members if member.article_id in then]
            inside = None if scope is None or scope.everything else self._catalog.article_ids(scope)
            events: dict[str, list[Member]] = defaultdict(list)
            alone: list[Member] = []
            for member in sorted(members, key=lambda member: order(member.published, member.article_id)):
                events[member.event_id].append(member) if member.event_id else alone.append(member)
            for member in alone:
                names = ("ev" + member.article_id[:length] for length in (8, 12, 16))
                events[next((name for name in names if name not in events), "ev" + digest(member.article_id))].append(member)
            wanted = {
                event_id: listed
                for event_id, listed in events.items()
                if inside is None or any(member.article_id in inside for member in listed)
            }
            titles = self._titles(wanted) if then is None else {event_id: _title_of(listed, then) for event_id, listed in wanted.items()}
        found = [_event(event_id, titles[event_id], listed) for event_id, listed in wanted.items()]
        return sorted(found, key=lambda event: (-len(event.outlets), -len(event.article_ids), event.event_id))

    def _titles(self, events: Mapping[str, Sequence[Member]]) -> dict[str, str]:
        chosen = {
            event_id: min(members, key=lambda member: (member.title is None, not member.headline)) for event_id, members in events.items()
        }
        untitled = self._store.headlines([member.article_id for member in chosen.values() if not member.headline])
        titles: dict[str, str] = {}
        for event_id, member in chosen.items():
            start, end = member.title or (0, 0)
            title = (member.headline or "")[start:end] or member.headline
            titles[event_id] = title or f"no headline: {first_words(untitled[member.article_id][1])} ..."
        return titles


def _as_it_was(member: Member, article: Article) -> Member:
    return replace(member, title=None, headline=article.title.value, outlet=article.outlet.value, published=article.published.value)


def _title_of(members: Sequence[Member], articles: Mapping[str, Article]) -> str:
    texts = [(member.article_id, articles[member.article_id].text[:TITLE_TEXT]) for member in members[:TITLES_COMPARED]]
    title = most_telling([Candidate(article_id, articles[article_id].title.value, start) for article_id, start in texts])
    chosen = articles[title.article_id]
    return (chosen.title.value or "")[title.start : title.end] or f"no headline: {first_words(chosen.text)} ..."


def _event(event_id: str, title: str, members: Sequence[Member]) -> Event:
    days = sorted(date.fromisoformat(member.published[:10]) for member in members if member.published)
    return Event(
        event_id,
        title,
        tuple(member.article_id for member in members),
        tuple(sorted({member.outlet for member in members if member.outlet})),
        days[0] if days else None,
        days[-1] if days else None,
    )


@dataclass(slots=True)
class _Event:
    """An event while articles are placed: its number in the catalog and the numbers of its articles."""

    number: int
    articles: list[int]


class _Placing:
    """One batch of waiting articles among the placed ones."""

    def __init__(self, catalog: Catalog, store: EventStore, waiting: Sequence[Waiting]):
        self._catalog, self._store, self._waiting = catalog, store, waiting
        placed = store.placed({item.day for item in waiting})
        fresh = self._known(waiting, len(placed[0][2].lead) if placed else 1)
        self._ids = [article_id for article_id, _, _ in placed] + [item.article_id for item in waiting]
        self._around = Surroundings([known for _, _, known in placed] + [fresh[item.article_id] for item in waiting])
        self._new = range(len(placed), len(self._ids))
        self._fresh = fresh
        events: dict[int, _Event] = {}
        for number, (_, event, _) in enumerate(placed):
            events.setdefault(event, _Event(event, [])).articles.append(number)
        self._events = list(events.values())

    def _known(self, waiting: Sequence[Waiting], width: int) -> dict[str, Known]:
        rows, vectors = self._catalog.passages_of({item.text_id for item in waiting}, start_below=LEAD_CHARACTERS)
        by_text: dict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(rows):
            by_text[row.text_id].append(number)
        width = vectors.shape[1] or width
        nearest = np.zeros(CROWD_TO, np.float32)
        return {
            item.article_id: Known(
                traits_of(item.title, item.start), _lead(vectors[by_text[item.text_id]], width), item.day, item.outlet, nearest
            )
            for item in waiting
        }

    def run(self) -> None:
        before = self._around.nearest.copy()
        likeness = self._around.meet(self._new)
        found = regroup(likeness, list(self._new), [event.articles for event in self._events], self._around)
        self._store.put_known(self._fresh)
        changed = np.flatnonzero((self._around.nearest != before).any(axis=1))
        self._store.put_nearest((self._ids[number], self._around.nearest[number]) for number in {*changed.tolist(), *self._new})
        self._store.done(item.article_id for item in self._waiting)
        self._write(found)

    def _write(self, found: Regrouped) -> None:
        """Every group goes on as the event that most of its articles were in; of two with as many, as the older one."""
        former = {self._ids[number]: event.number for event in self._events for number in event.articles}
        former |= {item.article_id: item.event for item in self._waiting if item.event is not None}
        stay = {event.number for place, event in enumerate(self._events) if place not in found.apart}
        names = self._heirs(found.groups, former, stay)
        touched: dict[int, Sequence[int]] = {}
        for place, group in enumerate(found.groups):
            ids = self._in_order(group)
            number = names[place] if place in names else self._store.new_event(ids, digest(" ".join(ids))[:16])
            touched[number] = group
        for place, joined in found.joined.items():
            touched[self._events[place].number] = [*self._events[place].articles, *joined]
        for kept, lost in ((self._events[kept], self._events[lost]) for kept, lost in found.merged):
            touched[kept.number] = [*touched.get(kept.number, kept.articles), *touched.pop(lost.number, lost.articles)]
            former |= {self._ids[number]: lost.number for number in lost.articles}
        for event, numbers in touched.items():
            self._store.put_members(event, (self._ids[number] for number in numbers))
        self._remember(former, {self._ids[number]: event for event, numbers in touched.items() for number in numbers})
        for event, numbers in touched.items():
            self._entitle(event, numbers)

    def _in_order(self, group: Iterable[int]) -> list[str]:
        """Those with a date first, the earliest first."""
        known = self._around.articles
        ordered = sorted(group, key=lambda number: (known[number].day is None, known[number].day or 0, self._ids[number]))
        return [self._ids[number] for number in ordered]

    def _heirs(self, groups: Sequence[Sequence[int]], former: Mapping[str, int], stay: Collection[int]) -> dict[int, int]:
        shares = [
            (-count, event, place)
            for place, group in enumerate(groups)
            for event, count in Counter(former[self._ids[number]] for number in group if self._ids[number] in former).items()
            if event not in stay
        ]
        heirs: dict[int, int] = {}
        for _, event, place in sorted(shares):
            if place not in heirs and event not in heirs.values():
                heirs[place] = event
        return heirs

    def _remember(self, former: Mapping[str, int], now: Mapping[str, int]) -> None:
        """An event that all articles have left is remembered as a former name of the one that most of them went to."""
        went: dict[int, Counter[int]] = defaultdict(Counter)
        for article_id, event in former.items():
            if article_id in now and now[article_id] != event:
                went[event][now[article_id]] += 1
        for event, targets in sorted(went.items()):
            if not self._store.members(event):
                self._store.became(event, min(targets, key=lambda target: (-targets[target], target)))

    def _entitle(self, event: int, numbers: Sequence[int]) -> None:
        leads = np.stack([self._around.articles[number].lead for number in numbers]).astype(np.float32)
        central = leads @ leads.mean(axis=0)
        order = sorted(range(len(numbers)), key=lambda place: (-round(float(central[place]), 4), self._ids[numbers[place]]))
        ids = [self._ids[numbers[place]] for place in order[:TITLES_COMPARED]]
        texts = self._store.headlines(ids)
        self._store.entitle(event, most_telling([Candidate(article_id, *texts[article_id]) for article_id in ids]))


def _lead(vectors: Floats, width: int) -> Floats:
    """Of length 1: the mean of the vectors of the passages that start within the lead; of no passages, nothing."""
    if not len(vectors):
        return np.zeros(width, np.float32)
    mean: Floats = vectors.mean(axis=0)
    return mean / np.float32(np.linalg.norm(mean) or 1)
