from __future__ import annotations

import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from agent.settings import Settings, SettingsError


def test_nothing_set_means_the_local_embedder_and_no_model() -> None:
    settings = Settings.from_environment({})
    assert settings.model is None
    assert settings.endpoint is None
    assert settings.embedder == "minilm"
    assert settings.runtime == "onnxruntime"
    assert settings.timeout == 60
    assert not settings.tracing
    assert settings.library.name == "rashomon"


def test_what_is_set_is_taken() -> None:
    settings = Settings.from_environment(
        {
            "RASHOMON_LIBRARY": "~/coverage",
            "RASHOMON_EMBEDDER": "openai:text-embedding-3-small",
            "RASHOMON_EMBEDDER_OPTIONS": '{"dimensions": 512, "a": [1]}',
            "RASHOMON_RUNTIME": "openvino",
            "RASHOMON_MODEL": " some-model ",
            "OPENAI_API_KEY": "canary-key",
            "OPENAI_BASE_URL": "http://127.0.0.1:8080/v1",
            "RASHOMON_TIMEOUT": "2.5",
            "RASHOMON_TRACING": "ON",
        }
    )
    assert settings.library == Path.home() / "coverage"
    assert settings.embedder_options == (("a", [1]), ("dimensions", 512))
    assert (settings.model, settings.timeout, settings.runtime) == ("some-model", 2.5, "openvino")
    assert settings.endpoint == "127.0.0.1"
    assert settings.tracing


def test_an_empty_variable_counts_as_unset() -> None:
    empty = dict.fromkeys(["RASHOMON_MODEL", "OPENAI_API_KEY", "OPENAI_BASE_URL", "RASHOMON_TIMEOUT", "RASHOMON_LIBRARY"], " ")
    assert Settings.from_environment(empty) == Settings.from_environment({})


def test_the_key_is_never_shown() -> None:
    settings = Settings.from_environment({"OPENAI_API_KEY": "canary-key"})
    assert settings.api_key == "canary-key"
    assert "canary-key" not in f"{settings!r} {settings}"


def test_settings_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings.from_environment({}).timeout = 1  # type: ignore[misc]  # what is tested


def test_a_variable_that_is_no_setting_is_refused_and_the_one_that_was_meant_is_named() -> None:
    with pytest.raises(SettingsError, match=r"RASHOMON_EMBEDER is no setting \(did you mean RASHOMON_EMBEDDER\?\)"):
        Settings.from_environment({"RASHOMON_EMBEDER": "minilm"})
    assert Settings.from_environment({"RASHOMON_CACHE": "/x", "RASHOMON_DEBUG": "1", "RASHOMON_EMBEDER": " "}).embedder == "minilm"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RASHOMON_TIMEOUT", "soon"),
        ("RASHOMON_TIMEOUT", "0"),
        ("RASHOMON_TIMEOUT", "-3"),
        ("RASHOMON_TIMEOUT", "nan"),
        ("RASHOMON_TIMEOUT", "inf"),
        ("RASHOMON_EMBEDDER_OPTIONS", "dimensions=512"),
        ("RASHOMON_EMBEDDER_OPTIONS", "[1]"),
        ("RASHOMON_EMBEDDER_OPTIONS", "[" * 100_000),
        ("RASHOMON_EMBEDDER_OPTIONS", "9" * 5_000),
        ("RASHOMON_RUNTIME", "torch"),
        ("RASHOMON_TRACING", "maybe"),
        ("OPENAI_BASE_URL", "localhost:8080"),
        ("OPENAI_BASE_URL", "file:///etc/passwd"),
        ("OPENAI_BASE_URL", "http://"),
        ("OPENAI_BASE_URL", "http://[::1"),
        ("OPENAI_BASE_URL", "http://host:99999/v1"),
        ("OPENAI_BASE_URL", "https://user:secret@host/v1"),
        ("OPENAI_API_KEY", "canary-\nkey"),
        ("OPENAI_API_KEY", "canary-k\u00e9y"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name) as refused:
        Settings.from_environment({name: value})
    assert "canary" not in str(refused.value)
    assert "secret" not in str(refused.value)


def test_reading_the_settings_imports_nothing_heavy() -> None:
    code = (
        "import sys, agent.settings; "
        "heavy = {'numpy', 'openai', 'langchain', 'langchain_core', 'chromadb', 'onnxruntime', 'tiktoken', 'pydantic'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
