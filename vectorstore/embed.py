"""Embedders: what turns passages into vectors, behind one protocol."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RUNTIMES = ("onnxruntime", "openvino")

_OPENAI_DIMENSIONS = {
    "text-embedding-3-small": 1536,
    "text-embedding-3-large": 3072,
    "text-embedding-ada-002": 1536,
}
# Options of a LangChain class that say which model it is. The others (keys, time limits) do not change the vectors.
_MODEL_OPTIONS = ("model", "model_name", "model_id", "deployment", "repo_id", "revision")
_LANGCHAIN_PATH = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*")
_SURROGATE = re.compile("[\ud800-\udfff]")


class WrongEmbedder(ValueError):
    """No embedder has this name, or takes these options; the message says what there is."""

    exit_code = 2


class EmbeddingFailed(Exception):
    """An embedder gave no usable vectors. The message is for people and has no key in it.

    `user_can_mend` tells a wrong setting from a failing endpoint; `retry` says that the same call may succeed later.
    """

    def __init__(self, message: str, *, user_can_mend: bool = False, retry: bool = False) -> None:
        super().__init__(message)
        self.user_can_mend = user_can_mend
        self.retry = retry
        self.exit_code = 2 if user_can_mend else 3


# The same claim scores 0.80 in English and English, 0.32 in English and Spanish.
ENGLISH_ONLY = ("sentence-transformers/all-MiniLM-L6-v2",)


@dataclass(frozen=True, slots=True)
class EmbedderIdentity:
    """What makes two vectors comparable. A library stores it and refuses vectors of another one.

    `max_tokens` counts the special tokens too. `digest` is the sha256 over weights and tokenizer of a local model and
    "" for a remote one, whose files nobody can hash. `dimension` is 0 where it is unknown until the endpoint was
    asked.
    """

    name: str
    digest: str
    dimension: int
    pooling: str
    normalised: bool
    max_tokens: int

    def as_dict(self) -> dict[str, str | int | bool]:
        return asdict(self)

    @property
    def english_only(self) -> bool:
        """Whether texts in other languages have vectors that say little."""
        return self.name in ENGLISH_ONLY

    def same_vectors(self, other: EmbedderIdentity) -> bool:
        """Equal, where an unknown dimension agrees with any."""
        mine, theirs = self.as_dict(), other.as_dict()
        if 0 in (self.dimension, other.dimension):
            del mine["dimension"], theirs["dimension"]
        return mine == theirs

    def differing(self, other: EmbedderIdentity) -> str:
        """What of the two is not the same, by name; a dimension that is unknown there differs from none."""
        mine = self.as_dict()
        return ", ".join(name for name, value in other.as_dict().items() if value != 0 and mine[name] != value)


class Embedder(Protocol):
    """A backend. Vectors are float32, one row a text, of length 1, in the order of the texts."""

    @property
    def identity(self) -> EmbedderIdentity: ...

    @property
    def runtime(self) -> str:
        """What computes the vectors, for `doctor`; not part of the identity."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text in this embedder's own tokenizer, without special tokens."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), identity.dimension)."""
        ...


def identity_of(spec: str, options: Mapping[str, object] | None = None) -> EmbedderIdentity:
    """The identity that `open_embedder` would have, without opening anything.

    `spec` is "minilm", "openai:MODEL" or "langchain:package.module:ClassName". Of an OpenAI model that is not one of
    the three known ones, and of a LangChain class, the dimension is options["dimension"]; without it, it is 0 here
    (unknown) and `open_embedder` learns it by embedding one word. Raises WrongEmbedder.
    """
    options = options or {}
    kind, _, rest = spec.partition(":")
    if spec == "minilm":
        if options:
            raise WrongEmbedder(f"the embedder minilm takes no options, not {', '.join(sorted(options))}")
        from vectorstore.minilm import MINILM_IDENTITY

        return MINILM_IDENTITY
    if kind == "openai" and rest.strip():
        unknown = sorted(set(options) - {"dimension"})
        if unknown:
            raise WrongEmbedder(f"an OpenAI embedder takes the option dimension, not {', '.join(unknown)}")
        return _remote_identity(spec, _openai_dimension(rest, _dimension(options)), max_tokens=512)
    if kind == "langchain" and _LANGCHAIN_PATH.fullmatch(rest):
        model = ", ".join(f"{name}={options[name]}" for name in _MODEL_OPTIONS if name in options)
        # an estimate of the tokens needs a margin, and many local models stop at 256 or 512 without a word
        return _remote_identity(f"{spec}({model})" if model else spec, _dimension(options), max_tokens=256)
    raise WrongEmbedder(
        f"unknown embedder {spec!r}: it is minilm, openai:MODEL (as openai:text-embedding-3-small) or langchain:package.module:ClassName"
    )


def open_embedder(spec: str = "minilm", *, runtime: str = "onnxruntime", options: Mapping[str, object] | None = None) -> Embedder:
    """The embedder of a spec (see `identity_of`).

    `runtime` concerns minilm only. An OpenAI embedder reads OPENAI_API_KEY and OPENAI_BASE_URL. A LangChain class is
    called with all options but `dimension` as keyword arguments. Where the dimension is unknown, one word is sent to
    the endpoint now. Raises WrongEmbedder, EmbeddingFailed, and the errors of vectorstore/model_files.py.
    """
    if runtime not in RUNTIMES:
        raise WrongEmbedder(f"unknown runtime {runtime!r}: it is {' or '.join(RUNTIMES)}")
    identity = identity_of(spec, options)
    if spec == "minilm":
        from vectorstore.minilm import MiniLM

        return MiniLM(runtime)
    from vectorstore.remote_embed import open_langchain, open_openai

    kind, _, rest = spec.partition(":")
    if kind == "openai":
        whole = _OPENAI_DIMENSIONS.get(rest, identity.dimension)
        return open_openai(rest, identity, shortened=identity.dimension != whole)
    passed_on = {name: value for name, value in (options or {}).items() if name != "dimension"}
    return open_langchain(rest, identity, passed_on)


class TokenStates(NamedTuple):
    """A text as a model reads it: its vector, shape (dimension,); those of its tokens, float16, shape (tokens, dimension); the numbers
    of the tokens in the model's vocabulary, in which commoner ones come earlier; and where they stand in the text."""

    vector: NDArray[np.float32]
    tokens: NDArray[np.float16]
    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]


@runtime_checkable
class ReadsTokens(Protocol):
    """An embedder that also gives the vectors of a text's tokens, each seen in its sentence."""

    def states(self, texts: Sequence[str]) -> list[TokenStates]: ...


@dataclass(frozen=True, slots=True)
class EmbedderChoice:
    """Which embedder a library is opened with: see open_embedder."""

    spec: str = "minilm"
    runtime: str = "onnxruntime"
    options: tuple[tuple[str, object], ...] = ()

    def open(self) -> Embedder:
        return open_embedder(self.spec, runtime=self.runtime, options=dict(self.options))

    def identity(self) -> EmbedderIdentity:
        return identity_of(self.spec, dict(self.options))


def without_surrogates(text: str) -> str:
    """Lone surrogates, which no encoder takes, become U+FFFD; the length stays."""
    return _SURROGATE.sub("\ufffd", text)


def _remote_identity(name: str, dimension: int, max_tokens: int) -> EmbedderIdentity:
    return EmbedderIdentity(name, "", dimension, pooling="endpoint", normalised=True, max_tokens=max_tokens)


def _dimension(options: Mapping[str, object]) -> int:
    dimension = options.get("dimension", 0)
    if isinstance(dimension, bool) or not isinstance(dimension, int) or dimension < 0:
        raise WrongEmbedder(f"the option dimension is a number above 0, not {dimension!r}")
    return dimension


def _openai_dimension(model: str, asked: int) -> int:
    known = _OPENAI_DIMENSIONS.get(model, 0)
    shortens = model.startswith("text-embedding-3")
    if known and asked and (asked > known or (asked < known and not shortens)):
        raise WrongEmbedder(f"{model} gives vectors of dimension {known}, not {asked}")
    return asked or known
