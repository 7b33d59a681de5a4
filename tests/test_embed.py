from __future__ import annotations

import subprocess
import sys

import pytest

from vectorstore.embed import identity_of, open_embedder
from vectorstore.minilm import MiniLM

KEY = "sk-canary-0123456789abcdef"


def test_the_identity_is_known_without_heavy_imports() -> None:
    program = (
        "import sys; from vectorstore.embed import identity_of; from vectorstore.minilm import MINILM_IDENTITY\n"
        "assert identity_of('minilm', {}) == MINILM_IDENTITY; identity_of('openai:text-embedding-3-small', {})\n"
        "print(sorted({'numpy', 'onnx', 'onnxruntime', 'openai', 'tiktoken', 'tokenizers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


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
