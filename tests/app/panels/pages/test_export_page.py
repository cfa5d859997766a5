"""The export page: every control has its name, and together they say one choice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.panels.pages.export_choice import (
    ExportChoice,
    preset_of,
    presets,
    quality_text,
)
from app.panels.pages.export_page import ExportPage

# The offscreen platform says this of every window that is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SIZE = (4896, 3264)


def made(qtbot: QtBot, choice: ExportChoice | None = None, **facts: object) -> ExportPage:
    usual = {
        "profile": "Display P3", "deep": True, "has_place": True, "own_format": "jpeg",
        "target": Path("Pictures/tower.png"),
    }  # fmt: skip
    page = ExportPage(choice or ExportChoice(), SIZE, **{**usual, **facts})  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.resize(348, 760)
    page.show()
    return page


def press(page: ExportPage, qtbot: QtBot, name: str) -> None:
    widget = page.findChild(QWidget, name)
    assert widget is not None, name
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_the_format_decides_what_else_there_is_to_choose(qtbot: QtBot) -> None:
    page = made(qtbot)
    assert not page.quality.isVisible()
    assert page.bit_depth.isVisible()
    spy = QSignalSpy(page.changed)
    press(page, qtbot, "export-format-jpeg")
    assert page.choice.format == "jpeg"
    assert page.quality.isVisible()
    assert not page.bit_depth.isVisible()
    assert page.name.text() == "tower.jpg"
    assert spy.count() == 1
    page.quality.setValue(86)
    assert (page.choice.quality, page.quality_figure.text) == (86, "High, 86")


def test_a_size_can_be_said_in_pixels_or_percent(qtbot: QtBot) -> None:
    page = made(qtbot)
    assert page.picture_size.figure.text == "4896 × 3264"
    assert not page.picture_size.amount.isVisible()
    press(page, qtbot, "export-size-long")
    assert page.picture_size.unit.text == "px, at most 4896"
    page.picture_size.amount.setText("2400")
    page.picture_size.amount.editingFinished.emit()
    assert (page.choice.long_side, page.picture_size.figure.text) == (2400, "2400 × 1600")
    page.picture_size.amount.setText("1,200")
    page.picture_size.amount.editingFinished.emit()
    assert (page.choice.long_side, page.picture_size.amount.text()) == (1200, "1200")
    page.picture_size.amount.setText("2400")
    page.picture_size.amount.editingFinished.emit()
    press(page, qtbot, "export-size-scale")
    assert (page.picture_size.amount.text(), page.picture_size.unit.text) == ("49", "%")
    page.picture_size.amount.setText("25")
    page.picture_size.amount.editingFinished.emit()
    assert page.picture_size.figure.text == "1224 × 816"
    press(page, qtbot, "export-size-original")
    assert (page.choice.long_side, page.picture_size.figure.text) == (None, "4896 × 3264")


def test_the_place_is_left_out_unless_it_is_asked_for(qtbot: QtBot) -> None:
    page = made(qtbot)
    assert (page.choice.camera, page.choice.place, page.choice.words) == (True, False, False)
    place = page.findChild(QWidget, "export-place")
    assert place is page.place
    assert page.place_note.accessibleName() == "GPS is left out"
    press(page, qtbot, "export-place")
    assert page.choice.place
    assert page.place_note.accessibleName() == "GPS is written into the file"
    without = made(qtbot, has_place=False)
    assert without.place_note.accessibleName() == "This picture names no place"


def test_a_preset_is_known_again(qtbot: QtBot) -> None:
    for name, choice in presets("jpeg").items():
        assert preset_of(choice, "jpeg") == name
        page = made(qtbot, choice)
        assert page.preset.current == name
        page.words.setChecked(True)
        assert page.preset.current == "", "it is the artist's own now"
    assert presets("jpeg")["exact"].is_exact
    assert not replace(presets("jpeg")["exact"], long_side=100).is_exact


def test_a_picture_without_a_profile_has_no_colours_to_choose(qtbot: QtBot) -> None:
    page = made(qtbot, profile="")
    assert [choice.id for choice in page.colours._choices] == ["own"]
    assert page.colours.text() == "sRGB, for the web"
    assert made(qtbot).colours.text() == "Keep Display P3"


def test_the_name_keeps_the_ending_of_the_format(qtbot: QtBot) -> None:
    page = made(qtbot)
    page.name.clear()
    qtbot.keyClicks(page.name, "dusk")
    assert page.target == Path("Pictures/dusk.png")
    qtbot.keyClicks(page.name, ".PNG")
    assert page.target == Path("Pictures/dusk.PNG")
    press(page, qtbot, "export-format-jpeg")
    assert page.name.text() == "dusk.jpg"
    page.name.clear()
    qtbot.keyClicks(page.name, "dusk.jpeg")
    assert page.target == Path("Pictures/dusk.jpeg")
    page.name.selectAll()
    qtbot.keyClick(page.name, Qt.Key.Key_Delete)
    assert not page.go.isEnabled()


def test_every_control_has_a_name_for_screen_readers(qtbot: QtBot) -> None:
    page = made(qtbot, ExportChoice("jpeg"))
    kinds = ("QSlider", "QLineEdit", "Switch", "ChoiceButton", "SegmentButton", "PushButton")
    controls = [w for w in page.findChildren(QWidget) if type(w).__name__ in kinds]
    assert len(controls) > 12
    assert all(control.accessibleName() for control in controls)


def test_a_quality_has_a_word() -> None:
    assert [quality_text(q) for q in (50, 70, 86, 95)] == [
        "Low, 50", "Medium, 70", "High, 86", "Highest, 95",
    ]  # fmt: skip


def test_avif_is_offered_where_five_names_fit(qtbot: QtBot) -> None:
    page = made(qtbot)
    avif = page.findChild(QWidget, "export-format-avif")
    assert avif is not None
    assert avif.isVisible()
    page.resize(276, 760)
    assert not avif.isVisible()
    page.show_choice(ExportChoice("avif"))
    assert avif.isVisible(), "what is chosen is always shown"
    assert page.quality.isVisible()
    assert page.name.text() == "tower.avif"


def test_the_file_is_asked_for_on_the_canvas_while_the_page_is_seen(qtbot: QtBot) -> None:
    page = made(qtbot)
    asked = QSignalSpy(page.preview_asked)
    press(page, qtbot, "export-preview")
    assert page.shows_preview
    page.hide()
    assert not page.shows_preview
    page.show()
    assert [asked.at(i) for i in range(asked.count())] == [[True], [False], [True]]
