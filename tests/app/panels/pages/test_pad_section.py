"""The guidance pad on the page of a method: dragged, stepped by keys, in step with the sliders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.panels.pages.method_page import MethodPage
from app.panels.pages.pad_section import PadSection
from app.session.guidance_pad import FOLLOW, KEEP
from tests.app.session.test_guidance_pad import METHOD, PadFixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

KEY = Qt.Key


class SectionFixture(PadFixture):
    """The page of the method with its pad."""

    def __init__(self, tmp_path: Path, app: QApplication) -> None:
        super().__init__(tmp_path, app)
        self.page = MethodPage(self.session.method_settings, METHOD, self.make_pad)
        self.page.resize(348, 700)
        self.page.show()
        section = self.page.findChild(PadSection)
        assert isinstance(section, PadSection)
        self.view = section.view

    def make_pad(self, method: str, parent: QWidget) -> PadSection:
        return PadSection(self.pad, self.session.method_settings, method, 1.0, parent)

    @property
    def set_now(self) -> tuple[float, float]:
        """Follow and keep as they are set for the method."""
        stored = dict(self.session.method_settings.options(METHOD).settings)
        return stored.get(FOLLOW, 7.5), stored.get(KEEP, 1.5)


@pytest.fixture
def f(tmp_path: Path, qapp: QApplication) -> Iterator[SectionFixture]:
    fixture = SectionFixture(tmp_path, qapp)
    yield fixture
    fixture.page.close()
    fixture.page.deleteLater()
    fixture.session.close()
    fixture.work.close()


def test_it_is_dragged_like_a_colour_picker(f: SectionFixture) -> None:
    view = f.view
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=view.at(2, 2).toPoint())
    assert f.set_now == (7.5, 1.5)
    to = view.at(4, 3)
    move = QMouseEvent(
        QEvent.Type.MouseMove, to, view.mapToGlobal(to), Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(view, move)
    assert f.asked == (10.0, 2.0)
    assert f.set_now == (7.5, 1.5)  # until it is let go
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=to.toPoint())
    assert f.set_now == pytest.approx((10.0, 2.0), abs=0.05)


def test_keys_move_by_a_cell_or_a_little_and_home_is_the_default(f: SectionFixture) -> None:
    QTest.keyClick(f.view, KEY.Key_Up)
    QTest.keyClick(f.view, KEY.Key_Left)
    assert f.set_now == (10.0, 1.25)
    QTest.keyClick(f.view, KEY.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert f.set_now == pytest.approx((10.1, 1.25))
    QTest.keyClick(f.view, KEY.Key_Home)
    assert f.set_now == (7.5, 1.5)
    for _ in range(6):
        QTest.keyClick(f.view, KEY.Key_Down)
    assert f.set_now[0] == 2.5


def test_the_sliders_move_the_ring(f: SectionFixture) -> None:
    f.session.method_settings.set(METHOD, KEEP, 2.0)
    assert f.pad.point == (4.0, 2.0)
    assert f.view.accessibleDescription() == "Follow 7.5, keep 2.00"


def test_enter_runs(f: SectionFixture) -> None:
    heard: list[bool] = []
    f.page.run_asked.connect(lambda: heard.append(True))
    QTest.keyClick(f.view, KEY.Key_Return)
    assert heard == [True]


def test_it_makes_previews_only_while_it_is_seen(f: SectionFixture) -> None:
    f.make()
    assert f.pad.ready == 1
    f.page.hide()
    assert not f.pad.is_open
    assert f.session.view.live is None
    f.page.show()
    assert f.pad.is_open
