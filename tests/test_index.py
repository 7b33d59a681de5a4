from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from vectorstore.article import Article, Field
from vectorstore.embed import Embedder
from vectorstore.folder import INDEXES
from vectorstore.generation import Generation, IndexUnusable, sealed_through
from vectorstore.index import ChromaIndex, IndexFailed
from vectorstore.library import Hit, Library
from vectorstore.readers import Read

NAMES = "ferry strike budget storm election museum harvest tram bridge verdict".split()


def story(number: int) -> Article:
    text = "\n\n".join(f"The {NAMES[number % 10]} of {name} {number} took {number * line} turns." for line, name in enumerate(NAMES))
    return Article(text, url=Field(f"https://post.example/{number}", "given", "url"))


def ingest(folder: Path, embedder: Embedder, numbers: range) -> list[str]:
    with Library.open(folder, write=True, embedder=embedder) as library:
        library.ingest(Read(story(number), "test", number) for number in numbers)
        return library.notices


def answers(library: Library) -> list[list[Hit]]:
    return [
        library.search(query, limit=20)
        for query in ("ferry of budget", "museum 7 turns", "verdict", "tram of tram 17", "nothing of the kind")
    ]


def unit(rows: int, dimension: int = 8) -> NDArray[np.float32]:
    vectors = np.random.default_rng(1).normal(size=(rows, dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


# Chroma behind our words.


def test_what_was_added_is_near_itself_after_reopening(tmp_path: Path) -> None:
    vectors = unit(300)
    for start in (0, 150):
        index = ChromaIndex(tmp_path)
        index.add([f"p{number}" for number in range(start, start + 150)], vectors[start : start + 150])
        index.close()
    index = ChromaIndex(tmp_path)
    assert index.count() == 300
    assert [found[0] for found in index.nearest(vectors[[0, 149, 150, 299]], 1)] == ["p0", "p149", "p150", "p299"]
    # More than there are may be asked for; a graph that several threads build may lose one.
    assert len(set(index.nearest(vectors[:1], 1000)[0])) > 290
    index.close()


def test_adding_again_changes_nothing_and_more_than_chroma_takes_at_once_is_taken(tmp_path: Path) -> None:
    vectors = unit(6_000)
    names = [f"p{number}" for number in range(6_000)]
    index = ChromaIndex(tmp_path)
    index.add(names, vectors)
    index.add(names[:10], vectors[:10])
    assert index.count() == 6_000
    index.close()


def test_a_vector_of_another_dimension_is_refused(tmp_path: Path) -> None:
    index = ChromaIndex(tmp_path)
    index.add(["a"], unit(1))
    with pytest.raises(IndexFailed):
        index.add(["b"], unit(1, 9))
    with pytest.raises(IndexFailed):
        index.nearest(unit(1, 9), 1)
    index.close()


# Generations and their seals.


def test_an_open_generation_has_no_seal_and_nobody_else_gets_it(tmp_path: Path) -> None:
    generation = Generation.open(tmp_path, "g", new=True)
    generation.add(["a"], unit(1), 1)
    assert sealed_through(tmp_path, "g") is None
    program = f"from pathlib import Path; from vectorstore.generation import Generation; Generation.open(Path({str(tmp_path)!r}), 'g')"
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=Path(__file__).parent.parent)
    assert f"library in use by process {os.getpid()}" in other.stderr
    generation.close()
    assert sealed_through(tmp_path, "g") == 1
    Generation.open(tmp_path, "g").close(whole=False)
    with pytest.raises(IndexUnusable, match="not closed"):
        Generation.open(tmp_path, "g")


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def garble(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 16] = os.urandom(16)
    path.write_bytes(content)


def bloat(path: Path) -> None:
    os.truncate(path, 1 << 40)


def delete(path: Path) -> None:
    path.unlink()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library whose index is large enough to have all of Chroma's files."""
    from importlib import util

    spec = util.spec_from_file_location("word_embedder", Path(__file__).with_name("word_embedder.py"))
    assert spec
    assert spec.loader
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("whole")
    ingest(folder, module.WordEmbedder(), range(700))
    return folder


@pytest.mark.parametrize("damage", [truncate, garble, bloat, delete])
def test_a_damaged_index_changes_no_answer_and_is_rebuilt(
    tmp_path: Path, whole: Path, words: Embedder, damage: Callable[[Path], None]
) -> None:
    with Library.open(whole, embedder=words) as library:
        right = answers(library)
        assert library.notices == []
    files = [
        path.relative_to(whole)
        for path in (whole / INDEXES).rglob("*")
        if path.is_file() and path.suffix != ".lock" and path.stat().st_size
    ]
    assert len(files) >= 6
    for file in files:
        folder = tmp_path / "copy"
        shutil.copytree(whole, folder)
        damage(folder / file)
        with Library.open(folder, embedder=words) as reader:
            assert answers(reader) == right, file
            assert len(reader.notices) == 1
            assert "same answers" in reader.notices[0]
            assert "damaged" in str(reader.status()["index"])
        with Library.open(folder, write=True, embedder=words) as writer:
            assert len(writer.notices) == 1
            assert writer.notices[0].startswith("index rebuilt in ")
            assert writer.status()["index"] == "whole"
        with Library.open(folder, embedder=words) as reader:
            assert answers(reader) == right
            assert reader.notices == []
        shutil.rmtree(folder)


def test_an_index_that_vanished_is_rebuilt(tmp_path: Path, words: Embedder) -> None:
    ingest(tmp_path, words, range(20))
    shutil.rmtree(tmp_path / INDEXES)
    with Library.open(tmp_path, embedder=words) as reader:
        right = answers(reader)
    assert ingest(tmp_path, words, range(20))[0].startswith("index rebuilt in ")
    with Library.open(tmp_path, embedder=words) as reader:
        assert answers(reader) == right
        assert reader.notices == []


def test_the_index_and_an_exact_search_have_the_same_answers(whole: Path, words: Embedder) -> None:
    with Library.open(whole, embedder=words) as library:
        everyone = [article.article_id for article in library.articles()]
        for number in range(0, 700, 14):
            query = story(number).text[40:100]
            assert library.search(query, limit=20) == library.search(query, limit=20, article_ids=everyone)


def test_an_index_that_has_lost_a_passage_changes_no_answer(tmp_path: Path, words: Embedder) -> None:
    ingest(tmp_path, words, range(12))
    with Library.open(tmp_path, embedder=words) as library:
        index = library._retrieval._index
        assert index is not None
        before = answers(library)
        ids, through = index.nearest(words.embed(["nothing of the kind"]), 500) or ([[]], 0)
        for lost in ids[0]:
            left = [name for name in ids[0] if name != lost]
            library._retrieval._index = SimpleNamespace(nearest=lambda vectors, _, left=left: ([left] * len(vectors), through))
            assert answers(library) == before


def test_while_a_reader_has_the_index_a_writer_leaves_it_behind_and_new_articles_are_found(tmp_path: Path, words: Embedder) -> None:
    ingest(tmp_path, words, range(20))
    with Library.open(tmp_path, embedder=words) as reader:
        assert reader.search("ferry")
        program = f"""
import sys
from pathlib import Path
sys.path.insert(0, "tests")
from word_embedder import WordEmbedder
import test_index
print(test_index.ingest(Path({str(tmp_path)!r}), WordEmbedder(), range(20, 24)))
"""
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent)
        assert done.stdout == "[]\n"
        assert reader.search(story(23).text[:50])[0].article == story(23)
    assert ingest(tmp_path, words, range(24)) == []
    with Library.open(tmp_path, embedder=words) as library:
        assert library.status()["index"] == "whole"
        assert library.search(story(23).text[:50])[0].article == story(23)


def test_without_room_on_the_disk_there_is_no_index_and_every_answer(
    tmp_path: Path, words: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000))
    (notice,) = ingest(tmp_path, words, range(20))
    assert "no room" in notice
    assert "same answers" in notice
    with Library.open(tmp_path, embedder=words) as library:
        assert library.search(story(3).text[:50])[0].article == story(3)
    monkeypatch.undo()
    ingest(tmp_path, words, range(20))
    with Library.open(tmp_path, embedder=words) as library:
        assert library.status()["index"] == "whole"


def test_old_generations_are_removed(tmp_path: Path, words: Embedder) -> None:
    ingest(tmp_path, words, range(5))
    with Library.open(tmp_path, write=True, embedder=words) as library:
        library.reindex()
        library.reindex()
    assert len(list((tmp_path / INDEXES).iterdir())) == 3
