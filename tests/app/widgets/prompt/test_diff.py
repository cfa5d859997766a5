"""Typed diffs say the same thing drawn, written and spoken."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFontMetricsF, QImage, QPainter
from pytestqt.qtbot import QtBot

from app.theme.theme import look
from app.widgets.prompt.diff import (
    DiffSpan,
    diff_spoken,
    diff_text,
    diff_width,
    paint_diff,
    paint_wrapped_diff,
)

# The offscreen platform says this of every window that is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

KINDS = {
    "insert": (DiffSpan("insert", "dew"), "+ dew", "insert dew"),
    "delete": (DiffSpan("delete", "fence"), "− fence", "delete fence"),
    "replace": (
        DiffSpan("replace", "pink", "golden"),
        "pink → golden",
        "replace pink with golden",
    ),
    "swap": (DiffSpan("swap", "red", "blue"), "red ⇄ blue", "swap red and blue"),
    "plain": (DiffSpan("plain", "as a watercolour"), "as a watercolour", "as a watercolour"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_words(kind: str) -> None:
    span, written, spoken = KINDS[kind]
    assert diff_text([span]) == written
    assert diff_spoken([span]) == spoken


def drawn(spans: tuple[DiffSpan, ...], width: int) -> QImage:
    image = QImage(QSize(width, 30), QImage.Format.Format_RGB32)
    image.fill(look().tokens.window)
    painter = QPainter(image)
    paint_diff(painter, QRectF(0, 0, width, 30), spans)
    painter.end()
    return image


def has_color(image: QImage, token: str) -> bool:
    color = getattr(look().tokens, token).rgb()
    return any(
        image.pixel(x, y) == color for x in range(image.width()) for y in range(image.height())
    )


@pytest.mark.parametrize(
    ("kind", "token"), [("insert", "insert"), ("delete", "delete"), ("swap", "swap")]
)
def test_color_of_kind(qtbot: QtBot, kind: str, token: str) -> None:
    assert has_color(drawn((KINDS[kind][0],), 300), token)


def test_insert_has_a_tint(qtbot: QtBot) -> None:
    assert has_color(drawn((KINDS["insert"][0],), 300), "insert_tint")


def test_elided_diff_stays_in_its_room(qtbot: QtBot) -> None:
    spans = (DiffSpan("plain", "a very long caption indeed"), KINDS["replace"][0])
    assert diff_width(spans) > 120
    image = QImage(QSize(300, 30), QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    used = paint_diff(painter, QRectF(0, 0, 120, 30), spans)
    painter.end()
    assert used <= 121
    beyond = [image.pixel(x, y) & 0xFFFFFF for x in range(123, 300) for y in range(30)]
    assert not any(beyond)


def test_several_changes_are_spoken_in_order_and_take_more_room(qtbot: QtBot) -> None:
    one, both = (KINDS["insert"][0],), (KINDS["insert"][0], KINDS["replace"][0])
    assert diff_spoken(both) == "insert dew, replace pink with golden"
    assert diff_width(both) > diff_width(one)


@pytest.mark.parametrize(("width", "lines"), [(420, 1), (230, 2)])
def test_a_diff_that_is_too_long_for_a_line_is_broken_at_words(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, width: int, lines: int
) -> None:
    plain, asked = QFontMetricsF.elidedText, list[str]()

    def watched(metrics: QFontMetricsF, text: str, *how: Any) -> str:
        shown = str(plain(metrics, text, *how))
        asked.append(shown)
        return shown

    monkeypatch.setattr(QFontMetricsF, "elidedText", watched)
    spans = (
        DiffSpan("plain", "a red house by the"),
        DiffSpan("replace", "calm blue sea", "frozen grey lake"),
        DiffSpan("insert", "snow"),
    )
    image = QImage(QSize(width, 40), QImage.Format.Format_RGB32)
    image.fill(look().tokens.window)
    painter = QPainter(image)
    used = paint_wrapped_diff(painter, QRectF(0, 0, width, 40), spans, lines=2, size=12)
    painter.end()
    assert used == lines
    words = " ".join(asked).split()
    assert sorted(words) == sorted(f"{spans[0].text} calm blue sea frozen grey lake snow".split())
    assert has_color(image, "insert")
    assert has_color(image, "delete")
