"""Pasted and dropped pictures: plain bytes on the GUI thread, pixels on a worker."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QMimeData
from PySide6.QtGui import QColor, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from app.canvas.qt_images import _LAYOUTS, RawPicture, image_of, raw_of
from app.session.open_document import open_encoded
from app.window.controllers.clipboard import OWN, picture_in
from editor.formats import save_image
from editor.model.image import Image
from editor.model.picture import Picture
from editor.storage.document import Document
from tests.app.window.window_cases import WindowFixture

COLOURS = (
    QColor(200, 30, 90), QColor(0, 255, 7), QColor(13, 14, 250, 128), QColor(90, 80, 70, 255),
    QColor(255, 255, 255, 3), QColor(1, 2, 3, 0),
)  # fmt: skip
OTHERS = ("Format_Indexed8", "Format_RGB16", "Format_RGB30", "Format_Mono")


def painted(kind: str) -> QImage:
    """An odd width, so that rows are padded."""
    image = QImage(5, 3, QImage.Format.Format_RGBA8888)
    for y in range(3):
        for x in range(5):
            image.setPixelColor(x, y, COLOURS[(5 * y + x) % len(COLOURS)])
    return image.convertToFormat(QImage.Format[kind])


@pytest.mark.parametrize("kind", [*_LAYOUTS, *OTHERS])
def test_pixels_are_those_qt_shows(kind: str, qtbot: QtBot) -> None:
    shown = painted(kind)
    made = image_of(raw_of(shown))
    assert (made.width, made.height) == (5, 3)
    pixels = made.array().astype(float) * 255 / made.maximum
    for y in range(3):
        for x in range(5):
            colour = shown.pixelColor(x, y)
            wanted = [colour.redF(), colour.greenF(), colour.blueF(), colour.alphaF()]
            seen = list(pixels[y, x])
            if made.channels == 1:
                seen = seen * 3
            if made.channels < 4:
                seen.append(255.0)
            if colour.alpha() > 0:  # colour under nothing is nobody's
                np.testing.assert_allclose(np.array(seen), 255 * np.array(wanted), atol=0.51)


def test_depth_and_dots_are_kept(qtbot: QtBot) -> None:
    image = painted("Format_RGBA64")
    image.setDotsPerMeterX(11811)
    image.setDotsPerMeterY(11811)
    made = image_of(raw_of(image))
    assert made.depth == 16
    assert made.meta.dpi == pytest.approx((300, 300), abs=0.1)


def test_a_file_in_the_clipboard_is_taken_as_it_is(qtbot: QtBot) -> None:
    data = QMimeData()
    data.setData("text/html", QByteArray(b"<img>"))
    data.setData("image/png", QByteArray(b"\x89PNG of somebody else"))
    assert picture_in(data) == b"\x89PNG of somebody else"


def test_pixels_are_taken_where_there_is_no_file(qtbot: QtBot) -> None:
    data = QMimeData()
    assert picture_in(data) is None
    data.setImageData(painted("Format_ARGB32"))
    found = picture_in(data)
    assert isinstance(found, RawPicture)
    assert (found.width, found.height) == (5, 3)


def test_an_encoded_picture_keeps_its_depth(tmp_path: Path) -> None:
    ramp = np.arange(300 * 40, dtype=np.uint16).reshape(40, 300, 1) * np.uint16(5)
    source = Image.from_array(np.repeat(ramp, 3, axis=2))
    save_image(source, tmp_path / "a.png")
    data = (tmp_path / "a.png").read_bytes()
    made: list[Image] = []

    def work() -> None:  # as the window does it
        opened = open_encoded(data, "Pasted picture", tmp_path)
        picture = opened.document.history.current.picture
        assert picture is not None
        made.append(picture.image)
        opened.document.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert made[0].pixel_digest == source.pixel_digest
    assert not list(tmp_path.glob("picture*"))


def test_a_copy_pasted_in_the_same_window_keeps_its_depth(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENTIMENTO_HOME", str(tmp_path))
    window = WindowFixture(tmp_path, document=False)
    deep = Image.from_array(np.arange(48, dtype=np.uint16).reshape(4, 4, 3) * 1000 + 7)
    document = Document.create(Picture.of(deep), label="deep", state_dir=tmp_path)
    window.session.set_document(document)
    clipboard = QGuiApplication.clipboard()
    controller = window.window.controllers.clipboard

    def pasted() -> Image:
        before = window.session.document
        controller.paste()
        window.wait(lambda: window.session.document is not before)
        assert window.session.image is not None
        return window.session.image

    def is_copied() -> bool:
        data: QMimeData | None = clipboard.mimeData()
        return data is not None and data.hasFormat(OWN)

    clipboard.clear()
    controller.copy()
    window.wait(is_copied)
    image = pasted()
    assert (image.depth, image.pixel_digest) == (16, deep.pixel_digest)
    clipboard.setImage(painted("Format_RGB888"))  # of another program
    image = pasted()
    assert (image.width, image.height, image.depth) == (5, 3, 8)
    window.close()
