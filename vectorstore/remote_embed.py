"""Embedders that are not ours: an OpenAI-compatible endpoint, and any class of LangChain's `Embeddings` shape."""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from vectorstore.embed import Embedder, EmbedderIdentity, EmbeddingFailed, WrongEmbedder, without_surrogates
from vectorstore.model_files import count_tiktoken, cut_tiktoken
from vectorstore.redaction import keep_from_logs

# OpenAI's three embedding models use it. Another endpoint's tokens can differ; the budget of 512 leaves room for that.
OPENAI_ENCODING = "cl100k_base"
# 128 texts of 512 tokens stay well under the 300,000 tokens that one request may carry.
TEXTS_A_REQUEST = 128
SECONDS_TO_ANSWER = 60.0
RETRIES = 2
CHARACTERS_A_TOKEN = 4

_SECRET_NAME = re.compile(r"key|token|secret|password|credential", re.IGNORECASE)
_LOOKS_SECRET = re.compile(r"\b(?:sk|hf|pk|key)[-_][\w-]{6,}|Bearer\s+\S+")


class RemoteEmbedder:
    """Embedder around a function that turns texts into rows of numbers; checks them and scales them to length 1."""

    def __init__(
        self,
        identity: EmbedderIdentity,
        runtime: str,
        vectors_of: Callable[[list[str]], Sequence[Sequence[float]]],
        count: Callable[[Sequence[str]], list[int]],
        cut: Callable[[str], str],
    ) -> None:
        self._vectors_of = vectors_of
        self._runtime = runtime
        self._count = count
        self._cut = cut
        self._identity = identity
        if not identity.dimension:
            self._identity = replace(identity, dimension=self._request(["word"]).shape[1])

    @property
    def identity(self) -> EmbedderIdentity:
        return self._identity

    @property
    def runtime(self) -> str:
        return self._runtime

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._count([without_surrogates(text) for text in texts])

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), identity.dimension). A text is cut at the token budget. Raises EmbeddingFailed."""
        vectors = np.empty((len(texts), self._identity.dimension), dtype=np.float32)
        for start in range(0, len(texts), TEXTS_A_REQUEST):
            # endpoints refuse an empty text; a space is the nearest to nothing that they take
            batch = [self._cut(without_surrogates(text)) or " " for text in texts[start : start + TEXTS_A_REQUEST]]
            vectors[start : start + len(batch)] = self._request(batch)
        return vectors

    def _request(self, texts: list[str]) -> NDArray[np.float32]:
        name = self._identity.name
        rows = self._vectors_of(texts)
        if len(rows) != len(texts):
            raise EmbeddingFailed(f"{name} answered {len(texts)} texts with {len(rows)} vectors.")
        try:
            vectors = np.asarray(rows, dtype=np.float64)
        except (TypeError, ValueError):
            raise EmbeddingFailed(f"{name} answered with something other than vectors of one length.") from None
        if vectors.ndim != 2 or not vectors.shape[1]:
            raise EmbeddingFailed(f"{name} answered with something other than vectors of one length.")
        if self._identity.dimension and vectors.shape[1] != self._identity.dimension:
            raise EmbeddingFailed(
                f"{name} answered with vectors of dimension {vectors.shape[1]}, not {self._identity.dimension}.",
                user_can_mend=True,
            )
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or not lengths.all():
            raise EmbeddingFailed(f"{name} answered with a vector that is zero or not finite.")
        scaled: NDArray[np.float32] = (vectors / lengths).astype(np.float32)
        return scaled


def open_openai(model: str, identity: EmbedderIdentity, *, shortened: bool) -> Embedder:
    """An endpoint that speaks OpenAI's protocol: OPENAI_BASE_URL, or OpenAI's own.

    `shortened` asks it for vectors of identity.dimension. Raises EmbeddingFailed without OPENAI_API_KEY, unless a
    base URL is set: local servers need no key.
    """
    import openai

    key, base_url = os.environ.get("OPENAI_API_KEY"), os.environ.get("OPENAI_BASE_URL")
    if not key and not base_url:
        raise EmbeddingFailed("An OpenAI embedder needs OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own.", user_can_mend=True)
    keep_from_logs(key)
    client = openai.OpenAI(api_key=key or "none", base_url=base_url or None, timeout=SECONDS_TO_ANSWER, max_retries=RETRIES)
    host = urlsplit(str(client.base_url)).hostname or "the endpoint"
    extra: dict[str, Any] = {"dimensions": identity.dimension} if shortened else {}

    def vectors_of(texts: list[str]) -> list[list[float]]:
        try:
            response = client.embeddings.create(model=model, input=texts, encoding_format="float", **extra)
        except openai.APIError as error:
            # the error of the client can repeat the key, and is therefore not chained
            raise _openai_failure(error, host, model) from None
        except ValueError:
            raise _no_embeddings(host) from None
        try:
            return [item.embedding for item in sorted(response.data, key=lambda item: item.index)]
        except (AttributeError, TypeError):  # the client hands on a page of HTML as a str
            raise _no_embeddings(host) from None

    return RemoteEmbedder(
        identity,
        f"openai endpoint at {host}",
        vectors_of,
        lambda texts: count_tiktoken(texts, OPENAI_ENCODING),
        lambda text: cut_tiktoken(text, identity.max_tokens, OPENAI_ENCODING),
    )


def _openai_failure(error: Exception, host: str, model: str) -> EmbeddingFailed:
    import openai

    if isinstance(error, openai.APITimeoutError):
        return EmbeddingFailed(f"{host} did not answer within {SECONDS_TO_ANSWER:.0f} seconds.", retry=True)
    if isinstance(error, openai.APIConnectionError):
        return EmbeddingFailed(f"No connection to {host}.", user_can_mend=True, retry=True)
    status = getattr(error, "status_code", None)
    if status in (401, 403):
        return EmbeddingFailed(f"{host} refused the key (HTTP {status}). Check OPENAI_API_KEY.", user_can_mend=True)
    if status == 404:
        return EmbeddingFailed(
            f"{host} has no model {model!r}, or no embeddings (HTTP 404). Check the embedder and OPENAI_BASE_URL.",
            user_can_mend=True,
        )
    if status == 429:
        return EmbeddingFailed(f"{host} asks for a pause, or the quota is used up (HTTP 429).", retry=True)
    if isinstance(status, int) and status >= 500:
        return EmbeddingFailed(f"{host} failed (HTTP {status}).", retry=True)
    if isinstance(status, int):
        return EmbeddingFailed(f"{host} refused the request (HTTP {status}).", user_can_mend=True)
    return _no_embeddings(host)


def _no_embeddings(host: str) -> EmbeddingFailed:
    return EmbeddingFailed(f"{host} did not answer as an embeddings endpoint does.", user_can_mend=True)


def open_langchain(path: str, identity: EmbedderIdentity, options: Mapping[str, object]) -> Embedder:
    """An object of the class at "package.module:ClassName", made with the options, by its `embed_documents`.

    Its tokens are estimated, four characters a token, since the interface has no tokenizer. Raises WrongEmbedder when
    there is no such class, and EmbeddingFailed when it cannot be made.
    """
    module_name, _, class_name = path.partition(":")
    try:
        made_by = getattr(importlib.import_module(module_name), class_name)
    except ModuleNotFoundError as error:
        raise WrongEmbedder(f"the embedder langchain:{path} needs the module {error.name}: not installed") from None
    except AttributeError:
        raise WrongEmbedder(f"the module {module_name} has no class {class_name}") from None
    if not callable(getattr(made_by, "embed_documents", None)):
        raise WrongEmbedder(f"{path} is no LangChain embeddings class: it has no embed_documents")

    def guarded(work: Callable[[], Any], doing: str) -> Any:
        try:
            return work()
        except Exception as error:  # a class of somebody else's may raise anything; its own words go on without secrets
            told = _without_secrets(f"{type(error).__name__}: {error}", options)
            where = " Its options are in RASHOMON_EMBEDDER_OPTIONS." if doing == "starting" else ""
            raise EmbeddingFailed(f"{class_name} failed while {doing} ({told}).{where}") from None

    backend = guarded(lambda: made_by(**options), "starting")
    return RemoteEmbedder(
        identity,
        f"{path}, tokens estimated at {CHARACTERS_A_TOKEN} characters each",
        lambda texts: guarded(lambda: backend.embed_documents(texts), "embedding"),
        lambda texts: [-(-len(text) // CHARACTERS_A_TOKEN) for text in texts],
        lambda text: text[: identity.max_tokens * CHARACTERS_A_TOKEN],
    )


def _without_secrets(message: str, options: Mapping[str, object]) -> str:
    for name, value in [*os.environ.items(), *options.items()]:
        if _SECRET_NAME.search(name) and len(str(value)) >= 6:
            message = message.replace(str(value), "[hidden]")
    return _LOOKS_SECRET.sub("[hidden]", message)[:300]
