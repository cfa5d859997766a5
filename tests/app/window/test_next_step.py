"""One gold button in the window, and Enter does what it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from app.panels.pages.caption_page import CaptionPage
from app.panels.pages.export_page import ExportPage
from app.panels.pages.method_page import MethodPage
from app.widgets.prompt.guidance_pad_view import GuidancePadView
from tests.app.window.window_cases import WindowFixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def f(tmp_path: Path, qapp: QApplication) -> Iterator[WindowFixture]:
    del qapp
    fixture = WindowFixture(tmp_path)
    fixture.show()
    yield fixture
    fixture.close()


def export_page(f: WindowFixture) -> ExportPage:
    f.window.action_set.trigger("export")
    page = f.window.findChild(ExportPage)
    assert page is not None
    return page


def look_at_result(f: WindowFixture) -> None:
    f.session.edit.run("brighter")
    f.engine.prepare(0.5, 1.0)
    f.engine.edit()
    f.session.view.look_at_number(1)
    f.settle()
    assert f.window.action_set["keep"].isEnabled()


def test_gold_is_where_the_focus_is(f: WindowFixture) -> None:
    run = f.parts.prompt.box.run
    f.parts.prompt.box.set_text("warmer")
    f.parts.prompt.refresh()
    assert (run.kind, run.key) == ("gold", "Enter")
    go = export_page(f).go
    assert (run.kind, run.key) == ("quiet", "")
    assert (go.kind, go.key) == ("gold", "Enter")
    f.parts.prompt.focus_prompt()
    assert (run.kind, run.key) == ("gold", "Enter")
    assert (go.kind, go.key) == ("quiet", "")
    go.setFocus()
    assert (run.kind, go.kind) == ("quiet", "gold")
    f.window.escape()
    assert (run.kind, run.key) == ("gold", "Enter")


def test_enter_on_a_page_exports_and_keeps_nothing(f: WindowFixture) -> None:
    look_at_result(f)
    page = export_page(f)
    page.export_asked.disconnect()
    asked, document = QSignalSpy(page.export_asked), f.session.document
    assert document is not None
    for place in (page.name, page.go):
        place.setFocus()
        QTest.keyClick(place, Qt.Key.Key_Return)
    assert asked.count() == 2
    assert len(document.history.nodes) == 1
    f.parts.stage.canvas.setFocus()
    QTest.keyClick(f.parts.stage.canvas, Qt.Key.Key_Return)
    f.wait(lambda: len(document.history.nodes) == 2)
    assert asked.count() == 2


def test_enter_in_a_field_takes_what_is_written(f: WindowFixture) -> None:
    look_at_result(f)
    f.window.controllers.edit.show_method_settings("instruct_pix2pix")
    page = f.window.findChild(MethodPage)
    assert page is not None
    field = page.rows["num_inference_steps"].findChild(QLineEdit)
    assert field is not None
    field.setFocus()
    field.setText("7")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert (
        dict(f.session.method_settings.options("instruct_pix2pix").settings)["num_inference_steps"]
        == 7
    )
    assert f.session.document is not None
    assert len(f.session.document.history.nodes) == 1


def test_enter_on_the_guidance_pad_runs_and_keeps_nothing(f: WindowFixture) -> None:
    look_at_result(f)
    f.window.controllers.edit.show_method_settings("instruct_pix2pix")
    page = f.window.findChild(MethodPage)
    assert page is not None
    page.run_asked.disconnect()
    asked, pad = QSignalSpy(page.run_asked), page.findChild(GuidancePadView)
    assert pad is not None
    pad.setFocus()
    QTest.keyClick(pad, Qt.Key.Key_Return)
    assert asked.count() == 1
    assert f.session.document is not None
    assert len(f.session.document.history.nodes) == 1


def test_esc_leaves_a_caption_that_is_written_and_then_the_page(f: WindowFixture) -> None:
    f.window.controllers.edit.show_captions(write=True)
    page = f.window.findChild(CaptionPage)
    assert page is not None
    field = page.sections["before"].field
    field.setPlainText("a house")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (field.isVisible(), f.parts.side.page) == (False, "caption")
    assert f.parts.prompt.captions.captions.before == ""
    QTest.keyClick(QApplication.focusWidget() or f.window, Qt.Key.Key_Escape)
    assert f.parts.side.page == ""
