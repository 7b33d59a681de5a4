from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from vectorstore import remote_embed
from vectorstore.article import Article
from vectorstore.embed import EmbedderChoice, EmbedderIdentity, EmbeddingFailed, identity_of, open_embedder
from vectorstore.library import Library
from vectorstore.plan import SearchPlan
from vectorstore.readers import Read

KEY = "sk-canary-0123456789abcdef"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RASHOMON_CACHE", str(folder))
        patch.setenv("TIKTOKEN_CACHE_DIR", "")
        yield folder


class Endpoint:
    """An OpenAI-compatible server on loopback. `reply` makes (status, content type, body) of a request."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.reply: Callable[[dict[str, Any]], tuple[int, str, bytes]] = self.vectors
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
                endpoint.requests.append({"authorization": self.headers["authorization"], "path": self.path, **asked})
                status, kind, body = endpoint.reply(asked)
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

    @staticmethod
    def vectors(asked: dict[str, Any]) -> tuple[int, str, bytes]:
        """3 numbers a text: its length, 1 and 2; the last text first."""
        data = [{"object": "embedding", "index": i, "embedding": [len(t), 1, 2]} for i, t in enumerate(asked["input"])]
        return json_reply({"object": "list", "data": data[::-1], "model": asked["model"]})


def json_reply(content: object, status: int = 200) -> tuple[int, str, bytes]:
    return status, "application/json", json.dumps(content).encode()


def vectors_reply(*vectors: object) -> Callable[[dict[str, Any]], tuple[int, str, bytes]]:
    data = [{"object": "embedding", "index": number, "embedding": vector} for number, vector in enumerate(vectors)]
    return lambda asked: json_reply({"object": "list", "model": "m", "data": data})


@pytest.fixture
def endpoint(cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    made = Endpoint()
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", made.url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(remote_embed, "RETRIES", 0)
    thread = threading.Thread(target=made.server.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


def test_openai_vectors_come_back_in_order_and_of_length_1(endpoint: Endpoint) -> None:
    embedder = open_embedder("openai:local-model", options={"dimension": 3})
    assert endpoint.requests == []
    texts = ["x" * (number % 7) for number in range(300)]
    vectors = embedder.embed(texts)
    expected = np.array([[max(len(text), 1), 1, 2] for text in texts], float)
    assert np.allclose(vectors, expected / np.linalg.norm(expected, axis=1, keepdims=True))
    assert vectors.dtype == np.float32
    assert [len(request["input"]) for request in endpoint.requests] == [128, 128, 44]
    first = endpoint.requests[0]
    assert (first["path"], first["model"], first["authorization"]) == ("/v1/embeddings", "local-model", f"Bearer {KEY}")
    assert "dimensions" not in first
    assert "127.0.0.1" in embedder.runtime


def test_an_unknown_dimension_is_asked_for_once(endpoint: Endpoint) -> None:
    embedder = open_embedder("openai:local-model")
    assert embedder.identity == identity_of("openai:local-model", {"dimension": 3})
    assert [request["input"] for request in endpoint.requests] == [["word"]]


def test_a_shortened_vector_is_asked_for(endpoint: Endpoint) -> None:
    open_embedder("openai:text-embedding-3-small", options={"dimension": 3}).embed(["text"])
    assert endpoint.requests[0]["dimensions"] == 3


def test_a_text_over_the_budget_is_cut_before_it_is_sent(endpoint: Endpoint) -> None:
    embedder = open_embedder("openai:local-model", options={"dimension": 3})
    embedder.embed(["harbour " * 5_000, "a\ud800b <|endoftext|>"])
    sent, odd = endpoint.requests[0]["input"]
    assert embedder.count_tokens([sent]) == [512]
    assert odd == "a\ufffdb <|endoftext|>"


@pytest.mark.parametrize(
    ("status", "sentence", "user_can_mend", "retry"),
    [
        (401, "refused the key", True, False),
        (403, "refused the key", True, False),
        (404, "has no model 'local-model'", True, False),
        (400, "refused the request", True, False),
        (429, "asks for a pause", False, True),
        (500, "failed", False, True),
    ],
)
def test_a_refusal_of_the_endpoint_is_a_sentence_without_the_key(
    endpoint: Endpoint, status: int, sentence: str, user_can_mend: bool, retry: bool
) -> None:
    endpoint.reply = lambda asked: json_reply({"error": {"message": f"Incorrect API key provided: {KEY}"}}, status)
    with pytest.raises(EmbeddingFailed, match=rf"127\.0\.0\.1 .*{sentence}.*HTTP {status}|{sentence}") as caught:
        open_embedder("openai:local-model", options={"dimension": 3}).embed(["text"])
    assert (caught.value.user_can_mend, caught.value.retry) == (user_can_mend, retry)
    assert KEY not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (vectors_reply([1, 2, 3]), "answered 2 texts with 1 vectors"),
        (vectors_reply([1, 2, 3], [1, 2]), "vectors of one length"),
        (vectors_reply([], []), "vectors of one length"),
        (vectors_reply([1, 2], [1, 2]), "dimension 2, not 3"),
        (vectors_reply([1, 2, 3], [0, 0, 0]), "zero or not finite"),
        (vectors_reply([1, 2, 3], [1, 2, float("nan")]), "zero or not finite"),
        (vectors_reply(), "answered 2 texts with 0 vectors"),
        (lambda asked: json_reply({"hello": "world"}), "did not answer as an embeddings endpoint does"),
        (lambda asked: (200, "text/html", b"<p>Please sign in"), "did not answer as an embeddings endpoint does"),
        (lambda asked: (200, "application/json", b'{"data": ['), "did not answer as an embeddings endpoint does"),
    ],
)
def test_an_answer_that_is_no_vectors_is_an_error(endpoint: Endpoint, reply: Any, sentence: str) -> None:
    endpoint.reply = reply
    with pytest.raises(EmbeddingFailed, match=sentence):
        open_embedder("openai:local-model", options={"dimension": 3}).embed(["one", "two"])


def test_no_server_is_an_error(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://user:secret-word@127.0.0.1:9/v1")
    with pytest.raises(EmbeddingFailed, match=r"No connection to 127\.0\.0\.1") as caught:
        open_embedder("openai:local-model")
    assert "secret-word" not in str(caught.value)


def test_a_server_that_does_not_answer_is_given_up(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def late(asked: dict[str, Any]) -> tuple[int, str, bytes]:
        release.wait(10)
        return 200, "application/json", b""

    endpoint.reply = late
    monkeypatch.setattr(remote_embed, "SECONDS_TO_ANSWER", 0.2)
    with pytest.raises(EmbeddingFailed, match="did not answer within") as caught:
        open_embedder("openai:local-model")
    release.set()
    assert caught.value.retry


def test_openai_needs_a_key_or_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with pytest.raises(EmbeddingFailed, match="OPENAI_API_KEY"):
        open_embedder("openai:text-embedding-3-small")


def test_a_server_of_ones_own_needs_no_key(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    assert open_embedder("openai:local-model").embed(["text"]).shape == (1, 3)


def test_a_library_filled_by_an_endpoint_is_searched_the_same_with_and_without_its_index(endpoint: Endpoint, tmp_path: Path) -> None:
    texts = [f"The ferry number {number} sailed. " * (number % 7 + 1) for number in range(30)]
    choice = EmbedderChoice("openai:m")
    with Library.open(tmp_path, choice, write=True) as library:
        library.ingest(Read(Article(text), "test") for text in texts)
        asked = len(endpoint.requests)
        found = library.search_plan(SearchPlan.whole("Which ferry sailed?"))
        assert len(found) == 10
        assert [request["input"] for request in endpoint.requests[asked:]] == [["Which ferry sailed?"]]
        library._retrieval._index = None
        assert library.search_plan(SearchPlan.whole("Which ferry sailed?")) == found
        assert library.notices == []


class Lengths(Embeddings):
    """2 numbers a text: its length and 1."""

    def __init__(self, model: str = "lengths", api_key: str = "", fails: str = "") -> None:
        if fails == "starting":
            raise RuntimeError(f"bad key {api_key}")
        self.fails = fails

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if self.fails == "embedding":
            raise RuntimeError("quota of sk-other-secret-1234 used up")
        return [[float(len(text)), 1.0] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


@pytest.fixture
def langchain_spec(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(sys.modules, "own_embeddings", sys.modules[Lengths.__module__])
    return "langchain:own_embeddings:Lengths"


@pytest.mark.parametrize("options", [{}, {"dimension": 2}])
def test_a_langchain_class_is_an_embedder(langchain_spec: str, options: dict[str, object]) -> None:
    embedder = open_embedder(langchain_spec, options={"model": "m", **options})
    assert embedder.identity == EmbedderIdentity(
        "langchain:own_embeddings:Lengths(model=m)", "", 2, pooling="endpoint", normalised=True, max_tokens=256
    )
    assert "estimated" in embedder.runtime
    assert embedder.count_tokens(["", "12345", "1234"]) == [0, 2, 1]
    vectors = embedder.embed(["123", "x" * 9_999])
    expected = np.array([[3, 1], [1024, 1]]) / np.linalg.norm([[3, 1], [1024, 1]], axis=1, keepdims=True)
    assert np.allclose(vectors, expected)


@pytest.mark.parametrize("moment", ["starting", "embedding"])
def test_a_failing_langchain_class_is_an_error_without_secrets(langchain_spec: str, moment: str) -> None:
    options = {"api_key": "canary-of-no-known-form", "fails": moment}
    with pytest.raises(EmbeddingFailed, match=f"Lengths failed while {moment} .RuntimeError: .*hidden") as caught:
        open_embedder(langchain_spec, options=options)
    assert "canary" not in str(caught.value)
    assert "sk-other" not in str(caught.value)


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ("langchain:no_such_module_here:Lengths", "module no_such_module_here: not installed"),
        ("langchain:own_embeddings:Widths", "no class Widths"),
        ("langchain:json:JSONDecoder", "no embed_documents"),
    ],
)
def test_a_class_that_cannot_be_used_is_refused(langchain_spec: str, spec: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        open_embedder(spec)


def test_an_unknown_langchain_option_is_an_error(langchain_spec: str) -> None:
    with pytest.raises(EmbeddingFailed, match="colour"):
        open_embedder(langchain_spec, options={"colour": "red"})
