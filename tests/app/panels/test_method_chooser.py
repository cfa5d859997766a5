"""The menu of methods: what it says of each, one by a click, several with Ctrl."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.widgets.prompt.method_menu import MethodMenu
from editor.model.edit import Instruction
from editor.model.selection import Selection
from inference.request.jobs import Prepared
from tests.app.panels.test_suggestions import Fixture
from tests.inference.models.test_store import pipeline

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

METHOD = "instruct_pix2pix"


@pytest.fixture
def f(tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fixture]:
    pipeline(tmp_path / "models" / "edits", "StableDiffusionInstructPix2PixPipeline")
    monkeypatch.setattr("app.runtime.paths.models", lambda: (tmp_path / "models",))
    fixture = Fixture(tmp_path, qapp)
    yield fixture
    close_menus(fixture)  # an open popup would be destroyed with the window below it
    fixture.panel.close()
    fixture.panel.deleteLater()
    fixture.session.close()
    fixture.work.close()


def close_menus(f: Fixture) -> None:
    for old in f.panel.box.method.findChildren(MethodMenu):
        old.close()
    QApplication.processEvents()


def open_menu(f: Fixture) -> MethodMenu:
    close_menus(f)
    f.panel.box.method.open_menu()
    menu = f.panel.box.method.findChildren(MethodMenu)[-1]
    assert isinstance(menu, MethodMenu)
    return menu


def entry(menu: MethodMenu, method: str) -> QAction:
    return next(action for action in menu.actions() if action.data() == method)


def said(menu: MethodMenu, method: str) -> str:
    found = menu.row_of(entry(menu, method))
    assert found is not None
    return found.spoken


def click(menu: MethodMenu, method: str, *, ctrl: bool = False) -> None:
    held = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    place = menu.actionGeometry(entry(menu, method)).center()
    menu.setActiveAction(entry(menu, method))  # as the pointer on its way there does
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, held, place)


def test_each_has_its_names_its_sentence_and_its_time(f: Fixture) -> None:
    f.panel.load_words()
    f.wait(lambda: f.session.model_choices.missing("sdedit"))
    menu = open_menu(f)
    assert said(menu, METHOD) == (
        "By instruction, InstructPix2Pix, Follows an order: things, light, season, style, "
        "not timed yet"
    )
    f.panel._settings.set("method_seconds", {METHOD: 6.2})
    assert said(open_menu(f), METHOD).endswith("6.2 s")


def test_what_is_missing_is_said_with_a_link(f: Fixture) -> None:
    f.panel.load_words()
    f.wait(lambda: f.session.model_choices.missing("sdedit"))
    asked: list[str] = []
    f.panel.action_asked.connect(asked.append)
    menu = open_menu(f)
    assert "Needs text to image" in said(menu, "sdedit")
    assert "Needs" not in said(menu, METHOD)
    link = menu.place_of_link(entry(menu, "sdedit")).center().toPoint()
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=link)
    assert (asked, menu.isVisible()) == (["show_models:text_to_image"], False)
    assert f.panel.chosen_methods.names == ()
    click(open_menu(f), "sdedit")  # it can be chosen; running it says what it needs
    assert f.panel.chosen_methods.names == ("sdedit",)


def test_a_method_for_a_part_asks_for_a_selection(f: Fixture) -> None:
    assert "Needs a selection" in said(open_menu(f), "inpaint")
    f.session.view.set_selection(Selection.from_array(np.full((120, 200), 255, np.uint8)))
    assert "Needs" not in said(open_menu(f), "inpaint")


def test_auto_says_what_it_would_take_for_the_words(f: Fixture) -> None:
    f.panel.box.set_text("make it night")
    assert "Now" not in said(open_menu(f), "auto")
    words = Instruction("make it night")
    f.session.live_preview.understood.emit(Prepared("job", words, (METHOD,)))
    assert "Now: By instruction" in said(open_menu(f), "auto")
    f.panel.box.set_text("make it noon")
    assert "Now" not in said(open_menu(f), "auto")
    f.panel.chosen_methods.choose("outpaint")
    chosen = Prepared("job", Instruction("make it noon"), ("outpaint",))
    f.session.live_preview.understood.emit(chosen)
    assert "Now" not in said(open_menu(f), "auto"), "that is not what Auto would take"


def test_auto_says_that_it_tries_several_within_a_time(f: Fixture) -> None:
    f.panel._settings.set("time_limit", 60)
    sentence = "Auto, Tries what fits these words and this picture, within 60 s"
    assert said(open_menu(f), "auto") == sentence


def test_one_by_a_click_several_with_ctrl(f: Fixture) -> None:
    box = f.panel.box
    click(open_menu(f), METHOD)
    assert (box.method.text(), f.panel.chosen_methods.names) == ("By instruction", (METHOD,))
    menu = open_menu(f)
    click(menu, "sdedit", ctrl=True)
    assert menu.isVisible()
    assert box.method.text() == "2 methods"
    assert entry(menu, "sdedit").isChecked()
    box.set_text("make it night")
    box.count_chosen.emit(1)
    f.panel.run()
    f.wait(f.edited)
    assert (f.edited().methods, f.edited().count) == ((METHOD, "sdedit"), 2)
    click(menu, "auto", ctrl=True)
    assert (box.method.text(), f.panel.chosen_methods.names) == ("Auto", ())


def test_arrows_go_on_from_what_is_chosen(f: Fixture) -> None:
    click(open_menu(f), METHOD)
    menu = open_menu(f)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert f.panel.chosen_methods.names == ("sdedit",)
    menu = open_menu(f)
    QTest.keyClick(menu, Qt.Key.Key_Up)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert f.panel.chosen_methods.names == (METHOD,)


def test_keys_walk_tick_and_take(f: Fixture) -> None:
    menu = open_menu(f)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert len(f.panel.chosen_methods.names) == 2
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert len(f.panel.chosen_methods.names) == 1
    assert not menu.isVisible()
