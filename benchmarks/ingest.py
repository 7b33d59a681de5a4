"""Ingest against the bare embedding session, in the same run.

    python benchmarks/ingest.py CORPUS.jsonl [--articles N] [--langchain PYTHON]

It prints JSON: passages/s of a whole `ingest` process beside the bare session (same graph, threads and passages; tokenising included;
sorted by length, batches of 8, each padded to its longest; measured before and after the ingest), peak memory, and the second ingest.
With --langchain, the interpreter of an environment of its own (langchain-chroma, langchain-text-splitters, langchain-huggingface,
sentence-transformers), plain LangChain fills a Chroma from the first 40 articles with the settings of its tutorial, and so does a
process of ours; both are measured from start to end, and without their imports and the loading of the model.
RASHOMON_RUNTIME=openvino is honoured.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = 40

LANGCHAIN = """
import json, sys, tempfile, time
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

corpus, model, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
rows = [json.loads(line) for line in open(corpus, encoding="utf-8").read().splitlines()[:count]]
embeddings = HuggingFaceEmbeddings(model_name=model)
embeddings.embed_query("warm")
started = time.monotonic()
splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
documents = splitter.split_documents([Document(row["body"], metadata={"source": row["source"], "title": row["title"]}) for row in rows])
Chroma.from_documents(documents, embeddings, persist_directory=tempfile.mkdtemp())
seconds = time.monotonic() - started
print(json.dumps({"documents": len(documents), "characters": sum(len(row["body"]) for row in rows), "seconds": seconds}))
"""


def choice() -> Any:
    from vectorstore.library import EmbedderChoice

    return EmbedderChoice(runtime=os.environ.get("RASHOMON_RUNTIME", "onnxruntime"))


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def ingest(corpus: Path, folder: Path, articles: int | None) -> dict[str, Any]:
    from vectorstore.library import Library
    from vectorstore.readers import read_file

    with Library.open(folder, choice(), write=True) as library:
        report = library.ingest(islice(read_file(corpus), articles))
    heavy = {"chromadb", "onnxruntime", "tokenizers", "openvino"} & set(sys.modules)
    return {
        "articles": report.inputs,
        "unchanged": report.unchanged,
        "passages": report.passages,
        "seconds_inside": round(report.seconds, 2),
        "processor_seconds": round(processor_seconds(), 1),
        "peak_MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "imported": sorted(heavy),
    }


def bare(corpus: Path, articles: int | None) -> dict[str, Any]:
    from vectorstore.ingest import room
    from vectorstore.passage import cut
    from vectorstore.readers import Read, read_file

    embedder = choice().open()
    budget = room(embedder.identity)
    found = [item.article for item in islice(read_file(corpus), articles) if isinstance(item, Read)]
    texts = [passage.text for article in found for passage in cut(article.text, article.text_id, embedder.count_tokens, budget)]
    embedder.embed(texts[:16])
    started, used = time.monotonic(), processor_seconds()
    embedder.embed(texts)
    seconds, used = time.monotonic() - started, processor_seconds() - used
    return {
        "passages": len(texts),
        "seconds": round(seconds, 2),
        "processor_seconds": round(used, 1),
        "passages_per_s": round(len(texts) / seconds, 2),
        "runtime": embedder.runtime,
        "characters": sum(len(article.text) for article in found),
    }


def child(*arguments: object) -> tuple[dict[str, Any], float]:
    """What a process of its own printed, and its seconds from start to end."""
    started = time.monotonic()
    command = [sys.executable, __file__, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    result: dict[str, Any] = json.loads(done.stdout)
    return result, time.monotonic() - started


def langchain(python: str, corpus: Path) -> dict[str, Any]:
    from vectorstore.model_files import TOKENIZER, find

    command = [python, "-c", LANGCHAIN, str(corpus), str(find(TOKENIZER).parent), str(SAMPLE)]
    started = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    theirs_whole = time.monotonic() - started
    if done.returncode:
        sys.exit(f"the LangChain run failed:\n{done.stderr[-2000:]}")
    theirs: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    with tempfile.TemporaryDirectory() as folder:
        ours, ours_whole = child(corpus, "--part", "ingest", "--folder", folder, "--articles", SAMPLE)
    characters = theirs["characters"]
    return {
        "langchain_documents": theirs["documents"],
        "our_passages": ours["passages"],
        "characters_per_s_from_start_to_end": [round(characters / theirs_whole), round(characters / ours_whole)],
        "times_from_start_to_end": round(theirs_whole / ours_whole, 2),
        # Without the interpreter and the imports; ours still loads its model and imports Chroma in this time, theirs has done so.
        "times_inside": round(theirs["seconds"] / ours["seconds_inside"], 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--articles", type=int, help="only the first N")
    parser.add_argument("--langchain", metavar="PYTHON", help="interpreter of an environment with LangChain and sentence-transformers")
    parser.add_argument("--part", choices=["ingest", "bare"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        part = (
            ingest(options.corpus, options.folder, options.articles) if options.part == "ingest" else bare(options.corpus, options.articles)
        )
        print(json.dumps(part))
        return
    count = [] if options.articles is None else ["--articles", options.articles]
    with tempfile.TemporaryDirectory() as folder:
        before, _ = child(options.corpus, "--part", "bare", *count)
        first, seconds = child(options.corpus, "--part", "ingest", "--folder", folder, *count)
        second, again = child(options.corpus, "--part", "ingest", "--folder", folder, *count)
        after, _ = child(options.corpus, "--part", "bare", *count)
    bare_rate = 2 * before["passages"] / (before["seconds"] + after["seconds"])
    result = {
        "bare": [before, after],
        "ingest": {**first, "seconds": round(seconds, 2), "passages_per_s": round(first["passages"] / seconds, 2)},
        "share_of_bare": round(first["passages"] / seconds / bare_rate, 3),
        # On a machine that does other things at the same time this says more than the clock.
        "share_of_bare_by_processor": round((before["processor_seconds"] + after["processor_seconds"]) / 2 / first["processor_seconds"], 3),
        "second_ingest": {**second, "seconds": round(again, 2)},
    }
    if options.langchain:
        result["beside_langchain"] = langchain(options.langchain, options.corpus)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
