"""Samples as large as the room allows."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from app.theme.theme import look
from app.widgets.basics.empty_state import PictureTile
from app.widgets.home.sample_grid import LEAST, SampleGrid, line_height

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

TEN = [PictureTile(str(n), f"sample {n}") for n in range(10)]


@pytest.mark.parametrize(
    ("size", "scale", "columns"),
    [((1320, 600), 1.0, 5), ((940, 420), 1.0, 5), ((500, 700), 1.0, 3), ((1320, 300), 2.0, 5)],
)
def test_tiles_fill_the_room_and_do_not_lie_on_each_other(
    qtbot: QtBot, size: tuple[int, int], scale: float, columns: int
) -> None:
    look().set_text_scale(scale)
    try:
        place = QScrollArea()  # as in Home: more height than there is makes it scroll
        qtbot.addWidget(place)
        grid = SampleGrid("Samples")
        grid.set_samples(TEN)
        place.setWidgetResizable(True)
        place.setWidget(grid)
        place.resize(*size)
        place.show()
        qtbot.waitUntil(lambda: len({button.x() for button in grid.buttons}) == columns)
        areas = [button.geometry() for button in grid.buttons]
        assert all(area.width() >= look().px(LEAST) for area in areas)
        assert all(grid.rect().contains(area) for area in areas)
        assert not any(a.intersects(b) for a, b in itertools.combinations(areas, 2))
        used = max(a.right() for a in areas) / grid.width()
        assert max(used, max(a.bottom() for a in areas) / grid.height()) > 0.95
    finally:
        look().set_text_scale(1.0)


def test_a_tile_keeps_its_place_when_its_picture_comes(qtbot: QtBot) -> None:
    grid = SampleGrid("Samples")
    qtbot.addWidget(grid)
    grid.set_samples(TEN)
    first, chosen = grid.buttons[0], list[int]()
    grid.set_samples(TEN)
    assert grid.buttons[0] is first
    grid.chosen.connect(chosen.append)
    grid.resize(800, 600)
    grid.show()
    qtbot.mouseClick(grid.buttons[7], Qt.MouseButton.LeftButton)
    qtbot.keyClick(grid.buttons[2], Qt.Key.Key_Return)
    assert chosen == [7, 2]


def test_a_name_that_is_wider_than_its_picture_stands_on_two_lines(qtbot: QtBot) -> None:
    grid = SampleGrid("Samples")
    qtbot.addWidget(grid)
    grid.resize(400, 800)
    for name, lines in (("house", 1), ("a house by the sea in the evening", 2)):
        grid.set_samples([PictureTile(str(n), name) for n in range(10)])
        first, below = grid.buttons[0], grid.buttons[-1]
        assert first.lines == lines
        assert first.height() - first.width() >= lines * line_height()
        assert below.geometry().bottom() <= grid.height()
