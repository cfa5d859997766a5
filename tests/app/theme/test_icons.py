"""Icons take the theme's colour and are sharp at any device pixel ratio."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication

from app.theme.icons import icon, icon_names, icon_pixmap, icon_source, stroke_width
from app.theme.theme import Look, look


@pytest.fixture
def current(qapp: QApplication) -> Iterator[Look]:
    it = look()
    yield it
    it.set_choice("system")


def darkest_ink(image: QImage) -> QColor:
    """The colour of the most opaque pixel."""
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(pixels, key=lambda c: c.alpha())


@pytest.mark.parametrize("name", icon_names())
def test_every_icon_draws(name: str, qapp: QApplication) -> None:
    assert darkest_ink(icon_pixmap(name, "#FF0000", 20).toImage()).red() == 255
    assert "currentColor" in icon_source(name)


def test_icon_follows_the_theme(current: Look) -> None:
    it = icon("hand")
    for theme in ("dark", "light"):
        current.set_choice(theme)
        ink = darkest_ink(it.pixmap(QSize(24, 24)).toImage())
        expected = current.tokens.text
        assert abs(ink.red() - expected.red()) <= 8, theme


def test_disabled_icon_is_quiet(current: Look) -> None:
    current.set_choice("dark")
    ink = darkest_ink(icon("hand").pixmap(QSize(24, 24), QIcon.Mode.Disabled).toImage())
    assert abs(ink.red() - current.tokens.text3.red()) <= 8


def test_ratio_gives_real_pixels(qapp: QApplication) -> None:
    pixmap = icon_pixmap("hand", "#FFFFFF", 20, 2.0)
    assert pixmap.size() == QSize(40, 40)
    assert pixmap.devicePixelRatio() == 2.0
    assert icon("hand").pixmap(QSize(20, 20), 2.0).size() == QSize(40, 40)


def test_filled_star_covers_more(qapp: QApplication) -> None:
    def ink(filled: bool) -> int:
        image = icon_pixmap("star", "#FFFFFF", 16, 1.0, filled=filled).toImage()
        return sum(image.pixelColor(x, y).alpha() for x in range(16) for y in range(16))

    assert ink(True) > 1.5 * ink(False)


def test_unknown_icon_fails_where_it_is_asked_for(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon")


def test_strokes_even_out() -> None:
    assert stroke_width(14) == pytest.approx(1.9)
    assert stroke_width(20) == pytest.approx(1.6)
