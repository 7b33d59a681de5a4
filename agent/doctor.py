"""What `rashomon doctor` looks at: versions, model files, the library, and what would leave this machine."""

from __future__ import annotations

import platform
import sqlite3
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from agent.settings import Settings
from vectorstore.library import EmbedderChoice, Library, LibraryError
from vectorstore.model_files import ModelFilesError, cache_folder, model_file_states

PACKAGES = ("rashomon", "chromadb", "langchain", "langchain-openai", "openai", "tiktoken", "onnxruntime", "tokenizers", "py3langid")


@dataclass(frozen=True, slots=True)
class Finding:
    name: str
    value: str
    ok: bool = True


def examine(settings: Settings) -> list[Finding]:
    return [
        Finding("python", f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}"),
        *(_package(name) for name in PACKAGES),
        *(Finding(f"model file {name}", state, state == "verified") for name, state in model_file_states().items()),
        Finding("model cache", str(cache_folder())),
        _embedder(settings),
        *_library(settings),
        _leaves(settings),
    ]


def _package(name: str) -> Finding:
    try:
        return Finding(name, version(name))
    except PackageNotFoundError:
        return Finding(name, "not installed; install rashomon again", ok=False)


def _embedder(settings: Settings) -> Finding:
    try:
        embedder = EmbedderChoice(settings.embedder, settings.runtime, settings.embedder_options).open()
    except (ModelFilesError, ValueError) as error:
        return Finding("embedder", str(error), ok=False)
    identity = embedder.identity
    return Finding(
        "embedder",
        f"{identity.name}, {identity.dimension} dimensions, {identity.max_tokens} tokens, {identity.pooling}, {embedder.runtime}",
    )


def _library(settings: Settings) -> list[Finding]:
    if not settings.library.exists():
        return [Finding("library", f"{settings.library}: none yet")]
    try:
        chosen = EmbedderChoice(settings.embedder, settings.runtime, settings.embedder_options)
        with Library.open(settings.library, chosen, chroma_url=settings.chroma_url) as library:
            status, known = library.status(), len(library.registry.entries)
    except LibraryError as error:
        return [Finding("library", str(error), ok=False)]
    return [
        Finding("library", f"{settings.library}: {status['articles']} articles, {status['passages']} passages, index {status['index']}"),
        Finding("outlet registry", f"{known} outlets known"),
        *(Finding("note", str(notice)) for notice in status["notices"]),
    ]


def _leaves(settings: Settings) -> Finding:
    leaving = []
    if settings.model:
        leaving.append(f"questions and the passages found for them go to {settings.endpoint} (model {settings.model})")
    if settings.embedder != "minilm":
        leaving.append(f"article texts and questions go to the embedder {settings.embedder}")
    if settings.chroma_host:
        leaving.append(f"passage ids and the vectors of passages and questions go to the Chroma server {settings.chroma_host}")
    if settings.tracing:
        leaving.append("prompts and passages go to the tracing service that the LANGSMITH variables name")
    return Finding("leaves this machine", "; ".join(leaving) or "nothing")
