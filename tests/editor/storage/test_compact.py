"""Compaction drops what nobody refers to, and nothing else."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from editor.storage import rows
from editor.storage.compact import compact
from editor.storage.document import Document, verify
from editor.storage.lock import DocumentInUse
from editor.storage.schema import connect_writer
from tests.editor.document_cases import (
    a_candidate,
    a_document,
    a_node,
    an_image,
    assert_same_history,
)


def test_only_what_nobody_refers_to_goes(tmp_path: Path) -> None:
    document = a_document(tmp_path, path=tmp_path / "x.pentimento")
    document.add_candidate("job", str(document.history.head), a_candidate(1, sampled=True))
    for seed in range(3):
        document.accept(a_node(document.history, seed))
    document.undo()
    document.star(str(document.history.head), True)
    history = document.history
    assert document.flush()
    with pytest.raises(DocumentInUse):
        compact(document.path)
    document.close()
    with closing(connect_writer(document.path, wal=False)) as connection:
        rows.put_image(connection, an_image(99, (900, 800)))
    whole = verify(document.path)
    saved = compact(document.path)
    assert saved > 900 * 800 * 3 * 0.9
    report = verify(document.path)
    assert report.ok
    assert report.tiles < whole.tiles
    assert report.images == whole.images - 1
    with Document.open(document.path) as again:
        assert_same_history(again.history, history)
        assert len(again.results(history.roots()[0])) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["x.pentimento"]
