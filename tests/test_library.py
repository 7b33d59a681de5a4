"""What a library does with what is ingested, found, removed and embedded anew."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.embed import Embedder
from vectorstore.errors import LibraryError
from vectorstore.library import EmbedderChoice, IngestReport, Library
from vectorstore.model_files import ModelMissing
from vectorstore.readers import Read, Rejection

ROOT = Path(__file__).resolve().parent.parent
TOPICS = ["ferry", "strike", "budget", "storm", "election", "museum", "harvest", "tram", "bridge", "verdict"]


def value(text: str | None) -> Field:
    return Field(text, "given", "test") if text else UNKNOWN


def article(text: str, url: str | None = None, *, outlet: str | None = None, title: str | None = None, day: str | None = None) -> Article:
    return Article(text, value(title), value(outlet), value(url), value(day))


def story(number: int) -> Article:
    topic = TOPICS[number % len(TOPICS)]
    text = "\n\n".join(
        f"The {topic} took {number} turns, {word} said on day {number + line}. Nobody asked why." for line, word in enumerate(TOPICS)
    )
    return article(
        text, f"https://post.example/{number}", outlet=f"Post {number % 3}", title=f"A {topic}", day=f"2025-03-{1 + number % 28:02}"
    )


def reads(*articles: Article) -> Iterator[Read]:
    return (Read(item, "test.jsonl", line) for line, item in enumerate(articles, 1))


def filled(folder: Path, embedder: Embedder, *articles: Article) -> IngestReport:
    with Library.open(folder, write=True, embedder=embedder) as library:
        return library.ingest(reads(*articles))


def found(library: Library, query: str, **limits: object) -> list[tuple[str, int, float]]:
    hits = library.search(query, **limits)  # type: ignore[arg-type]  # the names are checked where they are used
    return [(hit.article.article_id, hit.start, hit.score) for hit in hits]


# What an ingest does.


def test_what_was_ingested_is_there_and_found_at_once(tmp_path: Path, words: Embedder) -> None:
    with Library.open(tmp_path, write=True, embedder=words) as library:
        report = library.ingest(reads(*(story(number) for number in range(5))))
        assert (report.added, report.inputs, report.passages > 5) == (5, 5, True)
        assert library.search("ferry")[0].article.title.value == "A ferry"
        library.ingest(reads(story(7)))
        hit = library.search("tram")[0]
        assert hit.article.title.value == "A tram"
        assert hit.article.text[hit.start : hit.end] == hit.text
    with Library.open(tmp_path, embedder=words) as library:
        assert library.search("tram")[0].article.title.value == "A tram"


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    }


def test_a_second_ingest_writes_nothing(tmp_path: Path, words: Embedder) -> None:
    inputs: list[Read | Rejection] = [
        *reads(*(story(number) for number in range(5))),
        Rejection("x.txt", None, "empty"),
        Rejection("x.jsonl", 3, "no text"),
    ]
    with Library.open(tmp_path, write=True, embedder=words) as library:
        library.ingest(inputs)
    before = snapshot(tmp_path)
    with Library.open(tmp_path, write=True, embedder=words) as library:
        report = library.ingest(inputs)
        assert library._catalog.changes == 0
    assert (report.unchanged, len(report.rejected), report.inputs) == (5, 2, 7)
    assert snapshot(tmp_path) == before


def test_a_second_ingest_imports_neither_chroma_nor_the_model(tmp_path: Path, minilm: Embedder) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Fire shut the ferry terminal on Friday. Nobody was hurt.")
    (tmp_path / "in" / "b.txt").write_text("")
    filled(tmp_path / "lib", minilm)
    with Library.open(tmp_path / "lib", write=True, embedder=minilm) as library:
        from vectorstore.readers import find_files, read_file

        library.ingest(item for path in find_files(tmp_path / "in") for item in read_file(path))
    program = f"""
        import sys
        from pathlib import Path
        from vectorstore.library import Library
        from vectorstore.readers import find_files, read_file
        with Library.open(Path({str(tmp_path / "lib")!r}), write=True) as library:
            report = library.ingest(item for path in find_files(Path({str(tmp_path / "in")!r})) for item in read_file(path))
        heavy = {{"chromadb", "onnxruntime", "tokenizers", "openai", "langchain", "py3langid"}} & set(sys.modules)
        print(report.unchanged, len(report.rejected), sorted(heavy))
    """
    assert python(program).strip() == "1 1 []"


def python(program: str) -> str:
    """What the program prints; it is run from the root of the project."""
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_counts_sum_to_the_inputs(tmp_path: Path, words: Embedder) -> None:
    one = story(1)
    inputs: list[Read | Rejection] = [
        Read(one, "a.jsonl", 1),
        Read(one, "a.jsonl", 2),
        Read(Article(one.text, url=one.url, author=value("Ada Holm")), "a.jsonl", 3),
        Read(article("Another text.", one.url.value), "a.jsonl", 4),
        Rejection("a.jsonl", 5, "not JSON"),
        Read(article(one.text, "https://copy.example/1"), "a.jsonl", 6),
    ]
    with Library.open(tmp_path, write=True, embedder=words) as library:
        report = library.ingest(inputs)
        assert (report.added, report.unchanged, report.updated, report.new_versions, len(report.rejected)) == (2, 1, 1, 1, 1)
        assert report.inputs == len(inputs)
        assert library.quarantine.rejected() == [Rejection("a.jsonl", 5, "not JSON")]


def test_a_path_is_no_identity(tmp_path: Path, words: Embedder) -> None:
    with Library.open(tmp_path, write=True, embedder=words) as library:
        library.ingest([Read(story(1), "a.jsonl", 1)])
        assert library.ingest([Read(story(1), "elsewhere.txt")]).unchanged == 1
        assert library.ingest([Read(story(2), "a.jsonl", 1)]).added == 1


def test_what_could_be_read_after_all_leaves_the_rejections(tmp_path: Path, words: Embedder) -> None:
    with Library.open(tmp_path, write=True, embedder=words) as library:
        library.ingest([Rejection("a.txt", None, "empty"), Rejection("b.txt", None, "empty")])
        library.ingest([Read(story(1), "a.txt")])
        assert [item.path for item in library.quarantine.rejected()] == ["b.txt"]


def test_a_copy_costs_no_embedding(tmp_path: Path, words: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    embedded: list[str] = []
    embed = words.embed

    def counted(texts: Sequence[str]) -> NDArray[np.float32]:
        embedded.extend(texts)
        return embed(texts)

    monkeypatch.setattr(words, "embed", counted)
    filled(tmp_path, words, story(1))
    assert embedded
    embedded.clear()
    filled(
        tmp_path, words, article(story(1).text, "https://copy.example/1"), article(story(1).text + "\n\nMore.", "https://copy.example/2")
    )
    assert len(embedded) == 1


def test_a_copy_is_shown_with_the_article_it_copies(tmp_path: Path, words: Embedder) -> None:
    late = article(story(1).text, "https://late.example/1", outlet="Late", day="2025-05-01")
    filled(tmp_path, words, late, story(1))
    with Library.open(tmp_path, embedder=words) as library:
        hit = library.search("strike")[0]
        assert (hit.article.article_id, hit.also) == (story(1).article_id, (late.article_id,))
        (only,) = {hit.article.outlet.value for hit in library.search("strike", outlets=["Late"])}
        assert only == "Late"


def test_an_article_by_its_id_or_the_start_of_it(tmp_path: Path, words: Embedder) -> None:
    filled(tmp_path, words, *(story(number) for number in range(40)))
    with Library.open(tmp_path, embedder=words) as library:
        whole = story(3).article_id
        assert library.article(whole) == library.article(whole[:10])
        assert (library.article(whole).article_id, library.article(whole).text) == (whole, story(3).text)
        for wrong in ("", "zz", "%", "_", whole + "0", "0' OR 1=1 --"):
            with pytest.raises(KeyError):
                library.article(wrong)
        starts = [item.article_id[0] for item in library.articles()]
        with pytest.raises(KeyError, match="several"):
            library.article(max(starts, key=starts.count))


def test_outlets_with_their_days_the_unknown_last(tmp_path: Path, words: Embedder) -> None:
    filled(
        tmp_path,
        words,
        article("A.", outlet="Post", day="2025-03-02T10:00:00+01:00"),
        article("B.", outlet="Post", day="2025-03-01"),
        article("C."),
        article("D.", outlet="courier"),
    )
    with Library.open(tmp_path, embedder=words) as library:
        assert [(outlet.name, outlet.articles, outlet.first, outlet.last) for outlet in library.outlets()] == [
            ("courier", 1, None, None),
            ("Post", 2, date(2025, 3, 1), date(2025, 3, 2)),
            (None, 1, None, None),
        ]


def test_mentions_are_whole_words(tmp_path: Path, words: Embedder) -> None:
    filled(tmp_path, words, article("CNN said so."), article("SCNNX."), article("(CNN)"), article("cnn"))
    with Library.open(tmp_path, embedder=words) as library:
        assert (library.mentions("CNN"), library.mentions("CNN said"), library.mentions(" "), library.mentions("a.*")) == (2, 1, 0, 0)


# In memory.


def test_a_library_in_memory_leaves_nothing_on_disk(tmp_path: Path, words: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Library.in_memory([story(1), story(2)], embedder=words) as library:
        assert library.search("strike")[0].article.title.value == "A strike"
        assert library.events()
        assert library.status()["index"] == "none"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text", ["A fire\x00 broke out.", "A\u200bfire broke out.", "Line.\r\nNext line.\r\n", "<|endoftext|> [SEP]", "😀" * 50]
)
def test_offsets_hold_for_any_text(text: str, minilm: Embedder) -> None:
    with Library.in_memory([article(text)], embedder=minilm) as library:
        assert library.articles()[0].text == text
        for hit in library.search("fire line"):
            assert hit.text == text[hit.start : hit.end]


def test_an_empty_library_answers_with_nothing(tmp_path: Path, words: Embedder) -> None:
    assert filled(tmp_path, words).inputs == 0
    for library in (Library.open(tmp_path, embedder=words), Library.in_memory([], embedder=words)):
        with library:
            nothing = [library.search("fire"), library.articles(), library.outlets(), library.events(), library.quarantine.rejected()]
            assert nothing == [[]] * 5
            assert library.mentions("fire") == 0
            assert library.status()["articles"] == 0


# Embedders.


def test_another_embedder_is_refused_with_the_command_that_helps(tmp_path: Path, words: Embedder, other_words: Embedder) -> None:
    filled(tmp_path, words, story(1))
    for write in (False, True):
        with pytest.raises(LibraryError, match=r"filled by the embedder test/words, not test/other-words.*rashomon reindex"):
            Library.open(tmp_path, embedder=other_words, write=write)
    with pytest.raises(LibraryError, match="not sentence-transformers/all-MiniLM"):
        Library.open(tmp_path)


def test_reindexing_changes_the_embedder_and_keeps_the_articles(tmp_path: Path, words: Embedder, other_words: Embedder) -> None:
    filled(tmp_path, words, *(story(number) for number in range(12)))
    with Library.open(tmp_path, embedder=words) as library:
        first = found(library, "ferry on day 3")
    with Library.open(tmp_path, write=True, embedder=other_words, any_embedder=True) as library:
        assert library.reindex() == library.status()["passages"]
    with Library.open(tmp_path, write=True, embedder=other_words) as library:
        assert len(library.articles()) == 12
        assert library.embed(["x"]).shape == (1, 16)
        assert library.search("ferry")[0].article.title.value == "A ferry"
        assert library.ingest(reads(story(3), story(13))).inputs == 2
    with Library.open(tmp_path, write=True, embedder=words, any_embedder=True) as library:
        library.reindex()
    with Library.open(tmp_path, embedder=words) as library:
        without = [item for item in found(library, "ferry on day 3", limit=20) if item[0] != story(13).article_id]
        # Rarity of words is counted over all passages, one of which came since: only the best one must stay.
        assert without[0][:2] == first[0][:2]


def test_a_reindex_repeats_the_ranking(tmp_path: Path, words: Embedder) -> None:
    filled(tmp_path, words, *(story(number) for number in range(20)))
    queries = ["ferry", "who said the museum took turns", "day 7", "nobody asked why"]
    with Library.open(tmp_path, write=True, embedder=words) as library:
        before = [found(library, query, limit=20) for query in queries]
        library.reindex()
        assert [found(library, query, limit=20) for query in queries] == before


def test_status(tmp_path: Path, words: Embedder) -> None:
    filled(tmp_path, words, story(1), story(2))
    with Library.open(tmp_path, embedder=words) as library:
        status = library.status()
    assert (status["articles"], status["versions"], status["rejected"], status["index"]) == (2, 2, 0, "whole")
    assert json.dumps(status)


def test_an_embedder_opened_ahead_is_the_one_used_and_its_error_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library.in_memory([])
    opened: list[EmbedderChoice] = []

    def fails(choice: EmbedderChoice) -> Embedder:
        opened.append(choice)
        raise ModelMissing("no model here")

    monkeypatch.setattr(EmbedderChoice, "open", fails)
    library.open_embedder_ahead()
    library.open_embedder_ahead()
    for _ in range(2):
        with pytest.raises(ModelMissing, match="no model here"):
            library.embed(["a"])
    assert len(opened) == 1
