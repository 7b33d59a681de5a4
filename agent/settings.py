"""What the user has set, read once from the environment. Imports nothing heavy."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from platformdirs import user_data_dir

Runtime = Literal["onnxruntime", "openvino"]
RUNTIMES: tuple[Runtime, ...] = ("onnxruntime", "openvino")
LONGEST_TIMEOUT = 3600.0
# All that begin with our name; any other is a slip of the pen, that would be passed over in silence.
VARIABLES = tuple(
    f"RASHOMON_{name}"
    for name in ("LIBRARY EMBEDDER EMBEDDER_OPTIONS RUNTIME MODEL MODEL_PLANS MODEL_RERANKS TIMEOUT TRACING CHROMA_URL CACHE DEBUG".split())
)


class SettingsError(ValueError):
    """A setting that cannot be used; the message names the variable and says what to do."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Settings:
    """`model` None means that no model is configured, and the extractive reader answers. `timeout` is in seconds. With `model_plans`
    the model also proposes how a question is searched, with `model_reranks` it orders what a search finds; each costs calls.

    `embedder_options` are sorted (name, value) pairs; a nested value is kept as parsed from JSON.
    """

    library: Path
    embedder: str = "minilm"
    embedder_options: tuple[tuple[str, object], ...] = ()
    runtime: Runtime = "onnxruntime"
    model: str | None = None
    api_key: str | None = field(default=None, repr=False)
    base_url: str | None = None
    timeout: float = 60.0
    tracing: bool = False
    model_plans: bool = False
    model_reranks: bool = False
    chroma_url: str | None = None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Raises SettingsError. An empty variable counts as one that is not set."""
        values = {name: value.strip() for name, value in environ.items() if value.strip()}
        for name in sorted(values):
            if name.startswith("RASHOMON_") and name not in VARIABLES:
                meant = get_close_matches(name, VARIABLES, 1)
                raise SettingsError(
                    f"{name} is no setting{f' (did you mean {meant[0]}?)' if meant else ''}: unset it, or see docs/quickstart.md"
                )
        folder = values.get("RASHOMON_LIBRARY")
        return cls(
            library=Path(folder).expanduser() if folder else Path(user_data_dir("rashomon")),
            embedder=values.get("RASHOMON_EMBEDDER", "minilm"),
            embedder_options=_options(values.get("RASHOMON_EMBEDDER_OPTIONS")),
            runtime=_runtime(values.get("RASHOMON_RUNTIME", "onnxruntime")),
            model=values.get("RASHOMON_MODEL"),
            api_key=_key(values.get("OPENAI_API_KEY")),
            base_url=_address("OPENAI_BASE_URL", values.get("OPENAI_BASE_URL"), "http://127.0.0.1:8080/v1"),
            timeout=_seconds(values.get("RASHOMON_TIMEOUT", "60")),
            tracing=_switch("RASHOMON_TRACING", values),
            model_plans=_switch("RASHOMON_MODEL_PLANS", values),
            model_reranks=_switch("RASHOMON_MODEL_RERANKS", values),
            chroma_url=_server(values.get("RASHOMON_CHROMA_URL")),
        )

    @property
    def endpoint(self) -> str | None:
        """The host that passages are sent to when a model answers, for people; None without a model."""
        if self.model is None:
            return None
        return urlsplit(self.base_url).hostname if self.base_url else "api.openai.com"

    @property
    def chroma_host(self) -> str | None:
        """The other machine that vectors are sent to; None if the index is on this one."""
        host = (urlsplit(self.chroma_url).hostname or "") if self.chroma_url else ""
        return None if not host or host in ("localhost", "::1") or host.startswith("127.") else host


def _options(value: str | None) -> tuple[tuple[str, object], ...]:
    wrong = SettingsError('RASHOMON_EMBEDDER_OPTIONS is not a JSON object; write for example {"dimensions": 512}')
    try:
        options = json.loads(value) if value else {}
    except (ValueError, RecursionError):  # also a number of more digits than Python reads
        raise wrong from None
    if not isinstance(options, dict):
        raise wrong
    return tuple(sorted(options.items()))


def _runtime(value: str) -> Runtime:
    for runtime in RUNTIMES:
        if value == runtime:
            return runtime
    raise SettingsError(f"RASHOMON_RUNTIME is {value!r}; set it to {' or '.join(RUNTIMES)}, or unset it")


def _key(value: str | None) -> str | None:
    # A header takes nothing else, and a client that is given such a key fails far from here, with the key in its message.
    if value is not None and (not value.isascii() or not value.isprintable() or " " in value):
        raise SettingsError("OPENAI_API_KEY has blanks or characters that no key has; copy it again")
    return value


def _server(value: str | None) -> str | None:
    """Without a path: Chroma's own begins at the root."""
    example = "http://127.0.0.1:8000"
    url = _address("RASHOMON_CHROMA_URL", value, example)
    if url and (urlsplit(url).path.strip("/") or urlsplit(url).query or urlsplit(url).fragment):
        raise SettingsError(f"RASHOMON_CHROMA_URL is an address with a path; write it as {example}")
    return url.rstrip("/") if url else None


def _address(name: str, value: str | None, example: str) -> str | None:
    wrong = SettingsError(f"{name} is not an address such as {example}, without name and password")
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        raise wrong from None
    if not usable:
        raise wrong
    return value


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= LONGEST_TIMEOUT:
        raise SettingsError(f"RASHOMON_TIMEOUT is {value!r}; set it to a number of seconds up to {LONGEST_TIMEOUT:g}, or unset it")
    return seconds


def _switch(name: str, values: Mapping[str, str]) -> bool:
    """Off unless it is set."""
    value = values.get(name, "off")
    switches = {"on": True, "true": True, "1": True, "off": False, "false": False, "0": False}
    if value.lower() not in switches:
        raise SettingsError(f"{name} is {value!r}; set it to on or off, or unset it")
    return switches[value.lower()]
