"""A picture beside its file on the canvas: what is shown, what is said, what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from app.panels.exported_view import ExportedPicture
from app.theme.theme import look
from editor.model.image import Image
from tests.app.window.window_cases import WindowFixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def w(tmp_path: Path, qapp: QApplication) -> Iterator[WindowFixture]:
    look().set_motion(False)
    it = WindowFixture(tmp_path)
    it.show()
    it.wait(lambda: it.parts.stage.is_drawn)
    yield it
    it.close()
    look().set_motion(None)


def exported(width: int, height: int, name: str = "JPEG") -> ExportedPicture:
    original = Image.from_array(np.full((height, width, 3), 40, np.uint8))
    return ExportedPicture(original, Image.from_array(original.array() + 1), name, 2_400_000)


def test_it_is_shown_at_100_percent_with_its_sides_named(w: WindowFixture) -> None:
    stage, canvas = w.parts.stage, w.parts.stage.canvas
    before, place = canvas.picture, canvas.place
    stage.show_exported(exported(300, 200))
    w.settle()
    assert (stage.view, canvas.zoom) == ("wipe", 100.0)
    assert canvas.picture is not before
    assert canvas.before is not None
    assert canvas.before.size == canvas.picture.size == (300, 200)  # type: ignore[union-attr]
    title, detail = w.parts.options.title.text, w.parts.options.detail.text
    assert (title, detail) == ("Original left, JPEG right", "2.4 MB")
    canvas.pan_by(10, 0)
    panned = canvas.place
    stage.show_exported(exported(300, 200, "WebP"))
    assert canvas.place == panned, "another quality is compared at the same spot"
    stage.show_exported(None)
    w.settle()
    assert (stage.view, canvas.picture, canvas.place) == ("picture", before, place)
    assert w.parts.options.title.text != title


def test_it_belongs_to_the_picture_that_it_was_made_of(w: WindowFixture) -> None:
    stage, canvas = w.parts.stage, w.parts.stage.canvas
    before = canvas.picture
    stage.show_exported(exported(30, 20))
    w.session.edit.run("brighter")
    w.engine.prepare(0.5)
    w.engine.edit()
    w.session.view.look_at_number(1)
    assert stage.exported.picture is None
    assert canvas.picture is not before
    stage.show_exported(None)
    assert stage.view == "picture"
