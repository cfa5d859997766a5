"""A window that was destroyed is called by nothing that lives longer."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from app.session.changes import Changes
from tests.app.window.window_cases import WindowFixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def destroy(f: WindowFixture) -> None:
    f.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not isValid(f.window)


def test_the_session_calls_no_part_of_it(tmp_path: Path, qapp: QApplication) -> None:
    f = WindowFixture(tmp_path)
    f.show()
    f.close()
    session = f.session
    session.model_choices.changed.emit()
    session.method_settings.changed.emit("adjust")
    session.live_preview.failed.emit(ValueError("words"))
    session.changed.emit(Changes.ALL)


@pytest.mark.parametrize("place", ["prompt", "history", "canvas"])
def test_it_may_be_destroyed_while_it_has_the_focus(
    tmp_path: Path, qapp: QApplication, place: str
) -> None:
    f = WindowFixture(tmp_path)
    f.show()
    places: dict[str, QWidget] = {
        "prompt": f.parts.prompt.box.edit,
        "history": f.parts.history.list,
        "canvas": f.parts.stage.canvas,
    }
    places[place].setFocus()
    destroy(f)
    QApplication.processEvents()
    f.session.close()
    f.work.close()


def test_a_thumbnail_that_is_made_late_reaches_no_part_of_it(
    tmp_path: Path, qapp: QApplication
) -> None:
    f = WindowFixture(tmp_path)
    f.show()
    thumbnails = f.window._thumbnails
    destroy(f)
    thumbnails.ready.emit("a picture")
    f.session.close()
    f.work.close()
