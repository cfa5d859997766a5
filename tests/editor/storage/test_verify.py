"""The report says what was recomputed."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from editor.errors import ExpectedError
from editor.storage.document import verify
from tests.editor.document_cases import a_document, a_node


def test_a_whole_document(tmp_path: Path) -> None:
    document = a_document(tmp_path)
    document.accept(a_node(document.history, 1))
    document.close()
    report = verify(document.path)
    assert report.ok
    assert (report.nodes, report.images, report.candidates) == (2, 2, 2)
    assert report.tiles >= 5
    assert str(report.sentence).endswith("all digests match.")


def test_verifying_while_a_window_writes(tmp_path: Path) -> None:
    document = a_document(tmp_path)
    assert document.flush()
    stop = threading.Event()

    def work() -> None:
        for seed in range(40):
            if stop.is_set():
                return
            document.accept(a_node(document.history, seed)).result()

    thread = threading.Thread(target=work)
    thread.start()
    for _ in range(5):
        report = verify(document.path)
        assert report.ok, report
    stop.set()
    thread.join()
    document.close()
    assert verify(document.path).ok


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(ExpectedError, match="no file"):
        verify(tmp_path / "x.pentimento")
