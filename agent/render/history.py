"""What becomes of an article: its versions, what changed between two of them, and its removal. Lines for people, plain values for JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

from agent.render.escape import one_line, piece
from agent.wording import count
from vectorstore.article import Article
from vectorstore.removal import Removed
from vectorstore.revision import Edit, FieldChange, Revision, metadata_changes
from vectorstore.sentence import Span
from vectorstore.version import Version

# Paints words that were taken away or put in; its argument is harmless already.
Paint = Callable[[str, Literal["old", "new"]], str]
LISTED = 20


def version_lines(versions: Sequence[Version]) -> Iterator[str]:
    current = versions[-1].article
    yield f"{current.article_id}  {one_line(current.label)}"
    for place, version in enumerate(versions):
        yield f"  version {version.number}{' (current)' if version.current else ''}: {_times(version)}"
        yield f"    read from {_place(version)}; {count(len(version.article.text.split()), 'word')}"
        changes = metadata_changes(versions[place - 1].article, version.article) if place else ()
        yield from (f"    {line}" for line in _field_lines(changes))


def _times(version: Version) -> str:
    article = version.article
    times = [f"published {article.published.value or 'unknown'}"]
    if article.modified.value:
        times.append(f"modified {article.modified.value}")
    return ", ".join((*times, f"first seen {version.seen[:19]}Z"))


def _place(version: Version) -> str:
    return one_line(version.path) + (f", line {version.line}" if version.line is not None else "")


def _field_lines(changes: Sequence[FieldChange]) -> Iterator[str]:
    for change in changes:
        old, new = (f"“{one_line(value)}”" if value is not None else "unknown" for value in (change.old, change.new))
        yield f"{change.field.replace('_', ' ')}: {old} -> {new}"


def changed_lines(articles: Sequence[Sequence[Version]]) -> Iterator[str]:
    for versions in articles:
        article = versions[-1].article
        yield f"{article.article_id}  {count(len(versions), 'version')}  {one_line(article.label)}"
    if not articles:
        yield "no article has more than one version"


def version_values(version: Version) -> dict[str, Any]:
    article = version.article
    return {
        "version": version.number,
        "current": version.current,
        "published": article.published.value,
        "modified": article.modified.value,
        "first_seen": version.seen,
        "path": version.path,
        "line": version.line,
        "text_id": article.text_id,
        "title": article.title.value,
        "words": len(article.text.split()),
    }


def history_values(versions: Sequence[Version]) -> dict[str, Any]:
    current = versions[-1].article
    listed = []
    for place, version in enumerate(versions):
        changes = metadata_changes(versions[place - 1].article, version.article) if place else ()
        listed.append({**version_values(version), "metadata_changed": _field_values(changes)})
    return {"article_id": current.article_id, "outlet": current.outlet.value, "title": current.title.value, "versions": listed}


def _field_values(changes: Sequence[FieldChange]) -> list[dict[str, Any]]:
    return [{"field": change.field, "old": change.old, "new": change.new} for change in changes]


def plain(words: str, side: Literal["old", "new"]) -> str:
    """Words in brackets: what no terminal is needed for."""
    return f"[-{words}-]" if side == "old" else f"{{+{words}+}}"


def revision_lines(change: Revision, old: Version, new: Version, paint: Paint = plain) -> Iterator[str]:
    yield f"{change.new.article_id}  {one_line(change.new.label)}"
    yield f"  version {old.number}: {_times(old)}"
    yield f"  version {new.number}: {_times(new)}"
    yield from _field_lines(change.metadata)
    for edit in change.edits:
        yield f"{edit.kind}:"
        if edit.old and (edit.kind != "moved" or edit.old_words or edit.new_words):
            yield f"  - {_painted(change.old.text, edit.old, edit.old_words, 'old', paint)}"
        if edit.new:
            yield f"  + {_painted(change.new.text, edit.new, edit.new_words, 'new', paint)}"
    counts = ", ".join(f"{change.count(kind)} {kind}" for kind in ("added", "removed", "changed", "moved"))
    yield f"sentences: {counts}, {change.unchanged} unchanged"


def _painted(text: str, span: Span, words: Sequence[Span], side: Literal["old", "new"], paint: Paint) -> str:
    pieces, at = [], span.start
    for start, end in words:
        pieces += [piece(text[at:start]), paint(piece(text[start:end]), side)]
        at = end
    return "".join([*pieces, piece(text[at : span.end])])


def revision_values(change: Revision, old: Version, new: Version) -> dict[str, Any]:
    return {
        "article_id": change.new.article_id,
        "from": version_values(old),
        "to": version_values(new),
        "metadata": _field_values(change.metadata),
        "edits": [_edit_values(change, edit) for edit in change.edits],
        "counts": {
            **{kind: change.count(kind) for kind in ("added", "removed", "changed", "moved")},
            "unchanged": change.unchanged,
        },
    }


def _edit_values(change: Revision, edit: Edit) -> dict[str, Any]:
    return {
        "kind": edit.kind,
        "old": _span_values(change.old.text, edit.old, edit.old_words) if edit.old else None,
        "new": _span_values(change.new.text, edit.new, edit.new_words) if edit.new else None,
    }


def _span_values(text: str, span: Span, words: Sequence[Span]) -> dict[str, Any]:
    changed = [{"start": start, "end": end, "quote": text[start:end]} for start, end in words]
    return {"start": span.start, "end": span.end, "quote": text[span.start : span.end], "changed": changed}


def removal_lines(articles: Sequence[Article], copies: Sequence[Article], versions: int, undated: int) -> Iterator[str]:
    """What would be removed; `undated` articles could not be chosen by their day."""
    for article in articles[:LISTED]:
        yield f"  {article.article_id}  {one_line(article.label)} · {article.published.value or 'date unknown'}"
    if len(articles) > LISTED:
        yield f"  ... and {len(articles) - LISTED} more; --json lists them all"
    yield f"{count(len(articles), 'article')} in {count(versions, 'version')}"
    if undated:
        yield f"{count(undated, 'article')} without a date stay: no day can choose them"
    yield from copy_lines(copies)


def copy_lines(copies: Sequence[Article]) -> Iterator[str]:
    for copy in copies[:LISTED]:
        yield f"the same text is still held as {copy.article_id}  {one_line(copy.label)}"
    if len(copies) > LISTED:
        yield f"... and as {len(copies) - LISTED} more articles"


def removed_lines(removed: Removed, copies: Sequence[Article]) -> Iterator[str]:
    yield (
        f"removed {count(removed.articles, 'article')}: {count(removed.versions, 'version')}, {count(removed.texts, 'text')}, "
        f"{count(removed.passages, 'passage')}, {count(removed.vectors, 'vector')}"
    )
    yield from copy_lines(copies)
    proof = removed.proof
    if proof is None:
        yield f"not verified: {removed.unfinished}"
        return
    shared = f"; {proof.shared} more are in articles that stay" if proof.shared else ""
    if not proof.clean:
        yield f"NOT gone: {', '.join(map(one_line, proof.holding))} still hold some of it{shared}"
        return
    if proof.runs:
        yield (
            f"verified: no copy of the text in the library folder ({count(proof.runs, 'run')} of its words and vectors looked for in "
            f"{count(proof.files, 'file')}, {proof.size / 1e6:.1f} MB{shared})"
        )
    else:
        yield "verified: every word of it is also in articles that stay, so there was nothing to look for"
    if proof.ids is not None:
        yield f"verified: the Chroma server lists {count(proof.ids, 'passage')} for this library, none of a removed text"


def removed_values(removed: Removed | None, articles: Sequence[Article], copies: Sequence[Article]) -> dict[str, Any]:
    """`removed` is None where nothing was removed yet."""
    proof = removed.proof if removed else None
    return {
        "article_ids": [article.article_id for article in articles],
        "still_held_as": [copy.article_id for copy in copies],
        "removed": None
        if removed is None
        else {name: getattr(removed, name) for name in ("articles", "versions", "texts", "passages", "vectors")},
        "verified": removed.verified if removed else None,
        "proof": None
        if proof is None
        else {"runs": proof.runs, "shared": proof.shared, "files": proof.files, "bytes": proof.size, "holding": list(proof.holding)}
        | ({} if proof.ids is None else {"server_ids": proof.ids}),
        "unfinished": removed.unfinished if removed else None,
    }
