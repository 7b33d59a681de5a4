"""What the library's commands print: lines for people, plain values for JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.render.escape import one_line
from agent.wording import count
from vectorstore.article import Article
from vectorstore.events.event import Event
from vectorstore.library import IngestReport
from vectorstore.readers.found import Rejection

if TYPE_CHECKING:
    from vectorstore.fetching.watch import Visit

REJECTED_SHOWN = 20


def ingest_lines(report: IngestReport, library: Path) -> Iterator[str]:
    for rejection in report.rejected[:REJECTED_SHOWN]:
        yield f"rejected {rejection.where}: {rejection.reason}"
    if len(report.rejected) > REJECTED_SHOWN:
        yield f"... and {len(report.rejected) - REJECTED_SHOWN} more rejected; `rashomon rejected` lists them all"
    if report.partial:
        yield f"{count(report.partial, 'article')} may not be whole: `rashomon export` has the reason among the notes"
    yield (
        f"{count(report.inputs, 'input')}: {report.added} added, {count(report.new_versions, 'new version')}, {report.updated} updated, "
        f"{report.unchanged} unchanged, {len(report.rejected)} rejected; {count(report.passages, 'passage')} embedded "
        f"in {report.seconds:.1f} s; library {library}"
    )


def ingest_values(report: IngestReport) -> dict[str, Any]:
    rejected = [{"path": item.path, "line": item.line, "reason": item.reason} for item in report.rejected]
    return {
        "inputs": report.inputs,
        "added": report.added,
        "new_versions": report.new_versions,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "rejected": rejected,
        "partial": report.partial,
        "passages": report.passages,
        "seconds": round(report.seconds, 3),
    }


def rejected_lines(listed: Sequence[Rejection], *, forgotten: bool = False) -> Iterator[str]:
    for one in () if forgotten else listed:
        yield f"{one_line(one.where)}: {one_line(one.reason)}{f' ({one.at[:10]})' if one.at else ''}"
    what = count(len(listed), "input")
    if forgotten:
        yield f"{what} taken out of the list"
    elif listed:
        yield f"{what} rejected; to read them again: rashomon rejected --retry"
    else:
        yield "nothing is in the list of what was rejected"


def rejection_values(one: Rejection) -> dict[str, Any]:
    return {"path": one.path, one.unit: one.line, "reason": one.reason, "at": one.at, "sha256": one.digest, "again": one.source}


def visit_lines(visits: Sequence[Visit]) -> Iterator[str]:
    for visit in visits:
        if visit.problem:
            yield f"{one_line(visit.url)}: not read: {one_line(visit.problem)}"
            continue
        if visit.unchanged:
            yield f"{one_line(visit.url)}: nothing new"
            continue
        told = [f"{count(visit.entries, 'article')} listed"]
        told += [f"{visit.known} read before"] if visit.known else []
        told += [f"{visit.from_feed} with their text in the feed"] if visit.from_feed else []
        told += [f"{visit.fetched} from their pages, as the feed has no whole text or is of another site"] if visit.fetched else []
        told += [f"{visit.failed} not to be had"] if visit.failed else []
        told += [f"{count(visit.older_lists, 'older sitemap')} not read"] if visit.older_lists else []
        told += [f"{visit.left} left for the next time"] if visit.left else []
        yield f"{one_line(visit.url)}: {', '.join(told)}"


def visit_values(visit: Visit) -> dict[str, Any]:
    return asdict(visit)


def span_of_days(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return "no dates known"
    return first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"


def event_lines(events: Sequence[Event], left_out: int = 0, *, empty: bool = False) -> Iterator[str]:
    """`left_out` events are too small to be listed; an `empty` library holds no articles."""
    for event in events:
        yield f"{event.event_id}  {one_line(event.title)}"
        outlets = count(len(event.outlets), "outlet")
        yield f"            {count(len(event.article_ids), 'article')}, {outlets}, {span_of_days(event.first, event.last)}"
        if event.outlets:
            yield f"            {', '.join(one_line(outlet) for outlet in event.outlets)}"
    if left_out:
        yield f"{count(left_out, 'smaller event')} not shown (--min-articles 1 --min-outlets 0 shows all)"
    if empty:
        yield "the library holds no articles"
    elif not events and not left_out:
        yield "no event fits"


def event_values(event: Event) -> dict[str, Any]:
    return {
        "event_id": event.event_id,
        "title": event.title,
        "article_ids": list(event.article_ids),
        "outlets": list(event.outlets),
        "first": event.first.isoformat() if event.first else None,
        "last": event.last.isoformat() if event.last else None,
    }


def status_lines(values: Mapping[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        if isinstance(value, list):
            yield from value
            continue
        shown = ", ".join(f"{key} {item}" for key, item in value.items()) if isinstance(value, Mapping) else value
        yield f"{name}: {'none' if shown is None else shown}"


def article_values(article: Article) -> dict[str, Any]:
    """An article as `export` writes it and `ingest` reads it again."""
    return {
        "id": article.given_id.value,
        "article_id": article.article_id,
        "text_id": article.text_id,
        "title": article.title.value,
        "outlet": article.outlet.value,
        **({"outlet_written": article.outlet_written} if article.outlet_written else {}),
        "url": article.url.value,
        "published": article.published.value,
        "modified": article.modified.value,
        "author": article.author.value,
        "language": article.language.value,
        "provenance": {name: field.stored() for name, field in article.fields() if field.value is not None},
        "notes": list(article.notes),
        "text": article.text,
    }
