"""The index built by another process (`python -m vectorstore.rebuild CATALOG INDEXES`).

Chroma writes memory that it has not filled into its files: whatever the process held before may end up there, and after a removal that was
seen to be the very vectors that had been removed. A new process has seen nothing but what stays.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from vectorstore.catalog import Catalog
from vectorstore.generation import IndexKeeper, IndexUnusable


def rebuild_apart(catalog: Path, indexes: Path, lock: int) -> None:
    """`lock` is the descriptor of the writer's lock, which the process holds on to if this one is killed. Raises IndexUnusable."""
    command = [sys.executable, "-m", "vectorstore.rebuild", str(catalog.absolute()), str(indexes.absolute())]
    root = Path(__file__).parent.parent
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root, pass_fds=(lock,))
    if done.returncode != 0:
        raise IndexUnusable(done.stderr.strip().rpartition("\n")[2] or "the index cannot be built")


def main() -> None:
    catalog = Catalog(Path(sys.argv[1]))
    try:
        IndexKeeper(Path(sys.argv[2]), catalog).update()
    except IndexUnusable as failure:
        raise SystemExit(str(failure)) from failure
    finally:
        catalog.close()


if __name__ == "__main__":
    main()
