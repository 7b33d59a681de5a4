"""A brief as JSON: every finding with its statements, rules, inputs and citations, in the form of agent/brief_file.py."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from agent.brief import Brief
from agent.brief_seal import NAME, VERSION, citations_in, seal
from agent.manifest import Manifest
from agent.render.escape import inert_json
from agent.tables import Finding, Row
from vectorstore.article import Article
from vectorstore.chronology import order
from vectorstore.origin import Origin


def brief_text(brief: Brief) -> str:
    """Plain JSON; text of articles stands in it as it is, but for characters that act on a terminal or hide there."""
    return inert_json(json.dumps(brief_data(brief), ensure_ascii=False, indent=2)) + "\n"


def finding_text(section: str, finding: Finding) -> str:
    """One finding with why it was made."""
    return inert_json(json.dumps({"section": section, **_finding(finding)}, ensure_ascii=False, indent=2))


def brief_data(brief: Brief) -> dict[str, Any]:
    matrix = brief.matrix
    data: dict[str, Any] = {
        "format": NAME,
        "version": VERSION,
        "title": brief.title,
        "first": brief.first,
        "last": brief.last,
        "counts": asdict(brief.counts),
        "opening": [asdict(statement) for statement in brief.opening],
        "reader": brief.reader,
        "notes": list(brief.notes),
        "refusal": [asdict(statement) for statement in brief.refusal],
        "says": _findings(brief.says),
        "sections": [{"name": section.name, "findings": _findings(section.findings)} for section in brief.sections],
        "outlets": list(matrix.outlets) if matrix else [],
        "matrix": [_row(number, row, matrix.outlets) for number, row in enumerate(matrix.rows, 1)] if matrix else [],
        "tables": asdict(brief.tables),
        "missing": [asdict(statement) for statement in brief.missing],
        "searched": [
            {
                "query": search.query,
                "outlets": list(search.outlets),
                "since": search.since.isoformat() if search.since else None,
                "until": search.until.isoformat() if search.until else None,
                "articles_searched": search.articles_searched,
                "found": list(search.found),
            }
            for search in brief.ledger.searches
        ],
        "articles": [_article(article, brief) for article in in_order(brief.articles)],
        "origins": [_origin(origin) for origin in brief.origins],
        "manifest": _manifest(brief.manifest) if brief.manifest else None,
    }
    data["evidence"] = _evidence(data, brief)
    # What json writes and reads again has lists where values have tuples; the seal is over what is read.
    plain: dict[str, Any] = json.loads(json.dumps(data))
    return {**plain, "seal": seal(plain)}


def in_order(articles: Sequence[Article]) -> list[Article]:
    """By the time of publication, those without one last."""
    return sorted(articles, key=lambda article: order(article.published.value, article.article_id))


def _findings(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [{"rank": number, **_finding(finding)} for number, finding in enumerate(findings, 1)]


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "finding_id": finding.finding_id,
        "statements": [asdict(statement) for statement in finding.statements],
        "details": [asdict(statement) for statement in finding.details],
        "why": asdict(finding.why) if finding.why else None,
    }


def _row(number: int, row: Row, outlets: Sequence[str]) -> dict[str, Any]:
    cells = zip(outlets, row.cells, row.quotes, strict=True)
    return {
        "rank": number,
        "claim": asdict(row.claim),
        "cells": [{"outlet": outlet, "position": cell, "quotes": [asdict(quote) for quote in quotes]} for outlet, cell, quotes in cells],
        "positions": [asdict(position) for position in row.positions],
    }


def _article(article: Article, brief: Brief) -> dict[str, Any]:
    version = brief.manifest.version_of(article.article_id) if brief.manifest else None
    return {
        "article_id": article.article_id,
        "text_id": article.text_id,
        "outlet": article.outlet.value,
        "title": article.title.value,
        "published": article.published.value,
        "author": article.author.value,
        "url": article.url.value,
        "language": article.language.value,
        "origin": brief.origin_of(article.article_id),
        "compared": article.article_id not in brief.unread,
        "compared_to": brief.compared_to.get(article.article_id),
        "version": version.number if version else None,
        "versions": version.of if version else None,
        "earlier": _earlier(article, brief),
    }


def _earlier(article: Article, brief: Brief) -> list[str]:
    shown = (one.article for one in brief.ledger.shown.values())
    return sorted({one.text_id for one in shown if one.article_id == article.article_id} - {article.text_id})


def _origin(origin: Origin) -> dict[str, Any]:
    return {
        "article_ids": list(origin.article_ids),
        "author": origin.author.name,
        "basis": origin.author.basis,
        "shared": [round(100 * link.shared) for link in origin.links],
    }


def _evidence(data: Any, brief: Brief) -> list[dict[str, Any]]:
    """The passages that are cited, in the order of their first citation."""
    shown = [brief.ledger.shown[key] for key in dict.fromkeys(citation["key"] for citation in citations_in(data))]
    return [
        {"key": one.key, "article_id": one.article.article_id, "text_id": one.article.text_id, "start": one.start, "end": one.end}
        for one in shown
    ]


def _manifest(manifest: Manifest) -> dict[str, Any]:
    return {
        "program": manifest.program,
        "made": manifest.made,
        "reader": manifest.reader,
        "model": manifest.model,
        "endpoint": manifest.endpoint,
        "prompts": [{"name": name, "value": digest} for name, digest in manifest.prompts],
        "settings": [{"name": name, "value": value} for name, value in manifest.settings],
    }
