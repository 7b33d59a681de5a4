"""The recorded opening of a brief on the sample's granary explosion, played again without a network."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from agent.brief import Brief
from agent.evidence import check
from agent.model import chat_model
from agent.replay import ReplayTransport
from agent.settings import Settings
from agent.statement import Reported
from agent.subject import Subject, brief_on
from eval.articles import LabelledArticles, sample_folder
from eval.readers import NOWHERE, recorded_model
from eval.run import sample_library

REPLAYS = Path(str(resources.files("eval").joinpath("data", "replays")))


@pytest.fixture(scope="module")
def brief() -> Brief:
    """A request that was not recorded would end in NotRecorded, and so in a brief without an opening."""
    settings = Settings(Path(), model=recorded_model(REPLAYS), base_url=NOWHERE)
    transport = ReplayTransport(REPLAYS / "brief-granary.jsonl")
    with sample_library(LabelledArticles.read(sample_folder())) as library:
        articles = tuple(article for article in library.articles() if (article.given_id.value or "").startswith("granary-"))
        subject = Subject(library, articles, None, None, ())
        return brief_on(subject, library, settings, open_model=lambda named: chat_model(named, transport))


def test_no_request_is_missed_and_no_sentence_is_left_out(brief: Brief) -> None:
    assert brief.notes == ()
    assert brief.reader.startswith("model ")


def test_every_sentence_of_the_opening_passes_the_gate(brief: Brief) -> None:
    outlets = [article.outlet.value for article in brief.articles if article.outlet.value]
    assert brief.opening
    assert [reason for statement in brief.opening for reason in check(statement, brief.ledger, outlets).reasons] == []


def test_the_opening_reports_several_outlets_in_their_own_words(brief: Brief) -> None:
    reported = [statement for statement in brief.opening if isinstance(statement, Reported)]
    texts = {article.article_id: article.text for article in brief.articles}
    citations = [citation for statement in reported for citation in statement.citations]
    assert len(reported) >= 5
    assert len({citation.outlet for citation in citations}) >= 4
    assert all(citation.quote == texts[citation.article_id][citation.start : citation.end] for citation in citations)
