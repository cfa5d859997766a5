"""Pasted and dropped pictures: plain bytes on the GUI thread, pixels on a worker."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import ImageCms
from PySide6.QtCore import QByteArray, QMimeData
from PySide6.QtGui import QColor, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from app.canvas.qt_images import _LAYOUTS, RawPicture, image_of, raw_of
from app.session.open_document import open_encoded
from app.window.controllers import exact_picture
from app.window.controllers.clipboard import OWN, ClipboardController, picture_in
from app.window.controllers.exact_picture import EXACT, exact_in, exact_png
from editor.errors import ExpectedError
from editor.formats import save_image
from editor.formats.limits import MAX_PIXELS
from editor.model.image import Image, Metadata
from editor.model.picture import Picture
from editor.storage.document import Document
from tests.app.window.window_cases import WindowFixture

COLOURS = (
    QColor(200, 30, 90), QColor(0, 255, 7), QColor(13, 14, 250, 128), QColor(90, 80, 70, 255),
    QColor(255, 255, 255, 3), QColor(1, 2, 3, 0),
)  # fmt: skip
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
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


def test_only_what_says_more_than_8_bit_pixels_goes_to_other_windows() -> None:
    plain = Image.from_array(np.full((3, 5, 3), 90, np.uint8), Metadata(text=(("Author", "me"),)))
    assert exact_png(plain) is None
    place = Metadata(icc=PROFILE, exif=b"place", text=(("Author", "me"),))
    made = exact_png(replace(plain, meta=place))
    assert made is not None
    assert b"iCCP" in made
    assert not any(block in made for block in (b"eXIf", b"Author", b"place"))


@pytest.mark.parametrize("hostile", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + bytes(64)])
def test_what_is_no_picture_of_another_window_is_refused(
    qtbot: QtBot, tmp_path: Path, hostile: bytes
) -> None:
    """What does not begin as a PNG is left; one that is broken behind that is refused by name."""
    data = QMimeData()
    data.setData(EXACT, QByteArray(hostile))
    data.setImageData(painted("Format_RGB888"))
    found = picture_in(data)
    if hostile.startswith(b"\x89PNG"):
        assert found == hostile
        with pytest.raises(ExpectedError):
            open_encoded(hostile, "Pasted picture", tmp_path)
        assert list(tmp_path.iterdir()) == []
    else:
        assert isinstance(found, RawPicture)


def test_more_than_the_largest_picture_is_not_taken(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert exact_picture.LARGEST > MAX_PIXELS * 4 * 2
    monkeypatch.setattr(exact_picture, "LARGEST", 100)
    data = QMimeData()
    for size, taken in ((100, True), (101, False)):
        data.setData(EXACT, QByteArray(b"\x89PNG\r\n\x1a\n".ljust(size, b"x")))
        assert (exact_in(data) is not None) == taken


def test_a_copy_pasted_in_this_or_another_window_keeps_its_depth(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENTIMENTO_HOME", str(tmp_path))
    window = WindowFixture(tmp_path, document=False)
    pixels = np.arange(48, dtype=np.uint16).reshape(4, 4, 3) * 1000 + 7
    deep = Image.from_array(pixels, Metadata(icc=PROFILE))
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

    def is_copied(kind: str = OWN) -> bool:
        data: QMimeData | None = clipboard.mimeData()
        return data is not None and data.hasFormat(kind)

    clipboard.clear()
    controller.copy()
    window.wait(is_copied)
    image = pasted()
    assert (image.depth, image.pixel_digest) == (16, deep.pixel_digest)
    window.wait(lambda: is_copied(EXACT))
    controller = ClipboardController(  # that of another window, which copied nothing
        window.session, window.window.shell, window.window.controllers.file, lambda path: None
    )
    image = pasted()
    assert (image.depth, image.pixel_digest) == (16, deep.pixel_digest)
    assert image.meta.icc == PROFILE
    clipboard.setImage(painted("Format_RGB888"))  # of another program
    image = pasted()
    assert (image.width, image.height, image.depth) == (5, 3, 8)
    window.close()
