"""What stands in the box of a document that another window has open, or that was killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from editor.storage.document import Document
from tests.app.window.window_cases import WindowFixture


@pytest.fixture
def f(tmp_path: Path, qapp: QApplication) -> Iterator[WindowFixture]:
    del qapp
    fixture = WindowFixture(tmp_path)
    yield fixture
    fixture.close()


def test_nothing_can_be_run_where_nothing_can_be_kept(
    f: WindowFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = f.parts.prompt.box
    box.set_text("warmer")
    assert (box.run_state, box.run.kind) == ("run", "gold")
    monkeypatch.setattr(Document, "read_only", True)
    f.parts.prompt.refresh()
    assert (box.run_state, box.run.kind, box.run.isEnabled()) == ("nothing", "quiet", False)
    assert "another window" in box.run.toolTip()


@pytest.mark.parametrize(("draft", "shown"), [("ramp", ""), ("cooler", "cooler")])
def test_words_that_are_kept_already_are_no_draft(f: WindowFixture, draft: str, shown: str) -> None:
    document = f.session.document
    assert document is not None
    document.set_draft(draft)
    f.parts.prompt.show_document(document)
    assert f.parts.prompt.box.text == shown
