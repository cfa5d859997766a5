"""A compaction that is ended at any of its steps leaves the old file or the new one, whole."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from editor.storage import rows
from editor.storage.compact import compact
from editor.storage.document import Document, verify
from editor.storage.schema import connect_writer
from tests.editor.document_cases import (
    a_candidate,
    a_document,
    a_node,
    an_image,
    assert_same_history,
)

ROOT = Path(__file__).parents[3]
ENDED = 9

COMPACT = f"""
import os, sys
from pathlib import Path
from editor.storage import file
from editor.storage.compact import compact
setattr(file, sys.argv[2], lambda *_: os._exit({ENDED}))
compact(Path(sys.argv[1]))
"""
"""Ends, without any cleaning up, where the named step of `appear` begins."""

STAR = f"""
import os, sys
from pathlib import Path
from editor.storage.document import Document
document = Document.open(Path(sys.argv[1]))
document.star(document.history.head, True).result()
os._exit({ENDED})
"""
"""Ends like a window that crashed: what it wrote last is in the log beside the file."""


def ended(code: str, *words: str) -> None:
    """Run code in a process of its own, which ends itself."""
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == ENDED, done.stderr


@pytest.fixture
def document(tmp_path: Path) -> Document:
    """A closed document with rows that nothing refers to."""
    made = a_document(tmp_path, path=tmp_path / "x.pentimento")
    made.add_candidate("job", str(made.history.head), a_candidate(1, sampled=True))
    made.accept(a_node(made.history, 1))
    assert made.flush()
    made.close()
    with closing(connect_writer(made.path, wal=False)) as connection:
        rows.put_image(connection, an_image(99, (900, 800)))
    return made


@pytest.mark.parametrize("step", ["sync_file", "fold_leftovers", "sync_folder"])
def test_it_can_be_ended_at_every_step(document: Document, step: str) -> None:
    whole = document.path.stat().st_size
    ended(COMPACT, str(document.path), step)
    is_new = document.path.stat().st_size < whole
    assert is_new == (step == "sync_folder")  # the step after the new file took its place
    assert verify(document.path).ok
    assert (compact(document.path) > 0) is not is_new
    with Document.open(document.path) as again:
        assert_same_history(again.history, document.history)
    assert [p.name for p in document.path.parent.iterdir()] == ["x.pentimento"]


def test_what_a_crash_left_in_the_log_is_kept(document: Document) -> None:
    ended(STAR, str(document.path))
    assert document.path.with_name("x.pentimento-wal").stat().st_size > 0
    compact(document.path)
    with Document.open(document.path) as again:
        assert again.history.head in again.history.starred
