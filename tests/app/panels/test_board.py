from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from app.panels.board import (
    SIDE,
    BoardCell,
    board_pdf,
    board_pixels,
    board_size,
    write_board,
)
from editor.errors import ExpectedError


def cells(count: int) -> list[BoardCell]:
    picture = QImage(32, 16, QImage.Format.Format_RGB32)
    picture.fill(QColor("#ff0000"))
    return [BoardCell(picture, f"Moment {n}", "a red house") for n in range(count)]


def test_the_board_holds_every_picture_in_rows_of_three(tmp_path: Path, qapp: QApplication) -> None:
    del qapp
    write_board(tmp_path / "board.png", board_pixels(cells(4)))
    board = QImage(str(tmp_path / "board.png"))
    assert (board.width(), board.height()) == board_size(4)
    red = [board.pixelColor(48 + n * (SIDE + 48) + SIDE // 2, 48 + SIDE // 2) for n in range(3)]
    assert {one.name() for one in red} == {"#ff0000"}
    below = board.pixelColor(48 + SIDE // 2, 48 + SIDE + 132 + 48 + SIDE // 2)
    assert below.name() == "#ff0000"


def test_a_pdf_is_one_page(tmp_path: Path, qapp: QApplication) -> None:
    del qapp
    write_board(tmp_path / "board.pdf", board_pdf(cells(1)))
    data = (tmp_path / "board.pdf").read_bytes()
    assert data.startswith(b"%PDF")
    assert data.count(b"/Type /Page\n") == 1


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, qapp: QApplication) -> None:
    del qapp
    with pytest.raises(ExpectedError, match="away"):
        write_board(tmp_path / "away" / "board.png", board_pixels(cells(1)))
    assert list(tmp_path.iterdir()) == []
