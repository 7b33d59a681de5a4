"""A key set in the environment is looked for in everything that a run leaves behind or prints."""

from __future__ import annotations

import base64
import json
import logging
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from agent.model import chat_model
from agent.replay import ReplayTransport
from agent.settings import Settings
from vectorstore.redaction import keep_from_logs

KEY = "sk-canary-7d20c1e49b5544fa"
STORY = (
    "The dam above Skarne broke on Tuesday and flooded 40 homes, the county said. “We left with what we had on,” said Ira Holm, a baker. "
)
FORMS = (KEY, KEY[::-1], base64.b64encode(KEY.encode()).decode().rstrip("="), KEY.encode().hex())


@pytest.fixture
def endpoint(server: Any, hostile: Any) -> str:
    """Turns every request down and says the key back, as endpoints do."""

    def refuse(connection: socket.socket) -> None:
        body = json.dumps({"error": {"message": f"Incorrect API key provided: {KEY}", "code": KEY}})
        connection.sendall(hostile.page(body, "Content-Type: application/json", f"X-Key: {KEY}", status=f"401 Not {KEY}"))

    for path in ("/v1/chat/completions", "/v1/embeddings", "/v1/models"):
        server.answers[path] = refuse
    return f"http://127.0.0.1:{server.port}/v1"


def test_a_key_is_in_nothing_that_a_run_leaves_behind(
    rashomon: Callable[..., Any],
    endpoint: str,
    server: Any,
    words: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", endpoint)
    monkeypatch.setenv("RASHOMON_MODEL", "a-model")
    monkeypatch.setattr("vectorstore.embed.EmbedderChoice.open", lambda self: words)
    monkeypatch.setattr("vectorstore.embed.EmbedderChoice.identity", lambda self: words.identity)
    monkeypatch.setattr("vectorstore.fetching.fetch.Fetcher", lambda: server.fetcher())
    for number, outlet in enumerate(("Harbour Post", "Varn Courier")):
        (tmp_path / f"{number}.jsonl").write_text(
            json.dumps({"outlet": outlet, "title": f"Dam {number}", "text": STORY * (4 + number)}) + "\n"
        )
    printed = []
    for arguments in (
        ("ingest", "0.jsonl", "1.jsonl", "missing.txt"),
        ("ingest", "0.jsonl", "1.jsonl", server.url("/none")),
        ("ingest", f"https://me:{KEY}@news.example/a"),
        ("watch", server.url("/feed")),
        *(("rejected", "--json"), ("status", "--json"), ("doctor",), ("doctor", "--json"), ("outlets",), ("events",), ("export",)),
        ("search", "dam homes", "--explain"),
        *(("ask", "How many homes were flooded?"), ("ask", "How many homes were flooded?", "--json")),
        *(("brief", "dam homes"), ("brief", "dam homes", "--out", "a.md"), ("brief", "dam homes", "--out", "a.json")),
        *(("backup", "a.backup"), ("reindex",), ("versions",), ("origins", "dam"), ("remove", "--outlet", "Varn Courier", "--yes")),
        *(("ask",), ("search", "x", "--limit", "many"), ("nonsense",)),
        ("eval", "run", "--reader", "scripted", "--case", "fact-tram-fare", "--results", "results.jsonl", "--json"),
        ("eval", "record", "fact-tram-fare", "--kind", "a test", "--replays", "replays"),
    ):
        done = rashomon(*arguments)
        printed.append(f"{arguments[0]}\n{done.out}\n{done.err}")
    said = "\n".join(printed)
    assert "refused the key (status 401)" in said
    assert any("/v1/chat/completions" in request for request in server.requests)
    # What is recorded of an endpoint, for evaluations.
    settings = Settings.from_environment({"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": endpoint, "RASHOMON_MODEL": "a-model"})
    with httpx2.HTTPTransport() as transport, pytest.raises(Exception, match="401"):
        chat_model(settings, ReplayTransport(tmp_path / "recorded.jsonl", transport)).invoke("hello")
    assert KEY not in repr(settings)
    artefacts = {str(path.relative_to(tmp_path)): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert {"a.md", "a.json", "a.backup", "library/catalog.sqlite3", "results.jsonl", "replays/about.json"} <= artefacts.keys()
    assert "[a key]" in caplog.text
    artefacts |= {"printed": said.encode(), "logged": caplog.text.encode()}
    found = {name: form for name, data in artefacts.items() for form in FORMS if form.encode() in data}
    assert found == {}


def test_a_key_is_in_no_record_of_any_logger(caplog: pytest.LogCaptureFixture) -> None:
    keep_from_logs(KEY)
    caplog.set_level(logging.DEBUG)
    log = logging.getLogger("some.client")
    log.debug("sent %s and %r", KEY, {"headers": [(b"x", KEY.encode())]})
    log.info(KEY)
    log.info("100 %% of %d", 5)
    try:
        raise ValueError(f"refused {KEY}")
    except ValueError:
        log.exception("failed with %s", KEY)
    assert KEY not in caplog.text
    assert caplog.text.count("[a key]") == 5
    assert "100 % of 5" in caplog.text
