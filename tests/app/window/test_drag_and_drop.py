"""Drag and drop through Qt's own event delivery, wherever in the window it happens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
)
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.app.window.window_cases import WindowFixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

PLACES = ("canvas", "prompt", "results", "history", "rail", "top bar", "home")
COPY = Qt.DropAction.CopyAction
ANY = COPY | Qt.DropAction.MoveAction | Qt.DropAction.LinkAction
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot) -> Iterator[WindowFixture]:
    made = WindowFixture(tmp_path)
    made.show()
    yield made
    made.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "a photo, dragged.png"
    Pillow.fromarray(np.full((20, 30, 3), 90, np.uint8)).save(file)
    return file


def place(w: WindowFixture, name: str) -> QWidget:
    if name == "home":
        w.parts.rooms.show_home()
        w.settle()
    return {
        "canvas": w.parts.stage.canvas,
        "prompt": w.parts.prompt.box.edit.viewport(),
        "results": w.parts.results,
        "history": w.parts.history.list.viewport(),
        "rail": w.parts.rail,
        "top bar": w.parts.top,
        "home": w.parts.home,
    }[name]


def target_of(widget: QWidget) -> QWidget:
    """The widget that Qt hands a drag to: the first one from here up that takes drops."""
    step: QWidget | None = widget
    while step is not None and not step.acceptDrops():
        step = step.parentWidget()
    assert step is not None
    return step


def drag(w: WindowFixture, at: QWidget, data: QMimeData) -> QDragEnterEvent:
    """Carry `data` over a widget, as Qt delivers it: the target may leave it to its parents."""
    target: QWidget | None = target_of(at)
    centre = at.rect().center()
    while target is not None:
        here = at.mapTo(target, centre) if target is not at else centre
        enter = QDragEnterEvent(here, ANY, data, LEFT, NONE)
        QApplication.sendEvent(target, enter)
        if enter.isAccepted():
            move = QDragMoveEvent(here, ANY, data, LEFT, NONE)
            move.setAccepted(True)
            QApplication.sendEvent(target, move)
            assert move.isAccepted()
            return enter
        above = target.parentWidget()
        target = target_of(above) if above is not None else None
    return enter


def drop(w: WindowFixture, at: QWidget, data: QMimeData) -> QDropEvent:
    drag(w, at, data)
    event = QDropEvent(QPointF(at.mapTo(w.window, QPoint(3, 3))), ANY, data, LEFT, NONE)
    QApplication.sendEvent(w.window, event)
    return event


def urls(*files: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    return data


def picture() -> QMimeData:
    data = QMimeData()
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(QColor(10, 90, 200))
    data.setImageData(image)
    return data


def opened(w: WindowFixture, before: object) -> str:
    w.wait(lambda: w.session.document is not before)
    assert w.session.document is not None
    return w.session.document.title


@pytest.mark.parametrize("name", PLACES)
def test_a_file_is_opened_wherever_it_is_dropped(
    window: WindowFixture, photo: Path, name: str
) -> None:
    before = window.session.document
    event = drop(window, place(window, name), urls(photo))
    assert event.isAccepted()
    assert event.dropAction() == COPY  # a source that offers to move must keep its file
    assert opened(window, before) == photo.name
    assert window.parts.prompt.box.text == ""
    assert not window.parts.rooms.at_home


@pytest.mark.parametrize("name", ["canvas", "prompt", "home"])
def test_pixels_are_opened(window: WindowFixture, name: str) -> None:
    before = window.session.document
    drop(window, place(window, name), picture())
    assert opened(window, before) == "Dropped picture"
    window.wait(lambda: window.session.image is not None)
    image = window.session.image
    assert image is not None
    assert tuple(image.array()[0, 0][:3]) == (10, 90, 200)


def test_an_encoded_picture_and_an_address_as_text_are_opened(
    window: WindowFixture, photo: Path
) -> None:
    before = window.session.document
    encoded = QMimeData()
    encoded.setData("image/png", photo.read_bytes())
    drop(window, window.parts.stage.canvas, encoded)
    assert opened(window, before) == "Dropped picture"
    before = window.session.document
    text = QMimeData()
    text.setText(QUrl.fromLocalFile(str(photo)).toString())
    drop(window, window.parts.stage.canvas, text)
    assert opened(window, before) == photo.name


def test_the_window_shows_that_it_takes_it(window: WindowFixture, photo: Path) -> None:
    ring = window.window.findChild(QWidget, "drop-ring")
    assert ring is not None
    assert not ring.isVisible()
    drag(window, window.parts.stage.canvas, urls(photo))
    assert ring.isVisible()
    assert ring.rect() == window.window.rect()
    QApplication.sendEvent(window.window, QDragLeaveEvent())
    assert not ring.isVisible()
    before = window.session.document
    drop(window, window.parts.stage.canvas, urls(photo))
    assert not ring.isVisible()
    opened(window, before)


@pytest.mark.parametrize("name", ["canvas", "prompt", "home"])
def test_what_cannot_be_opened_is_not_taken(window: WindowFixture, name: str) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.invalid/picture.png")])
    assert not drag(window, place(window, name), data).isAccepted()
    words = QMimeData()
    words.setText("make it night")
    taken = drag(window, place(window, name), words).isAccepted()
    assert taken == (name == "prompt")  # words belong into the box


def test_nothing_to_paste_is_said(window: WindowFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a clipboard Qt has no data at all."""

    class Empty:
        def mimeData(self) -> None:
            return None

    monkeypatch.setattr(QGuiApplication, "clipboard", staticmethod(Empty))
    window.window.controllers.clipboard.paste()
    message = window.session.messages.current
    assert message is not None
    assert message.text == "There is no picture to paste."
