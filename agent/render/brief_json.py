"""A brief as JSON: every finding with its statements, rules, inputs and citations."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from agent.brief import Brief
from agent.render.escape import inert_json
from agent.tables import Finding
from vectorstore.article import Article


def brief_text(brief: Brief) -> str:
    """Plain JSON; text of articles stands in it as it is, but for characters that act on a terminal or hide there."""
    return inert_json(json.dumps(brief_data(brief), ensure_ascii=False, indent=2)) + "\n"


def finding_text(section: str, finding: Finding) -> str:
    """One finding with why it was made."""
    return inert_json(json.dumps({"section": section, **_finding(finding)}, ensure_ascii=False, indent=2))


def brief_data(brief: Brief) -> dict[str, Any]:
    return {
        "title": brief.title,
        "first": brief.first,
        "last": brief.last,
        "counts": asdict(brief.counts),
        "opening": [asdict(statement) for statement in brief.opening],
        "reader": brief.reader,
        "notes": list(brief.notes),
        "refusal": [asdict(statement) for statement in brief.refusal],
        "says": [_finding(finding) for finding in brief.says],
        "sections": {section.name: [_finding(finding) for finding in section.findings] for section in brief.sections},
        "matrix": None
        if brief.matrix is None
        else {
            "outlets": list(brief.matrix.outlets),
            "rows": [asdict(row) for row in brief.matrix.rows],
        },
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
        "articles": [_article(article) for article in brief.articles],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "statements": [asdict(statement) for statement in finding.statements],
        "details": [asdict(statement) for statement in finding.details],
        "id": finding.finding_id,
        "why": asdict(finding.why) if finding.why else None,
    }


def _article(article: Article) -> dict[str, Any]:
    return {
        "article_id": article.article_id,
        "text_id": article.text_id,
        "outlet": article.outlet.value,
        "title": article.title.value,
        "published": article.published.value,
        "author": article.author.value,
        "url": article.url.value,
    }
