"""The form of a method is built from its `INFO`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication

from app.i18n.messages import text_of
from app.panels.pages.method_guide import MethodGuide, guide_text
from app.panels.pages.method_page import MethodPage
from app.runtime.settings import Settings
from app.session.method_settings import MethodSettings
from app.widgets.basics.buttons import ToolButton
from app.widgets.basics.labels import QuietLabel, Sentence
from app.widgets.basics.setting_rows import ChoiceRow, NumberRow, PicturesRow, SwitchRow, TextRow
from editor.messages import Message
from inference.request.method_options import MethodOptions
from inference.request.registry import METHODS, MethodInfo

METHOD = "instruct_pix2pix"


@pytest.fixture
def page(qapp: QApplication, tmp_path: Path) -> Iterator[MethodPage]:
    page = MethodPage(MethodSettings(Settings(tmp_path / "settings.json")), METHOD)
    yield page
    page.deleteLater()


def number(page: MethodPage, name: str) -> NumberRow:
    row = page.rows[name]
    assert isinstance(row, NumberRow)
    return row


def test_every_setting_of_every_sampling_method_has_a_row(page: MethodPage) -> None:
    offered = [info for info in METHODS.values() if not info.parametric]
    assert page._settings.methods() == offered
    for info in offered:
        page.show_method(info.name)
        assert [row.title for row in page.rows.values()] == [
            text_of(one.title) for one in info.settings
        ]


def test_a_slider_sets_and_the_dot_sets_back(page: MethodPage) -> None:
    row = number(page, "num_inference_steps")
    assert row.field.text() == "20"
    assert row.dot.isHidden()
    row.slider.setValue(row.slider.value() + 4)
    assert page._settings.options(METHOD).settings == (("num_inference_steps", 24),)
    assert not row.dot.isHidden()
    assert page.reset.isEnabled()
    row.dot.clicked.emit()
    assert row.field.text() == "20"
    assert not page._settings.is_changed(METHOD)


def test_a_number_can_be_typed_and_stays_in_its_range(page: MethodPage) -> None:
    row = number(page, "guidance_scale")
    row.field.setText("8.4")
    row.field.editingFinished.emit()
    assert dict(page._settings.options(METHOD).settings) == {"guidance_scale": 8.4}
    row.field.setText("900")
    row.field.editingFinished.emit()
    assert dict(page._settings.options(METHOD).settings) == {"guidance_scale": 20.0}
    row.field.setText("much")
    row.field.editingFinished.emit()
    assert row.field.text() == "20.0"


def test_words_to_avoid_a_seed_and_a_size(page: MethodPage) -> None:
    avoid = page.rows["negative_prompt"]
    assert isinstance(avoid, TextRow)
    avoid.field.setText("  fog ")
    avoid.field.editingFinished.emit()
    page._seed.switch.chosen.emit("same")
    page._seed.field.setText("4021")
    page._seed.field.editingFinished.emit()
    page._size.choice.chosen.emit("512")
    options = page._settings.options(METHOD)
    assert options.settings == (("negative_prompt", "fog"),)
    assert (options.seed, options.work_side) == (4021, 512)
    page.reset.click()
    assert not page._settings.is_changed(METHOD)
    assert avoid.field.text() == ""
    assert page._seed.field.isHidden()


def test_each_method_keeps_its_own(page: MethodPage) -> None:
    number(page, "num_inference_steps").slider.setValue(9)
    page.choice.chosen.emit("sdedit")
    assert number(page, "num_inference_steps").field.text() == "30"
    page.show_method(METHOD)
    assert number(page, "num_inference_steps").field.text() == "10"


def test_a_choice_and_a_switch_set_their_values(page: MethodPage) -> None:
    page.show_method("pix2pix_zero")
    switch, choice = page.rows["as_authors"], page.rows["inversion"]
    assert isinstance(switch, SwitchRow)
    assert isinstance(choice, ChoiceRow)
    switch.switch.click()
    choice.choice.chosen.emit("regularised")
    values = dict(page._settings.options("pix2pix_zero").settings)
    assert values["as_authors"] is True
    assert values["inversion"] == "regularised"
    assert not choice.dot.isHidden()
    choice.dot.clicked.emit()
    assert choice.choice.current == "automatic"


def test_reference_pictures_are_added_dropped_and_taken_away(page: MethodPage) -> None:
    page.show_method("qwen_image_edit")
    row = page.rows["references"]
    assert isinstance(row, PicturesRow)
    asked: list[object] = []
    page.picture_asked.connect(asked.append)
    row.more.click()
    assert asked == [row]
    row.add(Path("/pictures/dog.png"))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(f"/pictures/{name}.png") for name in ("sofa", "one-too-many")])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier
    row.dropEvent(QDropEvent(QPoint(5, 5), copy, data, left, none.NoModifier))
    values = dict(page._settings.options("qwen_image_edit").settings)
    assert values["references"] == ("/pictures/dog.png", "/pictures/sofa.png")
    names = [one.text for one in row.findChildren(QuietLabel) if one.isVisibleTo(row)]
    assert names[-2:] == ["Picture 2: dog.png", "Picture 3: sofa.png"]
    assert row.more.isHidden(), "there is room for two"
    for left_over in (("/pictures/sofa.png",), None):
        first = next(one for one in row.findChildren(ToolButton) if one.isVisibleTo(row))
        first.click()
        assert page._settings.value("qwen_image_edit", "references") == left_over
    assert not page._settings.is_changed("qwen_image_edit")
    assert not row.more.isHidden()


@pytest.mark.parametrize("width", [276, 348])
def test_nothing_is_cut_at_either_width_of_the_column(page: MethodPage, width: int) -> None:
    page.resize(width, 570)
    page.show()
    for info in page._settings.methods():
        page.show_method(info.name)
        for _ in range(3):  # a scroll bar that comes lays everything out again
            QApplication.processEvents()
        for label in page.findChildren(Sentence):
            if label.isVisibleTo(page):
                needed = label.heightForWidth(label.width())
                assert label.height() >= needed, label.accessibleName()
        for name in page.findChildren(QuietLabel):
            if name.isVisibleTo(page):
                assert name.width() >= name.sizeHint().width(), name.text


WITH_PAGE = [info for info in METHODS.values() if not info.parametric and not info.begins]


@pytest.mark.parametrize("info", WITH_PAGE, ids=lambda info: info.name)
def test_the_guide_of_a_method_in_words_of_the_window(info: MethodInfo) -> None:
    found = guide_text(info.name)
    text = " ".join(f"{name} {rest}" for name, rest in found)
    assert "Good at: " in text
    for key in (f"--method {info.name}", "`", "**", "](", *(f"({s.name})" for s in info.settings)):
        assert key not in text
    shared = {"num_inference_steps", "guidance_scale", "negative_prompt", "lora"}
    titles = {str(s.title) for s in info.settings if s.name not in shared}
    assert titles <= {part for name, _ in found for part in (name, *name.split(", "))}


def test_how_it_works_opens_under_the_summary_and_goes_with_the_method(page: MethodPage) -> None:
    assert page.findChild(MethodGuide) is None
    page.about.click()
    assert page.about.text() == "Hide"
    guide = page.findChild(MethodGuide)
    assert guide is not None
    said = [one.accessibleName() for one in guide.findChildren(Sentence)]
    assert "Keep the picture" in said
    assert any("Brooks, Holynski and Efros 2023" in one for one in said)
    page.about.click()
    assert guide.isHidden()
    page.about.click()
    page.show_method("sdedit")
    assert page.about.text() == "How it works"
    page.show_method("generate")
    assert page.about.isHidden(), "it has no page"


def test_what_an_edit_takes_of_memory_stands_in_the_form(
    qapp: QApplication, tmp_path: Path
) -> None:
    settings = MethodSettings(Settings(tmp_path / "settings.json"))

    def memory_of(method: str, options: MethodOptions) -> Message | None:
        if method != METHOD:
            return None
        return Message("memory.needs", gigabytes=(options.work_side or 512) / 256)

    page = MethodPage(settings, METHOD, None, memory_of)
    assert page.memory.accessibleName() == "About 2.0 GB of memory at its peak"
    settings.set_work_side(METHOD, 1024)
    assert page.memory.accessibleName() == "About 4.0 GB of memory at its peak"
    page.show_method("sdedit")
    assert page.memory.isHidden()
    page.deleteLater()
